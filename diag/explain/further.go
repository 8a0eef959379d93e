// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"slices"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/verifier"
)

// Further explains the faults that a walk found beyond the kernel's first, which shown
// explains. What has the code and the line of another is the same fault to a reader: a
// loop that was unrolled, or that shows in two places, or a function in two places. So is a leak that shows at several
// places, as in each round of a loop, if one release mends it.
func Further(s diag.Subject, further []verifier.Result, shown []diag.Diagnostic) []diag.Diagnostic {
	var out []diag.Diagnostic
	for i := range further {
		for _, d := range Result(s, &further[i]) {
			same := func(other diag.Diagnostic) bool {
				return d.Code == other.Code && (d.Span.File == other.Span.File && d.Span.Line == other.Span.Line || sameRelease(&d, &other) || d.Loop.Line > 0 && d.Loop == other.Loop)
			}
			if slices.ContainsFunc(shown, same) || slices.ContainsFunc(out, same) {
				continue
			}
			d.Beyond, d.Severity = true, diag.Warning
			out = append(out, d)
		}
	}
	return out
}

// sameRelease reports whether one release mends two leaks of what one statement acquires.
func sameRelease(a, b *diag.Diagnostic) bool {
	return a.Release.Line > 0 && a.Release == b.Release && len(a.Related) > 0 && len(b.Related) > 0 && a.Related[0].Span == b.Related[0].Span
}

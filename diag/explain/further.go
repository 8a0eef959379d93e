// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"slices"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/verifier"
)

// Further explains the faults that a walk found beyond the kernel's first, which shown
// explains. What has the code and the line of another is the same fault to a reader: a
// loop that was unrolled, or a function in two places.
func Further(s diag.Subject, further []verifier.Result, shown []diag.Diagnostic) []diag.Diagnostic {
	var out []diag.Diagnostic
	for i := range further {
		for _, d := range Result(s, &further[i]) {
			same := func(other diag.Diagnostic) bool {
				return d.Code == other.Code && d.Span.File == other.Span.File && d.Span.Line == other.Span.Line
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

// SPDX-License-Identifier: GPL-2.0-only

package report

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
)

// fingerprints gives every fault of a file a name that does not change with the code around it, so that a service
// recognises it in the next run. It is computed from the code, the file, the text of the line at fault, and for a leak
// the text of the acquiring line, but not from line numbers. Faults that agree in all of these are numbered.
type fingerprints struct {
	name func(file string) string
	read diag.SourceReader
	seen map[string]int
}

func newFingerprints(name func(string) string, read diag.SourceReader) *fingerprints {
	return &fingerprints{name, read, map[string]int{}}
}

func (f *fingerprints) of(d *diag.Diagnostic) string {
	parts := []string{string(d.Code), f.name(d.Span.File), f.text(d.Span)}
	if d.RefSite >= 0 && len(d.Related) > 0 {
		parts = append(parts, f.text(d.Related[0].Span))
	}
	if parts[2] == "" {
		parts = append(parts, d.Program)
	}
	all := strings.Join(parts, "\x00")
	n := f.seen[all]
	f.seen[all]++
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%d", all, n))
	return hex.EncodeToString(sum[:16])
}

// text returns the line of a span with single blanks, so that layout changes do not matter.
func (f *fingerprints) text(s diag.Span) string {
	if s.Line == 0 {
		return ""
	}
	source, ok := f.read(s.File)
	if !ok {
		return ""
	}
	return strings.Join(strings.Fields(line(source, s.Line)), " ")
}

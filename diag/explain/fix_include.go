// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/csource"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/source"
)

// Include is a change that includes the headers which have some names; false if none of
// them is in a header that the file lacks.
func Include(file string, text []byte, names []string) (diag.Fix, bool) {
	f := csource.Scan(text)
	fix := diag.Fix{Kind: catalog.FixHeader}
	var titles []string
	for _, name := range names {
		header := catalog.HeaderOf(name)
		title := catalog.Quote("<" + header + ">")
		c, needed := f.Include(header)
		if header == "" || !needed || strings.Contains(strings.Join(titles, " "), title) {
			continue
		}
		at := source.WithRange(diag.Span{File: file}, c.Range)
		if len(fix.Edits) == 0 {
			fix.Edits = []diag.Edit{{Span: at}}
		}
		fix.Edits[0].Text += c.Text
		titles = append(titles, title)
	}
	fix.Title = catalog.FixInclude.With(catalog.Facts{"name": strings.Join(titles, ", ")})
	return fix, len(titles) > 0
}

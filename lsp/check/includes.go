// SPDX-License-Identifier: GPL-2.0-only

package check

import (
	"regexp"
	"slices"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/explain"
)

// undeclared finds the name that clang does not know.
var undeclared = regexp.MustCompile(`^(?:use of undeclared identifier|unknown type name|call to undeclared function) ` +
	`'(\w+)'`)

// proposeIncludes adds to clang's errors about names that headers of libbpf have a change that includes these: all of
// them, as the file does not compile with some.
func (r *Report) proposeIncludes() {
	var names []string
	name := func(d *diag.Diagnostic) string {
		if m := undeclared.FindStringSubmatch(d.Reason); m != nil && d.Severity == diag.Error && d.Span.File == r.File {
			return m[1]
		}
		return ""
	}
	for i := range r.Compiler {
		if found := name(&r.Compiler[i]); found != "" && !slices.Contains(names, found) {
			names = append(names, found)
		}
	}
	text, ok := r.Source.Read(r.File)
	if !ok || len(names) == 0 {
		return
	}
	fix, ok := explain.Include(r.File, text, names)
	if !ok {
		return
	}
	for i := range r.Compiler {
		if name(&r.Compiler[i]) != "" {
			r.Compiler[i].Fixes = []diag.Fix{fix}
		}
	}
}

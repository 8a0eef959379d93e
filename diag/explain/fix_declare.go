// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"strconv"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/csource"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/source"
)

// What is declared: types and initial values of variables, the license.

// declaration is the type that a local variable is declared with.
type declaration struct {
	text string
	r    csource.Range
}

// declared is the declaration of a variable of the fault's function, if that declares
// nothing else.
func (f *finding) declared(name string) declaration {
	fn, file, _, ok := f.functionHere()
	if !ok || !isVariable(name) {
		return declaration{}
	}
	text, r, _ := file.DeclaredType(fn, name)
	return declaration{text, r}
}

// proposeType declares a variable with another type.
func (f *finding) proposeType(name, typ string, fix diag.Fix) {
	d := f.declared(name)
	if d.text == "" || typ == "" || d.text == typ {
		return
	}
	fix.Title = catalog.FixDeclare.With(catalog.Facts{"value": catalog.Quote(name), "name": catalog.Quote(typ)})
	f.propose(f.Span(f.report.PC).File, fix, []csource.Change{{Range: d.r, Text: typ}})
}

// proposeInitialised sets a local variable where it is declared: by an initialiser, which
// may leave out padding, or else by bytes.
func (f *finding) proposeInitialised() {
	name := strings.TrimPrefix(trimQuotes(f.facts["value"]), "&")
	fn, file, _, ok := f.functionHere()
	if !ok || !isVariable(name) {
		return
	}
	_, _, after := file.DeclaredType(fn, name)
	if after.Line == 0 {
		return
	}
	at := f.Span(f.report.PC).File
	fix := diag.Fix{Kind: catalog.FixInitialise, Advised: true}
	fix.Title = catalog.FixInitial.With(catalog.Facts{"value": catalog.Quote(name), "line": strconv.Itoa(after.Line)})
	if after.Line == after.EndLine && after.Col == after.EndCol {
		f.propose(at, fix, []csource.Change{{Range: after, Text: " = {}"}})
	}
	set := "__builtin_memset(&" + name + ", 0, sizeof(" + name + "));"
	if changes, ok := file.InsertAfter(after.Line, after.Col-1, set); ok && after.Col == after.EndCol {
		fix.Title = catalog.FixInsertAfter.With(catalog.Facts{"check": catalog.Quote(set), "line": strconv.Itoa(after.Line)})
		f.propose(at, fix, changes)
	}
}

// proposeLicense names a license that the function asks for: whether it applies is for
// the author to decide.
func (f *finding) proposeLicense() {
	fix := diag.Fix{Kind: catalog.FixLicense, Advised: true, Choice: true}
	for _, name := range f.sources() {
		file := f.File(name)
		if r, ok := file.LastName(`"license"`, 1, file.Lines()); ok {
			value, ok := file.InitialValue(r.Line, r.Col)
			if !ok {
				return
			}
			at := source.WithRange(diag.Span{File: f.Absolute(name)}, value)
			f.proposeText(at, fix, `"GPL"`)
			return
		}
	}
	if sources := f.sources(); f.Prog.License == "" && len(sources) > 0 {
		text := `char LICENSE[] SEC("license") = "GPL";`
		fix.Title = catalog.FixInsert.With(catalog.Facts{"check": catalog.Quote(text)})
		f.propose(f.Absolute(sources[0]), fix, []csource.Change{f.File(sources[0]).Append(text)})
	}
}

// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"fmt"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/source"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
)

// NULL that the source passes to a function: no check in that function makes a
// pointer of it.

// addPassedNull says which call passes the NULL that is used, if the source writes it
// there, or passes a variable that is NULL.
func (f *finding) addPassedNull() bool {
	by, text, line, span, ok := f.nullArgument()
	what := "NULL"
	switch {
	case !ok || line == 0:
		return false
	case isVariable(text):
		what = catalog.Quote(text) + ", which is NULL,"
	case !nullRE.MatchString(withoutCasts(text)):
		return false
	}
	f.facts["null"] = f.state(f.about(diag.ClaimRange, 0, 0), "%s in line %d passes %s for it", by, line, what)
	f.facts["nullpassed"] = f.facts["null"]
	f.facts["line"], f.facts["given"] = fmt.Sprint(line), catalog.Quote(text)
	f.details = append(f.details, step{pc: -1, span: span, message: catalog.Quote(text) + " is passed here"})
	return true
}

// nullArgument finds the argument that the value of the fault was passed as: of the call
// by which its function was entered, or of the place that it was inlined at.
func (f *finding) nullArgument() (by, text string, line int, span diag.Span, ok bool) {
	for _, e := range f.lineage() {
		if e.Reason != record.ReasonArgument || e.Origin.Kind != record.InRegister || e.New == nil || !e.New.IsConst() || e.New.Bits != 0 {
			continue
		}
		text, span, ok = f.Argument(e.PC, int(e.Origin.Index))
		return f.calleeWords(e.PC), text, f.lineOf(e.PC), span, ok
	}
	name := strings.Trim(f.facts["value"], "`")
	calls := f.inlined(f.report.PC)
	file, _, ok := f.sourceAt()
	if !ok || len(calls) == 0 || !isVariable(name) {
		return "", "", 0, span, false
	}
	c := calls[0]
	defined, ok := file.Definition(c.Function)
	pos, outer, ok2 := f.Current(c.Site, c.Site.Line > 0)
	if !ok || !ok2 || outer == nil {
		return "", "", 0, span, false
	}
	for n := 0; ; n++ {
		parameter, _, more := file.Argument(c.Function, n, defined, 1)
		if !more {
			return "", "", 0, span, false
		}
		if !mentions(parameter, name) {
			continue
		}
		given, r, ok := outer.Argument(c.Function, n, pos.Line, max(pos.Col, 1))
		return catalog.Call(c.Into), given, pos.Line, source.WithRange(diag.Span{File: f.Absolute(pos.File)}, r), ok
	}
}

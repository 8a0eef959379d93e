// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/csource"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/history"
	"github.com/bpf-lsp/bpf-lsp/dwarfmap"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
)

// Where a suggested statement goes. What stands before a line is not always run
// before it: the line may be the body of an `if`, an `else` or a loop.

// braces say that a statement before the one at a place needs braces around both,
// "" if it does not.
func (f *finding) braces(at diag.Span, statement string) string {
	file := f.File(at.File)
	if file == nil {
		return ""
	}
	r, keyword, ok := file.Bare(at.Line, max(at.Col, 1))
	if !ok {
		return ""
	}
	of := fmt.Sprintf("with braces around both, since the line is the body of the %s in line %d", catalog.Quote(file.Text(keyword)), keyword.Line)
	statement = strings.Trim(statement, "`")
	text := file.Text(r)
	if text == "" || strings.Contains(statement, "…") || len(text)+len(statement) > 100 {
		return of
	}
	return "with braces around both: " + catalog.Quote("{ "+statement+" "+text+" }")
}

// bracesHere are the braces for a statement before the line of the fault.
func (f *finding) bracesHere(statement string) string {
	return f.braces(f.Span(f.report.PC), statement)
}

// earlierAccess is the line before that of the fault that accesses memory through the
// same variable: the compiler may have moved its access behind the one that fails, and
// leaves out a check that stands between the two. It is "" if there is none.
func (f *finding) earlierAccess(name string) string {
	line := f.earlierPlace(name).Line
	if line == 0 {
		return ""
	}
	return fmt.Sprintf("line %d, which uses %s first", line, catalog.Quote(name))
}

// earlierPlace is where that access is, a span without a line if there is none.
func (f *finding) earlierPlace(name string) diag.Span {
	file, pos, ok := f.sourceAt()
	if !ok || !isVariable(name) || f.isCall() {
		return diag.Span{}
	}
	holds := func(v dwarfmap.Var) bool { return v.Name == name }
	if f.reg < 0 || !slices.ContainsFunc(f.held(f.report.PC, uint8(f.reg)), holds) {
		return diag.Span{} // the pointer may be what the variable leads to, not its own value
	}
	fn, ok := file.FunctionAt(pos.Line, pos.Col)
	if !ok {
		return diag.Span{}
	}
	line := file.FirstAccess(name, fn, pos.Line, max(pos.Col, 1))
	r, ok := file.Name(name, line, line)
	if line == 0 || !ok {
		return diag.Span{}
	}
	return f.sourceSpan(r)
}

// breakTo says where a `break` leads in place of the return at a place: to a
// statement that stands behind the loop, and to a return of the same value; "" if it
// does not.
func (f *finding) breakTo(at diag.Span, statement string) string {
	file := f.File(at.File)
	if file == nil {
		return ""
	}
	loop, ok := file.LoopAround(at.Line, max(at.Col, 1))
	text := file.Text(csource.Range{Line: at.Line, Col: at.Col, EndLine: at.EndLine, EndCol: at.EndCol})
	fn, ok2 := file.FunctionAt(at.Line, at.Col)
	if !ok || !ok2 || !strings.HasPrefix(text, "return") {
		return ""
	}
	block, ok := file.Block(loop.Line, loop.Col)
	if !ok {
		return ""
	}
	for n := loop.EndLine + 1; n < min(fn.Body.EndLine, block.EndLine); n++ {
		line := file.Line(n)
		col := strings.Index(line, statement) + 1
		if col == 0 {
			continue
		}
		if around, ok := file.Block(n, col); !ok || around != block {
			return ""
		}
		if _, _, bare := file.Bare(n, col); bare {
			return ""
		}
		if returnBehind(file, n, fn.Body.EndLine) != text {
			return ""
		}
		return fmt.Sprintf("or write %s in place of %s, which leads to that call in line %d", catalog.Quote("break;"), catalog.Quote(text+";"), n)
	}
	return ""
}

var returnRE = regexp.MustCompile(`\breturn\b[^;]*`)

// returnBehind is the text of the first return from a line on, "" if it is not on one
// line.
func returnBehind(file *csource.File, from, to int) string {
	for n := from; n <= to; n++ {
		if text := returnRE.FindString(file.Line(n)); text != "" {
			return text
		}
	}
	return ""
}

// callFailed reports whether the path found that the call at pc returned an error.
func (f *finding) callFailed(pc int) bool {
	at := -1
	for i := range f.result.History {
		e := &f.result.History[i]
		if e.PC == pc && e.Kind == record.EventModify && e.Place.Kind == record.InRegister && e.Place.Index == 0 {
			at = i
		}
	}
	return at >= 0 && f.foundError(at)
}

// foundError reports whether a branch of the path found the number that an event
// made not to be 0.
func (f *finding) foundError(made int) bool {
	for i := made + 1; i < len(f.result.History); i++ {
		for _, c := range f.result.History[i].Learnt {
			if !c.New.IsNumber() || c.New.UMin == 0 && c.New.Max >= 0 && c.New.UMin32 == 0 && c.New.Max32 >= 0 {
				continue
			}
			if f.madeBy(i, c.Place, made) {
				return true
			}
		}
	}
	return false
}

// madeBy reports whether the value at a place before the event of an index is what
// an earlier event made.
func (f *finding) madeBy(before int, p record.Place, made int) bool {
	found, _ := history.Lineage(f.result, before, p)
	if len(found) == 0 || found[0] != made {
		return false
	}
	for _, i := range found[1:] {
		if !f.keepsNumber(&f.result.History[i]) {
			return false
		}
	}
	return true
}

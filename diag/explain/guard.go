// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/csource"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/history"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
)

// How a suggested check leaves the function of the fault:
//
//	other checks leave it           with the value that they leave with, if they agree,
//	                                or that of the one before: what it means is for them
//	the function is the program's   with the value that changes nothing, if the
//	                                function returns that or no other constant
//	it returns constants            with the first of them
//	it returns nothing              without a value
//
// What the path holds is given back first.

// earlyReturn is a statement by which the function of the fault can be left.
func (f *finding) earlyReturn() string {
	fn, file, _, ok := f.functionHere()
	if !ok {
		return "return …;"
	}
	constants, returns := file.ConstantReturns(fn)
	if value := f.valueOfChecks(file, fn); value != "" {
		return "return " + value + ";"
	}
	verdict, known := catalog.VerdictOf(f.Prog.Type, f.Prog.Attach)
	if known && f.isProgram(file, fn) {
		good := verdict.GoOn
		same := func(text string) bool {
			n, err := strconv.ParseInt(text, 0, 64)
			return text == good.Name || err == nil && n == good.Number
		}
		if i := slices.IndexFunc(constants, same); i >= 0 {
			return "return " + constants[i] + ";"
		}
		refused := func(text string) bool {
			n, err := strconv.ParseInt(text, 0, 64)
			return verdict.Refuse.Does != "" && (text == verdict.Refuse.Name || err == nil && n == verdict.Refuse.Number)
		}
		if !slices.ContainsFunc(constants, func(text string) bool { return !refused(text) }) {
			return "return " + good.C() + ";"
		}
	}
	switch {
	case len(constants) > 0:
		return "return " + constants[0] + ";"
	case returns:
		return "return 0;"
	}
	return "return;"
}

// valueOfChecks is the constant that the conditions of a function which leave it return, if
// there are several and they agree, or that of the last check before the fault.
func (f *finding) valueOfChecks(file *csource.File, fn csource.Function) string {
	_, pos, _ := f.sourceAt()
	var values []string
	before := ""
	for _, c := range file.Conditions(fn) {
		if c.Keyword != "if" || c.Leaves != "return" {
			continue
		}
		last, ok := file.LastOf(c.Body)
		text := strings.TrimSuffix(file.Text(last), ";")
		value, isReturn := strings.CutPrefix(text, "return ")
		if !ok || !isReturn || !csource.IsConstant(strings.TrimSpace(value)) {
			continue
		}
		value = strings.TrimSpace(value)
		values = append(values, value)
		guards := slices.ContainsFunc(c.Operands, func(o csource.Operand) bool { return f.isGuard(o.Text) })
		if c.At.Line < pos.Line && guards {
			before = value
		}
	}
	if len(values) > 1 && len(slices.Compact(slices.Clone(values))) == 1 {
		return values[0]
	}
	return before
}

// isProgram reports whether a function of the source is that of the program, not
// one that it calls.
func (f *finding) isProgram(file *csource.File, fn csource.Function) bool {
	own, ok := file.FunctionNamed(f.Prog.Name)
	return ok && own.Body == fn.Body
}

// leaving is a statement before that of the fault that leaves if a condition holds.
func (f *finding) leaving(check string) string { return f.leavingAt(f.Span(f.report.PC), check) }

// leavingAt is leaving for a statement at another place.
func (f *finding) leavingAt(at diag.Span, check string) string {
	return f.leavingWithout(at, check, "")
}

// leavingWithout is leavingAt for a condition under which a variable has nothing that
// could be given back.
func (f *finding) leavingWithout(at diag.Span, check, name string) string {
	if jump := f.jumpOfLoop(at); jump != "" {
		return catalog.Quote(fmt.Sprintf("if (%s) %s", check, jump))
	}
	leave := f.earlyReturn()
	switch before, known := f.givesBack(name); {
	case !known:
		leave = "{ …; " + leave + " }"
	case before != "":
		leave = "{ " + before + leave + " }"
	}
	return catalog.Quote(fmt.Sprintf("if (%s) %s", check, leave))
}

// jumpOfLoop is the jump by which a check at a place leaves the loop around it, or the
// round, in place of the function; "" if there is no loop or a return is better:
//
//	other checks of the loop jump      as they do
//	statements behind the loop do      with a `break`, unless the loop holds something
//	more than return                   that these do not give back
func (f *finding) jumpOfLoop(at diag.Span) string {
	file := f.File(at.File)
	if file == nil {
		return ""
	}
	loop, ok := file.LoopAround(at.Line, max(at.Col, 1))
	fn, ok2 := file.FunctionAt(at.Line, at.Col)
	if !ok || !ok2 || slices.ContainsFunc(f.open(), func(e *record.Event) bool {
		line := f.lineOf(e.PC)
		return line >= loop.Line && line <= loop.EndLine
	}) {
		return ""
	}
	for _, c := range slices.Backward(file.Conditions(fn)) {
		if c.Keyword != "if" || !loop.Contains(c.At.Line, c.At.Col) || c.Jump == "" || c.Jump == "goto" || !f.isGuard(c.Whole.Text) {
			continue
		}
		if inner, ok := file.LoopAround(c.At.Line, c.At.Col); !ok || inner != loop {
			continue
		}
		if c.Jump == "return" {
			return ""
		}
		return c.Jump + ";"
	}
	flow, ok := file.Flow(fn)
	if !ok {
		return ""
	}
	for n := range flow.Steps {
		r := flow.Steps[n].Range
		if flow.Steps[n].Keyword == "" && later(r, csource.Range{Line: loop.EndLine, Col: loop.EndCol - 1}) {
			return "break;"
		}
	}
	return ""
}

// isGuard reports whether a condition keeps paths from an access: it compares with the
// end of the packet, or with NULL.
func (f *finding) isGuard(text string) bool {
	return f.namesEnd(text) || isNullCheck(text, comparisonOf(text).name) && comparisonOf(text).name != "" && !strings.Contains(text, " ")
}

// givesBack are the statements that end what the path holds at the fault, in
// reverse order, but for what a variable has; known is false if they cannot be
// written in its function.
func (f *finding) givesBack(without string) (statements string, known bool) {
	for _, e := range slices.Backward(f.open()) {
		a := catalog.AcquiredBy(f.Callee(e.PC)).Of(f.objectOfRef(e.Ref))
		if e.Kind == record.EventEnter && a.Holder == 0 {
			statements += a.Releasers[0] + "(); "
			continue
		}
		unchecked := e.Kind == record.EventAcquire && history.Unchecked(f.result, e.Ref)
		if v := history.Known(f.result, len(f.result.History), f.place()); unchecked && v != nil && v.Ref == e.Ref {
			continue // the check is of this one: it holds nothing where that is NULL
		}
		k := f.keeper(e.PC, a)
		if e.Kind == record.EventAcquire && k.name == without && without != "" {
			continue
		}
		statement := a.ReleaseCall(k.name)
		if unchecked && statement != "" {
			statement = fmt.Sprintf("if (%s) %s", k.name, statement)
		}
		if !lvalueRE.MatchString(k.name) || statement == "" || !slices.Contains(f.functions(f.report.PC), k.function) {
			return "", false
		}
		statements += statement + " "
	}
	return statements, true
}

// open are the references that the path holds at the fault and the regions that
// it is in, oldest first.
func (f *finding) open() []*record.Event {
	var open []*record.Event
	for i := range f.result.History {
		e := &f.result.History[i]
		switch e.Kind {
		case record.EventAcquire, record.EventEnter:
			open = append(open, e)
		case record.EventRelease:
			open = slices.DeleteFunc(open, func(o *record.Event) bool { return o.Kind == record.EventAcquire && o.Ref == e.Ref })
		case record.EventLeave:
			for j, o := range slices.Backward(open) {
				if o.Kind == record.EventEnter && o.Context == e.Context {
					open = slices.Delete(open, j, j+1)
					break
				}
			}
		}
	}
	return open
}

// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/csource"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/history"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
)

// How a suggested check leaves the function of the fault:
//
//	the function is the program's   with the value that changes nothing, if the
//	                                function returns that or no other constant
//	it returns constants            with the first of them
//	it returns nothing              without a value
//
// What the path holds is given back first.

// earlyReturn is a statement by which the function of the fault can be left.
func (f *finding) earlyReturn() string {
	file, pos, ok := f.sourceAt()
	if !ok {
		return "return …;"
	}
	fn, ok := file.FunctionAt(pos.Line, max(pos.Col, 1))
	if !ok {
		return "return …;"
	}
	constants, returns := file.ConstantReturns(fn)
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

// isProgram reports whether a function of the source is that of the program, not
// one that it calls.
func (f *finding) isProgram(file *csource.File, fn csource.Function) bool {
	line, ok := file.Definition(f.Prog.Name)
	if !ok {
		return false
	}
	own, ok := file.FunctionAt(line, 1)
	return ok && own.Body == fn.Body
}

// leaving is a statement that leaves the function of the fault if a condition
// holds.
func (f *finding) leaving(check string) string { return f.leavingWithout(check, "") }

// leavingWithout is leaving for a condition under which a variable has nothing that
// could be given back.
func (f *finding) leavingWithout(check, name string) string {
	leave := f.earlyReturn()
	switch before, known := f.givesBack(name); {
	case !known:
		leave = "{ …; " + leave + " }"
	case before != "":
		leave = "{ " + before + leave + " }"
	}
	return catalog.Quote(fmt.Sprintf("if (%s) %s", check, leave))
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

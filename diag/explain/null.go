// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/csource"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/history"
	"github.com/bpf-lsp/bpf-lsp/dwarfmap"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
)

// What to do where a condition found a pointer NULL, and the path goes on to a use of it:
//
//	it is to be given back             there is nothing to give back
//	the use is in the part for NULL    the condition is the wrong way round
//	that part ends with a jump         the use needs a condition of its own
//	that part inserts an element       it should be looked up again
//	what follows works without it      the use needs a condition of its own
//	else                               that part should return

// passesZero reports whether the argument of the fault is NULL on this path, where the
// message of the kernel is that it may be.
func (f *finding) passesZero() bool {
	return f.entry.NullArgument && f.isCall() && f.reg >= 1 && f.reg <= 5 && f.isZero()
}

// relateNull shows where the pointer came from that a branch found NULL, if the compiler
// writes a 0 for it, which came from nowhere.
func (f *finding) relateNull(at int) {
	for _, c := range f.result.History[at].Learnt {
		if !c.Old.Type.MayBeNull() {
			continue
		}
		found, whole := history.Lineage(f.result, at, c.Place)
		if !whole || len(found) == 0 {
			continue
		}
		if e := &f.result.History[found[0]]; e.Reason == record.ReasonWrite && f.isCallAt(e.PC) {
			f.begin = found[0]
			f.detail(e.PC, fmt.Sprintf("%s comes from %s here", f.valueName(), f.calleeWords(e.PC)))
			return
		}
	}
}

// adviseNull words what to do where the condition of the branch at pc found the pointer of
// the fault NULL.
func (f *finding) adviseNull(pc int, b *branch) {
	here, file, ok := f.At(f.report.PC)
	there, other, ok2 := f.At(pc)
	if !ok || !ok2 || file == nil || file != other || here.File != there.File || b.condition.Keyword != "if" {
		return
	}
	part := b.condition.Body // where the pointer is NULL
	if !b.truth {
		if !b.condition.HasElse {
			return
		}
		part = b.condition.Else
	}
	inside := part.Contains(here.Line, max(here.Col, 1))
	name := trimQuotes(f.facts["value"])
	known := catalog.Facts{"value": f.facts["value"]}
	switch {
	case inside && f.gives() && lvalueRE.MatchString(name):
		if !b.condition.HasElse {
			known["line"] = strconv.Itoa(b.condition.At.Line)
		}
		f.facts["nullcure"] = catalog.AdviseNothingHeld.With(known)
	case inside:
		f.facts["way"] = fmt.Sprintf("the condition in line %d is the wrong way round", b.condition.At.Line)
	case f.adviseGuarded(file, here, part, name):
	case f.looksAgain(file, part, name):
	case f.guardsNull(name):
		f.facts["nullcure"] = f.facts["advice"]
	case b.condition.Jump == "" && b.truth:
		f.endsWithLeaving(part, b, name)
	}
}

// endsWithLeaving suggests to leave at the end of the part of an `if` in which a pointer
// is NULL.
func (f *finding) endsWithLeaving(part csource.Range, b *branch, name string) {
	at := f.sourceSpan(part)
	leave := strings.TrimPrefix(trimQuotes(f.leavingWithout(at, name, name)), "if ("+name+") ")
	leave = strings.TrimSuffix(strings.TrimPrefix(leave, "{ "), " }")
	f.facts["way"] = fmt.Sprintf("end the `if` in line %d with %s", b.condition.At.Line, catalog.Quote(leave))
	f.proposeLast(part, nullCheck, leave)
}

// looksAgain suggests to look an element up again behind the call that inserts it, in the
// part of the source where the first lookup found none.
func (f *finding) looksAgain(file *csource.File, part csource.Range, name string) bool {
	const lookup, update = "bpf_map_lookup_elem", "bpf_map_update_elem"
	o := f.origin()
	pc := o.pc
	if f.begin > 0 && f.begin < len(f.result.History) {
		pc = f.result.History[f.begin].PC
	}
	fn, _, here, ok := f.functionHere()
	if !ok || pc < 0 || !f.isCallAt(pc) || f.Callee(pc) != lookup || !isVariable(name) || f.assignedText(pc) != name {
		return false
	}
	there, other, ok := f.At(pc)
	if !ok || other != file || !fn.Body.Contains(there.Line, max(there.Col, 1)) || there.Line >= here.Line {
		return false
	}
	m, _, ok := f.Argument(pc, 1)
	key, _, ok2 := f.Argument(pc, 2)
	flow, ok3 := file.Flow(fn)
	if !ok || !ok2 || !ok3 || m == "" || key == "" {
		return false
	}
	for step := range flow.Steps {
		r := flow.Steps[step].Range
		if !part.Contains(r.Line, r.Col) {
			continue
		}
		for _, c := range flow.Calls(step) {
			if c.Function != update || len(c.Arguments) < 2 || c.Arguments[0] != m || c.Arguments[1] != key {
				continue
			}
			again := fmt.Sprintf("%s = %s(%s, %s); %s", name, lookup, m, key, trimQuotes(f.leavingWithout(f.sourceSpan(part), "!"+name, name)))
			f.facts["nullcure"] = catalog.AdviseLookAgain.With(catalog.Facts{
				"call": catalog.Call(update), "line": strconv.Itoa(r.Line), "value": catalog.Quote(name), "check": catalog.Quote(again),
			})
			f.proposeLast(part, nullCheck, again)
			return true
		}
	}
	return false
}

// gives reports whether the call of the fault gives back what it is passed.
func (f *finding) gives() bool {
	return f.isCall() && catalog.Ends(f.Callee(f.report.PC)) != ""
}

// adviseGuarded suggests a condition for the use of a pointer in the line of the fault, if
// the part of the source where it is NULL ends with a jump, which leads there.
func (f *finding) adviseGuarded(file *csource.File, here dwarfmap.Pos, part csource.Range, name string) bool {
	last, ok := file.LastOf(part)
	text := strings.TrimSuffix(file.Text(last), ";")
	keyword, _, _ := strings.Cut(text, " ")
	if !ok || !lvalueRE.MatchString(name) || keyword != "goto" && keyword != "break" && keyword != "continue" {
		return false
	}
	known := catalog.Facts{"value": f.facts["value"], "name": catalog.Quote(text), "line": strconv.Itoa(last.Line), "check": catalog.Quote("if (" + name + ")")}
	fn, ok := file.FunctionAt(here.Line, here.Col)
	if !ok {
		return false
	}
	if flow, ok := file.Flow(fn); ok {
		step := flow.At(here.Line, max(here.Col, 1))
		if step >= 0 && flow.Steps[step].Keyword == "" && f.isPlain(file, fn, flow.Steps[step].Range) {
			use := flow.Steps[step].Range
			known["check"] = catalog.Quote("if (" + name + ") " + flow.Text(step) + ";")
			known["place"] = strconv.Itoa(use.Line)
			f.proposeGuarded(use, name)
			f.facts["nullcure"] = catalog.AdviseGuarded.With(known)
			return true
		}
	}
	f.facts["nullcure"] = catalog.AdviseGuardedUse.With(known)
	return true
}

// isPlain reports whether a statement declares nothing and gives no variable a value, so
// that it may be left out.
func (f *finding) isPlain(file *csource.File, fn csource.Function, r csource.Range) bool {
	text := file.Text(r)
	if text == "" {
		return false
	}
	target, _, assigns := strings.Cut(text, "=")
	target = strings.TrimSpace(strings.TrimRight(target, "+-*/|&^%<> "))
	if !assigns || strings.ContainsAny(target, "(") {
		return true
	}
	return strings.Contains(target, "->") && lvalueRE.MatchString(target)
}

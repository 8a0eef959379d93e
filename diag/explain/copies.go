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
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
)

// Processors before v3 have no tests of 32 bits. A variable of 32 bits is then
// extended or cut in a copy, which is tested, and what is used is made of the
// variable in another way:
//
//	as it is            the upper bits of the number are not known
//	shifted             to the index of an element, with the sign or without
//	masked              where the compiler knows from the test that the other bits are 0

// binaryAndRE finds an operator that makes a mask in the source.
var binaryAndRE = regexp.MustCompile(`[\w\])]\s*&\s*[\w(~]|&=|%`)

// compilerMasks reports whether the instruction at pc keeps the low bits of a
// number, and the source does not ask for that.
func (f *finding) compilerMasks(pc int) bool {
	in := &f.Prog.Insns[pc]
	if in.Code() != isa.OpAnd || in.SrcKind() != isa.SrcK || in.Imm <= 0 || !isRound(int64(in.Imm)+1) {
		return false
	}
	text := f.lineText(pc)
	text = strings.ReplaceAll(text, "&&", " ")
	return text != "" && !binaryAndRE.MatchString(text)
}

// sameNumber reports whether the events of an amount from an index on leave the
// number of its variable as it is: those that cut it may cut a part of something
// else, such as a bit field.
func (f *finding) sameNumber(a *amount, from int) bool {
	if f.maskOf(a, from) == 0 {
		return true
	}
	n, ok := f.numberOf(a)
	return ok && n.Size >= 4
}

// maskOf is the mask that the compiler put on an amount from an event on, 0 if
// there is none.
func (f *finding) maskOf(a *amount, from int) int32 {
	for _, i := range a.lineage[from:a.plain] {
		e := &f.result.History[i]
		if in := &f.Prog.Insns[e.PC]; e.Reason != record.ReasonSpill && in.Code() == isa.OpAnd && !narrows(in.Imm) && f.compilerMasks(e.PC) {
			return in.Imm
		}
	}
	return 0
}

// addTestedCopy explains a check of a copy that was cut to fewer bits: the
// verifier knows the copy better since then, not the number.
func (f *finding) addTestedCopy(a *amount) bool {
	t, ok := f.testOfCopy(a)
	if !ok {
		return false
	}
	f.copied = a
	name, what := catalog.Quote(a.name), "a test on this path is of"
	if o, ok := f.conditionOn(t.pc, a); ok {
		what = fmt.Sprintf("the condition %s in line %d tests", catalog.Quote(o.Text), o.Range.Line)
		f.details = append(f.details, step{pc: t.pc, span: f.sourceSpan(o.Range), message: "a copy of " + name + " is tested here"})
	} else if f.lineNames(t.pc, a.name) {
		what = fmt.Sprintf("the condition%s tests", f.inLine(t.pc))
		f.detail(t.pc, "a copy of "+name+" is tested here")
	}
	low, high := limitsOf(t.learnt)
	place := registerOf(&f.result.History[t.index], t.reg)
	cut := f.state(diag.Claim{Kind: diag.ClaimWidth, Event: t.index, Place: place, Width: int64(t.width)}, "cut to %d bits", t.width)
	f.facts["cause"] = fmt.Sprintf("%s a copy of %s that is %s: the copy is %s since then, but %s itself is not limited by that",
		what, name, cut, f.stateRange(t.index+1, place, low, high), name)
	if mask := f.maskOf(a, t.shared); mask != 0 {
		f.facts["cause"] += fmt.Sprintf(", and the compiler uses its low bits here (%s)", catalog.Quote(fmt.Sprintf("%s & %d", a.name, mask)))
		delete(f.facts, "fit") // the variable has other limits in C
	}
	// Another variable that got the value would need the 64 bits as well.
	other := isVariable(f.amountText()) && f.amountText() != a.name
	switch most, known := f.most(a); {
	case f.lengthOf(a) && t.width == 32 && !f.uses32():
		// The limit of the variable is not all that is missing.
		object, _ := f.report.Fault.Int("object")
		f.advise(catalog.AdviseLengthApart, catalog.Facts{"value": name, "number": fmt.Sprint(object / 2), "wide": name, "processor": catalog.Quote("-mcpu=v3")})
	case known && high > most:
		f.facts["cause"] += "; besides, " + f.stateMost(t.index+1, place, high, "%d is possible", high) + ", and " + f.stateAllowed(a, most)
		if other && t.width == 32 && !f.uses32() {
			f.advise(catalog.AdviseNewerLimit, catalog.Facts{"processor": catalog.Quote("-mcpu=v3"), "check": f.leaving(fmt.Sprintf("%s > %d", a.name, most))})
			break
		}
		f.advise(catalog.AdviseWideLimit, catalog.Facts{"value": name, "check": f.leaving(fmt.Sprintf("%s > %d", a.name, most))})
		f.proposeMasked(a.name, most)
		f.proposeLimitedCopy(a.name, most, asFallback(limitCheck))
	case t.width == 32 && !f.uses32() && other:
		f.advise(catalog.AdviseNewerProcessor, nil)
	case t.width == 32 && !f.uses32():
		f.proposeWide(a.name, true)
		f.advise(catalog.AdviseNewerProcessor, catalog.Facts{"value": name})
	default:
		f.advise(catalog.AdviseWideVariable, catalog.Facts{"value": name})
		f.proposeWide(a.name, true)
	}
	if room := f.room(f.reg - 1); f.entry.Amount.IsSize() && room > 0 && isVariable(a.name) {
		f.proposeHiddenCopy(a.name, asFallback(limitCheck), func(name string) string { return fmt.Sprintf("%s == 0 || %s > %d", name, name, room) })
	}
	return true
}

// conditionOn is the condition of the source that a branch decides which tests the amount
// or a copy: the one at the branch, or the only one before the fault that orders the
// amount's variable.
func (f *finding) conditionOn(pc int, a *amount) (csource.Operand, bool) {
	orders := func(o csource.Operand) bool {
		c := comparisonOf(o.Text)
		_, _, orders := boundOf(c.op, 0)
		return orders && c.name == a.name
	}
	pos, file, ok := f.At(pc)
	if !ok || file == nil {
		return csource.Operand{}, false
	}
	if c, ok := file.ConditionAt(pos.Line, max(pos.Col, 1)); ok {
		if i := slices.IndexFunc(c.Operands, orders); i >= 0 && slices.ContainsFunc(c.Operands[i+1:], orders) {
			return c.Whole, true
		} else if i >= 0 {
			return c.Operands[i], true
		}
	}
	here, other, ok := f.At(f.report.PC)
	if !ok || other != file {
		return csource.Operand{}, false
	}
	fn, ok := file.FunctionAt(here.Line, here.Col)
	if !ok {
		return csource.Operand{}, false
	}
	var found []csource.Operand
	for _, c := range file.Conditions(fn) {
		for _, o := range c.Operands {
			if orders(o) && c.At.Line <= here.Line {
				found = append(found, o)
			}
		}
	}
	if len(found) != 1 {
		return csource.Operand{}, false
	}
	return found[0], true
}

// lengthOf reports whether the amount is added to memory whose length, the next argument
// of the call, is computed from the same variable.
func (f *finding) lengthOf(a *amount) bool {
	if !f.isCall() || f.entry.Amount.IsSize() || f.reg < 1 || f.reg > 4 {
		return false
	}
	text, _, ok := f.Argument(f.report.PC, f.reg+1)
	_, known := f.report.Fault.Int("object")
	return ok && known && mentions(text, a.name) && text != a.name
}

// most is the greatest value that the amount of the fault may have.
func (f *finding) most(a *amount) (n int64, known bool) {
	if a.count > 0 {
		return a.count - 1, true
	}
	if f.entry.Amount.IsSize() {
		n = f.room(f.reg - 1)
	}
	return n, n > 0
}

// stateAllowed words the greatest value that the amount of the fault may have.
func (f *finding) stateAllowed(a *amount, most int64) string {
	c := f.about(diag.ClaimInside, most, most)
	c.Width = a.scale
	if f.entry.Amount.IsSize() {
		c.Kind = diag.ClaimRoom
		c.Place.Index--
	}
	return f.state(c, "only up to %d are", most)
}

// copyAt is to how many bits the copy of the amount was cut that the branch of an
// event tests, 0 if the fault is not about that.
func (f *finding) copyAt(index int, reg uint8) int {
	if f.copied == nil {
		return 0
	}
	for _, t := range f.testsOf(f.copied) {
		if t.index == index && t.reg == reg && !t.direct && t.width < 64 {
			return t.width
		}
	}
	return 0
}

// uses32 reports whether the program has instructions of 32 bits, which compilers
// write for processors from v3 on.
func (f *finding) uses32() bool {
	return slices.ContainsFunc(f.Prog.Insns, func(in isa.Insn) bool { return in.Class() == isa.ClassJMP32 || in.Class() == isa.ClassALU })
}

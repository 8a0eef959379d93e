// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/csource"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/history"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
)

// Numbers that were read from memory whose content the verifier does not follow: the key
// that a callback is passed, and the values of maps. What was tested of them before they
// were read does not count.

// readFrom is the load that an amount begins with, and what it read through; false for
// amounts that begin otherwise.
func (f *finding) readFrom(a *amount) (load *record.Event, base *record.Value, ok bool) {
	load = &f.result.History[a.lineage[0]]
	in := &f.Prog.Insns[load.PC]
	if in.Class() != isa.ClassLDX || load.Origin.Kind != record.NoPlace {
		return nil, nil, false
	}
	base = history.Known(f.result, a.lineage[0], record.Place{
		Kind: record.InRegister, Frame: uint8(load.Frame), Activation: load.Activation, Index: in.Src,
	})
	return load, base, base != nil
}

// addKey explains the key that a callback is passed for each entry of a map.
func (f *finding) addKey(a *amount) bool {
	load, base, ok := f.readFrom(a)
	if !ok || base.Type.Base() != regtype.PtrToMapKey || a.high < math.MaxInt32 {
		return false
	}
	if _, pure := f.narrowed(a.lineage[1:a.plain]); !pure {
		return false
	}
	m := f.MapNamed(base.Map)
	name := cmp.Or(catalog.Quote(a.name), catalog.Quote(f.expressionAt(load.PC)))
	if m == nil || name == "" {
		return false
	}
	f.facts["cause"] = fmt.Sprintf("%s is the key of an entry of %s, and what is read from keys is any number for the verifier, whatever the number of entries", name, mapName(m))
	if a.count == 0 || !isVariable(trimQuotes(name)) {
		return true
	}
	check := f.leaving(fmt.Sprintf("%s >= %d", trimQuotes(name), a.count))
	f.advise(catalog.AdviseIndexLimit, catalog.Facts{"value": name, "check": check, "braces": f.bracesHere(check)})
	f.proposeBefore(f.Span(f.report.PC), limitCheck, check)
	return true
}

// expressionAt is the expression of the source at an instruction, "" if it is long or not
// known.
func (w *where) expressionAt(pc int) string {
	pos, file, ok := w.At(pc)
	if !ok || file == nil || pos.Col == 0 {
		return ""
	}
	r, ok := file.Expression(pos.Line, pos.Col)
	if text := file.Text(r); ok && len(text) <= 60 {
		return text
	}
	return ""
}

// addContent explains a number that was read from a map's value, or computed from one.
func (f *finding) addContent(a *amount) bool {
	load, base, ok := f.readFrom(a)
	if !ok || load.New == nil || load.New.IsConst() {
		return false
	}
	m := f.mapOf(base)
	text := f.expressionAt(load.PC)
	tested := slices.ContainsFunc(f.testsOf(a), func(t test) bool { return t.learnt != nil })
	if m == nil || !lvalueRE.MatchString(text) || f.mayHold(text) || tested || f.facts["fit"] != "" {
		return false
	}
	from := "the value of map " + mapName(m)
	if m.Data {
		from = "a global variable"
	}
	f.facts["cause"] = fmt.Sprintf("%s is read from %s%s, whose content the verifier does not follow", catalog.Quote(text), from, f.inLine(load.PC))
	if o, ok := f.earlierTest(text, load.PC); ok {
		f.facts["cause"] += fmt.Sprintf("; the condition %s in line %d is of another read", catalog.Quote(o.Text), o.Range.Line)
		f.details = append(f.details, step{pc: -1, span: f.sourceSpan(o.Range), message: "another read of it is tested here"})
	}
	if isVariable(a.name) && a.name != text {
		return false // the variable can be limited itself
	}
	most, known := f.most(a)
	most -= f.addedTo(a)
	if !known || most <= 0 {
		f.advise(catalog.AdviseReadOnce, catalog.Facts{"value": catalog.Quote(text)})
		return true
	}
	f.advise(catalog.AdviseReadLimit, catalog.Facts{"value": catalog.Quote(text), "limit": fmt.Sprint(most)})
	f.proposeLimitedCopy(text, most, limitCheck)
	return true
}

// mayHold reports whether a text names a variable that the compiler may keep in a
// register: what is read then is not what the source says.
func (f *finding) mayHold(text string) bool {
	return isVariable(text) && f.isVariableHere(text)
}

// addedTo is the sum of the constants that were added to an amount since it was read; a
// number that no limit is below if something else was done to it.
func (f *finding) addedTo(a *amount) int64 {
	sum := int64(0)
	for _, i := range a.lineage[1:a.plain] {
		e := &f.result.History[i]
		in := &f.Prog.Insns[e.PC]
		switch {
		case f.keepsNumber(e):
		case e.Reason == record.ReasonWrite && in.Code() == isa.OpAdd && in.SrcKind() == isa.SrcK:
			sum += int64(in.Imm)
		default:
			return math.MaxInt64 / 2
		}
	}
	return sum
}

// earlierTest is a condition before the fault that orders what an expression reads.
func (f *finding) earlierTest(text string, load int) (csource.Operand, bool) {
	fn, file, _, ok := f.functionHere()
	if !ok {
		return csource.Operand{}, false
	}
	for _, c := range slices.Backward(file.Conditions(fn)) {
		for _, o := range c.Operands {
			cmp := comparisonOf(o.Text)
			if _, _, orders := boundOf(cmp.op, 0); orders && cmp.name == text && c.Whole.Range.EndLine < f.lineOf(load) {
				return o, true
			}
		}
	}
	return csource.Operand{}, false
}

// addZeroSize suggests to exclude that a size is 0, where nothing in the source seems to.
func (f *finding) addZeroSize(a *amount) bool {
	if !lvalueRE.MatchString(a.name) || strings.HasPrefix(a.name, "*") || f.facts["advice"] != "" {
		return false
	}
	check := a.name + " == 0"
	if room := f.room(f.reg - 1); room > 0 && a.high > room {
		return false // it may be too large as well
	}
	if f.stands(check) || f.stands("!"+a.name) {
		return false
	}
	leave := f.leaving(check)
	f.advise(catalog.AdviseNotZero, catalog.Facts{"value": catalog.Quote(a.name), "check": leave, "braces": f.bracesHere(leave)})
	f.proposeBefore(f.Span(f.report.PC), limitCheck, leave)
	f.proposeBefore(f.Span(f.report.PC), diag.Fix{Kind: limitCheck.Kind, Guards: true}, barrier(a.name)+" "+trimQuotes(leave))
	if room := f.room(f.reg - 1); room > 0 { // a difference may wrap once it is tested for itself
		both := f.leaving(fmt.Sprintf("%s || %s > %d", check, a.name, room))
		f.proposeBefore(f.Span(f.report.PC), diag.Fix{Kind: limitCheck.Kind, Guards: true}, barrier(a.name)+" "+trimQuotes(both))
		f.proposeHiddenCopy(a.name, asFallback(limitCheck), func(name string) string { return fmt.Sprintf("%s == 0 || %s > %d", name, name, room) })
	}
	return true
}

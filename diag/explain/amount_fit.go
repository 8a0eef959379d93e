// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/history"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
)

// What an index would have to be, and what it is.

// fit is what an index has to be for an access to stay inside of an object.
type fit struct {
	target
	most int64 // the largest index
	// elements is how many an array has, 0 if the object is none, and name what it is
	// called, "" if that is not known.
	elements int64
	name     string
}

// fitOf is what the amount of the fault has to be.
func (f *finding) fitOf(a *amount) (fit, bool) {
	t, ok := f.targetOf()
	if !ok || t.object <= 0 || t.fixed < 0 || t.fixed+t.size > t.object {
		return fit{}, false
	}
	if name, count := f.array(t, a.scale); count > 0 {
		return fit{target: t, most: count - 1, elements: count, name: name}, true
	}
	return fit{target: t, most: (t.object - t.fixed - t.size) / a.scale}, true
}

// nameTarget words an access to a variable as one to that, not to the memory that
// it shares with others.
func (f *finding) nameTarget(t target) {
	if t.variable == "" {
		return
	}
	f.facts["place"] = catalog.Quote(t.variable)
	delete(f.facts, "object") // the size of more than the variable
	if off, ok := f.report.Fault.Int("off"); ok {
		f.start = t.start
		f.facts["off"] = fmt.Sprint(off - t.start)
	}
}

// addIndex says which limits the index of an access has and which it needs.
func (f *finding) addIndex() {
	a, ok := f.amount()
	if !ok {
		return
	}
	fit, ok := f.fitOf(a)
	if !ok || a.name == "" || !a.bounded() || a.low >= 0 && a.high <= fit.most || len(f.variableTerms()) > 1 || f.severalIndexes() {
		return // of several numbers each may be too large
	}
	if a.scale < fit.size && (!lvalueRE.MatchString(a.name) || f.selectsWith(a.name)) {
		f.addScaledIndex(a)
		return // the compiler computed the offset in bytes, not the index
	}
	most, what := fit.most, ""
	if fit.elements > 0 {
		what = f.stateElements(fit.name, cmp.Or(catalog.Quote(fit.name), "the map value"), fit.elements)
	}
	if what == "" {
		inside := f.about(diag.ClaimInside, 0, most)
		inside.Width = a.scale
		what = f.state(inside, "only 0 to %d keeps the access inside", most)
	}
	f.facts["fit"] = fmt.Sprintf("%s is %s here, but %s", catalog.Quote(a.name), f.stateRange(a.known, a.place, a.low, a.high), what)
	delete(f.facts, "offset") // the same in fewer words
	if f.addLooseCheck(a, most) {
		return
	}
	check := fmt.Sprintf("%s > %d", a.name, most)
	switch {
	case a.low < 0 || most <= 0:
	case !lvalueRE.MatchString(a.name):
		f.advise(catalog.AdviseIndexVariable, catalog.Facts{"value": catalog.Quote(a.name), "limit": fmt.Sprint(most)})
		f.proposeLimitedCopy(a.name, most, limitCheck)
	case !f.stands(check) && !f.stands(fmt.Sprintf("%s >= %d", a.name, most+1)):
		leave := f.leaving(check)
		f.advise(catalog.AdviseIndexLimit, catalog.Facts{"value": catalog.Quote(a.name), "check": leave, "braces": f.bracesHere(leave)})
		f.proposeBefore(f.Span(f.report.PC), limitCheck, leave)
		f.proposeLimitedCopy(a.name, most, asFallback(limitCheck))
		f.proposeMasked(a.name, most)
	}
}

// selectsWith reports whether the access is to an element of an array that a name
// selects. An element is not smaller than what is accessed of it.
func (f *finding) selectsWith(name string) bool {
	return slices.ContainsFunc(elementRE.FindAllStringSubmatch(f.statementText(), -1), func(m []string) bool {
		return strings.TrimSpace(m[2]) == name
	})
}

// addScaledIndex says how many elements an array has whose index the compiler counts in
// bytes from the start, as it may where the source divides: what is recorded are no
// values of the index then.
func (f *finding) addScaledIndex(a *amount) {
	if _, _, ok := f.sourceAt(); !ok || a.name != f.amountText() {
		return
	}
	delete(f.facts, "offset")
	for _, m := range elementRE.FindAllStringSubmatch(f.statementText(), -1) {
		count, known := f.elements(m[1])
		if !known || m[2] != a.name || count*a.scale >= a.high {
			continue
		}
		f.facts["fit"] = f.stateElements(m[1], catalog.Quote(m[1]), count) + ", and the index " + catalog.Quote(a.name) + " may be larger"
		check := fmt.Sprintf("%s > %d", a.name, count-1)
		if !lvalueRE.MatchString(a.name) || f.stands(check) || f.stands(fmt.Sprintf("%s >= %d", a.name, count)) {
			f.advise(catalog.AdviseIndexVariable, catalog.Facts{"value": catalog.Quote(a.name), "limit": fmt.Sprint(count - 1)})
			f.proposeLimitedCopy(a.name, count-1, limitCheck)
			continue
		}
		leave := f.leaving(check)
		f.advise(catalog.AdviseIndexLimit, catalog.Facts{"value": catalog.Quote(a.name), "check": leave, "braces": f.bracesHere(leave)})
		f.proposeBefore(f.Span(f.report.PC), limitCheck, leave)
		f.proposeLimitedCopy(a.name, count-1, asFallback(limitCheck))
	}
}

// addLooseCheck suggests a tighter limit where a condition of the source gives the
// one that the index has.
func (f *finding) addLooseCheck(a *amount, most int64) bool {
	if a.low < 0 {
		return false
	}
	passes := f.adviseSmaller(a.name, a.high, most)
	if passes != "" {
		f.facts["fit"] += "; " + f.stateMost(a.known, a.place, a.high, "%s", passes)
	}
	return passes != ""
}

// adviseSmaller suggests a smaller number in the condition that limits a value to
// high, and says what that condition lets pass; "" if there is none.
func (f *finding) adviseSmaller(of string, high, most int64) (passes string) {
	file, pos, ok := f.sourceAt()
	if !ok {
		return ""
	}
	fn, ok := file.FunctionAt(pos.Line, max(pos.Col, 1))
	if !ok {
		return ""
	}
	for _, c := range file.Conditions(fn) {
		for _, o := range c.Operands {
			cmp := numberIn(file, o.Text)
			limit, upward, ok := boundOf(cmp.op, cmp.number)
			if !ok || !cmp.isNumber || cmp.name != of || c.At.Line > pos.Line {
				continue
			}
			if upward {
				limit--
			}
			if limit != high || assignedBetween(file, of, c.Body.Line-1, c.Body.EndLine+1) {
				continue // a smaller number there would let the old one be assigned
			}
			better := fmt.Sprintf("%s %s %d", cmp.name, cmp.op, cmp.number-(high-most))
			if stricter := stricterThan[cmp.op]; cmp.macro != "" && high-most == 1 && stricter != "" {
				better = fmt.Sprintf("%s %s %s", cmp.name, stricter, cmp.macro)
			}
			f.advise(catalog.AdviseSmallerLimit, catalog.Facts{"line": fmt.Sprint(o.Range.Line), "check": catalog.Quote(better)})
			f.proposeOperand(o, cmp, high-most)
			return fmt.Sprintf("the condition %s in line %d lets %d pass", catalog.Quote(o.Text), o.Range.Line, high)
		}
	}
	return ""
}

// room is how many bytes are behind the pointer in a register, 0 if that is not
// known.
func (f *finding) room(reg int) int64 {
	p := f.place()
	p.Index = uint8(reg)
	v := history.Known(f.result, len(f.result.History), p)
	if v == nil || reg < 1 || reg > 5 || !v.IsConst() {
		return 0
	}
	if m := f.MapNamed(v.Map); m != nil && inMapValue(v) {
		t := target{value: v, fixed: int64(v.Off) + int64(v.Bits)}
		if f.addGlobal(&t); t.variable != "" {
			return t.start + t.bytes - t.fixed
		}
		return int64(m.ValueSize) - int64(v.Off) - int64(v.Bits)
	}
	if off, pc, ok := f.frameOffset(f.path(), reg); ok && v.Type.Base() == regtype.PtrToStack {
		if object, ok := f.Index.SlotObject(pc, off); ok {
			return object.Size - object.At
		}
	}
	return 0
}

// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/csource"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/history"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
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
	if ok && a.value.IsConst() && t.value.IsConst() {
		t.fixed -= a.low * a.scale // the index is part of the offset
	}
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
		a, ok = f.constantAmount()
	}
	if !ok {
		return
	}
	if f.addBefore(a) || f.addWidened(a) {
		return
	}
	fit, ok := f.fitOf(a)
	if !ok || a.name == "" || a.shifted || !a.bounded() || a.low >= 0 && a.high <= fit.most || len(f.variableTerms()) > 1 || f.severalIndexes() {
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
		f.adviseIndexLimit(a.name, most)
		f.proposeMasked(a.name, most)
	}
}

// lessRE is an index that is a variable without a number.
var lessRE = regexp.MustCompile(`^([A-Za-z_]\w*)\s*-\s*(\d+)$`)

// addBefore explains an access before its object: the source subtracts from the index, and
// the compiler from the offset of the access.
func (f *finding) addBefore(a *amount) bool {
	t, ok := f.targetOf()
	if ok && f.addNegativeIndex(a, t) {
		return true
	}
	m := lessRE.FindStringSubmatch(f.amountText())
	if !ok || m == nil || t.fixed >= 0 || !a.bounded() || a.low < 0 || a.low*a.scale+t.fixed >= 0 {
		return false
	}
	by, err := strconv.ParseInt(m[2], 10, 64)
	if err != nil || by*a.scale != -t.fixed {
		return false
	}
	name := catalog.Quote(m[1])
	f.facts["fit"] = fmt.Sprintf("%s is %s here, so the index %s may be negative", name, f.stateRange(a.known, a.place, a.low, a.high), catalog.Quote(f.amountText()))
	delete(f.facts, "offset")
	check := fmt.Sprintf("%s < %d", m[1], by)
	if by == 1 {
		check = m[1] + " == 0"
	}
	if f.stands(check) {
		return true
	}
	leave := f.leaving(check)
	f.advise(catalog.AdviseNoWrap, catalog.Facts{"line": fmt.Sprint(f.lineOf(f.report.PC)), "check": leave})
	f.proposeBefore(f.Span(f.report.PC), limitCheck, leave)
	return true
}

// addNegativeIndex explains an access before its object by a variable that the source
// subtracted from: the compiler subtracts from the offset of the access instead.
func (f *finding) addNegativeIndex(a *amount, t target) bool {
	name := f.amountText()
	number, typed := f.Index.NumberOf(f.report.PC, name)
	if !isVariable(name) || !typed || !number.Signed || !f.selectsWith(name) || t.fixed >= 0 || !a.bounded() || a.low < 0 || a.low*a.scale+t.fixed >= 0 || t.fixed%a.scale != 0 {
		return false
	}
	f.facts["fit"] = fmt.Sprintf("the index %s may be negative here", catalog.Quote(name))
	delete(f.facts, "offset")
	check := name + " < 0"
	if f.stands(check) {
		return true
	}
	leave := f.leaving(check)
	f.advise(catalog.AdviseNotNegative, catalog.Facts{"value": catalog.Quote(name), "check": leave})
	f.proposeBefore(f.Span(f.report.PC), limitCheck, leave)
	return true
}

// constantAmount is the number that a variable of the source has on this path and that was
// added to the pointer of the fault last.
func (f *finding) constantAmount() (*amount, bool) {
	if f.entry.Amount != catalog.AmountAdded || f.reg < 0 || f.reg > 9 {
		return nil, false
	}
	found, _ := history.Lineage(f.result, len(f.result.History), f.place())
	for _, i := range slices.Backward(found) {
		e := &f.result.History[i]
		if e.Operand.Kind == record.NoPlace || e.New == nil || e.New.IsNumber() || f.Prog.Insns[e.PC].Code() != isa.OpAdd {
			continue
		}
		a, ok := f.amountAt(i, e.Operand)
		if !ok || !a.value.IsConst() || !isVariable(a.name) && !f.selectsWith(a.name) {
			return nil, false
		}
		return a, true
	}
	return nil, false
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
		f.adviseIndexLimit(a.name, count-1)
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
// high, and says what that condition lets pass; "" if there is none. The condition may be in
// a function that returns the value.
func (f *finding) adviseSmaller(of string, high, most int64) (passes string) {
	fn, file, pos, ok := f.functionHere()
	if !ok {
		return ""
	}
	if passes := f.adviseSmallerIn(file, fn, pos.Line, of, high, most); passes != "" {
		return passes
	}
	made, name, ok := returnedBy(file, fn, of)
	if !ok {
		return ""
	}
	return f.adviseSmallerIn(file, made, made.Body.EndLine, name, high, most)
}

// callRE is a call of a function, with its name.
var callRE = regexp.MustCompile(`^([A-Za-z_]\w*)\s*\([^;]*\)$`)

// returnedBy is the function of the file whose result is all that a variable is given, and the
// variable that it returns.
func returnedBy(file *csource.File, fn csource.Function, of string) (made csource.Function, name string, ok bool) {
	if !isVariable(of) {
		return made, "", false
	}
	_, value, ok := file.SoleAssignment(fn, of)
	m := callRE.FindStringSubmatch(value)
	if !ok || m == nil {
		return made, "", false
	}
	if made, ok = file.FunctionNamed(m[1]); !ok {
		return made, "", false
	}
	name = file.SoleReturn(made)
	return made, name, isVariable(name)
}

// adviseSmallerIn does so in a function of the source, of conditions up to a line.
func (f *finding) adviseSmallerIn(file *csource.File, fn csource.Function, last int, of string, high, most int64) (passes string) {
	for _, c := range file.Conditions(fn) {
		for _, o := range c.Operands {
			cmp := numberIn(file, o.Text)
			limit, upward, ok := boundOf(cmp.op, cmp.number)
			if !ok || !cmp.isNumber || cmp.name != of || c.At.Line > last {
				continue
			}
			if upward {
				limit--
			}
			if limit == high && f.adviseSmallerValue(file, &c, o, cmp, most) {
				return fmt.Sprintf("line %d limits it to that", c.Body.Line)
			}
			if limit != high || assignedBetween(file, of, c.Body.Line-1, c.Body.EndLine+1) && !setsAtMost(file, &c, of, most) {
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

// setsAtMost reports whether all that a condition does is to give a variable a number that is
// not greater than another one.
func setsAtMost(file *csource.File, c *csource.Condition, name string, most int64) bool {
	m := setsRE.FindStringSubmatch(file.Text(c.Body))
	if m == nil || m[1] != name {
		return false
	}
	text, less := strings.TrimSpace(m[2]), int64(0)
	if d := lessRE.FindStringSubmatch(text); d != nil {
		text = d[1]
		less, _ = constant(d[2])
	}
	n, ok := defined(file, text)
	return ok && n-less <= most
}

// defined is the value of a number, or of a macro that the file defines as one.
func defined(file *csource.File, text string) (int64, bool) {
	if n, ok := constant(text); ok {
		return n, true
	}
	body, ok := file.Constant(text)
	if !ok {
		return 0, false
	}
	return constant(body)
}

// setsRE is a statement that gives a variable a value.
var setsRE = regexp.MustCompile(`^\{?\s*([A-Za-z_]\w*)\s*=\s*([^=;]+);\s*\}?$`)

// adviseSmallerValue suggests another value where a condition that limits a variable sets
// it to one that is too large by itself.
func (f *finding) adviseSmallerValue(file *csource.File, c *csource.Condition, o csource.Operand, cmp comparison, most int64) bool {
	m := setsRE.FindStringSubmatch(file.Text(c.Body))
	if m == nil || m[1] != cmp.name {
		return false
	}
	value, ok := defined(file, strings.TrimSpace(m[2]))
	stricter := stricterThan[cmp.op]
	if !ok || value != most+1 || stricter == "" || cmp.op != ">" {
		return false
	}
	right := strings.TrimSpace(o.Text[strings.LastIndex(o.Text, cmp.op)+len(cmp.op):])
	check, set := fmt.Sprintf("%s %s %s", cmp.name, stricter, right), fmt.Sprintf("%s = %s - 1;", cmp.name, strings.TrimSpace(m[2]))
	f.advise(catalog.AdviseSmallerValue, catalog.Facts{"check": catalog.Quote(check), "line": fmt.Sprint(o.Range.Line), "given": catalog.Quote(set), "place": fmt.Sprint(c.Body.Line)})
	fix := diag.Fix{Kind: limitCheck.Kind, Advised: true}
	fix.Title = catalog.FixReplace.With(catalog.Facts{"value": catalog.Quote(o.Text), "instead": catalog.Quote(check), "line": fmt.Sprint(o.Range.Line)})
	f.propose(f.Span(f.report.PC).File, fix, []csource.Change{{Range: o.Range, Text: check}, {Range: c.Body, Text: set}})
	return true
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
	text, _, ok := f.Argument(f.report.PC, reg)
	if t, known := f.Index.Through(f.report.PC, text); ok && known && f.isCall() {
		if _, isArray := f.Index.Elements(f.report.PC, text); isArray {
			return t.Size // an array that is a member of what the pointer leads to
		}
	}
	return 0
}

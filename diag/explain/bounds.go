// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/cilium/ebpf/btf"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/csource"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/history"
	"github.com/bpf-lsp/bpf-lsp/dwarfmap"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
)

// Accesses outside of bounds that no index with limits explains:
//
//	on the stack              without limits, at a place that varies, or too far down
//	at a constant index       how many elements the array has
//	behind a subtraction      a variable that is taken away from a pointer

// maxFrame is how many bytes the local variables of a function may take.
//
// kernel: MAX_BPF_STACK
const maxFrame = 512

// addStackBounds says how an access to the stack is outside.
func (f *finding) addStackBounds() {
	if unbounded, ok := fault.Get[fault.StackUnbounded](f.report.Fault); ok {
		f.facts["unlimited"] = string(unbounded.Direction)
		f.addElementLimit()
		return
	}
	if _, ok := fault.Get[fault.StackRange](f.report.Fault); ok {
		// The fixed part of the offset alone may well be inside.
		delete(f.facts, "off")
		f.facts["varies"] = "the offset is not limited enough"
		if v := history.Known(f.result, len(f.result.History), f.place()); v != nil && rangeWords(v) != "" {
			f.facts["varies"] = "the variable part of the offset is " + f.stateLimits(len(f.result.History), f.place(), v)
		}
		if a, ok := f.amount(); ok && a.name != "" && a.bounded() {
			f.facts["varies"] = fmt.Sprintf("%s is %s here", catalog.Quote(a.name), f.stateRange(a.known, a.place, a.low, a.high))
			if f.facts["fit"] == "" {
				f.adviseInside(a)
			}
		}
		return
	}
	if access, ok := fault.Get[fault.StackBounds](f.report.Fault); ok && access.Off < -maxFrame {
		f.facts["deep"] = fmt.Sprint(access.Off)
		return
	}
	f.addElementLimit()
}

// addElementLimit suggests to limit the index of the only array that the statement of the
// fault has an element of, where nothing else was found to say.
func (f *finding) addElementLimit() {
	found := elementRE.FindAllStringSubmatch(f.statementText(), -1)
	if len(found) != 1 || f.isCall() || f.facts["advice"] != "" || f.facts["fit"] != "" {
		return
	}
	array, index := found[0][1], found[0][2]
	count, known := f.elements(array)
	check := fmt.Sprintf("%s > %d", index, count-1)
	if !known || !lvalueRE.MatchString(index) || csource.IsConstant(index) || f.stands(check) || f.stands(fmt.Sprintf("%s >= %d", index, count)) {
		return
	}
	f.facts["fit"] = fmt.Sprintf("%s, and no limit of %s is known that keeps the access inside", f.stateElements(array, catalog.Quote(array), count), catalog.Quote(index))
	if first, ok := f.firstElement(array, index); ok {
		leave := f.leavingAt(first, check)
		f.advise(catalog.AdviseFirstLimit, catalog.Facts{"value": catalog.Quote(index), "check": leave, "line": fmt.Sprint(first.Line)})
		f.proposeBefore(first, limitCheck, leave)
		return
	}
	f.adviseIndexLimit(index, count-1)
}

// firstElement is the first statement before that of the fault which has the same element of an
// array, where the index stays the same up to the fault.
func (f *finding) firstElement(array, index string) (at diag.Span, ok bool) {
	fn, file, pos, ok := f.functionHere()
	if !ok {
		return at, false
	}
	for n := pos.Line - 1; n > fn.Body.Line; n-- {
		line := file.Code(n)
		if assignedBetween(file, index, n-1, n+1) {
			break
		}
		if strings.Contains(line, array+"["+index+"]") {
			if r, found := file.StatementAt(n, file.FirstCol(n)); found {
				at, ok = f.sourceSpan(r), true
			}
		}
	}
	return at, ok && at.Line > 0
}

// adviseInside words a check that keeps an index of a local array inside of it, for a fixed
// part of the offset that may lie outside by itself: the -1 of `a[n - 1]`.
func (f *finding) adviseInside(a *amount) {
	in, v := f.insn(), history.Known(f.result, len(f.result.History), f.place())
	found := elementRE.FindAllStringSubmatch(f.statementText(), -1)
	if v == nil || !v.IsStack() || f.isCall() || len(found) != 1 || !mentions(found[0][2], a.name) || !lvalueRE.MatchString(a.name) || int(v.Frame) != f.report.Frame {
		return
	}
	name := found[0][1]
	object, ok := f.Index.SlotOf(f.report.PC, name, int(v.Off)+int(in.Off))
	number, ok2 := f.Index.NumberOf(f.report.PC, a.name)
	room := object.Size - object.At - int64(in.Bytes())
	if !ok || !ok2 || room < 0 || a.low < 0 && !number.Signed {
		return
	}
	least, most := max(-object.At+a.scale-1, 0)/a.scale, room/a.scale
	var checks []string
	if a.low < least {
		checks = append(checks, fmt.Sprintf("%s < %d", a.name, least))
	}
	if a.high > most {
		checks = append(checks, fmt.Sprintf("%s > %d", a.name, most))
	}
	if check := strings.Join(checks, " || "); check != "" && least <= most && f.facts["fit"] == "" {
		leave := f.leaving(check)
		f.advise(catalog.AdviseOutside, catalog.Facts{"value": catalog.Quote(a.name), "name": catalog.Quote(name), "check": leave, "braces": f.bracesHere(leave)})
		f.proposeBefore(f.Span(f.report.PC), limitCheck, leave)
	}
}

// addSubtracted finds where a variable is subtracted from the pointer of the fault:
// as an offset below 0 it has no limits for the verifier.
func (f *finding) addSubtracted() {
	found, _ := history.Lineage(f.result, len(f.result.History), f.place())
	for _, i := range slices.Backward(found) {
		e := &f.result.History[i]
		in := &f.Prog.Insns[e.PC]
		if e.New == nil || e.New.IsNumber() || in.Op != isa.ClassALU64|isa.OpSub|isa.SrcX || e.Operand.Kind == record.NoPlace {
			continue
		}
		v := history.Known(f.result, i, e.Operand)
		if v == nil || !v.IsNumber() || v.IsConst() {
			continue
		}
		name := f.name(e.PC, int(in.Src), "")
		if name == "" || !mentions(f.lineText(e.PC), name) {
			name = "a variable"
		} else {
			name = catalog.Quote(name)
		}
		from := f.facts["value"]
		if from == "" || !mentions(f.lineText(e.PC), strings.Trim(from, "`")) {
			from = "a pointer"
		}
		f.facts["subtracted"] = fmt.Sprintf("line %d subtracts %s from %s", f.lineOf(e.PC), name, from)
		if within := rangeWords(v); within != "" && v.Min != math.MinInt64 {
			f.facts["subtracted"] = fmt.Sprintf("line %d subtracts %s (%s) from %s", f.lineOf(e.PC), name, f.stateLimits(i, e.Operand, v), from)
		}
		f.detail(e.PC, name+" is subtracted from the pointer here")
		if made, _ := history.Lineage(f.result, i, e.Operand); len(made) > 0 && name != "a variable" {
			if pc := f.result.History[made[0]].PC; f.isCallAt(pc) && !f.sameLine(pc, e.PC) {
				f.detail(pc, fmt.Sprintf("%s comes from %s here", name, f.calleeWords(pc)))
			}
		}
		return
	}
}

// addWorstOffset says that the offset is the worst of several.
func (f *finding) addWorstOffset() {
	pointer := history.Known(f.result, len(f.result.History), f.place())
	if off, ok := f.report.Fault.Int("off"); ok && pointer != nil && !pointer.IsNumber() && !pointer.IsConst() {
		f.facts["off"] = fmt.Sprintf("up to %d", off-f.start)
		if off-f.start < 0 {
			f.facts["off"] = fmt.Sprintf("from %d", off-f.start)
		}
	}
}

// elementRE is an element of an array that a name or a member stands for.
var elementRE = regexp.MustCompile(`([A-Za-z_]\w*(?:(?:->|\.)[A-Za-z_]\w*)*)\[([^\[\]]+)\]`)

// addConstantIndex says how many elements the array has that an access at a
// constant index is outside of.
func (f *finding) addConstantIndex() {
	pointer := history.Known(f.result, len(f.result.History), f.place())
	pos, file, ok := f.At(f.report.PC)
	if !ok || file == nil || pos.Col == 0 || pointer == nil || pointer.IsNumber() || !pointer.IsConst() {
		return
	}
	r, ok := file.Expression(pos.Line, pos.Col)
	if !ok {
		return
	}
	m := elementRE.FindAllStringSubmatch(file.Text(r), -1)
	if len(m) != 1 {
		return
	}
	array, index := m[0][1], m[0][2]
	count, ok := f.elements(array)
	if ok && isVariable(index) {
		f.addLooseLoop(file, pos, array, index, count)
	}
	if !csource.IsConstant(index) {
		return
	}
	if n, err := strconv.ParseInt(index, 0, 64); !ok || err == nil && n < count {
		return
	}
	if isVariable(array) {
		f.facts["place"] = catalog.Quote(array)
		delete(f.facts, "object")
		delete(f.facts, "off")
	}
	f.facts["fit"] = fmt.Sprintf("%s, and the index is %s", f.stateElements(array, catalog.Quote(array), count), catalog.Quote(index))
	f.advise(catalog.AdviseElement, catalog.Facts{"limit": fmt.Sprint(count - 1)})
}

// elements counts those of the array that a C expression names: a member behind
// a variable, a local variable or a global one.
func (f *finding) elements(array string) (count int64, ok bool) {
	if count, ok = f.Index.Elements(f.report.PC, array); ok {
		return count, true
	}
	if f.Prog.BTF == nil || !isVariable(array) {
		return 0, false
	}
	var v *btf.Var
	if f.Prog.BTF.TypeByName(array, &v) != nil {
		return 0, false
	}
	a, ok := btf.UnderlyingType(v.Type).(*btf.Array)
	if !ok {
		return 0, false
	}
	return int64(a.Nelems), true
}

// addLooseLoop says of an index that the compiler made a constant of, round by round, which
// condition of the loop around it lets more pass than the array has elements.
func (f *finding) addLooseLoop(file *csource.File, pos dwarfmap.Pos, array, index string, count int64) {
	fn, ok := file.FunctionAt(pos.Line, pos.Col)
	if !ok {
		return
	}
	for _, c := range file.Conditions(fn) {
		if c.Keyword != "for" || !c.Body.Contains(pos.Line, max(pos.Col, 1)) {
			continue
		}
		limited := false
		for _, o := range c.Operands {
			cmp := numberIn(file, o.Text)
			limited = limited || cmp.isNumber && cmp.name == index
			limit, upward, ok := boundOf(cmp.op, cmp.number)
			if !ok || upward || !cmp.isNumber || cmp.name != index || limit < count {
				continue
			}
			if passes := f.adviseSmaller(index, limit, count-1); passes != "" {
				f.facts["fit"] = f.stateElements(array, catalog.Quote(array), count) + "; " + passes
			}
			return
		}
		if text := c.Whole.Text; !limited && mentions(text, index) && f.facts["advice"] == "" && (f.reaches(index, count) || f.isBehind(array, file)) {
			f.facts["fit"] = fmt.Sprintf("%s, and the condition %s in line %d lets a larger %s pass", f.stateElements(array, catalog.Quote(array), count), catalog.Quote(text), c.At.Line, catalog.Quote(index))
			f.advise(catalog.AdviseLoopCondition, catalog.Facts{"check": catalog.Quote(fmt.Sprintf("%s < %d", index, count)), "line": fmt.Sprint(c.At.Line)})
		}
	}
}

// reaches reports whether a register has the variable of a name at the fault, and with it a
// single value that is not below a limit.
func (f *finding) reaches(name string, limit int64) bool {
	for reg := range uint8(10) {
		p := f.place()
		p.Index = reg
		v := history.Known(f.result, len(f.result.History), p)
		if v == nil || !v.IsNumber() || !v.IsConst() || v.Bits > math.MaxInt64 || int64(v.Bits) < limit {
			continue
		}
		if slices.ContainsFunc(f.held(f.report.PC, reg), func(held dwarfmap.Var) bool { return held.Name == name }) {
			return true
		}
	}
	return false
}

// isBehind reports whether the access is behind the end of an array that is a member of what
// a pointer leads to, as offsets show.
func (f *finding) isBehind(array string, file *csource.File) bool {
	in := f.insn()
	pointer := history.Known(f.result, len(f.result.History), f.place())
	t, ok := f.Index.Through(f.report.PC, array)
	if in == nil || pointer == nil || pointer.IsNumber() || !pointer.IsConst() || !ok || f.isCall() {
		return false
	}
	at := int64(pointer.Off) + int64(pointer.Bits) + int64(in.Off)
	bases := f.bases(pointer, file)[t.Variable]
	return len(bases) == 1 && at >= bases[0]+t.At+t.Size
}

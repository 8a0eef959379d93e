// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"math"
	"math/bits"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/csource"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/history"
	"github.com/bpf-lsp/bpf-lsp/dwarfmap"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
)

// amount is the number that a fault is about: a size that is passed, or what
// is added to a pointer.
//
//	a size            the argument
//	pointer + number  the operand of the addition; before it was multiplied with
//	                  the size of an element it is the index of the source
//
// All that is said of it are values that were recorded on the path.
type amount struct {
	// lineage are the events that made the number, oldest first; the first
	// plain of them made the index, the others multiplied it.
	lineage []int
	plain   int
	scale   int64 // bytes per unit of the index
	// before is the event at which the number is used, in the register used.
	before int
	used   uint8
	// value is the index as it is used, which place holds before the event known.
	value *record.Value
	place record.Place
	known int
	// low and high are the range of the index, unsigned where it can be.
	low, high int64
	// count is how many values of an index are inside of the object, 0 if that is
	// not known.
	count int64
	// name is what C calls it, "" if that is not known; at is an instruction at
	// which the name can be seen.
	name string
	at   int
	// shifted says that the variable is the number plus a constant, so that the range of
	// the number is not that of the variable.
	shifted bool
}

// amount finds the number that the fault is about.
func (f *finding) amount() (*amount, bool) {
	events := f.result.History
	switch about := f.entry.Amount; {
	case f.reg < 0 || f.reg > 9:
	case about.IsSize():
		return f.amountAt(len(events), f.place())
	case about == catalog.AmountOperand:
		in := f.insn()
		if in == nil || in.Op != isa.ClassALU64|isa.OpAdd|isa.SrcX {
			return nil, false
		}
		for _, reg := range []uint8{in.Src, in.Dst} {
			p := f.place()
			p.Index = reg
			if v := history.Known(f.result, len(events), p); v != nil && v.IsNumber() {
				return f.amountAt(len(events), p)
			}
		}
	case about == catalog.AmountAdded:
		found, _ := history.Lineage(f.result, len(events), f.place())
		for _, i := range slices.Backward(found) {
			e := &events[i]
			if e.Operand.Kind == record.NoPlace || e.New == nil || e.New.IsNumber() {
				continue
			}
			if v := history.Known(f.result, i, e.Operand); v != nil && v.IsNumber() && !v.IsConst() {
				return f.amountAt(i, e.Operand)
			}
		}
	}
	return nil, false
}

// amountAt describes the number at a place before an event.
func (f *finding) amountAt(before int, p record.Place) (*amount, bool) {
	a := &amount{before: before, used: p.Index, scale: 1, place: p, known: before}
	var whole bool
	a.lineage, whole = history.Lineage(f.result, before, p)
	if len(a.lineage) == 0 || !whole {
		return nil, false
	}
	a.plain = len(a.lineage)
	a.value = history.Known(f.result, before, p)
	if a.value == nil || !a.value.IsNumber() {
		return nil, false
	}
	a.low, a.high = limitsOf(a.value)
	f.unscale(a)
	f.nameAmount(a, p)
	a.shifted = f.isShifted(a)
	return a, true
}

// unscale goes back to what the number was before it was multiplied.
func (f *finding) unscale(a *amount) {
	for a.plain > 1 {
		e := &f.result.History[a.lineage[a.plain-1]]
		in := &f.Prog.Insns[e.PC]
		if in.Op == isa.ClassALU64|isa.OpMov|isa.SrcX && in.Off == 0 && a.plain > 2 && f.multiplies(a.lineage[a.plain-2]) {
			a.plain-- // a copy of the product
			continue
		}
		if e.Old == nil || !e.Old.IsNumber() || in.SrcKind() != isa.SrcK || in.Imm <= 0 {
			return
		}
		switch {
		case in.Op == isa.ClassALU64|isa.OpLsh|isa.SrcK && in.Imm < 16:
			a.scale <<= in.Imm
		case in.Op == isa.ClassALU64|isa.OpMul|isa.SrcK && in.Imm < 1<<20:
			a.scale *= int64(in.Imm)
		case in.Class() == isa.ClassALU64 && (in.Code() == isa.OpRsh || in.Code() == isa.OpArsh) && in.Imm < 32 && in.Imm > 16 && a.plain > 2:
			// The shift back of an extension from 32 bits multiplies too.
			first := &f.result.History[a.lineage[a.plain-2]]
			if by := &f.Prog.Insns[first.PC]; by.Op != isa.ClassALU64|isa.OpLsh|isa.SrcK || by.Imm != 32 || first.Old == nil {
				return
			}
			a.scale <<= 32 - in.Imm
			a.plain -= 2
			a.value, a.place, a.known = first.Old, first.Place, a.lineage[a.plain]
			a.low, a.high = int64(a.value.UMin32), int64(a.value.UMax32)
			if in.Code() == isa.OpArsh {
				a.low, a.high = int64(a.value.Min32), int64(a.value.Max32)
			}
			return
		default:
			return
		}
		a.plain--
		a.value, a.place, a.known = e.Old, e.Place, a.lineage[a.plain]
		a.low, a.high = limitsOf(a.value)
	}
}

// multiplies reports whether an event multiplied a number with a constant.
func (f *finding) multiplies(index int) bool {
	e := &f.result.History[index]
	in := &f.Prog.Insns[e.PC]
	return e.Reason == record.ReasonWrite && e.Old != nil && e.Old.IsNumber() && in.Imm > 0 &&
		(in.Op == isa.ClassALU64|isa.OpLsh|isa.SrcK && in.Imm < 16 || in.Op == isa.ClassALU64|isa.OpMul|isa.SrcK && in.Imm < 1<<20)
}

// limitsOf are the limits of a number in the sense in which it has some.
func limitsOf(v *record.Value) (low, high int64) {
	if v.UMax <= math.MaxInt64 && v.Min >= 0 {
		return int64(v.UMin), int64(v.UMax)
	}
	return v.Min, v.Max
}

// bounded reports whether both limits of the index are known.
func (a *amount) bounded() bool { return a.low != math.MinInt64 && a.high != math.MaxInt64 }

// nameAmount finds what C calls the index: a variable that holds it, or the text
// of the source if that mentions such a variable. used is where the number is.
func (f *finding) nameAmount(a *amount, used record.Place) {
	var held []dwarfmap.Var
	note := func(pc int, reg uint8) {
		if inAssembler(f.lineText(pc)) {
			return // what it does to registers is not known to the compiler
		}
		for _, v := range f.held(pc, reg) {
			if len(held) == 0 {
				a.at = pc
			}
			held = append(held, v)
		}
	}
	if a.plain < len(a.lineage) {
		e := &f.result.History[a.lineage[a.plain]]
		note(e.PC, e.Place.Index)
	} else if used.Kind == record.InRegister {
		pc := f.report.PC
		if a.before < len(f.result.History) {
			pc = f.result.History[a.before].PC
		}
		note(pc, used.Index)
	}
	for i := a.plain - 1; i >= 0; i-- {
		e := &f.result.History[a.lineage[i]]
		if e.Place.Kind == record.InRegister && e.PC+1 < len(f.Prog.Insns) {
			note(e.PC+1, e.Place.Index)
		}
		if !f.keepsNumber(e) {
			break
		}
	}
	text := f.amountText()
	if f.isCall() && !f.entry.Amount.IsSize() {
		// The argument is the sum of the pointer and the number.
		for _, v := range held {
			if mentions(text, v.Name) {
				a.name = v.Name
				return
			}
		}
		a.name = soleTerm(text)
		return
	}
	if text == "" || len(held) > 0 && !slices.ContainsFunc(held, func(v dwarfmap.Var) bool { return mentions(text, v.Name) }) {
		if len(held) > 0 {
			a.name = held[0].Name
		}
		return
	}
	if a.name = withoutCasts(text); lvalueRE.MatchString(a.name) {
		return
	}
	a.name = text // a cast of something computed changes it
	if m := shiftedRE.FindStringSubmatch(text); m != nil && !f.adds(a) {
		// The compiler left the constant to the access.
		if a.name = withoutCasts(m[1]); !lvalueRE.MatchString(a.name) {
			a.name = ""
		}
	}
}

// isShifted reports whether the compiler says of the variable that it is a register plus a
// constant, where the number was made or is used.
func (f *finding) isShifted(a *amount) bool {
	if !isVariable(a.name) {
		return false
	}
	return f.Index.Shifted(f.report.PC, a.name) || slices.ContainsFunc(a.lineage[:a.plain], func(i int) bool {
		pc := f.result.History[i].PC
		return pc+1 < len(f.Prog.Insns) && f.Index.Shifted(pc+1, a.name)
	})
}

// shiftedRE is an index with a constant that is added or subtracted.
var shiftedRE = regexp.MustCompile(`^(.*\S)\s*[+-]\s*(?:\d\w*|[A-Z_][A-Z0-9_]*|sizeof\([^()]*\))$`)

// adds reports whether the last instruction that computed the number added a constant.
func (f *finding) adds(a *amount) bool {
	for _, i := range slices.Backward(a.lineage[:a.plain]) {
		e := &f.result.History[i]
		if f.keepsNumber(e) {
			continue
		}
		in := &f.Prog.Insns[e.PC]
		return (in.Class() == isa.ClassALU64 || in.Class() == isa.ClassALU) && (in.Code() == isa.OpAdd || in.Code() == isa.OpSub) && in.SrcKind() == isa.SrcK
	}
	return false
}

// soleTerm is the only variable that a sum adds to its first term, "" if there
// are none or several.
func soleTerm(sum string) string {
	name := ""
	for i, term := range strings.Split(sum, " + ") {
		switch {
		case i == 0 || csource.IsConstant(term):
		case name != "" || !lvalueRE.MatchString(term):
			return ""
		default:
			name = term
		}
	}
	return name
}

// inAssembler reports whether a line of the source begins assembler code.
func inAssembler(line string) bool {
	return strings.Contains(line, "asm ") || strings.Contains(line, "asm(") || strings.Contains(line, "__asm__") || strings.HasPrefix(strings.TrimSpace(line), `"`)
}

// amountText is what the source has in the place of the number.
func (f *finding) amountText() string {
	if f.isCall() {
		text, _, _ := f.Argument(f.report.PC, f.arg)
		return text
	}
	pos, file, ok := f.At(f.shown)
	if !ok || file == nil || pos.Col == 0 || inAssembler(pos.Text) {
		return ""
	}
	text, _ := file.Index(pos.Line, pos.Col)
	return text
}

// keepsNumber reports whether an event only moves, cuts or extends a number.
func (f *finding) keepsNumber(e *record.Event) bool {
	if e.Reason == record.ReasonSpill {
		return true
	}
	in := &f.Prog.Insns[e.PC]
	switch in.Class() {
	case isa.ClassLDX:
		return e.Origin.Kind != record.NoPlace
	case isa.ClassALU, isa.ClassALU64:
		switch {
		case in.Code() == isa.OpMov:
			return in.SrcKind() == isa.SrcX
		case in.SrcKind() != isa.SrcK:
			return false
		case in.Code() == isa.OpAnd:
			return narrows(in.Imm) || f.compilerMasks(e.PC)
		case in.Code() == isa.OpLsh || in.Code() == isa.OpRsh || in.Code() == isa.OpArsh:
			return in.Imm == 32 || in.Imm == 48 || in.Imm == 56 || in.Class() == isa.ClassALU && (in.Imm == 16 || in.Imm == 24)
		}
	}
	return false
}

// narrowed is to how many bits some events cut a number; false if they do more than
// that.
func (f *finding) narrowed(indexes []int) (width int, ok bool) {
	width = 64
	for _, i := range indexes {
		e := &f.result.History[i]
		if !f.keepsNumber(e) {
			return 0, false
		}
		if e.Reason == record.ReasonSpill {
			continue
		}
		in := &f.Prog.Insns[e.PC]
		size := 64
		if in.Class() == isa.ClassALU {
			size = 32
		}
		switch {
		case in.Class() == isa.ClassLDX:
			size = 8 * in.Bytes()
		case in.Code() == isa.OpMov && in.Off != 0:
			size = int(in.Off)
		case in.Code() == isa.OpAnd && in.Imm > 0:
			size = bits.Len32(uint32(in.Imm))
		case in.Code() == isa.OpLsh || in.Code() == isa.OpRsh || in.Code() == isa.OpArsh:
			size -= int(in.Imm)
		}
		width = min(width, size)
	}
	return width, true
}

// advise sets what to do in the case at hand.
func (f *finding) advise(p catalog.Phrase, known catalog.Facts) { f.facts["advice"] = p.With(known) }

// stands reports whether the function of the fault has a condition already.
func (f *finding) stands(text string) bool {
	fn, file, _, ok := f.functionHere()
	if !ok {
		return false
	}
	dense := func(s string) string { return strings.Join(strings.Fields(s), "") }
	for _, c := range file.Conditions(fn) {
		if dense(c.Whole.Text) == dense(text) {
			return true
		}
		for _, o := range c.Operands {
			if dense(o.Text) == dense(text) {
				return true
			}
		}
	}
	return false
}

// lineOf is the line of an instruction, 0 if it is not known.
func (w *where) lineOf(pc int) int {
	pos, _, ok := w.At(pc)
	if !ok {
		return 0
	}
	return pos.Line
}

// inLine is " in line N" of an instruction, "" if the line is not known.
func (w *where) inLine(pc int) string {
	if n := w.lineOf(pc); n > 0 {
		return " in line " + strconv.Itoa(n)
	}
	return ""
}

// isRound reports whether a number is a power of two.
func isRound(n int64) bool { return n > 0 && n&(n-1) == 0 }

// inMapValue reports whether a value points into a map value.
func inMapValue(v *record.Value) bool { return v != nil && v.Type.Base() == regtype.PtrToMapValue }

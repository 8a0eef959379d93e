// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag/internal/csource"
	"github.com/bpf-lsp/bpf-lsp/dwarfmap"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
)

// A compiler notes a branch at a condition of the source, but it merges
// conditions, moves them, and tests something else than the source does. What is
// said of a condition must hold for the register that the branch tests:
//
//	the operand computes nothing,   the branch tests another value, which a
//	the tested value is computed    merged condition may name
//	the operand names a variable    the register does not hold another one
//	the operand compares with a     the outcome follows from the comparison of
//	number that the branch tests    the instruction, not from where code lies

// tested is the value that a conditional jump compares.
type tested struct {
	reg uint8
	// computed reports that arithmetic made the value in the same block; zero
	// extension and moves do not count.
	computed bool
	// names are the variables that the value, or what it was computed from, is
	// known to be.
	names []string
	// inside are the inlined functions with an instruction that made the value.
	inside []string
}

// negatedCallRE is a call of a function, or the opposite of its result.
var negatedCallRE = regexp.MustCompile(`^!?\s*([A-Za-z_]\w*)\s*\(`)

// isInside reports whether the operand is the result of an inlined function that the
// branch tests a value of. The function may return the opposite.
func (t *tested) isInside(operand string) bool {
	m := negatedCallRE.FindStringSubmatch(operand)
	return m != nil && slices.Contains(t.inside, m[1])
}

// maxBlock is how far before a branch the computation of its operand is looked for,
// in instructions.
const maxBlock = 32

// tested walks back in the basic block of a conditional jump.
func (w *where) tested(pc int) tested {
	in := &w.Prog.Insns[pc]
	t := tested{reg: in.Dst}
	reg, number := in.Dst, false
	var shifted bool // a right shift by 32 that may be half of a zero extension
	note := func(at int) {
		for _, v := range w.held(at, reg) {
			if !slices.Contains(t.names, v.Name) {
				t.names = append(t.names, v.Name)
			}
		}
	}
	note(pc)
	if in.SrcKind() == isa.SrcX {
		for _, v := range w.held(pc, in.Src) {
			t.names = append(t.names, v.Name)
		}
	}
	for at := pc - 1; at >= max(pc-maxBlock, 0) && !number && !w.joins(at+1); at-- {
		b := &w.Prog.Insns[at]
		if !writes(b, reg) {
			continue
		}
		for _, call := range w.inlined(at) {
			t.inside = append(t.inside, call.Function)
		}
		switch b.Class() {
		case isa.ClassALU, isa.ClassALU64:
			switch {
			case b.Code() == isa.OpMov && b.SrcKind() == isa.SrcX:
				reg = b.Src
				note(at)
			case b.Code() == isa.OpMov:
				number = true
			case b.SrcKind() == isa.SrcK && b.Imm == 32 && (b.Code() == isa.OpRsh || b.Code() == isa.OpArsh):
				shifted = true
			case b.SrcKind() == isa.SrcK && b.Imm == 32 && b.Code() == isa.OpLsh && shifted:
				shifted = false
			case b.Code() == isa.OpAnd && b.SrcKind() == isa.SrcK && narrows(b.Imm):
			case b.Code() == isa.OpEnd:
			default:
				t.computed = true
				note(at)
			}
		default:
			number = true // the value came to be here
		}
	}
	t.computed = t.computed || shifted
	return t
}

// narrows reports whether a mask keeps the low bytes of a narrower type.
func narrows(mask int32) bool { return mask == 0xff || mask == 0xffff || mask == -1 }

// writes reports whether an instruction gives a register a new value.
func writes(in *isa.Insn, reg uint8) bool {
	switch in.Class() {
	case isa.ClassALU, isa.ClassALU64, isa.ClassLDX, isa.ClassLD:
		return in.Dst == reg
	case isa.ClassJMP:
		return in.Code() == isa.OpCall && reg <= 5
	}
	return false
}

// joins reports whether a path may come to pc by a jump.
func (w *where) joins(pc int) bool {
	if w.targets == nil {
		w.targets = make(map[int]bool)
		for i := range w.Prog.Insns {
			in := &w.Prog.Insns[i]
			if c := in.Class(); (c == isa.ClassJMP || c == isa.ClassJMP32) && in.Code() != isa.OpCall && in.Code() != isa.OpExit {
				w.targets[w.jumpTarget(i)] = true
			}
		}
	}
	return w.targets[pc]
}

// fits reports whether the branch at pc can decide what the operand says.
func (w *where) fits(t *tested, operand string) bool {
	if t.computed && !computes(operand) {
		return false
	}
	name := comparisonOf(operand).name
	if name == "" || strings.ContainsAny(name, ".>[*") {
		return true // a member or an element: its register has no name
	}
	return len(t.names) == 0 || slices.ContainsFunc(t.names, func(known string) bool { return mentions(operand, known) })
}

// computes reports whether a C expression has an operator that makes a new
// number, or a call, which may.
func computes(text string) bool {
	text = strings.ReplaceAll(text, "->", ".")
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '+', '-', '/', '%', '^', '~', '(', '[', '?':
			return true
		case '*', '&', '|':
			// At the start they are unary; a logical operator is not in an operand.
			if before := strings.TrimRight(text[:i], " "); before != "" && !strings.HasSuffix(before, "!") && !strings.HasSuffix(before, "=") {
				return true
			}
		case '<', '>':
			if i+1 < len(text) && text[i+1] == text[i] {
				return true
			}
		}
	}
	return false
}

// merged finds the condition that a branch decides when the compiler noted it
// at another one: the only operand in the same function that no instruction is
// noted at and that says the same about the variable tested.
func (w *where) merged(pc int, pos dwarfmap.Pos, f *csource.File, t *tested) (branch, bool) {
	if len(t.names) == 0 {
		return branch{}, false
	}
	fn, ok := f.FunctionAt(pos.Line, pos.Col)
	if !ok {
		return branch{}, false
	}
	noted := w.notedConditions(pc, pos, f)
	var found []branch
	for _, c := range f.Conditions(fn) {
		if noted[c.At] {
			continue
		}
		for _, o := range c.Operands {
			mentioned := slices.ContainsFunc(t.names, func(name string) bool { return mentions(o.Text, name) })
			if mentioned && (t.computed && computes(o.Text) || !t.computed && w.sameBound(pc, o.Text)) {
				found = append(found, branch{condition: c, operand: o})
			}
		}
	}
	if len(found) != 1 {
		return branch{}, false
	}
	return found[0], true
}

// notedConditions are the conditions that instructions of the function at pc are noted at.
func (w *where) notedConditions(pc int, pos dwarfmap.Pos, f *csource.File) map[csource.Range]bool {
	noted := map[csource.Range]bool{}
	fn, ok := w.Index.Function(pc)
	if !ok {
		return noted
	}
	for p := fn.Start; p < fn.End; p++ {
		at, g, ok := w.At(p)
		if !ok || g != f || at.File != pos.File || at.Col == 0 || !dwarfmap.IsConditional(&w.Prog.Insns[p]) {
			continue
		}
		if c, ok := f.ConditionAt(at.Line, at.Col); ok {
			noted[c.At] = true
		}
	}
	return noted
}

// truthOf says whether an operand holds if the branch at pc is taken or not, as
// far as the instruction's own comparison tells.
func (w *where) truthOf(pc int, operand string, taken bool) (truth, known bool) {
	in := &w.Prog.Insns[pc]
	code, jump := in.Code(), jumpOperators[in.Code()]
	imm, ok := int64(in.Imm), true
	if in.SrcKind() != isa.SrcK {
		if imm, jump, ok = w.constantSide(pc, jump); !ok {
			return false, false
		}
	}
	equality := code == isa.OpJeq || code == isa.OpJne
	equal := (code == isa.OpJeq) == taken
	op, number, compares := comparedNumber(operand)
	if limit, upward, ok := boundOf(jump, imm); ok {
		if !taken {
			limit, upward = beyond(limit, upward), !upward
		}
		claimed, up, ok := boundOf(op, number)
		if !ok || !compares || limit != claimed && limit != beyond(claimed, up) {
			return false, false
		}
		return limit == claimed && upward == up, limit == claimed && upward == up || limit == beyond(claimed, up) && upward != up
	}
	switch {
	case !compares:
		// The truth of a value: it is not 0.
		if !equality || imm != 0 || strings.ContainsAny(operand, "<>=") {
			return false, false
		}
		negated := strings.HasPrefix(operand, "!")
		return equal == negated, true
	case equality && number == imm && (op == "==" || op == "!="):
		return equal == (op == "=="), true
	}
	return false, false
}

// constantSide is the number that one of the registers of the comparison at pc holds,
// and the comparison of the other with that.
func (w *where) constantSide(pc int, jump string) (number int64, op string, ok bool) {
	in := &w.Prog.Insns[pc]
	if n, ok := w.constantIn(pc, in.Src); ok {
		return n, jump, true
	}
	if n, ok := w.constantIn(pc, in.Dst); ok {
		return n, mirrored[jump], true
	}
	return 0, "", false
}

// comparesOthers reports whether the branch at pc compares two registers, none of which
// holds a number that is known, where an operand compares something with a number, or
// with 0 as `!x` does.
func (w *where) comparesOthers(pc int, operand string) bool {
	if w.Prog.Insns[pc].SrcKind() != isa.SrcX {
		return false
	}
	_, _, compares := comparedNumber(operand)
	if c := comparisonOf(operand); c.name != "" && c.op == "" {
		compares = true // with NULL or 0
	}
	_, _, known := w.constantSide(pc, "")
	return compares && !known
}

// movesNumber reports whether an instruction puts a number into its register.
func movesNumber(in *isa.Insn) bool {
	return in.Code() == isa.OpMov && in.SrcKind() == isa.SrcK && (in.Class() == isa.ClassALU || in.Class() == isa.ClassALU64)
}

// constantIn is the number in a register before pc: set in the same block, or by the only
// instruction of the program that gives the register a value.
func (w *where) constantIn(pc int, reg uint8) (number int64, ok bool) {
	for at := pc - 1; at >= max(pc-maxBlock, 0) && !w.joins(at+1); at-- {
		if in := &w.Prog.Insns[at]; writes(in, reg) {
			return int64(in.Imm), movesNumber(in)
		}
	}
	if reg <= isa.R5 && slices.ContainsFunc(w.Prog.Insns, func(in isa.Insn) bool { return in.Op == isa.ClassJMP|isa.OpCall }) {
		return 0, false // calls write it
	}
	for i := range w.Prog.Insns {
		in := &w.Prog.Insns[i]
		if !writes(in, reg) {
			continue
		}
		if ok || !movesNumber(in) {
			return 0, false
		}
		number, ok = int64(in.Imm), true
	}
	return number, ok
}

// comparedNumber splits an operand that compares something with a number or NULL.
func comparedNumber(operand string) (op string, number int64, ok bool) {
	m := comparesRE.FindStringSubmatch(operand)
	if m == nil {
		return "", 0, false
	}
	if strings.TrimSpace(m[3]) == "NULL" {
		return m[2], 0, true
	}
	n, ok := constant(m[3])
	return m[2], n, ok
}

// constant is the value of a C number or character.
func constant(text string) (n int64, ok bool) {
	text = strings.TrimSpace(text)
	if inside, quoted := strings.CutPrefix(text, "'"); quoted {
		c, _, rest, err := strconv.UnquoteChar(inside, '\'')
		return int64(c), err == nil && rest == "'" && c < 128
	}
	n, err := strconv.ParseInt(strings.TrimRight(text, "uUlL"), 0, 64)
	return n, err == nil
}

// jumpOperators are the comparisons of the conditional jumps that order numbers.
var jumpOperators = map[uint8]string{
	isa.OpJgt: ">", isa.OpJge: ">=", isa.OpJlt: "<", isa.OpJle: "<=",
	isa.OpJsgt: ">", isa.OpJsge: ">=", isa.OpJslt: "<", isa.OpJsle: "<=",
}

// boundOf is a comparison with a number as a limit that belongs to the set: upward for
// "at least", else "at most".
func boundOf(op string, number int64) (limit int64, upward, ok bool) {
	switch op {
	case ">":
		return number + 1, true, true
	case ">=":
		return number, true, true
	case "<":
		return number - 1, false, true
	case "<=":
		return number, false, true
	}
	return 0, false, false
}

// beyond is the limit of the numbers outside of a set.
func beyond(limit int64, upward bool) int64 {
	if upward {
		return limit - 1
	}
	return limit + 1
}

// sameBound reports whether an operand divides the numbers where the branch at pc does.
func (w *where) sameBound(pc int, operand string) bool {
	_, known := w.truthOf(pc, operand, true)
	return known
}

// ordersOthers reports whether the branch at pc and an operand both compare with a
// number, but divide the numbers at different places: the branch tests what the
// variable was before, or will be.
func (w *where) ordersOthers(pc int, operand string) bool {
	in := &w.Prog.Insns[pc]
	op, number, compares := comparedNumber(operand)
	_, _, orders := boundOf(op, number)
	_, _, tests := boundOf(jumpOperators[in.Code()], int64(in.Imm))
	return compares && orders && tests && in.SrcKind() == isa.SrcK && !w.sameBound(pc, operand)
}

// constantOf is what an operand compares for equality with something that has a
// value known to the compiler alone, such as a macro: the left side, "" for other
// operands.
func constantOf(operand string) (left string, equal bool) {
	m := comparesRE.FindStringSubmatch(operand)
	if _, _, number := comparedNumber(operand); m == nil || number || m[2] != "==" && m[2] != "!=" {
		return "", false
	}
	return m[1], m[2] == "=="
}

// truthOfConstant is truthOf for a comparison with a constant whose value is not
// known here. Where several conditions compare the same, a compiler may test one
// at the place of another: then ok is true, and known is not.
func (w *where) truthOfConstant(pc int, pos dwarfmap.Pos, f *csource.File, operand string, taken bool) (truth, known, ok bool) {
	in := &w.Prog.Insns[pc]
	left, equal := constantOf(operand)
	if code := in.Code(); left == "" || in.SrcKind() != isa.SrcK || in.Imm == 0 || code != isa.OpJeq && code != isa.OpJne {
		return false, false, false
	}
	fn, inFunction := f.FunctionAt(pos.Line, pos.Col)
	if !inFunction {
		return false, false, false
	}
	same := 0
	for _, c := range f.Conditions(fn) {
		for _, o := range c.Operands {
			if other, _ := constantOf(o.Text); other == left {
				same++
			}
		}
	}
	return ((in.Code() == isa.OpJeq) == taken) == equal, same == 1, true
}

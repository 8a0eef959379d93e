// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/history"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
)

// Arithmetic on pointers as the source has it. The instruction has an operator of its
// own: a compiler writes `+=` for `+`, and two shifts for a cast.

// addOperator says of an operation on a pointer that is neither an addition nor a
// subtraction that it is not possible: the amount does not matter then.
func (f *finding) addOperator() bool {
	in := f.insn()
	if in == nil || in.Class() != isa.ClassALU64 && in.Class() != isa.ClassALU || in.Code() == isa.OpAdd || in.Code() == isa.OpSub {
		return false
	}
	f.facts["operator"] = "this operation"
	file, pos, ok := f.sourceAt()
	if !ok || pos.Col == 0 {
		return true
	}
	left, op, right, ok := file.Binary(pos.Line, pos.Col)
	if !ok || strings.Trim(op, "=") == "" || strings.ContainsAny(op, "+-<>!") && op != "<<" && op != ">>" {
		return true
	}
	f.facts["operator"] = catalog.Quote(op)
	if f.packs(op) {
		f.facts["packed"] = "yes"
	}
	for _, text := range []string{left, right} {
		if name := inner(text); f.namesPointer(name) {
			f.facts["value"] = catalog.Quote(name)
			return true
		}
	}
	return true
}

// packs reports whether an operator makes one number of an address and something else, or
// takes an address out of one: a small mask or one of the upper bits is about alignment.
func (f *finding) packs(op string) bool {
	switch strings.TrimSuffix(op, "=") {
	case "|", "^", "<<":
		return true
	case "&":
		in := f.insn()
		mask := int64(in.Imm)
		if in.SrcKind() == isa.SrcX {
			p := f.place()
			p.Index = in.Src
			v := history.Known(f.result, len(f.result.History), p)
			if v == nil || !v.IsNumber() || !v.IsConst() {
				return false
			}
			mask = int64(v.Bits)
		}
		return mask&1 == 1 && mask > 1<<16
	}
	return false
}

// inner is an expression without casts, and without parentheses around the whole.
func inner(text string) string {
	for {
		bare := withoutCasts(text)
		if bare == text {
			return text
		}
		text = bare
	}
}

// namesPointer reports whether an expression names a variable that had a pointer in a
// register on the path.
func (f *finding) namesPointer(text string) bool {
	for i := range f.result.History {
		e := &f.result.History[i]
		if e.Kind != record.EventModify || e.Place.Kind != record.InRegister || e.New == nil || e.New.IsNumber() || e.PC+1 >= len(f.Prog.Insns) {
			continue
		}
		for _, v := range f.held(e.PC+1, e.Place.Index) {
			if mentions(text, v.Name) {
				return true
			}
		}
	}
	return false
}

// addPair names both pointers of an operation that takes only one.
func (f *finding) addPair() {
	file, pos, ok := f.sourceAt()
	in := f.insn()
	if !ok || pos.Col == 0 || in == nil || in.SrcKind() != isa.SrcX {
		return
	}
	left, op, right, ok := file.Binary(pos.Line, pos.Col)
	if !ok || op != "+" && op != "-" && op != "+=" && op != "-=" {
		return
	}
	p := f.place()
	for _, reg := range []uint8{in.Dst, in.Src} {
		p.Index = reg
		if v := history.Known(f.result, len(f.result.History), p); v == nil || v.IsNumber() {
			return
		}
	}
	f.facts["pair"] = catalog.Quote(inner(left)) + " and " + catalog.Quote(inner(right)) + " are both pointers"
	f.facts["op"] = catalog.Quote(op)
}

// addFixedPointer says what to add to in place of the end of a packet.
func (f *finding) addFixedPointer() {
	if f.reg < 0 || f.reg > 9 {
		return
	}
	if v := history.Known(f.result, len(f.result.History), f.place()); v != nil && v.Type.Base() == regtype.PtrToPacketEnd {
		f.facts["advice"] = string(catalog.AdviseFromStart)
	}
}

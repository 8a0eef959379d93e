// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"slices"

	"github.com/bpf-lsp/bpf-lsp/diag/internal/history"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
)

// originKind is how a value came into being.
type originKind uint8

const (
	originUnknown  originKind = iota
	originCall                // the result of a call
	originLoad                // read from memory
	originConst               // an immediate
	originMap                 // the address of a map, a map's value or a function
	originArgument            // an argument of the program or of a function called by the kernel
	originLost                // R1–R5 after a call
	originFrame               // the address of local memory
)

// origin is the instruction that created a value, and the instructions that
// changed it afterwards.
type origin struct {
	kind  originKind
	pc    int   // -1 for originUnknown and originArgument
	reg   uint8 // for originArgument: the register at entry; also of a callback
	edits []edit
	// useReg is the register that had the value, with the edits, before the
	// instruction usePC.
	usePC  int
	useReg uint8
}

// edit is arithmetic on a tracked value.
type edit struct {
	pc   int
	step int // index into the path
}

// place is a register or an 8-byte slot of one frame of the walk back.
type place struct {
	depth int // relative to the frame of the start, callees are higher
	slot  bool
	reg   uint8
	off   int16 // from the frame's end, of a slot
}

// lineage walks back over the instructions of a path and finds where the value
// of a register came from. The last entry of path is the instruction that
// uses the value; it is not looked at.
func lineage(insns []isa.Insn, path []int32, reg uint8) origin {
	at := place{reg: reg}
	depth := 0
	o := origin{pc: -1, usePC: -1, useReg: reg}
	if len(path) > 0 {
		o.usePC = int(path[len(path)-1])
	}
	for i := len(path) - 2; i >= 0; i-- {
		pc, next := int(path[i]), int(path[i+1])
		in := &insns[pc]
		switch {
		case in.IsSubprogCall() && next == pc+1+int(in.Imm):
			// Out of the callee, whose arguments are the caller's registers.
			if at.depth == depth {
				if at.slot || at.reg == 0 || at.reg > 5 {
					return o
				}
				at.depth--
			}
			depth--
			continue
		case in.Op == isa.ClassJMP|isa.OpExit:
			// Into a callee, whose result is the caller's R0.
			if at.depth == depth && !at.slot && at.reg == 0 {
				at.depth++
			}
			depth++
			continue
		case in.Op == isa.ClassJMP|isa.OpCall && next != pc+1 && !in.IsSubprogCall():
			// Out of a callback: its arguments are the kernel's.
			if at.depth == depth {
				o.kind, o.pc, o.reg = originCall, pc, at.reg
				return o
			}
			depth--
			continue
		}
		if at.depth != depth {
			continue
		}
		if done := o.step(in, pc, i, &at); done {
			return o
		}
	}
	if depth == 0 && !at.slot && at.reg >= 1 && at.reg <= 5 && len(path) > 0 && path[0] == 0 {
		o.kind, o.reg = originArgument, at.reg
	}
	return o
}

// step looks at one instruction of the tracked frame; it reports whether the
// value was created there.
func (o *origin) step(in *isa.Insn, pc, index int, at *place) bool {
	found := func(k originKind) bool {
		o.kind, o.pc = k, pc
		return true
	}
	if at.slot {
		if in.Dst != 10 || in.Off != at.off {
			return false
		}
		switch in.Class() {
		case isa.ClassSTX:
			*at = place{depth: at.depth, reg: in.Src}
		case isa.ClassST:
			return found(originConst)
		}
		return false
	}
	if in.Op == isa.ClassJMP|isa.OpCall {
		switch {
		case at.reg == 0:
			return found(originCall)
		case at.reg <= 5:
			return found(originLost)
		}
		return false
	}
	if in.Dst != at.reg {
		return false
	}
	switch in.Class() {
	case isa.ClassLD:
		if in.Src == 0 {
			return found(originConst)
		}
		return found(originMap)
	case isa.ClassLDX:
		if in.Src != 10 {
			return found(originLoad)
		}
		*at = place{depth: at.depth, slot: true, off: in.Off}
	case isa.ClassALU, isa.ClassALU64:
		switch {
		case in.Code() != isa.OpMov:
			o.edits = append(o.edits, edit{pc, index})
		case in.SrcKind() == isa.SrcK:
			return found(originConst)
		case in.Src == 10:
			return found(originFrame)
		default:
			at.reg = in.Src
		}
	}
	return false
}

// offsetLineage finds where the variable part of a pointer came from: the
// other operand of the last addition on the way to reg. known is false if
// nothing variable was added.
func offsetLineage(insns []isa.Insn, path []int32, reg uint8) (pointer, offset origin, known bool) {
	pointer = lineage(insns, path, reg)
	for _, e := range pointer.edits {
		in := &insns[e.pc]
		if in.Code() != isa.OpAdd || in.SrcKind() != isa.SrcX {
			continue
		}
		offset = lineage(insns, path[:e.step+1], in.Src)
		if pointer.isNumber() && !offset.isNumber() {
			// The sum was built the other way round.
			pointer, offset = offset, pointer
			offset.usePC, offset.useReg = e.pc, in.Dst
		}
		return pointer, offset, true
	}
	return pointer, origin{pc: -1, usePC: -1}, false
}

// isNumber guesses that a value was a number, not an address.
func (o *origin) isNumber() bool {
	return o.kind == originLoad || o.kind == originConst
}

// pointerAndOffset is offsetLineage of the register of the fault, which asks what was
// recorded which operand was the pointer.
func (f *finding) pointerAndOffset() (pointer, offset origin, known bool) {
	path := f.path()
	pointer, offset, known = offsetLineage(f.Prog.Insns, path, uint8(f.reg))
	if !known || !f.wasPointer(offset) {
		return pointer, offset, known
	}
	in := &f.Prog.Insns[offset.usePC]
	other := in.Dst
	if offset.useReg == in.Dst {
		other = in.Src
	}
	return offset, lineage(f.Prog.Insns, path[:lastIndex(path, offset.usePC)+1], other), true
}

// wasPointer reports whether what an offset seems to come from was a pointer where it
// was added: then the other operand was the offset.
func (f *finding) wasPointer(o origin) bool {
	for i, e := range slices.Backward(f.result.History) {
		if e.PC != o.usePC || e.Kind != record.EventModify {
			continue
		}
		p := record.Place{Kind: record.InRegister, Frame: uint8(e.Frame), Activation: e.Activation, Index: o.useReg}
		v := history.Known(f.result, i, p)
		return v != nil && !v.IsNumber()
	}
	return false
}

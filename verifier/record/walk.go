// SPDX-License-Identifier: GPL-2.0-only

package record

import (
	"slices"

	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// Walk is what a verification knew at each instruction, merged over all paths
// through it, and how often it came by. It holds no state of the verifier, so that
// it may outlive the verification and be shared.
//
// What is known before an instruction is true of every path that the kernel walks or
// skips: a path that ends where an earlier one had been with its like counts for all
// that follows (spread.go). Of a rejected program it is true of the paths that were
// walked up to the fault.
type Walk struct {
	// Walked says of each instruction how often it was walked.
	Walked []int32
	// Full says that there was too much to keep; then nothing is known.
	Full bool

	tables Tables
	// heads are the instructions before which all places are noted: where paths meet,
	// and where one ended. Others note what the instruction before them wrote; what
	// they do not note is as before.
	heads []bool
	// cells are the places noted before each instruction, ascending, and paths how
	// many came to it, those that ended there included.
	cells [][]cell
	paths []int32
	// from says where paths came from to each head.
	from []*origins
	// values are what cells refer to: most places hold the same before many
	// instructions.
	values []known
}

// Register is what register n holds before the instruction at pc.
func (w *Walk) Register(pc int, n uint8) Known { return w.at(pc, n) }

// Slot is what slot i of the frame of the instruction's function holds before it:
// slot i is at r10-8*(i+1).
func (w *Walk) Slot(pc, i int) Known { return w.at(pc, slotPlaces+uint8(i)) }

// Places are numbered: registers, then slots.
const (
	slotPlaces = isa.NumRegs
	numPlaces  = slotPlaces + state.MaxStack/state.SlotBytes
)

// maxNoted and maxValues bound what is kept of one program, in places before
// instructions and in different values of them.
const (
	maxNoted  = 4 << 20
	maxValues = 400_000
)

// cell is a place before an instruction.
type cell struct {
	where uint8
	ways  ways // of a head: by which something came there
	value int32
	seen  int32 // on how many paths something was there
}

// heads finds the instructions that more than the one before them leads to, and those
// behind one that changes more than it names.
func heads(insns []isa.Insn) []bool {
	out := make([]bool, len(insns))
	mark := func(pc int) {
		if pc >= 0 && pc < len(insns) {
			out[pc] = true
		}
	}
	mark(0)
	callsBack := slices.ContainsFunc(insns, func(in isa.Insn) bool { return in.IsFuncRef() })
	for pc := range insns {
		in := &insns[pc]
		switch in.Class() {
		case isa.ClassJMP, isa.ClassJMP32:
			mark(pc + 1)
			switch {
			case in.Code() == isa.OpExit:
			case in.Code() != isa.OpCall:
				mark(pc + 1 + in.JumpOffset())
			case in.IsSubprogCall():
				mark(pc + 1 + int(in.Imm))
			case callsBack:
				mark(pc) // a function that it calls back returns to it
			}
		case isa.ClassLD:
			if in.IsFuncRef() {
				mark(pc + 1 + int(in.Imm))
			}
			if !in.IsLdImm64() {
				mark(pc)
				mark(pc + 1)
			}
		case isa.ClassSTX:
			if in.Mode() == isa.ModeATOMIC {
				mark(pc + 1)
			}
		}
	}
	return out
}

// at is the latest that was noted of a place in the stretch of code before pc.
func (w *Walk) at(pc int, where uint8) Known {
	if w.Full || pc < 0 || pc >= len(w.Walked) || w.Walked[pc] == 0 {
		return Known{}
	}
	c, at := w.find(pc, where)
	if c == nil {
		return Known{}
	}
	return w.values[c.value].result(&w.tables, c.seen, w.paths[at])
}

// find is the cell that says what a place holds before pc, and where it is; nil if
// the place cannot be read.
func (w *Walk) find(pc int, where uint8) (*cell, int) {
	for ; pc >= 0; pc-- {
		for i := range w.cells[pc] {
			if c := &w.cells[pc][i]; c.where == where {
				return c, pc
			}
		}
		if w.heads[pc] {
			break
		}
	}
	return nil, 0
}

// known is what was noted of a place before pc, nil if it cannot be read.
func (w *Walk) known(pc int, where uint8) *known {
	if c, _ := w.find(pc, where); c != nil {
		return &w.values[c.value]
	}
	return nil
}

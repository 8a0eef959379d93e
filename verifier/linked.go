// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/scalar"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// Linked scalars. Copies of one number share an id, and so do numbers at a
// constant distance from it; what a jump says about one says it about all:
//
//	r2 = r1         r2 has the id of r1
//	r2 += 8         and now is at distance 8 (Reg.Off, Reg.ID|AddConst64)
//	if r1 > 5 …     narrows r1, and r2 by the same at distance 8
//
// The set goes into the path's history, since a value that turns out to
// matter was narrowed by way of any of them.

// maxLinked is how many linked scalars a jump narrows together.
//
// kernel: LINKED_REGS_MAX
const maxLinked = 6

// linkedReg names a register or a spilled register.
type linkedReg struct {
	frame, index uint8
	isReg        bool
}

type linkedRegs struct {
	n    int
	list [maxLinked]linkedReg
}

// isLinked reports whether r is a scalar that may have linked ones.
func isLinked(r *state.Reg) bool { return r.Type == regtype.Scalar && r.ID != 0 }

// pack puts the set into one word, as Step.Linked has it.
//
// kernel: linked_regs_pack
func (l *linkedRegs) pack() uint64 {
	var word uint64
	for _, e := range l.list[:l.n] {
		word <<= linkedEntryBits
		word |= uint64(e.frame) | uint64(e.index)<<linkedFrameBits
		if e.isReg {
			word |= 1 << linkedIsRegShift
		}
	}
	return word<<linkedCountBits | uint64(l.n)
}

// add takes r into the set if it has the id. Where the set is full, r is left
// over and must leave its links.
func (l *linkedRegs) add(r *state.Reg, id uint32, e linkedReg) (left bool) {
	if r.Type != regtype.Scalar || r.ID&^state.AddConst != id {
		return false
	}
	if l.n == maxLinked {
		return true
	}
	l.list[l.n] = e
	l.n++
	return false
}

// collectLinked adds every scalar with the id to l: registers that may still
// be read, and spilled ones.
//
// kernel: collect_linked_regs
func (v *verifier) collectLinked(l *linkedRegs, id uint32) {
	id &^= state.AddConst
	for i := v.cur.Cur; i >= 0; i-- {
		live := v.flow.Points[framePC(v.cur, i)].Live
		f := v.cur.Frames[i]
		for n := range isa.R10 {
			if r := &f.Regs[n]; live&(1<<n) != 0 && l.add(r, id, linkedReg{uint8(i), uint8(n), true}) {
				r.Unlink()
			}
		}
		for spi := range f.Stack.Len() {
			if s := f.Stack.At(spi); s.IsSpill() && l.add(&s.Spilled, id, linkedReg{uint8(i), uint8(spi), false}) {
				f.Stack.Own(spi).Spilled.Unlink()
			}
		}
	}
}

// refine gives every scalar of the set that is linked to known what is known
// of that one.
//
// kernel: sync_linked_regs
func (l *linkedRegs) refine(st *state.State, known *state.Reg) {
	for _, e := range l.list[:l.n] {
		f := st.Frames[e.frame]
		var r *state.Reg
		if e.isReg {
			r = &f.Regs[e.index]
		} else {
			r = &f.Stack.Own(int(e.index)).Spilled
		}
		if r != known && r.Type == regtype.Scalar {
			refineLinked(r, known)
		}
	}
}

// refineLinked gives r what is known of known, at its distance.
func refineLinked(r, known *state.Reg) {
	switch differ := r.ID ^ known.ID; {
	case differ&^state.AddConst != 0:
		return
	case differ&state.AddConst == state.AddConst:
		// One distance is of 64 bits, the other of 32: they do not add up.
		return
	}
	subreg, off, id := r.SubregDef, r.Off, r.ID
	atDistance := (id|known.ID)&state.AddConst != 0 && off != known.Off
	*r = *known
	r.SubregDef = subreg
	if !atDistance {
		return
	}
	r.Off, r.ID = off, id
	distance := scalar.Known(uint64(int64(off) - int64(known.Off)))
	r.Add(&distance)
	if (id|known.ID)&state.AddConst32 != 0 {
		r.ZeroExtend32()
	}
	r.Sync()
}

// SPDX-License-Identifier: GPL-2.0-only

package record

import (
	"iter"
	"math/bits"

	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// placeSet is a set of places.
type placeSet [2]uint64

func (p *placeSet) add(where uint8)      { p[where/64] |= 1 << (where % 64) }
func (p *placeSet) remove(where uint8)   { p[where/64] &^= 1 << (where % 64) }
func (p *placeSet) has(where uint8) bool { return p[where/64]>>(where%64)&1 != 0 }
func (p *placeSet) count() int           { return bits.OnesCount64(p[0]) + bits.OnesCount64(p[1]) }

// all are the places, ascending.
func (p *placeSet) all() iter.Seq[uint8] {
	return func(yield func(uint8) bool) {
		for word, set := range p {
			for ; set != 0; set &= set - 1 {
				if !yield(uint8(word*64 + bits.TrailingZeros64(set))) {
					return
				}
			}
		}
	}
}

// removeFrom removes the places from one on.
func (p *placeSet) removeFrom(where uint8) {
	if where < 64 {
		p[0] &= 1<<where - 1
		p[1] = 0
		return
	}
	p[1] &= 1<<(where-64) - 1
}

// lastNoted is what was found in the state in which all places were noted last. Between
// two heads a state changes little, so most of it is still true.
type lastNoted struct {
	depth int
	regs  [isa.R10]state.Reg
	stack state.Kept
	// set are the places that something is in, and ones what that is.
	set  placeSet
	ones [numPlaces]one
	// shared are the numbers of the values that are but one of ones, for the places in
	// isShared; elsewhere they are of what the place held before. values are those of the
	// cells that ones were noted in last, 0 for none.
	isShared       placeSet
	shared, values [numPlaces]int32
	cells          int
}

// begin forgets everything.
func (l *lastNoted) begin() {
	l.stack.Drop(0)
	l.depth = -1
	l.set, l.isShared = placeSet{}, placeSet{}
	l.shared, l.values = [numPlaces]int32{}, [numPlaces]int32{}
	l.cells = 0
}

// look finds what changed in a state.
func (l *lastNoted) look(st *state.State) {
	f := st.Frame()
	if l.depth != st.Cur {
		l.depth = st.Cur
		l.stack.Drop(0)
		for n := range uint8(isa.R10) {
			l.setRegister(n, &f.Regs[n])
		}
	} else {
		for n := range uint8(isa.R10) {
			r := &f.Regs[n]
			if r.Type == regtype.NotInit && !l.set.has(n) {
				continue // of what cannot be read, there is nothing to compare
			}
			if *r != l.regs[n] {
				l.setRegister(n, r)
			}
		}
	}
	slots := f.Stack.Len()
	chunks := (slots + state.ChunkSlots - 1) / state.ChunkSlots
	for c := range chunks {
		if l.stack.Same(&f.Stack, c) {
			continue
		}
		before := l.stack.Slots(c)
		for i := range min(state.ChunkSlots, slots-c*state.ChunkSlots) {
			s, where := f.Stack.At(c*state.ChunkSlots+i), slotPlaces+uint8(c*state.ChunkSlots+i)
			if s.Bytes == [state.SlotBytes]state.SlotType{} && !l.set.has(where) {
				continue
			}
			if before == nil || *s != before[i] {
				l.setSlot(where, s)
			}
		}
		l.stack.Keep(&f.Stack, c)
	}
	l.stack.Drop(chunks)
	l.set.removeFrom(slotPlaces + uint8(slots))
}

func (l *lastNoted) setRegister(n uint8, r *state.Reg) {
	l.regs[n] = *r
	l.changed(n, l.ones[n].ofRegister(r, l.depth))
}

func (l *lastNoted) setSlot(where uint8, s *state.Slot) {
	l.changed(where, l.ones[where].ofSlot(s, l.depth))
}

// changed notes that a place holds something else now, or nothing.
func (l *lastNoted) changed(where uint8, something bool) {
	l.isShared.remove(where)
	l.values[where] = 0
	if something {
		l.set.add(where)
	} else {
		l.set.remove(where)
	}
}

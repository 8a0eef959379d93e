// SPDX-License-Identifier: GPL-2.0-only

package record

import (
	"math/bits"
	"slices"

	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// MaxSites is how many acquiring instructions of a program are followed.
const MaxSites = 64

// Sites is a set of acquiring instructions, by index of Lifetimes.Sites.
type Sites uint64

// Has reports whether site i is in the set.
func (s Sites) Has(i int) bool { return s>>i&1 != 0 }

// Lifetimes is where the resources of a program live on all the paths that
// were walked: references, locks, saved IRQ states, iterators and dynptrs.
type Lifetimes struct {
	// Sites are the instructions that acquire, in the order they were met; of
	// a program with more than MaxSites the rest is not followed.
	Sites []int
	// At has what holds at each instruction.
	At []Held
}

// Held is what holds at one instruction.
type Held struct {
	// Some and Always are held before it on some path, and on every path that
	// was walked through it.
	Some, Always Sites
	// Used are those whose pointer it reads, writes through or hands to a
	// function; Ended those that it gives back, gives away, or finds to be
	// NULL.
	Used, Ended Sites
	// Open and AlwaysOpen have a bit 1<<ContextRCU and 1<<ContextPreempt for
	// the regions without a site that are open before it.
	Open, AlwaysOpen uint8
	// First numbers the instructions in the order in which they were first walked, from
	// 1; it is 0 for those that were not.
	First int
}

// lives fills Lifetimes while a program is walked.
type lives struct {
	insns []isa.Insn
	found *Lifetimes
	// pc is the instruction of the step, held what was held before it, and queued
	// the paths that it queued.
	pc     int
	walked int // how many instructions were walked for the first time
	held   []state.Ref
	queued []*state.State
	// merged are the places where a path was given up because an earlier one
	// had been there with its like: what was acquired at one site goes on as
	// what was acquired at the other.
	merged []mergedSites
}

type mergedSites struct{ pc, site, as int }

// site is the index of an acquiring instruction, -1 if there are too many.
func (l *lives) site(pc int) int {
	i := slices.Index(l.found.Sites, pc)
	if i < 0 && len(l.found.Sites) < MaxSites {
		i = len(l.found.Sites)
		l.found.Sites = append(l.found.Sites, pc)
	}
	return i
}

func (l *lives) add(s *Sites, acquiredAt int) {
	if i := l.site(acquiredAt); i >= 0 {
		*s |= 1 << i
	}
}

// before notes what holds before the instruction at pc.
func (l *lives) before(st *state.State, pc int) {
	l.pc, l.queued = pc, l.queued[:0]
	l.held = append(l.held[:0], st.Refs...)
	at := &l.found.At[pc]
	var held Sites
	for i := range l.held {
		l.add(&held, l.held[i].PC)
	}
	var open uint8
	if st.ActiveRCU != 0 {
		open |= 1 << ContextRCU
	}
	if st.ActivePreempt != 0 {
		open |= 1 << ContextPreempt
	}
	if at.First == 0 {
		l.walked++
		at.First, at.Always, at.AlwaysOpen = l.walked, ^Sites(0), ^uint8(0)
	}
	at.Some |= held
	at.Always &= held
	at.Open |= open
	at.AlwaysOpen &= open
	l.uses(st, at)
}

// uses notes the resources whose pointers the instruction looks at.
func (l *lives) uses(st *state.State, at *Held) {
	if len(l.held) == 0 {
		return
	}
	in := &l.insns[l.pc]
	switch in.Class() {
	case isa.ClassLDX:
		l.use(st, at, in.Src)
	case isa.ClassST, isa.ClassSTX:
		l.use(st, at, in.Dst)
	case isa.ClassJMP:
		if in.Code() == isa.OpCall {
			for n := uint8(isa.R1); n <= isa.R5; n++ {
				l.use(st, at, n)
			}
		}
	}
}

// use notes the resource that register n points to, or that the stack slot
// holds which it points to.
func (l *lives) use(st *state.State, at *Held, n uint8) {
	r := &st.Frame().Regs[n]
	id := r.RefObjID
	if r.Type.Base() == regtype.PtrToStack && r.Var.IsConst() {
		f := st.Frames[r.Frame]
		off := int64(r.Off) + int64(r.Var.Value)
		if slot := int(-off-1) / state.SlotBytes; off < 0 && slot < f.Stack.Len() && f.Stack.At(slot).IsSpecial() {
			id = f.Stack.At(slot).Spilled.RefObjID
		}
	}
	if id == 0 {
		return
	}
	for i := range l.held {
		if ref := &l.held[i]; ref.ID == id {
			l.add(&at.Used, ref.PC)
		}
	}
}

// after notes what the step ended: on the path that goes on at once, unless that
// ended with the program, and on those it queued.
func (l *lives) after(st *state.State, done bool) {
	if len(l.held) == 0 {
		return
	}
	if !done {
		l.endedBy(st)
	}
	for _, next := range l.queued {
		// A callback that will run at another time starts with nothing.
		if next.Frames[0].AsyncEntry == st.Frames[0].AsyncEntry {
			l.endedBy(next)
		}
	}
}

func (l *lives) endedBy(after *state.State) {
	for i := range l.held {
		ref := &l.held[i]
		held := slices.ContainsFunc(after.Refs, func(r state.Ref) bool { return r.PC == ref.PC && r.ID == ref.ID })
		if !held {
			l.add(&l.found.At[l.pc].Ended, ref.PC)
		}
	}
}

// merge notes that the path in st ends at pc because what follows is known from
// old.
func (l *lives) merge(st, old *state.State, pc int) {
	for i := range min(len(old.Refs), len(st.Refs)) {
		mine, theirs := l.site(st.Refs[i].PC), l.site(old.Refs[i].PC)
		m := mergedSites{pc, mine, theirs}
		if mine >= 0 && theirs >= 0 && mine != theirs && !slices.Contains(l.merged, m) {
			l.merged = append(l.merged, m)
		}
	}
}

// result is what was found. What follows the end
// of a merged path counts for it as for the path that went on; code that is
// laid out before that place does not follow it, but in a loop.
func (l *lives) result() *Lifetimes {
	for range bits.Len(uint(len(l.merged))) + 1 {
		for _, m := range l.merged {
			for pc := m.pc; pc < len(l.found.At); pc++ {
				at := &l.found.At[pc]
				for _, s := range []*Sites{&at.Some, &at.Used, &at.Ended} {
					if s.Has(m.as) {
						*s |= 1 << m.site
					}
				}
			}
		}
	}
	for i := range l.found.At {
		if at := &l.found.At[i]; at.First == 0 {
			at.Always, at.AlwaysOpen = 0, 0
		}
	}
	return l.found
}

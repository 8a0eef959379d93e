// SPDX-License-Identifier: GPL-2.0-only

package verifier

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

// Has tells whether site i is in the set.
func (s Sites) Has(i int) bool { return s>>i&1 != 0 }

// Lifetimes tell where the resources of a program live on all the paths that
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

	visited bool
}

// lifeRecorder fills Lifetimes while a program is walked, if it is on.
type lifeRecorder struct {
	found *Lifetimes
	// before is what was held before the step, queued how many paths waited.
	before []state.Ref
	queued int
	// merged are the places where a path was given up because an earlier one
	// had been there with its like: what was acquired at one site goes on as
	// what was acquired at the other.
	merged []mergedSites
}

type mergedSites struct{ pc, site, as int }

func (l *lifeRecorder) start(numInsns int) {
	l.found = &Lifetimes{At: make([]Held, numInsns)}
}

// site is the index of an acquiring instruction, -1 if there are too many.
func (l *lifeRecorder) site(pc int) int {
	i := slices.Index(l.found.Sites, pc)
	if i < 0 && len(l.found.Sites) < MaxSites {
		i = len(l.found.Sites)
		l.found.Sites = append(l.found.Sites, pc)
	}
	return i
}

func (l *lifeRecorder) add(s *Sites, acquiredAt int) {
	if i := l.site(acquiredAt); i >= 0 {
		*s |= 1 << i
	}
}

// lifeBefore notes what holds before the instruction at v.pc.
func (v *verifier) lifeBefore() {
	l := &v.lives
	if l.found == nil {
		return
	}
	l.before = append(l.before[:0], v.cur.Refs...)
	l.queued = len(v.explore.pending)
	at := &l.found.At[v.pc]
	var held Sites
	for i := range l.before {
		l.add(&held, l.before[i].PC)
	}
	var open uint8
	if v.cur.ActiveRCU != 0 {
		open |= 1 << ContextRCU
	}
	if v.cur.ActivePreempt != 0 {
		open |= 1 << ContextPreempt
	}
	if !at.visited {
		at.visited, at.Always, at.AlwaysOpen = true, ^Sites(0), ^uint8(0)
	}
	at.Some |= held
	at.Always &= held
	at.Open |= open
	at.AlwaysOpen &= open
	v.lifeUses(at)
}

// lifeUses notes the resources whose pointers the instruction looks at.
func (v *verifier) lifeUses(at *Held) {
	in := &v.insns[v.pc]
	switch in.Class() {
	case isa.ClassLDX:
		v.lifeUse(at, in.Src)
	case isa.ClassST, isa.ClassSTX:
		v.lifeUse(at, in.Dst)
	case isa.ClassJMP:
		if in.Code() == isa.OpCall {
			for n := uint8(isa.R1); n <= isa.R5; n++ {
				v.lifeUse(at, n)
			}
		}
	}
}

// lifeUse notes the resource that register n points to, or that the stack slot
// holds which it points to.
func (v *verifier) lifeUse(at *Held, n uint8) {
	r := v.reg(n)
	id := r.RefObjID
	if r.Type.Base() == regtype.PtrToStack && r.Var.IsConst() {
		f := v.cur.Frames[r.Frame]
		off := int64(r.Off) + int64(r.Var.Value)
		if slot := int(-off-1) / state.SlotBytes; off < 0 && slot < f.Stack.Len() && f.Stack.At(slot).IsSpecial() {
			id = f.Stack.At(slot).Spilled.RefObjID
		}
	}
	if id == 0 {
		return
	}
	for i := range v.lives.before {
		if ref := &v.lives.before[i]; ref.ID == id {
			v.lives.add(&at.Used, ref.PC)
		}
	}
}

// lifeAfter notes what the instruction at pc ended: on the path that goes on
// at once, unless that ended with the program, and on those it queued.
func (v *verifier) lifeAfter(pc int, done bool) {
	l := &v.lives
	if l.found == nil {
		return
	}
	if !done {
		l.endedBy(pc, v.cur)
	}
	for _, next := range v.explore.pending[min(l.queued, len(v.explore.pending)):] {
		// A callback that will run at another time starts with nothing.
		if next.st.Frames[0].AsyncEntry == v.cur.Frames[0].AsyncEntry {
			l.endedBy(pc, next.st)
		}
	}
}

func (l *lifeRecorder) endedBy(pc int, after *state.State) {
	for i := range l.before {
		ref := &l.before[i]
		held := slices.ContainsFunc(after.Refs, func(r state.Ref) bool { return r.PC == ref.PC && r.ID == ref.ID })
		if !held {
			l.add(&l.found.At[pc].Ended, ref.PC)
		}
	}
}

// lifeMerged notes that the current path ends here because what follows is
// known from old.
func (v *verifier) lifeMerged(old *state.State) {
	l := &v.lives
	if l.found == nil {
		return
	}
	for i := range min(len(old.Refs), len(v.cur.Refs)) {
		mine, theirs := l.site(v.cur.Refs[i].PC), l.site(old.Refs[i].PC)
		m := mergedSites{v.pc, mine, theirs}
		if mine >= 0 && theirs >= 0 && mine != theirs && !slices.Contains(l.merged, m) {
			l.merged = append(l.merged, m)
		}
	}
}

// result is what was found, nil if nothing was asked for. What follows the end
// of a merged path counts for it as for the path that went on; code that is
// laid out before that place does not follow it, but in a loop.
func (l *lifeRecorder) result() *Lifetimes {
	if l.found == nil {
		return nil
	}
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
		if at := &l.found.At[i]; !at.visited {
			at.Always, at.AlwaysOpen = 0, 0
		}
	}
	return l.found
}

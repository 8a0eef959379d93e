// SPDX-License-Identifier: GPL-2.0-only

package record

import (
	"slices"

	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/scalar"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// A path ends where an earlier one had been with a state that covers it. The covering
// state may have known other numbers: those that nothing safe depends on are not
// compared, nor what is not read any more. So what was noted behind that place lacks
// numbers that the path would have had there. spread follows them through the code:
//
//	- where a path ends, a place that holds what the covering state had not is extra;
//	- what is computed from something extra is extra, and computed as the verifier would;
//	- a conditional jump narrows it; a write of something else ends it;
//	- after a few rounds a number may be any.
//
// What a branch decides, a pointer's offset and a length are never extra, since the
// verifier compares them. The frames of callers are followed roughly: what a
// function may write through a pointer into them is anything.

// spread collects what is extra before heads.
type spread struct {
	w *walker
	// heads are those that something is extra before. The others, which are nil, and what
	// lies between heads have nothing.
	heads []*headExtras
	// rounds counts how often a head was reached; queued are those to look at, and next
	// is not behind the first of them.
	rounds []uint8
	queued []bool
	next   int
	ids    links
	// starts are the beginnings of functions; reads says of them that something extra
	// is in the frames of their callers, lost that nothing is known of those.
	starts      []int
	entered     []int
	reads, lost []bool
	// sites are the calls and references of each function, refs the functions that it
	// refers to.
	sites, refs [][]int
}

// headExtras are what is extra before a head, and the ways by which that comes there, by
// place.
type headExtras struct {
	extras
	ways [numPlaces]ways
}

// manyRounds is after how many a number is given up.
const manyRounds = 6

// mostFree is how many headExtras are kept for the next walk.
const mostFree = 256

// merge notes that the path in st ends before pc, because old covers it.
func (w *walker) merge(st, old *state.State, pc int) {
	if st.Speculative || w.Full {
		return
	}
	if !w.heads[pc] {
		w.becomeHead(pc)
	}
	w.paths[pc]++
	w.all(st, pc)
	if w.spread == nil {
		n := len(w.heads)
		w.spread = &spread{w: w, heads: make([]*headExtras, n), rounds: make([]uint8, n), queued: make([]bool, n)}
	}
	w.spread.seed(st, old, pc)
}

// seed notes what st holds that old did not.
func (s *spread) seed(st, old *state.State, pc int) {
	s.ids = s.ids[:0]
	for depth := 0; depth <= min(st.Cur, old.Cur); depth++ {
		seeded := false
		a, b := st.Frames[depth], old.Frames[depth]
		first, at, by := uint8(0), []int{pc}, s.w.way(pc, st.LastPC)
		if depth < st.Cur {
			// A function called back returns to the call, others behind it.
			first, at, by = isa.R6, []int{st.Frames[depth+1].CallSite, st.Frames[depth+1].CallSite + 1}, allWays
		}
		for n := first; n < isa.R10; n++ {
			switch r := &a.Regs[n]; {
			case r.Type == regtype.NotInit:
				s.seedUnset(at, n, by)
			case !s.ids.coveredBy(r, &b.Regs[n], depth):
				s.w.now.ofRegister(r, depth)
				s.seedOne(at, n, &s.w.now, by)
				seeded = true
			}
		}
		for i := range a.Stack.Len() {
			if i < b.Stack.Len() && s.ids.coveredSlot(a.Stack.At(i), b.Stack.At(i), depth) {
				continue
			}
			if s.w.now.ofSlot(a.Stack.At(i), depth) {
				s.seedOne(at, slotPlaces+uint8(i), &s.w.now, by)
				seeded = true
			}
		}
		s.seedUnwritten(at, a, by)
		if depth < st.Cur && seeded {
			s.entered = append(s.entered, framePC(st, depth+1, pc))
		}
	}
}

// framePC is the instruction that a frame of st, which is at pc, is at.
func framePC(st *state.State, depth, pc int) int {
	if depth == st.Cur {
		return pc
	}
	return st.Frames[depth+1].CallSite
}

// nowhere is what a place holds that nothing is in.
var nowhere = &known{unset: true}

// seedUnset notes that nothing is in a register where something was on another path.
func (s *spread) seedUnset(at []int, where uint8, by ways) {
	for _, pc := range at {
		if pc >= 0 && s.w.heads[pc] && s.w.known(pc, where) != nil {
			s.add(pc, where, nowhere, by)
		}
	}
}

// seedUnwritten does the same for slots.
func (s *spread) seedUnwritten(at []int, f *state.Frame, by ways) {
	for _, pc := range at {
		if pc < 0 || !s.w.heads[pc] {
			continue
		}
		for _, c := range s.w.cells[pc] {
			i := int(c.where) - slotPlaces
			if i >= 0 && (i >= f.Stack.Len() || f.Stack.At(i).Bytes == [state.SlotBytes]state.SlotType{}) {
				s.add(pc, c.where, nowhere, by)
			}
		}
	}
}

// seedOne notes a value, which is kept only if it is new there.
func (s *spread) seedOne(at []int, where uint8, o *one, by ways) {
	var k *known
	for _, pc := range at {
		if pc < 0 || !s.w.heads[pc] {
			continue
		}
		switch h := s.heads[pc]; {
		case h != nil && h.at[where] != nil && h.at[where].hasOne(o, 0):
			h.ways[where] |= by
			continue
		case k == nil:
			k = s.w.temporary.of(o.kind)
			k.bytes = o.bytes
		}
		s.add(pc, where, k, by)
	}
}

// links pairs the ids of linked numbers of a covering state with those of another: a
// comparison of one narrows the others only where they are linked too.
type links []struct{ old, now uint32 }

func (l *links) match(old, now uint32) bool {
	old, now = old&^state.AddConst, now&^state.AddConst
	for _, p := range *l {
		if p.old == old || p.now == now {
			return p.old == old && p.now == now
		}
	}
	*l = append(*l, struct{ old, now uint32 }{old, now})
	return true
}

// coveredBy reports whether the values of r are among those of old, and stay so.
func (l *links) coveredBy(r, old *state.Reg, depth int) bool {
	if r == old || *r == *old {
		return r.Type != regtype.Scalar || r.ID == 0 || l.match(r.ID, r.ID)
	}
	if r.Type != old.Type {
		return false
	}
	var a, b kind
	a.of(r, depth)
	b.of(old, depth)
	if !b.same(&a) || !b.has(&a) {
		return false
	}
	if old.Type != regtype.Scalar || old.ID == 0 {
		return true
	}
	return r.ID != 0 && r.ID&state.AddConst == old.ID&state.AddConst && r.Off == old.Off && l.match(old.ID, r.ID)
}

func (l *links) coveredSlot(s, old *state.Slot, depth int) bool {
	if s.Bytes != old.Bytes {
		return false
	}
	return !s.IsSpill() || l.coveredBy(&s.Spilled, &old.Spilled, depth)
}

// add makes values extra before a head that they come to by some ways, and queues the
// head if they are new there. What k points to is kept, and must not be changed.
func (s *spread) add(pc int, where uint8, k *known, by ways) {
	h := s.heads[pc]
	if h == nil {
		h = s.w.newHeadExtras()
		s.heads[pc] = h
	}
	h.ways[where] |= by
	n := h.at[where]
	switch {
	case n == k || n != nil && n.hasAll(k):
		return
	case n == nil:
		n = k
	default:
		n = s.w.temporary.copied(n)
		n.addAll(k)
	}
	if s.rounds[pc] > manyRounds && n.mayBeNumber() {
		n = s.w.temporary.copied(n)
		n.blur()
		for i := range n.kinds {
			if n.kinds[i].typ == regtype.Scalar {
				n.kinds[i].num = scalar.Unknown()
			}
		}
	}
	h.put(where, n)
	s.enqueue(pc)
}

func (s *spread) enqueue(pc int) {
	s.queued[pc] = true
	s.next = min(s.next, pc)
}

// finish follows what is extra through the code, and adds it to what is known. It goes
// in the order of the code, which is mostly that of the paths.
func (s *spread) finish() {
	s.findFunctions()
	for _, pc := range s.entered {
		fn, _ := s.function(pc)
		s.enter(s.starts[fn], true)
	}
	for s.next < len(s.queued) {
		pc := s.next
		s.next++
		if s.queued[pc] {
			s.queued[pc] = false
			s.rounds[pc] = min(s.rounds[pc]+1, 255)
			s.block(pc)
		}
	}
	for pc, h := range s.heads {
		if h == nil {
			continue
		}
		for where := range h.set.all() {
			s.w.include(pc, where, h.at[where], h.ways[where])
		}
		if len(s.w.free) < mostFree {
			s.w.free = append(s.w.free, h)
		}
	}
}

// findFunctions notes where functions begin.
func (s *spread) findFunctions() {
	insns := s.w.tables.Insns
	s.starts = []int{0}
	for pc := range insns {
		if in := &insns[pc]; in.IsSubprogCall() || in.IsFuncRef() {
			s.starts = append(s.starts, pc+1+int(in.Imm))
		}
	}
	slices.Sort(s.starts)
	s.starts = slices.Compact(s.starts)
	s.sites, s.refs = make([][]int, len(s.starts)), make([][]int, len(s.starts))
	for pc := range insns {
		in := &insns[pc]
		if !in.IsSubprogCall() && !in.IsFuncRef() {
			continue
		}
		to := pc + 1 + int(in.Imm)
		callee, _ := s.function(to)
		s.sites[callee] = append(s.sites[callee], pc)
		if in.IsFuncRef() {
			caller, _ := s.function(pc)
			s.refs[caller] = append(s.refs[caller], to)
		}
	}
	s.reads, s.lost = make([]bool, len(s.starts)), make([]bool, len(s.starts))
}

// function is the number of the function of an instruction, and end is behind it.
func (s *spread) function(pc int) (i, end int) {
	i, found := slices.BinarySearch(s.starts, pc)
	if !found {
		i--
	}
	end = len(s.w.heads)
	if i+1 < len(s.starts) {
		end = s.starts[i+1]
	}
	return i, end
}

// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

const (
	// longHistory is how many steps a path may take before its state is
	// cached come what may.
	longHistory = 40
	// A state is worth caching after so many jumps and instructions since the
	// last; inside a loop, after so many more.
	minJumps, minInsns         = 2, 8
	loopMinJumps, loopMinInsns = 20, 100
	// A cached state is dropped after so many misses for each hit; more where
	// iterations of a loop are meant to meet.
	missesPerHit, missesPerLoopHit = 3, 64
)

// cached is a state kept to prune later paths.
//
// kernel: struct bpf_verifier_state_list
type cached struct {
	st           *state.State
	next         *cached
	misses, hits int
	// dropped states are in no list any more, and live on only for the states
	// that descend from them.
	dropped bool
	// failed states led to a fault after which the walk goes on; they prune nothing.
	failed bool
}

// stateCache holds the states to prune with.
type stateCache struct {
	// lists are hashed by instruction and call site; the newest state is the
	// first of its list.
	//
	// kernel: explored_states
	lists []*cached
	// entries are all states ever cached that are not freed, by
	// State.Checkpoint; free lists the unused numbers.
	entries []*cached
	free    []int
	// listed, dropped and backedges count the states that are in lists, in
	// none, and waiting at the end of a loop.
	listed, dropped, backedges int
}

// countPeak notes how many states are kept.
//
// kernel: update_peak_states
func (v *verifier) countPeak() {
	c := &v.explore.cache
	v.stats.PeakStates = max(v.stats.PeakStates, c.listed+c.dropped+c.backedges)
}

// add puts a state in front of a list.
func (c *stateCache) add(list **cached, st *state.State) {
	var e *cached
	if n := len(c.free); n > 0 {
		st.Checkpoint = c.free[n-1]
		c.free = c.free[:n-1]
		e = c.entries[st.Checkpoint]
		*e = cached{}
	} else {
		st.Checkpoint = len(c.entries)
		e = &cached{}
		c.entries = append(c.entries, e)
	}
	e.st, e.next = st, *list
	*list = e
}

// maybeFree frees a dropped state that nothing descends from any more.
//
// kernel: maybe_free_verifier_state
func (v *verifier) maybeFree(e *cached) {
	if !e.dropped || e.st.Branches != 0 || v.isLoopOpen(e.st) {
		return
	}
	c := &v.explore.cache
	c.free = append(c.free, e.st.Checkpoint)
	v.pool.Free(e.st)
	e.st = nil
	c.dropped--
}

// list is where states at pc are cached.
//
// kernel: explored_state
func (v *verifier) list(pc int) **cached {
	lists := v.explore.cache.lists
	h := uint32(pc) ^ uint32(v.frame().CallSite)
	return &lists[h%uint32(len(lists))]
}

// eachExplored calls f for the states cached for pc and the active function's
// call site, newest first, until f returns false. States of other
// instructions that share the list are among them.
func (v *verifier) eachExplored(pc int, f func(*state.State) bool) {
	for e := *v.list(pc); e != nil && f(e.st); e = e.next {
	}
}

// prune reports whether the current state is covered by one cached at this
// instruction. If not, it caches the state where that is likely to pay.
//
// kernel: is_state_visited
func (v *verifier) prune() (covered bool, r *Rejection) {
	e := &v.explore
	point := &v.flow.Points[v.pc]
	force := v.testStateFreq || point.Checkpoint || len(v.cur.History) > longHistory
	add := force || e.jumps-e.jumpsThen >= minJumps && e.insns-e.insnsThen >= minInsns

	list := v.list(v.pc)
	v.cleanCached(*list)

	seen, open := 0, false
	for at := list; *at != nil; {
		old := *at
		seen++
		if old.st.PC != v.pc || old.failed {
			at = &old.next
			continue
		}
		verdict, r := v.compare(old.st, &open)
		if r != nil {
			return false, r
		}
		switch verdict {
		case hit:
			old.hits++
			v.record.Merge(v.cur, old.st, v.pc)
			return true, v.adopt(old.st, open)
		case missInLoop:
			if !force && e.jumps-e.jumpsThen < loopMinJumps && e.insns-e.insnsThen < loopMinInsns {
				add = false
			}
		}
		if !v.miss(at, add) {
			at = &old.next
		}
	}
	v.stats.MaxStatesPerInsn = max(v.stats.MaxStatesPerInsn, seen)
	if !v.privileged && seen > v.limits.statesUnprivileged || !add {
		return false, nil
	}
	return false, v.cacheState(list)
}

// miss counts that the state at *at did not help, and takes it off its list if
// it never does. counted is false where no new state will be cached: then
// iterations of a loop would drive out the state of an earlier one.
func (v *verifier) miss(at **cached, counted bool) (dropped bool) {
	old := *at
	if counted {
		old.misses++
	}
	n := missesPerHit
	if v.flow.Points[v.pc].Checkpoint && old.st.Branches > 0 {
		n = missesPerLoopHit
	}
	if old.misses <= old.hits*n+n {
		return false
	}
	c := &v.explore.cache
	*at = old.next
	old.dropped = true
	c.dropped++
	c.listed--
	v.maybeFree(old)
	return true
}

// comparison is how a cached state compares with the current one.
type comparison uint8

const (
	miss       comparison = iota
	missInLoop            // the cached state is one that the current one may descend from
	hit
)

// compare compares the current state with one cached at the same instruction.
// open says of a hit that the marks of the cached state are not final. It
// carries over from one cached state to the next, since a hit of a callback's
// call goes by the last answer given.
func (v *verifier) compare(old *state.State, open *bool) (comparison, *Rejection) {
	if old.Branches != 0 {
		return v.compareAncestor(old, open)
	}
	*open = v.isLoopOpen(old)
	how := compareUsed
	if *open {
		how = compareRanges
	}
	if v.covers(v, old, v.cur, how) {
		return hit, nil
	}
	return miss, nil
}

// compareAncestor compares the current state with one whose paths are not all
// explored, most likely one that the current state descends from. Equal
// states are then either a loop that is known to end, or an endless one.
func (v *verifier) compareAncestor(old *state.State, open *bool) (comparison, *Rejection) {
	cur := v.cur
	if f := old.Frame(); f.InAsync && f.AsyncEntry != cur.Frame().AsyncEntry {
		return missInLoop, nil
	}
	switch {
	case v.aux[v.pc].isIterNext:
		if v.covers(v, old, cur, compareRanges) && v.isActiveIter() {
			*open = true
			return hit, nil
		}
		return missInLoop, nil
	case v.insns[v.pc].IsMayGoto():
		if old.MayGotoDepth != cur.MayGotoDepth && v.covers(v, old, cur, compareRanges) {
			*open = true
			return hit, nil
		}
	}
	if v.flow.Points[v.pc].CallsCallback {
		if v.covers(v, old, cur, compareRanges) {
			return hit, nil
		}
		return missInLoop, nil
	}
	if mayLoop(old, cur) && v.covers(v, old, cur, compareExact) && !iterDepthsDiffer(old, cur) &&
		old.MayGotoDepth == cur.MayGotoDepth && old.CallbackUnroll == cur.CallbackUnroll {
		return miss, v.rejectEndlessLoop(old)
	}
	return missInLoop, nil
}

// rejectEndlessLoop refuses a path that is back where it was with nothing
// changed.
func (v *verifier) rejectEndlessLoop(old *state.State) *Rejection {
	v.sayLine(v.pc)
	r := v.atLastStep(v.reject(einval, fault.InfiniteLoop.Of(fault.Instruction{PC: v.pc})))
	v.say("cur state:")
	v.tracePrintState(v.cur, v.cur.Cur, true)
	v.say("old state:")
	v.tracePrintState(old, v.cur.Cur, true)
	return r
}

// isActiveIter reports whether the iterator which the call at v.pc advances is
// between its first and its last element.
func (v *verifier) isActiveIter() bool {
	r := v.reg(isa.R1)
	off := int(r.Off) + int(int64(r.Var.Value))
	spi := (-off - 1) / state.SlotBytes
	st, _ := v.cur.Frames[r.Frame].Stack.At(spi).Spilled.Iter()
	return st == state.IterActive
}

// mayLoop is a quick test that old and cur could be equal in all respects.
//
// kernel: states_maybe_looping
func mayLoop(old, cur *state.State) bool {
	if old.Cur != cur.Cur {
		return false
	}
	a, b := old.Frame(), cur.Frame()
	for i := range a.Regs {
		o, c := &a.Regs[i], &b.Regs[i]
		if !sameValue(o, c) || o.ID != c.ID || o.RefObjID != c.RefObjID {
			return false
		}
	}
	return true
}

// iterDepthsDiffer reports whether an iterator advanced between old and cur, so that
// equal states are not an endless loop.
//
// kernel: iter_active_depths_differ
func iterDepthsDiffer(old, cur *state.State) bool {
	for i := old.Cur; i >= 0; i-- {
		for spi := range old.Frames[i].Stack.Len() {
			s := old.Frames[i].Stack.At(spi)
			if s.Bytes[0] != state.SlotIter {
				continue
			}
			st, depth := s.Spilled.Iter()
			if st != state.IterActive {
				continue
			}
			if _, now := cur.Frames[i].Stack.At(spi).Spilled.Iter(); now != depth {
				return true
			}
		}
	}
	return false
}

// adopt ends the path in favour of an equal cached state: what that state
// needed to be precise, the path before the current one must be precise in.
// Where the cached state's marks are not final, a copy of the current state
// waits for them.
func (v *verifier) adopt(old *state.State, open bool) *Rejection {
	if v.flow.Points[v.pc].Jump {
		if r := v.pushStep(0, 0); r != nil {
			return r
		}
	}
	if _, r := v.propagatePrecision(old, v.cur); r != nil {
		return r
	}
	if !open {
		return nil
	}
	return v.addBackedge(old)
}

// cacheState keeps the current state to prune with, and makes it the parent of
// the path from here on.
func (v *verifier) cacheState(list **cached) *Rejection {
	e := &v.explore
	v.stats.TotalStates++
	v.record.Keep(v.pc)
	e.cache.listed++
	v.countPeak()
	e.jumpsThen, e.insnsThen = e.jumps, e.insns
	if v.privileged {
		forgetPrecision(v.cur)
	}
	st := v.pool.NewState()
	v.pool.Copy(st, v.cur)
	st.PC = v.pc
	if st.Branches != 1 {
		return v.bug("is_state_visited:branches_to_explore=%d insn %d", st.Branches, v.pc)
	}
	v.maybeEnterLoop(st)
	v.cur.Parent = st
	v.cur.FirstPC = v.pc
	v.cur.DFSDepth = st.DFSDepth + 1
	v.cur.History = v.cur.History[:0]
	e.cache.add(list, st)
	return nil
}

// forgetPrecision drops the marks that the state inherited: those that its own
// future needs will be set again.
//
// kernel: mark_all_scalars_imprecise
func forgetPrecision(st *state.State) {
	for i := 0; i <= st.Cur; i++ {
		f := st.Frames[i]
		for n := range isa.R10 {
			if f.Regs[n].Type == regtype.Scalar {
				f.Regs[n].Precise = false
			}
		}
		for spi := range f.Stack.Len() {
			if s := f.Stack.At(spi); s.IsScalarSpill() && s.Spilled.Precise {
				f.Stack.Own(spi).Spilled.Precise = false
			}
		}
	}
}

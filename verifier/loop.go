// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"strconv"

	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// maxBackedgeRounds bounds how often marks travel round a loop before every
// scalar in it is made precise.
//
// kernel: MAX_BACKEDGE_ITERS
const maxBackedgeRounds = 64

// loopChain names one visit to a loop: the calls that lead to it, and the
// loop as a strongly connected component.
//
// kernel: struct bpf_scc_callchain
type loopChain struct {
	callSites [state.MaxFrames - 1]int
	scc       int
}

// loopVisit is one visit to a loop. While it is open, what its states need is
// not known: a path that ended because it was equal to an earlier state of the
// loop needs whatever that state will turn out to need.
//
// kernel: struct bpf_scc_visit
type loopVisit struct {
	chain loopChain
	// entry is the state that entered the loop, nil while the loop is not
	// being walked.
	entry *state.State
	// backedges are the ends of such paths, oldest first.
	backedges []*state.State
}

// loopVisits are the visits to one component.
type loopVisits []loopVisit

// chainOf is the visit that st belongs to: that of the outermost frame that is
// inside a loop.
//
// kernel: compute_scc_callchain
func (v *verifier) chainOf(st *state.State) (c loopChain, ok bool) {
	for i := 0; i <= st.Cur; i++ {
		pc := framePC(st, i)
		if scc := v.flow.Points[pc].SCC; scc != 0 {
			c.scc = int(scc)
			return c, true
		}
		if i < st.Cur {
			c.callSites[i] = pc
		}
	}
	return c, false
}

// visitOf is the visit that st belongs to, nil for none so far.
//
// kernel: scc_visit_lookup
func (v *verifier) visitOf(c *loopChain) *loopVisit {
	visits := v.explore.loops[c.scc]
	for i := range visits {
		if visits[i].chain == *c {
			return &visits[i]
		}
	}
	return nil
}

// maybeEnterLoop notes that st is the first state in its loop, if it is in one
// that is not being walked yet.
//
// kernel: maybe_enter_scc
func (v *verifier) maybeEnterLoop(st *state.State) {
	c, ok := v.chainOf(st)
	if !ok {
		return
	}
	visit := v.visitOf(&c)
	if visit == nil {
		loops := &v.explore.loops[c.scc]
		*loops = append(*loops, loopVisit{chain: c})
		visit = &(*loops)[len(*loops)-1]
	}
	if visit.entry == nil {
		visit.entry = st
		v.sayLoop("SCC enter ", &c)
	}
}

// maybeExitLoop closes the visit that st entered, now that every path from st
// is explored, and spreads what is known of its states over its back edges.
//
// kernel: maybe_exit_scc
func (v *verifier) maybeExitLoop(st *state.State) *Rejection {
	c, ok := v.chainOf(st)
	if !ok {
		return nil
	}
	visit := v.visitOf(&c)
	if visit == nil {
		if st.Speculative {
			return nil
		}
		return v.bug("scc exit: no visit info for call chain %s", c.append(nil))
	}
	if visit.entry != st {
		return nil
	}
	v.sayLoop("SCC exit ", &c)
	visit.entry = nil
	v.explore.cache.backedges -= len(visit.backedges)
	v.countPeak()
	return v.spreadMarks(visit)
}

// addBackedge keeps a copy of the current state until the marks of old, which
// is equal, are final.
//
// kernel: add_scc_backedge
func (v *verifier) addBackedge(old *state.State) *Rejection {
	st := v.pool.NewState()
	v.pool.Copy(st, v.cur)
	st.Equal = old
	st.PC = v.pc
	c, ok := v.chainOf(old)
	if !ok {
		return v.bug("add backedge: no SCC in verification path, insn_idx %d", old.PC)
	}
	visit := v.visitOf(&c)
	if visit == nil {
		return v.bug("add backedge: no visit info for call chain %s", c.append(nil))
	}
	v.sayLoop("SCC backedge ", &c)
	visit.backedges = append(visit.backedges, st)
	v.explore.cache.backedges++
	v.countPeak()
	return nil
}

// isLoopOpen reports whether the marks of st are not final.
//
// kernel: incomplete_read_marks
func (v *verifier) isLoopOpen(st *state.State) bool {
	c, ok := v.chainOf(st)
	if !ok {
		return false
	}
	visit := v.visitOf(&c)
	return visit != nil && len(visit.backedges) > 0
}

// spreadMarks makes precise, before each back edge of a visit, what the state
// it leads to needs, until nothing changes.
//
// kernel: propagate_backedges
func (v *verifier) spreadMarks(visit *loopVisit) *Rejection {
	for round, changed := 0, true; changed; round++ {
		if round > maxBackedgeRounds {
			if v.trace.level&logAllPaths != 0 {
				v.say("propagate_backedges: too many iterations\n")
			}
			for i := len(visit.backedges) - 1; i >= 0; i-- {
				v.forcePrecise(visit.backedges[i])
			}
			break
		}
		changed = false
		for i := len(visit.backedges) - 1; i >= 0; i-- {
			st := visit.backedges[i]
			more, r := v.propagatePrecision(st.Equal, st)
			if r != nil {
				return r
			}
			changed = changed || more
		}
	}
	v.freeBackedges(visit)
	return nil
}

// kernel: free_backedges
func (v *verifier) freeBackedges(visit *loopVisit) {
	for _, st := range visit.backedges {
		v.pool.Free(st)
	}
	visit.backedges = visit.backedges[:0]
}

func (v *verifier) sayLoop(what string, c *loopChain) {
	t := &v.trace
	if t.level&logAllPaths != 0 {
		t.buf = append(c.append(append(t.buf, what...)), '\n')
	}
}

// append appends the chain: "(12,3)".
//
// kernel: format_callchain
func (c *loopChain) append(b []byte) []byte {
	b = append(b, '(')
	for _, pc := range c.callSites {
		if pc == 0 {
			break
		}
		b = append(strconv.AppendInt(b, int64(pc), 10), ',')
	}
	return append(strconv.AppendInt(b, int64(c.scc), 10), ')')
}

// freeStates gives back every state of the walk that ended, and what it knew
// of loops.
//
// kernel: free_states
func (v *verifier) freeStates() {
	e := &v.explore
	for _, p := range e.pending {
		v.pool.Free(p.st)
	}
	e.pending = e.pending[:0]
	for i := range e.loops {
		for j := range e.loops[i] {
			v.freeBackedges(&e.loops[i][j])
		}
		e.loops[i] = e.loops[i][:0]
	}
	c := &e.cache
	c.free = c.free[:0]
	for i, entry := range c.entries {
		if entry.st != nil {
			v.pool.Free(entry.st)
			entry.st = nil
		}
		c.free = append(c.free, i)
	}
	clear(c.lists)
	v.pool.Free(v.cur)
	v.cur = nil
}

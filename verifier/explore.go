// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// cancelEvery is the number of instructions between two questions whether
// the run is still wanted; a power of two.
const cancelEvery = 4096

// pending is a path to be walked later.
//
// kernel: struct bpf_verifier_stack_elem
type pending struct {
	st         *state.State
	pc, prevPC int
	logEnd     int
}

// explorer is what the walk keeps besides the state of its current path.
type explorer struct {
	// pending is a stack: the path queued last is walked first.
	pending []pending
	cache   stateCache
	loops   []loopVisits // by number of the component
	ids     idMap

	// step is the index in the path's history of the current instruction's
	// entry, noStep if it has none yet.
	step int

	insns, jumps int
	// insnsThen and jumpsThen are the counts when a state was last cached.
	insnsThen, jumpsThen int
}

const noStep = -1

// begin makes e, which has no states any more, ready for a program.
func (e *explorer) begin(insns int) {
	e.insns, e.jumps, e.insnsThen, e.jumpsThen = 0, 0, 0, 0
	c := &e.cache
	c.lists = cleared(c.lists, insns)
	c.listed, c.dropped, c.backedges = 0, 0, 0
}

// cleared is a slice of n zeros, in the memory of s where that suffices.
func cleared[T any](s []T, n int) []T {
	if n > cap(s) {
		return make([]T, n)
	}
	s = s[:n]
	clear(s)
	return s
}

// pushBranch queues a copy of the current state to go on at pc later.
//
// kernel: push_stack
func (v *verifier) pushBranch(pc, prevPC int, speculative bool) (*state.State, *Rejection) {
	st := v.pool.NewState()
	v.pool.Copy(st, v.cur)
	st.Speculative = st.Speculative || speculative
	v.queue(pc, prevPC, st)
	if n := len(v.explore.pending); n > v.limits.pending {
		return nil, v.reject(efault, fault.TooManyBranches.Of(fault.Depth{Count: n}))
	}
	if st.Parent != nil {
		st.Parent.Branches++
	}
	return st, nil
}

// pushAsync queues the entry of an asynchronous callback: a fresh stack,
// whatever the caller's state.
//
// kernel: push_async_cb
func (v *verifier) pushAsync(pc, prevPC, subprog int, sleepable bool) (*state.State, *Rejection) {
	st := v.pool.NewState()
	v.queue(pc, prevPC, st)
	if n := len(v.explore.pending); n > v.limits.pending {
		return nil, v.reject(efault, fault.TooManyAsyncCalls.Of(fault.Depth{Count: n}))
	}
	st.Branches = 1
	st.InSleepable = sleepable
	st.Frames[0] = v.pool.NewFrame()
	v.initFrame(st.Frames[0], entryCallSite, 0, subprog)
	return st, nil
}

// entryCallSite is the call site of a function that nobody calls.
//
// kernel: BPF_MAIN_FUNC
const entryCallSite = -1

func (v *verifier) queue(pc, prevPC int, st *state.State) {
	v.explore.pending = append(v.explore.pending, pending{st: st, pc: pc, prevPC: prevPC, logEnd: v.trace.end()})
	v.record.Queue(st, pc)
}

// popBranch makes the path queued last the current one; false if none is left.
//
// kernel: pop_stack
func (v *verifier) popBranch() bool {
	e := &v.explore
	n := len(e.pending) - 1
	if n < 0 {
		return false
	}
	next := e.pending[n]
	e.pending = e.pending[:n]
	v.pool.Free(v.cur)
	v.cur = next.st
	v.pc, v.prevPC = next.pc, next.prevPC
	v.record.Pop()
	if v.trace.level&logAllPaths == 0 {
		v.trace.reset(next.logEnd)
	}
	return true
}

// endPath closes the books of the path that ends here: which states have no
// way left to be explored, and what the path read and wrote.
//
// kernel: do_check, at process_bpf_exit
func (v *verifier) endPath() *Rejection {
	v.trace.scratchAll()
	if r := v.countDown(v.cur); r != nil {
		return r
	}
	return v.updateLiveStack()
}

// countDown takes the path that ends in st off the branches of st, and of the
// states before it that it was the last branch of.
//
// kernel: update_branch_counts
func (v *verifier) countDown(st *state.State) *Rejection {
	inCache := false
	for st != nil {
		st.Branches--
		if st.Branches != 0 {
			break
		}
		if r := v.maybeExitLoop(st); r != nil {
			return r
		}
		parent := st.Parent
		if inCache {
			v.maybeFree(v.explore.cache.entries[st.Checkpoint])
		}
		st, inCache = parent, true
	}
	return nil
}

// walk explores every path from the current state at v.pc.
//
// kernel: do_check
func (v *verifier) walk() *Rejection {
	e := &v.explore
	showState := false
	prevPC := -1
	for {
		e.step = noStep
		v.prevPC = prevPC
		if v.pc >= len(v.insns) {
			return v.bug("the walk leaves the program at insn %d of %d", v.pc, len(v.insns))
		}
		e.insns++
		if e.insns > v.limits.insns {
			return v.atLastStep(v.reject(e2big, fault.TooManyInstructions.Of(fault.Depth{Count: e.insns})))
		}
		if e.insns%cancelEvery == 0 && v.opts.Cancel != nil && v.opts.Cancel() {
			return &Rejection{end: endCanceled}
		}
		v.cur.LastPC, v.cur.PC = v.prevPC, v.pc
		done, r := v.visit(&showState)
		if r != nil {
			if !v.passOver(r) {
				return r
			}
			done = true
		}
		prevPC = v.pc
		if !done {
			v.record.Before(v.cur, v.pc)
			done, r = v.advance(&showState)
			if r != nil {
				return r
			}
			v.record.After(v.cur, v.pc, done)
			if checkSanity {
				if r := v.requireSane(); r != nil {
					return r
				}
			}
		}
		if !done {
			continue
		}
		if r := v.endPath(); r != nil {
			return r
		}
		if !v.popBranch() {
			return nil
		}
		prevPC = v.prevPC
		showState = true
	}
}

// atLastStep makes a fault of the path, not of an instruction, one of the last
// instruction on it: that is where the log ends.
func (v *verifier) atLastStep(r *Rejection) *Rejection {
	if v.prevPC >= 0 {
		r.report.PC = v.prevPC
	}
	return r
}

// visit prunes the path if the current state is covered by one seen before;
// else it caches the state where that pays, and traces the instruction.
func (v *verifier) visit(showState *bool) (pruned bool, r *Rejection) {
	t := &v.trace
	point := &v.flow.Points[v.pc]
	if point.Prune {
		pruned, r := v.prune()
		if r != nil {
			return false, r
		}
		if pruned {
			v.sayPruned(*showState)
			return true, nil
		}
	}
	if point.Jump {
		if r := v.pushStep(0, 0); r != nil {
			return false, r
		}
	}
	if t.level&logPaths == 0 {
		return false, nil
	}
	if t.level&logAllPaths != 0 && *showState {
		v.say("\nfrom %d to %d%s:", v.prevPC, v.pc, v.speculation())
		v.tracePrintState(v.cur, v.cur.Cur, true)
		*showState = false
	}
	v.traceInsn(v.pc)
	return false, nil
}

func (v *verifier) sayPruned(showState bool) {
	switch {
	case v.trace.level&logPaths == 0:
	case showState:
		v.say("\nfrom %d to %d%s: safe\n", v.prevPC, v.pc, v.speculation())
	default:
		v.say("%d: safe\n", v.pc)
	}
}

// speculation marks a path in the log that only the processor's speculation
// can take.
func (v *verifier) speculation() string {
	if v.cur.Speculative {
		return " (speculative execution)"
	}
	return ""
}

// advance checks and applies the instruction at v.pc. done reports whether the path
// ends, because it left the program or because a barrier keeps speculation
// from going on.
func (v *verifier) advance(showState *bool) (done bool, r *Rejection) {
	pc := v.pc
	aux := &v.aux[pc]
	v.markSeen()
	if v.cur.Speculative && aux.nospec {
		return true, nil
	}
	v.resetStackWrites(pc)
	if v.further != nil {
		v.keepForMending()
	}
	done, r = v.step(showState)
	if r != nil && v.further != nil {
		done, r = v.goOn(pc, r, showState)
	}
	if r == nil || r.recoverable() {
		v.commitStackWrites()
	}
	if r != nil {
		if !r.recoverable() || !v.cur.Speculative {
			return false, r
		}
		aux.nospec = true
		aux.aluState = 0
		return true, nil
	}
	return done || v.cur.Speculative && aux.nospecResult, nil
}

// markSeen notes that the instruction at pc is not dead.
//
// kernel: sanitize_mark_insn_seen
func (v *verifier) markSeen() {
	if !v.cur.Speculative {
		v.aux[v.pc].seen = true
	}
}

// pushStep appends to the path history of the current state. A second call
// for the same instruction adds to the entry of the first.
//
// kernel: push_jmp_history
func (v *verifier) pushStep(flags uint32, linked uint64) *Rejection {
	e := &v.explore
	if e.step != noStep {
		s := &v.cur.History[e.step]
		s.AddFlags(flags)
		s.Linked = linked
		return nil
	}
	e.step = len(v.cur.History)
	v.cur.History = append(v.cur.History, state.NewStep(v.pc, v.prevPC, flags, linked))
	return nil
}

// SPDX-License-Identifier: GPL-2.0-only

// Package record keeps what users learn about a walk besides its verdict: the
// history of the path that was rejected, where the resources of an accepted
// program live, where the walk spent its instructions, and what it knew of every
// value.
//
// The walk calls a Recorder at the few places where paths begin, wait, go on and
// end, and around each instruction. Everything else is read from the states: what a
// step did is the difference between the states after it and the one before it.
// Rules therefore need not note anything, and a recorder cannot change a verdict.
//
// Reading order: event.go, record.go, history.go, step.go, frames.go, resources.go,
// objects.go, lifetimes.go; walk.go, walker.go, last.go, known.go, valuetable.go, ways.go,
// cases.go, spread.go, transfer.go, spread_calls.go, arena.go.
package record

import (
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// Tables are what a recorder reads besides states.
type Tables struct {
	Insns []isa.Insn
	// Map and Struct name what registers refer to by index.
	Map    func(state.MapRef) string
	Struct func(state.BTFRef, uint32) string
}

// Recorder follows one verification. The zero value records nothing.
type Recorder struct {
	history *history
	lives   *lives
	budget  *budget
	walk    *walker
}

// Wanted says what a Recorder is asked for.
type Wanted struct{ Events, Lifetimes, Costs, Walk bool }

// Scratch is memory that recorders use one after another. The zero value is ready to use.
type Scratch struct{ walk *scratch }

// New returns a recorder of what is wanted. It uses room until it has returned what it
// recorded.
func New(t Tables, w Wanted, room *Scratch) Recorder {
	var r Recorder
	if w.Events {
		r.history = &history{Tables: t}
	}
	if w.Lifetimes {
		r.lives = &lives{insns: t.Insns, found: &Lifetimes{At: make([]Held, len(t.Insns))}}
	}
	if w.Costs {
		r.budget = newBudget(t)
	}
	if w.Walk {
		if room.walk == nil {
			room.walk = new(scratch)
		}
		r.walk = newWalker(t, room.walk)
	}
	return r
}

// Begin starts the walk of another function, or of the program as a whole: what
// was recorded before is not part of its history.
func (r *Recorder) Begin() {
	if r.history != nil {
		r.history.begin()
	}
}

// Enter notes what a function that is walked on its own is entered with.
func (r *Recorder) Enter(st *state.State) {
	if r.history != nil {
		r.history.given(st)
	}
}

// Queue notes that the path in st waits at pc. The state may still change until
// the step that queued it ends.
func (r *Recorder) Queue(st *state.State, pc int) {
	if r.history != nil {
		r.history.queue(st, pc)
	}
	if r.lives != nil {
		r.lives.queued = append(r.lives.queued, st)
	}
	if r.budget != nil {
		r.budget.queue()
	}
}

// Pop notes that the walk goes on with the path that was queued last.
func (r *Recorder) Pop() {
	if r.history != nil {
		r.history.pop()
	}
	if r.budget != nil {
		r.budget.pop()
	}
}

// Before keeps what the instruction at pc may change.
func (r *Recorder) Before(st *state.State, pc int) {
	if r.history != nil {
		r.history.before(st, pc)
	}
	if r.lives != nil {
		r.lives.before(st, pc)
	}
	if r.budget != nil {
		r.budget.before(pc)
	}
	if r.walk != nil {
		r.walk.before(st, pc)
	}
}

// After records what the instruction passed to Before did. The walk goes on at pc,
// unless the path is done. After is not called for a step that was rejected: it is not
// its own cause.
func (r *Recorder) After(st *state.State, pc int, done bool) {
	if r.history != nil {
		r.history.after(st, pc)
	}
	if r.lives != nil {
		r.lives.after(st, done)
	}
}

// Merge notes that the path in st ends at pc, since what follows is known from old.
func (r *Recorder) Merge(st, old *state.State, pc int) {
	if r.lives != nil {
		r.lives.merge(st, old, pc)
	}
	if r.walk != nil {
		r.walk.merge(st, old, pc)
	}
}

// Walk returns what the walk knew at each instruction, nil if nobody asked.
func (r *Recorder) Walk() *Walk {
	if r.walk == nil {
		return nil
	}
	return r.walk.finished()
}

// Lifetimes returns what was found, nil if nobody asked.
func (r *Recorder) Lifetimes() *Lifetimes {
	if r.lives == nil {
		return nil
	}
	return r.lives.result()
}

// History is what led to the present state, and whether it was recorded.
func (r *Recorder) History() (h History, recorded bool) {
	if r.history == nil {
		return History{}, false
	}
	return r.history.report(), true
}

// Activation is the entry of the active function at a depth, 0 if that is not
// recorded.
func (r *Recorder) Activation(depth int) uint32 {
	if r.history == nil || depth >= len(r.history.ids) {
		return 0
	}
	return r.history.ids[depth]
}

// SPDX-License-Identifier: GPL-2.0-only

package record

import (
	"slices"

	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// What a value was made of, for a walk that goes on after faults: whether two
// faults have one cause, and whether one would be there without a guess that the
// walk went on with.

// Origin is what values were made of.
type Origin struct {
	// Numbers are the instructions that made numbers which are not known exactly,
	// Others those that made everything else. What an argument of a function that
	// is walked on its own was made by is counted from -1 downwards.
	Numbers, Others []int
	// Guessed reports whether a part is a guess.
	Guessed bool
}

// guess is that an instruction went on as if its fault were fixed. The entry that
// has it gives the place a value that nobody knows, if it has one.
type guess struct {
	// numbers are those that the fixed program would know more about.
	numbers []int
}

// Guess notes that the walk goes on after a fault of the instruction passed to
// Before: with an unknown value in register n, unless that is negative, and with
// less known of some numbers than the fixed program would know.
func (r *Recorder) Guess(st *state.State, n int, numbers []int) {
	h := r.history
	if h == nil {
		return
	}
	e := entry{Event: Event{PC: h.pc, Frame: st.Cur, Activation: h.ids[st.Cur]}, guess: &guess{numbers}}
	if n >= 0 {
		e.Kind, e.Reason, e.Place = EventModify, ReasonWrite, regPlace(st.Cur, &h.ids, uint8(n))
		e.new, e.hasNew = st.Frame().Regs[n], true
	} else {
		e.Kind = eventGuess
	}
	h.guesses, h.guessing = append(h.guesses, e), true
}

// GuessStack notes that the walk goes on with unknown values in stack bytes of the
// frame at a depth.
func (r *Recorder) GuessStack(st *state.State, depth, from, to int) {
	h := r.history
	if h == nil {
		return
	}
	place := Place{Kind: InBytes, Frame: uint8(depth), Activation: h.ids[depth], From: int16(from), To: int16(to)}
	e := Event{Kind: EventInvalidate, Reason: ReasonVarWrite, PC: h.pc, Frame: st.Cur, Activation: h.ids[st.Cur],
		Place: place}
	h.guesses, h.guessing = append(h.guesses, entry{Event: e, guess: new(guess)}), true
}

// eventGuess is the kind of entries that only hold a guess; they are not reported.
const eventGuess = EventDestroy + 1

// Again takes st as the state before the instruction passed to Before, whose step
// failed and may have queued paths. It returns how many those are, and forgets
// them. What was guessed so far is part of that state.
func (r *Recorder) Again(st *state.State) (queued int) {
	h := r.history
	if h == nil {
		return 0
	}
	queued = len(h.queued) - h.firstQueued
	clear(h.queued[h.firstQueued:])
	h.queued = h.queued[:h.firstQueued]
	h.settle()
	h.watch(st)
	return queued
}

// settle appends what was guessed.
func (h *history) settle() {
	for i := range h.guesses {
		h.log.add(&h.guesses[i])
	}
	h.guesses = h.guesses[:0]
}

// Origin is what registers of the active frame were made of.
func (r *Recorder) Origin(st *state.State, regs ...uint8) Origin {
	h := r.history
	if h == nil {
		return Origin{}
	}
	places := make([]Place, 0, len(regs)+4)
	for _, n := range regs {
		places = append(places, regPlace(st.Cur, &h.ids, n))
	}
	return h.origin(h.log.kept(), places)
}

// origin walks back over entries. What was not kept may be a guess.
func (h *history) origin(entries []*entry, places []Place) (o Origin) {
	if h.log.lost > 0 {
		return Origin{Guessed: true}
	}
	for _, e := range slices.Backward(entries) {
		if e.Kind != EventModify && e.Kind != EventInvalidate {
			continue
		}
		before := len(places)
		places = slices.DeleteFunc(places, func(p Place) bool { return touches(e.Place, p) })
		if len(places) == before {
			continue
		}
		switch {
		case e.guess != nil:
			o.Guessed = true
			continue
		case e.Origin.Kind != NoPlace:
			places = addPlace(places, e.Origin)
		case e.Refines:
			places = addPlace(places, e.Place)
		case e.Reason == ReasonWrite, e.Reason == ReasonCallWrite, e.Reason == ReasonCallerSaved,
			e.Reason == ReasonArgument:
			o.made(e)
			continue
		default: // it is the value that was there before
			places = addPlace(places, e.Place)
		}
		places = addPlace(places, e.Operand)
	}
	for _, p := range places {
		if p.Kind == InRegister && p.Frame == 0 {
			o.Others = append(o.Others, -1-int(p.Index))
		}
	}
	return o
}

func addPlace(places []Place, p Place) []Place {
	if p.Kind == NoPlace || slices.Contains(places, p) {
		return places
	}
	return append(places, p)
}

// made notes the entry that made a part.
func (o *Origin) made(e *entry) {
	into := &o.Others
	if e.hasNew && e.new.Type == regtype.Scalar {
		if e.new.IsConst() {
			return
		}
		into = &o.Numbers
	}
	if !slices.Contains(*into, e.PC) {
		*into = append(*into, e.PC)
	}
}

// touches reports whether a modification of one place is one of the other.
func touches(modified, p Place) bool {
	if modified.Kind == InBytes && p.Kind == InSlot {
		from := -state.SlotBytes * (int(p.Index) + 1)
		return modified.Frame == p.Frame && modified.Activation == p.Activation &&
			int(modified.From) < from+state.SlotBytes && int(modified.To) > from
	}
	return modified == p
}

// Steered reports whether the fixed program might not take the current path: a
// condition on it was decided by a guess, or by a number of which the fixed
// program would know more.
func (r *Recorder) Steered() bool {
	h := r.history
	if h == nil {
		return false
	}
	if h.log.lost > 0 {
		return true
	}
	var numbers []int
	guessed := false
	entries := h.log.kept()
	for i, e := range entries {
		switch {
		case e.guess != nil:
			guessed = true
			numbers = append(numbers, e.guess.numbers...)
		case e.Kind == EventBranch && guessed:
			o := h.origin(entries[:i], h.operands(e))
			if o.Guessed || overlap(o.Numbers, numbers) || overlap(o.Others, numbers) {
				return true
			}
		}
	}
	return false
}

// Guessed reports whether the current path goes on after a fault with a guess.
func (r *Recorder) Guessed() bool {
	return r.history != nil && slices.ContainsFunc(r.history.log.kept(), func(e *entry) bool { return e.guess != nil })
}

// operands are the places of what a condition compares.
func (h *history) operands(e *entry) []Place {
	in := &h.Insns[e.PC]
	place := Place{Kind: InRegister, Frame: uint8(e.Frame), Activation: e.Activation, Index: in.Dst}
	out := append(make([]Place, 0, 8), place)
	if in.SrcKind() == isa.SrcX && !in.IsMayGoto() {
		place.Index = in.Src
		out = append(out, place)
	}
	return out
}

// LastBranch is the last condition on the current path, -1 if there is none, and
// which way it went.
func (r *Recorder) LastBranch() (pc int, taken bool) {
	if r.history == nil {
		return -1, false
	}
	for _, e := range slices.Backward(r.history.log.kept()) {
		if e.Kind == EventBranch {
			return e.PC, e.Taken
		}
	}
	return -1, false
}

// SinceBranch are the instructions on the current path after its last condition.
func (r *Recorder) SinceBranch() []int32 {
	if r.history == nil {
		return nil
	}
	path := r.history.path
	for i := len(path) - 1; i >= 0; i-- {
		if r.history.Insns[path[i]].IsConditional() {
			return path[i+1:]
		}
	}
	return path
}

// overlap reports whether two sets have an instruction in common.
func overlap(a, b []int) bool {
	return slices.ContainsFunc(a, func(pc int) bool { return slices.Contains(b, pc) })
}

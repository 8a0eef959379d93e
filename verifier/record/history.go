// SPDX-License-Identifier: GPL-2.0-only

package record

import (
	"slices"

	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// The history of the current path:
//
//	a path is queued   where its history ends is noted
//	a path is popped   the history is cut back to there, so that events of the
//	                   path walked before vanish and what both share stays
//	a step succeeds    what it did to each path that leaves it is appended
//	                   (step.go)
//	a step fails       nothing is appended: it is not its own cause

// history is that of the path being walked.
type history struct {
	Tables
	log eventLog
	// path holds the PCs walked, for finding the statement that a path left by.
	path []int32
	// ids are the activations of the frames of the current path.
	ids    activations
	lastID uint32
	// queued has an entry for each path that waits.
	queued []queuedPath
	// guesses wait for the end of the step that they are about; guessing is set
	// from the first one on.
	guesses  []entry
	guessing bool
	watched
}

// activations identify the entries of functions, by depth.
type activations [state.MaxFrames]uint32

// queuedPath is a path that waits, with its history.
type queuedPath struct {
	st           *state.State
	pc           int
	events, path int // what it shares with the path that queued it
	ids          activations
	// more is what the step that queued the path did to it.
	more []entry
}

// begin starts the history of a function that is walked on its own.
func (h *history) begin() {
	h.log.cut(0)
	h.path = h.path[:0]
	h.enter(&h.ids, 0)
}

// given notes the resources that st holds before its first step.
func (h *history) given(st *state.State) {
	for i := range st.Refs {
		ref := &st.Refs[i]
		h.log.add(&entry{Event: Event{Kind: EventAcquire, PC: ref.PC, Activation: h.ids[0], Ref: ref.ID}})
	}
}

// enter gives the frame of a function that is entered its activation.
func (h *history) enter(ids *activations, depth int) {
	h.lastID++
	ids[depth] = h.lastID
}

// queue notes where the history stands for a path that is walked later.
func (h *history) queue(st *state.State, pc int) {
	h.queued = append(h.queued, queuedPath{st: st, pc: pc, events: h.log.end(), path: len(h.path), ids: h.ids})
}

// pop makes the history that of the path queued last.
func (h *history) pop() {
	n := len(h.queued) - 1
	q := &h.queued[n]
	h.log.cut(q.events)
	h.path = h.path[:q.path]
	h.ids = q.ids
	for i := range q.more {
		h.log.add(&q.more[i])
	}
	*q = queuedPath{}
	h.queued = h.queued[:n]
}

// How much of a long path is kept: its beginning, since that is where
// resources come from, and its end.
const (
	keepFirst = 4096
	keepLast  = 12288
)

// entry is an event with the values it is about, which get their names only
// when the history is reported.
type entry struct {
	Event
	old, new       state.Reg
	hasOld, hasNew bool
	learnt         []change
	// guess is set where the walk went on after a fault.
	guess *guess
}

// change is a value that a branch refined.
type change struct {
	place    Place
	old, new state.Reg
}

// eventLog is a list of entries of which the middle may be missing. Positions
// count all of them.
type eventLog struct {
	first []entry // the entries from position 0, keepFirst at most
	last  []entry // those from position keepFirst+lost
	lost  int
}

func (l *eventLog) end() int {
	if len(l.first) < keepFirst {
		return len(l.first)
	}
	return keepFirst + l.lost + len(l.last)
}

func (l *eventLog) add(e *entry) {
	if len(l.first) < keepFirst {
		l.first = append(l.first, *e)
		return
	}
	if len(l.last) == 2*keepLast {
		l.lost += copy(l.last, l.last[keepLast:])
		l.last = l.last[:keepLast]
	}
	l.last = append(l.last, *e)
}

// kept are the entries that are still there, oldest first.
func (l *eventLog) kept() []*entry {
	all := make([]*entry, 0, len(l.first)+len(l.last))
	for _, part := range [2][]entry{l.first, l.last} {
		for i := range part {
			all = append(all, &part[i])
		}
	}
	return all
}

// cut forgets the entries from position end on. If those before it are missing
// already, they stay so.
func (l *eventLog) cut(end int) {
	switch {
	case end <= keepFirst:
		l.first, l.last, l.lost = l.first[:min(end, len(l.first))], l.last[:0], 0
	case end <= keepFirst+l.lost:
		l.last, l.lost = l.last[:0], end-keepFirst
	default:
		l.last = l.last[:end-keepFirst-l.lost]
	}
}

// maxPath is how many instructions of the failing path are reported.
const maxPath = 4096

// History is what led to a rejection, oldest first.
type History struct {
	// Events of a long path are not all kept: Lost happened just before
	// Events[LostAt].
	Events       []Event
	Lost, LostAt int
	// Path is the PCs of the last instructions.
	Path []int32
}

// report is the history of the current path.
func (h *history) report() History {
	out := History{
		Path: slices.Clone(h.path[max(len(h.path)-maxPath, 0):]),
		Lost: h.log.lost, LostAt: len(h.log.first),
		Events: make([]Event, 0, len(h.log.first)+len(h.log.last)),
	}
	for _, part := range [2][]entry{h.log.first, h.log.last} {
		for i := range part {
			if e := &part[i]; e.guess == nil && !e.isIdle() {
				out.Events = append(out.Events, h.event(e))
			}
		}
	}
	return out
}

// event is an entry with its values in words that need no tables.
func (h *history) event(e *entry) Event {
	out := e.Event
	if e.hasOld {
		out.Old = h.value(&e.old)
	}
	if e.hasNew {
		out.New = h.value(&e.new)
	}
	for i := range e.learnt {
		c := &e.learnt[i]
		out.Learnt = append(out.Learnt, Change{Place: c.place, Old: h.value(&c.old), New: h.value(&c.new)})
	}
	return out
}

func regPlace(depth int, ids *activations, n uint8) Place {
	return Place{Kind: InRegister, Frame: uint8(depth), Activation: ids[depth], Index: n}
}

func slotPlace(depth int, ids *activations, slot int) Place {
	return Place{Kind: InSlot, Frame: uint8(depth), Activation: ids[depth], Index: uint8(slot)}
}

// isCall reports whether in is a call of any kind; a legacy packet load is one.
func isCall(in *isa.Insn) bool {
	if in.Class() == isa.ClassLD {
		return in.Mode() == isa.ModeABS || in.Mode() == isa.ModeIND
	}
	return in.Op == isa.ClassJMP|isa.OpCall
}

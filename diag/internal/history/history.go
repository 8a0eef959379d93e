// SPDX-License-Identifier: GPL-2.0-only

// Package history chooses, among the events that a verification recorded on
// the path to a fault, those that a reader wants to hear about: the story of
// one value, one reference or one region. It knows neither the source nor any
// wording, so that the terminal, the editor and the kernel's log tell the same
// story.
//
//	scope      begins at                             shows
//	value      the oldest event of its lineage       branches, the lineage
//	reference  the last time that it was acquired    branches, its events
//	region     the outermost enter that is open      branches, its events
//
// What has no beginning (a value that was never written, a region left without
// having been entered) shows the whole path.
//
// Reading order: history.go.
package history

import (
	"slices"

	"github.com/bpf-lsp/bpf-lsp/verifier"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
)

// Scope is what a story is about.
type Scope struct {
	place    record.Place
	ref      uint32
	contexts []record.Context
}

// OfValue is the scope of the value that a place holds at the end of the path.
func OfValue(p record.Place) Scope { return Scope{place: p} }

// OfReference is the scope of a reference.
func OfReference(id uint32) Scope { return Scope{ref: id} }

// OfRegion is the scope of a region of one of the kinds, which nest in each
// other.
func OfRegion(kinds ...record.Context) Scope { return Scope{contexts: kinds} }

// Step is one event of a story.
type Step struct {
	*record.Event
	// Index is the event's place in the history.
	Index int
	// Times is how often it happened in rounds of a loop; this is the last.
	Times int
}

// Story is what a scope selects.
type Story struct {
	// Start is the index of the first event that belongs to the story.
	Start int
	Steps []Step
	// Lineage are the indexes of the events that made the value, oldest first.
	Lineage []int
	// Lost is how many events that may belong to the story were not kept, and
	// LostAt the number of steps before them.
	Lost, LostAt int
}

// Tell selects what belongs to a scope.
func Tell(r *verifier.Result, s Scope) Story {
	var t Story
	whole := true
	switch {
	case s.ref != 0:
		t.Start = acquired(r.History, s.ref)
	case s.contexts != nil:
		t.Start = entered(r.History, s.contexts)
	default:
		t.Lineage, whole = Lineage(r, len(r.History), s.place)
		if len(t.Lineage) > 0 {
			t.Start = t.Lineage[0]
		}
	}
	if t.Start < r.LostAt || !whole {
		t.Lost = r.Lost
	}
	lineage := t.Lineage
	for i := t.Start; i < len(r.History); i++ {
		e := &r.History[i]
		if i == r.LostAt {
			t.LostAt = len(t.Steps)
		}
		inLineage := len(lineage) > 0 && lineage[0] == i
		if inLineage {
			lineage = lineage[1:]
		}
		if inLineage || s.shows(e) {
			t.Steps = append(t.Steps, Step{Event: e, Index: i, Times: 1})
		}
	}
	return t
}

// shows reports whether an event belongs to a scope besides the lineage.
func (s *Scope) shows(e *record.Event) bool {
	switch e.Kind {
	case record.EventBranch:
		return true
	case record.EventAcquire, record.EventRelease:
		return s.ref != 0 && e.Ref == s.ref
	case record.EventEnter, record.EventLeave:
		return slices.Contains(s.contexts, e.Context)
	}
	return false
}

// acquired is the index of the last acquire of a reference, 0 for none.
func acquired(events []record.Event, ref uint32) int {
	for i := len(events) - 1; i >= 0; i-- {
		if events[i].Kind == record.EventAcquire && events[i].Ref == ref {
			return i
		}
	}
	return 0
}

// entered is the index of the event by which the outermost open region of the
// kinds was entered, 0 if none is open.
func entered(events []record.Event, kinds []record.Context) int {
	if Depth(events, kinds...) == 0 {
		return 0
	}
	for i := len(events) - 1; i >= 0; i-- {
		e := &events[i]
		switch {
		case !slices.Contains(kinds, e.Context):
		case e.Kind == record.EventEnter && e.Depth == 1:
			return i
		case e.Kind == record.EventLeave && e.Depth == 0:
			return 0
		}
	}
	return 0
}

// Depth is how many regions of the kinds are open at the end.
func Depth(events []record.Event, kinds ...record.Context) int {
	for i := len(events) - 1; i >= 0; i-- {
		if slices.Contains(kinds, events[i].Context) {
			return events[i].Depth
		}
	}
	return 0
}

// Innermost is the event by which the innermost open region of the kinds was
// entered, nil if none is open.
func Innermost(events []record.Event, kinds ...record.Context) *record.Event {
	left := 0
	for i := len(events) - 1; i >= 0; i-- {
		e := &events[i]
		switch {
		case !slices.Contains(kinds, e.Context):
		case e.Kind == record.EventLeave:
			left++
		case e.Kind == record.EventEnter && left > 0:
			left--
		case e.Kind == record.EventEnter:
			return e
		}
	}
	return nil
}

// Lineage walks back over the first n events and finds those that made the
// value at a place, oldest first:
//
//	it came from another place        goes on there: moves, spills, loads from
//	                                  the stack, arguments, results
//	arithmetic on the value           goes on: it is the same value
//	the value was lost or lent        goes on: what was it before?
//	anything else wrote it            ends: this is where the value came to be
//
// Where events were not kept the walk ends too, since the one that it looks
// for may be among them; whole is false then.
func Lineage(r *verifier.Result, n int, p record.Place) (found []int, whole bool) {
	for i := n - 1; i >= 0; i-- {
		e := &r.History[i]
		if isModification(e) && matches(e.Place, p) {
			found = append(found, i)
			if e.Origin.Kind != record.NoPlace {
				p = e.Origin
			} else if !goesOn(e) {
				whole = true
				break
			}
		}
		if r.Lost > 0 && i == r.LostAt {
			break
		}
	}
	slices.Reverse(found)
	return found, whole
}

// FoundNull finds the branch at which the value that a place holds at the end
// was found to be NULL, if it is NULL now, or what was added to NULL: then moved is true.
func FoundNull(r *verifier.Result, p record.Place) (index int, moved, ok bool) {
	for i := len(r.History) - 1; i >= 0; i-- {
		e := &r.History[i]
		if isModification(e) && matches(e.Place, p) {
			switch {
			case e.Origin.Kind != record.NoPlace:
				p = e.Origin
			case e.Reason == record.ReasonWrite && e.Refines:
				moved = true
			default:
				return 0, false, false
			}
		}
		for _, c := range e.Learnt {
			if c.Place == p && c.Old.Type.MayBeNull() {
				return i, moved, c.New.IsNumber() && c.New.IsConst()
			}
		}
		if r.Lost > 0 && i == r.LostAt {
			break
		}
	}
	return 0, false, false
}

func isModification(e *record.Event) bool {
	return e.Kind == record.EventModify || e.Kind == record.EventInvalidate
}

// goesOn reports whether an event modifies a value that was there before.
func goesOn(e *record.Event) bool {
	switch e.Reason {
	case record.ReasonWrite:
		return e.Refines
	case record.ReasonSpill, record.ReasonArgument, record.ReasonReturn, record.ReasonCallWrite:
		return false
	}
	return true
}

// matches reports whether a modification of one place is one of the other.
func matches(modified, p record.Place) bool {
	if modified.Kind == record.InBytes && p.Kind == record.InSlot {
		from := -8 * (int(p.Index) + 1)
		return modified.Frame == p.Frame && modified.Activation == p.Activation &&
			int(modified.From) < from+8 && int(modified.To) > from
	}
	return modified == p
}

// maxRound is the longest round of a loop, in steps, that is folded.
const maxRound = 12

// Fold keeps one of the rounds of a loop that are alike, the last, and counts
// its steps. Rounds are alike if the same instructions did the same; the values
// may differ.
func Fold(steps []Step) []Step {
	var out []Step
	for _, s := range steps {
		out = append(out, s)
		for n := 1; n <= maxRound && 2*n <= len(out); n++ {
			last, before := out[len(out)-n:], out[len(out)-2*n:len(out)-n]
			if !alike(before, last) {
				continue
			}
			for i := range last {
				last[i].Times += before[i].Times
			}
			out = append(out[:len(out)-2*n], last...)
			break
		}
	}
	return out
}

func alike(a, b []Step) bool {
	for i := range a {
		if keyOf(a[i].Event) != keyOf(b[i].Event) {
			return false
		}
	}
	return true
}

// key is what makes two events of different rounds alike. Each round enters
// its functions anew.
type key struct {
	kind      record.EventKind
	reason    record.Reason
	taken     bool
	pc, frame int
	ref       uint32
	context   record.Context
	depth     int
	place     record.Place
}

func keyOf(e *record.Event) key {
	k := key{e.Kind, e.Reason, e.Taken, e.PC, e.Frame, e.Ref, e.Context, e.Depth, e.Place}
	k.place.Activation = 0
	return k
}

// SPDX-License-Identifier: GPL-2.0-only

package record

import (
	"slices"

	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// What a call did to the resources that the path holds. It comes first among the
// events of a step, since what becomes of values follows from it: first what is
// no longer held, then what is held now.

// resources compares what is held.
func (s *stepEffects) resources() {
	before, st := s.h, s.st
	for i := range before.refs {
		if ref := &before.refs[i]; !slices.Contains(st.Refs, *ref) {
			s.resource(EventRelease, EventLeave, ref)
		}
	}
	s.region(ContextRCU, before.rcu, st.ActiveRCU)
	s.region(ContextPreempt, before.preempt, st.ActivePreempt)
	for i := range st.Refs {
		if ref := &st.Refs[i]; !slices.Contains(before.refs, *ref) {
			s.resource(EventAcquire, EventEnter, ref)
		}
	}
}

// resource adds the event about ref: about a reference, or a region that begins and
// ends with it.
func (s *stepEffects) resource(reference, region EventKind, ref *state.Ref) {
	e := Event{Kind: region}
	switch ref.Kind {
	case state.RefPtr:
		e = Event{Kind: reference, Ref: ref.ID}
		if reference == EventRelease {
			e.Reason = ReasonRelease
		}
	case state.RefIRQ:
		e.Context = ContextIRQ
		for i := range s.st.Refs {
			if s.st.Refs[i].Kind == state.RefIRQ {
				e.Depth++
			}
		}
	default:
		e.Context, e.Depth = ContextResLock, int(s.st.ActiveLocks)
		if ref.Kind == state.RefLock {
			e.Context = ContextLock
		}
		if region == EventEnter {
			e.Ref = ref.ID
		}
	}
	s.add(s.h.cur, e, nil, nil)
}

// region adds the event about a region that is counted.
func (s *stepEffects) region(c Context, was, is uint32) {
	switch {
	case is > was:
		s.add(s.h.cur, Event{Kind: EventEnter, Context: c, Depth: int(is)}, nil, nil)
	case is < was:
		s.add(s.h.cur, Event{Kind: EventLeave, Context: c, Depth: int(is)}, nil, nil)
	}
}

// released reports whether the step gave a reference back.
func (s *stepEffects) released(ref uint32) bool { return ref != 0 && s.release(ref) != nil }

// release is the event by which the step gave a reference back, nil if it did not.
func (s *stepEffects) release(ref uint32) *entry {
	for i := range s.out {
		if e := &s.out[i]; e.Kind == EventRelease && e.Ref == ref {
			return e
		}
	}
	return nil
}

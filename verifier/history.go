// SPDX-License-Identifier: GPL-2.0-only

package verifier

import "slices"

// recorder keeps the events of the current path when Options.Record is set.
// It is cut back whenever the walk turns to another path, so that what is
// left at a rejection is the history of the failing path alone.
type recorder struct {
	on  bool
	log []Event
	// path holds the PCs walked, for finding the statement that a path left by.
	path []int32
}

// mark is a point of the history to cut back to.
type mark struct{ events, path int }

// mark is where the history stands now.
func (h *recorder) mark() mark { return mark{len(h.log), len(h.path)} }

// cut forgets what happened since m.
func (h *recorder) cut(m mark) {
	h.log = h.log[:m.events]
	h.path = h.path[:m.path]
}

// record appends an event at pc in the active frame.
func (v *verifier) record(e Event) {
	if !v.events.on {
		return
	}
	e.Frame = v.cur.Cur
	v.events.log = append(withRoom(v.events.log, 1), e)
}

// withRoom is s with room for n more elements. It doubles s, where append would
// add a quarter to a long slice and so copy it all many times over.
func withRoom[T any](s []T, n int) []T {
	if len(s)+n <= cap(s) {
		return s
	}
	return slices.Grow(s, max(len(s), n))
}

// recordRef notes that a reference was acquired or released.
func (v *verifier) recordRef(kind EventKind, pc int, id uint32) {
	if v.events.on {
		v.record(Event{Kind: kind, PC: pc, Ref: id})
	}
}

// recordContext notes that a region was entered or left.
func (v *verifier) recordContext(kind EventKind, c Context, depth int) {
	if v.events.on {
		v.record(Event{Kind: kind, PC: v.pc, Context: c, Depth: depth})
	}
}

// recordStep notes that the walk goes on at pc, coming from prev. A branch is
// seen by the edge that was taken, so that the path walked at once and the
// one walked later are recorded alike.
func (v *verifier) recordStep(prev, pc int) {
	if !v.events.on {
		return
	}
	v.events.path = append(withRoom(v.events.path, 1), int32(pc))
	if prev < 0 || prev >= len(v.insns) || v.cur.Speculative {
		return
	}
	in := &v.insns[prev]
	if !isConditional(in) || in.Off == 0 {
		return
	}
	v.record(Event{Kind: EventBranch, PC: prev, Taken: pc == prev+1+int(in.Off)})
}

// SPDX-License-Identifier: GPL-2.0-only

package record

import (
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// Special objects on the stack, for the history. What was an object before the
// step and is not, or is another one, was destroyed; what is one and was not
// was created. A call that does both, such as one that makes a dynptr over
// another, gives both events in this order.

// objects compares the special objects on the stack of one frame.
func (s *stepEffects) objects(depth int) {
	before, f := s.h.frames[depth].stack, s.st.Frames[depth]
	for i := range max(len(before), f.Stack.Len()) {
		var old, now objectInSlot
		if i < len(before) {
			old = objectIn(&before[i])
		}
		if i < f.Stack.Len() {
			now = objectIn(f.Stack.At(i))
		}
		if old == now {
			continue
		}
		s.object(EventDestroy, depth, i, &old)
		s.object(EventCreate, depth, i, &now)
	}
}

func (s *stepEffects) object(kind EventKind, depth, slot int, o *objectInSlot) {
	if o.kind == NoObject {
		return
	}
	s.add(s.st.Cur, Event{Kind: kind, Place: slotPlace(depth, s.ids, slot), Object: o.kind, Ref: o.ref}, nil, nil)
}

// objectInSlot is the object that begins in a slot, and what distinguishes it
// from another one.
type objectInSlot struct {
	kind    Object
	ref, id uint32
}

func objectIn(s *state.Slot) objectInSlot {
	r := &s.Spilled
	switch s.Bytes[state.SlotBytes-1] {
	case state.SlotDynptr:
		if _, first := r.Dynptr(); first && r.Type == regtype.ConstPtrToDynptr {
			return objectInSlot{ObjectDynptr, r.RefObjID, r.ID}
		}
	case state.SlotIter:
		if r.RefObjID != 0 {
			return objectInSlot{ObjectIterator, r.RefObjID, 0}
		}
	case state.SlotIRQFlag:
		return objectInSlot{ObjectIRQFlag, r.RefObjID, 0}
	}
	return objectInSlot{}
}

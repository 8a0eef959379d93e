// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// What is made of an object lives no longer than the object, in releases that
// have the rule childrenEnd:
//
//	made of                       is
//	an owned object               a dynptr, which holds the object's reference
//	                              or, if it owns one itself, has it as parent
//	a dynptr                      its slices
//	a dynptr's own reference      the dynptr and its clones
//
// An object whose child is a reference of its own cannot be released: nothing
// could give the child back afterwards.

// stepEndObject ends what id stands for, a reference or a dynptr, and all that
// was made of it, in every function on the stack.
//
// kernel: release_reference
func (v *verifier) stepEndObject(id uint32) *Rejection {
	if id == 0 {
		return nil
	}
	v.dropRef(id)
	for pending := []uint32{id}; len(pending) > 0; {
		id, pending = pending[len(pending)-1], pending[:len(pending)-1]
		if r := v.requireNoChild(id); r != nil {
			return r
		}
		v.eachReg(func(r *state.Reg) bool {
			return r.RefObjID == id || r.Type.Base() == regtype.PtrToMem && r.DynptrID() == id
		}, v.invalidate)
		for _, f := range v.cur.Frames[:v.cur.Cur+1] {
			pending = v.applyDynptrEnd(f, id, pending)
		}
	}
	return nil
}

// requireNoChild requires that no reference is held that was made of id.
func (v *verifier) requireNoChild(id uint32) *Rejection {
	for i := range v.cur.Refs {
		if ref := &v.cur.Refs[i]; ref.Kind == state.RefPtr && ref.Parent == id {
			return v.reject(einval, fault.ReleaseWithLiveChild.Of(referenceOf(ref)))
		}
	}
	return nil
}

// applyDynptrEnd ends the dynptrs of a function that id stands for, or that
// depend on it; the latter are added to those whose slices are still to end.
func (v *verifier) applyDynptrEnd(f *state.Frame, id uint32, pending []uint32) []uint32 {
	for spi := 1; spi < f.Stack.Len(); spi++ {
		slot := f.Stack.At(spi)
		if slot.Bytes[0] != state.SlotDynptr {
			continue
		}
		if _, first := slot.Spilled.Dynptr(); !first {
			continue
		}
		switch id {
		case slot.Spilled.RefObjID:
			pending = append(pending, slot.Spilled.ID)
		case slot.Spilled.ID:
		default:
			continue
		}
		v.invalidateDynptr(f, spi)
		v.trace.scratchSlot(spi)
		v.trace.scratchSlot(spi - 1)
	}
	return pending
}

// dynptrHolders is how many dynptrs share a reference.
//
// kernel: dynptr_ref_cnt
func (v *verifier) dynptrHolders(ref uint32) int {
	n := 0
	for _, f := range v.cur.Frames[:v.cur.Cur+1] {
		for i := range f.Stack.Len() {
			slot := f.Stack.At(i)
			if slot.Bytes[0] != state.SlotDynptr || slot.Spilled.RefObjID != ref {
				continue
			}
			if _, first := slot.Spilled.Dynptr(); first {
				n++
			}
		}
	}
	return n
}

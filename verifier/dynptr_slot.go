// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// A dynptr takes two slots. Writing to either one ends it: an owned dynptr
// must not be lost that way, any other one goes, and the slices taken from it
// with it. Where clones may be overwritten, only the last of those that share
// a reference must stay.

// destroyDynptr ends the dynptr, if any, that has its half in slot spi of f.
//
// kernel: destroy_if_dynptr_stack_slot
func (v *verifier) destroyDynptr(f *state.Frame, spi int) *Rejection {
	half := f.Stack.At(spi)
	if half.Bytes[0] != state.SlotDynptr {
		return nil
	}
	kind, first := half.Spilled.Dynptr()
	if !first {
		spi++
		kind, _ = f.Stack.At(spi).Spilled.Dynptr()
	}
	ref := f.Stack.At(spi).Spilled.RefObjID
	if kind.Owned() && !(v.rules.cloneOverwrite && v.dynptrHolders(ref) > 1) {
		return v.reject(einval, fault.DynptrOverwrite.Of(v.reference(ref)))
	}
	if v.rules.childrenEnd {
		return v.stepEndObject(f.Stack.At(spi).Spilled.ID)
	}
	v.trace.scratchSlot(spi)
	v.trace.scratchSlot(spi - 1)
	v.invalidateSlices(f.Stack.At(spi).Spilled.ID)
	for _, at := range [...]int{spi, spi - 1} {
		v.forgetSlot(f.Stack.Own(at))
	}
	v.markStackWrite(f.Depth, 3<<(spi-1))
	return nil
}

// invalidateSlices forgets the memory slices taken from a dynptr.
func (v *verifier) invalidateSlices(dynptr uint32) {
	v.cur.Each(1<<state.SlotSpill, func(r *state.Reg) bool {
		return r.Type&^regtype.MaybeNull == regtype.PtrToMem && r.DynptrID() == dynptr
	}, v.setInvalid)
}

// setInvalid forgets a value that has lost its meaning. A program that may
// leak pointers can go on using it as a number.
//
// kernel: mark_reg_invalid
func (v *verifier) setInvalid(r *state.Reg) {
	if v.allowPtrLeaks {
		v.setUnknown(r)
	} else {
		v.setNotInit(r)
	}
}

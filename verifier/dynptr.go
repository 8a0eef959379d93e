// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// Dynptrs as arguments. A dynptr lives in two slots of the stack, at a fixed
// and aligned offset; a callback or a global function may also get one that it
// can only read.
//
//	the argument    requires
//	Uninit          stack memory for a new dynptr; an old one there ends
//	ReadOnly        a dynptr
//	plain           a dynptr on the stack, which the call may change
//	ObjRelease      a dynptr on the stack that owns a reference, which ends
//
// A ring buffer's dynptr owns a reference, its clones share it. Slices of a
// dynptr end with it. What ends a dynptr besides is in children.go.

// objectPlace is how many slots a special object on the stack takes, and what
// is said of a place that is none for it.
type objectPlace struct {
	slots     int
	variable  fault.Message[fault.None]
	misplaced fault.Message[fault.StackOffset]
}

var dynptrPlace = objectPlace{facts.DynptrSlots, fault.DynptrAtVariableOffset, fault.DynptrMisplaced}

// requireObjectSlot is the first slot of the object that reg points to, -1 if
// the stack there was never used.
//
// kernel: stack_slot_obj_get_spi
func (v *verifier) requireObjectSlot(reg *state.Reg, p *objectPlace) (spi int, r *Rejection) {
	if !reg.IsConst() {
		return -1, v.reject(einval, p.variable.Of(fault.None{}))
	}
	off := int(reg.Off + int32(reg.Var.Value))
	if off%state.SlotBytes == 0 {
		spi = slotOf(off)
	}
	if off%state.SlotBytes != 0 || spi+1 < p.slots {
		return -1, v.reject(einval, p.misplaced.Of(fault.StackOffset{Off: int64(off)}))
	}
	if spi >= v.frameOf(reg).Stack.Len() {
		return -1, nil
	}
	return spi, nil
}

// dynptrOrigin is what a new dynptr is made of.
type dynptrOrigin struct {
	// clone says that it is made of another dynptr, which depends on ref.
	// Else ref is the reference of the object that it is made of, 0 for none.
	clone bool
	ref   uint32
}

// stepDynptrArg checks a dynptr argument, and makes one of kind t there if the
// call does.
//
// kernel: process_dynptr_func
func (v *verifier) stepDynptrArg(n uint8, t regtype.Arg, from dynptrOrigin) *Rejection {
	reg := v.reg(n)
	arg := v.argument(n)
	if reg.Type != regtype.PtrToStack && reg.Type != regtype.ConstPtrToDynptr {
		return v.reject(einval, fault.DynptrArgument.Of(arg))
	}
	if t&regtype.Uninit != 0 {
		return v.stepNewDynptr(n, t, from)
	}
	if reg.Type == regtype.ConstPtrToDynptr && t&regtype.ObjRelease != 0 {
		return v.reject(einval, fault.ConstDynptrReleased.Of(arg))
	}
	if reg.Type == regtype.ConstPtrToDynptr && t&regtype.ReadOnly == 0 {
		return v.reject(einval, fault.ConstDynptrArgument.Of(arg))
	}
	spi, valid, misplaced := v.findDynptr(reg)
	if !valid {
		return v.reject(einval, fault.UninitializedDynptr.Of(arg)).because(misplaced)
	}
	if want := t &^ (regtype.ReadOnly | regtype.ObjRelease); want != regtype.ArgDynptr &&
		v.dynptrKind(reg, spi) != state.DynptrOf(want.Flags()) {
		return v.reject(einval, fault.DynptrTypeMismatch.Of(fault.DynptrKind{Argument: arg,
			Want: state.DynptrOf(want.Flags()).String()}))
	}
	if reg.Type == regtype.ConstPtrToDynptr {
		return nil
	}
	return v.markObjectRead(uint32(reg.Frame), spi, facts.DynptrSlots)
}

// findDynptr reports whether reg points to a dynptr, and its slot if that is on
// the stack. A fault of the place itself is logged already.
//
// kernel: is_dynptr_reg_valid_init
func (v *verifier) findDynptr(reg *state.Reg) (spi int, valid bool, misplaced *Rejection) {
	if reg.Type == regtype.ConstPtrToDynptr {
		return -1, true, nil
	}
	spi, misplaced = v.requireObjectSlot(reg, &dynptrPlace)
	if spi < 0 {
		return spi, false, misplaced
	}
	f := v.frameOf(reg)
	half := f.Stack.At(spi)
	if _, first := half.Spilled.Dynptr(); !first {
		return spi, false, nil
	}
	other := f.Stack.At(spi - 1)
	for i := range state.SlotBytes {
		if half.Bytes[i] != state.SlotDynptr || other.Bytes[i] != state.SlotDynptr {
			return spi, false, nil
		}
	}
	return spi, true, nil
}

// dynptrKind is what backs the dynptr that reg points to, in slot spi if it is
// on the stack.
//
// kernel: dynptr_get_type
func (v *verifier) dynptrKind(reg *state.Reg, spi int) state.DynptrKind {
	kind, _ := v.dynptrReg(reg, spi).Dynptr()
	return kind
}

// dynptrReg is what describes the dynptr that reg points to.
func (v *verifier) dynptrReg(reg *state.Reg, spi int) *state.Reg {
	if reg.Type == regtype.ConstPtrToDynptr {
		return reg
	}
	return &v.frameOf(reg).Stack.At(spi).Spilled
}

// markObjectRead notes that an object on the stack is read.
//
// kernel: mark_stack_slot_obj_read
func (v *verifier) markObjectRead(depth uint32, spi, slots int) *Rejection {
	for i := range slots {
		if r := v.markStackRead(depth, v.pc, 1<<(spi-i)); r != nil {
			return r
		}
		v.trace.scratchSlot(spi - i)
	}
	return nil
}

// stepNewDynptr makes a dynptr at register n.
func (v *verifier) stepNewDynptr(n uint8, t regtype.Arg, from dynptrOrigin) *Rejection {
	reg := v.reg(n)
	var misplaced *Rejection
	if reg.Type != regtype.ConstPtrToDynptr {
		_, misplaced = v.requireObjectSlot(reg, &dynptrPlace)
	}
	if reg.Type == regtype.ConstPtrToDynptr || misplaced != nil {
		return v.reject(einval, fault.DynptrAlreadyInitialized.Of(v.argument(n))).because(misplaced)
	}
	for off := int32(0); off < facts.DynptrSlots*state.SlotBytes; off += state.SlotBytes {
		a := access{pc: v.pc, base: n, off: off, size: state.SlotBytes, mode: accessWrite, value: noValue}
		if r := v.stepAccess(a); r != nil {
			return r
		}
	}
	return v.stepFillDynptr(reg, t, from)
}

// dynptrSlot is the first slot of the dynptr at reg, of which requireObjectSlot
// was asked before.
func dynptrSlot(reg *state.Reg) int { return slotOf(int(reg.Off + int32(reg.Var.Value))) }

// stepFillDynptr fills the two slots at reg, which were just written to, with a
// dynptr of kind t.
//
// kernel: mark_stack_slots_dynptr
func (v *verifier) stepFillDynptr(reg *state.Reg, t regtype.Arg, from dynptrOrigin) *Rejection {
	spi := dynptrSlot(reg)
	f := v.frameOf(reg)
	kind := state.DynptrOf(t.Flags())
	if kind == state.DynptrInvalid {
		return v.bug("a call makes a dynptr of no kind")
	}
	id := v.newID()
	ref := uint32(0)
	if from.clone || v.rules.childrenEnd {
		ref = from.ref
	}
	if kind.Owned() && !from.clone {
		ref = v.acquireChild(v.pc, ref)
	}
	for i := range facts.DynptrSlots {
		slot := f.Stack.Own(spi - i)
		for j := range slot.Bytes {
			slot.Bytes[j] = state.SlotDynptr
		}
		setDynptr(&slot.Spilled, kind, i == 0, id)
		slot.Spilled.RefObjID = ref
	}
	v.markStackWrite(f.Depth, 3<<(spi-1))
	return nil
}

// setDynptr makes r a dynptr, or half of one.
//
// kernel: __mark_dynptr_reg
func setDynptr(r *state.Reg, kind state.DynptrKind, first bool, id uint32) {
	r.SetKnown(0)
	r.Type = regtype.ConstPtrToDynptr
	r.ID = id
	r.SetDynptr(kind, first)
}

// requireOwnedDynptr requires the dynptr at register n to own a reference.
func (v *verifier) requireOwnedDynptr(n uint8, reg *state.Reg) *Rejection {
	if reg.Type != regtype.PtrToStack {
		return v.reject(einval, fault.ConstDynptrRelease.Of(v.argument(n)))
	}
	spi, misplaced := v.requireObjectSlot(reg, &dynptrPlace)
	if spi < 0 || v.frameOf(reg).Stack.At(spi).Spilled.RefObjID == 0 {
		return v.reject(einval, fault.UnownedDynptr.Of(v.argument(n))).because(misplaced)
	}
	return nil
}

// releaseDynptr ends the dynptr at reg, with its clones and slices.
//
// kernel: unmark_stack_slots_dynptr
func (v *verifier) releaseDynptr(reg *state.Reg) *Rejection {
	spi := dynptrSlot(reg)
	f := v.frameOf(reg)
	kind, _ := f.Stack.At(spi).Spilled.Dynptr()
	ref := f.Stack.At(spi).Spilled.RefObjID
	switch {
	case v.rules.childrenEnd && kind.Owned():
		return v.stepEndObject(ref)
	case v.rules.childrenEnd:
		return v.stepEndObject(f.Stack.At(spi).Spilled.ID)
	case !kind.Owned():
		v.invalidateDynptr(f, spi)
		return nil
	}
	v.releaseRef(ref)
	for i := 1; i < f.Stack.Len(); i++ {
		slot := f.Stack.At(i)
		if slot.Spilled.RefObjID != ref {
			continue
		}
		if slot.Bytes[0] != state.SlotDynptr {
			return v.bug("misconfigured ref_obj_id")
		}
		if _, first := slot.Spilled.Dynptr(); first {
			v.invalidateDynptr(f, i)
		}
	}
	return nil
}

// invalidateDynptr forgets the dynptr in slots spi and spi-1 of f.
//
// kernel: invalidate_dynptr
func (v *verifier) invalidateDynptr(f *state.Frame, spi int) {
	for _, at := range [...]int{spi, spi - 1} {
		v.forgetSlot(f.Stack.Own(at))
	}
	v.markStackWrite(f.Depth, 3<<(spi-1))
}

// requireSliceSource notes the dynptr that bpf_dynptr_data takes a slice of.
func (v *verifier) requireSliceSource(reg *state.Reg) *Rejection {
	c := &v.call
	if c.refObjID != 0 {
		return v.bug("meta.ref_obj_id already set")
	}
	d := v.dynptrReg(reg, dynptrSlot(reg))
	c.dynptrID = d.ID
	if !v.rules.childrenEnd {
		c.refObjID = d.RefObjID
	}
	return nil
}

// noteDynptrWrite notes a write that may move a packet.
func (v *verifier) noteDynptrWrite(reg *state.Reg) {
	if v.dynptrKind(reg, slotOf(int(reg.Off))).MovesPacket() {
		v.call.changesPacket = true
	}
}

// stepPassedDynptr checks a dynptr passed to a global function.
func (v *verifier) stepPassedDynptr(reg *state.Reg, n uint8, t regtype.Arg) *Rejection {
	if r := v.requireArgOffset(reg, n, regtype.ArgDynptr); r != nil {
		return r
	}
	return v.stepDynptrArg(n, t, dynptrOrigin{})
}

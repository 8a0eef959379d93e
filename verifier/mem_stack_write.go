// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// The stack, write side.
//
//	store of                     at the low end of a slot     elsewhere
//	a number or an immediate     spill of its width           bytes: zero or misc
//	a pointer, 8 bytes           spill                        (alignment forbids it)
//	a pointer, fewer bytes       rejected                     rejected
//	what a call writes           bytes: misc                  bytes: misc
//
// A spill of less than 8 bytes leaves the other bytes of the slot as they
// were, less any register they were part of. A store at a variable offset may
// hit any slot in range: none of them keeps its register, and none becomes
// known.

// stepStackWrite stores to the stack.
//
// kernel: check_stack_write
func (v *verifier) stepStackWrite(a *access, r *state.Reg) *Rejection {
	if r.Var.IsConst() {
		return v.stepSpill(a, v.frameOf(r), int(a.off)+int(int64(r.Var.Value)))
	}
	return v.stepStackWriteRange(a, r)
}

// stepSpill stores to a fixed place of the stack of f.
//
// kernel: check_stack_write_fixed_off
func (v *verifier) stepSpill(a *access, f *state.Frame, off int) *Rejection {
	spi := slotOf(off)
	slot := f.Stack.At(spi)
	if !v.allowPtrLeaks && slot.IsSpill() && !slot.IsScalarSpill() && a.size != state.SlotBytes {
		return v.reject(eacces, fault.SpillCorruption.Of(accessed(a.base, int32(off), a.size)))
	}
	var value *state.Reg
	if a.value >= 0 {
		value = v.reg(uint8(a.value))
	}
	if !v.bypassSpecV4 {
		v.guardStore(a, slot, value, off)
	}
	if rej := v.destroyDynptr(f, spi); rej != nil {
		return rej
	}
	slot = f.Stack.Own(spi)
	aligned := off%state.SlotBytes == 0
	if aligned && a.size == state.SlotBytes {
		v.markStackWrite(f.Depth, 1<<spi)
	}
	v.keepFastcallStack(f, a.pc, off)
	v.trace.scratchSlot(spi)

	in := &v.insns[a.pc]
	switch {
	case value != nil && aligned && value.Type == regtype.Scalar && v.privileged:
		v.spillScalar(slot, value, a.size)
	case value == nil && aligned && storesImm(in) && v.privileged:
		var imm state.Reg
		imm.SetKnown(uint64(int64(in.Imm)))
		imm.Type = regtype.Scalar
		spill(slot, &imm, a.size)
	case value != nil && spillable(value.Type):
		if rej := v.requireWholeSpill(a, f, value); rej != nil {
			return rej
		}
		spill(slot, value, a.size)
	default:
		return v.stepStackBytes(a, slot, value, off)
	}
	return v.pushStep(stackAccessFlags(f.Depth, spi), 0)
}

// spillScalar spills a number. A value that does not fit the width is not the
// same value any more.
func (v *verifier) spillScalar(slot *state.Slot, value *state.Reg, size int) {
	fits := valueWidth(value) <= size*8
	if fits {
		v.ensureScalarID(value)
	}
	spill(slot, value, size)
	if !fits {
		slot.Spilled.ID = 0
	}
}

// requireWholeSpill requires a pointer to be stored whole, and a pointer to the
// stack to stay in its function or a deeper one.
func (v *verifier) requireWholeSpill(a *access, f *state.Frame, value *state.Reg) *Rejection {
	spilled := fault.Value{Reg: uint8(a.value), Kind: value.Type}
	if a.size != state.SlotBytes {
		v.sayLine(a.pc)
		return v.reject(eacces, fault.PartialSpill.Of(spilled))
	}
	if f != v.frame() && value.Type == regtype.PtrToStack {
		return v.reject(einval, fault.CallerStackSpill.Of(spilled))
	}
	return nil
}

// stepStackBytes stores bytes that are not a register. Bytes are known to be
// zero only if the register they came from was precisely so.
func (v *verifier) stepStackBytes(a *access, slot *state.Slot, value *state.Reg, off int) *Rejection {
	scrubSlot(slot)
	t := state.SlotMisc
	if v.storesZero(a, value) {
		if rej := v.markValuePrecise(a); rej != nil {
			return rej
		}
		t = state.SlotZero
	}
	for i := range a.size {
		slot.Bytes[byteOf(off+i)] = t
	}
	return nil
}

// markValuePrecise makes the value that a store takes from a register precise.
func (v *verifier) markValuePrecise(a *access) *Rejection {
	if a.value < 0 {
		return nil
	}
	return v.markPrecise(uint8(a.value))
}

// storesZero reports whether a is a store of zero. value is nil unless it is a register's.
func (v *verifier) storesZero(a *access, value *state.Reg) bool {
	if value != nil {
		return value.IsNull()
	}
	in := &v.insns[a.pc]
	return storesImm(in) && in.Imm == 0
}

// stepStackWriteRange stores to anywhere in a range of the stack.
//
// kernel: check_stack_write_var_off
func (v *verifier) stepStackWriteRange(a *access, r *state.Reg) *Rejection {
	f := v.frameOf(r)
	lo, hi := int(r.Smin())+int(a.off), int(r.Smax())+int(a.off)+a.size
	var value *state.Reg
	if a.value >= 0 {
		value = v.reg(uint8(a.value))
	}
	for off := lo; off < hi; off++ {
		if rej := v.destroyDynptr(f, slotOf(off)); rej != nil {
			return rej
		}
	}
	v.keepFastcallStack(f, a.pc, lo)
	zero, zeroKept := v.storesZero(a, value), false
	for off := lo; off < hi; off++ {
		zeroKept = v.applyMaybeWritten(f, off, zero) || zeroKept
	}
	if !zeroKept {
		return nil
	}
	return v.markValuePrecise(a)
}

// applyMaybeWritten is the effect of a store on one byte that it may hit. It
// reports whether the byte stays zero only because zero is stored. The program has
// privileges, since its pointer has a variable offset: it may overwrite pointers
// and read what was never written.
func (v *verifier) applyMaybeWritten(f *state.Frame, off int, zero bool) (zeroKept bool) {
	spi := slotOf(off)
	slot := f.Stack.At(spi)
	v.trace.scratchSlot(spi)
	if zero && slot.Bytes[byteOf(off)] == state.SlotSpill && slot.IsScalarSpill() && slot.Spilled.Var.Equals(0) {
		return true
	}
	slot = f.Stack.Own(spi)
	scrubSlot(slot)
	t, next := &slot.Bytes[byteOf(off)], state.SlotMisc
	if zero && *t == state.SlotZero {
		next, zeroKept = state.SlotZero, true
	}
	*t = next
	return zeroKept
}

// spill saves r in the low size bytes of slot.
//
// kernel: save_register_state
func spill(slot *state.Slot, r *state.Reg, size int) {
	slot.Spilled = *r
	for i := range state.SlotBytes {
		b := &slot.Bytes[state.SlotBytes-1-i]
		switch {
		case i < size:
			*b = state.SlotSpill
		case *b != state.SlotZero && *b != state.SlotInvalid:
			*b = state.SlotMisc
		}
	}
}

// scrubSlot forgets the register or object that slot holds; its bytes stay
// readable.
//
// kernel: scrub_special_slot
func scrubSlot(slot *state.Slot) {
	slot.Spilled.Type = regtype.NotInit
	if slot.IsSpill() || slot.IsSpecial() {
		scrubBytes(slot)
	}
}

// scrubBytes makes the written bytes of slot unknown.
//
// kernel: scrub_spilled_slot
func scrubBytes(slot *state.Slot) {
	for i := range slot.Bytes {
		if slot.Bytes[i] != state.SlotInvalid {
			slot.Bytes[i] = state.SlotMisc
		}
	}
}

// storesImm reports whether in is a store of an immediate, as opposed to a store that a call
// makes.
//
// kernel: is_bpf_st_mem
func storesImm(in *isa.Insn) bool {
	return in.Class() == isa.ClassST && in.Mode() == isa.ModeMEM
}

// spillable reports whether t is a pointer that can be saved on the stack and restored.
//
// kernel: is_spillable_regtype
func spillable(t regtype.Reg) bool {
	switch t.Base() {
	case regtype.NotInit, regtype.Scalar, regtype.PtrToTPBuffer, regtype.ConstPtrToDynptr:
		return false
	}
	return true
}

// guardStore asks for a barrier behind a store that a processor could run
// late: one that replaces anything but plain bytes.
func (v *verifier) guardStore(a *access, slot *state.Slot, value *state.Reg, off int) {
	guard := value != nil && spillable(value.Type)
	for i := range a.size {
		b := slot.Bytes[byteOf(off+i)]
		guard = guard || b != state.SlotMisc && b != state.SlotZero
	}
	if guard {
		v.aux[a.pc].nospecResult = true
	}
}

// keepFastcallStack ends the special treatment of the spills around fastcall
// helpers once other code touches their slots: the spills must then stay.
//
// kernel: check_fastcall_stack_contract
func (v *verifier) keepFastcallStack(f *state.Frame, pc, off int) {
	sub := &v.flow.Subprogs[f.Subprog]
	if int(sub.FastcallStack) <= off || v.flow.Points[pc].FastcallPattern {
		return
	}
	sub.FastcallStack = minFastcallStack
	for i := sub.Start; i < sub.End; i++ {
		v.flow.Points[i].FastcallSpills = 0
		v.flow.Points[i].FastcallPattern = false
	}
}

// minFastcallStack is below every offset, so that no slot is special.
const minFastcallStack = -1 << 15

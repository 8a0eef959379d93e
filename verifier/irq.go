// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// Interrupt flags: saving disables interrupts and leaves a flag on the stack,
// restoring gives it back. Saves nest and are restored in reverse order, each
// by the family of functions that saved it. While interrupts are disabled
// nothing may sleep, and the program must not leave.

// Families of functions that save and restore.
const (
	irqNative = iota // bpf_local_irq_save and bpf_local_irq_restore
	irqLock          // bpf_res_spin_lock_irqsave and its unlock
)

var irqFamilies = [...]string{irqNative: "native", irqLock: "lock"}

var irqPlace = objectPlace{1, fault.IRQFlagAtVariableOffset, fault.IRQFlagMisplaced}

// stepIRQFlag saves or restores the flag that register n points to.
//
// kernel: process_irq_flag
func (v *verifier) stepIRQFlag(p param) *Rejection {
	c, n := &v.call, p.n
	switch c.kfunc.special {
	case facts.KfuncLocalIrqSave:
		return v.stepIRQSave(n, irqNative)
	case facts.KfuncResSpinLockIrqsave:
		return v.stepIRQSave(n, irqLock)
	case facts.KfuncLocalIrqRestore:
		return v.stepIRQRestore(n, irqNative)
	case facts.KfuncResSpinUnlockIrqrestore:
		return v.stepIRQRestore(n, irqLock)
	}
	return v.bug("unknown irq flags kfunc")
}

// stepIRQSave makes a flag where there is none yet.
func (v *verifier) stepIRQSave(n uint8, family uint32) *Rejection {
	reg := v.reg(n)
	spi, misplaced := v.requireObjectSlot(reg, &irqPlace)
	free := misplaced == nil
	if spi >= 0 {
		for _, b := range v.frameOf(reg).Stack.At(spi).Bytes {
			free = free && b != state.SlotIRQFlag
		}
	}
	if !free {
		return v.reject(einval, fault.IRQFlagAlreadyInitialized.Of(v.argument(n))).because(misplaced)
	}
	if r := v.stepAccess(access{pc: v.pc, base: n, size: state.SlotBytes, mode: accessWrite,
		value: noValue}); r != nil {
		return r
	}
	spi, misplaced = v.requireObjectSlot(reg, &irqPlace)
	if spi < 0 {
		return misplaced
	}
	v.applyIRQSave(reg, spi, family)
	return nil
}

// applyIRQSave disables interrupts and fills the slot of the flag.
//
// kernel: mark_stack_slot_irq_flag
func (v *verifier) applyIRQSave(reg *state.Reg, spi int, family uint32) {
	id := v.newID()
	v.cur.Refs = append(v.cur.Refs, state.Ref{Kind: state.RefIRQ, ID: id, PC: v.pc})
	v.cur.ActiveIRQ = id
	f := v.frameOf(reg)
	slot := f.Stack.Own(spi)
	v.markStackWrite(f.Depth, 1<<spi)
	slot.Spilled.SetKnown(0)
	slot.Spilled.Type = regtype.PtrToStack
	slot.Spilled.RefObjID = id
	slot.Spilled.SetIRQClass(family)
	for j := range slot.Bytes {
		slot.Bytes[j] = state.SlotIRQFlag
	}
	v.trace.scratchSlot(spi)
}

// stepIRQRestore gives back the flag saved last.
//
// kernel: unmark_stack_slot_irq_flag
func (v *verifier) stepIRQRestore(n uint8, family uint32) *Rejection {
	reg := v.reg(n)
	spi, misplaced := v.requireObjectSlot(reg, &irqPlace)
	valid := spi >= 0
	if valid {
		slot := v.frameOf(reg).Stack.At(spi)
		valid = slot.Spilled.RefObjID != 0
		for _, b := range slot.Bytes {
			valid = valid && b == state.SlotIRQFlag
		}
	}
	if !valid {
		return v.reject(einval, fault.UninitializedIRQFlag.Of(v.argument(n))).because(misplaced)
	}
	if r := v.markObjectRead(uint32(reg.Frame), spi, 1); r != nil {
		return r
	}
	f := v.frameOf(reg)
	flag := &f.Stack.At(spi).Spilled
	if saved := flag.IRQClass(); saved != family {
		return v.reject(einval, fault.IRQFlagFamilyMismatch.Of(fault.FlagArgument{Argument: v.argument(n),
			SavedBy: irqFamilies[saved], RestoredBy: irqFamilies[family]}))
	}
	if flag.RefObjID != v.cur.ActiveIRQ {
		return v.rejectIRQOrder(n)
	}
	v.dropIRQ(flag.RefObjID)
	v.freeSlot(f, spi)
	v.applyRegionEnd()
	return nil
}

// rejectIRQOrder refuses to restore a flag before one that was saved later.
func (v *verifier) rejectIRQOrder(n uint8) *Rejection {
	return v.reject(eacces, fault.IRQRestoreOutOfOrder.Of(fault.OwnedArgument{Argument: v.argument(n),
		Reference: v.reference(v.cur.ActiveIRQ)}))
}

// dropIRQ forgets a saved flag; the one before it is then the latest.
//
// kernel: release_irq_state
func (v *verifier) dropIRQ(id uint32) {
	before := uint32(0)
	for i := range v.cur.Refs {
		ref := &v.cur.Refs[i]
		if ref.Kind != state.RefIRQ {
			continue
		}
		if ref.ID == id {
			v.cur.RemoveRef(i)
			v.cur.ActiveIRQ = before
			return
		}
		before = ref.ID
	}
}

// stepResLock takes or releases the resilient lock that register n points to.
func (v *verifier) stepResLock(p param) *Rejection {
	c, n := &v.call, p.n
	switch c.kfunc.special {
	case facts.KfuncResSpinLock:
		return v.stepLock(n, state.RefResLock)
	case facts.KfuncResSpinLockIrqsave:
		return v.stepLock(n, state.RefResLockIRQ)
	case facts.KfuncResSpinUnlock:
		return v.stepUnlock(n, state.RefResLock)
	case facts.KfuncResSpinUnlockIrqrestore:
		return v.stepUnlock(n, state.RefResLockIRQ)
	}
	return v.reject(efault, fault.LockFlagsUnknown.Of(v.argument(n)))
}

// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"math/bits"

	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// The stack, read side. Slots hold 8 bytes; a register stored to the low end
// of a slot is remembered whole (a spill) and comes back whole when loaded
// with the same width (a fill).
//
//	load of            gives
//	a whole spill      the register, pointers too
//	part of a number   its low bytes; else unknown, or 0 if all is 0
//	part of a pointer  rejected
//	written bytes      unknown, or 0 if all were zeroed
//	unwritten bytes    rejected, unless uninitialised reads are allowed
//
// At a variable offset every slot in range must be readable, and the result
// is unknown unless all of it is zero.

// frameOf is the function whose stack r points into.
//
// kernel: func
func (v *verifier) frameOf(r *state.Reg) *state.Frame { return v.cur.Frames[r.Frame] }

// slotOf is the slot of the stack byte at off, which is negative.
//
// kernel: __get_spi
func slotOf(off int) int { return (-off - 1) / state.SlotBytes }

// byteOf is the index of the stack byte at off in its slot.
func byteOf(off int) int { return (-off - 1) % state.SlotBytes }

// valueWidth is how many bits the greatest value of r takes.
//
// kernel: get_reg_width
func valueWidth(r *state.Reg) int { return bits.Len64(r.Umax()) }

// stackAccessFlags describe a spill or fill for tracing precision backwards.
//
// kernel: insn_stack_access_flags
func stackAccessFlags(depth uint32, spi int) uint32 {
	return state.StepStackAccess | uint32(spi)<<state.StepSlotShift | depth
}

// stepStackAccess checks a load or store through a stack pointer.
func (v *verifier) stepStackAccess(a *access, r *state.Reg) *Rejection {
	if rej := v.stepStackBounds(a.base, a.off, a.size, a.mode); rej != nil {
		return rej
	}
	if a.mode == accessWrite {
		return v.stepStackWrite(a, r)
	}
	return v.stepStackRead(a, r)
}

// stepStackBounds requires an access to lie in the frame, and makes the
// frame's stack large enough for it.
//
// kernel: check_stack_access_within_bounds
func (v *verifier) stepStackBounds(n uint8, off int32, size int, mode accessMode) *Rejection {
	r := v.reg(n)
	f := v.frameOf(r)
	direction := fault.Reads
	if mode == accessWrite {
		direction = fault.Writes
	}
	// No pointer is moved as far down: requireSaneOffset.
	if r.Smax() >= maxVarOff {
		return v.reject(eacces, fault.StackOffsetUnbounded.Of(fault.StackUnbounded{Reg: n, Direction: direction}))
	}
	lo, hi := r.Smin()+int64(off), r.Smax()+int64(off)+int64(size)
	floor := int64(-state.MaxStack)
	if mode == accessRead && !v.allowUninit {
		floor = -int64(f.StackBytes())
	}
	errno := 0
	switch {
	case lo < floor || lo > -1:
		errno = eacces
	case hi > 0:
		errno = einval
	case size < 0:
		errno = efault
	}
	if errno != 0 {
		bounds := fault.StackBounds{Access: accessed(n, off, size), Direction: direction}
		if r.Var.IsConst() {
			return v.reject(errno, fault.StackOutOfBounds.Of(bounds))
		}
		return v.reject(errno, fault.StackRangeOutOfBounds.Of(fault.StackRange{StackBounds: bounds, Bits: r.Var,
			Min: lo, Max: hi}))
	}
	v.growStack(f, int(-lo))
	return nil
}

// growStack makes room for n bytes and keeps the function's greatest depth.
//
// kernel: grow_stack_state
func (v *verifier) growStack(f *state.Frame, n int) {
	f.GrowStack(n)
	deepest := &v.subprogs[f.Subprog].stackDepth
	*deepest = max(*deepest, f.StackBytes())
}

// stepStackRead loads from the stack.
//
// kernel: check_stack_read
func (v *verifier) stepStackRead(a *access, r *state.Reg) *Rejection {
	if r.Var.IsConst() {
		return v.stepFill(a, v.frameOf(r), int(a.off)+int(int64(r.Var.Value)))
	}
	if a.value < 0 {
		return v.reject(eacces, fault.VariableStackOffset.Of(fault.VarAccess{Access: a.fault(), Bits: r.Var}))
	}
	return v.stepStackReadRange(a, r)
}

// stepStackReadRange loads from anywhere in a range of the stack.
//
// kernel: check_stack_read_var_off
func (v *verifier) stepStackReadRange(a *access, r *state.Reg) *Rejection {
	if rej := v.stepStackRange(a.base, int(a.off), callMem{size: a.size, mode: accessRead}); rej != nil {
		return rej
	}
	f := v.frameOf(r)
	lo, hi := int(r.Smin())+int(a.off), int(r.Smax())+int(a.off)
	v.applyStackBytes(f, lo, hi+a.size, uint8(a.value))
	v.keepFastcallStack(f, a.pc, lo)
	return nil
}

// stepFill loads from a fixed place of the stack of f.
//
// kernel: check_stack_read_fixed_off
func (v *verifier) stepFill(a *access, f *state.Frame, off int) *Rejection {
	spi := slotOf(off)
	slot := f.Stack.At(spi)
	v.trace.scratchSlot(spi)
	v.keepFastcallStack(v.frame(), a.pc, off)
	if rej := v.markStackRead(f.Depth, a.pc, 1<<spi); rej != nil {
		return rej
	}
	if !slot.IsSpill() {
		if rej := v.requireReadableBytes(a, slot, off); rej != nil {
			return rej
		}
		if a.value >= 0 {
			v.applyStackBytes(f, off, off+a.size, uint8(a.value))
		}
		return nil
	}
	spilled := 1
	for spilled < state.SlotBytes && slot.Bytes[state.SlotBytes-1-spilled] == state.SlotSpill {
		spilled++
	}
	switch {
	case a.size != state.SlotBytes || spilled != state.SlotBytes:
		filled, rej := v.stepPartialFill(a, slot, off, spilled)
		if !filled {
			return rej
		}
	case a.value >= 0:
		*v.reg(uint8(a.value)) = slot.Spilled
	case v.leaks(&slot.Spilled):
		return v.reject(eacces, fault.PointerRead.Of(fault.StackOffset{Off: int64(off)}))
	}
	return v.pushStep(stackAccessFlags(f.Depth, spi), 0)
}

// stepPartialFill loads from a slot that holds a register of spilled bytes,
// with another width or place. It reports whether the value still is that of
// the register.
func (v *verifier) stepPartialFill(a *access, slot *state.Slot, off, spilled int) (filled bool, rej *Rejection) {
	from := &slot.Spilled
	if from.Type != regtype.Scalar {
		v.sayLine(a.pc)
		return false, v.reject(eacces, fault.PartialFill.Of(fault.KindAccess{Access: accessed(a.base, int32(off),
			a.size), Kind: from.Type}))
	}
	if a.value < 0 {
		return false, nil
	}
	dst := v.reg(uint8(a.value))
	if a.size <= spilled && narrowAccessOK(off) {
		def := dst.SubregDef
		*dst = *from
		dst.SubregDef = def
		if valueWidth(from) > a.size*8 {
			dst.Unlink() // the two values differ
		}
		return true, nil
	}
	if rej := v.requireReadableBytes(a, slot, off); rej != nil {
		return false, rej
	}
	spills, zeros := 0, 0
	for i := range a.size {
		switch slot.Bytes[byteOf(off+i)] {
		case state.SlotSpill:
			spills++
		case state.SlotZero:
			zeros++
		}
	}
	switch {
	case spills == a.size && from.Var.Equals(0):
		v.setConstZero(dst)
		return true, nil
	case zeros == a.size:
		v.setConstZero(dst)
	default:
		v.setUnknown(dst)
	}
	return false, nil
}

// narrowAccessOK reports whether an access at off begins with the low byte of what
// was spilled, on a little-endian machine.
//
// kernel: bpf_stack_narrow_access_ok
func narrowAccessOK(off int) bool { return off%state.SlotBytes == 0 }

// requireReadableBytes requires the bytes of an access to hold a value; spilled
// bytes do.
func (v *verifier) requireReadableBytes(a *access, slot *state.Slot, off int) *Rejection {
	for i := range a.size {
		switch t := slot.Bytes[byteOf(off+i)]; {
		case t == state.SlotMisc, t == state.SlotZero:
		case t == state.SlotSpill && slot.IsSpill():
		case t == state.SlotInvalid && v.allowUninit:
		default:
			refused := fault.UninitializedStackRead
			if slot.IsSpecial() {
				refused = fault.SpecialStackRead
			}
			read := fault.StackRead{VarAccess: fault.VarAccess{Access: accessed(a.base, int32(off), a.size)},
				At: int64(i)}
			return v.reject(eacces, refused.Of(read))
		}
	}
	return nil
}

// applyStackBytes sets register n from the stack bytes [lo, hi) of f: zero if
// all of them are.
//
// kernel: mark_reg_stack_read
func (v *verifier) applyStackBytes(f *state.Frame, lo, hi int, n uint8) {
	for off := lo; off < hi; off++ {
		spi := slotOf(off)
		v.trace.scratchSlot(spi)
		if f.Stack.At(spi).Bytes[byteOf(off)] != state.SlotZero {
			v.applyUnknown(n)
			return
		}
	}
	v.setConstZero(v.reg(n))
}

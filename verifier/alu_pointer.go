// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"math"

	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/scalar"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// Rules of pointer arithmetic: only 64-bit addition and subtraction, of a
// number whose range is known.
//
//	pointer                                   += constant  += variable
//	ctx, map value or key, stack, packet,     yes          yes
//	memory, buffer, BTF object, function
//	flow keys                                 yes          no
//	map                                       0 only       no
//	packet end, sockets                       no           no
//	may be NULL                               no           no
//
// A constant goes into the fixed offset, a variable into the variable part; a
// packet pointer then starts a new group, whose range is unknown.

// stepPointerALU adds off to the pointer base, or subtracts it, into the
// destination.
//
// kernel: adjust_ptr_min_max_vals
func (v *verifier) stepPointerALU(in *isa.Insn, base, off *state.Reg) *Rejection {
	dst := v.reg(in.Dst)
	known := off.IsConst()
	if known && (off.Smin() != off.Smax() || off.Umin() != off.Umax()) || off.Smin() > off.Smax() ||
		off.Umin() > off.Umax() {
		// The range contradicts itself: this path cannot be taken.
		v.setUnknown(dst)
		return nil
	}
	if in.Class() != isa.ClassALU64 {
		if in.Code() == isa.OpSub && v.allowPtrLeaks {
			v.setUnknown(dst)
			return nil
		}
		return v.reject(eacces, fault.PointerArith32Bit.Of(fault.Register{Reg: in.Dst}))
	}
	if base.Type.Base() == regtype.PtrToMem && base.Type&regtype.Untrusted != 0 && !base.Type.MayBeNull() {
		// Such memory is only probed, wherever the pointer goes.
		return nil
	}
	if r := v.requireOffsetable(in, base, off); r != nil {
		return r
	}
	ptr, delta := *base, *off
	subtractsPointer := dst == off
	// The rest of the pointer follows with the sum; a stack pointer's frame
	// and a reference do not.
	dst.Type, dst.ID = ptr.Type, ptr.ID
	if r := v.requireSaneOffset(&delta, ptr.Type); r != nil {
		return r
	}
	if r := v.requireSaneOffset(&ptr, ptr.Type); r != nil {
		return r
	}
	dst.MarkUnbounded32()
	var mask sanitation
	isSum := in.Code() == isa.OpAdd || in.Code() == isa.OpSub
	if isSum {
		if r := v.sanitizePointerALU(in, &ptr, &delta, dst, base == dst, &mask, false); r != nil {
			return r
		}
	}
	switch in.Code() {
	case isa.OpAdd:
		v.applyPointerAdd(dst, &ptr, &delta)
	case isa.OpSub:
		if subtractsPointer {
			return v.reject(eacces, fault.ScalarMinusPointer.Of(fault.Register{Reg: in.Dst}))
		}
		if ptr.Type == regtype.PtrToStack {
			return v.reject(eacces, fault.StackPointerSubtraction.Of(fault.Register{Reg: in.Dst}))
		}
		v.applyPointerSub(dst, &ptr, &delta)
	case isa.OpAnd, isa.OpOr, isa.OpXor:
		return v.reject(eacces, fault.PointerBitwise.Of(fault.Operand{Reg: in.Dst, Op: isa.ALUOp(in.Code())}))
	default:
		return v.reject(eacces, fault.PointerArithOperator.Of(fault.Operand{Reg: in.Dst, Op: isa.ALUOp(in.Code())}))
	}
	if r := v.requireSaneOffset(dst, ptr.Type); r != nil {
		return r
	}
	dst.Sync()
	if r := v.requireBoundsUnprivileged(in, dst); r != nil {
		return r
	}
	if !isSum {
		return nil
	}
	return v.sanitizePointerALU(in, dst, &delta, dst, true, &mask, true)
}

// requireOffsetable requires the pointer to be of a kind that may have an offset.
func (v *verifier) requireOffsetable(in *isa.Insn, base, off *state.Reg) *Rejection {
	if base.Type.MayBeNull() {
		return v.reject(eacces, fault.PointerArithBeforeNullCheck.Of(fault.Value{Reg: in.Dst, Kind: base.Type}))
	}
	known := off.IsConst()
	switch base.Type.Base() {
	case regtype.PtrToCtx, regtype.PtrToMapValue, regtype.PtrToMapKey, regtype.PtrToStack, regtype.PtrToPacketMeta,
		regtype.PtrToPacket, regtype.PtrToTPBuffer, regtype.PtrToBTFID, regtype.PtrToMem, regtype.PtrToBuf,
		regtype.PtrToFunc, regtype.ConstPtrToDynptr:
		return nil
	case regtype.PtrToFlowKeys:
		if known {
			return nil
		}
		fallthrough
	case regtype.ConstPtrToMap:
		if known && off.Smin() == 0 && in.Code() == isa.OpAdd {
			return nil
		}
	}
	return v.reject(eacces, fault.PointerArithForbidden.Of(fault.Value{Reg: in.Dst, Kind: base.Type}))
}

// requireSaneOffset requires an offset, or the offset of a pointer, to stay far
// from where sums could overflow.
//
// kernel: check_reg_sane_offset
func (v *verifier) requireSaneOffset(r *state.Reg, t regtype.Reg) *Rejection {
	refuse := func(off int64, what fault.Message[fault.Offset]) *Rejection {
		return v.reject(einval, what.Of(fault.Offset{Kind: t, Off: off}))
	}
	val := int64(r.Var.Value)
	switch {
	case r.IsConst() && (val >= maxVarOff || val <= -maxVarOff):
		return refuse(val, fault.OffsetTooLarge)
	case r.Off >= maxVarOff || r.Off <= -maxVarOff:
		return refuse(int64(r.Off), fault.PointerOffsetTooLarge)
	case r.Smin() == math.MinInt64:
		return refuse(r.Smin(), fault.OffsetUnbounded)
	case r.Smin() >= maxVarOff || r.Smin() <= -maxVarOff:
		return refuse(r.Smin(), fault.OffsetLeavesObject)
	}
	return nil
}

// setFixedOffset makes dst the pointer ptr with another fixed offset. The
// 32-bit ranges of dst stay unbounded.
func setFixedOffset(dst, ptr *state.Reg, off int32) {
	dst.Scalar = ptr.Scalar
	dst.MarkUnbounded32()
	dst.Off = off
	dst.CopyObject(ptr)
}

func (v *verifier) applyPointerAdd(dst, ptr, off *state.Reg) {
	if sum := int64(ptr.Off) + off.Smin(); off.IsConst() && sum == int64(int32(sum)) {
		setFixedOffset(dst, ptr, int32(sum))
		return
	}
	dst.Scalar = scalar.AddOffset(&ptr.Scalar, &off.Scalar)
	dst.Off = ptr.Off
	dst.CopyObject(ptr)
	if ptr.Type.IsPacket() {
		dst.ID = v.newID()
		dst.ClearObject()
	}
}

func (v *verifier) applyPointerSub(dst, ptr, off *state.Reg) {
	if diff := int64(ptr.Off) - off.Smin(); off.IsConst() && diff == int64(int32(diff)) {
		setFixedOffset(dst, ptr, int32(diff))
		dst.ID = ptr.ID
		return
	}
	dst.Scalar = scalar.SubOffset(&ptr.Scalar, &off.Scalar)
	dst.Off = ptr.Off
	dst.CopyObject(ptr)
	if ptr.Type.IsPacket() {
		dst.ID = v.newID()
		// A smaller pointer keeps the range; one that may have grown does not.
		if off.Smin() < 0 {
			dst.ClearObject()
		}
	}
}

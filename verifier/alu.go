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

// Rules of arithmetic and moves:
//
//	operands                 result
//	scalar, scalar           a scalar; division and unsafe shifts know nothing
//	pointer, scalar          add and subtract only, see alu_pointer.go
//	pointer, pointer         only their difference, where addresses may be seen
//	arena pointer, anything  an arena pointer
//	move                     the same value; a narrow one cuts or extends it
//
// A copy shares an id with its source, so that what a branch shows about one
// holds for the other; a constant added to one of them is remembered.

// stepALU checks and applies arithmetic and moves.
//
// kernel: check_alu_op
func (v *verifier) stepALU(in *isa.Insn) *Rejection {
	var r *Rejection
	switch in.Code() {
	case isa.OpNeg, isa.OpEnd:
		r = v.stepUnary(in)
	case isa.OpMov:
		r = v.stepMove(in)
	case 0xe0, 0xf0:
		return v.bug("opcode %#x is none of arithmetic", in.Op)
	default:
		r = v.stepBinary(in)
	}
	if r != nil {
		return r
	}
	return v.stepInvariants(v.reg(in.Dst), "alu")
}

// stepUnary negates or swaps bytes.
func (v *verifier) stepUnary(in *isa.Insn) *Rejection {
	if in.Code() == isa.OpNeg {
		if in.Src != 0 || in.Off != 0 || in.Imm != 0 {
			return v.rejectReserved("BPF_NEG")
		}
	} else {
		width := in.Imm == 16 || in.Imm == 32 || in.Imm == 64
		if in.Src != 0 || in.Off != 0 || !width {
			return v.rejectReserved("BPF_END")
		}
	}
	if r := v.requireReadable(in.Dst); r != nil {
		return r
	}
	if v.isPointer(in.Dst) {
		return v.reject(eacces, fault.PointerUnaryOperator.Of(fault.Register{Reg: in.Dst}))
	}
	dst := v.reg(in.Dst)
	if dst.Type != regtype.Scalar {
		return v.stepOverwrite(in.Dst)
	}
	if in.Code() == isa.OpEnd {
		swap := in.Class() == isa.ClassALU64 || in.SrcKind() == isa.SrcX
		if scalar.ByteSwap(&dst.Scalar, int(in.Imm), swap) {
			dst.Unlink()
		}
		return nil
	}
	return v.stepScalars(in, dst, dst)
}

// stepMove copies a register or loads an immediate.
func (v *verifier) stepMove(in *isa.Insn) *Rejection {
	isReg := in.SrcKind() == isa.SrcX
	if r := v.requireMoveFields(in, isReg); r != nil {
		return r
	}
	if isReg {
		if r := v.requireReadable(in.Src); r != nil {
			return r
		}
	}
	if r := v.requireWritable(in.Dst); r != nil {
		return r
	}
	dst := v.reg(in.Dst)
	switch {
	case !isReg:
		v.setUnknown(dst)
		imm := uint64(int64(in.Imm))
		if in.Class() == isa.ClassALU {
			imm = uint64(uint32(in.Imm))
		}
		dst.SetKnown(imm)
		return nil
	case in.Class() == isa.ClassALU:
		return v.stepMove32(in, dst, v.reg(in.Src))
	case in.Imm != 0:
		v.setUnknown(dst)
		if in.Imm == 1 {
			dst.Type = regtype.PtrToArena
			dst.SubregDef = int32(v.pc) + 1
		}
		return nil
	case in.Off == 0:
		src := v.reg(in.Src)
		v.ensureScalarID(src)
		*dst = *src
		dst.SubregDef = 0
		return nil
	}
	return v.stepMoveSigned(in, dst, v.reg(in.Src))
}

// requireMoveFields requires the fields of a move that mean nothing to be zero.
func (v *verifier) requireMoveFields(in *isa.Insn, isReg bool) *Rejection {
	switch {
	case !isReg:
		if in.Src != 0 || in.Off != 0 {
			return v.rejectReserved("BPF_MOV")
		}
	case in.Class() == isa.ClassALU:
		if in.Off != 0 && in.Off != 8 && in.Off != 16 || in.Imm != 0 {
			return v.rejectReserved("BPF_MOV")
		}
	case in.Off == isa.AddrSpaceCast:
		if in.Imm != 1 && in.Imm != 1<<16 {
			return v.reject(einval, fault.AddressSpaceCast.Of(fault.None{}))
		}
		if !v.usesArena {
			return v.reject(einval, fault.ArenaUnknown.Of(fault.None{}))
		}
	default:
		if in.Off != 0 && in.Off != 8 && in.Off != 16 && in.Off != 32 || in.Imm != 0 {
			return v.rejectReserved("BPF_MOV")
		}
	}
	return nil
}

// stepMove32 copies the lower half of a register, extended from 8 or 16 bits
// where the instruction says so, and clears the upper half.
func (v *verifier) stepMove32(in *isa.Insn, dst, src *state.Reg) *Rejection {
	if v.isPointer(in.Src) {
		return v.reject(eacces, fault.PointerTruncated.Of(fault.Register{Reg: in.Src}))
	}
	if src.Type != regtype.Scalar {
		v.applyUnknown(in.Dst)
	} else {
		same := src.Umax() <= math.MaxUint32
		if in.Off != 0 {
			same = src.Umax() < 1<<(in.Off-1)
		}
		v.copyScalar(dst, src, same)
		dst.SubregDef = int32(v.pc) + 1
		if in.Off != 0 {
			dst.CoerceSignExtend32(int(in.Off >> 3))
		}
	}
	dst.ZeroExtend32()
	dst.Sync()
	return nil
}

// stepMoveSigned copies the lower 8, 16 or 32 bits of a register and extends
// their sign.
func (v *verifier) stepMoveSigned(in *isa.Insn, dst, src *state.Reg) *Rejection {
	if v.isPointer(in.Src) {
		return v.reject(eacces, fault.PointerSignExtended.Of(fault.Register{Reg: in.Src}))
	}
	if src.Type != regtype.Scalar {
		v.applyUnknown(in.Dst)
		return nil
	}
	v.copyScalar(dst, src, src.Umax() < 1<<(in.Off-1))
	dst.CoerceSignExtend64(int(in.Off >> 3))
	dst.SubregDef = 0
	return nil
}

// copyScalar copies a number. Only where the move surely keeps it the same do
// both stay linked.
func (v *verifier) copyScalar(dst, src *state.Reg, same bool) {
	if same {
		v.ensureScalarID(src)
	}
	*dst = *src
	if !same {
		dst.Unlink()
	}
}

// ensureScalarID gives an unknown scalar an id before it is copied, so that
// what is learnt of one copy holds for the other. A constant distance to
// another scalar does not survive the copy.
//
// kernel: assign_scalar_id_before_mov
func (v *verifier) ensureScalarID(r *state.Reg) {
	if r.Type != regtype.Scalar {
		return
	}
	if r.ID&state.AddConst != 0 {
		r.Unlink()
	}
	if r.ID == 0 && !r.IsConst() {
		r.ID = v.newID()
	}
}

// stepBinary computes with two operands.
func (v *verifier) stepBinary(in *isa.Insn) *Rejection {
	isReg := in.SrcKind() == isa.SrcX
	isDiv := in.Code() == isa.OpMod || in.Code() == isa.OpDiv
	reserved := in.Off != 0 && in.Off != 1 || in.Off == 1 && !isDiv
	if isReg {
		if in.Imm != 0 || reserved {
			return v.rejectReserved("BPF_ALU")
		}
		if r := v.requireReadable(in.Src); r != nil {
			return r
		}
	} else if in.Src != 0 || reserved {
		return v.rejectReserved("BPF_ALU")
	}
	if r := v.requireReadable(in.Dst); r != nil {
		return r
	}
	if !isReg {
		if isDiv && in.Imm == 0 {
			return v.reject(einval, fault.DivisionByZero.Of(fault.None{}))
		}
		if r := v.requireShift(in); r != nil {
			return r
		}
	}
	if r := v.requireWritable(in.Dst); r != nil {
		return r
	}
	return v.stepOperands(in, isReg)
}

// requireShift requires a constant shift to be less than the width.
func (v *verifier) requireShift(in *isa.Insn) *Rejection {
	switch in.Code() {
	case isa.OpLsh, isa.OpRsh, isa.OpArsh:
	default:
		return nil
	}
	width := int32(32)
	if in.Class() == isa.ClassALU64 {
		width = 64
	}
	if in.Imm < 0 || in.Imm >= width {
		return v.reject(einval, fault.InvalidShift.Of(fault.Immediate{Value: int64(in.Imm)}))
	}
	return nil
}

// stepOperands distinguishes pointer arithmetic from arithmetic on numbers.
//
// kernel: adjust_reg_min_max_vals
func (v *verifier) stepOperands(in *isa.Insn, isReg bool) *Rejection {
	dst := v.reg(in.Dst)
	var imm state.Reg
	src := &imm
	if isReg {
		src = v.reg(in.Src)
	} else {
		imm.Type = regtype.Scalar
		imm.SetKnown(uint64(int64(in.Imm)))
	}
	if dst.Type == regtype.PtrToArena || isReg && src.Type == regtype.PtrToArena {
		if dst.Type != regtype.PtrToArena {
			*dst = *src
		}
		dst.SubregDef = int32(v.pc) + 1
		if in.Class() == isa.ClassALU64 {
			v.aux[v.pc].needsZext = true
		}
		return nil
	}
	dstIsPtr := dst.Type != regtype.Scalar
	switch {
	case isReg && src.Type != regtype.Scalar && dstIsPtr:
		if in.Code() == isa.OpSub && v.allowPtrLeaks {
			v.setUnknown(dst)
			return nil
		}
		return v.reject(eacces, fault.PointerPointerArith.Of(fault.Operand{Reg: in.Dst, Op: isa.ALUOp(in.Code())}))
	case isReg && src.Type != regtype.Scalar:
		if r := v.markPrecise(in.Dst); r != nil {
			return r
		}
		return v.stepPointerALU(in, src, dst)
	case dstIsPtr:
		if isReg {
			if r := v.markPrecise(in.Src); r != nil {
				return r
			}
		}
		return v.stepPointerALU(in, dst, src)
	case isReg && dst.Precise:
		if r := v.markPrecise(in.Src); r != nil {
			return r
		}
	}
	umaxBefore := dst.Umax()
	if r := v.stepScalars(in, dst, src); r != nil {
		return r
	}
	v.linkDistance(in, dst, src, umaxBefore)
	return nil
}

// stepScalars computes a number from two.
//
// kernel: adjust_scalar_min_max_vals
func (v *verifier) stepScalars(in *isa.Insn, dst, src *state.Reg) *Rejection {
	op, is64 := in.Code(), in.Class() == isa.ClassALU64
	if !scalar.Computable(op, is64, &src.Scalar) {
		v.setUnknown(dst)
		return nil
	}
	if op == isa.OpAdd || op == isa.OpSub {
		if r := v.sanitizeScalarALU(in); r != nil {
			return r
		}
	}
	switch op {
	case isa.OpNeg:
		dst.Forget()
	case isa.OpAnd, isa.OpOr:
		if src.IsConst() {
			if r := v.forkMask(in, dst); r != nil {
				return r
			}
		}
		fallthrough
	case isa.OpXor:
		// kernel: __mark_reg_known
		if src.IsConst() && bitwise(op, dst.Var, src.Var).IsConst() {
			dst.Forget()
		}
	}
	scalar.Apply(op, is64, &dst.Scalar, src.Scalar)
	return nil
}

// bitwise is what is known of the bits of a op b.
func bitwise(op uint8, a, b scalar.Tnum) scalar.Tnum {
	switch op {
	case isa.OpAnd:
		return a.And(b)
	case isa.OpOr:
		return a.Or(b)
	}
	return a.Xor(b)
}

// forkMask follows 0 and -1 apart where a register is one of the two: masks
// that compilers make of conditions.
//
// kernel: maybe_fork_scalars
func (v *verifier) forkMask(in *isa.Insn, dst *state.Reg) *Rejection {
	width := dst.ForkWidth()
	if width == scalar.NoWidth {
		return nil
	}
	st, r := v.pushBranch(v.pc, v.pc, false)
	if r != nil {
		return r
	}
	other := &st.Frame().Regs[in.Dst]
	if width == scalar.Width32 {
		other.SetKnown32(0)
		dst.SetKnown32(math.MaxUint32)
	} else {
		other.SetKnown(0)
		dst.SetKnown(math.MaxUint64)
	}
	return nil
}

// linkDistance remembers that dst is now a constant away from its copies, so
// that a check of one still says something about the other; any other operation
// ends the link.
func (v *verifier) linkDistance(in *isa.Insn, dst, src *state.Reg, umaxBefore uint64) {
	is32 := in.Class() != isa.ClassALU64
	isSum := in.Code() == isa.OpAdd || in.Code() == isa.OpSub
	sameReg := in.SrcKind() == isa.SrcX && in.Src == in.Dst
	if !v.privileged || !isSum || dst.ID == 0 || !src.IsConstAt(is32) || sameReg {
		dst.Unlink()
		return
	}
	val := int64(src.ValueAt(is32))
	off := int32(val)
	switch {
	case !is32 && (val < math.MinInt32 || val > math.MaxInt32),
		is32 && umaxBefore > math.MaxUint32,
		in.Code() == isa.OpSub && off == math.MinInt32,
		dst.ID&state.AddConst != 0:
		dst.Unlink()
		return
	}
	if in.Code() == isa.OpSub {
		off = -off
	}
	if is32 {
		dst.ID |= state.AddConst32
	} else {
		dst.ID |= state.AddConst64
	}
	dst.Off = off
}

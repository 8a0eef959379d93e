// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// Rules against speculation, for users without CAP_PERFMON: a processor may
// run ahead with an offset that no real path has. The kernel masks pointer
// additions, so each must have one limit on all paths, and it walks the paths
// that only speculation takes.

// Kinds of masking that an instruction needs; they must agree on all paths.
const (
	maskSrc = 1 << iota
	maskDst
	maskNegative
	maskNoPointer
	maskImmediate
)

// sanitation is what is found out before the pointer moves, for use after.
//
// kernel: struct bpf_sanitize_info
type sanitation struct {
	state    uint8
	limit    uint32
	maskLeft bool
}

// unsafeReason is why an addition cannot be masked.
type unsafeReason uint8

const (
	maskable unsafeReason = iota
	unsafeBounds
	unsafeType
	unsafePaths
	unsafeLimit
)

// skipsSanitation reports whether in is an addition that needs no mask.
//
// kernel: can_skip_alu_sanitation
func (v *verifier) skipsSanitation(in *isa.Insn) bool {
	return v.bypassSpecV1 || in.SrcKind() == isa.SrcK || v.aux[v.pc].nospec
}

// setMask records the mask of an instruction, which earlier paths may have
// fixed already.
//
// kernel: update_alu_sanitation_state
func setMask(have *uint8, limit *uint32, st uint8, lim uint32) unsafeReason {
	if *have != 0 && (*have != st || *limit != lim) {
		return unsafePaths
	}
	*have, *limit = st, lim
	return maskable
}

// sanitizeScalarALU notes that the addition at pc computes with numbers; the
// same instruction must not compute with a pointer elsewhere.
//
// kernel: sanitize_val_alu
func (v *verifier) sanitizeScalarALU(in *isa.Insn) *Rejection {
	if v.skipsSanitation(in) {
		return nil
	}
	aux := &v.aux[v.pc]
	return v.rejectUnsafe(in, setMask(&aux.aluState, &aux.aluLimit, maskNoPointer, 0), false)
}

// sanitizePointerALU finds the mask of a pointer addition: first from the
// pointer as it was, then, with commit, from where it went.
//
// kernel: sanitize_ptr_alu
func (v *verifier) sanitizePointerALU(in *isa.Insn, ptr, off, dst *state.Reg, ptrIsDst bool, info *sanitation,
	commit bool) *Rejection {
	if v.skipsSanitation(in) {
		return nil
	}
	offIsDst := !ptrIsDst && !commit
	if !v.cur.Speculative {
		reason := v.maskPointerALU(in, ptr, off, ptrIsDst, info, commit)
		if reason != maskable {
			return v.rejectUnsafe(in, reason, offIsDst)
		}
	}
	if commit || off.IsConst() {
		return nil
	}
	// The masked offset may be 0: walk that too.
	saved := *dst
	if !ptrIsDst {
		*dst = *ptr
	}
	r := v.pushSpeculative(nil, v.pc+1, v.pc)
	if !ptrIsDst {
		*dst = saved
	}
	if r != nil {
		return v.reject(enomem, fault.SpeculativeBranches.Of(fault.Register{Reg: in.Dst}))
	}
	return nil
}

func (v *verifier) maskPointerALU(in *isa.Insn, ptr, off *state.Reg, ptrIsDst bool, info *sanitation,
	commit bool) unsafeReason {
	negative := off.Smin() < 0
	if !commit {
		if !off.IsConst() && negative != (off.Smax() < 0) {
			return unsafeBounds
		}
		info.maskLeft = in.Code() == isa.OpAdd && negative || in.Code() == isa.OpSub && !negative
	}
	limit, reason := v.pointerLimit(ptr, info.maskLeft)
	if reason != maskable {
		return reason
	}
	if commit {
		aux := &v.aux[v.pc]
		diff := int32(info.limit - limit)
		return setMask(&aux.aluState, &aux.aluLimit, info.state, uint32(max(diff, -diff)))
	}
	st := uint8(maskDst)
	if ptrIsDst {
		st = maskSrc
	}
	if negative {
		st |= maskNegative
	}
	if off.IsConst() {
		st |= maskImmediate
	} else {
		v.exploreALULimits = true
	}
	return setMask(&info.state, &info.limit, st, limit)
}

// pointerLimit is how far, in bytes, a pointer may move in one direction.
//
// kernel: retrieve_ptr_limit
func (v *verifier) pointerLimit(ptr *state.Reg, left bool) (uint32, unsafeReason) {
	var most, limit uint32
	switch ptr.Type {
	case regtype.PtrToStack:
		most = state.MaxStack
		if left {
			most++
		}
		limit = uint32(-(int64(ptr.Var.Value) + int64(ptr.Off)))
	case regtype.PtrToMapValue:
		most = v.mapOf(ptr.Map()).ValueSize
		if left {
			limit = uint32(ptr.Smin() + int64(ptr.Off))
		} else {
			limit = uint32(ptr.Umax() + uint64(int64(ptr.Off)))
		}
	default:
		return 0, unsafeType
	}
	if limit >= most {
		return 0, unsafeLimit
	}
	return limit, maskable
}

// rejectUnsafe refuses an addition that cannot be masked. offIsDst reports whether
// the number, not the pointer, is in the destination.
//
// kernel: sanitize_err
func (v *verifier) rejectUnsafe(in *isa.Insn, reason unsafeReason, offIsDst bool) *Rejection {
	verb := "sub"
	if in.Code() == isa.OpAdd {
		verb = "add"
	}
	off, ptr := in.Src, in.Dst
	if offIsDst {
		off, ptr = in.Dst, in.Src
	}
	refuse := func(n uint8, what fault.Message[fault.Operand]) *Rejection {
		return v.reject(eacces, what.Of(fault.Operand{Reg: n, Op: verb}))
	}
	switch reason {
	case unsafeBounds:
		return refuse(off, fault.SpeculativeBounds)
	case unsafeType:
		return refuse(ptr, fault.SpeculativeType)
	case unsafePaths:
		return refuse(in.Dst, fault.SpeculativePaths)
	case unsafeLimit:
		return refuse(in.Dst, fault.SpeculativeLimit)
	}
	return nil
}

// pushSpeculative queues a path that only a misled processor takes. The
// operands of in, a branch, are unknown on it; nil keeps them.
//
// kernel: sanitize_speculative_path
func (v *verifier) pushSpeculative(in *isa.Insn, pc, prevPC int) *Rejection {
	st, r := v.pushBranch(pc, prevPC, true)
	if r != nil || in == nil {
		return r
	}
	regs := &st.Frame().Regs
	v.setUnknown(&regs[in.Dst])
	if in.SrcKind() == isa.SrcX {
		v.setUnknown(&regs[in.Src])
	}
	return nil
}

// requireBoundsUnprivileged requires a moved pointer to stay inside its object
// at once, where the program may not know addresses.
//
// kernel: sanitize_check_bounds
func (v *verifier) requireBoundsUnprivileged(in *isa.Insn, dst *state.Reg) *Rejection {
	if v.bypassSpecV1 {
		return nil
	}
	switch dst.Type {
	case regtype.PtrToStack:
		off := int64(dst.Off) + int64(dst.Var.Value)
		if !dst.IsConst() {
			return v.reject(eacces, fault.VariableStackMove.Of(fault.StackMove{Reg: in.Dst, Off: int64(int32(off)),
				Bits: dst.Var}))
		}
		if off >= 0 || off < -state.MaxStack {
			return v.reject(eacces, fault.StackMoveOutOfRange.Of(fault.StackMove{Reg: in.Dst, Off: off, Bits: dst.Var}))
		}
	case regtype.PtrToMapValue:
		if r := v.requireMapAccess(in.Dst, int(dst.Off), 1, false, true); r != nil {
			return v.addLine(r, fault.MapValueMove.Of(fault.Register{Reg: in.Dst}))
		}
	}
	return nil
}

// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
)

const helperSpinUnlock = 94

// step checks and applies the instruction at v.pc, and moves v.pc to the next
// one. done reports whether the path left the program; showState is set where the
// next instruction belongs to another function. Its opcode is one that there is
// (requireResolved); what fields of it mean nothing must be zero.
//
// kernel: do_check_insn
func (v *verifier) step(showState *bool) (done bool, r *Rejection) {
	in := &v.insns[v.pc]
	switch in.Class() {
	case isa.ClassALU, isa.ClassALU64:
		r = v.stepALU(in)
	case isa.ClassLDX:
		r = v.stepLoad(in)
	case isa.ClassSTX:
		switch {
		case in.Mode() == isa.ModeATOMIC:
			r = v.stepAtomic(in)
		case in.Imm != 0:
			r = v.rejectReserved("BPF_STX")
		default:
			r = v.stepStore(in)
		}
	case isa.ClassST:
		if in.Src != isa.R0 {
			r = v.rejectReserved("BPF_ST")
		} else {
			r = v.stepStoreImm(in)
		}
	case isa.ClassJMP, isa.ClassJMP32:
		return v.stepJump(in, showState)
	case isa.ClassLD:
		r = v.stepLd(in)
	}
	v.pc++
	return false, r
}

func (v *verifier) rejectReserved(insn string) *Rejection {
	return v.reject(einval, fault.ReservedFields.Of(fault.Encoding{Name: insn}))
}

// stepLd is step for the class of legacy and 64-bit immediate loads.
func (v *verifier) stepLd(in *isa.Insn) *Rejection {
	switch in.Mode() {
	case isa.ModeABS, isa.ModeIND:
		return v.stepLdAbs(in)
	case isa.ModeIMM:
		if r := v.stepLdImm(in); r != nil {
			return r
		}
		v.markSeen()
		return nil
	}
	return v.reject(einval, fault.LoadMode.Of(fault.None{}))
}

// stepJump is step for jumps, calls and exits.
func (v *verifier) stepJump(in *isa.Insn, showState *bool) (done bool, r *Rejection) {
	v.explore.jumps++
	is32 := in.Class() == isa.ClassJMP32
	plain := in.SrcKind() == isa.SrcK && in.Src == isa.R0 && in.Dst == isa.R0
	switch in.Code() {
	case isa.OpCall:
		if done, r = v.stepCall(in); done {
			return true, r
		}
	case isa.OpJa:
		if !plain || is32 && in.Off != 0 || !is32 && in.Imm != 0 {
			return false, v.rejectReserved("BPF_JA")
		}
		v.pc += in.JumpOffset()
	case isa.OpExit:
		if !plain || in.Imm != 0 {
			return false, v.rejectReserved("BPF_EXIT")
		}
		done, r = v.stepExit(false)
		if r == nil && !done {
			*showState = true
		}
		return done, r
	default:
		r = v.stepBranch(in)
	}
	v.pc++
	return false, r
}

// stepCall checks and applies a call of any kind.
// done reports whether the path ends there.
func (v *verifier) stepCall(in *isa.Insn) (done bool, r *Rejection) {
	known := in.Src == isa.R0 || in.Src == isa.PseudoCall || in.Src == isa.PseudoKfuncCall
	if in.Src != isa.PseudoKfuncCall && in.Off != 0 || !known || in.Dst != isa.R0 {
		return false, v.rejectReserved("BPF_CALL")
	}
	if v.cur.ActiveLocks != 0 && !v.mayCallLocked(in) {
		return false, v.reject(einval, fault.CallUnderLock.Of(fault.None{}))
	}
	switch in.Src {
	case isa.PseudoCall:
		r = v.stepSubprogCall(in)
	case isa.PseudoKfuncCall:
		done, r = v.stepKfuncCall(in)
	default:
		r = v.stepHelperCall(in)
	}
	if r == nil {
		v.trace.scratchReg(isa.R0)
	}
	return done, r
}

// mayCallLocked reports whether in is a call that is allowed while a lock is held.
func (v *verifier) mayCallLocked(in *isa.Insn) bool {
	switch in.Src {
	case isa.R0:
		return in.Imm == helperSpinUnlock
	case isa.PseudoKfuncCall:
		return in.Off == 0 && v.kfuncMayLock(v.pc)
	}
	return true
}

// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// Register operands. A register that is read must hold a value; R10 must not
// be written. On the way the walk finds 32-bit results whose upper half is
// read later, since only for those a JIT has to clear it:
//
//	write of 32 bits   SubregDef = 1 + PC of the instruction
//	write of 64 bits   SubregDef = 0
//	read of 64 bits    the instruction of SubregDef needs its zero extension

// requireReadable requires register n to hold a value.
//
// kernel: check_reg_arg with SRC_OP
func (v *verifier) requireReadable(n uint8) *Rejection {
	if n >= isa.NumRegs {
		return v.reject(einval, fault.InvalidRegister.Of(fault.Register{Reg: n}))
	}
	v.trace.scratchReg(n)
	r := v.reg(n)
	if r.Type == regtype.NotInit {
		return v.reject(eacces, fault.UnreadableRegister.Of(fault.Register{Reg: n}))
	}
	if n != isa.R10 && readsWhole(&v.insns[v.pc], r) {
		v.markInsnZext(r)
	}
	return nil
}

// stepOverwrite requires a writable register n, and forgets its value.
//
// kernel: check_reg_arg with DST_OP
func (v *verifier) stepOverwrite(n uint8) *Rejection {
	if r := v.requireWritable(n); r != nil {
		return r
	}
	v.applyUnknown(n)
	return nil
}

// requireWritable requires register n to be one that programs may write.
//
// kernel: check_reg_arg with DST_OP_NO_MARK
func (v *verifier) requireWritable(n uint8) *Rejection {
	switch {
	case n >= isa.NumRegs:
		return v.reject(einval, fault.InvalidRegister.Of(fault.Register{Reg: n}))
	case n == isa.R10:
		v.trace.scratchReg(n)
		return v.reject(eacces, fault.FramePointerWrite.Of(fault.Register{Reg: n}))
	}
	v.trace.scratchReg(n)
	r := v.reg(n)
	r.SubregDef = 0
	if !writesWhole(&v.insns[v.pc]) {
		r.SubregDef = int32(v.pc) + 1
	}
	return nil
}

// markInsnZext notes that the upper half of r is read, so that the
// instruction that made the lower half must clear it.
//
// kernel: mark_insn_zext
func (v *verifier) markInsnZext(r *state.Reg) {
	if r.SubregDef == 0 {
		return
	}
	v.aux[r.SubregDef-1].needsZext = true
	r.SubregDef = 0
}

// readsWhole reports whether in is an instruction that reads all 64 bits of the register
// whose contents are r.
//
// kernel: is_reg64 with SRC_OP
func readsWhole(in *isa.Insn, r *state.Reg) bool {
	switch in.Class() {
	case isa.ClassJMP:
		return in.Code() != isa.OpCall || in.Src != isa.PseudoCall
	case isa.ClassALU64:
		return !isByteSwap(in, 16, 32)
	case isa.ClassALU:
		return isByteSwap(in, 64, 64)
	case isa.ClassJMP32:
		return false
	case isa.ClassSTX:
		// One operand is the address, the other the value.
		return r.Type != regtype.Scalar || in.SizeCode() == isa.SizeDW
	}
	return true
}

// writesWhole reports whether in is an instruction that sets all 64 bits of its result.
//
// kernel: is_reg64 with DST_OP
func writesWhole(in *isa.Insn) bool {
	switch in.Class() {
	case isa.ClassJMP:
		return in.Code() != isa.OpCall
	case isa.ClassALU64:
		return !isByteSwap(in, 16, 32)
	case isa.ClassALU:
		return isByteSwap(in, 64, 64)
	case isa.ClassJMP32:
		return false
	case isa.ClassLDX:
		return in.SizeCode() == isa.SizeDW || in.Mode() == isa.ModeMEMSX
	case isa.ClassSTX:
		return in.SizeCode() == isa.SizeDW
	case isa.ClassLD:
		return in.Mode() == isa.ModeIMM
	}
	return true
}

func isByteSwap(in *isa.Insn, width, orWidth int32) bool {
	return in.Code() == isa.OpEnd && (in.Imm == width || in.Imm == orWidth)
}

// isPointer reports whether n is a register whose value must not leak.
//
// kernel: is_pointer_value
func (v *verifier) isPointer(n uint8) bool { return v.leaks(v.reg(n)) }

// leaks reports whether r is a value that must not become readable as a number.
//
// kernel: __is_pointer_value
func (v *verifier) leaks(r *state.Reg) bool {
	return !v.allowPtrLeaks && r.Type != regtype.Scalar
}

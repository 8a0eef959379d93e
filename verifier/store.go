// SPDX-License-Identifier: GPL-2.0-only

package verifier

import "github.com/bpf-lsp/bpf-lsp/verifier/isa"

// Stores. Address and value must be readable; the rules of what the address
// points to decide the rest (mem.go). As with loads, one instruction must
// store through one kind of pointer on every path.

// stepStore checks and applies a store of a register.
//
// kernel: do_check_insn, BPF_STX
func (v *verifier) stepStore(in *isa.Insn) *Rejection {
	return v.stepStoreReg(in, false)
}

// stepStoreReg stores a register; strict demands alignment.
//
// kernel: check_store_reg
func (v *verifier) stepStoreReg(in *isa.Insn, strict bool) *Rejection {
	if r := v.requireReadable(in.Src); r != nil {
		return r
	}
	return v.stepStoreTo(in, int8(in.Src), strict)
}

// stepStoreImm checks and applies a store of an immediate.
//
// kernel: do_check_insn, BPF_ST
func (v *verifier) stepStoreImm(in *isa.Insn) *Rejection {
	return v.stepStoreTo(in, noValue, false)
}

func (v *verifier) stepStoreTo(in *isa.Insn, value int8, strict bool) *Rejection {
	if r := v.requireReadable(in.Dst); r != nil {
		return r
	}
	base := v.reg(in.Dst).Type
	r := v.stepAccess(access{
		pc: v.pc, base: in.Dst, off: int32(in.Off), size: in.Bytes(), mode: accessWrite,
		value: value, strict: strict,
	})
	if r != nil {
		return r
	}
	return v.requireSamePointerKind(base, false)
}

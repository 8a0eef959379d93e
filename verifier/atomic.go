// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
)

// Atomic instructions, always aligned:
//
//	read-modify-write   4 or 8 bytes, readable and writable; with "fetch" the
//	                    old value goes to the source register, or to R0 for a
//	                    compare-and-exchange
//	load-acquire        as a load
//	store-release       as a store
//
// None of them work on the context, packets, flow keys and sockets, and
// pointers must not be stored by a read-modify-write.

// stepAtomic checks and applies an atomic read-modify-write, load-acquire or
// store-release.
//
// kernel: check_atomic
func (v *verifier) stepAtomic(in *isa.Insn) *Rejection {
	switch in.Imm {
	case isa.OpAdd, isa.OpAnd, isa.OpOr, isa.OpXor,
		isa.OpAdd | isa.AtomicFetch, isa.OpAnd | isa.AtomicFetch, isa.OpOr | isa.AtomicFetch, isa.OpXor | isa.AtomicFetch,
		isa.AtomicXchg, isa.AtomicCmpXchg:
		return v.stepAtomicRMW(in)
	case isa.LoadAcq:
		return v.stepLoadAcquire(in)
	case isa.StoreRel:
		return v.stepStoreRelease(in)
	}
	return v.reject(catalog.InvalidInstruction, einval, Args{}, "BPF_ATOMIC uses invalid atomic opcode %02x", uint32(in.Imm))
}

// kernel: check_atomic_rmw
func (v *verifier) stepAtomicRMW(in *isa.Insn) *Rejection {
	if in.SizeCode() != isa.SizeW && in.SizeCode() != isa.SizeDW {
		return v.reject(catalog.InvalidInstruction, einval, Args{Has: HasSize, Size: int64(in.Bytes())}, "invalid atomic operand size")
	}
	if r := v.requireReadable(in.Src); r != nil {
		return r
	}
	if r := v.requireReadable(in.Dst); r != nil {
		return r
	}
	if r := v.requireAtomicOperands(in); r != nil {
		return r
	}
	result := int8(noValue)
	if in.Imm&isa.AtomicFetch != 0 {
		result = int8(in.Src)
		if in.Imm == isa.AtomicCmpXchg {
			result = isa.R0
		}
		if r := v.requireWritable(uint8(result), false); r != nil {
			return r
		}
	}
	// The memory is read for its own sake first, then again for the result:
	// a spilled pointer may be read into a register but not modified.
	a := access{pc: v.pc, base: in.Dst, off: int32(in.Off), size: in.Bytes(), mode: accessRead, value: noValue, strict: true}
	if r := v.requireAccess(a); r != nil {
		return r
	}
	if result != noValue {
		a.value = result
		if r := v.requireAccess(a); r != nil {
			return r
		}
	}
	if v.reg(in.Dst).Type == regtype.PtrToArena {
		if r := v.requireSamePointerKind(regtype.PtrToArena, false); r != nil {
			return r
		}
	}
	a.mode, a.value = accessWrite, noValue
	return v.requireAccess(a)
}

// requireAtomicOperands wants numbers to store and memory that allows atomic
// instructions.
func (v *verifier) requireAtomicOperands(in *isa.Insn) *Rejection {
	if in.Imm == isa.AtomicCmpXchg {
		if r := v.requireReadable(isa.R0); r != nil {
			return r
		}
		if v.isPointer(isa.R0) {
			return v.reject(catalog.PointerLeak, eacces, regArgs(isa.R0), "R%d leaks addr into mem", isa.R0)
		}
	}
	if v.isPointer(in.Src) {
		return v.reject(catalog.PointerLeak, eacces, regArgs(in.Src), "R%d leaks addr into mem", in.Src)
	}
	return v.requireAtomicPointer(in, in.Dst, "stores into")
}

// kernel: check_atomic_load
func (v *verifier) stepLoadAcquire(in *isa.Insn) *Rejection {
	if r := v.stepLoadAs(in, loadKind{strict: true, description: "atomic_load"}); r != nil {
		return r
	}
	return v.requireAtomicPointer(in, in.Src, "loads from")
}

// kernel: check_atomic_store
func (v *verifier) stepStoreRelease(in *isa.Insn) *Rejection {
	if r := v.stepStoreReg(in, true); r != nil {
		return r
	}
	return v.requireAtomicPointer(in, in.Dst, "stores into")
}

// requireAtomicPointer wants register n to point to memory that allows the
// atomic instruction in; what is the access in the log's words.
//
// kernel: atomic_ptr_type_ok
func (v *verifier) requireAtomicPointer(in *isa.Insn, n uint8, what string) *Rejection {
	t := v.reg(n).Type
	switch {
	case t == regtype.PtrToArena:
		if arenaAtomic(in) {
			return nil
		}
	case t != regtype.PtrToCtx && !t.IsPacket() && t != regtype.PtrToFlowKeys && !t.IsSocket():
		return nil
	}
	args := regArgs(n)
	args.Type = t.String()
	return v.reject(catalog.AtomicForbidden, eacces, args, "BPF_ATOMIC %s R%d %s is not allowed", what, n, t)
}

// arenaAtomic tells an atomic instruction that the x86-64 JIT can compile for
// arena memory: one that needs no loop around a compare-and-exchange.
//
// kernel: bpf_jit_supports_insn
func arenaAtomic(in *isa.Insn) bool {
	switch in.Imm {
	case isa.OpAnd | isa.AtomicFetch, isa.OpOr | isa.AtomicFetch, isa.OpXor | isa.AtomicFetch:
		return false
	}
	return true
}

// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
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
		isa.OpAdd | isa.AtomicFetch, isa.OpAnd | isa.AtomicFetch, isa.OpOr | isa.AtomicFetch,
		isa.OpXor | isa.AtomicFetch,
		isa.AtomicXchg, isa.AtomicCmpXchg:
		return v.stepAtomicRMW(in)
	case isa.LoadAcq:
		return v.stepLoadAcquire(in)
	case isa.StoreRel:
		return v.stepStoreRelease(in)
	}
	return v.reject(einval, fault.UnknownAtomic.Of(fault.Encoding{Opcode: fault.Opcode(in.Imm)}))
}

// kernel: check_atomic_rmw
func (v *verifier) stepAtomicRMW(in *isa.Insn) *Rejection {
	if in.SizeCode() != isa.SizeW && in.SizeCode() != isa.SizeDW {
		return v.reject(einval, fault.AtomicSize.Of(fault.OperandSize{Size: int64(in.Bytes())}))
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
		if r := v.stepOverwrite(uint8(result)); r != nil {
			return r
		}
	}
	// The memory is read for its own sake first, then again for the result:
	// a spilled pointer may be read into a register but not modified.
	a := access{pc: v.pc, base: in.Dst, off: int32(in.Off), size: in.Bytes(), mode: accessRead, value: noValue,
		strict: true}
	if r := v.stepAccess(a); r != nil {
		return r
	}
	if result != noValue {
		a.value = result
		if r := v.stepAccess(a); r != nil {
			return r
		}
	}
	a.mode, a.value = accessWrite, noValue
	return v.stepAccess(a)
}

// requireAtomicOperands requires numbers to store and memory that allows atomic
// instructions.
func (v *verifier) requireAtomicOperands(in *isa.Insn) *Rejection {
	if in.Imm == isa.AtomicCmpXchg {
		if r := v.requireReadable(isa.R0); r != nil {
			return r
		}
		if v.isPointer(isa.R0) {
			return v.reject(eacces, fault.PointerStored.Of(fault.Leak{Reg: isa.R0, Place: "mem"}))
		}
	}
	if v.isPointer(in.Src) {
		return v.reject(eacces, fault.PointerStored.Of(fault.Leak{Reg: in.Src, Place: "mem"}))
	}
	return v.requireAtomicPointer(in, in.Dst, fault.AtomicStoreForbidden)
}

// kernel: check_atomic_load
func (v *verifier) stepLoadAcquire(in *isa.Insn) *Rejection {
	if r := v.stepLoadAs(in, loadKind{strict: true, description: "atomic_load"}); r != nil {
		return r
	}
	return v.requireAtomicPointer(in, in.Src, fault.AtomicLoadForbidden)
}

// kernel: check_atomic_store
func (v *verifier) stepStoreRelease(in *isa.Insn) *Rejection {
	if r := v.stepStoreReg(in, true); r != nil {
		return r
	}
	return v.requireAtomicPointer(in, in.Dst, fault.AtomicStoreForbidden)
}

// requireAtomicPointer requires register n to point to memory that allows the
// atomic instruction in; forbidden is what the log says otherwise.
//
// kernel: atomic_ptr_type_ok
func (v *verifier) requireAtomicPointer(in *isa.Insn, n uint8, forbidden fault.Message[fault.Value]) *Rejection {
	t := v.reg(n).Type
	switch {
	case t == regtype.PtrToArena:
		if arenaAtomic(in) {
			return nil
		}
	case t != regtype.PtrToCtx && !t.IsPacket() && t != regtype.PtrToFlowKeys && !t.IsSocket():
		return nil
	}
	return v.reject(eacces, forbidden.Of(fault.Value{Reg: n, Kind: t}))
}

// arenaAtomic reports whether in is an atomic instruction that the x86-64 JIT can compile for
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

// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// accessMode is the direction of a memory access.
type accessMode uint8

const (
	accessRead accessMode = 1 + iota
	accessWrite
)

// access is one memory access by an instruction.
type access struct {
	pc   int
	base uint8 // register that holds the address
	off  int32 // bytes
	size int   // bytes
	mode accessMode
	// value is the register stored or loaded into, noValue for an immediate
	// or for memory that a call touches.
	value      int8
	strict     bool // demand alignment whatever the program's flags
	signExtend bool
}

const noValue = -1

// stepLoad checks and applies a load into a register.
//
// kernel: check_load_mem
func (v *verifier) stepLoad(in *isa.Insn) *Rejection { return v.unsupported("load") }

// stepStore checks and applies a store of a register.
//
// kernel: check_store_reg
func (v *verifier) stepStore(in *isa.Insn) *Rejection { return v.unsupported("store") }

// stepStoreImm checks and applies a store of an immediate.
func (v *verifier) stepStoreImm(in *isa.Insn) *Rejection { return v.unsupported("store") }

// stepAtomic checks and applies an atomic read-modify-write, load-acquire or
// store-release.
//
// kernel: check_atomic
func (v *verifier) stepAtomic(in *isa.Insn) *Rejection { return v.unsupported("atomic") }

// requireAccess checks a memory access and applies what it does to the value
// register and to the stack.
//
// kernel: check_mem_access
func (v *verifier) requireAccess(a access) *Rejection { return v.unsupported("access") }

// requirePtrOff0 wants a pointer without any offset.
//
// kernel: __check_ptr_off_reg
func (v *verifier) requirePtrOff(r *state.Reg, n uint8, fixedOK bool) *Rejection { return nil }

// requireHelperMem wants size bytes behind register n to be accessible to a
// helper; call may be nil.
//
// kernel: check_helper_mem_access
func (v *verifier) requireHelperMem(n uint8, size int, mode accessMode, zeroOK bool, call *callScratch) *Rejection {
	return v.unsupported("helper memory")
}

// requireMemSize wants the memory behind register n-1 to be as large as the
// value of register n may be.
//
// kernel: check_mem_size_reg
func (v *verifier) requireMemSize(n uint8, mode accessMode, zeroOK bool, call *callScratch) *Rejection {
	return v.unsupported("helper memory")
}

// requireStackRange wants size bytes of stack at register n to be initialised
// or, for a raw write, at least in bounds.
//
// kernel: check_stack_range_initialized
func (v *verifier) requireStackRange(n uint8, off int, size int, zeroOK bool, mode accessMode, call *callScratch) *Rejection {
	return v.unsupported("helper memory")
}

// requireMapAccess wants size bytes at off of a map value to be in bounds and
// free of special fields.
//
// kernel: check_map_access
func (v *verifier) requireMapAccess(n uint8, off, size int, zeroOK bool, helper bool) *Rejection {
	return v.unsupported("map access")
}

// requireReadable wants register n to hold a value.
//
// kernel: check_reg_arg with SRC_OP
func (v *verifier) requireReadable(n uint8) *Rejection { return nil }

// requireWritable wants register n to be one that programs may write, and
// forgets its value unless keep is set.
//
// kernel: check_reg_arg with DST_OP or DST_OP_NO_MARK
func (v *verifier) requireWritable(n uint8, keep bool) *Rejection { return nil }

// isPointer tells a register whose value must not leak.
//
// kernel: is_pointer_value
func (v *verifier) isPointer(n uint8) bool { return false }

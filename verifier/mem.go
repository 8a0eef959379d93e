// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// Memory accesses by instructions. What the base register points to decides:
//
//	pointer to    bounds                      stores              value loaded
//	stack         frame, 512 bytes            yes                 what was stored
//	context       table of fields             some fields         number or pointer
//	map value     value size                  unless read-only    number, kptr
//	map key       key size                    no                  number
//	packet        range proven by a compare   by program type     number
//	flow keys     struct size                 yes                 number
//	socket        table of fields             no                  number
//	memory        size                        unless read-only    number
//	buffer        found at load or attach     unless read-only    number
//	kernel object its BTF type                allow-listed        number or pointer
//	arena         none: faults are caught     yes                 number
//
// Anything else, numbers and maybe-NULL pointers above all, cannot be
// dereferenced. Only the stack takes pointers of programs that must not leak
// them. A load of less than 8 bytes leaves the upper bits zero or, for a
// sign-extending load, equal to the sign.
//
// Reading order: mem.go, mem_region.go, mem_stack.go, mem_stack_write.go, then
// the other mem_*.go; mem_helper.go for memory that calls touch.

// memoryFacts is what the memory rules find out about a program once.
type memoryFacts struct {
	ctx   *facts.Ctx
	hook  hookTarget
	maps  []mapRecord
	types map[uint32]*fieldRecord // by id in the program's BTF
}

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

// loads reports whether a is an access that sets a register.
func (a *access) loads() bool { return a.mode == accessRead && a.value >= 0 }

// accessed is an access through register n.
func accessed(n uint8, off int32, size int) fault.Access {
	return fault.Access{Reg: n, Off: int64(off), Size: int64(size)}
}

// fault is a as faults have it.
func (a *access) fault() fault.Access { return accessed(a.base, a.off, a.size) }

// stepAccess checks a memory access and applies what it does to the value
// register and to the stack.
//
// kernel: check_mem_access
func (v *verifier) stepAccess(a access) *Rejection {
	r := v.reg(a.base)
	if rej := v.requireAligned(&a, r); rej != nil {
		return rej
	}
	a.off += r.Off
	if rej := v.stepRegionAccess(&a, r); rej != nil {
		return rej
	}
	if a.size < state.SlotBytes && a.loads() {
		if held := v.reg(uint8(a.value)); held.Type == regtype.Scalar {
			if a.signExtend {
				held.CoerceSignExtend64(a.size)
			} else {
				held.CoerceToSize(a.size)
			}
		}
	}
	return nil
}

// stepRegionAccess applies the rules of what r points to.
func (v *verifier) stepRegionAccess(a *access, r *state.Reg) *Rejection {
	base := r.Type.Base()
	switch {
	case r.Type == regtype.PtrToStack:
		return v.stepStackAccess(a, r)
	case r.Type == regtype.PtrToMapValue:
		return v.stepMapValueAccess(a, r)
	case r.Type == regtype.PtrToMapKey:
		return v.stepMapKeyAccess(a, r)
	case base == regtype.PtrToMem:
		return v.stepMemAccess(a, r)
	case r.Type == regtype.PtrToCtx:
		return v.stepCtxAccess(a, r)
	case r.Type == regtype.PtrToPacket, r.Type == regtype.PtrToPacketMeta:
		return v.stepPacketAccess(a)
	case r.Type == regtype.PtrToFlowKeys:
		return v.stepFlowKeysAccess(a)
	case r.Type.IsSocket():
		return v.stepSocketAccess(a, r)
	case r.Type == regtype.PtrToTPBuffer:
		return v.stepTracepointBufferAccess(a, r)
	case base == regtype.PtrToBTFID && !r.Type.MayBeNull():
		return v.stepBTFAccess(a, r)
	case r.Type == regtype.ConstPtrToMap:
		return v.stepMapStructAccess(a, r)
	case base == regtype.PtrToBuf && !r.Type.MayBeNull():
		return v.stepBufAccess(a, r)
	case r.Type == regtype.PtrToArena:
		v.applyLoadUnknown(a)
		return nil
	}
	return v.rejectDereference(a.base, r)
}

// rejectDereference says why r cannot be dereferenced at all.
func (v *verifier) rejectDereference(n uint8, r *state.Reg) *Rejection {
	what := fault.InvalidDereference
	switch {
	case r.Type == regtype.Scalar:
		what = fault.ScalarDereference
	case r.Type.MayBeNull():
		what = fault.NullableDereference
	}
	return v.reject(eacces, what.Of(fault.Value{Reg: n, Kind: r.Type}))
}

// applyLoadUnknown makes the destination of a load an unknown number.
func (v *verifier) applyLoadUnknown(a *access) {
	if a.loads() {
		v.applyUnknown(uint8(a.value))
	}
}

// requireNoPointerStored requires a store not to make a pointer readable as a
// number; where names the memory in the log's words.
func (v *verifier) requireNoPointerStored(a *access, where string) *Rejection {
	if a.mode == accessWrite && a.value >= 0 && v.isPointer(uint8(a.value)) {
		return v.reject(eacces, fault.PointerStored.Of(fault.Leak{Reg: uint8(a.value), Place: where}))
	}
	return nil
}

// rejectReadOnly refuses a store or a helper's write through a register that
// may only be read.
func (v *verifier) rejectReadOnly(n uint8, r *state.Reg) *Rejection {
	return v.reject(eacces, fault.ReadOnlyMemory.Of(fault.Value{Reg: n, Kind: r.Type}))
}

// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// Memory that a call reads or writes, described by a pointer and a size.
//
//	pointer to           the call may
//	packet               read and write what is proven
//	map key              read
//	map value            read and write, special fields excepted
//	memory, buffer       read, and write unless read-only
//	stack                read what is initialised; write anywhere in the frame
//	kernel object        read, and write too: nothing is asked about that
//	context              read and write, if the context is plain memory
//	NULL                 with a size of 0 only, where the call allows it
//
// A call that only writes takes uninitialised stack too if pointer and size
// are fixed: the bytes are then marked as written after the arguments were
// checked.

// maxVarSize bounds a size in bytes.
//
// kernel: BPF_MAX_VAR_SIZ
const maxVarSize = 1 << 29

// callMem is how a call uses memory that it is passed.
type callMem struct {
	size int
	mode accessMode
	// zeroOK allows no bytes at all.
	zeroOK bool
	// raw says that the call only writes: the stack there may be uninitialised.
	raw bool
}

// stepHelperMem requires the memory behind register n to be accessible to a call.
//
// kernel: check_helper_mem_access
func (v *verifier) stepHelperMem(n uint8, m callMem) *Rejection {
	r := v.reg(n)
	size, mode, zeroOK := m.size, m.mode, m.zeroOK
	switch r.Type.Base() {
	case regtype.PtrToPacket, regtype.PtrToPacketMeta:
		return v.requireInPacket(n, r.Off, size, zeroOK)
	case regtype.PtrToMapKey:
		if mode == accessWrite {
			return v.rejectReadOnly(n, r)
		}
		return v.requireInRegion(region{reg: n, off: r.Off, size: size, limit: v.mapOf(r.Map()).KeySize})
	case regtype.PtrToMapValue:
		if rej := v.requireMapDirection(n, r.Off, size, mode); rej != nil {
			return rej
		}
		return v.requireMapAccess(n, int(r.Off), size, zeroOK, true)
	case regtype.PtrToMem:
		if mode == accessWrite && r.Type.IsReadOnlyMem() {
			return v.rejectReadOnly(n, r)
		}
		return v.requireInRegion(region{reg: n, off: r.Off, size: size, limit: r.MemSize(), zeroOK: zeroOK})
	case regtype.PtrToBuf:
		if mode == accessWrite && r.Type.IsReadOnlyMem() {
			return v.rejectReadOnly(n, r)
		}
		return v.requireInBuf(n, r, r.Off, size)
	case regtype.PtrToStack:
		return v.stepStackRange(n, int(r.Off), m)
	case regtype.PtrToBTFID:
		// Whether a call may write to the object is asked of its prototype.
		return v.stepBTFAccess(&access{pc: v.pc, base: n, off: r.Off, size: size, mode: accessRead, value: noValue}, r)
	case regtype.PtrToCtx:
		if plainCtx(v.prog.Type) {
			return v.stepCtxMem(n, size, mode)
		}
	}
	if zeroOK && size == 0 && r.IsNull() {
		return nil
	}
	return v.reject(eacces, fault.NotMemory.Of(fault.Unexpected{Argument: fault.Argument{Arg: n, Kind: r.Type},
		Want: fault.Kinds{regtype.PtrToStack}}))
}

// ofArgument makes an access outside of its object a fault of the argument that
// led to it: a user sees no access, but memory passed that is too small.
func (r *Rejection) ofArgument(code fault.Code) *Rejection {
	if r == nil || r.report.Code != fault.OutsideMemory.Code() && r.report.Code != fault.StackOutOfBounds.Code() {
		return r
	}
	if _, isAccess := fault.Get[fault.Access](r.report.Fault); isAccess {
		r.report.Code = code
	}
	return r
}

// plainCtx reports whether t is a program type whose context is memory as the program sees
// it, not a view that the kernel translates.
//
// kernel: bpf_verifier_ops without convert_ctx_access
func plainCtx(t facts.ProgType) bool {
	switch t {
	case facts.ProgKprobe, facts.ProgTracePoint, facts.ProgRawTracepoint, facts.ProgRawTracepointWritable,
		facts.ProgTracing, facts.ProgLSM, facts.ProgStructOps, facts.ProgSyscall, facts.ProgNetfilter,
		facts.ProgCGroupDevice, facts.ProgLircMode2:
		return true
	}
	return false
}

// stepCtxMem requires the last of size bytes of the context to be accessible,
// and so all before it. Calls that take the context as memory take none of it
// too.
func (v *verifier) stepCtxMem(n uint8, size int, mode accessMode) *Rejection {
	if size == 0 {
		return nil
	}
	return v.stepAccess(access{pc: v.pc, base: n, off: int32(size - 1), size: 1, mode: mode, value: noValue})
}

// stepMemSize requires the memory behind register n-1 to be as large as the
// value of register n may be.
//
// kernel: check_mem_size_reg
func (v *verifier) stepMemSize(n uint8, m callMem) *Rejection {
	r := v.reg(n)
	v.call.sizeMax = r.Umax()
	m.size, m.raw = int(r.Umax()), m.raw && r.Var.IsConst()
	limits := fault.Limits{Reg: n, Min: r.Smin(), Max: r.Smax()}
	switch {
	case r.Smin() < 0:
		return v.reject(eacces, fault.NegativeSize.Of(limits))
	case r.Umin() == 0 && !m.zeroOK:
		return v.reject(eacces, fault.ZeroSize.Of(fault.SizeLimits{Limits: limits, UMin: int64(r.Umin()),
			UMax: int64(r.Umax())}))
	case r.Umax() >= maxVarSize:
		return v.reject(eacces, fault.UnboundedSize.Of(limits))
	}
	if rej := v.stepHelperMem(n-1, m); rej != nil {
		return rej.ofArgument(fault.MemoryLengthRange)
	}
	return v.markPrecise(n)
}

// stepMem requires size bytes behind r, register n, to be readable and
// writable; NULL is fine.
//
// kernel: check_mem_reg
func (v *verifier) stepMem(r *state.Reg, n uint8, size uint32) *Rejection {
	if r.IsNull() {
		return nil
	}
	return v.assumeNotNull(r, func() *Rejection {
		if rej := v.stepHelperMem(n, callMem{size: int(size), mode: accessRead, zeroOK: true}); rej != nil {
			return rej.ofArgument(fault.MemoryRange)
		}
		return v.stepHelperMem(n, callMem{size: int(size), mode: accessWrite,
			zeroOK: true}).ofArgument(fault.MemoryRange)
	})
}

// stepKfuncMemSize is stepMemSize for a kfunc, which may read and write.
//
// kernel: check_kfunc_mem_size_reg
func (v *verifier) stepKfuncMemSize(n uint8) *Rejection {
	return v.assumeNotNull(v.reg(n-1), func() *Rejection {
		if rej := v.stepMemSize(n, callMem{mode: accessRead, zeroOK: true}); rej != nil {
			return rej
		}
		return v.stepMemSize(n, callMem{mode: accessWrite, zeroOK: true})
	})
}

// assumeNotNull runs check with r as if it were not NULL.
func (v *verifier) assumeNotNull(r *state.Reg, check func() *Rejection) *Rejection {
	if !r.Type.MayBeNull() {
		return check()
	}
	saved := *r
	v.setNotNull(r)
	rej := check()
	*r = saved
	return rej
}

// stepStackRange requires the stack at register n to be initialised or, for a raw
// write, at least in bounds.
//
// kernel: check_stack_range_initialized
func (v *verifier) stepStackRange(n uint8, off int, m callMem) *Rejection {
	r := v.reg(n)
	size, mode, raw := m.size, m.mode, m.raw
	if size == 0 && !m.zeroOK {
		return v.reject(eacces, fault.ZeroSizedRead.Of(fault.Register{Reg: n}))
	}
	if rej := v.stepStackBounds(n, int32(off), size, mode); rej != nil {
		return rej
	}
	lo := off + int(int64(r.Var.Value))
	hi := lo
	if !r.Var.IsConst() {
		// Without privileges no pointer to the stack gets a variable offset:
		// requireBoundsUnprivileged.
		raw = false
		lo, hi = int(r.Smin())+off, int(r.Smax())+off
	}
	if raw {
		if rej := v.requireNoDynptr(r, lo, hi+size); rej != nil {
			return rej
		}
		v.call.rawReg, v.call.rawSize = n, size
		return nil
	}
	f := v.frameOf(r)
	for at := lo; at < hi+size; at++ {
		if !v.readableByCall(f, at, mode == accessWrite) {
			return v.rejectUninitialised(n, r, lo, at-lo, size)
		}
		if rej := v.markStackRead(uint32(r.Frame), v.pc, 1<<slotOf(at)); rej != nil {
			return rej
		}
	}
	return nil
}

// requireNoDynptr requires a raw write not to hit a dynptr, which could be
// another argument of the same call.
func (v *verifier) requireNoDynptr(r *state.Reg, lo, hi int) *Rejection {
	f := v.frameOf(r)
	for at := lo; at < hi; at++ {
		if f.StackBytes() > -at-1 && f.Stack.At(slotOf(at)).Bytes[byteOf(at)] == state.SlotDynptr {
			return v.reject(eacces, fault.SpecialStackWrite.Of(fault.StackOffset{Off: int64(at)}))
		}
	}
	return nil
}

// readableByCall reports whether a call may read the stack byte at off; one that
// also writes leaves it unknown.
func (v *verifier) readableByCall(f *state.Frame, off int, writes bool) bool {
	spi, at := slotOf(off), byteOf(off)
	slot := f.Stack.At(spi)
	switch b := slot.Bytes[at]; {
	case b == state.SlotMisc:
		return true
	case b == state.SlotZero, b == state.SlotInvalid && v.allowUninit:
		if writes {
			f.Stack.Own(spi).Bytes[at] = state.SlotMisc
		}
		return true
	case slot.IsSpill() && (slot.Spilled.Type == regtype.Scalar || v.allowPtrLeaks):
		if writes {
			slot = f.Stack.Own(spi)
			v.setUnknown(&slot.Spilled)
			scrubBytes(slot)
		}
		return true
	}
	return false
}

// rejectUninitialised refuses stack memory of which the byte at lo+i cannot be
// read.
func (v *verifier) rejectUninitialised(n uint8, r *state.Reg, lo, i, size int) *Rejection {
	read := fault.StackRead{VarAccess: fault.VarAccess{Access: accessed(n, int32(lo), size), Bits: r.Var}, At: int64(i)}
	if r.Var.IsConst() {
		return v.reject(eacces, fault.UninitializedMemory.Of(read))
	}
	return v.reject(eacces, fault.UninitializedVariable.Of(read))
}

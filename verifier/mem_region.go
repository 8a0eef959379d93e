// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"math"

	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// Regions of known size: map values and keys, memory objects. With off the
// fixed and the variable part of the offset,
//
//	least offset     >= 0
//	greatest offset  + size <= region size, and less than 512 MiB
//
// Both ends are checked as accesses of their own; the first to fail is
// reported, followed by the end it is.

// maxVarOff bounds the variable part of an offset in bytes.
//
// kernel: BPF_MAX_VAR_OFF
const maxVarOff = 1 << 29

// region is an access to a range of memory, by an instruction or a call.
type region struct {
	reg    uint8
	off    int32 // fixed part, bytes
	size   int   // bytes
	limit  uint32
	zeroOK bool // an access of no bytes is fine
}

// requireInRegion requires every offset that the register may have to be inside.
//
// kernel: check_mem_region_access
func (v *verifier) requireInRegion(a region) *Rejection {
	r := v.reg(a.reg)
	least := int64(a.off) + r.Smin()
	if r.Smin() < 0 && (r.Smin() == math.MinInt64 || least != int64(int32(least)) || least < 0) {
		return v.rejectNegativeIndex(a.reg, r)
	}
	if rej := v.requireInBounds(a, int32(least)); rej != nil {
		return v.addLine(rej, fault.LeastOutside.Of(fault.Register{Reg: a.reg}))
	}
	if r.Umax() >= maxVarOff {
		return v.reject(eacces, fault.UnboundedOffset.Of(fault.Unbounded{Reg: a.reg, Object: int64(a.limit)}))
	}
	if rej := v.requireInBounds(a, int32(r.Umax()+uint64(int64(a.off)))); rej != nil {
		return v.addLine(rej, fault.MostOutside.Of(fault.Register{Reg: a.reg}))
	}
	return nil
}

// requireInBounds requires size bytes at the fixed offset off to be inside.
//
// kernel: __check_mem_access
func (v *verifier) requireInBounds(a region, off int32) *Rejection {
	sizeOK := a.size > 0 || a.size == 0 && a.zeroOK
	if off >= 0 && sizeOK && uint64(off)+uint64(a.size) <= uint64(a.limit) {
		return nil
	}
	r := v.reg(a.reg)
	bounds := fault.Bounds{KindAccess: fault.KindAccess{Access: accessed(a.reg, off, a.size), Kind: r.Type},
		Object: int64(int32(a.limit))}
	switch r.Type {
	case regtype.PtrToMapKey:
		return v.reject(eacces, fault.OutsideMapKey.Of(bounds))
	case regtype.PtrToMapValue:
		bounds.Map = v.mapOf(r.Map()).Name
		return v.reject(eacces, fault.OutsideMapValue.Of(bounds))
	case regtype.PtrToPacket, regtype.PtrToPacketMeta, regtype.PtrToPacketEnd:
		return v.reject(eacces, fault.OutsidePacket.Of(fault.PacketBounds{Bounds: bounds, ID: r.ID}))
	}
	return v.reject(eacces, fault.OutsideMemory.Of(bounds))
}

// rejectNegativeIndex refuses an offset that may be negative.
func (v *verifier) rejectNegativeIndex(n uint8, r *state.Reg) *Rejection {
	return v.reject(eacces, fault.NegativeOffset.Of(fault.Limits{Reg: n, Min: r.Smin(), Max: r.Smax()}))
}

// requirePtrOff requires a pointer to be as it was given out, or at most a fixed
// distance from it.
//
// kernel: __check_ptr_off_reg
func (v *verifier) requirePtrOff(r *state.Reg, n uint8, fixedOK bool) *Rejection {
	pointer := fault.Pointer{Value: fault.Value{Reg: n, Kind: r.Type}, Off: int64(r.Off), Bits: r.Var}
	switch {
	case r.Off < 0:
		return v.reject(eacces, fault.NegativePointerDereference.Of(pointer))
	case !fixedOK && r.Off != 0:
		return v.reject(eacces, fault.ModifiedPointerDereference.Of(pointer))
	case !r.Var.Equals(0):
		return v.reject(eacces, fault.VariablePointerDereference.Of(pointer))
	}
	return nil
}

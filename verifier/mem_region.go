// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"fmt"
	"math"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
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

// requireInRegion wants every offset that the register may have to be inside.
//
// kernel: check_mem_region_access
func (v *verifier) requireInRegion(a region) *Rejection {
	r := v.reg(a.reg)
	least := int64(a.off) + r.Smin
	if r.Smin < 0 && (r.Smin == math.MinInt64 || least != int64(int32(least)) || least < 0) {
		return v.rejectNegativeIndex(a.reg, r)
	}
	if rej := v.requireInBounds(a, int32(least)); rej != nil {
		return v.addLine(rej, "R%d min value is outside of the allowed memory range", a.reg)
	}
	if r.Umax >= maxVarOff {
		args := regArgs(a.reg)
		args.Object = int64(a.limit)
		args.Has |= HasObject
		return v.reject(catalog.UnboundedOffset, eacces, args,
			"R%d unbounded memory access, make sure to bounds check any such access", a.reg)
	}
	if rej := v.requireInBounds(a, int32(r.Umax+uint64(int64(a.off)))); rej != nil {
		return v.addLine(rej, "R%d max value is outside of the allowed memory range", a.reg)
	}
	return nil
}

// requireInBounds wants size bytes at the fixed offset off to be inside.
//
// kernel: __check_mem_access
func (v *verifier) requireInBounds(a region, off int32) *Rejection {
	sizeOK := a.size > 0 || a.size == 0 && a.zeroOK
	if off >= 0 && sizeOK && uint64(off)+uint64(a.size) <= uint64(a.limit) {
		return nil
	}
	r := v.reg(a.reg)
	args := accessArgs(a.reg, off, a.size)
	args.Has |= HasObject
	args.Object = int64(int32(a.limit))
	args.Type = r.Type.String()
	switch r.Type {
	case regtype.PtrToMapKey:
		return v.reject(catalog.OutOfBounds, eacces, args,
			"invalid access to map key, key_size=%d off=%d size=%d", int32(a.limit), off, a.size)
	case regtype.PtrToMapValue:
		args.Name = v.mapOf(r.Map()).Name
		return v.reject(catalog.OutOfBounds, eacces, args,
			"invalid access to map value, value_size=%d off=%d size=%d", int32(a.limit), off, a.size)
	case regtype.PtrToPacket, regtype.PtrToPacketMeta, regtype.PtrToPacketEnd:
		return v.reject(catalog.PacketOutOfBounds, eacces, args,
			"invalid access to packet, off=%d size=%d, R%d(id=%d,off=%d,r=%d)", off, a.size, a.reg, r.ID, off, int32(a.limit))
	}
	return v.reject(catalog.OutOfBounds, eacces, args,
		"invalid access to memory, mem_size=%d off=%d size=%d", a.limit, off, a.size)
}

// rejectNegativeIndex refuses an offset that may be negative.
func (v *verifier) rejectNegativeIndex(n uint8, r *state.Reg) *Rejection {
	args := regArgs(n)
	args.Has |= HasRange
	args.Min, args.Max = r.Smin, r.Smax
	return v.reject(catalog.NegativeOffset, eacces, args,
		"R%d min value is negative, either use unsigned index or do a if (index >=0) check.", n)
}

// requirePtrOff wants a pointer to be as it was given out, or at most a fixed
// distance from it.
//
// kernel: __check_ptr_off_reg
func (v *verifier) requirePtrOff(r *state.Reg, n uint8, fixedOK bool) *Rejection {
	args := Args{Has: HasReg | HasOff, Reg: int8(n), Off: int64(r.Off)}
	switch {
	case r.Off < 0:
		args.Type = r.Type.String()
		return v.reject(catalog.NegativePointerDereference, eacces, args,
			"negative offset %s ptr R%d off=%d disallowed", r.Type, n, r.Off)
	case !fixedOK && r.Off != 0:
		args.Type = r.Type.String()
		return v.reject(catalog.ModifiedPointerDereference, eacces, args,
			"dereference of modified %s ptr R%d off=%d disallowed", r.Type, n, r.Off)
	case !r.Var.Equals(0):
		args.Type = r.Type.String()
		return v.reject(catalog.VariablePointerDereference, eacces, args,
			"variable %s access var_off=%s disallowed", r.Type, r.Var)
	}
	return nil
}

// addLine extends a rejection by another line of the log.
func (v *verifier) addLine(rej *Rejection, format string, a ...any) *Rejection {
	text := fmt.Sprintf(format, a...)
	v.say("%s\n", text)
	rej.report.Kernel += "\n" + text
	return rej
}

// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/scalar"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// Alignment. An access must be a multiple of its size when the program asks
// for strict alignment or the instruction is atomic. The stack is always
// strict, since its contents are tracked by slots; an arena never is. In
// strict mode packet data counts as beginning two bytes after a boundary, as
// network drivers lay packets out where unaligned access is slow.

// packetAlign is how far packet data begins after an aligned address.
//
// kernel: NET_IP_ALIGN
const packetAlign = 2

// requireAligned requires the access to be aligned as strictly as its pointer demands.
//
// kernel: check_ptr_alignment
func (v *verifier) requireAligned(a *access, r *state.Reg) *Rejection {
	strict := v.strictAlignment || a.strict || r.Type == regtype.PtrToStack
	if !strict || r.Type == regtype.PtrToArena {
		return nil
	}
	if r.Type == regtype.PtrToPacket || r.Type == regtype.PtrToPacketMeta {
		if alignedAt(r, packetAlign+r.Off+a.off, a.size) {
			return nil
		}
		return v.reject(eacces, fault.MisalignedPacket.Of(misaligned(a, r, "")))
	}
	if alignedAt(r, r.Off+a.off, a.size) {
		return nil
	}
	place := alignedKind(r.Type)
	if place == "" {
		return v.reject(eacces, fault.Misaligned.Of(misaligned(a, r, "")))
	}
	return v.reject(eacces, fault.MisalignedObject.Of(misaligned(a, r, place)))
}

func alignedAt(r *state.Reg, off int32, size int) bool {
	return r.Var.Add(scalar.ConstTnum(uint64(int64(off)))).Aligned(uint64(size))
}

// alignedKind is how the log calls a pointer in alignment faults.
func alignedKind(t regtype.Reg) string {
	switch t {
	case regtype.PtrToFlowKeys:
		return "flow keys"
	case regtype.PtrToMapKey:
		return "key"
	case regtype.PtrToMapValue:
		return "value"
	case regtype.PtrToCtx:
		return "context"
	case regtype.PtrToStack:
		return "stack"
	case regtype.PtrToSocket, regtype.PtrToSockCommon, regtype.PtrToTCPSock, regtype.PtrToXDPSock:
		return t.String()
	}
	return ""
}

// misaligned is what the address of an access that is not aligned is made of.
func misaligned(a *access, r *state.Reg, place string) fault.Alignment {
	return fault.Alignment{
		Access: accessed(a.base, r.Off+a.off, a.size), Kind: r.Type, Place: place,
		Base: packetAlign, Bits: r.Var, Fixed: int64(r.Off), Delta: int64(a.off),
	}
}

// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
)

// Packet data and metadata. A packet pointer may be dereferenced up to where a
// comparison with the packet's end has proven (its range, counted from the
// pointer without its fixed offset). The variable part of the offset must not
// be negative; it is part of what the comparison has proven. Whether a program
// may write packets, and hand them to helpers, depends on its type.

// stepPacketAccess checks a load or store through a packet pointer.
func (v *verifier) stepPacketAccess(a *access) *Rejection {
	if a.mode == accessWrite && !v.mayAccessPacket(accessWrite) {
		return v.reject(eacces, fault.PacketWrite.Of(fault.Register{Reg: a.base}))
	}
	if rej := v.requireNoPointerStored(a, "packet"); rej != nil {
		return rej
	}
	if rej := v.requireInPacket(a.base, a.off, a.size, false); rej != nil {
		return rej
	}
	v.applyLoadUnknown(a)
	return nil
}

// requireInPacket requires size bytes at the fixed offset off to be proven.
//
// kernel: check_packet_access
func (v *verifier) requireInPacket(n uint8, off int32, size int, zeroOK bool) *Rejection {
	r := v.reg(n)
	if r.Smin() < 0 {
		return v.rejectNegativeIndex(n, r)
	}
	valid := r.PacketRange()
	if valid < 0 {
		return v.reject(einval, fault.PacketNeverChecked.Of(accessed(n, off, size)))
	}
	rej := v.requireInBounds(region{reg: n, size: size, limit: uint32(valid), zeroOK: zeroOK}, off)
	if rej != nil {
		return v.addLine(rej, fault.PacketUnchecked.Of(fault.Register{Reg: n}))
	}
	return nil
}

// mayPassPacket reports whether the call may be passed packet memory.
//
// kernel: may_access_direct_pkt_data with a call
func (v *verifier) mayPassPacket() bool {
	level := v.prog.Type.Info().Packet
	return level == facts.PacketOption || level != facts.PacketNone && v.call.proto.PktAccess
}

// mayAccessPacket reports whether instructions of the program may access packet
// memory.
//
// kernel: may_access_direct_pkt_data
func (v *verifier) mayAccessPacket(mode accessMode) bool {
	level := v.prog.Type.Info().Packet
	switch {
	case level == facts.PacketNone:
		return false
	case level == facts.PacketOption:
		v.seenDirectWrite = v.seenDirectWrite || mode == accessWrite
		return true
	case level == facts.PacketRead && mode == accessWrite:
		return false
	}
	v.seenDirectWrite = true
	return true
}

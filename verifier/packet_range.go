// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/scalar"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// Packet ranges. A comparison with the packet's end says, on one of its ways,
// that the bytes in front of the pointer exist, and on the other that the
// pointer is at the end or beyond:
//
//	pkt >  end    behind the jump: off bytes      jump: beyond
//	pkt <  end    jump: off+1 bytes               behind: at the end
//	pkt >= end    behind the jump: off+1 bytes    jump: at the end
//	pkt <= end    jump: off bytes                 behind: beyond
//
// The bytes are counted from the pointer without its fixed offset, and hold
// for every pointer with the same id, that is, with the same variable offset.
// Metadata in front of the packet has the start of the packet as its end.

// Marks that take the place of a packet pointer's range.
//
// kernel: AT_PKT_END, BEYOND_PKT_END
const (
	atPacketEnd     = -1
	beyondPacketEnd = -2
)

// maxPacketOff is the highest offset into a packet, in bytes.
//
// kernel: MAX_PACKET_OFF
const maxPacketOff = 0xffff

// isPacketOrEnd reports whether r is a pointer to a packet, its metadata or its end.
//
// kernel: reg_is_pkt_pointer_any
func isPacketOrEnd(r *state.Reg) bool {
	return r.Type.IsPacket() || r.Type == regtype.PtrToPacketEnd
}

// isPacketStart reports whether r is a pointer to the first byte of the packet.
//
// kernel: reg_is_init_pkt_pointer
func isPacketStart(r *state.Reg) bool {
	return r.Type == regtype.PtrToPacket && r.ID == 0 && r.Off == 0 && r.Var.Equals(0)
}

// isBounded reports whether p is a pointer whose comparison with end gives it a range.
func isBounded(p, end *state.Reg) bool {
	return p.Type == regtype.PtrToPacket && end.Type == regtype.PtrToPacketEnd ||
		p.Type == regtype.PtrToPacketMeta && isPacketStart(end)
}

// decidePacket decides a comparison with the packet's end for a pointer that
// was found at or beyond it before, in the words of package scalar.
//
// kernel: is_pkt_ptr_branch_taken
func decidePacket(dst, src *state.Reg, op uint8) int {
	p := dst
	switch {
	case src.Type == regtype.PtrToPacketEnd:
	case dst.Type == regtype.PtrToPacketEnd:
		p, op = src, scalar.FlipOp(op)
	default:
		return scalar.MayBeTaken
	}
	mark := p.PacketRange()
	switch op {
	case isa.OpJle:
		if mark == beyondPacketEnd {
			return scalar.NotTaken
		}
	case isa.OpJgt:
		if mark == beyondPacketEnd {
			return scalar.Taken
		}
	case isa.OpJlt:
		if mark < 0 {
			return scalar.NotTaken
		}
	case isa.OpJge:
		if mark < 0 {
			return scalar.Taken
		}
	}
	return scalar.MayBeTaken
}

// refinePacket sets the packet ranges of both ways, and reports whether the
// jump compares a packet pointer with its end at all.
//
// kernel: try_match_pkt_pointers
func (b *branch) refinePacket(behind, jump *state.State) bool {
	p, n, op := b.dst, b.in.Dst, b.op
	switch {
	case isBounded(b.dst, b.src):
	case isBounded(b.src, b.dst):
		p, n, op = b.src, b.in.Src, scalar.FlipOp(b.op)
	default:
		return false
	}
	switch op {
	case isa.OpJgt:
		refinePacketRange(behind, p, false)
		refineBeyondEnd(jump, n, beyondPacketEnd)
	case isa.OpJlt:
		refinePacketRange(jump, p, true)
		refineBeyondEnd(behind, n, atPacketEnd)
	case isa.OpJge:
		refinePacketRange(behind, p, true)
		refineBeyondEnd(jump, n, atPacketEnd)
	case isa.OpJle:
		refinePacketRange(jump, p, false)
		refineBeyondEnd(behind, n, beyondPacketEnd)
	default:
		return false
	}
	return true
}

// refinePacketRange notes on all pointers that share the id of p that the
// bytes up to p exist, or, if below, that p points at a byte that exists.
//
// kernel: find_good_pkt_pointers
func refinePacketRange(st *state.State, p *state.Reg, below bool) {
	if p.Off < 0 || p.Off == 0 && below {
		return
	}
	if p.Umax() > maxPacketOff || p.Umax()+uint64(p.Off) > maxPacketOff {
		// A pointer that wraps is in front of the end and of the packet too.
		return
	}
	valid, kind, id := p.Off, p.Type, p.ID
	if below {
		valid++
	}
	st.Each(1<<state.SlotSpill, func(r *state.Reg) bool {
		return r.Type == kind && r.ID == id && r.PacketRange() < valid
	}, func(r *state.Reg) { r.SetPacketRange(valid) })
}

// refineBeyondEnd notes that register n points at or beyond the packet's end.
//
// kernel: mark_pkt_end
func refineBeyondEnd(st *state.State, n uint8, mark int32) {
	if r := &st.Frame().Regs[n]; r.Type == regtype.PtrToPacket {
		r.SetPacketRange(mark)
	}
}

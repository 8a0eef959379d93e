// SPDX-License-Identifier: GPL-2.0-only

package state

import "github.com/bpf-lsp/bpf-lsp/verifier/regtype"

// DynptrKind is what backs a dynptr, numbered as the kernel does.
type DynptrKind uint32

// Kinds of dynptrs.
const (
	DynptrInvalid DynptrKind = iota
	DynptrLocal
	DynptrRingbuf
	DynptrSkb
	DynptrXDP
	DynptrSkbMeta
	DynptrFile
)

type dynptrRow struct {
	name                 string
	flag                 uint32
	owned, packet, moves bool
}

// dynptrKinds are all that rules ask of a kind.
//
//	flag     of arguments that take the kind, and of memory that it lends
//	owned    it holds a reference that must be given back
//	packet   its slices are parts of a packet
//	moves    a write through it may move a packet
var dynptrKinds = [...]dynptrRow{
	DynptrInvalid: {name: "<invalid>"},
	DynptrLocal:   {name: "local", flag: regtype.DynptrLocal},
	DynptrRingbuf: {name: "ringbuf", flag: regtype.DynptrRingbuf, owned: true},
	DynptrSkb:     {name: "skb", flag: regtype.DynptrSkb, packet: true, moves: true},
	DynptrXDP:     {name: "xdp", flag: regtype.DynptrXDP, packet: true},
	DynptrSkbMeta: {name: "skb_meta", flag: regtype.DynptrSkbMeta, packet: true, moves: true},
	DynptrFile:    {name: "file", flag: regtype.DynptrFile, owned: true},
}

var unknownDynptr = dynptrRow{name: "<unknown>"}

func (k DynptrKind) row() *dynptrRow {
	if int(k) < len(dynptrKinds) {
		return &dynptrKinds[k]
	}
	return &unknownDynptr
}

// DynptrOf is the kind whose flag is among those of an argument or of memory,
// DynptrInvalid if none is, or several.
//
// kernel: arg_to_dynptr_type
func DynptrOf(flags uint32) DynptrKind {
	if flags &= regtype.DynptrFlags; flags != 0 {
		for k := range dynptrKinds {
			if dynptrKinds[k].flag == flags {
				return DynptrKind(k)
			}
		}
	}
	return DynptrInvalid
}

// Flag is the flag of memory that a dynptr of the kind lends.
//
// kernel: get_dynptr_type_flag
func (k DynptrKind) Flag() uint32 { return k.row().flag }

// Owned reports whether a dynptr of the kind holds a reference that must be
// given back.
//
// kernel: dynptr_type_referenced
func (k DynptrKind) Owned() bool { return k.row().owned }

// Packet reports whether slices of the kind are parts of a packet.
func (k DynptrKind) Packet() bool { return k.row().packet }

// MovesPacket reports whether a write through the kind may move a packet.
func (k DynptrKind) MovesPacket() bool { return k.row().moves }

// String spells the kind as the kernel's log does.
//
// kernel: dynptr_type_str
func (k DynptrKind) String() string { return k.row().name }

// IsPacketSlice reports whether r is memory that a dynptr lent out of a packet.
//
// kernel: reg_is_dynptr_slice_pkt
func (r *Reg) IsPacketSlice() bool {
	return r.Type.Base() == regtype.PtrToMem && DynptrOf(r.Type.Flags()).Packet()
}

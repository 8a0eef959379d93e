// SPDX-License-Identifier: GPL-2.0-only

package state

// MapRef names a map in the verifier's table; 0 names none.
type MapRef uint32

// BTFRef names a BTF container in the verifier's table; 0 is none.
type BTFRef uint32

// BTF containers that every verification has.
const (
	KernelBTF  BTFRef = 1
	ProgramBTF BTFRef = 2
)

// IterState is the life of an open-coded iterator.
type IterState uint32

// States of an iterator; only its first slot has one.
const (
	IterInvalid IterState = iota
	IterActive
	IterDrained
)

// PacketRange is the number of bytes known to be valid after a packet
// pointer, or a negative mark of an open comparison with the packet's end.
func (r *Reg) PacketRange() int32 { return int32(r.obj) }

// SetPacketRange sets what PacketRange reads.
func (r *Reg) SetPacketRange(n int32) { r.obj = uint32(n) }

// Map is the map of a map pointer, key or value.
func (r *Reg) Map() MapRef { return MapRef(r.obj) }

// MapUID distinguishes inner maps that came from different lookups; 0 for a
// map that the program names itself.
func (r *Reg) MapUID() uint32 { return r.extent }

// mapMark distinguishes a map from memory of as many bytes and the like: a NULL that
// came from either keeps its words, and the kernel compares an address there.
// Nothing else has a second word as large.
const mapMark = 1 << 31

// SetMap sets the map and its lookup.
func (r *Reg) SetMap(m MapRef, uid uint32) { r.obj, r.sub, r.extent = uint32(m), mapMark, uid }

// BTFType is the type that a BTF pointer or an iterator slot has.
func (r *Reg) BTFType() (BTFRef, uint32) { return BTFRef(r.obj), r.extent }

// SetBTFType sets what BTFType reads.
func (r *Reg) SetBTFType(b BTFRef, id uint32) { r.obj, r.extent = uint32(b), id }

// MemSize is the size of the memory pointed to, in bytes.
func (r *Reg) MemSize() uint32 { return r.obj }

// SetMemSize sets what MemSize reads.
func (r *Reg) SetMemSize(n uint32) { r.obj = n }

// DynptrID is the dynptr that a slice was taken from, 0 for none.
func (r *Reg) DynptrID() uint32 { return r.sub }

// SetDynptrID sets what DynptrID reads.
func (r *Reg) SetDynptrID(id uint32) { r.sub = id }

// Dynptr is the kind of a dynptr, and whether the slot is its first half.
func (r *Reg) Dynptr() (kind DynptrKind, first bool) { return DynptrKind(r.obj), r.sub != 0 }

// SetDynptr sets what Dynptr reads.
func (r *Reg) SetDynptr(kind DynptrKind, first bool) {
	r.obj, r.sub = uint32(kind), 0
	if first {
		r.sub = 1
	}
}

// Iter is the state of an iterator and how often its next was called.
func (r *Reg) Iter() (st IterState, depth uint32) { return IterState(r.sub & 3), r.sub >> 2 }

// SetIter sets what Iter reads.
func (r *Reg) SetIter(st IterState, depth uint32) { r.sub = uint32(st) | depth<<2 }

// IRQClass is the family of functions that saved the IRQ flag of a slot.
func (r *Reg) IRQClass() uint32 { return r.obj }

// SetIRQClass sets what IRQClass reads.
func (r *Reg) SetIRQClass(c uint32) { r.obj = c }

// Subprog is the function that a function pointer names.
func (r *Reg) Subprog() int { return int(r.obj) }

// SetSubprog sets what Subprog reads.
func (r *Reg) SetSubprog(n int) { r.obj = uint32(n) }

// HasObject reports whether r knows a map, type, memory or packet range that it
// points into.
//
// kernel: bpf_reg_state.map_ptr, which overlays the others
func (r *Reg) HasObject() bool { return r.obj != 0 }

// ClearObject forgets what r points to.
func (r *Reg) ClearObject() { r.obj, r.sub, r.extent = 0, 0, 0 }

// SameObject reports whether both point into the same object: the words that the
// kernel compares as raw memory.
func (r *Reg) SameObject(o *Reg) bool {
	return r.obj == o.obj && r.sub == o.sub && r.extent == o.extent
}

// CopyObject makes r point into what o points into.
func (r *Reg) CopyObject(o *Reg) { r.obj, r.sub, r.extent = o.obj, o.sub, o.extent }

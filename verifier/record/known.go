// SPDX-License-Identifier: GPL-2.0-only

package record

import (
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/scalar"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// Known is what all paths through an instruction knew of one register or stack
// slot before it. The zero value says nothing.
type Known struct {
	// Kinds are the kinds of values that it had, each merged over the paths: a
	// pointer that was compared with NULL on some of them has two.
	Kinds []Kind
	// Others says that it had further values, which were not kept.
	Others bool
	// Unset says that on some path nothing was there.
	Unset bool
	// Zero and Written have a bit for each byte of a slot, in the order of
	// addresses, that was zero, or written at all, on every path.
	Zero, Written uint8
	// Span is how many bytes of a slot, from its beginning, the values are about.
	Span uint8
}

// Kind is one kind of value, merged: every value of the kind is within its
// limits.
type Kind struct {
	// Value has the limits of numbers. Of pointers, Off is the fixed part of the
	// offset, if that is Fixed, and Packet counts the bytes that are there from the
	// pointer on.
	Value
	Fixed bool
	// Low and High bound the whole offset of a pointer.
	Low, High int64
	// Size is that of the memory pointed to, 0 if it has none of its own.
	Size uint32
	// Outer is how many calls out the function is whose stack is pointed into.
	Outer uint8
	// Object is what a slot is a part of.
	Object Object
}

// Only is the one kind of value, if there is but one and nothing else.
func (k *Known) Only() (*Kind, bool) {
	if len(k.Kinds) != 1 || k.Others || k.Unset {
		return nil, false
	}
	return &k.Kinds[0], true
}

// kind is one kind of value while it is collected. Of a number, num has the
// limits; of a pointer low and high bound its whole offset.
type kind struct {
	typ         regtype.Reg
	object      Object
	outer       uint8
	fixed, held bool
	a, b, c     uint32 // what is pointed to; not the range of a packet
	off         int32
	packet      int32
	low, high   int64
	num         scalar.Scalar
}

// kindOf is the kind of a register, whose function is at a depth.
func kindOf(r *state.Reg, depth int) kind {
	k := kind{typ: r.Type, fixed: true, held: r.RefObjID != 0, off: r.Off}
	if r.Type == regtype.Scalar {
		k.num, k.off = r.Scalar, 0
		return k
	}
	k.low, k.high = int64(r.Off)+r.Smin(), int64(r.Off)+r.Smax()
	if r.Smin() < -1<<31 || r.Smax() > 1<<31 {
		k.low, k.high = -1<<40, 1<<40
	}
	switch r.Type.Base() {
	case regtype.PtrToMapValue, regtype.PtrToMapKey, regtype.ConstPtrToMap:
		k.a = uint32(r.Map())
	case regtype.PtrToBTFID:
		ref, id := r.BTFType()
		k.a, k.b = uint32(ref), id
	case regtype.PtrToPacket, regtype.PtrToPacketMeta:
		k.packet = max(r.PacketRange()-r.Off, 0)
	case regtype.PtrToStack:
		k.outer = uint8(depth - int(r.Frame))
	case regtype.PtrToMem, regtype.PtrToBuf, regtype.PtrToTPBuffer:
		k.c = r.MemSize()
	case regtype.PtrToFunc:
		k.a = uint32(r.Subprog())
	}
	return k
}

// same reports whether two values are of one kind.
func (k *kind) same(o *kind) bool {
	return k.typ == o.typ && k.a == o.a && k.b == o.b && k.c == o.c && k.outer == o.outer && k.object == o.object
}

// has reports whether the values of o, which is of the same kind, are among
// those of k.
func (k *kind) has(o *kind) bool {
	if k.typ == regtype.Scalar {
		return scalar.RangeWithin(&k.num, &o.num) && k.num.Var.Contains(o.num.Var)
	}
	return k.low <= o.low && k.high >= o.high && k.packet <= o.packet && (!k.fixed || o.fixed && k.off == o.off) &&
		(!k.held || o.held)
}

// join adds the values of o, which is of the same kind.
func (k *kind) join(o *kind) {
	if k.typ == regtype.Scalar {
		k.num = union(&k.num, &o.num)
		return
	}
	k.low, k.high = min(k.low, o.low), max(k.high, o.high)
	k.packet = min(k.packet, o.packet)
	k.fixed = k.fixed && o.fixed && k.off == o.off
	k.held = k.held && o.held
}

// union is the least that holds the numbers of both.
func union(a, b *scalar.Scalar) scalar.Scalar {
	x, y := a.Limits(), b.Limits()
	out := scalar.Scalar{Var: a.Var.Union(b.Var)}
	out.SetLimits(scalar.Limits{
		Smin: min(x.Smin, y.Smin), Smax: max(x.Smax, y.Smax), Umin: min(x.Umin, y.Umin), Umax: max(x.Umax, y.Umax),
		S32Min: min(x.S32Min, y.S32Min), S32Max: max(x.S32Max, y.S32Max),
		U32Min: min(x.U32Min, y.U32Min), U32Max: max(x.U32Max, y.U32Max),
	})
	return out
}

// maxKinds bounds the kinds of values that are told apart.
const maxKinds = 4

// known is Known while it is collected.
type known struct {
	kinds         []kind
	others, unset bool
	bytes         slotBytes
	// shared says that several places refer to it, so that it must not be changed.
	shared bool
}

// slotBytes says which bytes of a slot are zero and which were written, and how many
// its value is about. The zero value is of no slot.
type slotBytes struct {
	is                  bool
	zero, written, span uint8
}

func (b *slotBytes) add(o slotBytes) {
	if !b.is {
		*b = o
	} else if o.is {
		b.zero &= o.zero
		b.written &= o.written
		b.span = min(b.span, o.span)
	}
}

// add adds the values of a kind, and reports whether that made a difference.
func (n *known) add(k *kind) bool {
	for i := range n.kinds {
		if have := &n.kinds[i]; have.same(k) {
			if have.has(k) {
				return false
			}
			have.join(k)
			return true
		}
	}
	if len(n.kinds) == maxKinds {
		changed := !n.others
		n.others = true
		return changed
	}
	n.kinds = append(n.kinds, *k)
	return true
}

// addAll adds what is known of another one, and reports whether that made a
// difference.
func (n *known) addAll(o *known) (changed bool) {
	for i := range o.kinds {
		changed = n.add(&o.kinds[i]) || changed
	}
	was := *n
	n.others, n.unset = n.others || o.others, n.unset || o.unset
	n.bytes.add(o.bytes)
	return changed || n.others != was.others || n.unset != was.unset || n.bytes != was.bytes
}

// hasAll reports whether o adds nothing.
func (n *known) hasAll(o *known) bool {
	bytes := n.bytes
	bytes.add(o.bytes)
	if o.others && !n.others || o.unset && !n.unset || bytes != n.bytes {
		return false
	}
	for i := range o.kinds {
		if !n.hasKind(&o.kinds[i]) {
			return false
		}
	}
	return true
}

func (n *known) hasKind(k *kind) bool {
	for i := range n.kinds {
		if have := &n.kinds[i]; have.same(k) {
			return have.has(k)
		}
	}
	return n.others && len(n.kinds) == maxKinds
}

// hasOne reports whether one value more makes no difference.
func (n *known) hasOne(o *one) bool {
	bytes := n.bytes
	bytes.add(o.bytes)
	return bytes == n.bytes && n.hasKind(&o.kind)
}

func (n *known) addOne(o *one) {
	n.add(&o.kind)
	n.bytes.add(o.bytes)
}

// is reports whether n is one value.
func (n *known) is(o *one) bool {
	return len(n.kinds) == 1 && n.kinds[0] == o.kind && n.bytes == o.bytes && !n.others && !n.unset
}

// one is the value of a place in one state.
type one struct {
	kind
	bytes slotBytes
}

func (o *one) known() known { return known{kinds: []kind{o.kind}, bytes: o.bytes} }

// oneOf is what a register holds, false if it cannot be read.
func oneOf(r *state.Reg, depth int) (o one, ok bool) {
	if r.Type == regtype.NotInit {
		return o, false
	}
	return one{kind: kindOf(r, depth)}, true
}

// oneIn is what a slot holds, false if nothing was written to it.
func oneIn(s *state.Slot, depth int) (o one, ok bool) {
	if s.Bytes == [state.SlotBytes]state.SlotType{} {
		return o, false
	}
	o.bytes = bytesOf(s)
	if s.IsSpecial() {
		o.kind = kind{object: objectOf(s), fixed: true}
		return o, true
	}
	r, ok := slotValue(s)
	if !ok || r.Type == regtype.NotInit {
		return o, false
	}
	o.kind = kindOf(&r, depth)
	return o, true
}

func bytesOf(s *state.Slot) slotBytes {
	out := slotBytes{is: true}
	for i, b := range s.Bytes {
		// Bytes counts down from the highest address.
		bit := uint8(1) << (state.SlotBytes - 1 - i)
		if b == state.SlotZero || b == state.SlotSpill && s.Spilled.IsNull() {
			out.zero |= bit
		}
		if b != state.SlotInvalid {
			out.written |= bit
		}
		if b == state.SlotSpill || !s.IsSpill() {
			out.span++
		}
	}
	return out
}

func objectOf(s *state.Slot) Object {
	switch s.Bytes[state.SlotBytes-1] {
	case state.SlotDynptr:
		return ObjectDynptr
	case state.SlotIter:
		return ObjectIterator
	}
	return ObjectIRQFlag
}

// unknownNumber is a number of some bytes of which nothing is known.
func unknownNumber(size int) kind {
	n := scalar.Unknown()
	if size > 0 && size < 8 {
		n.CoerceToSize(size)
	}
	return kind{typ: regtype.Scalar, fixed: true, num: n}
}

// result is what was collected, where paths came by often and found something seen
// times.
func (n *known) result(t *Tables, seen, paths int32) Known {
	out := Known{Others: n.others, Unset: n.unset || seen < paths,
		Zero: n.bytes.zero, Written: n.bytes.written, Span: n.bytes.span}
	if out.Unset {
		out.Zero, out.Written = 0, 0
	}
	for i := range n.kinds {
		out.Kinds = append(out.Kinds, n.kinds[i].result(t))
	}
	return out
}

func (k *kind) result(t *Tables) Kind {
	out := Kind{Fixed: k.fixed, Low: k.low, High: k.high, Outer: k.outer, Object: k.object}
	l := k.num.Limits()
	out.Value = Value{
		Type: k.typ, Off: k.off, Bits: k.num.Var.Value, Mask: k.num.Var.Mask,
		Min: l.Smin, Max: l.Smax, UMin: l.Umin, UMax: l.Umax,
		Min32: l.S32Min, Max32: l.S32Max, UMin32: l.U32Min, UMax32: l.U32Max, Packet: k.packet,
	}
	if k.held {
		out.Ref = 1
	}
	switch k.typ.Base() {
	case regtype.PtrToMapValue, regtype.PtrToMapKey, regtype.ConstPtrToMap:
		out.Map = t.Map(state.MapRef(k.a))
	case regtype.PtrToBTFID:
		out.Struct = t.Struct(state.BTFRef(k.a), k.b)
	case regtype.PtrToMem, regtype.PtrToBuf, regtype.PtrToTPBuffer:
		out.Size = k.c
	}
	return out
}

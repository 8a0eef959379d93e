// SPDX-License-Identifier: GPL-2.0-only

package record

import (
	"slices"

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

// Only is the one kind of value, if there is but one and nothing else. Numbers are of
// one kind: their limits are those of all.
func (k *Known) Only() (*Kind, bool) {
	if len(k.Kinds) == 0 || k.Others || k.Unset {
		return nil, false
	}
	out := &k.Kinds[0]
	for i := range k.Kinds[1:] {
		o := &k.Kinds[i+1]
		if !out.IsNumber() || !o.IsNumber() {
			return nil, false
		}
		all := *out
		all.Join(o)
		out = &all
	}
	return out, true
}

// Join adds the values of o, which is of the same kind.
func (k *Kind) Join(o *Kind) {
	if k.Fixed = k.Fixed && o.Fixed && k.Off == o.Off; !k.IsNumber() {
		k.Low, k.High, k.Packet = min(k.Low, o.Low), max(k.High, o.High), min(k.Packet, o.Packet)
		k.Ref = min(k.Ref, o.Ref)
		return
	}
	k.Mask |= o.Mask | k.Bits ^ o.Bits
	k.Bits &^= k.Mask
	k.Min, k.Max, k.UMin, k.UMax = min(k.Min, o.Min), max(k.Max, o.Max), min(k.UMin, o.UMin), max(k.UMax, o.UMax)
	k.Min32, k.Max32 = min(k.Min32, o.Min32), max(k.Max32, o.Max32)
	k.UMin32, k.UMax32 = min(k.UMin32, o.UMin32), max(k.UMax32, o.UMax32)
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
	ways        ways // by which it came to a head; 0 where a place has but one kind
	low, high   int64
	num         scalar.Scalar
}

// of makes k the kind of a register, whose function is at a depth.
func (k *kind) of(r *state.Reg, depth int) {
	*k = kind{typ: r.Type, fixed: true, held: r.RefObjID != 0, off: r.Off}
	if r.Type == regtype.Scalar {
		k.num, k.off = r.Scalar, 0
		return
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

// apart reports whether numbers lie between those of two kinds.
func (k *kind) apart(o *kind) bool {
	return k.num.Smax() < o.num.Smin() && k.num.Smax()+1 < o.num.Smin() ||
		o.num.Smax() < k.num.Smin() && o.num.Smax()+1 < k.num.Smin()
}

// join adds the values of o, which is of the same kind.
func (k *kind) join(o *kind) {
	k.ways |= o.ways
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

// maxKinds bounds the kinds of values that are told apart, maxNumbers those of numbers:
// of more, only the limits of all are known.
const (
	maxKinds   = 4
	maxNumbers = 3
)

// known is Known while it is collected.
type known struct {
	kinds         []kind
	others, unset bool
	// blurred says that there were too many numbers to tell them apart.
	blurred bool
	bytes   slotBytes
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
	numbers := 0
	for i := range n.kinds {
		have := &n.kinds[i]
		switch {
		case !have.same(k):
			continue
		case k.typ == regtype.Scalar && have.apart(k) && !n.blurred:
			numbers++
			continue
		case have.has(k):
			changed := have.ways|k.ways != have.ways
			have.ways |= k.ways
			return changed
		}
		have.join(k)
		if k.typ == regtype.Scalar {
			n.joinTouching()
		}
		return true
	}
	switch {
	case numbers == maxNumbers:
		n.blur()
		n.add(k)
		return true
	case len(n.kinds) == maxKinds:
		changed := !n.others
		n.others = true
		return changed
	}
	n.kinds = append(n.kinds, *k)
	return true
}

// blur makes one kind of all numbers.
func (n *known) blur() {
	n.blurred = true
	n.joinTouching()
}

// joinTouching joins the kinds of numbers that are not apart, or all if they are blurred.
func (n *known) joinTouching() {
	for i := 0; i < len(n.kinds); i++ {
		for j := i + 1; j < len(n.kinds); j++ {
			a, b := &n.kinds[i], &n.kinds[j]
			if a.typ == regtype.Scalar && a.same(b) && (n.blurred || !a.apart(b)) {
				a.join(b)
				n.kinds = slices.Delete(n.kinds, j, j+1)
				j = i
			}
		}
	}
}

// addAll adds what is known of another one, and reports whether that made a
// difference.
func (n *known) addAll(o *known) (changed bool) {
	if o.blurred && !n.blurred {
		n.blur()
		changed = true
	}
	for i := range o.kinds {
		changed = n.add(&o.kinds[i]) || changed
	}
	return n.addRest(o) || changed
}

// addRest is addAll for all but the kinds.
func (n *known) addRest(o *known) (changed bool) {
	was := *n
	n.others, n.unset = n.others || o.others, n.unset || o.unset
	n.bytes.add(o.bytes)
	return n.others != was.others || n.unset != was.unset || n.bytes != was.bytes
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
	found := false
	for i := range n.kinds {
		if have := &n.kinds[i]; have.same(k) {
			if have.has(k) {
				return true
			}
			found = true
		}
	}
	return !found && n.others && len(n.kinds) == maxKinds
}

// hasNumber reports whether n is of one kind, and a number in a register adds nothing.
func (n *known) hasNumber(r *state.Reg) bool {
	if len(n.kinds) != 1 || r.Type != regtype.Scalar {
		return false
	}
	k := &n.kinds[0]
	return k.typ == regtype.Scalar && k.object == NoObject && scalar.RangeWithin(&k.num, &r.Scalar) &&
		k.num.Var.Contains(r.Var)
}

// hasOne reports whether one value more, that came by a way, makes no difference but to
// the ways of the place.
func (n *known) hasOne(o *one, by ways) bool {
	bytes := n.bytes
	bytes.add(o.bytes)
	if bytes != n.bytes {
		return false
	}
	if by == 0 || len(n.kinds) == 1 {
		return n.hasKind(&o.kind)
	}
	for i := range n.kinds {
		if have := &n.kinds[i]; have.ways&by == by && have.same(&o.kind) && have.has(&o.kind) {
			return true
		}
	}
	return false
}

// addOne adds a value that came by a way.
func (n *known) addOne(o *one, by ways) {
	k := o.kind
	k.ways = by
	n.add(&k)
	n.bytes.add(o.bytes)
}

// addBy is addAll for values that came by some ways.
func (n *known) addBy(o *known, by ways) {
	if o.blurred && !n.blurred {
		n.blur()
	}
	for i := range o.kinds {
		k := o.kinds[i]
		k.ways = by
		n.add(&k)
	}
	n.addRest(o)
}

// cameBy reports whether the values of o, which are among those of n, are known to come
// by some ways.
func (n *known) cameBy(o *known, by ways) bool {
	if len(n.kinds) == 1 {
		return true
	}
	for i := range o.kinds {
		for j := range n.kinds {
			if have := &n.kinds[j]; have.same(&o.kinds[i]) && have.has(&o.kinds[i]) && have.ways&by != by {
				return false
			}
		}
	}
	return true
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

// ofRegister makes o what a register holds, and reports whether that can be read.
func (o *one) ofRegister(r *state.Reg, depth int) bool {
	if r.Type == regtype.NotInit {
		return false
	}
	o.bytes = slotBytes{}
	o.kind.of(r, depth)
	return true
}

// ofSlot makes o what a slot holds, and reports whether something was written to it.
func (o *one) ofSlot(s *state.Slot, depth int) bool {
	if s.Bytes == [state.SlotBytes]state.SlotType{} {
		return false
	}
	if s.IsSpecial() {
		*o = one{kind: kind{object: objectOf(s), fixed: true}, bytes: bytesOf(s)}
		return true
	}
	if s.IsSpill() {
		if !o.ofRegister(&s.Spilled, depth) {
			return false
		}
	} else if r, ok := slotValue(s); !ok || !o.ofRegister(&r, depth) {
		return false
	}
	o.bytes = bytesOf(s)
	return true
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

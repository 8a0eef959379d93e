// SPDX-License-Identifier: GPL-2.0-only

package scalar

// Operations of conditional jumps, numbered as in the instruction.
const (
	opJeq  = 0x10
	opJgt  = 0x20
	opJge  = 0x30
	opJset = 0x40
	opJne  = 0x50
	opJsgt = 0x60
	opJsge = 0x70
	opJlt  = 0xa0
	opJle  = 0xb0
	opJslt = 0xc0
	opJsle = 0xd0
)

// NotJset is the condition a&b == 0. No instruction has it; RevOp makes it
// from JSET and Refine understands it.
const NotJset = opJset | 0x08

// Outcomes of a conditional jump.
const (
	NotTaken   = 0
	Taken      = 1
	MayBeTaken = -1
)

// FlipOp is the operation with which "a op b" reads "b FlipOp(op) a"; zero for
// anything but a conditional jump.
//
// kernel: flip_opcode
func FlipOp(op uint8) uint8 {
	switch op {
	case opJeq, opJne, opJset:
		return op
	case opJge:
		return opJle
	case opJgt:
		return opJlt
	case opJle:
		return opJge
	case opJlt:
		return opJgt
	case opJsge:
		return opJsle
	case opJsgt:
		return opJslt
	case opJsle:
		return opJsge
	case opJslt:
		return opJsgt
	}
	return 0
}

// RevOp is the condition that holds when op does not; zero for anything but a
// conditional jump. JSET and NotJset are each other's.
//
// kernel: rev_opcode
func RevOp(op uint8) uint8 {
	switch op {
	case opJeq:
		return opJne
	case opJne:
		return opJeq
	case opJset:
		return NotJset
	case NotJset:
		return opJset
	case opJge:
		return opJlt
	case opJgt:
		return opJle
	case opJle:
		return opJgt
	case opJlt:
		return opJge
	case opJsge:
		return opJslt
	case opJsgt:
		return opJsle
	case opJsle:
		return opJsgt
	case opJslt:
		return opJsge
	}
	return 0
}

// BranchTaken reports whether "a op b", on the low halves if is32, holds for all
// pairs (Taken), for none (NotTaken), or cannot be decided (MayBeTaken).
//
// kernel: is_scalar_branch_taken
func BranchTaken(a, b *Scalar, op uint8, is32 bool) int {
	switch op {
	case opJeq:
		return equal(a, b, is32)
	case opJne:
		if r := equal(a, b, is32); r != MayBeTaken {
			return Taken - r
		}
		return MayBeTaken
	case opJset:
		return commonBits(a, b, is32)
	}
	if is32 {
		return compare(a.bounds32(), b.bounds32(), op)
	}
	return compare(a.bounds64(), b.bounds64(), op)
}

// compare decides the orderings. The greater-than ones are the less-than ones
// with the operands exchanged.
func compare[S signed, U unsigned](a, b bounds[S, U], op uint8) int {
	switch op {
	case opJgt, opJge, opJsgt, opJsge:
		a, b, op = b, a, FlipOp(op)
	}
	var always, never bool
	switch op {
	case opJlt:
		always, never = a.umax < b.umin, a.umin >= b.umax
	case opJle:
		always, never = a.umax <= b.umin, a.umin > b.umax
	case opJslt:
		always, never = a.smax < b.smin, a.smin >= b.smax
	case opJsle:
		always, never = a.smax <= b.smin, a.smin > b.smax
	}
	switch {
	case always:
		return Taken
	case never:
		return NotTaken
	}
	return MayBeTaken
}

// equal decides a == b. Constants decide it either way; otherwise only
// disjointness is ever certain. A 64-bit comparison is also lost when the low
// halves cannot be equal.
func equal(a, b *Scalar, is32 bool) int {
	ta, tb := a.Var, b.Var
	if is32 {
		ta, tb = ta.Subreg(), tb.Subreg()
	}
	switch {
	case ta.IsConst() && tb.IsConst():
		if ta.Value == tb.Value {
			return Taken
		}
		return NotTaken
	case !ta.Overlaps(tb),
		!is32 && disjoint(a.bounds64(), b.bounds64()),
		disjoint(a.bounds32(), b.bounds32()):
		return NotTaken
	}
	return MayBeTaken
}

func disjoint[S signed, U unsigned](a, b bounds[S, U]) bool {
	return a.umin > b.umax || a.umax < b.umin || a.smin > b.smax || a.smax < b.smin
}

// commonBits decides a&b != 0, for a constant on either side.
func commonBits(a, b *Scalar, is32 bool) int {
	if !b.IsConstAt(is32) {
		a, b = b, a
	}
	if !b.IsConstAt(is32) {
		return MayBeTaken
	}
	wanted := b.ValueAt(is32)
	switch {
	case a.Var.Value&^a.Var.Mask&wanted != 0:
		return Taken
	case a.Var.Max()&wanted == 0:
		return NotTaken
	}
	return MayBeTaken
}

// Refine narrows a and b, in place, by "a op b" on the low halves or whole
// numbers. Callers sync both afterwards. a and b may be the same Scalar.
//
// kernel: regs_refine_cond_op
func Refine(a, b *Scalar, op uint8, is32 bool) {
	switch op {
	case opJge, opJgt, opJsge, opJsgt:
		a, b, op = b, a, FlipOp(op)
	}
	switch op {
	case opJeq:
		refineEqual(a, b, is32)
	case opJle, opJlt:
		strict := op == opJlt
		if is32 {
			refineLess(&a.u32Min, &a.u32Max, &b.u32Min, &b.u32Max, strict)
		} else {
			refineLess(&a.umin, &a.umax, &b.umin, &b.umax, strict)
		}
	case opJsle, opJslt:
		strict := op == opJslt
		if is32 {
			refineLess(&a.s32Min, &a.s32Max, &b.s32Min, &b.s32Max, strict)
		} else {
			refineLess(&a.smin, &a.smax, &b.smin, &b.smax, strict)
		}
	case opJne, opJset, NotJset:
		if !b.IsConstAt(is32) {
			a, b = b, a
		}
		if b.IsConstAt(is32) {
			a.refineByConst(op, b.ValueAt(is32), is32)
		}
	}
}

// refineEqual leaves both sides with what both had.
func refineEqual(a, b *Scalar, is32 bool) {
	if is32 {
		r := b.bounds32()
		r.meetSigned(a.s32Min, a.s32Max)
		r.meetUnsigned(a.u32Min, a.u32Max)
		a.setBounds32(r)
		b.setBounds32(r)
		low := a.Var.Subreg().Intersect(b.Var.Subreg())
		a.Var = a.Var.WithSubreg(low)
		b.Var = b.Var.WithSubreg(low)
		return
	}
	r := b.bounds64()
	r.meetSigned(a.smin, a.smax)
	r.meetUnsigned(a.umin, a.umax)
	a.setBounds64(r)
	b.setBounds64(r)
	a.Var = a.Var.Intersect(b.Var)
	b.Var = a.Var
}

// refineLess narrows the maximum of a and the minimum of b by a <= b, or a < b
// if strict. The ends may wrap; that only happens on a jump that BranchTaken
// decides.
func refineLess[T signed | unsigned](aMin, aMax, bMin, bMax *T, strict bool) {
	var gap T
	if strict {
		gap = 1
	}
	*aMax = min(*aMax, *bMax-gap)
	*bMin = max(*aMin+gap, *bMin)
}

// refineByConst narrows s by s != v, s&v != 0 or s&v == 0.
//
// Of s&v != 0 only a single bit is worth knowing: with more, any of them may
// be the one. s&v == 0 clears all of them. The kernel forgets all ranges there
// first, so that a path no execution takes shows no contradiction.
func (s *Scalar) refineByConst(op uint8, v uint64, is32 bool) {
	switch op {
	case opJne:
		if is32 {
			exclude(&s.u32Min, &s.u32Max, uint32(v))
			exclude(&s.s32Min, &s.s32Max, int32(v))
		} else {
			exclude(&s.umin, &s.umax, v)
			exclude(&s.smin, &s.smax, int64(v))
		}
	case opJset:
		if v != 0 && v&(v-1) == 0 {
			// v lies in the low half when is32, which Or leaves the rest of.
			s.Var = s.Var.Or(ConstTnum(v))
		}
	case NotJset:
		s.MarkUnbounded()
		s.Var = s.Var.And(ConstTnum(^v))
	}
}

// exclude takes v off a range that begins or ends with it; a range cannot
// express a hole.
func exclude[T signed | unsigned](lo, hi *T, v T) {
	if *lo == v {
		*lo++
	}
	if *hi == v {
		*hi--
	}
}

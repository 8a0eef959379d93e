// SPDX-License-Identifier: GPL-2.0-only

package scalar

import "math"

// Scalar is a set of 64-bit numbers: those that agree with every field. Ranges
// are inclusive; the 32-bit ones are about the low half of the number. Two
// Scalars that compare equal with == print alike; the reverse of "same set"
// does not hold, one set has many descriptions.
//
// The zero Scalar is the constant 0.
type Scalar struct {
	Var            Tnum
	Smin, Smax     int64
	Umin, Umax     uint64
	S32Min, S32Max int32
	U32Min, U32Max uint32
}

// Known is the Scalar that holds v alone.
func Known(v uint64) Scalar {
	return Scalar{
		Var:  ConstTnum(v),
		Smin: int64(v), Smax: int64(v),
		Umin: v, Umax: v,
		S32Min: int32(v), S32Max: int32(v),
		U32Min: uint32(v), U32Max: uint32(v),
	}
}

// Unknown is the Scalar that holds every number.
func Unknown() Scalar {
	return Scalar{
		Var:  TnumUnknown,
		Smin: math.MinInt64, Smax: math.MaxInt64,
		Umin: 0, Umax: math.MaxUint64,
		S32Min: math.MinInt32, S32Max: math.MaxInt32,
		U32Min: 0, U32Max: math.MaxUint32,
	}
}

// SetKnown makes s the constant v.
//
// kernel: ___mark_reg_known
func (s *Scalar) SetKnown(v uint64) { *s = Known(v) }

// SetKnown32 makes the low half of s the constant v and leaves the rest, so
// the 64-bit ranges lag behind until the next Sync.
//
// kernel: __mark_reg32_known
func (s *Scalar) SetKnown32(v uint32) {
	s.Var = s.Var.ConstSubreg(v)
	s.S32Min, s.S32Max = int32(v), int32(v)
	s.U32Min, s.U32Max = v, v
}

// SetUnknown makes s every number.
func (s *Scalar) SetUnknown() { *s = Unknown() }

// MarkUnbounded forgets all ranges and keeps the bits.
//
// kernel: __mark_reg_unbounded
func (s *Scalar) MarkUnbounded() {
	s.MarkUnbounded64()
	s.MarkUnbounded32()
}

// MarkUnbounded64 forgets the ranges of the whole number.
//
// kernel: __mark_reg64_unbounded
func (s *Scalar) MarkUnbounded64() { s.setBounds64(unbounded[int64, uint64]()) }

// MarkUnbounded32 forgets the ranges of the low half.
//
// kernel: __mark_reg32_unbounded
func (s *Scalar) MarkUnbounded32() { s.setBounds32(unbounded[int32, uint32]()) }

// IsConst tells that s is one number, as far as its bits say.
func (s *Scalar) IsConst() bool { return s.Var.IsConst() }

// IsConst32 tells that the low half of s is one number, as far as its bits
// say.
func (s *Scalar) IsConst32() bool { return s.Var.IsConstSubreg() }

// IsConstAt is IsConst32 or IsConst.
//
// kernel: is_reg_const
func (s *Scalar) IsConstAt(is32 bool) bool {
	if is32 {
		return s.IsConst32()
	}
	return s.IsConst()
}

// Value is the constant s is, when IsConst.
func (s *Scalar) Value() uint64 { return s.Var.Value }

// Value32 is the constant the low half is, when IsConst32.
func (s *Scalar) Value32() uint32 { return uint32(s.Var.Value) }

// ValueAt is Value32, zero-extended, or Value.
//
// kernel: reg_const_value
func (s *Scalar) ValueAt(is32 bool) uint64 {
	if is32 {
		return uint64(s.Value32())
	}
	return s.Value()
}

// IsNull tells that s is the constant 0.
//
// kernel: register_is_null, without the check of the register's type
func (s *Scalar) IsNull() bool { return s.Var.Equals(0) }

// IsUnbounded tells that no range, of either width, says anything.
func (s *Scalar) IsUnbounded() bool {
	return s.bounds64() == unbounded[int64, uint64]() && s.bounds32() == unbounded[int32, uint32]()
}

// Has tells that v agrees with every field.
func (s *Scalar) Has(v uint64) bool {
	return s.Var.Has(v) &&
		s.Umin <= v && v <= s.Umax &&
		s.Smin <= int64(v) && int64(v) <= s.Smax &&
		s.U32Min <= uint32(v) && uint32(v) <= s.U32Max &&
		s.S32Min <= int32(v) && int32(v) <= s.S32Max
}

// RangeWithin tells that every range of cur lies within that of old. The bits
// are compared apart, by Tnum.Contains.
//
// kernel: range_within
func RangeWithin(old, cur *Scalar) bool {
	return old.Umin <= cur.Umin && old.Umax >= cur.Umax &&
		old.Smin <= cur.Smin && old.Smax >= cur.Smax &&
		old.U32Min <= cur.U32Min && old.U32Max >= cur.U32Max &&
		old.S32Min <= cur.S32Min && old.S32Max >= cur.S32Max
}

// NarrowS32 adds that s, as a signed number of either width, lies in
// [lo, hi], and draws the conclusions.
//
// kernel: __mark_reg_s32_range
func (s *Scalar) NarrowS32(lo, hi int32) {
	s.S32Min, s.S32Max = max(s.S32Min, lo), min(s.S32Max, hi)
	s.Smin, s.Smax = max(s.Smin, int64(lo)), min(s.Smax, int64(hi))
	s.Sync()
}

func (s *Scalar) bounds64() bounds[int64, uint64] {
	return bounds[int64, uint64]{s.Smin, s.Smax, s.Umin, s.Umax}
}

func (s *Scalar) bounds32() bounds[int32, uint32] {
	return bounds[int32, uint32]{s.S32Min, s.S32Max, s.U32Min, s.U32Max}
}

func (s *Scalar) setBounds64(r bounds[int64, uint64]) {
	s.Smin, s.Smax, s.Umin, s.Umax = r.smin, r.smax, r.umin, r.umax
}

func (s *Scalar) setBounds32(r bounds[int32, uint32]) {
	s.S32Min, s.S32Max, s.U32Min, s.U32Max = r.smin, r.smax, r.umin, r.umax
}

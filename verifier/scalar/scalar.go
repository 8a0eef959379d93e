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
	smin, smax     int64
	umin, umax     uint64
	s32Min, s32Max int32
	u32Min, u32Max uint32
}

// Limits are the ranges of a Scalar: of the whole number and of its low half, each as
// a signed and as an unsigned number. Rules and logs ask for them in this form, however
// a Scalar keeps what it knows.
type Limits struct {
	Smin, Smax     int64
	Umin, Umax     uint64
	S32Min, S32Max int32
	U32Min, U32Max uint32
}

// Limits returns the limits of s.
func (s *Scalar) Limits() Limits {
	return Limits{s.smin, s.smax, s.umin, s.umax, s.s32Min, s.s32Max, s.u32Min, s.u32Max}
}

// SetLimits replaces the limits of s; Sync draws the conclusions.
func (s *Scalar) SetLimits(l Limits) {
	s.smin, s.smax, s.umin, s.umax = l.Smin, l.Smax, l.Umin, l.Umax
	s.s32Min, s.s32Max, s.u32Min, s.u32Max = l.S32Min, l.S32Max, l.U32Min, l.U32Max
}

// Smin is the least number as a signed one.
func (s *Scalar) Smin() int64 { return s.smin }

// Smax is the greatest number as a signed one.
func (s *Scalar) Smax() int64 { return s.smax }

// Umin is the least number as an unsigned one.
func (s *Scalar) Umin() uint64 { return s.umin }

// Umax is the greatest number as an unsigned one.
func (s *Scalar) Umax() uint64 { return s.umax }

// S32Min is the least low half as a signed number.
func (s *Scalar) S32Min() int32 { return s.s32Min }

// S32Max is the greatest low half as a signed number.
func (s *Scalar) S32Max() int32 { return s.s32Max }

// Known is the Scalar that holds v alone.
func Known(v uint64) Scalar {
	return Scalar{
		Var:  ConstTnum(v),
		smin: int64(v), smax: int64(v),
		umin: v, umax: v,
		s32Min: int32(v), s32Max: int32(v),
		u32Min: uint32(v), u32Max: uint32(v),
	}
}

// Unknown is the Scalar that holds every number.
func Unknown() Scalar {
	return Scalar{
		Var:  TnumUnknown,
		smin: math.MinInt64, smax: math.MaxInt64,
		umin: 0, umax: math.MaxUint64,
		s32Min: math.MinInt32, s32Max: math.MaxInt32,
		u32Min: 0, u32Max: math.MaxUint32,
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
	s.s32Min, s.s32Max = int32(v), int32(v)
	s.u32Min, s.u32Max = v, v
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

// IsConst reports whether s is one number, according to its bits.
func (s *Scalar) IsConst() bool { return s.Var.IsConst() }

// IsConst32 reports whether the low half of s is one number, according to its
// bits.
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

// IsNull reports whether s is the constant 0.
//
// kernel: register_is_null, without the check of the register's type
func (s *Scalar) IsNull() bool { return s.Var.Equals(0) }

// IsUnbounded reports whether no range, of either width, says anything.
func (s *Scalar) IsUnbounded() bool {
	return s.bounds64() == unbounded[int64, uint64]() && s.bounds32() == unbounded[int32, uint32]()
}

// Has reports whether v agrees with every field.
func (s *Scalar) Has(v uint64) bool {
	return s.Var.Has(v) &&
		s.umin <= v && v <= s.umax &&
		s.smin <= int64(v) && int64(v) <= s.smax &&
		s.u32Min <= uint32(v) && uint32(v) <= s.u32Max &&
		s.s32Min <= int32(v) && int32(v) <= s.s32Max
}

// RangeWithin reports whether every range of cur lies within that of old. The bits
// are compared apart, by Tnum.Contains.
//
// kernel: range_within
func RangeWithin(old, cur *Scalar) bool {
	return old.umin <= cur.umin && old.umax >= cur.umax &&
		old.smin <= cur.smin && old.smax >= cur.smax &&
		old.u32Min <= cur.u32Min && old.u32Max >= cur.u32Max &&
		old.s32Min <= cur.s32Min && old.s32Max >= cur.s32Max
}

// NarrowS32 adds that s, as a signed number of either width, lies in
// [lo, hi], and draws the conclusions.
//
// kernel: __mark_reg_s32_range
func (s *Scalar) NarrowS32(lo, hi int32) {
	s.s32Min, s.s32Max = max(s.s32Min, lo), min(s.s32Max, hi)
	s.smin, s.smax = max(s.smin, int64(lo)), min(s.smax, int64(hi))
	s.Sync()
}

func (s *Scalar) bounds64() bounds[int64, uint64] {
	return bounds[int64, uint64]{s.smin, s.smax, s.umin, s.umax}
}

func (s *Scalar) bounds32() bounds[int32, uint32] {
	return bounds[int32, uint32]{s.s32Min, s.s32Max, s.u32Min, s.u32Max}
}

func (s *Scalar) setBounds64(r bounds[int64, uint64]) {
	s.smin, s.smax, s.umin, s.umax = r.smin, r.smax, r.umin, r.umax
}

func (s *Scalar) setBounds32(r bounds[int32, uint32]) {
	s.s32Min, s.s32Max, s.u32Min, s.u32Max = r.smin, r.smax, r.umin, r.umax
}

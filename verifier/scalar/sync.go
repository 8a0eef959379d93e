// SPDX-License-Identifier: GPL-2.0-only

package scalar

import "math"

// deduceRounds is how often the ranges learn from each other in one Sync: the
// kernel's number. A round passes facts from the whole number to the low half,
// between the signs, and back to the whole number; a fact that has to travel
// the other way waits for the next round.
const deduceRounds = 3

// Sync lets the parts of s learn from each other, after an operation changed
// some of them. It must follow every change that is not documented to include
// it.
//
// kernel: reg_bounds_sync
func (s *Scalar) Sync() {
	if s.settled() {
		return
	}
	s.learnFromBits()
	for range deduceRounds {
		before := *s
		s.narrow32()
		s.narrow64()
		s.narrowMixed()
		if *s == before {
			break // the rounds left would do the same nothing
		}
	}
	s.learnBits()
	// The new bits may cut a range again: umax 0x7f…f and bits (0; 0x…fc)
	// make umax 0x7f…fc.
	s.learnFromBits()
}

// settled recognises the two commonest descriptions that Sync leaves alone: a
// constant with all its ranges, and complete ignorance.
func (s *Scalar) settled() bool {
	switch s.Var.Mask {
	case 0:
		return *s == Known(s.Var.Value)
	case math.MaxUint64:
		return *s == Unknown()
	}
	return false
}

// learnFromBits narrows the ranges by the bits, and recognises that they have
// just one number in common:
//
//	range       --[=========]--------     the range's minimum is a member, and
//	members     --x-----------x----x-     the next one is out of range
//
//	range       --[=========]--------     the greatest member is the only one
//	members     x-----x--------------     not below the range
//
//	range       --[=========]--------     one member inside, the next out of
//	members     x-----x-------x----x-     range
//
// kernel: __update_reg_bounds
func (s *Scalar) learnFromBits() {
	s.learnFromBits32()
	r := s.bounds64()
	r.meetBits(s.Var.Value, s.Var.Mask)
	s.setBounds64(r)

	next := s.Var.Step(s.umin)
	minIsMember := s.Var.Has(s.umin)
	switch {
	case minIsMember && next > s.umax:
		s.SetKnown(s.umin)
	case minIsMember:
	case next == s.Var.Max():
		s.SetKnown(next)
	case next <= s.umax && s.Var.Step(next) > s.umax:
		s.SetKnown(next)
	}
}

// learnFromBits32 is the part of learnFromBits about the low half.
//
// kernel: __update_reg32_bounds
func (s *Scalar) learnFromBits32() {
	r := s.bounds32()
	r.meetBits(uint32(s.Var.Value), uint32(s.Var.Mask))
	s.setBounds32(r)
}

// narrow32 narrows the ranges of the low half by those of the whole number. A
// 64-bit range says something about the low half if its ends agree on the
// upper half, and also if the upper half grows by one while the low half goes
// from negative to not negative:
//
//	[0xffff_fff0_ffff_fff0, 0xffff_fff1_0000_0010]   low half s32 [-16, 16]
//
// kernel: __reg32_deduce_bounds
func (s *Scalar) narrow32() {
	r := s.bounds32()
	if s.umin>>32 == s.umax>>32 {
		lo, hi := uint32(s.umin), uint32(s.umax)
		r.meetUnsigned(lo, hi)
		if int32(lo) <= int32(hi) {
			r.meetSigned(int32(lo), int32(hi))
		}
	}
	if s.smin>>32 == s.smax>>32 {
		lo, hi := uint32(s.smin), uint32(s.smax)
		if lo <= hi {
			r.meetUnsigned(lo, hi)
		}
		if int32(lo) <= int32(hi) {
			r.meetSigned(int32(lo), int32(hi))
		}
	}
	if crossesZero32(s.umin, s.umax) {
		r.meetSigned(int32(s.umin), int32(s.umax))
	}
	if crossesZero32(uint64(s.smin), uint64(s.smax)) {
		r.meetSigned(int32(s.smin), int32(s.smax))
	}
	r.shareSigns()
	s.setBounds32(r)
}

// crossesZero32 reports whether from lo to hi the upper half grows by one, or wraps
// to zero, and the signed low half passes zero.
func crossesZero32(lo, hi uint64) bool {
	return uint32(lo>>32)+1 == uint32(hi>>32) && int32(lo) < 0 && int32(hi) >= 0
}

// kernel: __reg64_deduce_bounds
func (s *Scalar) narrow64() {
	r := s.bounds64()
	r.shareSigns()
	s.setBounds64(r)
}

// narrowMixed narrows the ranges of the whole number by those of the low half:
// whatever the upper half of an end is, the low half obeys its own range.
//
//	u64 [0x1_0000_0000, 0x3_8000_0000] and u32 [1, 0x7fff_ffff]
//	give [0x1_0000_0001, 0x3_7fff_ffff]
//
// kernel: __reg_deduce_mixed_bounds
func (s *Scalar) narrowMixed() {
	lo, hi := uint64(s.u32Min), uint64(s.u32Max)
	s.umin = max(s.umin, s.umin&^lowHalf|lo)
	s.umax = min(s.umax, s.umax&^lowHalf|hi)
	s.smin = max(s.smin, s.smin&^lowHalf|int64(lo))
	s.smax = min(s.smax, s.smax&^lowHalf|int64(hi))

	// Between the least int32 and the greatest uint32 the upper half is all
	// ones or all zeros. All ones would need a negative low half; when the low
	// half is not negative, the whole number is the low half. This is what a
	// sign-extending load leaves behind.
	if s.s32Min >= 0 && s.smin >= math.MinInt32 && s.smax <= math.MaxInt32 {
		s.smin, s.smax = int64(s.s32Min), int64(s.s32Max)
		s.umin, s.umax = uint64(s.smin), uint64(s.smax)
		s.Var = s.Var.Intersect(TnumRange(s.umin, s.umax))
	}
}

// learnBits fixes the bits that the unsigned ranges leave no choice about.
//
// kernel: __reg_bound_offset
func (s *Scalar) learnBits() {
	whole := s.Var.Intersect(TnumRange(s.umin, s.umax))
	low := whole.Subreg().Intersect(TnumRange(uint64(s.u32Min), uint64(s.u32Max)))
	s.Var = whole.ClearSubreg().Or(low)
}

// Violation is a contradiction between the parts of a Scalar. It arises on
// paths no execution takes and the verifier follows all the same.
type Violation uint8

// Violations in the order in which they are looked for.
const (
	Consistent Violation = iota
	ViolationRange
	ViolationConst
	ViolationConst32
)

// String is the kernel log's wording; empty for Consistent.
func (v Violation) String() string {
	switch v {
	case ViolationRange:
		return "range bounds violation"
	case ViolationConst:
		return "const tnum out of sync with range bounds"
	case ViolationConst32:
		return "const subreg tnum out of sync with range bounds"
	}
	return ""
}

// Violation is the first contradiction in s, or Consistent. The kernel
// reports it and then forgets the ranges (MarkUnbounded).
//
// kernel: reg_bounds_sanity_check
func (s *Scalar) Violation() Violation {
	if s.umin > s.umax || s.smin > s.smax || s.u32Min > s.u32Max || s.s32Min > s.s32Max {
		return ViolationRange
	}
	known := Known(s.Var.Value)
	if s.IsConst() && s.bounds64() != known.bounds64() {
		return ViolationConst
	}
	if s.IsConst32() && s.bounds32() != known.bounds32() {
		return ViolationConst32
	}
	return Consistent
}

// SPDX-License-Identifier: GPL-2.0-only

package scalar

import "math"

// ZeroExtend32 clears the upper half, as every 32-bit operation does on the
// machine. The caller syncs.
//
// kernel: zext_32_to_64
func (s *Scalar) ZeroExtend32() {
	s.Var = s.Var.Subreg()
	s.Assign32Into64()
}

// Assign32Into64 replaces the 64-bit ranges by what the 32-bit ranges say of a
// number with a zero upper half. A low half that may be negative says only
// that the number fits 32 bits; the bits may say more on the next Sync.
//
// kernel: __reg_assign_32_into_64
func (s *Scalar) Assign32Into64() {
	s.umin, s.umax = uint64(s.u32Min), uint64(s.u32Max)
	if s.s32Min >= 0 && s.s32Max >= 0 {
		s.smin, s.smax = int64(s.s32Min), int64(s.s32Max)
	} else {
		s.smin, s.smax = 0, math.MaxUint32
	}
}

// CoerceToSize keeps the low size bytes (1, 2 or 4), clears the rest and
// syncs. The unsigned range survives if its ends agree on the bits that go.
//
// kernel: coerce_reg_to_size
func (s *Scalar) CoerceToSize(size int) {
	s.Var = s.Var.Cast(size)
	keep := uint64(1)<<(size*8) - 1
	if s.umin&^keep == s.umax&^keep {
		s.umin &= keep
		s.umax &= keep
	} else {
		s.umin, s.umax = 0, keep
	}
	s.smin, s.smax = int64(s.umin), int64(s.umax)
	if size < 4 {
		s.MarkUnbounded32()
	}
	s.Sync()
}

// CoerceSignExtend64 takes the low size bytes (1, 2 or 4) as a signed number
// of 64 bits. The result is not synced.
//
// kernel: coerce_reg_to_size_sx
func (s *Scalar) CoerceSignExtend64(size int) {
	width := size * 8
	if s.IsConst() {
		s.SetKnown(uint64(signExtend(int64(s.Var.Value), width)))
		return
	}
	if lo, hi, ok := signExtendRange(s.smin, s.smax, width); ok {
		s.smin, s.smax = lo, hi
		s.umin, s.umax = uint64(lo), uint64(hi)
		s.s32Min, s.s32Max = int32(lo), int32(hi)
		s.u32Min, s.u32Max = uint32(lo), uint32(hi)
		s.Var = TnumRange(s.umin, s.umax)
		return
	}
	s.SetUnknown()
	s.smin, s.smax = signedRange(width)
	s.s32Min, s.s32Max = int32(s.smin), int32(s.smax)
}

// CoerceSignExtend32 takes the low size bytes (1 or 2) as a signed number of
// 32 bits. It leaves the 64-bit ranges alone, and a constant's bits extended
// to 64: the caller zero-extends and syncs.
//
// kernel: coerce_subreg_to_size_sx
func (s *Scalar) CoerceSignExtend32(size int) {
	width := size * 8
	if s.IsConst() {
		v := signExtend(int64(s.Var.Value), width)
		s.Var = ConstTnum(uint64(v))
		s.s32Min, s.s32Max = int32(v), int32(v)
		s.u32Min, s.u32Max = uint32(v), uint32(v)
		return
	}
	if lo, hi, ok := signExtendRange(int64(s.s32Min), int64(s.s32Max), width); ok {
		s.s32Min, s.s32Max = int32(lo), int32(hi)
		s.u32Min, s.u32Max = uint32(lo), uint32(hi)
		s.Var = TnumRange(uint64(lo), uint64(hi)).Subreg()
		return
	}
	lo, hi := signedRange(width)
	s.s32Min, s.s32Max = int32(lo), int32(hi)
	s.u32Min, s.u32Max = 0, math.MaxUint32
	s.Var = TnumUnknown.Subreg()
}

// signExtend reads the low width bits of v as a signed number.
func signExtend(v int64, width int) int64 {
	shift := 64 - width
	return v << shift >> shift
}

// signedRange is the signed numbers of width bits.
func signedRange(width int) (lo, hi int64) {
	half := int64(1) << (width - 1)
	return -half, half - 1
}

// signExtendRange extends both ends of [lo, hi]. That is the range of the
// extended numbers only if the ends agree on the bits that are overwritten and
// end up with the same sign; otherwise numbers in between extend to others
// outside: of [0x7f, 0x80], one byte, 127 and -128.
func signExtendRange(lo, hi int64, width int) (newLo, newHi int64, ok bool) {
	if lo>>width != hi>>width {
		return 0, 0, false
	}
	lo, hi = signExtend(lo, width), signExtend(hi, width)
	lo, hi = min(lo, hi), max(lo, hi)
	return lo, hi, (lo >= 0) == (hi >= 0)
}

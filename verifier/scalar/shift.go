// SPDX-License-Identifier: GPL-2.0-only

package scalar

import "math"

// shift applies a shift by the certain amount src, which Computable accepted.
// The amounts are masked as the machine masks them; that costs nothing and
// changes nothing for amounts below the width.
func (s *Scalar) shift(op uint8, is64 bool, src *Scalar) {
	if !is64 {
		s.shift32(op, uint8(src.u32Min&31))
		return
	}
	n := uint8(src.umin & 63)
	switch op {
	case opLsh:
		s.lsh64(n)
	case opRsh:
		s.rsh64(n)
	case opArsh:
		s.arsh64(n)
	}
}

// lsh64 keeps an unsigned range unless a set bit may leave at the top. The
// signed range is kept in one case only: the left half of the pair of shifts
// by 32 with which compilers sign-extend, where the low half becomes the upper
// one and keeps its order.
//
// kernel: scalar_min_max_lsh
func (s *Scalar) lsh64(n uint8) {
	r := s.bounds64()
	r.lsh(n, 63)
	if n == 32 {
		r.smin, r.smax = int64(s.s32Min)<<32, int64(s.s32Max)<<32
	}
	s.setBounds64(r)

	low := s.bounds32()
	low.lsh(n, 31)
	s.setBounds32(low)

	s.Var = s.Var.Lsh(n)
	s.learnFromBits()
}

// lsh shifts the ranges of a number whose top bit is bit top.
//
// kernel: __scalar64_min_max_lsh, __scalar32_min_max_lsh
func (r *bounds[S, U]) lsh(n, top uint8) {
	r.forgetSigned()
	if n > top || r.umax > U(1)<<(top-n) {
		r.forgetUnsigned()
		return
	}
	r.umin <<= n
	r.umax <<= n
}

// rsh64 forgets the signed range: a negative number becomes positive unless
// the amount is zero, and either way the unsigned range or the bits will show it.
// The low half receives bits from above, so its ranges come from the bits.
//
// kernel: scalar_min_max_rsh
func (s *Scalar) rsh64(n uint8) {
	s.smin, s.smax = math.MinInt64, math.MaxInt64
	s.umin >>= n
	s.umax >>= n
	s.Var = s.Var.Rsh(n)
	s.MarkUnbounded32()
	s.learnFromBits()
}

// arsh64 keeps the signed range, which it shifts in order, and leaves the
// unsigned one to the bits.
//
// kernel: scalar_min_max_arsh
func (s *Scalar) arsh64(n uint8) {
	s.smin >>= n
	s.smax >>= n
	s.umin, s.umax = 0, math.MaxUint64
	s.Var = s.Var.Arsh(n, 64)
	s.MarkUnbounded32()
	s.learnFromBits()
}

// shift32 forgets the 64-bit ranges: the upper half will be cleared, and the
// caller's zero extension restores them from the low half.
//
// kernel: scalar32_min_max_lsh, scalar32_min_max_rsh, scalar32_min_max_arsh
func (s *Scalar) shift32(op uint8, n uint8) {
	r := s.bounds32()
	low := s.Var.Subreg()
	switch op {
	case opLsh:
		r.lsh(n, 31)
		s.Var = low.Lsh(n).Subreg()
	case opRsh:
		r.forgetSigned()
		r.umin >>= n
		r.umax >>= n
		s.Var = low.Rsh(n)
	case opArsh:
		r.smin >>= n
		r.smax >>= n
		r.forgetUnsigned()
		s.Var = low.Arsh(n, 32)
	}
	s.setBounds32(r)
	s.MarkUnbounded64()
	s.learnFromBits32()
}

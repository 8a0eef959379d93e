// SPDX-License-Identifier: GPL-2.0-only

package scalar

// Operations of arithmetic instructions, numbered as in the instruction. This
// package imports nothing, so they are named here again.
const (
	opAdd  = 0x00
	opSub  = 0x10
	opMul  = 0x20
	opOr   = 0x40
	opAnd  = 0x50
	opLsh  = 0x60
	opRsh  = 0x70
	opNeg  = 0x80
	opXor  = 0xa0
	opArsh = 0xc0
)

// Apply makes dst the results of dst op src, and syncs. A 32-bit operation
// (is64 false) works on the low halves and clears the upper one. Division,
// remainder and shifts by an unsafe or uncertain amount (see Computable) leave
// nothing known, not even a clear upper half.
//
// For AND and OR by a constant, a caller that models the kernel asks
// ForkWidth first. Where the kernel marks the result a constant, or unknown, it
// also drops the register's identity; in practice callers drop it for every
// operation but a constant addition. Moves and byte swaps are elsewhere
// (extend.go, ByteSwap).
//
// kernel: adjust_scalar_min_max_vals
func Apply(op uint8, is64 bool, dst *Scalar, src Scalar) {
	if !Computable(op, is64, &src) {
		dst.SetUnknown()
		return
	}
	switch op {
	case opAdd:
		dst.Add(&src)
	case opSub:
		dst.sub(&src)
	case opNeg:
		src = *dst
		dst.SetKnown(0)
		dst.sub(&src)
	case opMul:
		dst.mul(&src)
	case opAnd, opOr, opXor:
		dst.bitwise(op, &src)
	default:
		dst.shift(op, is64, &src)
	}
	if !is64 {
		dst.ZeroExtend32()
	}
	dst.Sync()
}

// Computable reports whether the result of op with the operand src is tracked. For
// shifts the amount must be one certain number below the width; a 32-bit shift
// whose register has uncertain upper bits fails too, though the machine
// ignores them.
//
// kernel: is_safe_to_compute_dst_reg_range
func Computable(op uint8, is64 bool, src *Scalar) bool {
	switch op {
	case opAdd, opSub, opNeg, opAnd, opXor, opOr, opMul:
		return true
	case opLsh, opRsh, opArsh:
		if is64 {
			return src.IsConst() && src.smin == src.smax && src.umin == src.umax && src.umax < 64
		}
		return src.IsConst32() && src.s32Min == src.s32Max && src.u32Min == src.u32Max && src.umax < 32
	}
	return false
}

// Width is the part of a register a statement is about.
type Width uint8

// Widths of ForkWidth.
const (
	NoWidth Width = iota
	Width32
	Width64
)

// ForkWidth reports whether s is exactly the range [-1, 0], and at which width.
// Compilers turn a condition into such a mask; the kernel then follows both
// numbers apart before AND or OR with a constant, 0 (SetKnown, SetKnown32) on
// a path it returns to later and -1 on the present one.
//
// kernel: maybe_fork_scalars
func (s *Scalar) ForkWidth() Width {
	switch {
	case s.smin == -1 && s.smax == 0:
		return Width64
	case s.s32Min == -1 && s.s32Max == 0:
		return Width32
	}
	return NoWidth
}

// Add makes s the sums of both, in both widths, without Sync.
//
// kernel: scalar32_min_max_add, scalar_min_max_add, tnum_add
func (s *Scalar) Add(b *Scalar) {
	r32, r64 := s.bounds32(), s.bounds64()
	r32.add(b.bounds32())
	r64.add(b.bounds64())
	s.setBounds32(r32)
	s.setBounds64(r64)
	s.Var = s.Var.Add(b.Var)
}

func (s *Scalar) sub(b *Scalar) {
	r32, r64 := s.bounds32(), s.bounds64()
	r32.sub(b.bounds32())
	r64.sub(b.bounds64())
	s.setBounds32(r32)
	s.setBounds64(r64)
	s.Var = s.Var.Sub(b.Var)
}

func (s *Scalar) mul(b *Scalar) {
	r32, r64 := s.bounds32(), s.bounds64()
	r32.mul(b.bounds32())
	r64.mul(b.bounds64())
	s.setBounds32(r32)
	s.setBounds64(r64)
	s.Var = s.Var.Mul(b.Var)
}

// bitwise computes the bits first; the ranges follow from them and, where the
// operation is monotone, from the operands' ranges.
func (s *Scalar) bitwise(op uint8, b *Scalar) {
	switch op {
	case opAnd:
		s.Var = s.Var.And(b.Var)
	case opOr:
		s.Var = s.Var.Or(b.Var)
	default:
		s.Var = s.Var.Xor(b.Var)
	}
	if b.IsConst32() && s.IsConst32() {
		s.SetKnown32(s.Value32())
	} else {
		r := s.bounds32()
		r.bitwise(op, uint32(s.Var.Value), uint32(s.Var.Mask), b.bounds32())
		s.setBounds32(r)
	}
	if b.IsConst() && s.IsConst() {
		s.SetKnown(s.Value())
		return
	}
	r := s.bounds64()
	r.bitwise(op, s.Var.Value, s.Var.Mask, b.bounds64())
	s.setBounds64(r)
	s.learnFromBits()
}

// bitwise takes the bits of the result. x&y exceeds neither operand, x|y is
// below neither; the other end, and both of x^y, come from the bits.
//
// kernel: scalar_min_max_and, scalar_min_max_or, scalar_min_max_xor and their
// 32-bit forms
func (r *bounds[S, U]) bitwise(op uint8, value, mask U, b bounds[S, U]) {
	switch op {
	case opAnd:
		r.umin, r.umax = value, min(r.umax, b.umax)
	case opOr:
		r.umin, r.umax = max(r.umin, b.umin), value|mask
	default:
		r.umin, r.umax = value, value|mask
	}
	r.signedFromUnsigned()
}

// ByteSwap is the endianness instruction on the low width bits (16, 32 or 64),
// which clears the bits above them, and syncs. With swap false the bytes are
// in the wanted order already and are only cut. It reports whether dst ceases
// to be the same number, so that the caller drops the register's identity.
//
// kernel: scalar_byte_swap
func ByteSwap(dst *Scalar, width int, swap bool) (changed bool) {
	if swap {
		switch width {
		case 16:
			dst.Var = dst.Var.Bswap16()
		case 32:
			dst.Var = dst.Var.Bswap32()
		case 64:
			dst.Var = dst.Var.Bswap64()
		}
		dst.MarkUnbounded()
	}
	if width != 64 {
		dst.CoerceToSize(width / 8)
	}
	dst.Sync()
	return swap || width != 64
}

// AddOffset is the variable part of a pointer, base, after adding off, without
// Sync. Unlike Add it forgets the unsigned range on any overflow, and pointers
// carry no 32-bit ranges.
//
// kernel: adjust_ptr_min_max_vals, addition of a variable offset
func AddOffset(base, off *Scalar) Scalar {
	r, o := base.bounds64(), off.bounds64()
	over := r.umin+o.umin < o.umin || r.umax+o.umax < o.umax
	r.add(o)
	if over {
		r.forgetUnsigned()
	}
	return pointerOffset(base.Var.Add(off.Var), r)
}

// SubOffset is the variable part of a pointer, base, after subtracting off,
// without Sync.
//
// kernel: adjust_ptr_min_max_vals, subtraction of a variable offset
func SubOffset(base, off *Scalar) Scalar {
	r, o := base.bounds64(), off.bounds64()
	borrow := r.umin < o.umax
	r.sub(o)
	if borrow {
		r.forgetUnsigned()
	}
	return pointerOffset(base.Var.Sub(off.Var), r)
}

func pointerOffset(bits Tnum, r bounds[int64, uint64]) Scalar {
	s := Scalar{Var: bits}
	s.setBounds64(r)
	s.MarkUnbounded32()
	return s
}

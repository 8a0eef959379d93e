// SPDX-License-Identifier: GPL-2.0-only

package scalar

import (
	"math/bits"
	"strconv"
)

// Tnum is a set of 64-bit numbers described bit by bit: a set bit of Mask is
// unknown, any other bit is as in Value. A well-formed Tnum has no bit set in
// both. Its members run from Value (the least) to Value|Mask (the greatest).
type Tnum struct {
	Value, Mask uint64
}

// TnumUnknown is the set of all 64-bit numbers.
var TnumUnknown = Tnum{Mask: ^uint64(0)}

// ConstTnum is the set holding v alone.
func ConstTnum(v uint64) Tnum { return Tnum{Value: v} }

// TnumRange is the smallest Tnum that holds every number of [min, max]: the
// bits above the highest one in which the two ends differ are certain.
//
// kernel: tnum_range
func TnumRange(min, max uint64) Tnum {
	differing := bits.Len64(min ^ max)
	if differing == 64 {
		return TnumUnknown
	}
	low := uint64(1)<<differing - 1
	return Tnum{Value: min &^ low, Mask: low}
}

// IsConst reports whether all bits are certain.
func (a Tnum) IsConst() bool { return a.Mask == 0 }

// IsUnknown reports whether no bit is certain.
func (a Tnum) IsUnknown() bool { return a.Mask == ^uint64(0) }

// IsConstSubreg reports whether the low 32 bits are certain.
//
// kernel: tnum_subreg_is_const
func (a Tnum) IsConstSubreg() bool { return uint32(a.Mask) == 0 }

// Equals reports whether v is the only member.
//
// kernel: tnum_equals_const
func (a Tnum) Equals(v uint64) bool { return a.Mask == 0 && a.Value == v }

// Max is the greatest member.
func (a Tnum) Max() uint64 { return a.Value | a.Mask }

// Add is the sums of a member of a and one of b. A carry is certain only where
// the least and the greatest sum agree on it, so the bits in which those two
// sums differ become unknown.
//
// kernel: tnum_add
func (a Tnum) Add(b Tnum) Tnum {
	least := a.Value + b.Value
	greatest := least + a.Mask + b.Mask
	unknown := (least ^ greatest) | a.Mask | b.Mask
	return Tnum{Value: least &^ unknown, Mask: unknown}
}

// Sub is the differences of a member of a and one of b; borrows as carries in
// Add.
//
// kernel: tnum_sub
func (a Tnum) Sub(b Tnum) Tnum {
	known := a.Value - b.Value
	unknown := ((known + a.Mask) ^ (known - b.Mask)) | a.Mask | b.Mask
	return Tnum{Value: known &^ unknown, Mask: unknown}
}

// Neg is the members of a negated.
//
// kernel: tnum_neg
func (a Tnum) Neg() Tnum { return Tnum{}.Sub(a) }

// And is the bitwise conjunctions.
//
// kernel: tnum_and
func (a Tnum) And(b Tnum) Tnum {
	ones := a.Value & b.Value
	return Tnum{Value: ones, Mask: a.Max() & b.Max() &^ ones}
}

// Or is the bitwise disjunctions.
//
// kernel: tnum_or
func (a Tnum) Or(b Tnum) Tnum {
	ones := a.Value | b.Value
	return Tnum{Value: ones, Mask: (a.Mask | b.Mask) &^ ones}
}

// Xor is the bitwise exclusive disjunctions.
//
// kernel: tnum_xor
func (a Tnum) Xor(b Tnum) Tnum {
	unknown := a.Mask | b.Mask
	return Tnum{Value: (a.Value ^ b.Value) &^ unknown, Mask: unknown}
}

// Mul is the products, by long multiplication over the bits of a. An unknown
// bit of a keeps both sums, with and without the partial product. The result
// depends on the order of the operands.
//
// kernel: tnum_mul
func (a Tnum) Mul(b Tnum) Tnum {
	if a.Mask|b.Mask == 0 {
		return ConstTnum(a.Value * b.Value)
	}
	var sum Tnum
	for a.Value|a.Mask != 0 {
		skip := bits.TrailingZeros64(a.Value | a.Mask)
		a, b = a.Rsh(uint8(skip)), b.Lsh(uint8(skip))
		with := sum.Add(b)
		if a.Value&1 == 0 {
			with = sum.Union(with)
		}
		sum = with
		a, b = a.Rsh(1), b.Lsh(1)
	}
	return sum
}

// Lsh shifts every member left by n (0 to 63).
//
// kernel: tnum_lshift
func (a Tnum) Lsh(n uint8) Tnum {
	return Tnum{Value: a.Value << (n & 63), Mask: a.Mask << (n & 63)}
}

// Rsh shifts every member right by n (0 to 63), filling with zeros.
//
// kernel: tnum_rshift
func (a Tnum) Rsh(n uint8) Tnum {
	return Tnum{Value: a.Value >> (n & 63), Mask: a.Mask >> (n & 63)}
}

// Arsh shifts right by n, filling with the sign bit of a number of the given
// width, 32 or 64 bits. An unknown sign fills the mask. The result of a 32-bit
// shift has a zero upper half.
//
// kernel: tnum_arshift
func (a Tnum) Arsh(n, width uint8) Tnum {
	if width == 32 {
		n &= 31
		return Tnum{
			Value: uint64(uint32(int32(uint32(a.Value)) >> n)),
			Mask:  uint64(uint32(int32(uint32(a.Mask)) >> n)),
		}
	}
	n &= 63
	return Tnum{Value: uint64(int64(a.Value) >> n), Mask: uint64(int64(a.Mask) >> n)}
}

// Bswap16 reverses the low two bytes and clears the rest.
//
// kernel: tnum_bswap16
func (a Tnum) Bswap16() Tnum {
	return Tnum{
		Value: uint64(bits.ReverseBytes16(uint16(a.Value))),
		Mask:  uint64(bits.ReverseBytes16(uint16(a.Mask))),
	}
}

// Bswap32 reverses the low four bytes and clears the rest.
//
// kernel: tnum_bswap32
func (a Tnum) Bswap32() Tnum {
	return Tnum{
		Value: uint64(bits.ReverseBytes32(uint32(a.Value))),
		Mask:  uint64(bits.ReverseBytes32(uint32(a.Mask))),
	}
}

// Bswap64 reverses all eight bytes.
//
// kernel: tnum_bswap64
func (a Tnum) Bswap64() Tnum {
	return Tnum{Value: bits.ReverseBytes64(a.Value), Mask: bits.ReverseBytes64(a.Mask)}
}

// Overlaps reports whether a and b may have a common member: no bit is certain
// in both and different.
//
// kernel: tnum_overlap
func (a Tnum) Overlaps(b Tnum) bool {
	return (a.Value^b.Value)&^(a.Mask|b.Mask) == 0
}

// Intersect is the common members. Where a and b contradict each other there
// is none, and the bit comes out as a certain one.
//
// kernel: tnum_intersect
func (a Tnum) Intersect(b Tnum) Tnum {
	unknown := a.Mask & b.Mask
	return Tnum{Value: (a.Value | b.Value) &^ unknown, Mask: unknown}
}

// Union is the smallest Tnum holding all members of both.
//
// kernel: tnum_union
func (a Tnum) Union(b Tnum) Tnum {
	unknown := (a.Value ^ b.Value) | a.Mask | b.Mask
	return Tnum{Value: a.Value & b.Value &^ unknown, Mask: unknown}
}

// Contains reports whether every member of b is one of a.
//
// kernel: tnum_in
func (a Tnum) Contains(b Tnum) bool {
	return b.Mask&^a.Mask == 0 && b.Value&^a.Mask == a.Value
}

// Has reports whether v is a member.
func (a Tnum) Has(v uint64) bool { return v&^a.Mask == a.Value }

// Cast keeps the low size bytes (1 to 7) and clears the rest.
//
// kernel: tnum_cast
func (a Tnum) Cast(size int) Tnum {
	keep := uint64(1)<<(size*8) - 1
	return Tnum{Value: a.Value & keep, Mask: a.Mask & keep}
}

// Subreg keeps the low 32 bits and clears the rest.
//
// kernel: tnum_subreg
func (a Tnum) Subreg() Tnum {
	return Tnum{Value: uint64(uint32(a.Value)), Mask: uint64(uint32(a.Mask))}
}

// ClearSubreg clears the low 32 bits.
//
// kernel: tnum_clear_subreg
func (a Tnum) ClearSubreg() Tnum {
	return Tnum{Value: a.Value &^ lowHalf, Mask: a.Mask &^ lowHalf}
}

// WithSubreg takes the upper 32 bits of a and the low ones of low.
//
// kernel: tnum_with_subreg
func (a Tnum) WithSubreg(low Tnum) Tnum {
	return a.ClearSubreg().Or(low.Subreg())
}

// ConstSubreg takes the upper 32 bits of a and v as the low ones.
//
// kernel: tnum_const_subreg
func (a Tnum) ConstSubreg(v uint32) Tnum {
	return a.WithSubreg(ConstTnum(uint64(v)))
}

// Aligned reports whether every member is a multiple of size, a power of two; zero
// asks for no alignment.
//
// kernel: tnum_is_aligned
func (a Tnum) Aligned(size uint64) bool {
	return size == 0 || a.Max()&(size-1) == 0
}

// Step is the least member greater than z, or the greatest member if there is
// none.
//
// Only the highest certain bit in which z is not like a member matters:
//
//	member   x 1 x x      z lacks that bit: keep the unknown bits above it
//	z        1 0 1 0      as in z, clear those below.          result 1 1 0 0
//
//	member   x 0 x x      z has it in excess: count one up in the unknown
//	z        0 1 1 0      bits above it, clear those below.    result 1 0 0 0
//
// A z that is a member counts up from its lowest bit.
//
// kernel: tnum_step
func (a Tnum) Step(z uint64) uint64 {
	switch {
	case z >= a.Max():
		return a.Max()
	case z < a.Value:
		return a.Value
	}
	wrong := (z ^ a.Value) &^ a.Mask
	upTo := uint64(1)<<bits.Len64(wrong) - 1
	if z&(upTo-upTo>>1) == 0 && wrong != 0 {
		return a.Value | z&a.Mask&^upTo
	}
	// All ones outside the unknown bits, so that the carry runs across them.
	return a.Value | ((z|^a.Mask|upTo)+1)&a.Mask
}

// String is the kernel log's form: "7", "0x12345" or "(0x0; 0xff)". Constants
// up to 65535 are decimal.
//
// kernel: tnum_strn
func (a Tnum) String() string { return string(a.AppendText(nil)) }

// AppendText appends what String returns.
func (a Tnum) AppendText(b []byte) []byte {
	switch {
	case a.Mask != 0:
		b = strconv.AppendUint(append(b, "(0x"...), a.Value, 16)
		b = strconv.AppendUint(append(b, "; 0x"...), a.Mask, 16)
		return append(b, ')')
	case a.Value <= maxDecimal:
		return strconv.AppendUint(b, a.Value, 10)
	}
	return strconv.AppendUint(append(b, "0x"...), a.Value, 16)
}

const (
	lowHalf    = 0xffff_ffff
	maxDecimal = 0xffff
)

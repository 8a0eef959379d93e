// SPDX-License-Identifier: GPL-2.0-only

package scalar

// bounds is a signed and an unsigned range of the same number, at one width.
// The verifier keeps one for 64 and one for 32 bits; the tests enumerate the
// 8-bit one. A range whose minimum exceeds its maximum is empty: the path is
// dead, though the verifier may not have noticed.
type bounds[S signed, U unsigned] struct {
	smin, smax S
	umin, umax U
}

type signed interface{ int8 | int32 | int64 }

type unsigned interface{ uint8 | uint32 | uint64 }

func signBit[U unsigned]() U { return ^(^U(0) >> 1) }

func unbounded[S signed, U unsigned]() bounds[S, U] {
	sign := signBit[U]()
	return bounds[S, U]{smin: S(sign), smax: S(sign - 1), umin: 0, umax: ^U(0)}
}

func (r *bounds[S, U]) forgetSigned() {
	sign := signBit[U]()
	r.smin, r.smax = S(sign), S(sign-1)
}

func (r *bounds[S, U]) forgetUnsigned() { r.umin, r.umax = 0, ^U(0) }

func (r *bounds[S, U]) meetSigned(lo, hi S) { r.smin, r.smax = max(r.smin, lo), min(r.smax, hi) }

func (r *bounds[S, U]) meetUnsigned(lo, hi U) { r.umin, r.umax = max(r.umin, lo), min(r.umax, hi) }

// meetBits learns from the bits of a Tnum. The least signed member has the
// sign bit set if it may be, and the greatest has it clear if it may be.
//
// kernel: __update_reg32_bounds
func (r *bounds[S, U]) meetBits(value, mask U) {
	sign := signBit[U]()
	r.meetSigned(S(value|mask&sign), S(value|mask&^sign))
	r.meetUnsigned(value, value|mask)
}

// shareSigns lets the signed and the unsigned range learn from each other.
// Both describe one circle, cut at different places:
//
//	unsigned    0 ................ max|min ................ -1
//	signed      0 ................ max|min ................ -1
//	            ^ cut of unsigned     ^ cut of signed
//
// A range that does not contain the other's cut is a range in the other's
// terms too. A signed range that contains the unsigned cut (it runs from
// negative to positive) is two pieces to the unsigned side, one at each end;
// something can be learned if the unsigned range touches only one of them:
//
//	signed      |======]                            [======|
//	unsigned    |   [==================]                   |
//	both        |   [==]                                   |
//
// If it touches both pieces the truth is two ranges, which cannot be written.
//
// kernel: __reg64_deduce_bounds
func (r *bounds[S, U]) shareSigns() {
	if S(r.umin) <= S(r.umax) {
		r.meetSigned(S(r.umin), S(r.umax))
	}
	switch {
	case U(r.smin) <= U(r.smax):
		r.meetUnsigned(U(r.smin), U(r.smax))
	case r.umax < U(r.smin): // only the non-negative piece
		r.smin = S(r.umin)
		r.umax = min(r.umax, U(r.smax))
	case U(r.smax) < r.umin: // only the negative piece
		r.smax = S(r.umax)
		r.umin = max(r.umin, U(r.smin))
	}
}

// signedFromUnsigned replaces the signed range by the unsigned one if that is
// a range in signed terms, and forgets it otherwise.
func (r *bounds[S, U]) signedFromUnsigned() {
	if S(r.umin) <= S(r.umax) {
		r.smin, r.smax = S(r.umin), S(r.umax)
	} else {
		r.forgetSigned()
	}
}

// add leaves the sums. Unsigned sums that all wrap, or all do not, stay a
// range; when only the upper end wraps the sums lie at both ends of the
// number line. The signed ends get no such treatment: any overflow forgets.
//
// kernel: scalar_min_max_add, scalar32_min_max_add
func (r *bounds[S, U]) add(b bounds[S, U]) {
	lo, loOver := addSigned(r.smin, b.smin)
	hi, hiOver := addSigned(r.smax, b.smax)
	r.smin, r.smax = lo, hi
	if loOver || hiOver {
		r.forgetSigned()
	}
	r.umin += b.umin
	r.umax += b.umax
	if r.umin >= b.umin && r.umax < b.umax {
		r.forgetUnsigned()
	}
}

// sub leaves the differences; borrows as overflows in add.
//
// kernel: scalar_min_max_sub, scalar32_min_max_sub
func (r *bounds[S, U]) sub(b bounds[S, U]) {
	lo, loOver := subSigned(r.smin, b.smax)
	hi, hiOver := subSigned(r.smax, b.smin)
	r.smin, r.smax = lo, hi
	if loOver || hiOver {
		r.forgetSigned()
	}
	loBorrow, hiBorrow := r.umin < b.umax, r.umax < b.umin
	r.umin -= b.umax
	r.umax -= b.umin
	if loBorrow && !hiBorrow {
		r.forgetUnsigned()
	}
}

// mul leaves the products. The extreme signed products are at corners of the
// rectangle of the two ranges, but which corner depends on the signs.
//
// kernel: scalar_min_max_mul, scalar32_min_max_mul
func (r *bounds[S, U]) mul(b bounds[S, U]) {
	umax, maxOver := mulUnsigned(r.umax, b.umax)
	umin, minOver := mulUnsigned(r.umin, b.umin)
	r.umin, r.umax = umin, umax
	if maxOver || minOver {
		r.forgetUnsigned()
	}
	p0, over0 := mulSigned(r.smin, b.smin)
	p1, over1 := mulSigned(r.smin, b.smax)
	p2, over2 := mulSigned(r.smax, b.smin)
	p3, over3 := mulSigned(r.smax, b.smax)
	if over0 || over1 || over2 || over3 {
		r.forgetSigned()
		return
	}
	r.smin, r.smax = min(p0, p1, p2, p3), max(p0, p1, p2, p3)
}

func addSigned[S signed](a, b S) (sum S, over bool) {
	sum = a + b
	return sum, (a^sum)&(b^sum) < 0
}

func subSigned[S signed](a, b S) (diff S, over bool) {
	diff = a - b
	return diff, (a^b)&(a^diff) < 0
}

func mulUnsigned[U unsigned](a, b U) (product U, over bool) {
	product = a * b
	return product, b != 0 && product/b != a
}

// mulSigned leaves out -1 from the check by division: the most negative
// number divided by it is itself.
func mulSigned[S signed](a, b S) (product S, over bool) {
	product = a * b
	switch b {
	case 0:
		return product, false
	case -1:
		return product, a != 0 && a == product
	}
	return product, product/b != a
}

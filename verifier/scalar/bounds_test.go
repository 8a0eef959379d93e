// SPDX-License-Identifier: GPL-2.0-only

package scalar

import (
	"math/rand/v2"
	"testing"
)

// bounds8 is the twin of the 32- and 64-bit ranges that can be enumerated: the
// same code at 8 bits.
type bounds8 = bounds[int8, uint8]

func (r *bounds[S, U]) has(v U) bool {
	return r.umin <= v && v <= r.umax && r.smin <= S(v) && S(v) <= r.smax
}

// unsigned8 and signed8 are all ranges of 8 bits, every step-th end.
func unsigned8(step int) (all []bounds8) {
	for lo := 0; lo < 256; lo += step {
		for hi := lo; hi < 256; hi += step {
			r := unbounded[int8, uint8]()
			r.umin, r.umax = uint8(lo), uint8(hi)
			all = append(all, r)
		}
	}
	return all
}

func signed8(step int) (all []bounds8) {
	for lo := -128; lo < 128; lo += step {
		for hi := lo; hi < 128; hi += step {
			r := unbounded[int8, uint8]()
			r.smin, r.smax = int8(lo), int8(hi)
			all = append(all, r)
		}
	}
	return all
}

// TestShareSigns8 meets strided unsigned with strided signed ranges: no number
// may be lost, and members of one sign that have no gap are found exactly.
func TestShareSigns8(t *testing.T) {
	signs := signed8(5)
	for _, u := range unsigned8(5) {
		for _, s := range signs {
			before := u
			before.smin, before.smax = s.smin, s.smax
			after := before
			after.shareSigns()
			after.shareSigns() // the first range to be asked hears back
			var members []uint8
			for v := range 256 {
				if before.has(uint8(v)) {
					members = append(members, uint8(v))
				}
			}
			if len(members) == 0 {
				continue
			}
			lo, hi := members[0], members[len(members)-1]
			if !after.has(lo) || !after.has(hi) {
				t.Fatalf("%+v shares signs as %+v, members are [%d, %d]", before, after, lo, hi)
			}
			if int8(lo) <= int8(hi) && int(hi-lo) == len(members)-1 &&
				after != (bounds8{smin: int8(lo), smax: int8(hi), umin: lo, umax: hi}) {
				t.Fatalf("%+v shares signs as %+v, members are all of [%d, %d]", before, after, lo, hi)
			}
			for _, v := range members {
				if !after.has(v) {
					t.Fatalf("%+v shares signs as %+v, which lacks %d", before, after, v)
				}
			}
		}
	}
}

func TestMeetBits8(t *testing.T) {
	for mask := range 256 {
		for value := range 256 {
			if value&mask != 0 {
				continue
			}
			r := unbounded[int8, uint8]()
			r.meetBits(uint8(value), uint8(mask))
			want := bounds8{smin: 127, smax: -128, umin: 255, umax: 0}
			for v := range 256 {
				if v&^mask == value {
					want.umin, want.umax = min(want.umin, uint8(v)), max(want.umax, uint8(v))
					want.smin, want.smax = min(want.smin, int8(v)), max(want.smax, int8(v))
				}
			}
			if r != want {
				t.Fatalf("bits (%#x; %#x) make %+v, want %+v", value, mask, r, want)
			}
		}
	}
}

// TestArithmetic8 runs the range arithmetic on strided pairs of ranges and all
// their members.
func TestArithmetic8(t *testing.T) {
	operations := []struct {
		name     string
		abstract func(r *bounds8, b bounds8)
		concrete func(x, y uint8) uint8
	}{
		{"add", (*bounds8).add, func(x, y uint8) uint8 { return x + y }},
		{"sub", (*bounds8).sub, func(x, y uint8) uint8 { return x - y }},
		{"mul", (*bounds8).mul, func(x, y uint8) uint8 { return x * y }},
	}
	all := append(unsigned8(37), signed8(37)...)
	for _, op := range operations {
		for _, a := range all {
			for _, b := range all {
				result := a
				op.abstract(&result, b)
				for x := range 256 {
					if !a.has(uint8(x)) {
						continue
					}
					for y := range 256 {
						if b.has(uint8(y)) && !result.has(op.concrete(uint8(x), uint8(y))) {
							t.Fatalf("%+v %s %+v = %+v lacks %d %s %d", a, op.name, b, result, x, op.name, y)
						}
					}
				}
			}
		}
	}
}

// TestLsh8 enumerates all unsigned ranges and amounts.
func TestLsh8(t *testing.T) {
	for _, a := range unsigned8(5) {
		for n := range uint8(8) {
			r := a
			r.lsh(n, 7)
			for v := int(a.umin); v <= int(a.umax); v++ {
				if !r.has(uint8(v) << n) {
					t.Fatalf("%+v << %d = %+v lacks that of %d", a, n, r, v)
				}
			}
		}
	}
}

// TestBitwise8 takes bits that fit the ranges at random.
func TestBitwise8(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 8))
	for range 200000 {
		x, y := uint8(rng.Uint32()), uint8(rng.Uint32())
		mx, my := uint8(rng.Uint32()), uint8(rng.Uint32())
		a, b := unbounded[int8, uint8](), unbounded[int8, uint8]()
		a.meetBits(x&^mx, mx)
		b.meetBits(y&^my, my)
		for op, v := range map[uint8]uint8{opAnd: x & y, opOr: x | y, opXor: x ^ y} {
			ta, tb := Tnum{uint64(x &^ mx), uint64(mx)}, Tnum{uint64(y &^ my), uint64(my)}
			bits := map[uint8]Tnum{opAnd: ta.And(tb), opOr: ta.Or(tb), opXor: ta.Xor(tb)}[op]
			r := a
			r.bitwise(op, uint8(bits.Value), uint8(bits.Mask), b)
			if !r.has(v) {
				t.Fatalf("%+v op %#x %+v = %+v lacks %d", a, op, b, r, v)
			}
		}
	}
}

func TestOverflowDetection8(t *testing.T) {
	for x := -128; x < 128; x++ {
		for y := -128; y < 128; y++ {
			_, add := addSigned(int8(x), int8(y))
			_, sub := subSigned(int8(x), int8(y))
			_, mul := mulSigned(int8(x), int8(y))
			_, umul := mulUnsigned(uint8(x), uint8(y))
			fits := func(v int) bool { return v >= -128 && v < 128 }
			if add == fits(x+y) || sub == fits(x-y) || mul == fits(x*y) ||
				umul == (int(uint8(x))*int(uint8(y)) < 256) {
				t.Fatalf("overflow of %d and %d: add %v sub %v mul %v unsigned mul %v", x, y, add, sub, mul, umul)
			}
		}
	}
}

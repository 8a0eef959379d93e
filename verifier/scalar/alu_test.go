// SPDX-License-Identifier: GPL-2.0-only

package scalar

import (
	"math"
	"math/bits"
	"testing"
)

const (
	opDiv = 0x30
	opMod = 0x90
)

var aluOps = []uint8{opAdd, opSub, opMul, opDiv, opOr, opAnd, opLsh, opRsh, opNeg, opMod, opXor, opArsh}

// execute is what the machine does.
func execute(op uint8, is64 bool, x, y uint64) uint64 {
	if !is64 {
		return uint64(execute32(op, uint32(x), uint32(y)))
	}
	switch op {
	case opAdd:
		return x + y
	case opSub:
		return x - y
	case opMul:
		return x * y
	case opDiv:
		if y == 0 {
			return 0
		}
		return x / y
	case opMod:
		if y == 0 {
			return x
		}
		return x % y
	case opOr:
		return x | y
	case opAnd:
		return x & y
	case opXor:
		return x ^ y
	case opLsh:
		return x << (y & 63)
	case opRsh:
		return x >> (y & 63)
	case opArsh:
		return uint64(int64(x) >> (y & 63))
	}
	return -x
}

func execute32(op uint8, x, y uint32) uint32 {
	switch op {
	case opLsh:
		return x << (y & 31)
	case opRsh:
		return x >> (y & 31)
	case opArsh:
		return uint32(int32(x) >> (y & 31))
	}
	return uint32(execute(op, true, uint64(x), uint64(y)))
}

// checkALU checks that the abstract result holds the concrete one.
func checkALU(t testing.TB, op uint8, is64 bool, a, b Scalar, x, y uint64) {
	t.Helper()
	result := a
	Apply(op, is64, &result, b)
	if want := execute(op, is64, x, y); !result.Has(want) {
		t.Fatalf("op %#x is64=%v\na %+v has %#x\nb %+v has %#x\n= %+v lacks %#x", op, is64, a, x, b, y, result, want)
	}
}

// smallScalars is every set of numbers near base that bits or one range
// describe, with their members.
func smallScalars(base uint64) (all []Scalar) {
	const width = 3
	for _, bits := range smallTnums(width, 0) {
		s := Unknown()
		s.Var = ConstTnum(base).Or(bits)
		all = append(all, s)
	}
	for lo := range uint64(1) << width {
		for hi := lo; hi < 1<<width; hi++ {
			s := Unknown()
			if first, last := base+lo-4, base+hi-4; int64(first) <= int64(last) {
				s.smin, s.smax = int64(first), int64(last)
			} else {
				s.umin, s.umax = first, last
			}
			all = append(all, s)
		}
	}
	for i := range all {
		all[i].Sync()
	}
	return all
}

func smallMembers(s *Scalar, base uint64) (all []uint64) {
	for v := base - 4; v != base+8; v++ {
		if s.Has(v) {
			all = append(all, v)
		}
	}
	return all
}

// TestApplySmall runs every operation on all pairs of small sets near the
// places where a sign or a half begins, with all their members.
func TestApplySmall(t *testing.T) {
	places := []uint64{0, 1 << 31, 1 << 32, 1 << 63}
	for _, place := range places {
		as, bs := smallScalars(place), smallScalars(0)
		for _, a := range as {
			xs := smallMembers(&a, place)
			for _, b := range bs {
				ys := smallMembers(&b, 0)
				for _, op := range aluOps {
					for _, is64 := range []bool{false, true} {
						result := a
						Apply(op, is64, &result, b)
						for _, x := range xs {
							for _, y := range ys {
								if want := execute(op, is64, x, y); !result.Has(want) {
									checkALU(t, op, is64, a, b, x, y)
								}
							}
						}
					}
				}
			}
		}
	}
}

func TestApplyRandom(t *testing.T) {
	g := newGenerator(4)
	for range 100000 {
		a, x := g.scalar()
		b, y := g.scalar()
		for _, op := range aluOps {
			if (op == opLsh || op == opRsh || op == opArsh) && g.IntN(4) != 0 {
				n := g.Uint64() % 64
				checkALU(t, op, true, a, Known(n), x, n)
				checkALU(t, op, false, a, Known(n%32), x, n%32)
				continue
			}
			checkALU(t, op, true, a, b, x, y)
			checkALU(t, op, false, a, b, x, y)
		}
	}
}

func TestByteSwap(t *testing.T) {
	g := newGenerator(5)
	for range 20000 {
		a, x := g.scalar()
		for width, swapped := range map[int]uint64{
			16: uint64(bits.ReverseBytes16(uint16(x))),
			32: uint64(bits.ReverseBytes32(uint32(x))),
			64: bits.ReverseBytes64(x),
		} {
			r := a
			if !ByteSwap(&r, width, true) || !r.Has(swapped) {
				t.Fatalf("swap of %d bits: %+v of %+v lacks %#x", width, r, a, swapped)
			}
			r = a
			if changed := ByteSwap(&r, width, false); changed != (width != 64) || !r.Has(x<<(64-width)>>(64-width)) {
				t.Fatalf("cut to %d bits: %+v of %+v lacks that of %#x", width, r, a, x)
			}
		}
	}
}

func TestPointerOffsets(t *testing.T) {
	g := newGenerator(6)
	for range 100000 {
		a, x := g.scalar()
		b, y := g.scalar()
		sum, diff := AddOffset(&a, &b), SubOffset(&a, &b)
		sum.Sync()
		diff.Sync()
		if !sum.Has(x+y) || !diff.Has(x-y) {
			t.Fatalf("offsets %+v has %#x, %+v has %#x: sum %+v, difference %+v", a, x, b, y, sum, diff)
		}
	}
	// Where both ends wrap, a pointer forgets what a number keeps.
	high, far := Known(math.MaxUint64-1), Known(7)
	high.smin, high.smax = math.MinInt64, math.MaxInt64
	if sum := AddOffset(&high, &far); sum.umin != 0 || sum.umax != math.MaxUint64 {
		t.Errorf("wrapped pointer offset keeps [%#x, %#x]", sum.umin, sum.umax)
	}
	high.Add(&far)
	if high.umin != 5 || high.umax != 5 {
		t.Errorf("wrapped sum is [%#x, %#x], want 5", high.umin, high.umax)
	}
}

func TestForkWidth(t *testing.T) {
	mask := Unknown()
	mask.smin, mask.smax = -1, 0
	mask.Sync()
	low := mask
	low.ZeroExtend32()
	low.Sync()
	number := Known(3)
	for _, c := range []struct {
		s    Scalar
		want Width
	}{{mask, Width64}, {low, Width32}, {number, NoWidth}} {
		if got := c.s.ForkWidth(); got != c.want {
			t.Errorf("ForkWidth(%+v) = %d, want %d", c.s, got, c.want)
		}
	}
}

func TestUncomputable(t *testing.T) {
	amount := Unknown()
	amount.umax = 5
	amount.Sync()
	for _, c := range []struct {
		op   uint8
		is64 bool
		src  Scalar
	}{
		{opDiv, true, Known(2)},
		{opMod, false, Known(2)},
		{opLsh, true, Known(64)},
		{opRsh, false, Known(32)},
		{opArsh, true, amount},
		{opLsh, false, Known(1<<32 + 1)},
	} {
		got := Known(1)
		if Apply(c.op, c.is64, &got, c.src); got != Unknown() {
			t.Errorf("op %#x is64=%v leaves %+v, want all numbers", c.op, c.is64, got)
		}
	}
}

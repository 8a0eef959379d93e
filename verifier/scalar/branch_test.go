// SPDX-License-Identifier: GPL-2.0-only

package scalar

import "testing"

var jumpOps = []uint8{opJeq, opJne, opJset, opJgt, opJge, opJlt, opJle, opJsgt, opJsge, opJslt, opJsle}

// holds is what the machine does.
func holds(op uint8, is32 bool, x, y uint64) bool {
	sx, sy := int64(x), int64(y)
	if is32 {
		x, y = uint64(uint32(x)), uint64(uint32(y))
		sx, sy = int64(int32(x)), int64(int32(y))
	}
	switch op {
	case opJeq:
		return x == y
	case opJne:
		return x != y
	case opJset:
		return x&y != 0
	case NotJset:
		return x&y == 0
	case opJgt:
		return x > y
	case opJge:
		return x >= y
	case opJlt:
		return x < y
	case opJle:
		return x <= y
	case opJsgt:
		return sx > sy
	case opJsge:
		return sx >= sy
	case opJslt:
		return sx < sy
	}
	return sx <= sy
}

// checkBranch checks the prediction, and that the side on which the pair goes
// still has both numbers.
func checkBranch(t testing.TB, op uint8, is32 bool, a, b Scalar, x, y uint64) {
	t.Helper()
	holding := op
	switch predicted := BranchTaken(&a, &b, op, is32); {
	case !holds(op, is32, x, y):
		holding = RevOp(op)
		if predicted == Taken {
			t.Fatalf("op %#x is32=%v predicted taken\na %+v has %#x\nb %+v has %#x", op, is32, a, x, b, y)
		}
	case predicted == NotTaken:
		t.Fatalf("op %#x is32=%v predicted not taken\na %+v has %#x\nb %+v has %#x", op, is32, a, x, b, y)
	}
	ra, rb := a, b
	Refine(&ra, &rb, holding, is32)
	ra.Sync()
	rb.Sync()
	if !ra.Has(x) || !rb.Has(y) {
		t.Fatalf("op %#x is32=%v\na %+v has %#x\nb %+v has %#x\na %+v\nb %+v", holding, is32, a, x, b, y, ra, rb)
	}
	if ra.Violation() != Consistent || rb.Violation() != Consistent {
		t.Fatalf("op %#x is32=%v contradicts itself on a path taken\na %+v\nb %+v", holding, is32, ra, rb)
	}
}

func TestBranchSmall(t *testing.T) {
	for _, place := range []uint64{0, 1 << 31, 1 << 32, 1 << 63} {
		bs := smallScalars(place)
		for _, a := range bs {
			xs := smallMembers(&a, place)
			for i := 0; i < len(bs); i += 3 {
				b := bs[i]
				ys := smallMembers(&b, place)
				for _, op := range jumpOps {
					for _, is32 := range []bool{false, true} {
						for _, x := range xs {
							for _, y := range ys {
								checkBranch(t, op, is32, a, b, x, y)
							}
						}
					}
				}
			}
		}
	}
}

func TestBranchRandom(t *testing.T) {
	g := newGenerator(7)
	for range 100000 {
		a, x := g.scalar()
		b, y := g.scalar()
		if g.IntN(3) == 0 {
			b, y = a, x
		}
		for _, op := range jumpOps {
			checkBranch(t, op, false, a, b, x, y)
			checkBranch(t, op, true, a, b, x, y)
		}
	}
}

// TestBranchExact has what prediction must see, not only may.
func TestBranchExact(t *testing.T) {
	small, big := Unknown(), Unknown()
	small.umax = 9
	big.umin = 10
	small.Sync()
	big.Sync()
	odd := Unknown()
	odd.Var = Tnum{Value: 1, Mask: ^uint64(1)}
	odd.Sync()
	one, two := Known(1), Known(2)
	for _, c := range []struct {
		a, b *Scalar
		op   uint8
		want int
	}{
		{&small, &big, opJlt, Taken},
		{&small, &big, opJge, NotTaken},
		{&big, &small, opJgt, Taken},
		{&small, &big, opJne, Taken},
		{&small, &big, opJslt, MayBeTaken},
		{&odd, &two, opJeq, NotTaken},
		{&odd, &one, opJset, Taken},
		{&one, &odd, opJset, Taken},
		{&odd, &two, opJset, MayBeTaken},
		{&odd, &small, opJset, MayBeTaken},
		{&one, &one, opJeq, Taken},
		{&one, &two, opJne, Taken},
	} {
		if got := BranchTaken(c.a, c.b, c.op, false); got != c.want {
			t.Errorf("BranchTaken(%+v, %+v, %#x) = %d, want %d", *c.a, *c.b, c.op, got, c.want)
		}
	}
}

// TestOpposites checks both tables against the machine.
func TestOpposites(t *testing.T) {
	for _, op := range append(jumpOps, NotJset) {
		if RevOp(RevOp(op)) != op {
			t.Errorf("RevOp(RevOp(%#x)) = %#x", op, RevOp(RevOp(op)))
		}
		for _, x := range corners {
			for _, y := range corners {
				if holds(op, false, x, y) == holds(RevOp(op), false, x, y) {
					t.Fatalf("RevOp(%#x) = %#x agrees on %#x and %#x", op, RevOp(op), x, y)
				}
				if op != NotJset && holds(op, false, x, y) != holds(FlipOp(op), false, y, x) {
					t.Fatalf("FlipOp(%#x) = %#x is wrong for %#x and %#x", op, FlipOp(op), x, y)
				}
			}
		}
	}
}

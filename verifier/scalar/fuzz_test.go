// SPDX-License-Identifier: GPL-2.0-only

package scalar

import "testing"

// fromFuzz makes two Scalars with a member each out of a fuzzer's numbers: the
// members, and the seed of what is known about them.
func fromFuzz(x, y, seed uint64) (a, b Scalar) {
	g := newGenerator(seed)
	a, b = g.around(x), g.around(y)
	if g.IntN(4) == 0 {
		b = Known(y)
	}
	a.Sync()
	b.Sync()
	return a, b
}

func FuzzScalarALU(f *testing.F) {
	for i, v := range corners {
		f.Add(v, corners[len(corners)-1-i], uint64(i), uint8(i), i%2 == 0)
	}
	f.Fuzz(func(t *testing.T, x, y, seed uint64, op uint8, is64 bool) {
		a, b := fromFuzz(x, y, seed)
		checkALU(t, aluOps[int(op)%len(aluOps)], is64, a, b, x, y)
	})
}

func FuzzScalarBranch(f *testing.F) {
	for i, v := range corners {
		f.Add(v, corners[len(corners)-1-i], uint64(i), uint8(i), i%2 == 0)
	}
	f.Fuzz(func(t *testing.T, x, y, seed uint64, op uint8, is32 bool) {
		a, b := fromFuzz(x, y, seed)
		checkBranch(t, jumpOps[int(op)%len(jumpOps)], is32, a, b, x, y)
	})
}

func TestNoAllocations(t *testing.T) {
	g := newGenerator(10)
	a, _ := g.scalar()
	b, _ := g.scalar()
	if n := testing.AllocsPerRun(100, func() {
		for _, op := range aluOps {
			r, q := a, b
			Apply(op, true, &r, b)
			Apply(op, false, &r, b)
			Refine(&r, &q, opJlt, false)
			BranchTaken(&r, &q, opJeq, true)
			r.CoerceSignExtend64(2)
			r.Sync()
			ByteSwap(&r, 32, true)
		}
	}); n != 0 {
		t.Errorf("%v allocations, want none", n)
	}
}

// benchScalars is a mix of what programs have: constants, unknowns, ranges.
func benchScalars() []Scalar {
	g := newGenerator(11)
	all := make([]Scalar, 256)
	for i := range all {
		all[i], _ = g.scalar()
	}
	return all
}

func BenchmarkSync(b *testing.B) {
	all := benchScalars()
	for i := 0; b.Loop(); i++ {
		s := all[i&255]
		s.umax-- // so that there is something to learn
		s.Sync()
	}
}

func BenchmarkApplyAdd(b *testing.B) {
	all := benchScalars()
	four := Known(4)
	for i := 0; b.Loop(); i++ {
		s := all[i&255]
		Apply(opAdd, true, &s, four)
	}
}

func BenchmarkApplyAndConst(b *testing.B) {
	all := benchScalars()
	mask := Known(0xff)
	for i := 0; b.Loop(); i++ {
		s := all[i&255]
		Apply(opAnd, false, &s, mask)
	}
}

func BenchmarkApplyKnown(b *testing.B) {
	one := Known(1)
	for b.Loop() {
		s := one
		Apply(opAdd, true, &s, one)
	}
}

func BenchmarkApplyMul(b *testing.B) {
	all := benchScalars()
	for i := 0; b.Loop(); i++ {
		s := all[i&255]
		Apply(opMul, true, &s, all[(i+1)&255])
	}
}

func BenchmarkBranch(b *testing.B) {
	all := benchScalars()
	for i := 0; b.Loop(); i++ {
		x, y := all[i&255], all[(i+1)&255]
		if BranchTaken(&x, &y, opJlt, false) == MayBeTaken {
			Refine(&x, &y, opJlt, false)
			x.Sync()
			y.Sync()
		}
	}
}

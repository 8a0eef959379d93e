// SPDX-License-Identifier: GPL-2.0-only

package scalar

import "testing"

// smallTnums is every Tnum of n bits, moved left by shift.
func smallTnums(n, shift int) (all []Tnum) {
	for mask := range uint64(1) << n {
		for value := range uint64(1) << n {
			if value&mask == 0 {
				all = append(all, Tnum{Value: value, Mask: mask}.Lsh(uint8(shift)))
			}
		}
	}
	return all
}

// members is the numbers of a, ascending.
func members(a Tnum) (all []uint64) {
	for v := a.Value; ; v = a.Step(v) {
		all = append(all, v)
		if v == a.Max() {
			return all
		}
	}
}

// tightest is the smallest Tnum of the numbers.
func tightest(numbers []uint64) Tnum {
	t := ConstTnum(numbers[0])
	for _, v := range numbers[1:] {
		t = t.Union(ConstTnum(v))
	}
	return t
}

func TestTnumMembers(t *testing.T) {
	for _, a := range append(smallTnums(4, 0), smallTnums(4, 60)...) {
		got := members(a)
		var want []uint64
		for i := range uint64(16) {
			if v := i << 60; a.Mask>>60 != 0 || a.Value>>60 != 0 {
				if a.Has(v) {
					want = append(want, v)
				}
			} else if a.Has(i) {
				want = append(want, i)
			}
		}
		if len(got) != len(want) {
			t.Fatalf("%v: members %x, want %x", a, got, want)
		}
		for i := range got {
			if got[i] != want[i] {
				t.Fatalf("%v: members %x, want %x", a, got, want)
			}
		}
	}
}

func TestTnumStep(t *testing.T) {
	for _, a := range smallTnums(6, 0) {
		for z := range uint64(66) {
			want := a.Max()
			for v := z + 1; v < 64; v++ {
				if a.Has(v) {
					want = v
					break
				}
			}
			if got := a.Step(z); got != want {
				t.Fatalf("%v.Step(%d) = %d, want %d", a, z, got, want)
			}
		}
	}
}

// TestTnumOperations enumerates all pairs of 4-bit Tnums, at the top and
// across the border of the halves. All operations but Mul are as tight as a
// Tnum can be.
func TestTnumOperations(t *testing.T) {
	operations := []struct {
		name     string
		abstract func(a, b Tnum) Tnum
		concrete func(x, y uint64) uint64
		tight    bool
	}{
		{"Add", Tnum.Add, func(x, y uint64) uint64 { return x + y }, true},
		{"Sub", Tnum.Sub, func(x, y uint64) uint64 { return x - y }, true},
		{"And", Tnum.And, func(x, y uint64) uint64 { return x & y }, true},
		{"Or", Tnum.Or, func(x, y uint64) uint64 { return x | y }, true},
		{"Xor", Tnum.Xor, func(x, y uint64) uint64 { return x ^ y }, true},
		{"Mul", Tnum.Mul, func(x, y uint64) uint64 { return x * y }, false},
	}
	for _, shift := range []int{30, 60} {
		all := smallTnums(4, shift)
		for _, a := range all {
			for _, b := range all {
				for _, op := range operations {
					var results []uint64
					for _, x := range members(a) {
						for _, y := range members(b) {
							results = append(results, op.concrete(x, y))
						}
					}
					got, want := op.abstract(a, b), tightest(results)
					if !got.Contains(want) || op.tight && got != want {
						t.Fatalf("%v.%s(%v) = %v, results make %v", a, op.name, b, got, want)
					}
				}
				checkTnumSets(t, a, b)
			}
		}
	}
}

func checkTnumSets(t *testing.T, a, b Tnum) {
	t.Helper()
	common, within := 0, true
	for _, v := range members(b) {
		if a.Has(v) {
			common++
			if !a.Intersect(b).Has(v) {
				t.Fatalf("%v.Intersect(%v) lacks %#x", a, b, v)
			}
		} else {
			within = false
		}
	}
	if a.Overlaps(b) != (common > 0) {
		t.Fatalf("%v.Overlaps(%v) = %v", a, b, a.Overlaps(b))
	}
	if a.Contains(b) != within {
		t.Fatalf("%v.Contains(%v) = %v", a, b, a.Contains(b))
	}
}

func TestTnumUnary(t *testing.T) {
	g := newGenerator(2)
	for range 20000 {
		mask := g.number()
		a := Tnum{Value: g.number() &^ mask, Mask: mask}
		v := a.Value | g.Uint64()&mask
		n := uint8(g.IntN(64))
		in := func(name string, got Tnum, want uint64) {
			t.Helper()
			if !got.Has(want) || got.Value&got.Mask != 0 {
				t.Fatalf("%v.%s = %v lacks %#x, from %#x", a, name, got, want, v)
			}
		}
		in("Lsh", a.Lsh(n), v<<n)
		in("Rsh", a.Rsh(n), v>>n)
		in("Arsh64", a.Arsh(n, 64), uint64(int64(v)>>n))
		in("Arsh32", a.Arsh(n&31, 32), uint64(uint32(int32(v)>>(n&31))))
		in("Neg", a.Neg(), -v)
		in("Bswap16", a.Bswap16(), v<<8&0xff00|v>>8&0xff)
		in("Bswap64", a.Bswap64().Bswap64(), v)
		in("Bswap32", a.Bswap32(), a.Lsh(32).Bswap64().Value|ConstTnum(v).Lsh(32).Bswap64().Value)
		in("Cast", a.Cast(2), v&0xffff)
		in("Subreg", a.Subreg(), v&lowHalf)
		in("ClearSubreg", a.ClearSubreg(), v&^lowHalf)
		in("ConstSubreg", a.ConstSubreg(7), v&^lowHalf|7)
		if a.Aligned(8) && v%8 != 0 {
			t.Fatalf("%v.Aligned(8) but holds %#x", a, v)
		}
	}
}

func TestTnumRange(t *testing.T) {
	for lo := range uint64(40) {
		for hi := lo; hi < 40; hi++ {
			r := TnumRange(lo, hi)
			for v := lo; v <= hi; v++ {
				if !r.Has(v) {
					t.Fatalf("TnumRange(%d, %d) = %v lacks %d", lo, hi, r, v)
				}
			}
		}
	}
	if r := TnumRange(1, 1<<63); r != TnumUnknown {
		t.Errorf("TnumRange over all bits = %v", r)
	}
}

func TestTnumString(t *testing.T) {
	for _, c := range []struct {
		tnum Tnum
		want string
	}{
		{Tnum{}, "0"},
		{ConstTnum(0xffff), "65535"},
		{ConstTnum(0x10000), "0x10000"},
		{Tnum{Mask: 0xff}, "(0x0; 0xff)"},
		{Tnum{Value: 0x100, Mask: 0xff}, "(0x100; 0xff)"},
		{TnumUnknown, "(0x0; 0xffffffffffffffff)"},
	} {
		if got := c.tnum.String(); got != c.want {
			t.Errorf("String() = %q, want %q", got, c.want)
		}
	}
}

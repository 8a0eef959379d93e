// SPDX-License-Identifier: GPL-2.0-only

package scalar

import "testing"

// TestExtensions checks members of random sets against the machine.
func TestExtensions(t *testing.T) {
	g := newGenerator(9)
	for range 100000 {
		a, x := g.scalar()
		check := func(name string, got Scalar, want uint64) {
			t.Helper()
			got.Sync()
			if !got.Has(want) {
				t.Fatalf("%s of %+v, which has %#x, is %+v and lacks %#x", name, a, x, got, want)
			}
		}
		r := a
		r.ZeroExtend32()
		check("ZeroExtend32", r, uint64(uint32(x)))

		for size, extended := range map[int]int64{1: int64(int8(x)), 2: int64(int16(x)), 4: int64(int32(x))} {
			r = a
			r.CoerceToSize(size)
			check("CoerceToSize", r, x<<(64-8*size)>>(64-8*size))
			r = a
			r.CoerceSignExtend64(size)
			check("CoerceSignExtend64", r, uint64(extended))
			if size < 4 {
				r = a
				r.CoerceSignExtend32(size)
				r.ZeroExtend32()
				check("CoerceSignExtend32", r, uint64(uint32(extended)))
			}
		}
	}
}

// TestSignExtend8 enumerates the ranges of a byte's neighbourhood.
func TestSignExtend8(t *testing.T) {
	for lo := int64(-300); lo < 300; lo += 7 {
		for hi := lo; hi < 300; hi++ {
			newLo, newHi, ok := signExtendRange(lo, hi, 8)
			if !ok {
				continue
			}
			for v := lo; v <= hi; v++ {
				if e := int64(int8(v)); e < newLo || e > newHi {
					t.Fatalf("[%d, %d] extends to [%d, %d], which lacks that of %d", lo, hi, newLo, newHi, v)
				}
			}
		}
	}
}

func TestSignExtendCases(t *testing.T) {
	wide := Unknown()
	wide.CoerceSignExtend64(2)
	if wide.smin != -1<<15 || wide.smax != 1<<15-1 || wide.s32Min != -1<<15 || wide.Var != TnumUnknown {
		t.Errorf("an unknown int16 is %+v", wide)
	}
	minus := Known(0xff)
	minus.CoerceSignExtend64(1)
	if minus != Known(^uint64(0)) {
		t.Errorf("0xff as int8 is %+v", minus)
	}
	low := Known(0x80)
	low.CoerceSignExtend32(1)
	low.ZeroExtend32()
	low.Sync()
	if low != Known(0xffff_ff80) {
		t.Errorf("0x80 as int8 in 32 bits is %+v", low)
	}
}

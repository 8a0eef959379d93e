// SPDX-License-Identifier: GPL-2.0-only

package scalar

import (
	"math"
	"testing"
)

// TestSync has one case for each deduction, and for the order of them.
func TestSync(t *testing.T) {
	for _, c := range []struct {
		name   string
		learn  func(s *Scalar)
		expect func(s *Scalar)
	}{
		{"bits bound the ranges",
			func(s *Scalar) { s.Var = Tnum{Value: 0x100, Mask: 0xfc} },
			func(s *Scalar) {
				s.Var = Tnum{Value: 0x100, Mask: 0xfc}
				s.smin, s.smax, s.umin, s.umax = 0x100, 0x1fc, 0x100, 0x1fc
				s.s32Min, s.s32Max, s.u32Min, s.u32Max = 0x100, 0x1fc, 0x100, 0x1fc
			}},
		{"a range and the bits have one number in common",
			func(s *Scalar) {
				s.Var = Tnum{Value: 3, Mask: 0xf0}
				s.umin, s.umax = 0x14, 0x32
			},
			func(s *Scalar) { s.SetKnown(0x23) }},
		{"the greatest member is the only one in range",
			func(s *Scalar) {
				s.Var = Tnum{Value: 3, Mask: 0xf0}
				s.umin, s.umax = 0xe4, 0xff
			},
			func(s *Scalar) { s.SetKnown(0xf3) }},
		{"the low half passes zero while the upper half grows by one",
			func(s *Scalar) { s.umin, s.umax = 0xffff_fff0_ffff_fff0, 0xffff_fff1_0000_0010 },
			func(s *Scalar) {
				s.umin, s.umax = 0xffff_fff0_ffff_fff0, 0xffff_fff1_0000_0010
				s.smin, s.smax = int64(-0xf_0000_0010), int64(-0xe_ffff_fff0)
				s.s32Min, s.s32Max = -16, 16
				s.Var = TnumRange(s.umin, s.umax)
			}},
		{"the low half bounds the whole",
			func(s *Scalar) {
				s.umin, s.umax = 0x1_0000_0000, 0x3_8000_0000
				s.s32Min = 1
			},
			func(s *Scalar) {
				s.umin, s.umax = 0x1_0000_0001, 0x3_7fff_ffff
				s.smin, s.smax = 0x1_0000_0001, 0x3_7fff_ffff
				s.s32Min, s.u32Min, s.u32Max = 1, 1, math.MaxInt32
				s.Var = Tnum{Mask: 0x3_7fff_ffff}
			}},
		{"a sign-extended number with a low half that is not negative",
			func(s *Scalar) {
				s.smin, s.smax = math.MinInt32, math.MaxInt32
				s.s32Min = 0
			},
			func(s *Scalar) {
				s.smin, s.smax, s.umin, s.umax = 0, math.MaxInt32, 0, math.MaxInt32
				s.s32Min, s.u32Max = 0, math.MaxInt32
				s.Var = Tnum{Mask: math.MaxInt32}
			}},
		{"the third round",
			func(s *Scalar) {
				s.umin, s.umax = 0x7fff_ffff_ffff_fff0, 0x8000_0000_a71e_78ee
				s.u32Max = 0xf928_2924
			},
			func(s *Scalar) {
				s.umin, s.umax = 1<<63, 0x8000_0000_a71e_78ee
				s.smin, s.smax = math.MinInt64, math.MinInt64+0xa71e_78ee
				s.u32Max = 0xa71e_78ee // two rounds leave 0xf928_2924
				s.Var = Tnum{Value: 1 << 63, Mask: lowHalf}
			}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, want := Unknown(), Unknown()
			c.learn(&got)
			got.Sync()
			c.expect(&want)
			if got != want {
				t.Errorf("got  %+v\nwant %+v", got, want)
			}
		})
	}
}

// TestSyncKeepsMembers also checks that Sync never invents facts.
func TestSyncKeepsMembers(t *testing.T) {
	g := newGenerator(8)
	for range 300000 {
		v := g.number()
		s := g.around(v)
		before := s
		s.Sync()
		if !s.Has(v) || s.Violation() != Consistent {
			t.Fatalf("Sync of %+v, which has %#x, is %+v: %v", before, v, s, s.Violation())
		}
	}
}

// TestSettled checks the shortcut at the head of Sync: the long way changes
// nothing either.
func TestSettled(t *testing.T) {
	for _, s := range append([]Scalar{Unknown()}, knownCorners()...) {
		long := s
		long.learnFromBits()
		long.narrow32()
		long.narrow64()
		long.narrowMixed()
		long.learnBits()
		long.learnFromBits()
		if !s.settled() || long != s {
			t.Errorf("Sync of %+v is %+v", s, long)
		}
	}
}

func knownCorners() (all []Scalar) {
	for _, v := range corners {
		all = append(all, Known(v))
	}
	return all
}

func TestViolation(t *testing.T) {
	for _, c := range []struct {
		spoil func(s *Scalar)
		want  Violation
		text  string
	}{
		{func(s *Scalar) {}, Consistent, ""},
		{func(s *Scalar) { s.smin = 8 }, ViolationRange, "range bounds violation"},
		{func(s *Scalar) { s.umin = 6 }, ViolationConst, "const tnum out of sync with range bounds"},
		{func(s *Scalar) { s.s32Min = 6 }, ViolationConst32, "const subreg tnum out of sync with range bounds"},
	} {
		s := Known(7)
		c.spoil(&s)
		if got := s.Violation(); got != c.want || got.String() != c.text {
			t.Errorf("Violation(%+v) = %d %q, want %d %q", s, got, got, c.want, c.text)
		}
		if c.want != Consistent {
			s.MarkUnbounded()
			if !s.IsUnbounded() || s.Var != ConstTnum(7) {
				t.Errorf("MarkUnbounded leaves %+v", s)
			}
		}
	}
}

func TestRangeWithin(t *testing.T) {
	all, seven := Unknown(), Known(7)
	narrow := Unknown()
	narrow.NarrowS32(-3, 9)
	if !RangeWithin(&all, &narrow) || !RangeWithin(&narrow, &seven) || RangeWithin(&seven, &narrow) ||
		RangeWithin(&narrow, &all) {
		t.Errorf("RangeWithin disagrees on %+v", narrow)
	}
	if narrow.smin != -3 || narrow.smax != 9 || narrow.s32Min != -3 || narrow.s32Max != 9 {
		t.Errorf("NarrowS32(-3, 9) leaves %+v", narrow)
	}
}

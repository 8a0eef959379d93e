// SPDX-License-Identifier: GPL-2.0-only

package scalar

import (
	"math/bits"
	"math/rand/v2"
)

// corners are where the deductions change their minds.
var corners = []uint64{
	0, 1, 2, 3, 7, 8, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff,
	0x7fff_fffe, 0x7fff_ffff, 0x8000_0000, 0x8000_0001, 0xffff_fffe, 0xffff_ffff,
	0x1_0000_0000, 0x1_0000_0001, 0x1_7fff_ffff, 0x1_8000_0000, 0x3_8000_0000,
	0x7fff_ffff_ffff_fffe, 0x7fff_ffff_ffff_ffff, 0x8000_0000_0000_0000, 0x8000_0000_0000_0001,
	0xffff_ffff_0000_0000, 0xffff_ffff_7fff_ffff, 0xffff_ffff_8000_0000, 0xffff_ffff_ffff_ff80,
	0xffff_ffff_ffff_fffe, 0xffff_ffff_ffff_ffff, 0xffff_fff0_ffff_fff0, 0xffff_fff1_0000_0010,
}

// generator makes scalars that are likely to matter.
type generator struct{ *rand.Rand }

func newGenerator(seed uint64) generator { return generator{rand.New(rand.NewPCG(seed, 618))} }

func (g generator) number() uint64 {
	switch g.IntN(4) {
	case 0:
		return corners[g.IntN(len(corners))]
	case 1:
		return corners[g.IntN(len(corners))] + uint64(g.IntN(33)) - 16
	case 2:
		return g.Uint64() >> g.IntN(64)
	}
	return bits.RotateLeft64(g.Uint64()>>g.IntN(64), g.IntN(64))
}

// garbage is any Scalar with well-formed bits, contradictions included.
func (g generator) garbage() Scalar {
	mask := g.number()
	return Scalar{
		Var:  Tnum{Value: g.number() &^ mask, Mask: mask},
		smin: int64(g.number()), smax: int64(g.number()),
		umin: g.number(), umax: g.number(),
		s32Min: int32(g.number()), s32Max: int32(g.number()),
		u32Min: uint32(g.number()), u32Max: uint32(g.number()),
	}
}

// around is a Scalar with v as a member: each fact is independently absent,
// tight, or somewhere between. It is not synced.
func (g generator) around(v uint64) Scalar {
	s := Unknown()
	if g.IntN(2) == 0 {
		mask := g.number()
		s.Var = Tnum{Value: v &^ mask, Mask: mask}
	}
	if g.IntN(2) == 0 {
		s.umin, s.umax = v-min(v, g.span()), v+min(^v, g.span())
	}
	if g.IntN(3) == 0 {
		s.smin = int64(v) - int64(min(v^1<<63, g.span()))
		s.smax = int64(v) + int64(min(^v^1<<63, g.span()))
	}
	if low := uint32(v); g.IntN(3) == 0 {
		s.u32Min, s.u32Max = low-min(low, uint32(g.span())), low+min(^low, uint32(g.span()))
	}
	if low := uint32(v); g.IntN(3) == 0 {
		s.s32Min = int32(low) - int32(min(low^1<<31, uint32(g.span())))
		s.s32Max = int32(low) + int32(min(^low^1<<31, uint32(g.span())))
	}
	return s
}

func (g generator) span() uint64 { return g.Uint64() >> g.IntN(65) }

// member is a number of s near a random one, if that is easily found.
func (g generator) member(s *Scalar) (uint64, bool) {
	for range 4 {
		v := g.number()
		if s.umax != ^uint64(0) {
			v = s.umin + v%(s.umax-s.umin+1)
		}
		v = v&s.Var.Mask | s.Var.Value
		if s.Has(v) {
			return v, true
		}
	}
	return 0, false
}

// scalar is a synced Scalar that is sometimes constant, sometimes unknown,
// sometimes contradictory, and one of its members if it surely has one.
func (g generator) scalar() (s Scalar, v uint64) {
	v = g.number()
	switch g.IntN(8) {
	case 0:
		return Known(v), v
	case 1:
		return Unknown(), v
	}
	s = g.around(v)
	s.Sync()
	if g.IntN(3) == 0 { // as after a jump, a helper's return or a linked register
		o := g.around(v)
		Refine(&s, &o, opJeq, g.IntN(2) == 0)
		s.Sync()
	}
	if w, ok := g.member(&s); ok && g.IntN(2) == 0 {
		v = w
	}
	return s, v
}

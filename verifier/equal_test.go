// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"testing"

	"github.com/bpf-lsp/bpf-lsp/verifier/program"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/scalar"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

func TestIDMap(t *testing.T) {
	for _, c := range []struct {
		name  string
		pairs [][2]uint32
		want  bool
	}{
		{"none", [][2]uint32{{0, 0}}, true},
		{"only now", [][2]uint32{{0, 1}}, false},
		{"only then", [][2]uint32{{1, 0}}, false},
		{"renamed", [][2]uint32{{1, 5}, {1, 5}}, true},
		{"split", [][2]uint32{{1, 5}, {1, 6}}, false},
		{"joined", [][2]uint32{{1, 5}, {2, 5}}, false},
	} {
		var m idMap
		got := true
		for _, p := range c.pairs {
			got = got && m.matches(p[0], p[1])
		}
		if got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func TestIDMapScalars(t *testing.T) {
	const far = state.AddConst64
	for _, c := range []struct {
		name  string
		pairs [][2]uint32
		want  bool
	}{
		{"linked now", [][2]uint32{{0, 1}, {0, 1}}, true},
		{"linked then", [][2]uint32{{1, 0}, {1, 0}}, false},
		{"alone then and now", [][2]uint32{{1, 0}, {2, 0}}, true},
		{"same distance", [][2]uint32{{1, 5}, {1 | far, 5 | far}}, true},
		{"distance from another", [][2]uint32{{1, 5}, {1 | far, 6 | far}}, false},
	} {
		m := idMap{fresh: 100}
		got := true
		for _, p := range c.pairs {
			got = got && m.matchesScalar(p[0], p[1])
		}
		if got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func TestCoversReg(t *testing.T) {
	v := newVerifier(&program.Program{}, Options{}, new(workspace))
	precise := func(r state.Reg) state.Reg {
		r.Precise = true
		return r
	}
	linked := func(r state.Reg, id uint32, off int32) state.Reg {
		r.ID, r.Off = id, off
		return r
	}
	packet := func(off, bytes int32) state.Reg {
		r := known(regtype.PtrToPacket, 0)
		r.Off = off
		r.SetPacketRange(bytes)
		return r
	}
	value := func(m state.MapRef, off int32) state.Reg {
		r := known(regtype.PtrToMapValue, 0)
		r.SetMap(m, 0)
		r.Off = off
		return r
	}
	fp := func(depth uint8, off int32) state.Reg {
		r := known(regtype.PtrToStack, 0)
		r.Frame, r.Off = depth, off
		return r
	}
	none := state.Reg{Type: regtype.NotInit, Scalar: scalar.Unknown()}
	one, two := known(regtype.Scalar, 1), known(regtype.Scalar, 2)
	small, wide := between(0, 15), between(0, 255)
	for _, c := range []struct {
		name     string
		old, cur state.Reg
		used     bool // what compareUsed, compareRanges and compareExact say
		ranges   bool
		exact    bool
	}{
		{"unused then", none, one, true, false, false},
		{"unset both", none, none, true, true, true},
		{"unset now", one, none, false, false, false},
		{"same", one, one, true, true, true},
		{"value that did not matter", one, two, true, false, false},
		{"value that mattered", precise(one), two, false, false, false},
		{"narrower", precise(wide), small, true, true, false},
		{"wider", precise(small), wide, false, false, false},
		{"linked now", precise(small), linked(small, 3, 0), true, true, false},
		{"linked then", precise(linked(small, 3, 0)), small, true, true, false},
		{"same distance", precise(linked(small, 3|state.AddConst64, 4)), linked(small, 5|state.AddConst64, 4), true,
			true, true},
		{"other distance", precise(linked(small, 3|state.AddConst64, 4)), linked(small, 5|state.AddConst64, 8), false,
			false, false},
		{"distance of other width", precise(linked(small, 3|state.AddConst64, 4)), linked(small, 5|state.AddConst32, 4),
			false, false, true},
		{"pointer for number", one, value(1, 0), false, false, false},
		{"checked pointer for unchecked", with(value(1, 0), func(r *state.Reg) { r.Type |= regtype.MaybeNull }),
			value(1, 0), false, false, false},
		{"other map", value(1, 0), value(2, 0), false, false, false},
		{"other offset", value(1, 0), value(1, 8), false, false, false},
		{"longer packet", packet(0, 14), packet(0, 34), true, true, false},
		{"shorter packet", packet(0, 34), packet(0, 14), false, false, false},
		{"packet at other offset", packet(0, 14), packet(2, 34), false, false, false},
		{"packet's end", packet(0, -1), packet(0, -2), false, false, false},
		{"stack", fp(0, -8), fp(0, -8), true, true, true},
		{"other slot", fp(0, -8), fp(0, -16), false, false, false},
		{"other frame", fp(0, -8), fp(1, -8), false, false, true},
		{"arena", known(regtype.PtrToArena, 0), known(regtype.PtrToArena, 4), true, true, false},
	} {
		for how, want := range map[comparing]bool{compareUsed: c.used, compareRanges: c.ranges, compareExact: c.exact} {
			v.resetIDMap()
			if got := v.coversReg(&c.old, &c.cur, how); got != want {
				t.Errorf("%s, comparison %d: %v", c.name, how, got)
			}
		}
	}
}

func TestCoversStack(t *testing.T) {
	v := newVerifier(&program.Program{}, Options{}, new(workspace))
	slot := func(r state.Reg, types string) state.Slot {
		s := state.Slot{Spilled: r}
		for i := range s.Bytes {
			switch types[i] {
			case 'm':
				s.Bytes[i] = state.SlotMisc
			case '0':
				s.Bytes[i] = state.SlotZero
			case 'r':
				s.Bytes[i] = state.SlotSpill
			}
		}
		return s
	}
	none := state.Reg{}
	precise := between(0, 15)
	precise.Precise = true
	ctx := known(regtype.PtrToCtx, 0)
	for _, c := range []struct {
		name         string
		old, cur     []state.Slot
		used, strict bool // with and without the right to read uninitialised stack
	}{
		{"empty", nil, []state.Slot{slot(none, "mmmmmmmm")}, true, true},
		{"unused then", []state.Slot{slot(none, "????????")}, nil, true, true},
		{"missing now", []state.Slot{slot(ctx, "rrrrrrrr")}, nil, false, false},
		{"data missing now", []state.Slot{slot(none, "mmmmmmmm")}, nil, true, false},
		{"zero for data", []state.Slot{slot(none, "????mmmm")}, []state.Slot{slot(none, "????0000")}, true, true},
		{"data for zero", []state.Slot{slot(none, "????0000")}, []state.Slot{slot(none, "????mmmm")}, false, false},
		{"pointer", []state.Slot{slot(ctx, "rrrrrrrr")}, []state.Slot{slot(ctx, "rrrrrrrr")}, true, true},
		{"data for pointer", []state.Slot{slot(ctx, "rrrrrrrr")}, []state.Slot{slot(none, "mmmmmmmm")}, false, false},
		{"data for a number", []state.Slot{slot(between(0, 15), "rrrrrrrr")}, []state.Slot{slot(none, "mmmmmmmm")},
			true, true},
		{"data for a number that mattered", []state.Slot{slot(precise, "rrrrrrrr")},
			[]state.Slot{slot(none, "mmmmmmmm")}, false, false},
		{"number for data", []state.Slot{slot(none, "mmmmmmmm")}, []state.Slot{slot(between(0, 15), "rrrrrrrr")}, true,
			true},
		{"half a number", []state.Slot{slot(between(0, 15), "????rrrr")}, []state.Slot{slot(between(0, 3), "????rrrr")},
			true, true},
	} {
		old, cur := frameOfSlots(v, c.old), frameOfSlots(v, c.cur)
		for _, uninit := range []bool{true, false} {
			want := c.used
			if !uninit {
				want = c.strict
			}
			v.allowUninit = uninit
			v.resetIDMap()
			if got := v.coversStack(old, cur, compareUsed); got != want {
				t.Errorf("%s, uninitialised stack readable %v: %v", c.name, uninit, got)
			}
		}
	}
}

func frameOfSlots(v *verifier, slots []state.Slot) *state.Frame {
	f := v.pool.NewFrame()
	f.GrowStack(len(slots) * state.SlotBytes)
	for i := range slots {
		*f.Stack.Own(i) = slots[i]
	}
	return f
}

// What holds for a kind of slot or reference that nobody compared yet is not
// known, so no state covers one that has it.
func TestUnknownKindsAreNotCovered(t *testing.T) {
	v := &verifier{workspace: &workspace{}, profile: profileOf(Linux618)}
	for kind := state.SlotInvalid; kind <= state.SlotIRQFlag+1; kind++ {
		var slot state.Slot
		for i := range slot.Bytes {
			slot.Bytes[i] = kind
		}
		if got, want := v.coversSlot(&slot, &slot, compareExact), kind <= state.SlotIRQFlag; got != want {
			t.Errorf("a slot of kind %d covers itself: %t", kind, got)
		}
	}
	for kind := state.RefPtr; kind <= state.RefResLockIRQ<<1; kind <<= 1 {
		st := &state.State{Refs: []state.Ref{{Kind: kind, ID: 1}}}
		if got, want := v.coversHeld(st, st), kind <= state.RefResLockIRQ; got != want {
			t.Errorf("a reference of kind %d covers itself: %t", kind, got)
		}
	}
}

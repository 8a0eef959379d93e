// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"testing"

	"github.com/bpf-lsp/bpf-lsp/verifier/flow"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/scalar"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// newBranchVerifier is a verifier in front of one instruction, with nothing
// but the frame pointer known.
func newBranchVerifier(in isa.Insn) *verifier {
	v := &verifier{workspace: new(workspace), profile: profileOf(Linux618), privileged: true, allowPtrLeaks: true,
		bypassSpecV1: true, insns: []isa.Insn{in, {}, {}}}
	v.aux = make([]insnAux, len(v.insns))
	v.flow = &flow.Graph{Points: make([]flow.Point, len(v.insns))}
	v.flow.Points[0].Live = 1<<isa.R10 - 1
	v.explore.step = noStep
	v.cur = v.pool.NewState()
	v.cur.Frames[0] = v.pool.NewFrame()
	v.initFrame(v.cur.Frames[0], entryCallSite, 0, 0)
	return v
}

func setNumber(r *state.Reg, id uint32, off int32, s scalar.Scalar) {
	*r = state.Reg{Type: regtype.Scalar, ID: id, Off: off, Scalar: s}
}

func TestPackLinked(t *testing.T) {
	l := linkedRegs{n: 6, list: [maxLinked]linkedReg{
		{0, 9, true}, {7, 63, false}, {3, 0, true}, {1, 1, false}, {2, 5, true}, {0, 0, true},
	}}
	word := l.pack()
	if n := word & linkedCountMask; n != 6 {
		t.Fatalf("%d entries, want 6", n)
	}
	rest := word >> linkedCountBits
	for i := l.n - 1; i >= 0; i-- {
		frame, index, isReg := unpackLinked(rest)
		if got := (linkedReg{uint8(frame), uint8(index), isReg}); got != l.list[i] {
			t.Errorf("entry %d is %v, want %v", i, got, l.list[i])
		}
		rest >>= linkedEntryBits
	}
	one := linkedRegs{n: 1, list: [maxLinked]linkedReg{{1, 2, true}}}
	if got, want := one.pack(), uint64(1<<9|2<<3|1)<<4|1; got != want {
		t.Errorf("packed %#x, want %#x", got, want)
	}
}

func TestCollectLinked(t *testing.T) {
	v := newBranchVerifier(isa.Insn{})
	f := v.frame()
	for n := range 7 {
		setNumber(&f.Regs[n], 5, 0, scalar.Unknown())
	}
	f.Regs[1].ID |= state.AddConst64
	f.Regs[2].ID = 6
	f.GrowStack(16)
	slot := f.Stack.Own(1)
	slot.Bytes[7] = state.SlotSpill
	setNumber(&slot.Spilled, 5, 0, scalar.Unknown())
	v.flow.Points[0].Live &^= 1 << 3

	var l linkedRegs
	v.collectLinked(&l, 5|state.AddConst32)
	want := linkedRegs{n: 6, list: [maxLinked]linkedReg{
		{0, 0, true}, {0, 1, true}, {0, 4, true}, {0, 5, true}, {0, 6, true}, {0, 1, false},
	}}
	if l != want {
		t.Errorf("collected %v, want %v", l, want)
	}
	setNumber(&f.Regs[7], 5, 0, scalar.Unknown())
	l = linkedRegs{}
	v.collectLinked(&l, 5)
	if l.n != maxLinked || f.Stack.At(1).Spilled.ID != 0 || f.Regs[7].ID != 5 {
		t.Errorf("%d linked, ids %d and %d; the seventh must leave", l.n, f.Regs[7].ID, f.Stack.At(1).Spilled.ID)
	}
}

func TestRefineLinked(t *testing.T) {
	narrow := scalar.Unknown()
	limits := narrow.Limits()
	limits.Umax = 5
	narrow.SetLimits(limits)
	narrow.Sync()
	const (
		add64 = 1 | state.AddConst64
		add32 = 1 | state.AddConst32
	)
	for _, c := range []struct {
		name            string
		id, knownID     uint32
		off, knownOff   int32
		wantMin         uint64
		wantMax         uint64
		wantID, wantOff uint32
	}{
		{name: "copy", id: 1, knownID: 1, wantMax: 5, wantID: 1},
		{name: "other number", id: 2, knownID: 1, wantMax: 1<<64 - 1, wantID: 2},
		{name: "distance", id: add64, off: 8, knownID: 1, wantMin: 8, wantMax: 13, wantID: add64, wantOff: 8},
		{name: "distance of 32 bits", id: add32, off: 8, knownID: 1, wantMin: 8, wantMax: 13, wantID: add32,
			wantOff: 8},
		{name: "two distances", id: add64, off: 8, knownID: add64, knownOff: 3, wantMin: 5, wantMax: 10, wantID: add64,
			wantOff: 8},
		{name: "same distance", id: add64, off: 3, knownID: add64, knownOff: 3, wantMax: 5, wantID: add64, wantOff: 3},
		{name: "widths differ", id: add32, off: 8, knownID: add64, knownOff: 3, wantMax: 1<<64 - 1, wantID: add32,
			wantOff: 8},
	} {
		t.Run(c.name, func(t *testing.T) {
			var r, known state.Reg
			setNumber(&r, c.id, c.off, scalar.Unknown())
			setNumber(&known, c.knownID, c.knownOff, narrow)
			r.SubregDef, known.SubregDef = 7, 9
			refineLinked(&r, &known)
			if r.Umin() != c.wantMin || r.Umax() != c.wantMax || r.ID != c.wantID || uint32(r.Off) != c.wantOff ||
				r.SubregDef != 7 {
				t.Errorf("[%d, %d] id %#x off %d def %d", r.Umin(), r.Umax(), r.ID, r.Off, r.SubregDef)
			}
		})
	}
}

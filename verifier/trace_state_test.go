// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"testing"

	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/scalar"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// known is a register of type t whose value or variable offset is n.
func known(t regtype.Reg, n uint64) state.Reg { return state.Reg{Type: t, Scalar: scalar.Known(n)} }

// between is a scalar in an unsigned range.
func between(lo, hi uint64) state.Reg {
	r := state.Reg{Type: regtype.Scalar, Scalar: scalar.Unknown()}
	l := r.Limits()
	l.Umin, l.Umax = lo, hi
	r.SetLimits(l)
	r.Scalar.Sync()
	return r
}

func with(r state.Reg, change func(*state.Reg)) state.Reg {
	change(&r)
	return r
}

func TestAppendReg(t *testing.T) {
	v := newVerifier(&program.Program{Maps: []*program.Map{{Name: "counts", Type: facts.MapType(2), KeySize: 4,
		ValueSize: 8}}}, Options{}, new(workspace))
	scalars := []struct {
		name string
		reg  state.Reg
		want string
	}{
		{"unknown", state.Reg{Type: regtype.Scalar, Scalar: scalar.Unknown()}, "scalar()"},
		{"short", known(regtype.Scalar, 42), "42"},
		{"negative", known(regtype.Scalar, ^uint64(0)), "-1"},
		{"last decimal", known(regtype.Scalar, 32767), "32767"},
		{"first hexadecimal", known(regtype.Scalar, 32768), "0x8000"},
		{"precise", with(known(regtype.Scalar, 1), func(r *state.Reg) { r.Precise = true }), "P1"},
		{"byte", between(0, 255), "scalar(smin=smin32=0,smax=umax=smax32=umax32=255,var_off=(0x0; 0xff))"},
		{"linked", with(between(0, 1), func(r *state.Reg) { r.ID = 3 }),
			"scalar(id=3,smin=smin32=0,smax=umax=smax32=umax32=1,var_off=(0x0; 0x1))"},
		{"linked at a distance", with(state.Reg{Type: regtype.Scalar, Scalar: scalar.Unknown()}, func(r *state.Reg) {
			r.ID, r.Off = 3|state.AddConst64, 8
		}), "scalar(id=3+8)"},
		{"linked below", with(state.Reg{Type: regtype.Scalar, Scalar: scalar.Unknown()}, func(r *state.Reg) {
			r.ID, r.Off = 3|state.AddConst32, -8
		}), "scalar(id=3-8)"},
		{"low half", with(state.Reg{Type: regtype.Scalar, Scalar: scalar.Unknown()}, func(r *state.Reg) {
			l := r.Limits()
			l.U32Max, l.S32Min, l.S32Max = 70000, -70000, -2
			r.SetLimits(l)
		}), "scalar(smin32=0xfffeee90,smax32=-2,umax32=0x11170)"},
	}
	pointers := []struct {
		name string
		reg  state.Reg
		want string
	}{
		{"context", known(regtype.PtrToCtx, 0), "ctx()"},
		{"stack", with(known(regtype.PtrToStack, 0), func(r *state.Reg) { r.Off = -8 }), "fp-8"},
		{"caller's stack", with(known(regtype.PtrToStack, 0), func(r *state.Reg) { r.Frame = 1 }), "fp[1]0"},
		{"map", with(known(regtype.ConstPtrToMap, 0), func(r *state.Reg) { r.SetMap(1, 0) }),
			"map_ptr(map=counts,ks=4,vs=8)"},
		{"map value", with(known(regtype.PtrToMapValue|regtype.MaybeNull, 0), func(r *state.Reg) {
			r.SetMap(1, 0)
			r.ID = 2
		}), "map_value_or_null(id=2,map=counts,ks=4,vs=8)"},
		{"packet", with(known(regtype.PtrToPacket, 0), func(r *state.Reg) {
			r.Off = 14
			r.SetPacketRange(34)
		}), "pkt(off=14,r=34)"},
		{"packet beyond its end", with(known(regtype.PtrToPacket, 0), func(r *state.Reg) { r.SetPacketRange(-1) }),
			"pkt(r=0xffffffffffffffff)"},
		{"packet at a variable offset", with(between(0, 60), func(r *state.Reg) {
			r.Type = regtype.PtrToPacket
			r.ID = 5
		}), "pkt(id=5,r=0,smin=smin32=0,smax=umax=smax32=umax32=60,var_off=(0x0; 0x3f))"},
		{"memory", with(known(regtype.PtrToMem|regtype.Ringbuf, 0), func(r *state.Reg) {
			r.SetMemSize(64)
			r.RefObjID = 4
		}), "ringbuf_mem(ref_obj_id=4,sz=64)"},
		{"constant offset", known(regtype.PtrToMapKey, 4), "map_key(map=counts,ks=4,vs=8,imm=4)"},
		{"arena", known(regtype.PtrToArena, 0), "arena"},
		{"dynptr", with(known(regtype.ConstPtrToDynptr, 0), func(r *state.Reg) {
			r.SetDynptr(state.DynptrLocal, true)
			r.ID = 1
		}), "dynptr_ptr(id=1,type=local)"},
	}
	for _, c := range append(scalars, pointers...) {
		if c.reg.Type.Base() == regtype.PtrToMapKey {
			c.reg.SetMap(1, 0)
		}
		if got := string(v.appendReg(nil, &state.Frame{}, &c.reg)); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestAppendState(t *testing.T) {
	v := newVerifier(&program.Program{}, Options{LogLevel: logAllPaths}, new(workspace))
	f := v.pool.NewFrame()
	f.Depth, f.InCallback = 1, true
	f.Regs[0] = known(regtype.Scalar, 0)
	f.Regs[10] = with(known(regtype.PtrToStack, 0), func(r *state.Reg) { r.Frame = 1 })
	f.GrowStack(40)
	fill := func(spi int, r state.Reg, bytes ...state.SlotType) {
		slot := f.Stack.Own(spi)
		slot.Spilled = r
		copy(slot.Bytes[:], bytes)
	}
	const m, z, r = state.SlotMisc, state.SlotZero, state.SlotSpill
	fill(0, between(0, 255), m, m, m, z, r, r, r, r)
	fill(1, state.Reg{}, 0, 0, 0, 0, m, m, z, z)
	const d = state.SlotDynptr
	fill(2, state.Reg{}, d, d, d, d, d, d, d, d)
	fill(3, with(state.Reg{ID: 2}, func(r *state.Reg) { r.SetDynptr(state.DynptrRingbuf, true); r.RefObjID = 3 }), d, d,
		d, d, d, d, d, d)
	st := &state.State{Cur: 1, Refs: []state.Ref{{ID: 3}, {}, {ID: 5}}}
	st.Frames[1] = f
	// The kernel keeps the mark of a dynptr's first slot where other registers
	// have the id of their dynptr, and prints it as one.
	want := " frame1: R0=0 R10=fp0 fp-8=mmm0scalar(smin=smin32=0,smax=umax=smax32=umax32=255,var_off=(0x0; 0xff))" +
		" fp-16=????mm00 fp-32=dynptr_ringbuf(id=2,ref_id=3,dynptr_id=1) refs=3,5 cb\n"
	if got := string(v.appendState(nil, st, 1, true)); got != want {
		t.Errorf("all: %q, want %q", got, want)
	}
	v.trace.scratchReg(0)
	v.trace.scratchSlot(1)
	want = " frame1: R0=0 fp-16=????mm00 refs=3,5 cb\n"
	if got := string(v.appendState(nil, st, 1, false)); got != want {
		t.Errorf("changed: %q, want %q", got, want)
	}
}

func TestAlignment(t *testing.T) {
	for _, c := range [][2]int{{10, 29}, {35, 4}, {36, 3}, {37, 10}, {60, 3}} {
		if got := alignment(c[0]); got != c[1] {
			t.Errorf("alignment(%d) = %d, want %d", c[0], got, c[1])
		}
	}
}

func TestAppendMasks(t *testing.T) {
	if got := string(appendRegMask(nil, 1<<0|1<<9)); got != "r0,r9" {
		t.Errorf("registers: %q", got)
	}
	if got := string(appendSlotMask(nil, 1<<0|1<<2)); got != "-8,-24" {
		t.Errorf("slots: %q", got)
	}
	if got := string(appendSlotMask(nil, 0)); got != "" {
		t.Errorf("no slots: %q", got)
	}
}

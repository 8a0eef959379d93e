// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"testing"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/scalar"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

const (
	jumpK = isa.ClassJMP | isa.SrcK
	jumpX = isa.ClassJMP | isa.SrcX
)

// otherWay is the path that stepBranch queued last.
func otherWay(v *verifier) *state.State {
	return v.explore.pending[len(v.explore.pending)-1].st
}

func TestOpenBranchNarrows(t *testing.T) {
	v := newBranchVerifier(isa.Insn{Op: jumpK | isa.OpJgt, Dst: 1, Off: 1, Imm: 9})
	setNumber(v.reg(1), 3, 0, scalar.Unknown())
	setNumber(v.reg(2), 3|state.AddConst64, 1, scalar.Unknown())
	if r := v.stepBranch(&v.insns[0]); r != nil {
		t.Fatal(r.report.Kernel)
	}
	jump := otherWay(v).Frame()
	if got := v.reg(1).Umax(); got != 9 {
		t.Errorf("behind the jump R1 is at most %d, want 9", got)
	}
	if got := v.reg(2); got.Umin() != 1 || got.Umax() != 10 {
		t.Errorf("behind the jump R2 is in [%d, %d], want [1, 10]", got.Umin(), got.Umax())
	}
	if got := jump.Regs[1].Umin(); got != 10 {
		t.Errorf("through the jump R1 is at least %d, want 10", got)
	}
	if len(v.cur.History) != 1 || v.cur.History[0].Linked&linkedCountMask != 2 {
		t.Errorf("history %+v, want one step with two linked numbers", v.cur.History)
	}
	if v.pc != 0 {
		t.Errorf("pc moved to %d", v.pc)
	}
}

func TestDecideBranch(t *testing.T) {
	value := state.Reg{Type: regtype.PtrToMapValue}
	orNull := state.Reg{Type: regtype.PtrToMapValue | regtype.MaybeNull}
	stack := state.Reg{Type: regtype.PtrToStack}
	zero, five := state.Reg{Type: regtype.Scalar}, state.Reg{Type: regtype.Scalar, Scalar: scalar.Known(5)}
	end := state.Reg{Type: regtype.PtrToPacketEnd}
	var at, beyond, inside state.Reg
	for r, mark := range map[*state.Reg]int32{&at: atPacketEnd, &beyond: beyondPacketEnd, &inside: 8} {
		r.Type = regtype.PtrToPacket
		r.SetPacketRange(mark)
	}
	for _, c := range []struct {
		name string
		a, b state.Reg
		op   uint8
		want int
	}{
		{"numbers", five, zero, isa.OpJgt, scalar.Taken},
		{"value is NULL", value, zero, isa.OpJeq, scalar.NotTaken},
		{"NULL is value", zero, value, isa.OpJne, scalar.Taken},
		{"value above NULL", value, zero, isa.OpJgt, scalar.MayBeTaken},
		{"value is five", value, five, isa.OpJeq, scalar.MayBeTaken},
		{"value or NULL", orNull, zero, isa.OpJeq, scalar.MayBeTaken},
		{"stack is NULL", stack, zero, isa.OpJeq, scalar.MayBeTaken},
		{"two pointers", value, stack, isa.OpJeq, scalar.MayBeTaken},
		{"checked packet", inside, end, isa.OpJgt, scalar.MayBeTaken},
		{"at end, above", at, end, isa.OpJgt, scalar.MayBeTaken},
		{"at end, not below", at, end, isa.OpJge, scalar.Taken},
		{"at end, below", at, end, isa.OpJlt, scalar.NotTaken},
		{"beyond, above", beyond, end, isa.OpJgt, scalar.Taken},
		{"beyond, not above", beyond, end, isa.OpJle, scalar.NotTaken},
		{"end below beyond", end, beyond, isa.OpJlt, scalar.Taken},
		{"end not above at", end, at, isa.OpJle, scalar.Taken},
		{"end is beyond", end, beyond, isa.OpJeq, scalar.MayBeTaken},
	} {
		b := branch{op: c.op, byReg: true, dst: &c.a, src: &c.b}
		if got := b.decide(); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}

func TestPacketRange(t *testing.T) {
	const open = 0
	for _, c := range []struct {
		name         string
		op           uint8
		reversed     bool
		behind, jump int32 // range of a pointer with offset 0
		behindMark   int32 // of the compared pointer, where it is one
		jumpMark     int32
	}{
		{"pkt > end", isa.OpJgt, false, 8, open, 8, beyondPacketEnd},
		{"pkt < end", isa.OpJlt, false, open, 9, atPacketEnd, 9},
		{"pkt >= end", isa.OpJge, false, 9, open, 9, atPacketEnd},
		{"pkt <= end", isa.OpJle, false, open, 8, beyondPacketEnd, 8},
		{"end > pkt", isa.OpJgt, true, open, 9, atPacketEnd, 9},
		{"end < pkt", isa.OpJlt, true, 8, open, 8, beyondPacketEnd},
		{"end >= pkt", isa.OpJge, true, open, 8, beyondPacketEnd, 8},
		{"end <= pkt", isa.OpJle, true, 9, open, 9, atPacketEnd},
		{"pkt == end", isa.OpJeq, false, open, open, open, open},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := isa.Insn{Op: jumpX | c.op, Dst: 2, Src: 3, Off: 1}
			if c.reversed {
				in.Dst, in.Src = 3, 2
			}
			v := newBranchVerifier(in)
			*v.reg(1) = state.Reg{Type: regtype.PtrToPacket}
			*v.reg(2) = state.Reg{Type: regtype.PtrToPacket, Off: 8}
			*v.reg(3) = state.Reg{Type: regtype.PtrToPacketEnd}
			*v.reg(4) = state.Reg{Type: regtype.PtrToPacket, ID: 1}
			if r := v.stepBranch(&v.insns[0]); r != nil {
				t.Fatal(r.report.Kernel)
			}
			behind, jump := v.frame(), otherWay(v).Frame()
			for _, side := range []struct {
				name       string
				f          *state.Frame
				base, mark int32
			}{{"behind", behind, c.behind, c.behindMark}, {"jump", jump, c.jump, c.jumpMark}} {
				if got := side.f.Regs[1].PacketRange(); got != side.base {
					t.Errorf("%s: range %d, want %d", side.name, got, side.base)
				}
				if got := side.f.Regs[2].PacketRange(); got != side.mark {
					t.Errorf("%s: compared pointer has %d, want %d", side.name, got, side.mark)
				}
				if got := side.f.Regs[4].PacketRange(); got != 0 {
					t.Errorf("%s: pointer of another id got range %d", side.name, got)
				}
			}
		})
	}
}

func TestPacketRangeRefused(t *testing.T) {
	for name, p := range map[string]state.Reg{
		"negative offset": {Off: -1},
		"far":             {Off: 1, Scalar: scalar.Known(maxPacketOff)},
		"wraps":           {Off: 1, Scalar: scalar.Unknown()},
	} {
		v := newBranchVerifier(isa.Insn{})
		p.Type = regtype.PtrToPacket
		*v.reg(2) = p
		refinePacketRange(v.cur, v.reg(2), false)
		if got := v.reg(2).PacketRange(); got != 0 {
			t.Errorf("%s: range %d", name, got)
		}
	}
}

func TestRefineNull(t *testing.T) {
	hash, outer := &program.Map{Type: facts.MapHash}, &program.Map{Type: facts.MapHashOfMaps}
	sockets := &program.Map{Type: facts.MapSockMap}
	prog := &program.Program{}
	for _, c := range []struct {
		name   string
		m      state.MapRef
		isNull bool
		want   regtype.Reg
		refs   int
	}{
		{"value", 1, false, regtype.PtrToMapValue, 1},
		{"NULL", 1, true, regtype.Scalar, 0},
		{"inner map", 2, false, regtype.ConstPtrToMap, 1},
		{"socket", 3, false, regtype.PtrToSocket, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := newBranchVerifier(isa.Insn{})
			v.prog = prog
			v.maps = []*program.Map{nil, hash, outer, sockets}
			v.innerMaps = []state.MapRef{0, 0, 1, 0}
			v.cur.Refs = []state.Ref{{Kind: state.RefPtr, ID: 4}}
			r := state.Reg{Type: regtype.PtrToMapValue | regtype.MaybeNull, ID: 4, RefObjID: 4}
			r.SetMap(c.m, 0)
			moved, other := r, r
			moved.Off, other.ID = 8, 5
			*v.reg(1), *v.reg(2), *v.reg(3), *v.reg(4) = r, r, moved, other
			v.refineNull(v.cur, 1, c.isNull)
			for n := uint8(1); n <= 2; n++ {
				if got := v.reg(n); got.Type != c.want || got.ID != 0 {
					t.Errorf("R%d is %s id %d, want %s", n, got.Type, got.ID, c.want)
				}
			}
			if !v.reg(3).Type.MayBeNull() || !v.reg(4).Type.MayBeNull() {
				t.Error("a moved pointer or one of another lookup was settled")
			}
			if len(v.cur.Refs) != c.refs {
				t.Errorf("%d references held, want %d", len(v.cur.Refs), c.refs)
			}
		})
	}
}

func TestEqualPointers(t *testing.T) {
	v := newBranchVerifier(isa.Insn{Op: jumpX | isa.OpJne, Dst: 1, Src: 2, Off: 1})
	v.maps, v.innerMaps = []*program.Map{nil, {Type: facts.MapArray}}, make([]state.MapRef, 2)
	v.reg(1).Type = regtype.PtrToMapValue | regtype.MaybeNull
	v.reg(1).SetMap(1, 0)
	v.reg(2).Type = regtype.PtrToMapValue
	if r := v.stepBranch(&v.insns[0]); r != nil {
		t.Fatal(r.report.Kernel)
	}
	if v.reg(1).Type.MayBeNull() || !otherWay(v).Frame().Regs[1].Type.MayBeNull() {
		t.Error("equal to a valid pointer must be valid, and only there")
	}
}

func TestRefusedBranches(t *testing.T) {
	for _, c := range []struct {
		name string
		in   isa.Insn
		code catalog.Code
		text string
	}{
		{"opcode", isa.Insn{Op: isa.ClassJMP | 0xf0}, catalog.InvalidInstruction, "invalid BPF_JMP/JMP32 opcode f0"},
		{"may_goto", isa.Insn{Op: isa.ClassJMP | isa.OpJCond, Imm: 3}, catalog.InvalidInstruction,
			"invalid may_goto imm 3"},
		{"imm", isa.Insn{Op: jumpX | isa.OpJeq, Dst: 1, Src: 2, Imm: 1}, catalog.InvalidInstruction,
			"BPF_JMP/JMP32 uses reserved fields"},
		{"src", isa.Insn{Op: jumpK | isa.OpJeq, Dst: 1, Src: 2}, catalog.InvalidInstruction,
			"BPF_JMP/JMP32 uses reserved fields"},
		{"dst unset", isa.Insn{Op: jumpK | isa.OpJeq, Dst: 9}, catalog.UnreadableRegister, "R9 !read_ok"},
		{"src unset", isa.Insn{Op: jumpX | isa.OpJeq, Dst: 1, Src: 9}, catalog.UnreadableRegister, "R9 !read_ok"},
		{"src pointer", isa.Insn{Op: jumpX | isa.OpJgt, Dst: 1, Src: 10}, catalog.PointerComparison,
			"R10 pointer comparison prohibited"},
		{"dst pointer", isa.Insn{Op: jumpK | isa.OpJgt, Dst: 10, Imm: 1}, catalog.PointerComparison,
			"R10 pointer comparison prohibited"},
	} {
		v := newBranchVerifier(c.in)
		v.allowPtrLeaks = false
		setNumber(v.reg(1), 0, 0, scalar.Unknown())
		setNumber(v.reg(2), 0, 0, scalar.Unknown())
		r := v.stepBranch(&v.insns[0])
		if r == nil || r.report.Code != c.code || r.report.Kernel != c.text {
			t.Errorf("%s: %+v, want %s", c.name, r, c.text)
		}
	}
}

func TestBranchAllocations(t *testing.T) {
	v := newBranchVerifier(isa.Insn{Op: jumpK | isa.OpJset, Dst: 1, Off: 1, Imm: 8})
	// Warm the pool, the history and the queue.
	step := func() {
		setNumber(v.reg(1), 3, 0, scalar.Unknown())
		setNumber(v.reg(2), 3, 0, scalar.Unknown())
		v.explore.step, v.cur.History = noStep, v.cur.History[:0]
		if r := v.stepBranch(&v.insns[0]); r != nil {
			t.Fatal(r.report.Kernel)
		}
		v.pool.Free(otherWay(v))
		v.explore.pending = v.explore.pending[:0]
	}
	if n := testing.AllocsPerRun(100, step); n != 0 {
		t.Errorf("%v allocations, want none", n)
	}
}

// No loader may read packets and not see addresses, but the kernel asks for
// these capabilities apart.
func TestPacketsAreComparedByAnyone(t *testing.T) {
	p := newProgram(t, "r2 = *(u32 *)(r1 +0)\nr3 = *(u32 *)(r1 +4)\nif r2 > r3 goto +0\nr0 = 0\nexit")
	v := newVerifier(p, Options{}, new(workspace))
	v.allowPtrLeaks = false
	if r := v.verify(); r != nil {
		t.Error(r.report.Kernel)
	}
}

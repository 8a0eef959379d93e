// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"strings"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// fillQueue makes n ways wait to be walked when p begins.
func fillQueue(t *testing.T, p *program.Program, n int) *program.Program {
	t.Helper()
	text := "r6 = r1\ncall 7\nr7 = r0\ncall 7\nr8 = r0\nr1 = r6\n" + strings.Repeat("if r7 == r8 goto +0\n", n)
	before := assemble(t, text)
	full := *p
	full.Insns = append(append([]isa.Insn{}, before...), p.Insns...)
	full.Funcs = append([]program.Func(nil), p.Funcs...)
	for i := range full.Funcs {
		if i > 0 {
			full.Funcs[i].InsnOff += uint32(len(before))
		}
	}
	full.Lines = nil
	return &full
}

// Each of these queues a way to be walked later, the last one that there is no
// room for. The texts are those of the kernel's source.
func TestFullQueue(t *testing.T) {
	const helper, kfunc = isa.ClassJMP | isa.OpCall, isa.ClassJMP | isa.OpCall
	for _, c := range []struct {
		object, program string
		// room is for how many ways there is room yet.
		room   int
		op     uint8
		imm    int32
		kernel string
	}{
		{"branch", "pointers", 0, isa.ClassJMP | isa.OpJeq | isa.SrcX, 0, "."},
		{"branch", "may_goto", 0, isa.ClassJMP | isa.OpJCond, 0, "."},
		{"alu", "mask_of_condition", 0, isa.ClassALU | isa.OpAnd, -7, "."},
		{"call_helper", "tail_call_below", 0, helper, facts.FuncTailCall, "."},
		{"call_special", "loops", 0, helper, facts.FuncLoop, "."},
		{"exit", "timer", 0, helper, facts.FuncTimerSetCallback, " for async cb."},
		{"kernel_faults", "left_by_load", 0, isa.ClassLD | isa.ModeABS | isa.SizeB, 23, "."},
		{"graph", "add", 1, kfunc, 0, ".\nkfunc bpf_rbtree_add_impl#65485 failed callback verification"},
		{"lists", "locked_value", 0, kfunc, 0, "."},
		{"iter", "counts", 0, kfunc, 0, "."},
	} {
		t.Run(c.program, func(t *testing.T) {
			p := programNamed(t, loadTestObject(t, walkPrograms+"/"+c.object+".bpf.o"), c.program)
			if res := Verify(fillQueue(t, p, 8000), Options{}); res.Verdict != Accepted {
				t.Errorf("with room in the queue: verdict %d %v", res.Verdict, res.Reports)
			}
			p = fillQueue(t, p, facts.MaxPending-c.room)
			res := Verify(p, Options{})
			if res.Verdict != Rejected {
				t.Fatalf("verdict %d %s", res.Verdict, res.Reason)
			}
			r := res.Reports[0]
			in := &p.Insns[r.PC]
			if in.Op != c.op || c.imm != 0 && in.Imm != c.imm {
				t.Errorf("rejected at %+v, want opcode %#x of %d", in, c.op, c.imm)
			}
			if want := "The sequence of 8193 jumps is too complex" + c.kernel; r.Kernel != want {
				t.Errorf("%q, want %q", r.Kernel, want)
			}
		})
	}
}

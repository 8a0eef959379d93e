// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"slices"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
)

// A function that a legacy load leaves, while its argument is asked for: the
// kernel takes the question to a frame before the first one, and writes out of
// its memory before it says so. No kernel must be asked about this.
func TestKernelLosesTheFrameOfALegacyLoad(t *testing.T) {
	p := *programNamed(t, loadTestObject(t, "../testdata/walk/kernel_faults.bpf.o"), "left_by_load_precise")
	p.Insns = slices.Clone(p.Insns)
	for pc := range p.Insns {
		if in := &p.Insns[pc]; in.Dst == isa.R7 {
			in.Dst = isa.R6
		}
	}
	res := Verify(&p, Options{})
	if res.Verdict != Rejected || res.Reports[0].Code != catalog.KernelFault ||
		res.Reports[0].Kernel != "verifier bug: subprog exit from frame 0" {
		t.Errorf("%v %s %+v", res.Verdict, res.Reason, res.Reports)
	}
}

// A callback that a legacy load leaves is as much of a puzzle to the kernel as
// one that a tail call leaves.
func TestKernelLosesTheResultOfACallback(t *testing.T) {
	p := *programNamed(t, loadTestObject(t, "../testdata/walk/kernel_faults.bpf.o"), "left_by_tail_call")
	p.Insns = slices.Clone(p.Insns)
	for pc := range p.Insns {
		switch in := &p.Insns[pc]; {
		case in.IsHelperCall() && in.Imm == int32(facts.FuncTailCall):
			*in = isa.Insn{Op: isa.ClassLD | isa.ModeABS | isa.SizeB}
		case in.Class() == isa.ClassLDX:
			in.Dst = isa.R6
		}
	}
	res := Verify(&p, Options{})
	if res.Verdict != Rejected || res.Reports[0].Code != catalog.KernelFault ||
		res.Reports[0].Kernel != "verifier bug: callback unexpected regs 1" {
		t.Errorf("%v %s %+v", res.Verdict, res.Reason, res.Reports)
	}
}

// What a path needs that leaves a loop is asked of the paths that came back to
// its start, once all are known. One of them left a function by a legacy load.
func TestKernelLosesALegacyLoadInALoop(t *testing.T) {
	p := *programNamed(t, loadTestObject(t, "../testdata/walk/kernel_faults.bpf.o"), "left_by_load")
	callee := p.Insns[p.Funcs[1].InsnOff:]
	main := assemble(t, `
		r6 = r1
		r7 = *(u32 *)(r1 +0)
		r7 &= 7
		may_goto +5
		r0 = *(u32 *)(r6 +0)
		if r0 == 5 goto +5
		r1 = r6
		call pc+7
		goto -6
		r0 = 0
		exit
		r8 = r10
		r8 += r7
		r0 = 0
		exit`)
	p.Insns, p.Lines = slices.Concat(main, callee), nil
	p.Funcs = slices.Clone(p.Funcs)
	p.Funcs[1].InsnOff = uint32(len(main))
	res := Verify(&p, Options{})
	if res.Verdict != Rejected || res.Reports[0].Code != catalog.KernelFault ||
		res.Reports[0].Kernel != "verifier bug: static subprog unexpected regs 80" {
		t.Errorf("%v %s %+v", res.Verdict, res.Reason, res.Reports)
	}
}

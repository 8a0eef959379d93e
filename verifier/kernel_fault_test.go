// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"slices"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
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
	if res.Verdict != Rejected || res.Reports[0].Code != catalog.KernelFault || res.Reports[0].Kernel != "verifier bug: subprog exit from frame 0" {
		t.Errorf("%v %s %+v", res.Verdict, res.Reason, res.Reports)
	}
}

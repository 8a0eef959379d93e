// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"testing"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// Faults that no compiler and no loader lets through, so that no example shows
// them.
func TestFaultsOfRawCode(t *testing.T) {
	zero, exit := isa.Insn{Op: isa.ClassALU64 | isa.OpMov}, isa.Insn{Op: isa.ClassJMP | isa.OpExit}
	kfunc := isa.Insn{Op: isa.ClassJMP | isa.OpCall, Src: isa.PseudoKfuncCall}
	for _, c := range []struct {
		name   string
		insns  []isa.Insn
		code   catalog.Code
		pc     int
		kernel string
	}{
		{"kernel function that libbpf did not find", []isa.Insn{zero, kfunc, exit}, catalog.UnknownKfunc, 1,
			"invalid kernel function call not eliminated in verifier pass"},
	} {
		p := &program.Program{Name: "test", Type: facts.ProgXDP, License: "GPL", GPL: true, Insns: c.insns}
		res := Verify(p, Options{})
		if res.Verdict != Rejected {
			t.Errorf("%s: verdict %v %s", c.name, res.Verdict, res.Reason)
			continue
		}
		if r := &res.Reports[0]; r.Code != c.code || r.PC != c.pc || r.Kernel != c.kernel {
			t.Errorf("%s: %s at %d: %q", c.name, r.Code, r.PC, r.Kernel)
		}
	}
}

// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"bytes"
	"testing"

	"github.com/cilium/ebpf/btf"

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
	call := isa.Insn{Op: isa.ClassJMP | isa.OpCall, Src: isa.PseudoCall, Imm: 9}
	wide := []isa.Insn{{Op: isa.ClassLD | isa.SizeDW | isa.ModeIMM, Src: isa.PseudoBTFID, Imm: 1}, {}, zero, exit}
	for _, c := range []struct {
		name   string
		insns  []isa.Insn
		change func(*program.Program)
		code   catalog.Code
		pc     int
		kernel string
	}{
		{"kernel function that libbpf did not find", []isa.Insn{zero, kfunc, exit}, nil, catalog.UnknownKfunc, 1,
			"invalid kernel function call not eliminated in verifier pass"},
		{"call of no function", []isa.Insn{call, exit}, nil, catalog.CallDestination, 0, "call to invalid destination"},
		{"BTF of another function", []isa.Insn{zero, exit},
			func(p *program.Program) { p.Funcs = []program.Func{{InsnOff: 1}} },
			catalog.FunctionInfo, 0, "nonzero insn_off 1 for the first func info record"},
		{"line of no instruction", []isa.Insn{zero, exit},
			func(p *program.Program) { p.Lines = []program.Line{{InsnOff: 2}} },
			catalog.LineInfo, 0, "Invalid line_info[0].insn_off:2 (prev_offset:0 prog->len:2)"},
		{"kernel symbol that is a type", wide, func(p *program.Program) { p.KernelBTF = integerOnly(t) },
			catalog.UnknownKernelSymbol, 0,
			"pseudo btf_id 1 in ldimm64 isn't KIND_VAR or KIND_FUNC"},
	} {
		p := &program.Program{Name: "test", Type: facts.ProgXDP, License: "GPL", GPL: true, Insns: c.insns}
		if c.change != nil {
			c.change(p)
		}
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

// integerOnly are the types of a kernel that has only one.
func integerOnly(t *testing.T) *btf.Spec {
	t.Helper()
	b, err := btf.NewBuilder([]btf.Type{&btf.Int{Name: "int", Size: 4}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := b.Marshal(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	spec, err := btf.LoadSpecFromReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	return spec
}

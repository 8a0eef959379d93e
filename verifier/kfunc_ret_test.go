// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"testing"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
)

// The kernel takes an object's types for a program only where they describe its
// functions or lines.
func TestNewObjectNeedsTypesOfTheProgram(t *testing.T) {
	const message = "bpf_obj_new/bpf_percpu_obj_new requires prog BTF"
	for _, c := range []struct {
		name         string
		funcs, lines bool
		refused      bool
	}{
		{"described", true, true, false},
		{"lines", false, true, false},
		{"neither", false, false, true},
	} {
		p := *programNamed(t, loadTestObject(t, "../testdata/rules/drop_not_owned.o"), "fixed")
		if !c.funcs {
			p.Funcs = nil
		}
		if !c.lines {
			p.Lines = nil
		}
		res := Verify(&p, Options{})
		refused := res.Verdict == Rejected && res.Reports[0].Code == catalog.TypeIDArgument &&
			res.Reports[0].Kernel == message
		if refused != c.refused {
			t.Errorf("%s: %v %s %+v", c.name, res.Verdict, res.Reason, res.Reports)
		}
	}
}

// No kernel function that programs may call returns such things.
func TestResultsOfAnyType(t *testing.T) {
	spec := kernelTypes(t)
	for name, want := range map[string]string{
		"bpf_cgroup_from_id": "acquire kernel function does not return PTR_TO_BTF_ID",
		"bpf_get_kmem_cache": "kernel function bpf_get_kmem_cache returns pointer type FWD elsewhere is not supported",
	} {
		p := newProgram(t, "r1 = 1\ncall 0\nr0 = 0\nexit")
		typ, err := spec.AnyTypeByName(name)
		if err != nil {
			t.Fatal(err)
		}
		id, err := spec.TypeID(typ)
		if err != nil {
			t.Fatal(err)
		}
		p.KernelBTF = spec
		p.Insns[1].Src, p.Insns[1].Imm = isa.PseudoKfuncCall, int32(id)
		res := Verify(p, Options{})
		if res.Verdict != Rejected || res.Reports[0].Kernel != want {
			t.Errorf("%s: %v %s %+v, want %q", name, res.Verdict, res.Reason, res.Reports, want)
		}
	}
}

// Without the kernel's types nothing is known of the function called.
func TestCallOfAKernelWithoutTypes(t *testing.T) {
	p := newProgram(t, "call 5\nr0 = 0\nexit")
	p.Insns[0].Src = isa.PseudoKfuncCall
	if res := Verify(p, Options{}); res.Verdict != Unsupported {
		t.Errorf("%v %+v", res.Verdict, res.Reports)
	}
}

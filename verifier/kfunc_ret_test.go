// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"testing"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
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
		refused := res.Verdict == Rejected && res.Reports[0].Code == catalog.TypeIDArgument && res.Reports[0].Kernel == message
		if refused != c.refused {
			t.Errorf("%s: %v %s %+v", c.name, res.Verdict, res.Reason, res.Reports)
		}
	}
}

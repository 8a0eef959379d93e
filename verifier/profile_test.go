// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"strings"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

func TestParseTarget(t *testing.T) {
	for name, want := range map[string]Target{"": Linux618, "6.18": Linux618, "7.3": Linux73} {
		if got, err := ParseTarget(name); got != want || err != nil {
			t.Errorf("%q is %v, %v", name, got, err)
		}
	}
	for _, name := range TargetNames() {
		if target, err := ParseTarget(name); err != nil || target.String() != name {
			t.Errorf("%q is %v, %v", name, target, err)
		}
	}
	if _, err := ParseTarget("6.1"); err == nil || !strings.Contains(err.Error(), "6.18 or 7.3") {
		t.Errorf("an unknown release gives %v", err)
	}
	if (Options{}).Target != Linux618 || profileOf(Linux618).rules != (rules{}) {
		t.Error("what nobody chose is not Linux 6.18")
	}
}

// submitLocal makes a dynptr of a map value and gives it to a function that
// releases one of a ring buffer.
const submitLocal = `
	*(u32 *)(r10 -4) = 0
	r1 = map[0] ll
	r2 = r10
	r2 += -4
	call 1                  ; bpf_map_lookup_elem
	if r0 == 0 goto +10
	r1 = r0
	r2 = 8
	r3 = 0
	r4 = r10
	r4 += -24
	call 197                ; bpf_dynptr_from_mem
	r1 = r10
	r1 += -24
	r2 = 0
	call 199                ; bpf_ringbuf_submit_dynptr
	r0 = 0
	exit`

func TestReleaseOfADynptrOfAnotherType(t *testing.T) {
	values := &program.Map{Name: "values", Type: facts.MapHash, KeySize: 4, ValueSize: 8, MaxEntries: 1}
	for _, test := range []struct {
		target  Target
		code    catalog.Code
		message string
	}{
		{Linux618, catalog.ReleaseNotOwned, "arg 1 is an unacquired reference"},
		{Linux73, catalog.DynptrTypeMismatch, "Expected a dynptr of type ringbuf as R1"},
	} {
		res := Verify(newProgram(t, submitLocal, values), Options{Target: test.target})
		if len(res.Reports) != 1 || res.Reports[0].Code != test.code || res.Reports[0].Kernel != test.message {
			t.Errorf("%s: %v %s %+v", test.target, res.Verdict, res.Reason, res.Reports)
		}
	}
}

// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"testing"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
)

// Half of a slot holds a number, the other half nothing. Such memory may be
// changed, but what it held may be read only by those who may read what was not
// written. The kernel asks for these capabilities apart; here loaders have both
// or none.
func TestFetchOfHalfANumber(t *testing.T) {
	const text = "r1 = 1\n*(u32 *)(r10 -8) = r1\nlock *(u64 *)(r10 -8) += r1\nr0 = 0\nexit"
	for _, c := range []struct {
		flag   int32
		uninit bool
		code   catalog.Code
	}{
		{0, false, ""},
		{isa.AtomicFetch, true, ""},
		{isa.AtomicFetch, false, catalog.UninitializedStackRead},
	} {
		p := newProgram(t, text)
		p.Insns[2].Imm |= c.flag
		v := newVerifier(p, Options{}, new(workspace))
		v.allowUninit = c.uninit
		r := v.verify()
		if (r == nil) != (c.code == "") || r != nil && r.report.Code != c.code {
			t.Errorf("%#x: %+v", c.flag, r)
		}
	}
}

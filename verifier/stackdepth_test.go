// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"testing"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
)

// A stack that is too large is so on every path: the one walked last must not
// be reported as if it led there.
func TestStackFaultHasNoPath(t *testing.T) {
	p := newProgram(t, `
		r1 = *(u32 *)(r1 +0)
		if r1 == 0 goto +1
		*(u64 *)(r10 -400) = 0
		call pc+1
		exit
		*(u64 *)(r10 -200) = 0
		r0 = 0
		exit`)
	res := Verify(p, Options{Record: true})
	if res.Verdict != Rejected || res.Reports[0].Code != catalog.LimitStackSize {
		t.Fatalf("%v %v %s", res.Verdict, res.Reports, res.Reason)
	}
	if len(res.History)+len(res.Path) > 0 {
		t.Errorf("%d events and %d steps of a path", len(res.History), len(res.Path))
	}
}

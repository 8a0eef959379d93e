// SPDX-License-Identifier: GPL-2.0-only

package loadfault

import (
	"strings"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// TestFaultWords requires words for every problem, without unfilled placeholders.
func TestFaultWords(t *testing.T) {
	check := func(what any, detail, advice string) {
		t.Helper()
		if detail == "" || !strings.HasSuffix(advice, ".") || strings.ContainsAny(detail+advice, "{}[]") {
			t.Errorf("%v: %q, %q", what, detail, advice)
		}
	}
	for p := program.MapUnknownType; p <= program.MapInnerType; p++ {
		for typ := facts.MapHash; typ <= facts.MapArena; typ++ {
			f := &program.Fault{Name: "m", Map: &program.Map{Type: typ}, Why: program.MapFault{Problem: p, Member: "key", Have: 5, Flags: program.MapFlagRdOnly}}
			detail, advice := mapWords(f)
			check(p, detail, advice)
			if strings.ContainsAny(detail[:1], "ABCDEFGHIJKLMNOPQRSTUVWXYZ") && detail[:4] != "BPF_" {
				t.Errorf("%v begins with a capital letter: %q", p, detail)
			}
		}
	}
	fields := []program.FieldProblem{}
	for p := program.FieldRepeated; p <= program.FieldMisplaced; p++ {
		fields = append(fields, p)
	}
	for p := program.FieldMapType; p <= program.FieldOwnerLoop; p++ {
		fields = append(fields, p)
	}
	for _, p := range fields {
		x := &program.FieldFault{Problem: p, Struct: "s", Member: "m", Field: "bpf_timer", Of: "o", Node: "n"}
		detail, advice := fieldWords(&program.Fault{Name: "m", Map: &program.Map{Type: facts.MapHash}, Field: x})
		check(p, detail, advice)
	}
}

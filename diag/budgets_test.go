// SPDX-License-Identifier: GPL-2.0-only

package diag_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/explain"
	"github.com/bpf-lsp/bpf-lsp/verifier"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// budgetOf verifies one of the programs that take much, and says where that went.
func budgetOf(t *testing.T, name string) (*diag.Budget, []diag.Diagnostic) {
	t.Helper()
	source, err := os.ReadFile(moduleRoot + "/testdata/budgets/budgets.c")
	if err != nil {
		t.Fatal(err)
	}
	obj := loadObject(t, moduleRoot+"/testdata/budgets/budgets.o")
	i := slices.IndexFunc(obj.Programs, func(p *program.Program) bool { return p.Name == name })
	r := verifier.Verify(obj.Programs[i], verifier.Options{Record: true, Budget: true})
	s := diag.Subject{Object: obj, Program: obj.Programs[i], Read: func(string) ([]byte, bool) { return source, true }}
	b, found := explain.Budget(s, &r), explain.Result(s, &r)
	lines := 0
	for _, l := range b.Lines {
		lines += l.Insns
	}
	if lines > b.Insns || lines < b.Insns/2 {
		t.Errorf("the lines took %d instructions out of %d", lines, b.Insns)
	}
	return b, found
}

// TestBudgetsOfRounds says of a loop which variables keep its rounds apart.
func TestBudgetsOfRounds(t *testing.T) {
	b, found := budgetOf(t, "too_many_rounds")
	if len(b.Loops) != 1 || b.Loops[0].Span.Line != 21 || b.Loops[0].Rounds < 100_000 || b.Loops[0].Insns < 900_000 {
		t.Fatalf("loops: %+v", b.Loops)
	}
	if !slices.ContainsFunc(b.Loops[0].Apart, func(s string) bool { return strings.HasPrefix(s, "`i` (1") }) {
		t.Errorf("new in each round: %q", b.Loops[0].Apart)
	}
	if len(b.Forks) != 0 {
		t.Errorf("two ways: %v", b.Forks)
	}
	if len(found) != 1 || found[0].Code != catalog.LimitInstructions {
		t.Fatal(found)
	}
	for _, text := range []string{"The loop in line 21 took", "each has another", "`i` (1"} {
		if !strings.Contains(found[0].Reason, text) {
			t.Errorf("%q is not said in %q", text, found[0].Reason)
		}
	}
}

// TestBudgetsOfBranches says which condition multiplies the paths through a loop.
func TestBudgetsOfBranches(t *testing.T) {
	b, found := budgetOf(t, "branches_in_rounds")
	if len(b.Loops) != 1 || b.Loops[0].Span.Line != 31 || b.Loops[0].Rounds != 300 || b.Loops[0].States < 1000 {
		t.Errorf("loops: %+v", b.Loops)
	}
	if len(b.Forks) == 0 || b.Forks[0].Span.Line != 35 || b.Forks[0].Times < 1000 {
		t.Errorf("two ways: %+v", b.Forks)
	}
	if len(found) != 1 || !strings.Contains(found[0].Reason, "From line 35 the walk had two ways to go") {
		t.Error(found)
	}
}

// TestBudgetsOfAccepted counts the rounds of nested loops, and finds the chain of calls
// that takes most stack.
func TestBudgetsOfAccepted(t *testing.T) {
	b, found := budgetOf(t, "loops_that_end")
	if len(found) != 0 {
		t.Error(found)
	}
	rounds := map[int]int{}
	for _, l := range b.Loops {
		rounds[l.Span.Line] = l.Rounds
		if len(l.Apart) != 0 {
			t.Errorf("new in each round: %q", l.Apart)
		}
	}
	if rounds[66] != 40 || rounds[68] != 25 {
		t.Errorf("rounds by line: %v", rounds)
	}
	var chain []string
	for _, s := range b.Stack {
		chain = append(chain, s.Function)
		if s.Bytes%16 != 0 {
			t.Errorf("%s takes %d bytes", s.Function, s.Bytes)
		}
	}
	if !slices.Equal(chain, []string{"loops_that_end", "fill_more", "fill"}) {
		t.Errorf("chain of calls: %v", chain)
	}
}

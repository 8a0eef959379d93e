// SPDX-License-Identifier: GPL-2.0-only

package diag_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/explain"
	"github.com/bpf-lsp/bpf-lsp/diag/render"
	"github.com/bpf-lsp/bpf-lsp/verifier"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// runOf verifies one of the programs that take much, as far as a summary needs it.
func runOf(t *testing.T, name string) (diag.Subject, *diag.Run) {
	t.Helper()
	source, err := os.ReadFile(moduleRoot + "/testdata/budgets/budgets.c")
	if err != nil {
		t.Fatal(err)
	}
	obj := loadObject(t, moduleRoot+"/testdata/budgets/budgets.o")
	i := slices.IndexFunc(obj.Programs, func(p *program.Program) bool { return p.Name == name })
	s := diag.Subject{Object: obj, Program: obj.Programs[i], Read: func(string) ([]byte, bool) { return source, true }}
	run := &diag.Run{Program: obj.Programs[i], Result: verifier.Verify(obj.Programs[i], verifier.Options{Record: true})}
	run.Diagnostics = explain.Result(s, &run.Result)
	return s, run
}

// TestSummaries says in one line what became of a program, at the name of its function.
func TestSummaries(t *testing.T) {
	for _, c := range []struct {
		name, want string
		line       int
		change     func(*diag.Run)
		near       bool
	}{
		{"loops_that_end", "accepted · 9,365 insns · 160 B stack", 62, func(*diag.Run) {}, false},
		{"loops_that_end", "accepted · 9,365 insns · 160 B stack · 7.3 ✓", 62, func(r *diag.Run) {
			r.Judged = []diag.Judgement{{Release: "7.3", Verdict: verifier.Accepted}}
		}, false},
		{"loops_that_end", "accepted · 9,365 insns · 160 B stack · 6.18 ✓ 7.3 ✗ 8.0 ?", 62, func(r *diag.Run) {
			r.Judged = []diag.Judgement{{Release: "6.18"}, {Release: "7.3", Verdict: verifier.Rejected},
				{Release: "8.0", Verdict: verifier.Unsupported}}
		}, false},
		{"loops_that_end", "accepted · 499,999 insns · 160 B stack", 62, func(r *diag.Run) {
			r.Result.Stats.InsnsProcessed = 499_999
		}, false},
		{"loops_that_end", "accepted · 500,000 of 1,000,000 insns · 70 states · 160 B stack", 62, func(r *diag.Run) {
			r.Result.Stats.InsnsProcessed, r.Result.Stats.TotalStates = 500_000, 70
		}, true},
		{"loops_that_end", "accepted · 9,365 insns · 384 of 512 B stack", 62, func(r *diag.Run) {
			r.Result.Stats.StackDepth = "0+300+70"
		}, true},
		{"loops_that_end", "not verified: a reason", 62, func(r *diag.Run) { r.Skip = "a reason" }, false},
		{"loops_that_end", "not verified: something new", 62, func(r *diag.Run) {
			r.Result = verifier.Result{Verdict: verifier.Unsupported, Reason: "something new"}
		}, false},
		{"too_many_rounds", "rejected · Verifier Limit: too many instructions to verify · 1,000,001 of 1,000,000 insns · 9,663 states",
			16, func(*diag.Run) {}, true},
	} {
		s, run := runOf(t, c.name)
		c.change(run)
		got := explain.Summary(s, run)
		if got.Text != c.want || got.Near != c.near {
			t.Errorf("%s: %q, near a limit: %v; want %q, %v", c.name, got.Text, got.Near, c.want, c.near)
		}
		if got.Span.Line != c.line || got.Span.Col != 5 || got.Span.EndCol != 5+len(c.name) {
			t.Errorf("%s is declared at %+v, want its name in line %d", c.name, got.Span, c.line)
		}
	}
}

func TestGrouped(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", -999: "-999", -1000: "-1,000"} {
		if got := catalog.Grouped(n); got != want {
			t.Errorf("%d is written %s, want %s", n, got, want)
		}
	}
}

// TestHeat holds the lines of programs with what the walk took there against a golden
// file.
func TestHeat(t *testing.T) {
	var out bytes.Buffer
	for _, name := range []string{"too_many_rounds", "branches_in_rounds", "loops_that_end"} {
		b, _ := budgetOf(t, name)
		source, err := os.ReadFile(moduleRoot + "/testdata/budgets/budgets.c")
		if err != nil {
			t.Fatal(err)
		}
		p := render.Printer{Show: filepath.Base, Read: func(string) ([]byte, bool) { return source, true }}
		if err := p.PrintHeat(&out, name, b); err != nil {
			t.Fatal(err)
		}
	}
	golden(t, "heat.golden", out.String())
}

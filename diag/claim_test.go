// SPDX-License-Identifier: GPL-2.0-only

package diag_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/explain"
	"github.com/bpf-lsp/bpf-lsp/verifier"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// everyReport calls do with the diagnostics of a program of a committed object, faults beyond the
// kernel's first included, each with the walk that found it.
func everyReport(t *testing.T, do func(where string, p *program.Program, r *verifier.Result, d *diag.Diagnostic)) {
	t.Helper()
	objects, err := filepath.Glob(moduleRoot + "/testdata/*/*.o")
	if err != nil || len(objects) == 0 {
		t.Fatal(err, "no objects")
	}
	for _, name := range objects {
		elf, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		obj, err := program.Load(elf, program.Options{Name: filepath.Base(name)})
		if err != nil {
			continue // a broken object of other tests
		}
		read := func(file string) ([]byte, bool) {
			base := filepath.Base(file)
			for _, dir := range []string{filepath.Dir(name), moduleRoot + "/testdata/programs"} {
				if text, err := os.ReadFile(filepath.Join(dir, base)); err == nil {
					return text, true
				}
			}
			return nil, false
		}
		for _, p := range obj.Programs {
			walks := []verifier.Result{verifier.Verify(p, verifier.Options{LogLevel: 1, Record: true})}
			if walks[0].Verdict == verifier.Rejected {
				again := verifier.Verify(p, verifier.Options{Record: true, Further: true})
				walks = append(walks, again.Further...)
			}
			for i := range walks {
				for _, d := range explain.Result(diag.Subject{Object: obj, Program: p, Read: read}, &walks[i]) {
					do(strings.TrimPrefix(name, moduleRoot+"/")+" "+p.Name, p, &walks[i], &d)
				}
			}
		}
	}
}

// TestClaimsHold requires that nothing that is reported of a committed object contradicts
// the walk, and that every number in it belongs to a claim.
func TestClaimsHold(t *testing.T) {
	reports, claims, checked, stated, open := 0, 0, 0, 0, 0
	everyReport(t, func(where string, p *program.Program, r *verifier.Result, d *diag.Diagnostic) {
		refuted, n := explain.Refute(p, r, d)
		reports, claims, checked = reports+1, claims+len(d.Claims), checked+n
		for _, why := range refuted {
			t.Errorf("%s line %d: %s", where, d.Span.Line, why)
		}
		unclaimed, all := explain.Unclaimed(d)
		stated, open = stated+all, open+len(unclaimed)
		for _, sentence := range unclaimed {
			t.Errorf("%s line %d: a number without a claim: %s", where, d.Span.Line, sentence)
		}
	})
	t.Logf("%d reports, %d claims, %d judged; %d sentences with numbers, %d of them without a claim", reports, claims, checked, stated, open)
	if checked < 150 {
		t.Errorf("only %d of %d claims were judged", checked, claims)
	}
}

// TestFalseNumbersAreRefuted requires the checker to fail on a claim with any other number
// than the walk shows, and on one about a pointer where it may still be NULL. The words are taken away, since a number
// that they do not have would be refuted for that alone.
func TestFalseNumbersAreRefuted(t *testing.T) {
	const wrong = 1_000_003 // more than a number that a program has by chance
	kinds := map[diag.ClaimKind]int{}
	everyReport(t, func(where string, p *program.Program, r *verifier.Result, d *diag.Diagnostic) {
		refutes := func(c diag.Claim) (refuted, judged bool) {
			alone := *d
			alone.Claims = []diag.Claim{c}
			why, n := explain.Refute(p, r, &alone)
			return len(why) > 0, n > 0
		}
		for _, c := range d.Claims {
			if _, judged := refutes(c); !judged || c.Kind <= diag.ClaimOwned {
				continue
			}
			c.Clause = ""
			for _, number := range stated(&c) {
				altered := c
				switch c.Kind {
				case diag.ClaimNotNull:
					altered.Event-- // before the branch
				case diag.ClaimQuoted:
					altered.Clause = "something else"
				}
				for _, n := range []*int64{&altered.Low, &altered.High, &altered.Width} {
					if *n == number {
						*n += wrong
					}
				}
				if refuted, judged := refutes(altered); judged && !refuted {
					t.Errorf("%s line %d: %+v is not refuted with another number than %d", where, d.Span.Line, c, number)
				}
				kinds[c.Kind]++
			}
		}
	})
	for kind := diag.ClaimOwned + 1; kind < diag.ClaimKernel; kind++ {
		if kinds[kind] == 0 {
			t.Errorf("no claim of kind %d to alter", kind)
		}
	}
}

// stated are the numbers of a claim that its kind states.
func stated(c *diag.Claim) []int64 {
	switch c.Kind {
	case diag.ClaimNotNull, diag.ClaimQuoted:
		return []int64{0}
	case diag.ClaimWidth:
		return []int64{c.Width}
	}
	return slices.DeleteFunc(slices.Compact([]int64{c.Low, c.High}), func(n int64) bool {
		return n == diag.UnlimitedLow || n == diag.UnlimitedHigh
	})
}

// TestFalseClaimsAreRefuted requires the checker to fail on a false claim.
func TestFalseClaimsAreRefuted(t *testing.T) {
	name := explainDir + "/lost_references.o"
	elf, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	obj, err := program.Load(elf, program.Options{Name: name})
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile(strings.TrimSuffix(name, ".o") + ".c")
	if err != nil {
		t.Fatal(err)
	}
	read := func(string) ([]byte, bool) { return source, true }
	turned := 0
	for _, p := range obj.Programs {
		r := verifier.Verify(p, verifier.Options{LogLevel: 1, Record: true})
		for _, d := range explain.Result(diag.Subject{Object: obj, Program: p, Read: read}, &r) {
			for i := range d.Claims {
				c := &d.Claims[i]
				if c.Kind != diag.ClaimCondition || c.Text != "!e" {
					continue
				}
				c.Truth = !c.Truth
				if refuted, _ := explain.Refute(p, &r, &d); len(refuted) == 0 {
					t.Errorf("%s: %s told the wrong way round is not refuted", p.Name, c.Text)
				}
				turned++
			}
		}
	}
	if turned == 0 {
		t.Error("no condition to turn round")
	}
}

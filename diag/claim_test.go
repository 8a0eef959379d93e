// SPDX-License-Identifier: GPL-2.0-only

package diag_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/explain"
	"github.com/bpf-lsp/bpf-lsp/verifier"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// TestClaimsHold requires that nothing that is reported of a committed object contradicts the walk.
func TestClaimsHold(t *testing.T) {
	objects, err := filepath.Glob(moduleRoot + "/testdata/*/*.o")
	if err != nil || len(objects) == 0 {
		t.Fatal(err, "no objects")
	}
	claims, checked := 0, 0
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
			r := verifier.Verify(p, verifier.Options{LogLevel: 1, Record: true})
			for _, d := range explain.Result(diag.Subject{Object: obj, Program: p, Read: read}, &r) {
				refuted, n := explain.Refute(p, &r, &d)
				claims, checked = claims+len(d.Claims), checked+n
				for _, why := range refuted {
					t.Errorf("%s %s line %d: %s", strings.TrimPrefix(name, moduleRoot+"/"), p.Name, d.Span.Line, why)
				}
			}
		}
	}
	t.Logf("%d claims, %d judged", claims, checked)
	if checked < 150 {
		t.Errorf("only %d of %d claims were judged", checked, claims)
	}
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

// SPDX-License-Identifier: GPL-2.0-only

package diag_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/explain"
	"github.com/bpf-lsp/bpf-lsp/verifier"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// The programs of testdata/dwarf/faults.bpf.c are rejected, and their lines
// alone do not show which variables are meant.

const dwarfDir = "../testdata/dwarf/"

// wantNamed is an expectation: // want code "part of the message" related "part of a related message".
var wantNamed = regexp.MustCompile(`// want ([a-z-]+/[a-z0-9-]+) "([^"]+)" related "([^"]+)"`)

func diagnoseObject(t *testing.T, name string) []diag.Diagnostic {
	t.Helper()
	elf, err := os.ReadFile(dwarfDir + name)
	if err != nil {
		t.Fatal(err)
	}
	obj, err := program.Load(elf, program.Options{Name: name})
	if err != nil {
		t.Fatal(err)
	}
	read := func(file string) ([]byte, bool) {
		text, err := os.ReadFile(dwarfDir + filepath.Base(file))
		return text, err == nil
	}
	var found []diag.Diagnostic
	for _, p := range obj.Programs {
		res := verifier.Verify(p, verifier.Options{LogLevel: 1, Record: true})
		found = append(found, explain.Result(diag.Subject{Object: obj, Program: p, Read: read}, &res)...)
	}
	return found
}

func TestVariablesNamed(t *testing.T) {
	found := diagnoseObject(t, "faults.bpf.o")
	wants := 0
	for _, source := range []string{"faults.bpf.c", "faults.h"} {
		text, err := os.ReadFile(dwarfDir + source)
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(string(text), "\n") {
			m := wantNamed.FindStringSubmatch(line)
			if m == nil {
				continue
			}
			wants++
			met := false
			for _, d := range found {
				if filepath.Base(d.Span.File) != source || d.Span.Line != i+1 {
					continue
				}
				met = true
				if string(d.Code) != m[1] || !strings.Contains(d.Message(), m[2]) {
					t.Errorf("%s:%d: %s %s", source, i+1, d.Code, d.Message())
				}
				var related []string
				for _, r := range d.Related {
					related = append(related, r.Message)
				}
				if !strings.Contains(strings.Join(related, "\n"), m[3]) {
					t.Errorf("%s:%d: %q has no %q", source, i+1, related, m[3])
				}
			}
			if !met {
				t.Errorf("%s:%d: nothing found", source, i+1)
			}
		}
	}
	if wants != len(found) {
		t.Errorf("%d diagnostics for %d expectations", len(found), wants)
	}
}

// TestAcquiredFirst requires the acquiring call before the inlined calls that lead
// to it.
func TestAcquiredFirst(t *testing.T) {
	for _, d := range diagnoseObject(t, "faults.bpf.o") {
		if d.RefSite >= 0 && (len(d.Related) == 0 || !strings.Contains(d.Related[0].Message, "reserved here")) {
			t.Errorf("%s: %v", d.Program, d.Related)
		}
	}
}

// TestWithoutDWARF requires the same faults from an object with BTF alone.
func TestWithoutDWARF(t *testing.T) {
	full, bare := diagnoseObject(t, "faults.bpf.o"), diagnoseObject(t, "stripped.bpf.o")
	if len(full) != len(bare) {
		t.Fatalf("%d diagnostics, %d with DWARF", len(bare), len(full))
	}
	for i := range bare {
		a, b := &full[i], &bare[i]
		if a.Code != b.Code || a.PC != b.PC || a.Kernel != b.Kernel || a.Program != b.Program || b.Reason == "" || b.Span.IsZero() {
			t.Errorf("%+v\nwith DWARF %+v", b, a)
		}
		for _, r := range b.Related {
			if strings.Contains(r.Message, "inlined") {
				t.Errorf("%s: %s", b.Program, r.Message)
			}
		}
	}
}

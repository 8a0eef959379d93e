// SPDX-License-Identifier: GPL-2.0-only

package diag_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/explain"
	"github.com/bpf-lsp/bpf-lsp/verifier"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// TestOwnStructOnce requires one report of a struct whose name is in use, however many of its members the program
// accesses.
func TestOwnStructOnce(t *testing.T) {
	elf, err := os.ReadFile(explainDir + "/struct_names.o")
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile(explainDir + "/struct_names.c")
	if err != nil {
		t.Fatal(err)
	}
	obj, err := program.Load(elf, program.Options{Name: "struct_names.o"})
	if err != nil {
		t.Fatal(err)
	}
	read := func(file string) ([]byte, bool) { return source, filepath.Base(file) == "struct_names.c" }
	for _, p := range obj.Programs {
		if p.Name != "two_members" {
			continue
		}
		if len(p.LoadErrors) < 2 {
			t.Fatalf("%d relocations without a match, not two", len(p.LoadErrors))
		}
		s := diag.Subject{Object: obj, Program: p, Read: read}
		r := verifier.Verify(p, verifier.Options{LogLevel: 1, Record: true})
		if more := explain.Relocations(s, p.LoadErrors, explain.Result(s, &r)); len(more) != 0 {
			t.Errorf("%d further reports, the first in line %d", len(more), more[0].Span.Line)
		}
		if all := explain.Relocations(s, p.LoadErrors, nil); len(all) != 1 {
			t.Errorf("%d reports by themselves, not one", len(all))
		}
		return
	}
	t.Fatal("no such program")
}

// SPDX-License-Identifier: GPL-2.0-only

package check

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/lsp/compile"
	"github.com/bpf-lsp/bpf-lsp/verifier"
)

// extendingBuilder stands in for clang and a project file.
type extendingBuilder struct {
	objects  map[string][]byte // by source
	extended []compile.Extended
}

func (b *extendingBuilder) BuildUnsaved(_ context.Context, file string, _ compile.Unsaved) (compile.Object,
	[]diag.Diagnostic, error) {
	return compile.Object{ELF: b.objects[file], Deps: []string{file},
		Command: compile.Command{Clang: "clang", File: file}}, nil, nil
}

func (b *extendingBuilder) Extended(context.Context, string) []compile.Extended { return b.extended }
func (b *extendingBuilder) Version(compile.Command) string                      { return "clang version 99" }
func (b *extendingBuilder) Knows(context.Context, string) bool                  { return false }
func (b *extendingBuilder) Forget()                                             {}

// TestExtendedUnit checks programs that replace functions of another file's.
func TestExtendedUnit(t *testing.T) {
	dir := t.TempDir()
	source, target := filepath.Join(dir, "extension.c"), filepath.Join(dir, "whole.c")
	b := &extendingBuilder{objects: map[string][]byte{}}
	for file, object := range map[string]string{source: "extension.o", target: "whole.o"} {
		data, err := os.ReadFile(filepath.Join("../../testdata/linked", object))
		if err != nil {
			t.Fatal(err)
		}
		b.objects[file] = data
		if err := os.WriteFile(file, nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	c := New(Settings{Workers: 1})
	c.Builder = b
	for _, tt := range []struct {
		name               string
		extended           []compile.Extended
		accepted, rejected int
	}{
		{"the target is not known", nil, 0, 0},
		{"the target is known", []compile.Extended{{File: target}}, 1, 1},
		{"the program is named", []compile.Extended{{File: target, Program: "first"}}, 1, 1},
		{"the program has neither function", []compile.Extended{{File: target, Program: "second"}}, 0, 0},
		{"the target does not compile", []compile.Extended{{File: filepath.Join(dir, "none.c")}}, 0, 0},
	} {
		b.extended = tt.extended
		r := run(t, c, Request{File: source})
		accepted, rejected, skipped := r.Counts()
		if accepted != tt.accepted || rejected != tt.rejected || accepted+rejected+skipped != 2 {
			t.Errorf("%s: %d accepted, %d rejected, %d not verified", tt.name, accepted, rejected, skipped)
		}
		for _, p := range r.Programs {
			if p.Skip == "" && p.Result.Verdict == verifier.Rejected && p.Program.Name != "add_one" {
				t.Errorf("%s: %s is rejected", tt.name, p.Program.Name)
			}
		}
		if len(tt.extended) > 0 && !slices.Contains(r.Deps, tt.extended[0].File) {
			t.Errorf("%s: depends on %q", tt.name, r.Deps)
		}
	}
}

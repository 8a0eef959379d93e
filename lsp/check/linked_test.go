// SPDX-License-Identifier: GPL-2.0-only

package check

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/lsp/compile"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// linkingBuilder stands in for clang and a build that links.
type linkingBuilder struct {
	objects map[string][]byte // by source
	link    []string
	builds  []string
	certain bool // only says so of a file that is certainly a part
}

func (b *linkingBuilder) BuildUnsaved(_ context.Context, file string, _ compile.Unsaved) (compile.Object,
	[]diag.Diagnostic, error) {
	b.builds = append(b.builds, filepath.Base(file))
	return compile.Object{ELF: b.objects[file], Deps: []string{file},
		Command: compile.Command{Clang: "clang", File: file}}, nil, nil
}

func (b *linkingBuilder) Linked(_ context.Context, _ string, part bool) (compile.Link, bool) {
	return compile.Link{Object: "whole.o", Files: slices.Clone(b.link)}, part || !b.certain
}
func (b *linkingBuilder) Version(compile.Command) string     { return "clang version 99" }
func (b *linkingBuilder) Knows(context.Context, string) bool { return false }
func (b *linkingBuilder) Forget()                            {}

// linkedUnits returns a checker of files whose objects are those of testdata/linked.
func linkedUnits(t *testing.T, objects ...string) (*Checker, *linkingBuilder) {
	t.Helper()
	b := &linkingBuilder{objects: map[string][]byte{}}
	dir := t.TempDir()
	for _, name := range objects {
		data, err := os.ReadFile(filepath.Join("../../testdata/linked", name))
		if err != nil {
			t.Fatal(err)
		}
		source := filepath.Join(dir, strings.TrimSuffix(name, ".o")+".c")
		if err := os.WriteFile(source, nil, 0o644); err != nil {
			t.Fatal(err)
		}
		b.objects[source], b.link = data, append(b.link, source)
	}
	c := New(Settings{Workers: 1})
	c.Builder = b
	return c, b
}

func names(r *Report) (out []string) {
	for _, run := range r.Programs {
		out = append(out, run.Program.Name)
	}
	return out
}

// TestLinkedUnit checks the two files of an object: each has its own programs, which need the other file.
func TestLinkedUnit(t *testing.T) {
	for _, certain := range []bool{false, true} {
		c, b := linkedUnits(t, "main.o", "other.o")
		b.certain = certain
		r := run(t, c, Request{File: b.link[0]})
		if accepted, _, _ := r.Counts(); accepted != 1 || !slices.Equal(names(r), []string{"first"}) ||
			!slices.Equal(r.Linked, b.link) || !slices.Contains(r.Deps, b.link[1]) {
			t.Errorf("%q accepted of %q; linked %q, depends on %q", names(r), r.File, r.Linked, r.Deps)
		}
		if len(r.Diagnostics()) != 0 {
			t.Errorf("diagnostics: %v", r.Diagnostics())
		}
	}
}

// TestFaultInAnotherFile finds a fault at its place in the file that has it, and reports it once.
func TestFaultInAnotherFile(t *testing.T) {
	c, b := linkedUnits(t, "main.o", "other.fault.o")
	if r := run(t, c, Request{File: b.link[0]}); len(r.Diagnostics()) != 0 {
		t.Errorf("the first file: %v", r.Diagnostics())
	}
	r := run(t, c, Request{File: b.link[1]})
	ds := r.Diagnostics()
	if len(ds) != 1 || ds[0].Severity != diag.Error || !strings.HasSuffix(ds[0].Span.File, "linked/other.c") ||
		ds[0].Span.Line == 0 || ds[0].Program != "second" {
		t.Errorf("the second file: %v", ds)
	}
}

// TestPartsAreBuiltOnce builds a file again only if it has changed.
func TestPartsAreBuiltOnce(t *testing.T) {
	c, b := linkedUnits(t, "main.o", "other.o")
	req := Request{File: b.link[0]}
	run(t, c, req)
	run(t, c, req)
	if got := strings.Join(b.builds, " "); got != "main.c other.c main.c" {
		t.Errorf("built %s", got)
	}
	b.builds = nil
	if err := os.WriteFile(b.link[1], []byte("\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	run(t, c, req)
	req.Unsaved = compile.Unsaved{b.link[1]: "/* not saved */"}
	run(t, c, req)
	run(t, c, req)
	c.Forget()
	run(t, c, Request{File: req.File})
	if got := strings.Join(b.builds, " "); got != "main.c other.c main.c other.c main.c other.c main.c other.c" {
		t.Errorf("built %s", got)
	}
}

// TestPartThatDoesNotBuild leaves a file as it is without the other: its program is incomplete.
func TestPartThatDoesNotBuild(t *testing.T) {
	c, b := linkedUnits(t, "main.o", "other.o")
	b.objects[b.link[1]] = nil
	r := run(t, c, Request{File: b.link[0]})
	if ds := r.Diagnostics(); len(ds) == 0 || ds[0].Code != catalog.IncompleteProgram || r.Linked != nil {
		t.Errorf("%v, linked %q", ds, r.Linked)
	}
}

// TestConflictIsReportedOnce reports a conflict in the file that is linked first.
func TestConflictIsReportedOnce(t *testing.T) {
	c, b := linkedUnits(t, "other.o", "conflict1.o")
	first, second := run(t, c, Request{File: b.link[0]}), run(t, c, Request{File: b.link[1]})
	if ds := first.Diagnostics(); len(ds) != 1 || ds[0].Code != catalog.LinkConflict || ds[0].Severity != diag.Error {
		t.Errorf("the first file: %v", ds)
	}
	if ds := second.Diagnostics(); len(ds) != 0 {
		t.Errorf("the second file: %v", ds)
	}
}

// TestBrokenLinker takes a panic of the linker for a fault of the object.
func TestBrokenLinker(t *testing.T) {
	c, b := linkedUnits(t, "main.o", "other.o")
	c.LoadLinked = func([]program.Part, program.Options) (*program.Object, error) { panic("odd object") }
	if r := run(t, c, Request{File: b.link[0]}); r.Linked != nil || len(r.Programs) != 1 {
		t.Errorf("linked %q", r.Linked)
	}
}

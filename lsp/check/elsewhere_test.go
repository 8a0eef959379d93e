// SPDX-License-Identifier: GPL-2.0-only

package check

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/lsp/compile"
)

// elsewhereUnit returns a report on a unit in a directory that also has h.h and k.h.
func elsewhereUnit(t *testing.T, text string) *Report {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "a.bpf.c")
	for name, text := range map[string]string{file: text, filepath.Join(dir, "h.h"): "int x;\n",
		filepath.Join(dir, "k.h"): "int y;\n"} {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return &Report{File: file, Command: compile.Command{Dir: dir}, Source: NewSource(nil)}
}

// says adds a message of the compiler in a file included from the given lines of the unit.
func (r *Report) says(severity diag.Severity, file string, line int, text string, from ...int) {
	d := diag.Diagnostic{Code: catalog.CompileError, Severity: severity, Source: diag.SourceClang, Reason: text, PC: -1,
		RefSite: -1,
		Span:    diag.Span{File: filepath.Join(r.Command.Dir, file), Line: line, Col: 5}}
	for _, l := range from {
		d.Related = append(d.Related, diag.Related{Span: diag.Span{File: r.File, Line: l},
			Message: "included from here", Note: true})
	}
	r.Compiler = append(r.Compiler, d)
}

// inUnit returns what an editor shows in the unit, like everywhere.
func (r *Report) inUnit(t *testing.T) []string {
	t.Helper()
	return r.shown(t, slices.DeleteFunc(r.ForEditor(r.Diagnostics()), func(d diag.Diagnostic) bool {
		return d.Span.File != r.File
	}))
}

// everywhere returns what an editor shows: place and message, with related places on the lines below.
func (r *Report) everywhere(t *testing.T) []string {
	t.Helper()
	return r.shown(t, r.ForEditor(r.Diagnostics()))
}

func (r *Report) shown(t *testing.T, ds []diag.Diagnostic) (out []string) {
	t.Helper()
	name := func(s diag.Span) string {
		s.File, _ = filepath.Rel(r.Command.Dir, s.File)
		return s.String()
	}
	for _, d := range ds {
		out = append(out, name(d.Span)+" "+d.Severity.String()+" "+d.Message())
		for _, rel := range d.Related {
			out = append(out, "  "+name(rel.Span)+" "+rel.Message)
		}
	}
	return out
}

func TestErrorsInHeadersMarkTheInclude(t *testing.T) {
	r := elsewhereUnit(t, "#include \"h.h\"\n#include \"k.h\"\n")
	r.says(diag.Error, "h.h", 7, "bad", 1)
	r.says(diag.Error, "h.h", 9, "worse", 1)
	r.says(diag.Warning, "h.h", 8, "odd", 1)
	r.says(diag.Error, "k.h", 3, "also bad", 2)
	r.says(diag.Error, "a.bpf.c", 3, "own")
	want := []string{
		"a.bpf.c:3:5 error own",
		"a.bpf.c:1 error In included file: bad (and 1 more)", "  h.h:7:5 the error is here", "  h.h:9:5 worse",
		"a.bpf.c:2 error In included file: also bad", "  k.h:3:5 the error is here",
	}
	if d := cmp.Diff(want, r.inUnit(t)); d != "" {
		t.Error(d)
	}
	if got := len(r.Diagnostics()); got != 5 {
		t.Errorf("a terminal shows %d, want each once", got)
	}
	if got := len(r.everywhere(t)); got != 5+2+3+4 {
		t.Errorf("the headers lost theirs: %q", r.everywhere(t))
	}
}

func TestErrorsThatNoIncludeLeadsToMarkTheTop(t *testing.T) {
	r := elsewhereUnit(t, "int x;\n")
	r.says(diag.Error, "h.h", 7, "bad")
	if d := cmp.Diff([]string{"a.bpf.c:1 error In included file: bad", "  h.h:7:5 the error is here"},
		r.inUnit(t)); d != "" {
		t.Error(d)
	}
}

func TestFilesThatDoNotExistAreShownInTheUnit(t *testing.T) {
	r := elsewhereUnit(t, "#line 100 \"gone.y\"\nint a;\n#include \"h.h\"\nint b;\n# 7\nint c;\n#line 20 \"h.h\"\nint "+
		"d;\n")
	r.says(diag.Error, "gone.y", 100, "first")
	r.says(diag.Warning, "gone.y", 102, "second")
	r.says(diag.Error, "gone.y", 7, "third")
	r.says(diag.Error, "h.h", 20, "fourth")
	r.says(diag.Warning, "gone.h", 1, "fifth", 3)
	r.says(diag.Error, "far.h", 1, "sixth")
	r.Compiler[5].Related = []diag.Related{{Span: diag.Span{File: filepath.Join(r.Command.Dir, "gone.y"), Line: 101},
		Message: "included from here", Note: true}}
	want := []string{
		"a.bpf.c:6:5 error third", "  gone.y:7:5 what `#line` calls this line",
		"a.bpf.c:2:5 error first", "  gone.y:100:5 what `#line` calls this line",
		"a.bpf.c:4:5 warning second", "  gone.y:102:5 what `#line` calls this line",
		"h.h:20:5 error fourth",
		"a.bpf.c:3 error In included file: sixth", "  far.h:1:5 the error is here", "  gone.y:101 included from here",
		"a.bpf.c:3 warning In included file: fifth", "  gone.h:1:5 the warning is here",
		"a.bpf.c:8:5 error In included file: fourth", "  h.h:20:5 the error is here",
	}
	if d := cmp.Diff(want, r.everywhere(t)); d != "" {
		t.Error(d)
	}
}

func TestUnbuiltUnitIsMarkedWhereClangIsLeftToAnotherTool(t *testing.T) {
	r := elsewhereUnit(t, "#include \"h.h\"\n")
	r.says(diag.Error, "h.h", 7, "bad", 1)
	want := []string{"a.bpf.c:1 info Not verified: The file does not compile for BPF: bad.",
		"  h.h:7:5 the error is here"}
	if d := cmp.Diff(want, r.shown(t, r.ForEditor(r.DiagnosticsBesideClangd()))); d != "" {
		t.Error(d)
	}
}

func TestUnitBehindALinkKeepsItsName(t *testing.T) {
	r := elsewhereUnit(t, "#include \"h.h\"\n")
	link := filepath.Join(r.Command.Dir, "link.bpf.c")
	if err := os.Symlink(r.File, link); err != nil {
		t.Skip(err)
	}
	r.says(diag.Error, "a.bpf.c", 7, "bad")
	r.says(diag.Error, "h.h", 7, "worse", 1)
	r.File = link
	want := []string{"link.bpf.c:7:5 error bad", "link.bpf.c:1 error In included file: worse",
		"  h.h:7:5 the error is here"}
	if d := cmp.Diff(want, r.inUnit(t)); d != "" {
		t.Error(d)
	}
}

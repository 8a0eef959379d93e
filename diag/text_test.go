// SPDX-License-Identifier: GPL-2.0-only

package diag_test

import (
	"bytes"
	"flag"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/explain"
	"github.com/bpf-lsp/bpf-lsp/diag/render"
	"github.com/bpf-lsp/bpf-lsp/verifier"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func golden(t *testing.T, name, got string) {
	t.Helper()
	name = filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("%s (run with -update after a look at the difference):\n%s", name, d)
	}
}

// programSource reads the sources of the committed objects, which were
// compiled under another directory.
func programSource(file string) ([]byte, bool) {
	text, err := os.ReadFile(filepath.Join(programDir, path.Base(filepath.ToSlash(file))))
	return text, err == nil
}

// TestReportsOfPrograms holds the whole report of each rejected program
// against a golden file, which shows what users see.
func TestReportsOfPrograms(t *testing.T) {
	objects, err := filepath.Glob(filepath.Join(objectDir, "*.bpf.o"))
	if err != nil || len(objects) == 0 {
		t.Fatalf("no objects: %v", err)
	}
	var out bytes.Buffer
	printer := render.Printer{Read: programSource, Show: filepath.Base}
	for _, name := range objects {
		obj := loadObject(t, name)
		for _, p := range obj.Programs {
			r := verifier.Verify(p, verifier.Options{LogLevel: 1, Record: true})
			for _, d := range explain.Result(diag.Subject{Object: obj, Program: p, Read: programSource}, &r) {
				if err := printer.Print(&out, &d); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	golden(t, "programs.golden", out.String())
}

const twoFiles = `int f(void)
{
	int		x = "ä" + 1;	/* tabs and more than ASCII */
	call(x,
	     2);
	return x;
}
`

// TestPrinter shows the layout in the cases that programs rarely give: several
// files, spans of several lines, tabs, wide text, unknown places.
func TestPrinter(t *testing.T) {
	read := func(file string) ([]byte, bool) {
		return []byte(twoFiles), file == "a.c" || file == "b.h"
	}
	d := diag.Diagnostic{
		Code: catalog.OutOfBounds, Severity: diag.Error, Source: diag.SourceVerifier, Problem: "access outside of bounds",
		Reason: "`x` is too large.", Suggestion: strings.Repeat("Check the index first. ", 8), Kernel: "line one\nline two",
		Program: "f", Section: "xdp", PC: 7,
		Span: diag.Span{File: "a.c", Line: 4, Col: 2, EndLine: 5, EndCol: 9},
		Related: []diag.Related{
			{Span: diag.Span{File: "b.h", Line: 1, Col: 5, EndLine: 1, EndCol: 6}, Message: "declared here"},
			{Span: diag.Span{File: "a.c", Line: 3, Col: 12, EndLine: 3, EndCol: 20}, Message: "set here"},
			{Span: diag.Span{File: "gone.h", Line: 12}, Message: "somewhere else"},
			{Span: diag.Span{File: "a.c", Line: 99, Col: 4}, Message: "behind the end"},
		},
	}
	fileOnly := diag.FromFault(catalog.InvalidObject, diag.Span{File: "x.o"}, "it is empty")
	var out bytes.Buffer
	for _, p := range []render.Printer{{Read: read}, {Read: read, Color: true}} {
		for _, d := range []diag.Diagnostic{d, fileOnly} {
			if err := p.Print(&out, &d); err != nil {
				t.Fatal(err)
			}
		}
	}
	golden(t, "printer.golden", out.String())
}

func TestMerge(t *testing.T) {
	at := diag.Span{File: "a.c", Line: 3, Col: 1}
	one := diag.Diagnostic{Code: catalog.OutOfBounds, Severity: diag.Error, Span: at, Program: "p", RefSite: -1, Problem: "access"}
	two := one
	two.Program = "q"
	leak := one
	leak.RefSite, leak.Reason = 7, "It leaks."
	unrolled := leak // the same call in another round
	unrolled.RefSite = 9
	merged := diag.Merge([]diag.Diagnostic{two, leak, one, one, unrolled})
	if len(merged) != 2 {
		t.Fatalf("merged into %d, want 2: %v", len(merged), merged)
	}
	if got, want := merged[0].Message(), "Access (in programs p, q)"; got != want {
		t.Errorf("message is %q, want %q", got, want)
	}
	if again := diag.Merge([]diag.Diagnostic{one, two, unrolled, leak}); !reflect.DeepEqual(merged, again) {
		t.Errorf("the order decides: %v and %v", merged, again)
	}
}

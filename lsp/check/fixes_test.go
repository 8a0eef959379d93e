// SPDX-License-Identifier: GPL-2.0-only

package check

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"context"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/lsp/compile"
	"github.com/bpf-lsp/bpf-lsp/testdata/deadline"
)

var update = flag.Bool("update", false, "write the fixed forms of the programs below testdata/fixes")

// The programs below testdata/fixes say in comments which changes are offered for them: see its README.

const fixesDir = "../../testdata/fixes"

var (
	fixRE   = regexp.MustCompile(`// (fix|choice) ([a-z-]+)`)
	clangRE = regexp.MustCompile(`// clang: (.*)`)
)

// source is a C file of the tests, in a directory of its own.
type source struct {
	text    string
	req     Request
	checker *Checker
}

func newSource(t *testing.T, file string) source {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var flags []string
	if m := clangRE.FindStringSubmatch(string(text)); m != nil {
		flags = strings.Fields(m[1])
	}
	if strings.HasPrefix(filepath.Base(file), "v2_") {
		flags = append(flags, "-mcpu=v2")
	}
	copied := filepath.Join(t.TempDir(), strings.TrimSuffix(filepath.Base(file), ".c")+".bpf.c")
	if err := os.WriteFile(copied, text, 0o644); err != nil {
		t.Fatal(err)
	}
	return source{string(text), Request{File: copied},
		New(Settings{Clang: compile.Settings{CacheDir: t.TempDir(), Flags: flags}})}
}

// check checks the source as it is, or skips the test if there is no clang.
func (s *source) check(t *testing.T) *Report {
	t.Helper()
	r := run(t, s.checker, s.req)
	if len(r.Faults) > 0 && r.Faults[0].Code == catalog.CompilerNotFound {
		t.Skipf("SKIPPED, NEEDS CLANG: %s", r.Faults[0].Reason)
	}
	return r
}

func (s *source) prove(t *testing.T, r *Report, d *diag.Diagnostic) (p Proof) {
	t.Helper()
	deadline.Within(t, "the proof", func(ctx context.Context) {
		var err error
		if p, err = s.checker.Prove(ctx, s.req, r, d); err != nil {
			t.Error(err)
		}
	})
	return p
}

func TestFixes(t *testing.T) {
	files, err := filepath.Glob(fixesDir + "/*.c")
	if err != nil || len(files) == 0 {
		t.Fatal(err, "no programs")
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			s := newSource(t, file)
			r := s.check(t)
			checkOffered(t, &s, r)
			checkRepaired(t, &s, r, strings.TrimSuffix(file, ".c")+".fixed")
		})
	}
}

// checkOffered requires an offered change of the right kind on every marked line, and no diagnostic elsewhere.
func checkOffered(t *testing.T, s *source, r *Report) {
	lines := strings.Split(s.text, "\n")
	met := map[int]bool{}
	ds := r.Diagnostics()
	for i := range ds {
		d := &ds[i]
		if d.Source == diag.SourceClang && d.Severity != diag.Error {
			continue
		}
		m := fixRE.FindStringSubmatch(lines[d.Span.Line-1])
		if m == nil {
			t.Errorf("line %d: %s: %s", d.Span.Line, d.Code, d.Message())
			continue
		}
		p := s.prove(t, r, d)
		switch {
		case len(p.Fixes) == 0:
			t.Errorf("line %d: no fix is offered for %s: %s %v", d.Span.Line, d.Code, d.Suggestion, titles(d.Fixes))
		case string(p.Fixes[0].Kind) != m[2]:
			t.Errorf("line %d: the fix is of kind %s, not %s: %s", d.Span.Line, p.Fixes[0].Kind, m[2], p.Fixes[0].Title)
		case p.Fixes[0].Choice != (m[1] == "choice"):
			t.Errorf("line %d: left to the author: %v: %s", d.Span.Line, p.Fixes[0].Choice, p.Fixes[0].Title)
		default:
			met[d.Span.Line] = true
		}
	}
	for i, line := range lines {
		if fixRE.MatchString(line) && !met[i+1] && !strings.Contains(line, "later") {
			t.Errorf("line %d: no fault is shown here", i+1)
		}
	}
}

func titles(fixes []diag.Fix) (all []string) {
	for _, f := range fixes {
		all = append(all, f.Title)
	}
	return all
}

// checkRepaired makes all changes, compares the text with the one that is kept, and checks it anew.
func checkRepaired(t *testing.T, s *source, r *Report, golden string) {
	var fixed Repair
	deadline.Within(t, "the repair", func(ctx context.Context) {
		var err error
		if fixed, err = s.checker.Repair(ctx, s.req, r); err != nil {
			t.Error(err)
		}
	})
	text, changed := fixed.Texts[s.req.File]
	if !changed {
		text = s.text
	}
	if *update {
		if err := os.WriteFile(golden, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if text != string(want) {
		t.Errorf("the fixed text is not that of %s, which -update writes:\n%s", golden, text)
	}
	if err := os.WriteFile(s.req.File, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	ds := s.check(t).Diagnostics()
	lines := strings.Split(text, "\n")
	for i := range ds {
		line := lines[max(ds[i].Span.Line, 1)-1]
		if ds[i].Severity == diag.Error && !strings.Contains(line, "// choice ") {
			t.Errorf("after the changes, line %d: %s: %s", ds[i].Span.Line, ds[i].Code, ds[i].Message())
		}
	}
}

// TestSurvey prints what is offered for the programs of a pattern of files.
func TestSurvey(t *testing.T) {
	pattern := os.Getenv("BPF_LSP_SURVEY")
	if pattern == "" {
		t.Skip("BPF_LSP_SURVEY names no files")
	}
	files, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(files)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			s := newSource(t, file)
			r := s.check(t)
			ds := r.Diagnostics()
			for i := range ds {
				if d := &ds[i]; d.Severity == diag.Error {
					p := s.prove(t, r, d)
					fmt.Printf("%s:%d %s offered=%v verifies=%v refuted=%v\n  > %s\n", filepath.Base(file), d.Span.Line,
						d.Code, titles(p.Fixes), p.Verifies, p.Refuted, p.Suggestion(d))
					for _, title := range titles(d.Fixes) {
						fmt.Printf("    - %s\n", title)
					}
				}
			}
		})
	}
}

// SPDX-License-Identifier: GPL-2.0-only

package check

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/testdata/deadline"
)

// Each file below testdata/faults has several faults that libbpf or the kernel finds before verification. All of them
// must be reported, each on its line, and nothing else. With FIXED defined nothing must be reported.

const faultDir = "../../testdata/faults"

// wantComment is an expectation on its line: // want CODE "part of the message, the advice or libbpf's message".
var wantComment = regexp.MustCompile(`// want ([a-z-]+/[a-z0-9-]+) ("(?:[^"\\]|\\.)*")`)

func allOf(d *diag.Diagnostic) string { return d.Message() + "\n" + d.Suggestion + "\n" + d.Kernel }

// saidOf returns everything that a check reports about an object.
func saidOf(t *testing.T, object, source string) []diag.Diagnostic {
	t.Helper()
	req := Request{File: object, Overlay: func(file string) ([]byte, bool) {
		if filepath.Base(file) != filepath.Base(source) {
			return nil, false
		}
		text, err := os.ReadFile(source)
		return text, err == nil
	}}
	var report Report
	var err error
	deadline.Within(t, "the check of "+object,
		func(ctx context.Context) { report, err = New(Settings{}).Unit(ctx, req) })
	if err != nil {
		t.Fatal(err)
	}
	return report.Diagnostics()
}

func TestFaultsBeforeTheWalk(t *testing.T) {
	sources, err := filepath.Glob(faultDir + "/*.c")
	if err != nil || len(sources) == 0 {
		t.Fatalf("%d sources: %v", len(sources), err)
	}
	for _, source := range sources {
		name := strings.TrimSuffix(source, ".c")
		text, err := os.ReadFile(source)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(filepath.Base(name), func(t *testing.T) {
			if strings.Contains(string(text), "// clang: -g0") {
				t.Skip("has no lines; see TestFaultsWithoutTypes")
			}
			found := saidOf(t, name+".o", source)
			for _, d := range found {
				if strings.ContainsAny(d.Message()+d.Suggestion, "{}") {
					t.Errorf("a placeholder is left in %q %q", d.Message(), d.Suggestion)
				}
			}
			for i, line := range strings.Split(string(text), "\n") {
				for _, m := range wantComment.FindAllStringSubmatch(line, -1) {
					words, err := strconv.Unquote(m[2])
					if err != nil {
						t.Fatal(err)
					}
					met := slices.IndexFunc(found, func(d diag.Diagnostic) bool {
						return d.Span.Line == i+1 && string(d.Code) == m[1] && strings.Contains(allOf(&d), words)
					})
					if met < 0 {
						t.Errorf("line %d: no %s with %q", i+1, m[1], words)
						continue
					}
					found = slices.Delete(found, met, met+1)
				}
			}
			for _, d := range found {
				t.Errorf("line %d: unexpected %s: %s", d.Span.Line, d.Code, allOf(&d))
			}
			for _, d := range saidOf(t, name+".fixed.o", source) {
				t.Errorf("fixed: line %d: %s: %s", d.Span.Line, d.Code, d.Message())
			}
		})
	}
}

func TestFaultsWithoutTypes(t *testing.T) {
	for object, want := range map[string][]string{
		"bare.o":       {"info loader/unsupported-object counting", "error loader/missing-btf "},
		"bare.fixed.o": {"info loader/missing-btf "},
	} {
		var got []string
		for _, d := range saidOf(t, filepath.Join(faultDir, object), "") {
			got = append(got, d.Severity.String()+" "+string(d.Code)+" "+d.Program)
			if d.Span.Line != 0 {
				t.Errorf("%s: %s is shown in line %d of an object", object, d.Code, d.Span.Line)
			}
		}
		if strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("%s: got %q, want %q", object, got, want)
		}
	}
}

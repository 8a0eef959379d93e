// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.lsp.dev/protocol"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/lsp/check"
	"github.com/bpf-lsp/bpf-lsp/testdata/deadline"
)

// manyLines returns a C file of n lines.
func manyLines(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "int variable%d;\n", i)
	}
	return b.String()
}

// manyWarnings returns n of clang's warnings, one per line, with errors in the last lines.
func manyWarnings(file string, n, errors int) []diag.Diagnostic {
	var ds []diag.Diagnostic
	for i := range n {
		d := diag.Diagnostic{Code: catalog.CompileWarning, Severity: diag.Warning, Source: diag.SourceClang,
			Reason: fmt.Sprintf("unused %d", i), PC: -1, RefSite: -1,
			Span: diag.Span{File: file, Line: i + 1, Col: 5}}
		if i >= n-errors {
			d.Code, d.Severity, d.Reason = catalog.CompileError, diag.Error, fmt.Sprintf("bad %d", i)
		}
		ds = append(ds, d)
	}
	return ds
}

// warns ends a check with messages of clang.
func (c *pendingCheck) warns(ds ...diag.Diagnostic) {
	c.reports(check.Report{File: c.req.File, Compiler: ds, Deps: []string{c.req.File},
		Source: check.NewSource(c.req.Overlay)})
}

// requireBounded requires that the messages for 1,000 diagnostics, five of them errors, include the errors and a
// summary of the rest.
func requireBounded(t *testing.T, messages []string) {
	t.Helper()
	if len(messages) != maxShown+1 {
		t.Fatalf("got %d", len(messages))
	}
	errors := 0
	for _, m := range messages {
		if strings.HasPrefix(m, "bad ") {
			errors++
		}
	}
	if errors != 5 {
		t.Errorf("%d of 5 errors are left", errors)
	}
	want := fmt.Sprintf("%d more in this file are not shown (%d warnings).", 1000-maxShown, 1000-maxShown)
	if got := messages[maxShown]; got != want {
		t.Errorf("the last says %q, want %q", got, want)
	}
}

func TestPushedDiagnosticsAreBounded(t *testing.T) {
	s := newSession(t)
	f := s.open("a.bpf.c", manyLines(1000))
	s.checkOf(f).warns(manyWarnings(f, 1000, 5)...)
	ds := s.published().Diagnostics
	requireBounded(t, messages(ds))
	if last := ds[len(ds)-1]; last.Severity != protocol.DiagnosticSeverityInformation || last.Range.Start.Line != 999 {
		t.Errorf("the last is %+v", last)
	}
	s.save(f)
	s.checkOf(f).warns(manyWarnings(f, maxShown, 0)...)
	if got := len(s.published().Diagnostics); got != maxShown {
		t.Errorf("got %d where nothing is left out", got)
	}
}

func TestPulledDiagnosticsAreBounded(t *testing.T) {
	s := pulling(t)
	h := s.file("h.h", manyLines(1000))
	f := s.open("a.bpf.c", manyLines(1000))
	s.checkOf(f).warns(append(manyWarnings(f, 1000, 5), manyWarnings(h, 1000, 5)...)...)
	own := s.pull(f, "").messages
	if !strings.HasPrefix(own[0], "In included file") {
		t.Errorf("the include is not marked: %q", own[0])
	}
	if want := fmt.Sprintf("%d more in this file are not shown (%d warnings).", 1001-maxShown,
		1001-maxShown); own[maxShown] != want {
		t.Errorf("the last says %q, want %q", own[maxShown], want)
	}
	requireBounded(t, s.pull(h, "").messages)
}

func TestLeftOutDiagnosticsAreCounted(t *testing.T) {
	ds := manyWarnings("a.c", 2*maxShown, maxShown+2)
	ds[0].Severity = diag.Info
	got := bounded(ds)
	if len(got) != maxShown+1 || got[0].Severity != diag.Error {
		t.Fatalf("got %d, the first %+v", len(got), got[0])
	}
	want := fmt.Sprintf("%d more in this file are not shown (2 errors, %d warnings, 1 info).", maxShown, maxShown-3)
	if m := got[maxShown].Message(); m != want {
		t.Errorf("got %q, want %q", m, want)
	}
}

// TestPlacingIsLinear requires that each file is split into lines once for all diagnostics. Allocations show it: they
// must not grow with the product of both.
func TestPlacingIsLinear(t *testing.T) {
	const n = 200
	allocations := func(lines int) float64 {
		text := manyLines(lines)
		file := filepath.Join(t.TempDir(), "a.c")
		source := check.NewSource(func(string) ([]byte, bool) { return []byte(text), true })
		v := view{open: map[string]*document{file: {file: file, text: "// above\n" + text, dirty: true}},
			paths: &paths{}, encoding: utf16Encoding, related: true}
		sn := &snapshot{view: v, file: file, found: [][]diag.Diagnostic{manyWarnings(file, n, 0)},
			texts: checkedTexts{disk: newTextCache(source)}}
		items := sn.items()
		if len(items) != n || items[n-1].Range.Start.Line != n {
			t.Fatalf("got %d, the last at %v", len(items), items[len(items)-1].Range)
		}
		return testing.AllocsPerRun(1, func() { sn.items() })
	}
	few, many := allocations(n), allocations(100*n)
	if many-few > n {
		t.Errorf("%v allocations in a file of %d lines, %v in one of %d", few, n, many, 100*n)
	}
}

func TestOthersAreAnsweredDuringAConversion(t *testing.T) {
	s := newSession(t)
	h := s.file("h.h", "int x;\n")
	busy := s.open("busy.bpf.c", "#include \"h.h\"\n")
	blocked, release := make(chan struct{}), make(chan struct{})
	s.checkOf(busy).reports(check.Report{File: busy, Faults: []diag.Diagnostic{at(h, 1, 5, "slow")},
		Deps: []string{busy, h},
		Source: check.NewSource(func(file string) ([]byte, bool) {
			if file == h {
				close(blocked)
				<-release
			}
			return []byte("int x;\n"), true
		})})
	receive(t, blocked, "conversion")
	other := s.open("other.bpf.c", "int a;\n")
	s.checkOf(other).finds(at(other, 1, 5, "x"))
	receive(t, s.client.statuses, "status")
	if text := s.hover(other, 5); text != "" {
		t.Errorf("got %q", text)
	}
	close(release)
	if p := s.published(); fileOf(p.URI) != h || len(p.Diagnostics) != 1 {
		t.Errorf("got %v", p)
	}
	if p := s.published(); fileOf(p.URI) != other || len(p.Diagnostics) != 1 {
		t.Errorf("got %v", p)
	}
}

func TestNewerResultsReplaceThoseBeingConverted(t *testing.T) {
	s := newSession(t)
	h := s.file("h.h", "int x;\n")
	f := s.open("a.bpf.c", "#include \"h.h\"\n")
	blocked, release := make(chan struct{}), make(chan struct{})
	s.checkOf(f).reports(check.Report{File: f, Faults: []diag.Diagnostic{at(h, 1, 5, "old")}, Deps: []string{f, h},
		Source: check.NewSource(func(file string) ([]byte, bool) {
			if file == h {
				close(blocked)
				<-release
			}
			return []byte("int x;\n"), true
		})})
	receive(t, blocked, "conversion")
	s.save(f)
	d := at(h, 1, 5, "new")
	d.Related = []diag.Related{{Span: diag.Span{File: f, Line: 1}, Message: "called here"}}
	s.checkOf(f).finds(d)
	deadline.Until(t, "the new result", func() bool { return strings.Contains(s.hover(f, 0), "new") })
	close(release)
	if p := s.published(); fileOf(p.URI) != h || len(p.Diagnostics) != 1 ||
		!strings.HasPrefix(messages(p.Diagnostics)[0], "New") {
		t.Errorf("got %v", p)
	}
}

func TestRelatedPlacesThatAreNotThereAreNamed(t *testing.T) {
	s := newSession(t)
	f := s.open("a.bpf.c", "int a;\n")
	there := s.file("there.h", "int x;\n")
	gone := filepath.Join(s.dir, "gone.h")
	d := at(f, 1, 5, "x")
	d.Related = []diag.Related{{Span: diag.Span{File: there, Line: 1, Col: 5}, Message: "here"},
		{Span: diag.Span{File: gone, Line: 7, Col: 2}, Message: "and here"},
		{Span: diag.Span{File: "relative.h", Line: 3}, Message: "or there"}}
	s.checkOf(f).finds(d)
	got := s.published().Diagnostics[0].RelatedInformation
	for i, want := range []struct{ file, message string }{{there, "here"}, {f, gone + ":7:2: and here"},
		{f, "relative.h:3: or there"}} {
		if fileOf(got[i].Location.URI) != want.file || got[i].Message != want.message {
			t.Errorf("got %+v, want %+v", got[i], want)
		}
	}
}

func TestDiagnosticsOfAVanishedHeaderGo(t *testing.T) {
	s := newSession(t)
	h := s.file("h.h", "int x;\n")
	f := s.open("a.bpf.c", "#include \"h.h\"\n")
	bad := diag.Diagnostic{Code: catalog.CompileError, Severity: diag.Error, Source: diag.SourceClang, Reason: "bad",
		PC: -1, RefSite: -1, Span: diag.Span{File: h, Line: 1, Col: 5},
		Related: []diag.Related{{Span: diag.Span{File: f, Line: 1}, Message: "included from here", Note: true}}}
	s.checkOf(f).warns(bad)
	if p := s.published(); fileOf(p.URI) != f || messages(p.Diagnostics)[0] != "In included file" ||
		fileOf(p.Diagnostics[0].RelatedInformation[0].Location.URI) != h {
		t.Errorf("got %v", p)
	}
	if p := s.published(); fileOf(p.URI) != h || len(p.Diagnostics) != 1 {
		t.Errorf("got %v", p)
	}
	// The file disappears while clang reads it. No client could open it, so the unit reports it.
	s.save(f)
	c := s.checkOf(f)
	s.must(os.Remove(h))
	c.warns(bad)
	p := s.published()
	if fileOf(p.URI) != f || len(p.Diagnostics) != 1 || p.Diagnostics[0].RelatedInformation[0].Message != h+
		":1:5: the error is here" {
		t.Errorf("got %v", p)
	}
	if p := s.published(); fileOf(p.URI) != h || len(p.Diagnostics) != 0 {
		t.Errorf("the header has %v", p)
	}
	s.save(f)
	s.checkOf(f).lacks("h.h")
	if p := s.published(); fileOf(p.URI) != f || len(p.Diagnostics) != 1 ||
		len(p.Diagnostics[0].RelatedInformation) != 0 {
		t.Errorf("got %v", p)
	}
	s.settled()
}

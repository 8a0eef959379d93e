// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/lsp/check"
)

func TestOpenFindsAndSaveClears(t *testing.T) {
	s := newSession(t)
	f := s.open("leak.bpf.c", "int a;\n\treturn öde(x);\n")
	c := s.checkOf(f)
	if text, ok := c.req.Overlay(f); !ok || !strings.HasPrefix(string(text), "int a;") {
		t.Errorf("overlay has %q, %v", text, ok)
	}
	d := at(f, 2, 2, "unreleased resource")
	d.Related = []diag.Related{{Span: diag.Span{File: f, Line: 1, Col: 5}, Message: "acquired here"}}
	c.finds(d)
	got := s.published()
	if v, ok := got.Version.Get(); got.URI != uri.File(f) || !ok || v != 1 {
		t.Errorf("published for %s version %v", got.URI, v)
	}
	data := `{"program":"prog","programs":["prog"],"section":"xdp","category":"Resource Lifetime Safety","insn":7,"classic":"Unreleased reference id=1 alloc_insn=2"}`
	want := []protocol.Diagnostic{{
		Range:           span(1, 1, 1, 7),
		Severity:        protocol.DiagnosticSeverityError,
		Code:            protocol.String("resource-lifetime/unreleased-reference"),
		CodeDescription: protocol.CodeDescription{Href: "https://example.org/x"},
		Source:          protocol.NewOptional("bpf-lsp"),
		Message:         protocol.String("Unreleased resource: A reason."),
		RelatedInformation: []protocol.DiagnosticRelatedInformation{{
			Location: protocol.Location{URI: uri.File(f), Range: span(0, 4, 0, 5)}, Message: "acquired here"}},
		Data: protocol.LSPAny(data),
	}}
	if d := cmp.Diff(encoded(t, want), encoded(t, got.Diagnostics)); d != "" {
		t.Error(d)
	}
	s.change(f, 2, whole("int a;\n"))
	s.save(f)
	s.checkOf(f).finds()
	got = s.published()
	if v, _ := got.Version.Get(); got.Diagnostics == nil || len(got.Diagnostics) != 0 || v != 2 {
		t.Errorf("got %v for version %d, want an empty list for version 2", got.Diagnostics, v)
	}
}

// encoded returns what goes over the wire.
func encoded(t *testing.T, ds []protocol.Diagnostic) string {
	t.Helper()
	raw, err := protocol.Marshal(&protocol.PublishDiagnosticsParams{Diagnostics: ds})
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(raw), ",", ",\n")
}

func span(l1, c1, l2, c2 uint32) protocol.Range {
	return protocol.Range{Start: protocol.Position{Line: l1, Character: c1},
		End: protocol.Position{Line: l2, Character: c2}}
}

func TestNewerSaveCancelsTheOlderCheck(t *testing.T) {
	s := newSession(t)
	f := s.open("a.bpf.c", "int a;\n")
	first := s.checkOf(f)
	s.save(f)
	second := s.checkOf(f)
	first.canceled(t)
	second.finds(at(f, 1, 5, "second"))
	if got := s.published(); !strings.HasPrefix(string(got.Diagnostics[0].Message.(protocol.String)), "Second") {
		t.Errorf("got %v", got.Diagnostics)
	}
	s.settled()
}

// TestSlowCheckDoesNotHoldUpOthers occupies every slot with checks that do not end.
func TestSlowCheckDoesNotHoldUpOthers(t *testing.T) {
	s := newSession(t)
	for i := range 4 {
		s.checkOf(s.open(fmt.Sprintf("slow%d.bpf.c", i), "int a;\n"))
	}
	quick := s.open("quick.bpf.c", "int a;\n")
	s.passes(turnWait, filepath.Join(s.dir, "slow0.bpf.c"))
	s.checkOf(quick).finds(at(quick, 1, 5, "x"))
	if ds := s.toldOf(quick); len(ds) != 1 {
		t.Errorf("got %v", ds)
	}
}

func TestStaleResultIsDropped(t *testing.T) {
	s := newSession(t)
	f := s.open("a.bpf.c", "int a;\n")
	first := s.checkOf(f)
	first.deaf.Store(true)
	s.save(f)
	first.canceled(t)
	first.finds(at(f, 1, 5, "stale"))
	s.checkOf(f).finds(at(f, 1, 5, "fresh"))
	if got := s.published(); !strings.HasPrefix(string(got.Diagnostics[0].Message.(protocol.String)), "Fresh") {
		t.Errorf("got %v", got.Diagnostics)
	}
	s.settled()
}

func TestOldResultsStayWhileACheckRuns(t *testing.T) {
	s := newSession(t)
	f := s.open("a.bpf.c", "int a;\nint b;\n")
	s.checkOf(f).finds(at(f, 1, 5, "old"))
	s.published()
	s.change(f, 2, whole("int a;\nint c;\n"))
	s.save(f)
	running := s.checkOf(f)
	if h := s.hover(f, 0); !strings.Contains(h, "The kernel says") {
		t.Errorf("the hover forgot the old result: %q", h)
	}
	s.settled()
	running.finds(at(f, 2, 5, "new"))
	if got := s.published(); len(got.Diagnostics) != 1 || got.Diagnostics[0].Range.Start.Line != 1 {
		t.Errorf("got %v", got.Diagnostics)
	}
}

func TestSameResultIsNotPublishedAgain(t *testing.T) {
	s := newSession(t)
	f := s.open("a.bpf.c", "int a;\n")
	s.checkOf(f).finds(at(f, 1, 5, "same"))
	s.published()
	s.save(f)
	s.checkOf(f).finds(at(f, 1, 5, "same"))
	s.settled()
}

func TestHeaderShowsTheUnionOfItsUnits(t *testing.T) {
	s := newSession(t)
	h := s.file("shared.h", "int x;\nint y;\n")
	deps := []string{h}
	a, b := s.open("a.bpf.c", "#include \"shared.h\"\n"), ""
	s.checkOf(a).ends(deps, at(h, 1, 5, "one"))
	if got := s.published(); fileOf(got.URI) != h || len(got.Diagnostics) != 1 || !got.Version.IsZero() {
		t.Fatalf("got %v", got)
	}
	b = s.open("b.bpf.c", "#include \"shared.h\"\n")
	both := at(h, 1, 5, "one")
	both.Program = "other"
	s.checkOf(b).ends(deps, both, at(h, 2, 5, "two"))
	got := s.published()
	if len(got.Diagnostics) != 2 || !strings.HasSuffix(string(got.Diagnostics[0].Message.(protocol.String)),
		"(in programs other, prog)") {
		t.Errorf("got %v, want the shared fault once and the other", got.Diagnostics)
	}
	// Unit a passes; the diagnostics of b stay.
	s.save(a)
	s.checkOf(a).ends(deps)
	if got := s.published(); len(got.Diagnostics) != 2 {
		t.Errorf("got %v", got.Diagnostics)
	}
	// A save of the header checks both.
	s.must(s.server.DidOpen(t.Context(),
		&protocol.DidOpenTextDocumentParams{TextDocument: protocol.TextDocumentItem{URI: uri.File(h), Version: 1,
			Text: "int x;\nint y;\n"}}))
	if got := s.published(); got.Version.IsZero() {
		t.Error("an open header is published without its version")
	}
	s.save(h)
	for range 2 {
		c := s.check()
		if c.req.File == a {
			c.ends(deps)
		} else {
			c.ends(deps, at(h, 2, 5, "two"))
			if got := s.published(); len(got.Diagnostics) != 1 {
				t.Errorf("got %v", got.Diagnostics)
			}
		}
	}
	// Unit b is closed: nothing is left.
	s.close(b)
	if got := s.published(); fileOf(got.URI) != h || len(got.Diagnostics) != 0 {
		t.Errorf("got %v", got)
	}
}

func TestDeletedUnitIsCleared(t *testing.T) {
	s := newSession(t)
	f := s.open("a.bpf.c", "int a;\n")
	s.checkOf(f).finds(at(f, 1, 5, "x"))
	s.published()
	s.must(s.server.DidChangeWatchedFiles(t.Context(),
		&protocol.DidChangeWatchedFilesParams{Changes: []protocol.FileEvent{{URI: uri.File(f),
			Type: protocol.FileChangeTypeDeleted}}}))
	if got := s.published(); len(got.Diagnostics) != 0 {
		t.Errorf("got %v", got.Diagnostics)
	}
}

func TestFilesThatAreNotBPFAreLeftAlone(t *testing.T) {
	s := newSession(t)
	s.open("plain.c", "#include <stdio.h>\nint main(void) { return 0; }\n")
	s.open("loader.c", "#include <bpf/libbpf.h>\n#include <linux/bpf.h>\nint main(void) { return 0; }\n")
	s.settled()
	prog := s.open("prog.c", "#include \"vmlinux.h\"\nSEC(\"xdp\")\nint f(void *ctx) { return 2; }\n")
	s.checkOf(prog).finds()
	s.checker.known.Store(true)
	known := s.open("known.c", "int f(void *ctx) { return 2; }\n")
	s.checkOf(known).finds()
	s.settled()
}

func TestWatchedHeaderIsCheckedOnce(t *testing.T) {
	s := start(t)
	caps := everything()
	yes := true
	caps.Workspace = &protocol.WorkspaceClientCapabilities{
		DidChangeWatchedFiles: &protocol.DidChangeWatchedFilesClientCapabilities{DynamicRegistration: &yes}}
	s.initialize(caps)
	if m := receive(t, s.client.registered, "registration"); m != protocol.MethodWorkspaceDidChangeWatchedFiles {
		t.Errorf("registered %s", m)
	}
	h := s.file("h.h", "int x;\n")
	f := s.open("a.bpf.c", "#include \"h.h\"\n")
	s.checkOf(f).ends([]string{h})
	event := func() {
		s.must(s.server.DidChangeWatchedFiles(t.Context(),
			&protocol.DidChangeWatchedFilesParams{Changes: []protocol.FileEvent{{URI: uri.File(h),
				Type: protocol.FileChangeTypeChanged}}}))
	}
	event() // unchanged since the check
	s.settled()
	s.ended(f)
	s.file("h.h", "int xyz;\n")
	event()
	s.checkOf(f).ends([]string{h})
	event()
	s.settled()
}

func TestNewHeaderEndsTheWait(t *testing.T) {
	s := newSession(t)
	f := s.open("a.bpf.c", "#include \"late.h\"\n")
	c := s.checkOf(f)
	c.reports(check.Report{File: f, Deps: []string{f},
		Compiler: []diag.Diagnostic{{Code: catalog.MissingHeader, Severity: diag.Error, Source: diag.SourceClang,
			Reason: "'late.h' file not found", Span: diag.Span{File: f, Line: 1, Col: 10}}}})
	if got := s.published(); len(got.Diagnostics) != 1 {
		t.Errorf("got %v", got.Diagnostics)
	}
	h := s.file("late.h", "int x;\n")
	s.must(s.server.DidChangeWatchedFiles(t.Context(),
		&protocol.DidChangeWatchedFilesParams{Changes: []protocol.FileEvent{{URI: uri.File(h),
			Type: protocol.FileChangeTypeCreated}}}))
	s.checkOf(f).ends([]string{h})
	if got := s.published(); len(got.Diagnostics) != 0 {
		t.Errorf("got %v", got.Diagnostics)
	}
}

func TestClientWithoutRelatedInformationGetsNotes(t *testing.T) {
	s := start(t)
	s.initialize(protocol.ClientCapabilities{})
	f := s.open("a.bpf.c", "int a;\n")
	d := at(f, 1, 5, "leak")
	for _, m := range []string{"one", "two", "three", "four"} {
		d.Related = append(d.Related, diag.Related{Span: diag.Span{File: f, Line: 1}, Message: m})
	}
	s.checkOf(f).finds(d)
	got := s.published().Diagnostics[0]
	if got.RelatedInformation != nil {
		t.Errorf("got related places %v", got.RelatedInformation)
	}
	want := "Leak: A reason.\nnote: a.bpf.c:1: one\nnote: a.bpf.c:1: two\nnote: a.bpf.c:1: three"
	if m := string(got.Message.(protocol.String)); m != want {
		t.Errorf("got %q", m)
	}
}

// TestResultsFollowEdits publishes for a buffer edited after the save.
func TestResultsFollowEdits(t *testing.T) {
	s := newSession(t)
	f := s.open("a.bpf.c", "int a;\nint b;\n")
	c := s.checkOf(f)
	s.change(f, 2, &protocol.TextDocumentContentChangePartial{Range: span(0, 0, 0, 0), Text: "// one\n// two\n"})
	if h := s.hover(f, 0); h != "" {
		t.Errorf("hover %q before any result", h)
	}
	c.finds(at(f, 2, 5, "x"))
	got := s.published()
	if v, _ := got.Version.Get(); v != 2 || got.Diagnostics[0].Range != span(3, 4, 3, 5) {
		t.Errorf("got %v for version %d", got.Diagnostics[0].Range, v)
	}
	if h := s.hover(f, 3); !strings.Contains(h, "The kernel says: `Unreleased reference") {
		t.Errorf("hover on the moved line is %q", h)
	}
	if h := s.hover(f, 1); h != "" {
		t.Errorf("hover on a new line is %q", h)
	}
	s.change(f, 3, &protocol.TextDocumentContentChangePartial{Range: span(3, 4, 3, 5), Text: "changed"})
	if h := s.hover(f, 3); h != "" {
		t.Errorf("hover on an edited line is %q", h)
	}
}

func TestHoverTellsTheHistory(t *testing.T) {
	s := newSession(t)
	f := s.open("a.bpf.c", "sk = lookup();\nif (x)\n\treturn 1;\nrelease(sk);\n")
	d := at(f, 3, 2, "unreleased resource")
	d.RefSite, d.Suggestion = 4, "Call release()."
	d.Related = []diag.Related{{Span: diag.Span{File: f, Line: 1, Col: 6}, Message: "`sk` acquired here"},
		{Span: diag.Span{File: f, Line: 2, Col: 5}, Message: "condition true"}}
	s.checkOf(f).finds(d)
	s.published()
	u := string(uri.File(f))
	want := "**Resource Lifetime Safety: unreleased resource** in `prog`\n\nWhat is acquired on this line is not " +
		"released on every path.\n\n**Suggestion** for [line 3](" + u + "#L3): Call release().\n\nA reason.\n\n" +
		"How it comes to this:\n\n" +
		"1. [line 1](" + u + "#L1): **`sk` acquired here (this line)**\n2. [line 2](" + u +
		"#L2): condition true\n3. [line 3](" + u + "#L3): **not released here, on this path**\n\n" +
		"The kernel says: `Unreleased reference id=1 alloc_insn=2`\n\n" +
		"[resource-lifetime/unreleased-reference](https://example.org/x)"
	if d := cmp.Diff(want, s.hover(f, 0)); d != "" {
		t.Error(d)
	}
	if h := s.hover(f, 2); !strings.Contains(h, "`sk` acquired here\n") {
		t.Errorf("hover on the failing line is %q", h)
	}
	if h := s.hover(f, 3); h != "" {
		t.Errorf("hover on a line without part in it is %q", h)
	}
}

// TestRelatedPlacesAreReadByTheirUnit has two units with an error in one header. The first unit read the other's file
// too early.
func TestRelatedPlacesAreReadByTheirUnit(t *testing.T) {
	s := newSession(t)
	h, b := s.file("h.h", "int x;\n"), s.file("b.bpf.c", "\n")
	included := func(in string) diag.Diagnostic {
		d := at(h, 1, 5, "in "+in)
		d.Related = []diag.Related{{Span: diag.Span{File: b, Line: 1}, Message: "included from here"}}
		return d
	}
	a := s.open("a.bpf.c", "#include \"h.h\"\n")
	s.checkOf(a).ends([]string{h}, included("a"))
	s.published()
	s.open("b.bpf.c", "#include \"h.h\"\n")
	s.checkOf(b).ends([]string{h}, included("b"))
	for _, d := range s.published().Diagnostics {
		if got := d.RelatedInformation[0].Location.Range; got != span(0, 0, 0, 14) {
			t.Errorf("%s: the include is at %v", d.Message, got)
		}
	}
}

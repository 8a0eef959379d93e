// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/lsp/check"
	"github.com/bpf-lsp/bpf-lsp/lsp/compile"
	"github.com/bpf-lsp/bpf-lsp/verifier"
	linked "github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// refreshing is a client that requests code lenses again when told to.
func refreshing() protocol.ClientCapabilities {
	c, yes := everything(), true
	c.Workspace = &protocol.WorkspaceClientCapabilities{
		CodeLens: &protocol.CodeLensWorkspaceClientCapabilities{RefreshSupport: &yes}}
	return c
}

// lenses are those of a file, one a line: where, what, which command with which arguments.
func (s *session) lenses(file string) string {
	s.t.Helper()
	got, err := s.server.CodeLens(s.t.Context(), &protocol.CodeLensParams{
		TextDocument: protocol.TextDocumentIdentifier{URI: uri.File(file)}})
	s.must(err)
	var b strings.Builder
	for _, l := range got {
		r := l.Range
		fmt.Fprintf(&b, "%d:%d-%d %s %s", r.Start.Line, r.Start.Character, r.End.Character, l.Command.Title,
			l.Command.Command)
		for _, a := range l.Command.Arguments[1:] {
			fmt.Fprintf(&b, " %s", a)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// judged is a program whose function is on a line.
func judged(file, name string, line int, v verifier.Verdict, text string) *diag.Run {
	return &diag.Run{Program: &linked.Program{Name: name, Section: "tc"}, Result: verifier.Result{Verdict: v},
		Summary: diag.Summary{Text: text, Span: diag.Span{File: file, Line: line, Col: 5, EndLine: line, EndCol: 6}}}
}

func (c *pendingCheck) judges(deps []string, runs ...*diag.Run) {
	c.reports(check.Report{File: c.req.File, Deps: append([]string{c.req.File}, deps...),
		Source: check.NewSource(c.req.Overlay), Programs: runs})
}

const twoPrograms = "int a(void)\n{ return 0; }\nint b(void)\n{ return 1; }\n"

func TestCodeLens(t *testing.T) {
	s := start(t)
	s.initialize(refreshing(), `{"showsAnswers":true}`)
	f := s.open("a.bpf.c", twoPrograms)
	if got := s.lenses(f); got != "" {
		t.Errorf("before the first check there is %q", got)
	}
	near := judged(f, "a", 1, verifier.Accepted, "accepted · 600,000 of 1,000,000 insns")
	near.Summary.Near = true
	skipped := judged(f, "b", 3, verifier.Accepted, "not verified: a reason")
	skipped.Skip = "a reason"
	s.checkOf(f).judges(nil, near, judged(f, "b", 3, verifier.Rejected, "rejected · A: b"), skipped)
	receive(t, s.client.lensRefreshes, "a refresh of lenses")
	want := "0:4-5 accepted · 600,000 of 1,000,000 insns bpf-lsp.showBudget \"a\"\n" +
		"0:4-5 heat bpf-lsp.showHeat \"a\"\n" +
		"2:4-5 rejected · A: b bpf-lsp.showReport \"b\"\n" +
		"2:4-5 verifier log bpf-lsp.showVerifierLog \"b\"\n" +
		"2:4-5 not verified: a reason bpf-lsp.showReport \"b\"\n"
	if d := cmp.Diff(want, s.lenses(f)); d != "" {
		t.Error(d)
	}
}

// TestCodeLensFollowsEdits moves a lens with its line, and leaves it out once that is edited. It says what the last
// check found until the next one ends.
func TestCodeLensFollowsEdits(t *testing.T) {
	s := start(t)
	s.initialize(refreshing(), `{"showsAnswers":true}`)
	f := s.open("a.bpf.c", twoPrograms)
	s.checkOf(f).judges(nil, judged(f, "a", 1, verifier.Accepted, "first"),
		judged(f, "b", 3, verifier.Accepted, "second"))
	receive(t, s.client.lensRefreshes, "a refresh of lenses")
	s.change(f, 2, whole("// new\n"+twoPrograms))
	first, second := "1:4-5 first bpf-lsp.showBudget \"a\"\n", "3:4-5 second bpf-lsp.showBudget \"b\"\n"
	if d := cmp.Diff(first+second, s.lenses(f)); d != "" {
		t.Errorf("after a new first line: %s", d)
	}
	s.change(f, 3, whole(strings.Replace(twoPrograms, "b(void)", "c(void)", 1)))
	first = "0" + strings.TrimPrefix(first, "1")
	if d := cmp.Diff(first, s.lenses(f)); d != "" {
		t.Errorf("after an edit of the second function: %s", d)
	}
	s.save(f)
	c := s.checkOf(f)
	if d := cmp.Diff(first, s.lenses(f)); d != "" {
		t.Errorf("while the next check runs: %s", d)
	}
	c.judges(nil)
	receive(t, s.client.lensRefreshes, "a refresh of lenses")
	if got := s.lenses(f); got != "" {
		t.Errorf("after a check without programs there is %q", got)
	}
}

// TestCodeLensInAHeader has a program of several units: equal lenses are shown once.
func TestCodeLensInAHeader(t *testing.T) {
	s := start(t)
	s.initialize(refreshing(), `{"showsAnswers":true}`)
	h := s.open("p.h", "int a(void);\n")
	for i, text := range []string{"same", "same", "another"} {
		f := s.open(fmt.Sprintf("%d.bpf.c", i), "#include \"p.h\"\n")
		s.checkOf(f).judges([]string{h}, judged(h, "a", 1, verifier.Accepted, text))
		receive(t, s.client.lensRefreshes, "a refresh of lenses")
	}
	want := "0:4-5 same bpf-lsp.showBudget \"a\"\n0:4-5 another bpf-lsp.showBudget \"a\"\n"
	if d := cmp.Diff(want, s.lenses(h)); d != "" {
		t.Error(d)
	}
}

func TestCodeLensOfRefusedObject(t *testing.T) {
	s := start(t)
	s.initialize(refreshing(), `{"showsAnswers":true}`)
	f := s.open("a.bpf.c", twoPrograms)
	fault := at(f, 1, 1, "two maps of one name")
	s.checkOf(f).reports(check.Report{File: f, Deps: []string{f}, Source: check.NewSource(nil),
		Faults: []diag.Diagnostic{fault}, Programs: []*diag.Run{judged(f, "a", 1, verifier.Accepted, "accepted")}})
	s.published()
	want := "0:4-5 accepted · no program can be loaded: two maps of one name bpf-lsp.showBudget \"a\"\n"
	if d := cmp.Diff(want, s.lenses(f)); d != "" {
		t.Error(d)
	}
}

// TestCodeLensOfPlainClients makes a client wait for the check that cannot be told of new lenses, and gives messages to
// one that ignores answers.
func TestCodeLensOfPlainClients(t *testing.T) {
	s := newSession(t)
	f := s.open("a.bpf.c", twoPrograms)
	c := s.checkOf(f)
	lenses := make(chan string, 1)
	go func() { lenses <- s.lenses(f) }()
	receive(t, s.waits, "the request to wait for the check")
	run := judged(f, "a", 1, verifier.Rejected, "rejected")
	run.Diagnostics = []diag.Diagnostic{at(f, 2, 3, "leak")}
	c.judges(nil, run)
	want := "0:4-5 rejected bpf-lsp.showReport \"a\" \"message\"\n" +
		"0:4-5 verifier log bpf-lsp.showVerifierLog \"a\" \"message\"\n"
	if d := cmp.Diff(want, receive(t, lenses, "lenses")); d != "" {
		t.Error(d)
	}
	s.runs(commandShowReport, f, "a", answerByMessage)
	if got := receive(t, s.client.messages, "a message"); !strings.Contains(got, "a.bpf.c:2:3") {
		t.Errorf("the message is %q", got)
	}
}

func TestCodeLensCanBeSwitchedOff(t *testing.T) {
	s := start(t)
	s.initialize(refreshing(), `{"codeLens":false}`)
	f := s.open("a.bpf.c", twoPrograms)
	s.checkOf(f).judges(nil, judged(f, "a", 1, verifier.Accepted, "accepted"))
	receive(t, s.client.lensRefreshes, "a refresh of lenses")
	if got := s.lenses(f); got != "" {
		t.Errorf("got %q", got)
	}
	var p protocol.DidChangeConfigurationParams
	s.must(protocol.Unmarshal([]byte(`{"settings":{"bpfLsp":{"codeLens":true}}}`), &p))
	s.must(s.server.DidChangeConfiguration(t.Context(), &p))
	receive(t, s.client.lensRefreshes, "a refresh after the setting changed")
	if got := s.lenses(f); !strings.Contains(got, "accepted") {
		t.Errorf("got %q", got)
	}
	s.settled() // without another check
}

// TestCodeLensOfRealPrograms checks a leaking program and a mended one with the real compiler and verifier.
func TestCodeLensOfRealPrograms(t *testing.T) {
	source, err := os.ReadFile(filepath.Join("..", "testdata", "demo", "leak.bpf.c"))
	if err != nil {
		t.Fatal(err)
	}
	cache := t.TempDir()
	s := startWith(t, func(cs check.Settings) Checker {
		cs.Clang.CacheDir = cache
		return check.New(cs)
	})
	if _, err := compile.New(compile.Settings{}).Find(t.Context(), filepath.Join(s.dir, "leak.bpf.c")); err != nil {
		t.Skipf("SKIPPED, NEEDS CLANG: %v", err)
	}
	s.initialize(refreshing(), `{"showsAnswers":true,"targetKernel":"7.3"}`)
	f := s.open("leak.bpf.c", string(source))
	receive(t, s.client.lensRefreshes, "a refresh of lenses")
	line := strings.Count(string(source[:strings.Index(string(source), "proxy_unless_local(")]), "\n")
	want := fmt.Sprintf("%d:4-22 rejected · Resource Lifetime Safety: unreleased resource · 7.3 ✗", line)
	if got := s.lenses(f); !strings.HasPrefix(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	var got heat
	s.must(protocol.Unmarshal(s.runs(commandShowHeat, f, "proxy_unless_local"), &got))
	if !strings.Contains(got.Text, "47 of 1000000 instructions") ||
		!strings.Contains(got.Text, "47 instructions, line by line") {
		t.Errorf("the heat is %s", got.Text)
	}
	share := 0.0
	for _, l := range got.Lines {
		share += l.Share
	}
	if share < 0.9 || share > 1.0001 {
		t.Errorf("the lines have a share of %f: %+v", share, got.Lines)
	}
}

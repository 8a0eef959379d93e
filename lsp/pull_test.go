// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"context"
	"errors"
	"strings"
	"testing"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/bpf-lsp/bpf-lsp/testdata/deadline"
)

// asking are the capabilities of a pulling client.
func asking() protocol.ClientCapabilities {
	yes := true
	c := everything()
	c.TextDocument.Diagnostic = &protocol.DiagnosticClientCapabilities{
		DiagnosticsCapabilities: protocol.DiagnosticsCapabilities{RelatedInformation: &yes}}
	c.Workspace = &protocol.WorkspaceClientCapabilities{Diagnostics: &protocol.DiagnosticWorkspaceClientCapabilities{
		RefreshSupport: &yes}}
	return c
}

func pulling(t *testing.T) *session {
	t.Helper()
	s := start(t)
	s.initialize(asking())
	return s
}

// answer is the part of a document's report that tests look at.
type answer struct {
	kind, id string
	messages []string
	related  map[string][]string
}

func (s *session) ask(ctx context.Context, u uri.URI, previous string) (answer, error) {
	params := &protocol.DocumentDiagnosticParams{TextDocument: protocol.TextDocumentIdentifier{URI: u}}
	if previous != "" {
		params.PreviousResultID = &previous
	}
	report, err := s.server.Diagnostic(ctx, params)
	if err != nil {
		return answer{}, err
	}
	a := answer{related: map[string][]string{}}
	related := map[uri.URI]protocol.FullDocumentDiagnosticReportOrUnchangedDocumentDiagnosticReport{}
	switch r := report.(type) {
	case *protocol.RelatedFullDocumentDiagnosticReport:
		a.kind, a.id, a.messages, related = r.Kind, *r.ResultID, messages(r.Items), r.RelatedDocuments
	case *protocol.RelatedUnchangedDocumentDiagnosticReport:
		a.kind, a.id, related = r.Kind, r.ResultID, r.RelatedDocuments
	}
	for u, r := range related {
		a.related[fileOf(u)] = messages(r.(*protocol.FullDocumentDiagnosticReport).Items)
	}
	return a, nil
}

// pull requests the diagnostics of a file.
func (s *session) pull(file, previous string) answer {
	s.t.Helper()
	a, err := s.ask(s.t.Context(), uri.File(file), previous)
	s.must(err)
	return a
}

// tells reports whether an answer includes another file.
func (a answer) tells(file string) bool {
	_, ok := a.related[file]
	return ok
}

func messages(ds []protocol.Diagnostic) []string {
	out := []string{}
	for _, d := range ds {
		m, _, _ := strings.Cut(string(d.Message.(protocol.String)), ":")
		out = append(out, m)
	}
	return out
}

func (s *session) refreshed() {
	s.t.Helper()
	receive(s.t, s.client.refreshes, "refresh")
}

// nothingPushed requires that no diagnostics were pushed.
func (s *session) nothingPushed() {
	s.t.Helper()
	s.pull("/settled", "")
	select {
	case p := <-s.client.diagnostics:
		s.t.Errorf("pushed %v for %s", p.Diagnostics, p.URI)
	default:
	}
}

func TestWhoAsksIsNotTold(t *testing.T) {
	yes, no := true, false
	tests := []struct {
		name    string
		change  func(*protocol.ClientCapabilities)
		provide bool
	}{
		{"asks and is told when to", func(*protocol.ClientCapabilities) {}, true},
		{"cannot be told when to ask",
			func(c *protocol.ClientCapabilities) { c.Workspace.Diagnostics.RefreshSupport = &no }, false},
		{"can only ask", func(c *protocol.ClientCapabilities) {
			c.Workspace = nil
			c.TextDocument.PublishDiagnostics = nil
		}, true},
		{"never asks", func(c *protocol.ClientCapabilities) { c.TextDocument.Diagnostic = nil }, false},
		{"says nothing", func(c *protocol.ClientCapabilities) { *c = protocol.ClientCapabilities{} }, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := start(t)
			caps := asking()
			caps.TextDocument.PublishDiagnostics.RelatedInformation = &yes
			tt.change(&caps)
			provider, _ := s.initialize(caps).Capabilities.DiagnosticProvider.(*protocol.DiagnosticOptions)
			if (provider != nil) != tt.provide {
				t.Fatalf("the provider is %v", provider)
			}
			f := s.open("a.bpf.c", "int a;\n")
			s.checkOf(f).finds(at(f, 1, 5, "x"))
			if !tt.provide {
				if got := s.published(); len(got.Diagnostics) != 1 {
					t.Errorf("got %v", got)
				}
			}
			// Every request gets an answer.
			s.waitFor(f, "X")
			s.nothingPushed()
		})
	}
}

// waitFor requests until a file has one diagnostic with this prefix. The check may not have been processed yet.
func (s *session) waitFor(file, message string) answer {
	s.t.Helper()
	var a answer
	deadline.Until(s.t, "the diagnostic "+message, func() bool {
		a = s.pull(file, "")
		return len(a.messages) == 1 && a.messages[0] == message
	})
	return a
}

func TestUnchangedIsNotSentAgain(t *testing.T) {
	s := pulling(t)
	f := s.open("a.bpf.c", "int a;\n")
	s.checkOf(f).finds(at(f, 1, 5, "x"))
	s.refreshed()
	first := s.pull(f, "")
	if first.kind != "full" || first.id == "" || len(first.messages) != 1 {
		t.Fatalf("got %+v", first)
	}
	if a := s.pull(f, first.id); a.kind != "unchanged" || a.id != first.id {
		t.Errorf("got %+v", a)
	}
	if a := s.pull(f, "of another server"); a.kind != "full" {
		t.Errorf("got %+v", a)
	}
	// The same result again does not cause a refresh.
	s.save(f)
	s.checkOf(f).finds(at(f, 1, 5, "x"))
	if a := s.pull(f, first.id); a.kind != "unchanged" {
		t.Errorf("got %+v", a)
	}
	// Results move with the text, so they differ.
	s.change(f, 2, whole("// above\nint a;\n"))
	if a := s.pull(f, first.id); a.kind != "full" || a.id == first.id {
		t.Errorf("got %+v", a)
	}
	s.change(f, 3, whole("int a;\n"))
	if a := s.pull(f, first.id); a.kind != "unchanged" {
		t.Errorf("got %+v", a)
	}
	s.save(f)
	s.checkOf(f).finds()
	s.refreshed()
	if a := s.pull(f, first.id); a.kind != "full" || len(a.messages) != 0 {
		t.Errorf("got %+v", a)
	}
	if len(s.client.refreshes) > 0 {
		t.Error("the client was told to ask for nothing")
	}
	s.nothingPushed()
}

func TestAskingWaitsForTheCheck(t *testing.T) {
	s := pulling(t)
	f := s.open("a.bpf.c", "int a;\n")
	c := s.checkOf(f)
	got := make(chan answer, 1)
	s.awaited(func() { got <- s.pull(f, "") })
	select {
	case a := <-got:
		t.Fatalf("answered %+v while the check runs", a)
	default:
	}
	c.finds(at(f, 1, 5, "x"))
	if a := receive(t, got, "answer"); len(a.messages) != 1 {
		t.Errorf("got %+v", a)
	}
}

// TestGivenUpChecksAreAskedForAgain saves while a request waits, closes the file while another does, and shuts down
// during a third.
func TestGivenUpChecksAreAskedForAgain(t *testing.T) {
	s := pulling(t)
	f := s.open("a.bpf.c", "int a;\n")
	s.checkOf(f)
	failed := make(chan error, 1)
	wait := func() {
		_, err := s.ask(context.Background(), uri.File(f), "")
		failed <- err
	}
	cancelled := func(again string) {
		t.Helper()
		var answer *jsonrpc2.Error
		err := receive(t, failed, "answer")
		if !errors.As(err, &answer) || answer.Code != jsonrpc2.Code(protocol.LSPErrorCodesServerCancelled) ||
			!strings.Contains(string(answer.Data), `"retriggerRequest":`+again) {
			t.Errorf("got %v", err)
		}
	}
	s.awaited(wait)
	s.save(f)
	s.checkOf(f)
	cancelled("true")
	s.awaited(wait)
	s.close(f)
	cancelled("true")
	s.open("a.bpf.c", "int a;\n")
	c := s.checkOf(f)
	// The client cancels its own request.
	ctx, cancel := context.WithCancel(t.Context())
	s.awaited(func() {
		_, err := s.ask(ctx, uri.File(f), "")
		failed <- err
	})
	cancel()
	if err := receive(t, failed, "answer"); err == nil {
		t.Error("a request that was cancelled was answered")
	}
	s.awaited(wait)
	s.must(s.server.Shutdown(t.Context()))
	cancelled("false")
	c.canceled(t)
}

// awaited runs a request and returns when it waits for the check.
func (s *session) awaited(ask func()) {
	s.t.Helper()
	go ask()
	receive(s.t, s.waits, "request that waits")
}

// withHeader opens a file with a diagnostic in a header, in a client that accepts related documents.
func withHeader(t *testing.T) (s *session, file, header string) {
	t.Helper()
	s = start(t)
	caps := asking()
	yes := true
	caps.TextDocument.Diagnostic.RelatedDocumentSupport = &yes
	s.initialize(caps)
	header = s.file("h.h", "int x;\n")
	file = s.open("a.bpf.c", "#include \"h.h\"\n")
	s.checkOf(file).ends([]string{header}, at(header, 1, 5, "in header"))
	return s, file, header
}

func TestClosedHeadersComeWithTheirUnits(t *testing.T) {
	s, f, h := withHeader(t)
	a := s.pull(f, "")
	for len(a.related) == 0 {
		a = s.pull(f, "")
	}
	if got := a.related[h]; len(got) != 1 || got[0] != "In header" {
		t.Errorf("got %v", a.related)
	}
	if b := s.pull(f, a.id); b.kind != "unchanged" || len(b.related[h]) != 1 {
		t.Errorf("got %+v", b)
	}
	// When opened, the header has its own report.
	s.must(s.server.DidOpen(t.Context(),
		&protocol.DidOpenTextDocumentParams{TextDocument: protocol.TextDocumentItem{URI: uri.File(h), Version: 1,
			Text: "int x;\n"}}))
	if b := s.pull(h, ""); len(b.messages) != 1 {
		t.Errorf("got %+v", b)
	}
	s.close(h)
	// When the header has no diagnostics any more, the client gets that.
	s.save(f)
	s.checkOf(f).ends([]string{h})
	for got := a.related[h]; len(got) > 0; got = s.pull(f, "").related[h] {
	}
	s.nothingPushed()
}

// TestHeadersOfClosedUnitsAreTakenBack closes a unit that had diagnostics in a header, and requests another unit.
func TestHeadersOfClosedUnitsAreTakenBack(t *testing.T) {
	s, f, h := withHeader(t)
	for len(s.pull(f, "").related[h]) == 0 {
	}
	s.close(f)
	g := s.open("b.bpf.c", "int b;\n")
	s.checkOf(g).finds()
	a := s.pull(g, "")
	for ; !a.tells(h); a = s.pull(g, "") {
	}
	if len(a.related[h]) != 0 {
		t.Errorf("got %v", a.related)
	}
	// The empty report is repeated with each request for this one, as an answer may be lost.
	if a = s.pull(g, a.id); !a.tells(h) || len(a.related[h]) != 0 {
		t.Errorf("got %+v", a)
	}
	s.nothingPushed()
}

// TestFilesThatAreNotAskedForArePushed has a client that requests open documents only, until it requests the workspace.
func TestFilesThatAreNotAskedForArePushed(t *testing.T) {
	s := pulling(t)
	h := s.file("h.h", "int x;\n")
	f := s.open("a.bpf.c", "#include \"h.h\"\n")
	s.checkOf(f).ends([]string{h}, at(h, 1, 5, "in header"), at(f, 1, 1, "here"))
	if p := s.published(); fileOf(p.URI) != h || len(p.Diagnostics) != 1 {
		t.Errorf("got %v", p)
	}
	s.must(s.server.DidOpen(t.Context(),
		&protocol.DidOpenTextDocumentParams{TextDocument: protocol.TextDocumentItem{URI: uri.File(h), Version: 1,
			Text: "int x;\n"}}))
	if p := s.published(); fileOf(p.URI) != h || len(p.Diagnostics) != 0 {
		t.Errorf("the open header keeps %v", p)
	}
	s.close(h)
	if p := s.published(); fileOf(p.URI) != h || len(p.Diagnostics) != 1 {
		t.Errorf("the closed header has %v", p)
	}
	if got := s.workspace(nil); len(got) != 2 || got[h] != "full In header" || got[f] != "full Here" {
		t.Errorf("got %v", got)
	}
	if p := s.published(); fileOf(p.URI) != h || len(p.Diagnostics) != 0 {
		t.Errorf("the header keeps %v beside what was asked for", p)
	}
	s.save(f)
	s.checkOf(f).ends([]string{h})
	s.waitEmpty(f)
	s.nothingPushed()
}

func (s *session) waitEmpty(file string) {
	for len(s.pull(file, "").messages) > 0 {
	}
}

// workspace requests everything and returns the answer per file.
func (s *session) workspace(previous map[string]string) map[string]string {
	s.t.Helper()
	params := &protocol.WorkspaceDiagnosticParams{PreviousResultIds: []protocol.PreviousResultId{}}
	for f, id := range previous {
		params.PreviousResultIds = append(params.PreviousResultIds, protocol.PreviousResultId{URI: uri.File(f),
			Value: id})
	}
	report, err := s.server.DiagnosticWorkspace(s.t.Context(), params)
	s.must(err)
	return told(report.Items)
}

func told(items []protocol.WorkspaceDocumentDiagnosticReport) map[string]string {
	out := map[string]string{}
	for _, item := range items {
		switch r := item.(type) {
		case *protocol.WorkspaceFullDocumentDiagnosticReport:
			out[fileOf(r.URI)] = strings.TrimSpace(r.Kind + " " + strings.Join(messages(r.Items), ", "))
		case *protocol.WorkspaceUnchangedDocumentDiagnosticReport:
			out[fileOf(r.URI)] = r.Kind
		}
	}
	return out
}

func TestWorkspaceIsAskedFor(t *testing.T) {
	s := pulling(t)
	f, g := s.open("a.bpf.c", "int a;\n"), s.open("b.bpf.c", "int b;\n")
	for range 2 {
		c := s.check()
		c.finds(at(c.req.File, 1, 5, "x"))
	}
	a := s.waitFor(f, "X")
	s.waitFor(g, "X")
	got := s.workspace(map[string]string{f: a.id, g: "old", "/gone.h": "old"})
	if len(got) != 3 || got[f] != "unchanged" || got[g] != "full X" || got["/gone.h"] != "full" {
		t.Errorf("got %v", got)
	}
}

func TestWorkspaceIsStreamed(t *testing.T) {
	s := pulling(t)
	f := s.open("a.bpf.c", "int a;\n")
	s.checkOf(f).finds(at(f, 1, 5, "x"))
	s.waitFor(f, "X")
	s.refreshed()
	ctx, cancel := context.WithCancel(t.Context())
	over := make(chan error, 1)
	go func() {
		params := &protocol.WorkspaceDiagnosticParams{PreviousResultIds: []protocol.PreviousResultId{}}
		params.PartialResultToken = protocol.String("stream")
		_, err := s.server.DiagnosticWorkspace(ctx, params)
		over <- err
	}()
	part := func() map[string]string {
		t.Helper()
		var report protocol.WorkspaceDiagnosticReportPartialResult
		s.must(protocol.Unmarshal([]byte(receive(t, s.client.progress, "partial result")), &report))
		return told(report.Items)
	}
	if got := part(); len(got) != 1 || got[f] != "full X" {
		t.Errorf("got %v", got)
	}
	// What the background check finds is sent at once, without a refresh.
	other := s.file("other.bpf.c", "int b;\n")
	s.checkWorkspace()
	s.checkOf(other).finds(at(other, 1, 5, "found"))
	if got := part(); len(got) != 1 || got[other] != "full Found" {
		t.Errorf("got %v", got)
	}
	if len(s.client.refreshes) > 0 {
		t.Error("the client has to ask for what it was told")
	}
	// Deleted files are reported as well.
	s.watched(protocol.FileChangeTypeDeleted, other)
	if got := part(); len(got) != 1 || got[other] != "full" {
		t.Errorf("got %v", got)
	}
	cancel()
	if err := receive(t, over, "end of the stream"); err == nil {
		t.Error("a stream that was cancelled ended well")
	}
	s.nothingPushed()
}

func TestStreamsEndWithTheServer(t *testing.T) {
	s := pulling(t)
	f := s.open("a.bpf.c", "int a;\n")
	s.checkOf(f).finds(at(f, 1, 5, "x"))
	s.waitFor(f, "X")
	over := make(chan error, 1)
	go func() {
		params := &protocol.WorkspaceDiagnosticParams{}
		params.PartialResultToken = protocol.Integer(7)
		_, err := s.server.DiagnosticWorkspace(context.Background(), params)
		over <- err
	}()
	receive(t, s.client.progress, "partial result")
	s.must(s.server.Shutdown(t.Context()))
	var answer *jsonrpc2.Error
	if err := receive(t, over, "end of the stream"); !errors.As(err, &answer) ||
		answer.Code != jsonrpc2.Code(protocol.LSPErrorCodesServerCancelled) {
		t.Errorf("got %v", err)
	}
	s.must(s.server.Exit(t.Context()))
	if err := receive(t, s.served, "end of the server"); err != nil {
		t.Errorf("got %v", err)
	}
}

func TestAskingForOtherDocuments(t *testing.T) {
	s := pulling(t)
	for _, u := range []uri.URI{"untitled:Untitled-1", "git:/w/a.bpf.c?%7B%7D", "file:///never/seen.bpf.c"} {
		if a, err := s.ask(t.Context(), u, ""); err != nil || a.kind != "full" || len(a.messages) != 0 {
			t.Errorf("%s: got %+v, %v", u, a, err)
		}
	}
}

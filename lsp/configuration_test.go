// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"errors"
	"strings"
	"testing"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"
)

// TestSettingsThatComeLate has a client that takes its time to answer for its settings.
func TestSettingsThatComeLate(t *testing.T) {
	s := start(t)
	answers := make(chan protocol.LSPAny)
	s.client.configuration = func(*protocol.ConfigurationParams) []protocol.LSPAny {
		return []protocol.LSPAny{<-answers}
	}
	caps := everything()
	yes := true
	caps.Workspace = &protocol.WorkspaceClientCapabilities{Configuration: &yes}
	s.initialize(caps, `{"clangPath":"/sent"}`)
	f := s.open("a.bpf.c", "int a;\n")
	s.passes(settingsWait, s.dir)
	s.checkOf(f).finds(at(f, 1, 5, "x"))
	s.published()
	if text := receive(t, s.client.logs, "log line"); !strings.Contains(text, "no answer to the request for settings") {
		t.Errorf("the log says %q", text)
	}
	// Nothing waits a second time.
	g := s.open("b.bpf.c", "int b;\n")
	s.checkOf(g).finds(at(g, 1, 5, "x"))
	s.published()
	answers <- protocol.LSPAny(`{"clangPath":"/answered"}`)
	for range 2 {
		s.check().finds()
		s.published()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.created) != 2 || s.created[0].Clang.Path != "/sent" || s.created[1].Clang.Path != "/answered" {
		t.Errorf("checked with %+v", s.created)
	}
}

// TestSettingsThatComeTooLate sends new settings before the client has answered for the old ones.
func TestSettingsThatComeTooLate(t *testing.T) {
	s := start(t)
	answers := make(chan chan string, 8)
	s.client.configuration = func(*protocol.ConfigurationParams) []protocol.LSPAny {
		answer := make(chan string)
		answers <- answer
		return []protocol.LSPAny{protocol.LSPAny(<-answer)}
	}
	caps := everything()
	yes := true
	caps.Workspace = &protocol.WorkspaceClientCapabilities{Configuration: &yes}
	s.initialize(caps)
	f := s.open("a.bpf.c", "int a;\n")
	first := receive(t, answers, "question")
	s.must(s.server.DidChangeConfiguration(t.Context(), &protocol.DidChangeConfigurationParams{}))
	second := receive(t, answers, "second question")
	second <- `{"clangPath":"/second"}`
	c := s.checkOf(f)
	for c.ctx.Err() != nil {
		c = s.checkOf(f)
	}
	first <- `{"clangPath":"/first"}`
	c.finds()
	s.settled()
	s.mu.Lock()
	defer s.mu.Unlock()
	if last := s.created[len(s.created)-1]; last.Clang.Path != "/second" {
		t.Errorf("checked with %+v", last)
	}
}

// TestBeforeAndAfterInitialize sends messages that are not allowed then.
func TestBeforeAndAfterInitialize(t *testing.T) {
	s := start(t)
	f := s.open("early.bpf.c", "int a;\n")
	s.save(f)
	s.must(s.server.Initialized(t.Context(), &protocol.InitializedParams{}))
	_, err := s.server.Hover(t.Context(), &protocol.HoverParams{})
	if e, ok := errors.AsType[*jsonrpc2.Error](err); !ok || e.Code != jsonrpc2.ServerNotInitialized {
		t.Errorf("a request before initialize: %v", err)
	}
	s.initialize(everything())
	// Nothing before had an effect: the next check and the next diagnostics are for another file.
	s.settled()
	s.change(f, 2, whole("int b;\n"))
	params := &protocol.InitializeParams{}
	params.WorkspaceFolders = protocol.NewNullable([]protocol.WorkspaceFolder{{URI: uri.File(t.TempDir()),
		Name: "other"}})
	_, err = s.server.Initialize(t.Context(), params)
	if e, ok := errors.AsType[*jsonrpc2.Error](err); !ok || e.Code != jsonrpc2.InvalidRequest {
		t.Errorf("a second initialize: %v", err)
	}
	// The client still has the features and folders of the first initialize.
	g := s.open("late.bpf.c", "int a;\n")
	d := at(g, 1, 5, "x")
	s.checkOf(g).finds(d)
	if got := s.published(); fileOf(got.URI) != g {
		t.Errorf("diagnostics of %s", got.URI)
	}
}

// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/textproto"
	"strconv"
	"strings"
	"testing"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"
)

// TestTrapOrder tests trap 1: a request is answered with all changes that were sent before it.
func TestTrapOrder(t *testing.T) {
	s := newSession(t)
	f := s.open("a.bpf.c", "int a;\n")
	s.checkOf(f).finds(at(f, 1, 5, "x"))
	s.published()
	version, line := int32(1), uint32(0)
	for range 30 {
		for range 50 {
			version++
			line++
			s.change(f, version, &protocol.TextDocumentContentChangePartial{Range: span(0, 0, 0, 0), Text: "//\n"})
		}
		if h := s.hover(f, line); h == "" {
			t.Fatalf("after %d changes the hover was answered from an older text", version)
		}
	}
}

// TestTrapNotificationErrors tests trap 2: a notification that cannot be handled does not end the connection.
func TestTrapNotificationErrors(t *testing.T) {
	s := newSession(t)
	ctx := t.Context()
	s.must(s.conn.Notify(ctx, "unknown/notification", map[string]int{"a": 1}))
	s.must(s.conn.Notify(ctx, "unknown/withoutParams", nil))
	s.must(s.conn.Notify(ctx, "$/unknown", nil))
	s.must(s.conn.Notify(ctx, "textDocument/didChange",
		jsonrpc2.RawMessage(`{"textDocument":7,"contentChanges":"no"}`)))
	s.must(s.conn.Notify(ctx, "textDocument/didOpen", nil))
	s.must(s.conn.Notify(ctx, "textDocument/didSave",
		jsonrpc2.RawMessage(`{"textDocument":{"uri":"untitled:Untitled-1"}}`)))
	s.settled()
	if m := receive(t, s.client.logs, "log message"); !strings.Contains(m, "notification not handled") {
		t.Errorf("logged %q", m)
	}
}

// TestTrapPanic tests trap 3: a panic in a handler answers an error and does not end the server, whether it happens in
// the handler or in the actor.
func TestTrapPanic(t *testing.T) {
	srv := newServer(t.Context(), Options{}.withDefaults())
	srv.phase.Store(int32(phaseRunning))
	go srv.act()
	ours, theirs := jsonrpc2.NewChannelStreamPair(8)
	a, b := jsonrpc2.NewConn(ours), jsonrpc2.NewConn(theirs)
	handler := func(_ context.Context, req *jsonrpc2.Request) (any, error) {
		switch req.Method() {
		case "panic":
			panic("handler")
		case "actor":
			srv.do(func() { panic("actor") })
		}
		return "fine", nil
	}
	a.Go(t.Context(), srv.phased(handler, srv.ordered(handler)))
	b.Go(t.Context(), jsonrpc2.MethodNotFoundHandler)
	defer b.Close()
	for _, method := range []string{"panic", "actor"} {
		var answer *jsonrpc2.Error
		if _, err := b.Call(t.Context(), method, nil, nil); !errors.As(err, &answer) ||
			answer.Code != jsonrpc2.InternalError {
			t.Errorf("%s: got %v, want an internal error", method, err)
		}
		if err := b.Notify(t.Context(), method, nil); err != nil {
			t.Error(err)
		}
	}
	var text string
	if _, err := b.Call(t.Context(), "fine", nil, &text); err != nil || text != "fine" {
		t.Errorf("the connection did not survive: %v", err)
	}
}

// TestTrapMissingCapabilities tests trap 3 as seen in real clients: every optional capability may be missing.
func TestTrapMissingCapabilities(t *testing.T) {
	s := start(t)
	var r protocol.InitializeResult
	_, err := s.conn.Call(t.Context(), "initialize",
		jsonrpc2.RawMessage(`{"processId":null,"rootUri":null,"capabilities":{}}`), &r)
	s.must(err)
	if r.Capabilities.PositionEncoding != protocol.PositionEncodingKindUTF16 {
		t.Errorf("position encoding %q", r.Capabilities.PositionEncoding)
	}
	s.settled()
}

// TestTrapBrokenJSON tests trap 4: the library ends the connection at an invalid message. Here it is answered, and
// checks go on. Only a header that does not say where the frame ends is fatal.
func TestTrapBrokenJSON(t *testing.T) {
	in, client := io.Pipe()
	answers, out := io.Pipe()
	checker := newFakeChecker()
	served := make(chan error, 1)
	go func() { served <- Serve(context.Background(), in, out, Options{NewChecker: newCheckerOf(checker)}) }()
	told := make(chan string, 64)
	go func() {
		for read := textproto.NewReader(bufio.NewReader(answers)); ; {
			header, err := read.ReadMIMEHeader()
			if err != nil {
				return
			}
			n, _ := strconv.Atoi(header.Get("Content-Length"))
			body := make([]byte, n)
			if _, err := io.ReadFull(read.R, body); err != nil {
				return
			}
			told <- string(body)
		}
	}()
	send := func(m string) { fmt.Fprintf(client, "Content-Length: %d\r\n\r\n%s", len(m), m) }
	awaits := func(want string) {
		t.Helper()
		for !strings.Contains(receive(t, told, want), want) {
		}
	}
	send(`{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"processId":null,"rootUri":null,"capabilities":{}}}`)
	awaits(`"capabilities"`)
	send(fmt.Sprintf(`{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":%q,"languageId":"c","version":1,"text":""}}}`, uri.File(t.TempDir()+"/a.bpf.c")))
	c := receive(t, checker.calls, "check")
	for _, m := range []struct{ text, want string }{
		{`{"jsonrpc":`, `"code":-32700`}, {"\xff\xfe", `"code":-32700`}, {strings.Repeat("[", 1<<20), `"code":-32700`},
		{`{}`, `"code":-32600`}, {`7`, `"code":-32600`}, {`{"jsonrpc":"1.0","id":1,"method":"x"}`, `"code":-32600`},
		{`[]`, `"code":-32600`}, {`[1]`, ""},
		{`{"jsonrpc":"2.0","id":5,"method":"textDocument/hover","params":` +
			strings.Repeat("[", 1<<20) + strings.Repeat("]", 1<<20) + `}`, `"error"`},
		{`{"jsonrpc":"2.0","id":6,"method":"textDocument/hover","params":[]}`, `"id":6`},
		// Notifications are not answered, but the next request is.
		{`{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":[]}}`, ""},
		{`{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":99}}`, ""},
		{`{"jsonrpc":"2.0","method":"$/cancelRequest"}`, ""},
		{`{"jsonrpc":"2.0","method":"textDocument/didOpen","params":[[[]]]}`, ""},
		{`{"jsonrpc":"2.0","id":7,"result":1}`, ""}, {`{"jsonrpc":"2.0","id":8,"method":"no/such"}`, `"id":8`},
	} {
		t.Logf("%.80s", m.text)
		send(m.text)
		if m.want != "" {
			awaits(m.want)
		}
	}
	if c.ctx.Err() != nil {
		t.Error("the check did not survive")
	}
	fmt.Fprintf(client, "Content-Length: -1\r\n\r\n{}")
	if err := receive(t, served, "end of the server"); !errors.Is(err, ErrNoShutdown) ||
		!errors.Is(err, jsonrpc2.ErrInvalidHeader) {
		t.Errorf("got %v", err)
	}
	c.canceled(t)
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }
func (discard) Close() error                { return nil }

// TestTrapWaitingForTheClient tests trap 5: no handler waits for the client. The client here does not answer until the
// test has seen a later message handled.
func TestTrapWaitingForTheClient(t *testing.T) {
	s := start(t)
	caps := everything()
	yes := true
	caps.Workspace = &protocol.WorkspaceClientCapabilities{Configuration: &yes,
		DidChangeWatchedFiles: &protocol.DidChangeWatchedFilesClientCapabilities{DynamicRegistration: &yes}}
	release := make(chan struct{})
	s.client.configuration = func(*protocol.ConfigurationParams) []protocol.LSPAny {
		<-release
		return []protocol.LSPAny{protocol.LSPAny(`{"clangPath":"/pulled"}`)}
	}
	s.initialize(caps)
	f := s.open("a.bpf.c", "int a;\n")
	if h := s.hover(f, 0); h != "" {
		t.Errorf("hover %q", h)
	}
	close(release)
	s.checkOf(f).finds()
	s.mu.Lock()
	defer s.mu.Unlock()
	if last := s.created[len(s.created)-1]; last.Clang.Path != "/pulled" {
		t.Errorf("the settings pulled from the client were not used: %+v", s.created)
	}
}

// TestTrapAliasedStrings tests trap 6: what is kept of a message does not change when its buffer is reused.
func TestTrapAliasedStrings(t *testing.T) {
	s := newSession(t)
	f := s.open("a.bpf.c", "int first;\n")
	c := s.checkOf(f)
	for i := range 200 {
		s.open(fmt.Sprintf("other%d.txt", i), strings.Repeat("XYZ!", 64))
	}
	if text, ok := c.req.Overlay(f); !ok || string(text) != "int first;\n" {
		t.Errorf("the text became %q", text)
	}
	c.finds()
}

// TestTrapShutdown tests trap 7: shutdown is answered, and exit ends the server with the status that the protocol
// requires.
func TestTrapShutdown(t *testing.T) {
	t.Run("orderly", func(t *testing.T) {
		s := newSession(t)
		f := s.open("a.bpf.c", "int a;\n")
		c := s.checkOf(f)
		s.must(s.server.Shutdown(t.Context()))
		c.canceled(t)
		var answer *jsonrpc2.Error
		if _, err := s.server.Hover(t.Context(), &protocol.HoverParams{}); !errors.As(err, &answer) ||
			answer.Code != jsonrpc2.InvalidRequest {
			t.Errorf("a request after shutdown was answered with %v", err)
		}
		s.must(s.server.Exit(t.Context()))
		if err := receive(t, s.served, "end of the server"); err != nil {
			t.Errorf("got %v", err)
		}
	})
	t.Run("exit alone", func(t *testing.T) {
		s := newSession(t)
		s.must(s.server.Exit(t.Context()))
		if err := receive(t, s.served, "end of the server"); !errors.Is(err, ErrNoShutdown) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("end of input", func(t *testing.T) {
		s := newSession(t)
		f := s.open("a.bpf.c", "int a;\n")
		c := s.checkOf(f)
		s.must(s.conn.Close())
		c.canceled(t)
		if err := receive(t, s.served, "end of the server"); !errors.Is(err, ErrNoShutdown) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("before initialize", func(t *testing.T) {
		s := start(t)
		var answer *jsonrpc2.Error
		if _, err := s.server.Hover(t.Context(), &protocol.HoverParams{}); !errors.As(err, &answer) ||
			answer.Code != jsonrpc2.ServerNotInitialized {
			t.Errorf("got %v", err)
		}
	})
}

// TestTrapWireForm tests traps 8 and 9: on the wire a code and a message are plain strings, and an absence of
// diagnostics is an empty list.
func TestTrapWireForm(t *testing.T) {
	s := newSession(t)
	f := s.open("a.bpf.c", "int a;\n")
	s.checkOf(f).finds(at(f, 1, 5, "x"))
	raw, err := protocol.Marshal(s.published())
	s.must(err)
	for _, part := range []string{`"code":"resource-lifetime/unreleased-reference"`, `"message":"X: A reason."`,
		`"source":"bpf-lsp"`, `"version":1`} {
		if !strings.Contains(string(raw), part) {
			t.Errorf("%s lacks %s", raw, part)
		}
	}
	s.save(f)
	s.checkOf(f).finds()
	if raw, err = protocol.Marshal(s.published()); err != nil || !strings.Contains(string(raw), `"diagnostics":[]`) {
		t.Errorf("got %s, %v", raw, err)
	}
}

// TestCancelRequest cancels a request. The library cancels the request's context; the answer says so and the connection
// goes on.
func TestCancelRequest(t *testing.T) {
	s := newSession(t)
	f := s.open("a.bpf.c", "int a;\n")
	s.checkOf(f).finds()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		_, err := s.server.ExecuteCommand(ctx, &protocol.ExecuteCommandParams{Command: commandShowVerifierLog,
			Arguments: []protocol.LSPAny{argument(f)}})
		done <- err
	}()
	log := s.checkOf(f)
	cancel()
	receive(t, done, "answer")
	log.canceled(t)
	s.settled()
}

func argument(file string) protocol.LSPAny {
	raw, err := protocol.Marshal(protocol.String(uri.File(file)))
	if err != nil {
		panic(err)
	}
	return raw
}

// TestExitWithOpenInput requires that exit ends the server even if the client keeps the input open, as some do.
func TestExitWithOpenInput(t *testing.T) {
	in, client := io.Pipe()
	t.Cleanup(func() { client.Close() })
	served := make(chan error, 1)
	go func() {
		served <- Serve(context.Background(), stuck{in}, discard{}, Options{NewChecker: newCheckerOf(newFakeChecker())})
	}()
	for _, m := range []string{
		`{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"processId":null,"rootUri":null,"capabilities":{}}}`,
		`{"jsonrpc":"2.0","id":2,"method":"shutdown"}`, `{"jsonrpc":"2.0","method":"exit"}`} {
		fmt.Fprintf(client, "Content-Length: %d\r\n\r\n%s", len(m), m)
	}
	if err := receive(t, served, "end of the server"); err != nil {
		t.Errorf("got %v", err)
	}
}

// stuck is an input whose reads do not return when it is closed, like a terminal or an inherited pipe.
type stuck struct{ io.Reader }

func (stuck) Close() error { return nil }

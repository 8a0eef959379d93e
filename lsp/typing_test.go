// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/bpf-lsp/bpf-lsp/lsp/check"
	"github.com/bpf-lsp/bpf-lsp/lsp/compile"
)

// typing returns a server that checks typed text.
func typing(t *testing.T) *session {
	t.Helper()
	s := start(t)
	s.initialize(everything(), `{"checkOn":"type"}`)
	return s
}

func TestTypingIsCheckedAfterAPause(t *testing.T) {
	s := typing(t)
	f := s.open("a.bpf.c", "int a;\n")
	s.checkOf(f).finds(at(f, 1, 5, "old"))
	s.published()
	s.change(f, 2, whole("int b;\n"))
	s.passes(pauseWait, f)
	c := s.checkOf(f)
	if text := c.req.Unsaved[f]; text != "int b;\n" {
		t.Errorf("the compiler is given %q", text)
	}
	if text, ok := c.req.Overlay(f); !ok || string(text) != "int b;\n" {
		t.Errorf("excerpts are taken from %q", text)
	}
	c.finds(at(f, 1, 5, "new"))
	got := s.published()
	if v, _ := got.Version.Get(); v != 2 || !strings.HasPrefix(string(got.Diagnostics[0].Message.(protocol.String)),
		"New") {
		t.Errorf("got %v for version %d", got.Diagnostics, v)
	}
	// After a save, the disk is compiled again.
	s.file("a.bpf.c", "int b;\n")
	s.save(f)
	if c := s.checkOf(f); len(c.req.Unsaved) > 0 {
		t.Errorf("a saved file is compiled from %v", c.req.Unsaved)
	} else {
		c.finds()
	}
}

func TestTwoEditsGiveOneResult(t *testing.T) {
	s := typing(t)
	f := s.open("a.bpf.c", "int a;\n")
	s.checkOf(f).finds()
	s.change(f, 2, whole("int b;\n"))
	s.change(f, 3, whole("int c;\n"))
	for _, timer := range s.clock.pending(t, Timer{pauseWait, f}, 2) {
		s.clock.pass(timer)
	}
	c := s.checkOf(f)
	if text := c.req.Unsaved[f]; text != "int c;\n" {
		t.Errorf("checked %q", text)
	}
	// The next edit cancels the check, and its result is never shown.
	s.change(f, 4, whole("int d;\n"))
	c.canceled(t)
	s.passes(pauseWait, f)
	s.checkOf(f).finds(at(f, 1, 5, "newest"))
	if v, _ := s.published().Version.Get(); v != 4 {
		t.Errorf("published for version %d", v)
	}
	s.settled()
}

func TestSaveMakesThePauseUnnecessary(t *testing.T) {
	s := typing(t)
	f := s.open("a.bpf.c", "int a;\n")
	s.checkOf(f).finds()
	s.change(f, 2, whole("int b;\n"))
	s.save(f)
	c := s.checkOf(f)
	s.passes(pauseWait, f)
	s.settled()
	c.finds()
}

func TestTypingInAHeaderChecksItsUnits(t *testing.T) {
	s := typing(t)
	h := s.open("h.h", "int x;\n")
	f := s.open("a.bpf.c", "#include \"h.h\"\n")
	s.checkOf(f).ends([]string{h})
	s.settled()
	s.change(h, 2, whole("int y;\n"))
	s.passes(pauseWait, h)
	c := s.checkOf(f)
	if text := c.req.Unsaved[h]; text != "int y;\n" {
		t.Errorf("the header is compiled as %q", text)
	}
	c.ends([]string{h})
	// The edit is discarded.
	s.close(h)
	if c := s.checkOf(f); len(c.req.Unsaved) > 0 {
		t.Errorf("compiled from %v", c.req.Unsaved)
	} else {
		c.ends([]string{h})
	}
}

// TestTypingInAHeaderDuringTheFirstCheck edits a header before the server can know that it is included.
func TestTypingInAHeaderDuringTheFirstCheck(t *testing.T) {
	s := typing(t)
	h := s.open("h.h", "int x;\n")
	f := s.open("a.bpf.c", "#include \"h.h\"\n")
	first := s.checkOf(f)
	s.change(h, 2, whole("int y;\n"))
	first.canceled(t)
	s.passes(pauseWait, h)
	c := s.checkOf(f)
	if text := c.req.Unsaved[h]; text != "int y;\n" {
		t.Errorf("the header is compiled as %q", text)
	}
	c.ends([]string{h})
}

func TestTypingIsNotCheckedByDefault(t *testing.T) {
	s := newSession(t)
	f := s.open("a.bpf.c", "int a;\n")
	s.checkOf(f).finds()
	s.change(f, 2, whole("int b;\n"))
	s.settled()
	// With a pending edit, a check is of the disk.
	s.must(s.server.DidSave(t.Context(),
		&protocol.DidSaveTextDocumentParams{TextDocument: protocol.TextDocumentIdentifier{URI: uri.File(f)}}))
	if c := s.checkOf(f); c.req.Unsaved != nil {
		t.Errorf("compiled from %v", c.req.Unsaved)
	}
}

func TestOtherValuesOfCheckOnAreRefused(t *testing.T) {
	s := start(t)
	s.initialize(everything(), `{"checkOn":"sometimes"}`)
	if m := receive(t, s.client.logs, "log message"); !strings.Contains(m, "sometimes") {
		t.Errorf("logged %q", m)
	}
}

// TestUnsavedTextIsVerified makes the real compiler and verifier find a leak in a text that was never written to disk.
func TestUnsavedTextIsVerified(t *testing.T) {
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
	s.initialize(everything(), `{"checkOn":"type"}`)
	const harmless = "int nothing;\n"
	f := s.open("leak.bpf.c", harmless)
	s.change(f, 2, whole("/* above */\n"+string(source)))
	s.passes(pauseWait, f)
	got := s.published()
	line := uint32(strings.Count(string(source)[:strings.Index(string(source), "return bpf_redirect(")], "\n")) + 1
	if v, _ := got.Version.Get(); v != 2 || len(got.Diagnostics) != 1 || got.Diagnostics[0].Range.Start.Line != line {
		t.Fatalf("got %+v", got)
	}
	raw, err := s.server.ExecuteCommand(t.Context(), &protocol.ExecuteCommandParams{Command: commandShowVerifierLog,
		Arguments: []protocol.LSPAny{argument(f)}})
	if err != nil || !strings.Contains(string(raw), `return bpf_redirect(proxy_ifindex, 0);`) ||
		strings.Contains(string(raw), "nothing") {
		t.Errorf("the log quotes other lines: %s, %v", raw, err)
	}
	if text, err := os.ReadFile(f); err != nil || string(text) != harmless {
		t.Errorf("the file became %q, %v", text, err)
	}
}

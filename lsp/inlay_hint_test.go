// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/bpf-lsp/bpf-lsp/diag"
)

// hinting is a client that requests inlay hints again when told to.
func hinting() protocol.ClientCapabilities {
	c, yes := everything(), true
	c.Workspace = &protocol.WorkspaceClientCapabilities{
		InlayHint: &protocol.InlayHintWorkspaceClientCapabilities{RefreshSupport: &yes}}
	return c
}

func (s *session) inlayHints(file string, from, to uint32) ([]protocol.InlayHint, string) {
	s.t.Helper()
	params := &protocol.InlayHintParams{}
	params.TextDocument.URI = uri.File(file)
	params.Range.Start.Line, params.Range.End.Line = from, to
	got, err := s.server.InlayHint(s.t.Context(), params)
	s.must(err)
	var b strings.Builder
	for _, h := range got {
		fmt.Fprintf(&b, "%d:%d %s\n", h.Position.Line, h.Position.Character, h.Label)
	}
	return got, b.String()
}

const hintedText = "for (i = 0; i < n; i++)\n\tif (ä > end)\nlookup();\n"

// hints are one of each kind, a line each.
func hints(file string) []diag.LineHint {
	at := func(line int) diag.Line { return diag.Line{File: file, Line: line} }
	return []diag.LineHint{
		{Kind: diag.HintLoop, At: at(1), Rounds: 8, Ranges: []diag.HintRange{{Name: "i", Min: 0, Max: 7}}},
		{Kind: diag.HintPacket, At: at(2), Bytes: 34},
		{Kind: diag.HintNull, At: at(3), Null: true},
	}
}

func TestInlayHints(t *testing.T) {
	s := start(t)
	s.initialize(hinting())
	f := s.open("a.bpf.c", hintedText)
	var asked atomic.Int32
	s.checker.hints = func(context.Context) []diag.LineHint {
		asked.Add(1)
		return hints(f)
	}
	if _, got := s.inlayHints(f, 0, 3); got != "" {
		t.Errorf("before the first check there is %q", got)
	}
	s.checkOf(f).judges(nil)
	receive(t, s.client.hintRefreshes, "a refresh of hints")
	loop, packet := "0:23 // i: 0…7, ≤ 8 rounds\n", "1:13 // 34 bytes of packet proven\n"
	all, got := s.inlayHints(f, 0, 3)
	if d := cmp.Diff(loop+packet, got); d != "" {
		t.Error(d)
	}
	if _, got := s.inlayHints(f, 1, 2); got != packet {
		t.Errorf("in a part of the file there is %q", got)
	}
	if n := asked.Load(); n != 1 {
		t.Errorf("%d walks for hints, want one a check", n)
	}
	full, err := s.server.InlayHintResolve(t.Context(), &all[1])
	s.must(err)
	if tip, ok := full.Tooltip.(protocol.String); !ok || !strings.Contains(string(tip), "packet") {
		t.Errorf("the tooltip is %v", full.Tooltip)
	}

	// They move with their lines, and go with them.
	s.change(f, 2, whole("\n"+strings.Replace(hintedText, "\tif", "  if", 1)))
	if _, got := s.inlayHints(f, 0, 4); got != "" {
		t.Errorf("between two edits there is %q", got)
	}
	s.change(f, 3, whole("\n"+hintedText))
	moved := "1:23 // i: 0…7, ≤ 8 rounds\n2:13 // 34 bytes of packet proven\n"
	if _, got := s.inlayHints(f, 0, 4); got != moved {
		t.Errorf("after a new first line there is %q", got)
	}
	var p protocol.DidChangeConfigurationParams
	s.must(protocol.Unmarshal([]byte(`{"settings":{"bpfLsp":{"inlayHints":{"loops":false,"nulls":true}}}}`), &p))
	s.must(s.server.DidChangeConfiguration(t.Context(), &p))
	receive(t, s.client.hintRefreshes, "a refresh after the setting changed")
	if _, got := s.inlayHints(f, 0, 4); got != "2:13 // 34 bytes of packet proven\n3:9 // may be NULL\n" {
		t.Errorf("with other settings there is %q", got)
	}
	s.settled() // without another check
}

// TestInlayHintsOfANewerCheck ends a walk for hints when a newer check begins, whose hints the client gets.
func TestInlayHintsOfANewerCheck(t *testing.T) {
	s := start(t)
	s.initialize(hinting())
	f := s.open("a.bpf.c", hintedText)
	walks := make(chan context.Context, 4)
	s.checker.hints = func(ctx context.Context) []diag.LineHint {
		walks <- ctx
		<-ctx.Done()
		return nil
	}
	s.checkOf(f).judges(nil)
	receive(t, s.client.hintRefreshes, "a refresh of hints")
	first := make(chan string, 1)
	go func() {
		_, got := s.inlayHints(f, 0, 3)
		first <- got
	}()
	walk := receive(t, walks, "a walk")
	s.save(f)
	c := s.checkOf(f)
	receive(t, walk.Done(), "the end of the walk")
	if got := receive(t, first, "the answer"); got != "" {
		t.Errorf("got %q", got)
	}
	s.checker.hints = func(context.Context) []diag.LineHint { return hints(f) }
	c.judges(nil)
	receive(t, s.client.hintRefreshes, "a refresh of hints")
	if _, got := s.inlayHints(f, 0, 0); got != "0:23 // i: 0…7, ≤ 8 rounds\n" {
		t.Errorf("got %q", got)
	}
}

// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"strings"
	"testing"

	"go.lsp.dev/protocol"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/lsp/check"
	"github.com/bpf-lsp/bpf-lsp/verifier"
	linked "github.com/bpf-lsp/bpf-lsp/verifier/program"
)

func newCheckerOf(c *fakeChecker) func(check.Settings) Checker {
	return func(check.Settings) Checker { return c }
}

func TestNegotiatedEncodings(t *testing.T) {
	const line = "\t/* 🐝é */ leak();"
	tests := []struct {
		offered []protocol.PositionEncodingKind
		want    protocol.PositionEncodingKind
		column  uint32
	}{
		{nil, "utf-16", 11},
		{[]protocol.PositionEncodingKind{"utf-16", "utf-8"}, "utf-8", 14},
		{[]protocol.PositionEncodingKind{"utf-32", "utf-16"}, "utf-16", 11},
		{[]protocol.PositionEncodingKind{"utf-32"}, "utf-32", 10},
		{[]protocol.PositionEncodingKind{"utf-7"}, "utf-16", 11},
	}
	for _, tt := range tests {
		s := start(t)
		caps := everything()
		caps.General.PositionEncodings = tt.offered
		if r := s.initialize(caps); r.Capabilities.PositionEncoding != tt.want {
			t.Errorf("%v: agreed on %s, want %s", tt.offered, r.Capabilities.PositionEncoding, tt.want)
		}
		f := s.open("a.bpf.c", line+"\n")
		s.checkOf(f).finds(at(f, 1, strings.Index(line, "leak")+1, "x"))
		if got := s.published().Diagnostics[0].Range; got != span(0, tt.column, 0, tt.column+4) {
			t.Errorf("%v: got %v", tt.want, got)
		}
		// An edit in the client's units must have the same result.
		s.change(f, 2, &protocol.TextDocumentContentChangePartial{Range: span(0, tt.column, 0, tt.column+4),
			Text: "sink"})
		s.save(f)
		c := s.checkOf(f)
		if text, _ := c.req.Overlay(f); string(text) != strings.Replace(line, "leak", "sink", 1)+"\n" {
			t.Errorf("%v: text became %q", tt.want, text)
		}
	}
}

func TestEncodingOfOddText(t *testing.T) {
	for _, e := range []encoding{utf8Encoding, utf16Encoding, utf32Encoding} {
		const line = "a\xff🐝b"
		for offset := -1; offset <= len(line)+1; offset++ {
			c := e.character(line, offset)
			back := e.offset(line, c)
			if back > len(line) || e.character(line, back) != c {
				t.Errorf("%s: offset %d became character %d and then offset %d", e, offset, c, back)
			}
		}
	}
}

func TestLineMap(t *testing.T) {
	old := []string{"a", "b", "c", "d"}
	tests := []struct {
		now  []string
		line int // of old
		want int
		kept bool
	}{
		{[]string{"a", "b", "c", "d"}, 3, 3, true},
		{[]string{"x", "a", "b", "c", "d"}, 0, 1, true},
		{[]string{"a", "c", "d"}, 1, 1, false},
		{[]string{"a", "c", "d"}, 3, 2, true},
		{[]string{"a", "B", "c", "d"}, 1, 1, false},
		{[]string{"a"}, 3, 0, false},
		{[]string{""}, 2, 0, false},
		{[]string{"a", "b", "b", "c", "d"}, 2, 3, true},
	}
	for _, tt := range tests {
		m := mapLines(old, tt.now)
		if got, kept := m.forward(tt.line); got != tt.want || kept != tt.kept {
			t.Errorf("%q line %d: got %d, %v", tt.now, tt.line, got, kept)
		}
		if back, kept := m.back(tt.want); tt.kept && (back != tt.line || !kept) {
			t.Errorf("%q line %d: back to %d, %v", tt.now, tt.want, back, kept)
		}
	}
}

func TestProgressIsShownForSlowChecks(t *testing.T) {
	s := newSession(t)
	f := s.open("a.bpf.c", "int a;\n")
	c := s.checkOf(f)
	s.passes(progressWait, f)
	token := receive(t, s.client.created, "progress")
	if got := receive(t, s.client.progress, "begin"); !strings.Contains(got, `"begin"`) ||
		!strings.Contains(got, "a.bpf.c") || !strings.Contains(got, `"cancellable":true`) {
		t.Errorf("got %s", got)
	}
	c.finds()
	if got := receive(t, s.client.progress, "end"); !strings.Contains(got, `"end"`) {
		t.Errorf("got %s", got)
	}
	// A quick check shows none, and cancelling an old progress bar has no effect.
	s.must(s.server.WorkDoneProgressCancel(t.Context(), &protocol.WorkDoneProgressCancelParams{Token: token}))
	s.save(f)
	s.checkOf(f).finds()
	s.settled()
	if len(s.client.created) > 0 {
		t.Error("a quick check showed progress")
	}
	// The user cancels.
	s.save(f)
	c = s.checkOf(f)
	s.passes(progressWait, f)
	token = receive(t, s.client.created, "progress")
	receive(t, s.client.progress, "begin")
	s.must(s.server.WorkDoneProgressCancel(t.Context(), &protocol.WorkDoneProgressCancelParams{Token: token}))
	c.canceled(t)
	if got := receive(t, s.client.progress, "end"); !strings.Contains(got, `"end"`) {
		t.Errorf("got %s", got)
	}
}

func TestSettings(t *testing.T) {
	s := start(t)
	s.initialize(everything(),
		`{"clangPath":"/opt/clang","trusted":true,"server":{"path":""},"clangDiagnostics":false}`)
	f := s.open("a.bpf.c", "int a;\n")
	s.checkOf(f).finds()
	first := s.created[0]
	if first.Clang.Path != "/opt/clang" || !first.Clang.Trusted || first.Clang.Root != s.dir {
		t.Errorf("got %+v", first)
	}
	same := `{"settings":{"bpfLsp":{"clangPath":"/opt/clang","clangDiagnostics":false}}}`
	notify := func(raw string) {
		var p protocol.DidChangeConfigurationParams
		s.must(protocol.Unmarshal([]byte(raw), &p))
		s.must(s.server.DidChangeConfiguration(t.Context(), &p))
	}
	notify(same)
	s.settled()
	notify(`{"settings":{"bpfLsp":{"flags":["-DX"],"kernelBTF":"k.btf","targetKernel":"7.3","trusted":false}}}`)
	s.checkOf(f).finds()
	s.mu.Lock()
	last := s.created[len(s.created)-1]
	s.mu.Unlock()
	if len(last.Clang.Flags) != 1 || !last.Clang.Trusted || !strings.HasSuffix(last.KernelBTF, "k.btf") ||
		last.Clang.Path != "/opt/clang" {
		t.Errorf("got %+v", last)
	}
	if first.Target != verifier.Linux618 || last.Target != verifier.Linux73 {
		t.Errorf("judged by the rules of %s, then of %s", first.Target, last.Target)
	}
}

func TestUnknownTargetKernel(t *testing.T) {
	before := Settings{TargetKernel: "7.3"}
	after, err := decodeSettings(before, []byte(`{"targetKernel":"5.15","arch":"arm64"}`))
	if err == nil || !strings.Contains(err.Error(), "want 6.18 or 7.3") {
		t.Errorf("error is %v", err)
	}
	if after.TargetKernel != "7.3" || after.Arch != "arm64" {
		t.Errorf("got %+v", after)
	}
}

func TestCommands(t *testing.T) {
	s := newSession(t)
	f := s.open("a.bpf.c", "int a;\n")
	s.checkOf(f).finds()
	run := func(command string) string {
		t.Helper()
		raw, err := s.server.ExecuteCommand(t.Context(), &protocol.ExecuteCommandParams{Command: command,
			Arguments: []protocol.LSPAny{argument(f)}})
		s.must(err)
		return string(raw)
	}
	run(commandCheckNow)
	s.checkOf(f).finds()
	s.settled()
	if got := run(commandShowCommandLine); !strings.Contains(got, "clang -c") ||
		!strings.Contains(got, "flags: defaults") {
		t.Errorf("got %s", got)
	}
	go func() {
		c := s.check()
		if c.req.LogLevel != fullLog {
			t.Errorf("log asked for at level %d", c.req.LogLevel)
		}
		c.finds()
	}()
	if got := run(commandShowVerifierLog); got != "" {
		t.Errorf("got %s", got)
	}
	if _, err := s.server.ExecuteCommand(t.Context(),
		&protocol.ExecuteCommandParams{Command: commandCheckNow}); err == nil {
		t.Error("a command without a file was accepted")
	}
}

func TestStatus(t *testing.T) {
	s := newSession(t)
	f := s.open("a.bpf.c", "int a;\n")
	if got := receive(t, s.client.statuses, "status"); !strings.Contains(got, `"state":"checking"`) {
		t.Errorf("got %s", got)
	}
	s.checkOf(f).finds(at(f, 1, 1, "no compiler"))
	if got := receive(t, s.client.statuses, "status"); !strings.Contains(got, `"state":"failed"`) ||
		!strings.Contains(got, "No compiler") {
		t.Errorf("got %s", got)
	}
}

// TestStatusOfOpenObject requires that the status tells what user space has to set before an object can be loaded.
func TestStatusOfOpenObject(t *testing.T) {
	s := newSession(t)
	f := s.open("a.bpf.c", "int a;\n")
	receive(t, s.client.statuses, "status")
	p := &linked.Program{Name: "count", Section: "xdp", Autoload: true}
	s.checkOf(f).reports(check.Report{File: f, Deps: []string{f}, Source: check.NewSource(nil),
		Object: &linked.Object{Programs: []*linked.Program{p}, Faults: []*linked.Fault{
			{Kind: linked.MapUnsized, Name: "slots"}}},
		Programs: []*diag.Run{{Program: p, Result: verifier.Result{Verdict: verifier.Accepted}}}})
	if got := receive(t, s.client.statuses, "status"); !strings.Contains(got, `"state":"ok"`) ||
		!strings.Contains(got, "The program was accepted. The object cannot be loaded before user space completes `slots`.") {
		t.Errorf("got %s", got)
	}
}

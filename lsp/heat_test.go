// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.lsp.dev/protocol"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/verifier"
)

// runs runs a command on a file.
func (s *session) runs(command, file string, more ...string) protocol.LSPAny {
	s.t.Helper()
	arguments := []protocol.LSPAny{argument(file)}
	for _, word := range more {
		raw, err := protocol.Marshal(protocol.String(word))
		s.must(err)
		arguments = append(arguments, raw)
	}
	raw, err := s.server.ExecuteCommand(s.t.Context(),
		&protocol.ExecuteCommandParams{Command: command, Arguments: arguments})
	s.must(err)
	return raw
}

// TestHeat adds up the lines of programs, and moves them with the text.
func TestHeat(t *testing.T) {
	s := newSession(t)
	f := s.open("a.bpf.c", twoPrograms)
	at := func(line, insns, states int) diag.LineCost {
		return diag.LineCost{Span: diag.Span{File: f, Line: line}, Insns: insns, States: states}
	}
	s.checker.costs = []diag.ProgramCost{
		{Program: "a", Budget: &diag.Budget{Insns: 60, Limit: 1000,
			Lines: []diag.LineCost{at(2, 40, 1), at(1, 20, 0)}}},
		{Program: "b", Budget: &diag.Budget{Insns: 40, Limit: 1000,
			Lines: []diag.LineCost{at(4, 30, 2), at(2, 10, 1)}}},
	}
	s.checkOf(f).judges(nil, judged(f, "a", 1, verifier.Accepted, ""), judged(f, "b", 3, verifier.Accepted, ""))
	s.ended(f)
	lines := func(programs ...string) []heatLine {
		t.Helper()
		var got heat
		s.must(protocol.Unmarshal(s.runs(commandShowHeat, f, programs...), &got))
		if !strings.Contains(got.Text, "a: 60 of 1000 instructions") || !strings.Contains(got.Text, "{ return 0; }") {
			t.Errorf("the text is %q", got.Text)
		}
		return got.Lines
	}
	both := []heatLine{{0, 20, 0, "20 insns · 20.0 %", 0.2}, {1, 50, 2, "50 insns · 50.0 %", 0.5},
		{3, 30, 2, "30 insns · 30.0 %", 0.3}}
	if d := cmp.Diff(both, lines()); d != "" {
		t.Error(d)
	}
	one := []heatLine{{0, 20, 0, "20 insns · 33.3 %", 20.0 / 60}, {1, 40, 1, "40 insns · 66.7 %", 40.0 / 60}}
	if d := cmp.Diff(one, lines("a")); d != "" {
		t.Error(d)
	}
	// The first line was edited, the others have moved.
	s.change(f, 2, whole("int  a(void)\n// new\n"+strings.TrimPrefix(twoPrograms, "int a(void)\n")))
	if got := lines(); len(got) != 2 || got[0].Line != 2 || got[1].Line != 4 {
		t.Errorf("got %+v", got)
	}
	if got := string(s.runs(commandShowBudget, f, "b")); !strings.Contains(got, "b: 40 of 1000 instructions") ||
		strings.Contains(got, "a: 60") {
		t.Errorf("the budget is %q", got)
	}
	if got := s.runs(commandShowHeat, f, "c"); got != nil {
		t.Errorf("the heat of a program that is not there is %s", got)
	}
	if _, err := s.server.ExecuteCommand(t.Context(), &protocol.ExecuteCommandParams{Command: commandShowBudget,
		Arguments: []protocol.LSPAny{argument(f), protocol.LSPAny(`"a"`), protocol.LSPAny(`"loudly"`)}}); err == nil {
		t.Error("an answer of unknown kind was promised")
	}
}

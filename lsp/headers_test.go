// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"testing"

	"go.lsp.dev/protocol"
)

const cxx = "#include <vector>\n#include <bpf/libbpf.h>\nstd::vector<int> v;\n"

// TestCxxProjectCostsNothing sends the messages of a client with a C++ project: nothing may be checked, searched or
// reported.
func TestCxxProjectCostsNothing(t *testing.T) {
	for _, options := range []string{`{}`, `{"checkOn":"type"}`} {
		s := start(t)
		s.initialize(everything(), options)
		for _, name := range []string{"main.cpp", "main.h", "main.hpp"} {
			f := s.open(name, cxx)
			s.change(f, 2, whole(cxx+"// more\n"))
			s.save(f)
			s.watched(protocol.FileChangeTypeChanged, f)
			s.hover(f, 0)
			s.close(f)
		}
		if n := len(s.client.statuses) + len(s.created); n != 0 {
			t.Errorf("%s: %d messages and checkers", options, n)
		}
		s.settled()
	}
}

// TestCxxEditsLeaveTheFirstCheckAlone edits a C++ file before the server can know what a program includes: sources are
// not included.
func TestCxxEditsLeaveTheFirstCheckAlone(t *testing.T) {
	s := typing(t)
	other := s.open("main.cpp", cxx)
	f := s.open("a.bpf.c", "int a;\n")
	c := s.checkOf(f)
	s.change(other, 2, whole("int x;\n"))
	s.hover(other, 0)
	c.finds(at(f, 1, 5, "x"))
	if got := s.published(); len(got.Diagnostics) != 1 {
		t.Errorf("got %v", got.Diagnostics)
	}
}

// TestHeaderFollowsItsOwnEdits types lines in a header without saving it.
func TestHeaderFollowsItsOwnEdits(t *testing.T) {
	s := newSession(t)
	h := s.open("h.h", "int x;\nint y;\n")
	f := s.open("a.bpf.c", "#include \"h.h\"\n")
	s.checkOf(f).ends([]string{h}, at(h, 2, 5, "wrong"))
	if got := s.published(); fileOf(got.URI) != h || got.Diagnostics[0].Range != span(1, 4, 1, 5) {
		t.Fatalf("got %v", got)
	}
	s.change(h, 2, whole("// above\nint x;\nint y;\n"))
	if s.hover(h, 2) == "" || s.hover(h, 1) != "" {
		t.Error("the hover does not follow the header's lines")
	}
	s.save(f)
	s.checkOf(f).ends([]string{h}, at(h, 2, 5, "wrong again"))
	if got := s.published(); fileOf(got.URI) != h || got.Diagnostics[0].Range != span(2, 4, 2, 5) {
		t.Errorf("got %v", got)
	}
}

// TestCheckNowInAHeader checks what includes the header, and not the header as a program of its own.
func TestCheckNowInAHeader(t *testing.T) {
	s := newSession(t)
	h := s.open("h.h", "int x;\n")
	f := s.open("a.bpf.c", "#include \"h.h\"\n")
	s.checkOf(f).ends([]string{h})
	s.settled()
	_, err := s.server.ExecuteCommand(t.Context(), &protocol.ExecuteCommandParams{Command: commandCheckNow,
		Arguments: []protocol.LSPAny{argument(h)}})
	s.must(err)
	s.checkOf(f).ends([]string{h})
	s.settled()
}

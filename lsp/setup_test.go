// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"context"
	"errors"
	"strings"
	"testing"

	"go.lsp.dev/protocol"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/lsp/check"
)

func noClang(file string) diag.Diagnostic {
	d := diag.FromFault(catalog.CompilerNotFound, diag.Span{File: file, Line: 1}, "No clang was found.")
	d.Suggestion = "Install one."
	return d
}

// TestMissingCompilerIsToldOnce has several files on a machine without clang: one message, no squiggle, and a status
// for each file. After a check that worked, it is told again.
func TestMissingCompilerIsToldOnce(t *testing.T) {
	s := start(t)
	client := everything()
	client.Window.ShowDocument = &protocol.ShowDocumentClientCapabilities{Support: true}
	s.initialize(client)
	a := s.open("a.bpf.c", "int a;\n")
	s.checkOf(a).finds(noClang(a))
	told := receive(t, s.client.offers, "message")
	if !strings.Contains(told.message, "No clang was found") || !strings.Contains(told.message, "Install one.") {
		t.Errorf("told %q", told.message)
	}
	if got := strings.Join(told.titles, ", "); got != "Check Again, How to Install" {
		t.Errorf("offered %s", got)
	}
	told.answer <- string(catalog.OfferInstall)
	if got := receive(t, s.client.pages, "page"); got != catalog.Href(catalog.CompilerNotFound) {
		t.Errorf("shown %s", got)
	}
	b := s.open("b.bpf.c", "int b;\n")
	s.checkOf(b).finds(noClang(b))
	for range 2 {
		for state := ""; !strings.Contains(state, `"failed"`); {
			state = receive(t, s.client.statuses, "status")
		}
	}
	select {
	case again := <-s.client.offers:
		t.Errorf("told again: %q", again.message)
	case p := <-s.client.diagnostics:
		t.Errorf("%s has a squiggle: %v", p.URI, p.Diagnostics)
	default:
	}
	s.save(a)
	s.checkOf(a).finds(at(a, 1, 1, "a fault"))
	s.toldOf(a)
	s.save(b)
	s.checkOf(b).finds(noClang(b))
	told = receive(t, s.client.offers, "message after a check that worked")
	told.answer <- string(catalog.OfferCheckAgain)
	again := map[string]bool{}
	for range 2 {
		c := s.check()
		again[c.req.File] = true
		c.finds()
	}
	if !again[a] || !again[b] {
		t.Errorf("checked again: %v", again)
	}
}

func TestMissingCompilerWithoutPages(t *testing.T) {
	s := newSession(t)
	f := s.open("a.bpf.c", "int a;\n")
	s.checkOf(f).finds(noClang(f))
	told := receive(t, s.client.offers, "message")
	if got := strings.Join(told.titles, ", "); got != "Check Again" {
		t.Errorf("offered %s", got)
	}
	told.answer <- ""
}

func TestDoctorCommand(t *testing.T) {
	s := startWith(t, nil, func(o *Options) {
		o.Doctor = func(_ context.Context, file string, settings check.Settings) (string, error) {
			if file == "" {
				return "", errors.New("a full disk")
			}
			return "the doctor on " + file + " with " + settings.Clang.Path, nil
		}
	})
	s.initialize(everything(), `{"clangPath":"/my/clang"}`)
	f := s.open("a.bpf.c", "int a;\n")
	s.checkOf(f).finds()
	if got := string(s.runs(commandShowDoctor, f)); !strings.Contains(got, "the doctor on "+f+" with /my/clang") {
		t.Errorf("got %s", got)
	}
	if _, err := s.server.ExecuteCommand(t.Context(),
		&protocol.ExecuteCommandParams{Command: commandShowDoctor}); err == nil ||
		!strings.Contains(err.Error(), "a full disk") {
		t.Errorf("got %v", err)
	}
}

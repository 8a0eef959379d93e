// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/lsp/check"
	"github.com/bpf-lsp/bpf-lsp/lsp/compile"
)

func (s *session) watched(kind protocol.FileChangeType, files ...string) {
	s.t.Helper()
	p := &protocol.DidChangeWatchedFilesParams{}
	for _, f := range files {
		p.Changes = append(p.Changes, protocol.FileEvent{URI: uri.File(f), Type: kind})
	}
	s.must(s.server.DidChangeWatchedFiles(s.t.Context(), p))
}

func (s *session) rename(before, after string) {
	s.t.Helper()
	s.must(os.Rename(before, after))
	s.must(s.server.DidRenameFiles(s.t.Context(),
		&protocol.RenameFilesParams{Files: []protocol.FileRename{{OldURI: string(uri.File(before)),
			NewURI: string(uri.File(after))}}}))
}

func (s *session) mkdir(name string) string {
	s.t.Helper()
	name = filepath.Join(s.dir, name)
	s.must(os.MkdirAll(name, 0o755))
	return name
}

// lacks ends a check with the error of a missing header.
func (c *pendingCheck) lacks(header string) {
	c.reports(check.Report{File: c.req.File, Deps: []string{c.req.File}, Source: check.NewSource(nil),
		Compiler: []diag.Diagnostic{{Code: catalog.MissingHeader,
			Severity: diag.Error, Source: diag.SourceClang, Reason: "'" + header + "' file not found",
			Span: diag.Span{File: c.req.File, Line: 1, Col: 10}}}})
}

func TestRenamedUnitMoves(t *testing.T) {
	s := newSession(t)
	old := s.open("old.bpf.c", "int a;\n")
	s.checkOf(old).finds(at(old, 1, 5, "x"))
	s.published()
	now := filepath.Join(s.dir, "new.bpf.c")
	s.rename(old, now)
	if got := s.published(); fileOf(got.URI) != old || len(got.Diagnostics) != 0 {
		t.Errorf("got %v", got)
	}
	s.close(old)
	s.open("new.bpf.c", "int a;\n")
	s.checkOf(now).finds(at(now, 1, 5, "x"))
	if got := s.published(); fileOf(got.URI) != now || len(got.Diagnostics) != 1 {
		t.Errorf("got %v", got)
	}
	// The watcher reports the same again.
	s.watched(protocol.FileChangeTypeDeleted, old)
	s.watched(protocol.FileChangeTypeCreated, now)
	s.settled()
}

func TestRenamedHeaderIsMissedAndFoundAgain(t *testing.T) {
	s := newSession(t)
	h := s.file("h.h", "int x;\n")
	f := s.open("a.bpf.c", "#include \"h.h\"\n")
	s.checkOf(f).ends([]string{h})
	s.ended(f)
	away := filepath.Join(s.dir, "away.h")
	s.rename(h, away)
	s.checkOf(f).lacks("h.h")
	s.published()
	s.rename(away, h)
	s.checkOf(f).ends([]string{h})
	if got := s.published(); len(got.Diagnostics) != 0 {
		t.Errorf("got %v", got)
	}
}

func TestDirectoriesAreRenamedAndDeleted(t *testing.T) {
	s := newSession(t)
	include := s.mkdir("include")
	s.mkdir("prog")
	h := s.file("include/h.h", "int x;\n")
	f, other := s.open("prog/a.bpf.c", "#include \"h.h\"\n"), ""
	s.checkOf(f).ends([]string{h}, at(f, 1, 1, "x"))
	s.published()
	other = s.open("other.bpf.c", "int a;\n")
	s.checkOf(other).finds()
	s.settled()
	s.rename(include, filepath.Join(s.dir, "headers"))
	s.checkOf(f).ends([]string{filepath.Join(s.dir, "headers", "h.h")}, at(f, 1, 1, "x"))
	s.settled()
	s.must(os.RemoveAll(filepath.Join(s.dir, "prog")))
	s.must(s.server.DidDeleteFiles(t.Context(),
		&protocol.DeleteFilesParams{
			Files: []protocol.FileDelete{{URI: string(uri.File(filepath.Join(s.dir, "prog")))}}}))
	if got := s.published(); fileOf(got.URI) != f || len(got.Diagnostics) != 0 {
		t.Errorf("got %v", got)
	}
	s.settled()
}

// TestFileDeletedWhileChecked has a check find something in a file that was deleted meanwhile.
func TestFileDeletedWhileChecked(t *testing.T) {
	s := newSession(t)
	f := s.open("a.bpf.c", "int a;\n")
	c := s.checkOf(f)
	s.must(os.Remove(f))
	s.watched(protocol.FileChangeTypeDeleted, f)
	c.canceled(t)
	s.settled()
	// When written again, it is checked again.
	s.file("a.bpf.c", "int a;\n")
	s.watched(protocol.FileChangeTypeCreated, f)
	s.checkOf(f).finds(at(f, 1, 5, "back"))
	s.published()
}

func TestBuildFilesCallForNewChecks(t *testing.T) {
	for _, name := range []string{"bpf-lsp.yaml", "compile_commands.json", "build/compile_commands.json",
		"compile_flags.txt", ".clangd", "Makefile", "Makefile.include", "common.mk", "build/build.ninja", "build.rs"} {
		t.Run(name, func(t *testing.T) {
			s := newSession(t)
			s.mkdir("build")
			s.mkdir("sub")
			inside := s.open("sub/a.bpf.c", "int a;\n")
			s.checkOf(inside).finds()
			outside := filepath.Join(t.TempDir(), "b.bpf.c")
			s.must(s.server.DidOpen(t.Context(),
				&protocol.DidOpenTextDocumentParams{TextDocument: protocol.TextDocumentItem{URI: uri.File(outside),
					LanguageID: "c", Version: 1}}))
			s.checkOf(outside).finds()
			s.settled()
			before := s.checker.forgot.Load()
			s.watched(protocol.FileChangeTypeChanged, s.file(name, ""), s.file(name, ""))
			s.checkOf(inside).finds()
			if s.checker.forgot.Load() == before {
				t.Error("what was found for the old flags is remembered")
			}
			s.settled()
			s.must(s.server.DidDeleteFiles(t.Context(),
				&protocol.DeleteFilesParams{
					Files: []protocol.FileDelete{{URI: string(uri.File(filepath.Join(s.dir, name)))}}}))
			s.checkOf(inside).finds()
			s.settled()
		})
	}
}

func TestGoFilesCountIfTheyRunBPF2Go(t *testing.T) {
	s := newSession(t)
	f := s.open("a.bpf.c", "int a;\n")
	s.checkOf(f).finds()
	s.settled()
	s.watched(protocol.FileChangeTypeChanged, s.file("plain.go", "package x\n"))
	s.settled()
	gen := s.file("gen.go", "package x\n\n//go:generate go tool bpf2go x a.bpf.c\n")
	s.watched(protocol.FileChangeTypeCreated, gen)
	c := s.checkOf(f)
	c.reports(check.Report{File: f, Deps: []string{f}, Source: check.NewSource(nil),
		Command: compile.Command{Origin: gen}})
	s.settled()
	// The line disappears. The file no longer shows it, but the flags came from there.
	s.watched(protocol.FileChangeTypeChanged, s.file("gen.go", "package x\n"))
	s.checkOf(f).finds()
	s.settled()
}

// TestGoFileChangesWhileItIsUsed removes the line during the check that found its flags there.
func TestGoFileChangesWhileItIsUsed(t *testing.T) {
	s := newSession(t)
	gen := s.file("gen.go", "package x\n")
	f := s.open("a.bpf.c", "int a;\n")
	c := s.checkOf(f)
	s.watched(protocol.FileChangeTypeChanged, gen)
	s.settled()
	c.reports(check.Report{File: f, Deps: []string{f}, Source: check.NewSource(nil),
		Command: compile.Command{Origin: gen}})
	s.checkOf(f).finds()
	s.settled()
}

// TestFoldersHaveTheirOwnSettings has a client that answers per folder; one folder is inside the other.
func TestFoldersHaveTheirOwnSettings(t *testing.T) {
	s := start(t)
	caps := everything()
	yes := true
	caps.Workspace = &protocol.WorkspaceClientCapabilities{Configuration: &yes}
	inner := s.mkdir("inner")
	s.client.configuration = func(p *protocol.ConfigurationParams) []protocol.LSPAny {
		if *p.Items[0].Section != settingsSection {
			t.Errorf("asked for %v", p.Items)
		}
		flag := "-DOUTER"
		if strings.HasPrefix(fileOf(*p.Items[0].ScopeURI), inner) {
			flag = "-DINNER"
		}
		return []protocol.LSPAny{protocol.LSPAny(`{"flags":["` + flag + `"]}`)}
	}
	s.initialize(caps)
	flags := func() string {
		s.mu.Lock()
		defer s.mu.Unlock()
		last := s.created[len(s.created)-1].Clang
		return strings.Join(last.Flags, " ") + " in " + filepath.Base(last.Root)
	}
	outer := s.open("a.bpf.c", "int a;\n")
	s.checkOf(outer).finds()
	nested := s.open("inner/b.bpf.c", "int b;\n")
	s.checkOf(nested).finds()
	if got := flags(); got != "-DOUTER in "+filepath.Base(s.dir) {
		t.Errorf("got %s", got)
	}
	s.settled()
	// The inner directory becomes a folder of its own.
	s.must(s.server.DidChangeWorkspaceFolders(t.Context(),
		&protocol.DidChangeWorkspaceFoldersParams{Event: protocol.WorkspaceFoldersChangeEvent{
			Added: []protocol.WorkspaceFolder{{URI: uri.File(inner), Name: "inner"}}}}))
	s.checkOf(nested).finds()
	if got := flags(); got != "-DINNER in inner" {
		t.Errorf("got %s", got)
	}
	s.settled()
	// A change of settings requests them again and checks everything.
	s.must(s.server.DidChangeConfiguration(t.Context(),
		&protocol.DidChangeConfigurationParams{Settings: protocol.LSPAny("null")}))
	for range 2 {
		s.check().finds()
	}
	s.settled()
}

// SPDX-License-Identifier: GPL-2.0-only

//go:build unix

package lsp

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/bpf-lsp/bpf-lsp/lsp/check"
	"github.com/bpf-lsp/bpf-lsp/lsp/compile"
)

// real returns a server with the real stages and its own cache. It skips the test if the stages need a clang and there
// is none.
func real(t *testing.T, change func(*check.Settings)) *session {
	t.Helper()
	cache := t.TempDir()
	s := startWith(t, func(cs check.Settings) Checker {
		cs.Clang.CacheDir = cache
		if change != nil {
			change(&cs)
		}
		return check.New(cs)
	})
	s.initialize(everything())
	return s
}

func needsClang(t *testing.T) {
	t.Helper()
	if _, err := compile.New(compile.Settings{}).Find(t.Context(), filepath.Join(t.TempDir(), "a.bpf.c")); err != nil {
		t.Skipf("SKIPPED, NEEDS CLANG: %v", err)
	}
}

// fakeClang writes a compiler that claims to support BPF and runs body when it compiles.
func fakeClang(t *testing.T, body string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "clang")
	script := "#!/bin/sh\ncase \"$*\" in\n*--print-targets*) echo '  bpf - BPF' ;;\n*--version*) echo 'clang version " +
		"0' ;;\n*-E*) ;;\n*) " + body + " ;;\nesac\n"
	if err := os.WriteFile(path, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

// one waits for a single diagnostic of a file and returns its message.
func (s *session) one(file string) (string, protocol.Diagnostic) {
	s.t.Helper()
	ds := s.toldOf(file)
	if len(ds) != 1 {
		s.t.Fatalf("got %v, want one diagnostic", ds)
	}
	return string(ds[0].Message.(protocol.String)), ds[0]
}

// TestWhatKeepsAFileFromBeingChecked expects the reason, and a server that continues: a warning in the file, or a
// message if this machine is at fault.
func TestWhatKeepsAFileFromBeingChecked(t *testing.T) {
	notADirectory := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(notADirectory, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name  string
		clang func(*testing.T) string // empty for the one on PATH
		env   map[string]string
		want  []string
		told  bool // by a message
	}{
		{name: "no clang", env: map[string]string{"PATH": notADirectory},
			want: []string{"No clang was found"}, told: true},
		{name: "clang of the settings is missing", clang: func(*testing.T) string { return "/nowhere/clang" },
			want: []string{"/nowhere/clang", "was not found"}, told: true},
		{name: "clang is killed", clang: func(t *testing.T) string { return fakeClang(t, "kill -9 $$") },
			want: []string{"signal: killed"}},
		{name: "clang never ends", clang: func(t *testing.T) string { return fakeClang(t, "sleep 1000") },
			want: []string{"did not finish within 1s"}},
		{name: "clang never says what it can do", clang: func(t *testing.T) string {
			path := filepath.Join(t.TempDir(), "clang")
			if err := os.WriteFile(path, []byte("#!/bin/sh\nsleep 1000\n"), 0o755); err != nil {
				t.Fatal(err)
			}
			return path
		}, want: []string{"--print-targets did not finish within 1s"}},
		{name: "clang writes no object", clang: func(t *testing.T) string { return fakeClang(t, "exit 0") },
			want: []string{"wrote no object file"}},
		{name: "clang writes no ELF", clang: func(t *testing.T) string {
			return fakeClang(t, `while [ $# -gt 1 ]; do if [ "$1" = -o ]; then echo nonsense > "$2"; fi; shift; done`)
		}, want: []string{"object"}},
		{name: "the disk is full", clang: func(t *testing.T) string {
			return fakeClang(t, "echo 'error: error in backend: IO failure on output stream: No space left on device' "+
				">&2; exit 1")
		}, want: []string{"temporary file", "no space left"}},
		{name: "no temporary files", env: map[string]string{"TMPDIR": filepath.Join(notADirectory, "tmp")},
			want: []string{"temporary file", "not a directory"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := ""
			if tt.clang == nil {
				needsClang(t)
			} else {
				path = tt.clang(t)
			}
			s := real(t, func(cs *check.Settings) {
				cs.Clang.Path, cs.Clang.Timeout = path, time.Minute
				if strings.Contains(tt.name, "never") {
					cs.Clang.Timeout = time.Second
				}
			})
			f := filepath.Join(s.dir, "a.bpf.c")
			for name, value := range tt.env {
				t.Setenv(name, value)
			}
			s.open("a.bpf.c", "int a;\n")
			var message string
			var d protocol.Diagnostic
			if tt.told {
				told := receive(t, s.client.offers, "message")
				message = told.message
				told.answer <- ""
			} else {
				message, d = s.one(f)
			}
			for _, part := range tt.want {
				if !strings.Contains(message, part) {
					t.Errorf("%q lacks %q", message, part)
				}
			}
			if !tt.told && (d.Range.Start.Line != 0 || d.Code == nil) {
				t.Errorf("got %+v", d)
			}
			if h := s.hover(f, 0); !tt.told && h == "" && d.Source == protocol.NewOptional("bpf-lsp") {
				t.Error("the server does not answer a hover on it")
			}
		})
	}
}

func TestUnwritableCacheIsTold(t *testing.T) {
	needsClang(t)
	s := real(t, func(cs *check.Settings) { cs.Clang.CacheDir = filepath.Join(os.DevNull, "cache") })
	f := s.open("a.bpf.c", "#include \"vmlinux.h\"\n")
	message, d := s.one(f)
	raw, _ := protocol.Marshal(&protocol.PublishDiagnosticsParams{Diagnostics: []protocol.Diagnostic{d}})
	if !strings.Contains(message, "vmlinux.h") || !strings.Contains(string(raw), "could not be written to the cache") {
		t.Errorf("got %s", raw)
	}
}

// TestOddTexts makes the real compiler find the same error after line ends, tabs and characters of all kinds.
func TestOddTexts(t *testing.T) {
	needsClang(t)
	long := strings.Repeat("/* long */", 20_000)
	tests := []struct {
		name, text string
		want       protocol.Range
	}{
		{"CRLF", "int a;\r\nint f(void) { return missing; }\r\n", span(1, 21, 1, 28)},
		{"tabs", "int a;\n\tint\tf(void)\t{ return missing; }\n", span(1, 22, 1, 29)},
		{"UTF-8", "int a;\nint f(void) { /* 🐝é */ return missing; }\n", span(1, 31, 1, 38)},
		{"byte order mark", "\ufeffint a;\nint f(void) { return missing; }\n", span(1, 21, 1, 28)},
		{"bytes that are no UTF-8", "int a; // \xff\xfe\nint f(void) { return missing; }\n", span(1, 21, 1, 28)},
		{"a very long line", "int a;\nint f(void) { " + long + "return missing; }\n",
			span(1, uint32(len(long)+21), 1, uint32(len(long)+28))},
		{"no line end", "int a;\nint f(void) { return missing; }", span(1, 21, 1, 28)},
		{"an empty line end", "int a;\nint f(void) { return missing; }\n\n\n", span(1, 21, 1, 28)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := real(t, nil)
			f := s.open("a.bpf.c", tt.text)
			_, d := s.one(f)
			if d.Range != tt.want {
				t.Errorf("got %v, want %v", d.Range, tt.want)
			}
			// Insert twice as many lines above, as if typed.
			s.change(f, 2, &protocol.TextDocumentContentChangePartial{Range: span(1, 0, 1, 0), Text: "\n\n"})
			if h := s.hover(f, 3); strings.Contains(h, "panic") {
				t.Errorf("got %s", h)
			}
		})
	}
}

func TestEmptyAndBrokenFiles(t *testing.T) {
	needsClang(t)
	s := real(t, nil)
	for i, text := range []string{"", "\x00\x00\x00", "{", "#include \"a0.bpf.c\"\n#include __FILE__\n", "#error no\n",
		strings.Repeat("(", 5000)} {
		f := s.open(fmt.Sprintf("a%d.bpf.c", i), text)
		if ds := s.toldOf(f); len(ds) == 0 {
			t.Errorf("nothing is told of %.20q", text)
		}
	}
	// A file that disappears before it is read.
	f := s.open("gone.bpf.c", "int a;\n")
	s.must(os.Remove(f))
	s.save(f)
	for {
		if ds := s.toldOf(f); len(ds) == 1 && strings.Contains(string(ds[0].Message.(protocol.String)),
			"no such file") {
			break
		}
	}
}

// TestTwoSavesAtOnce expects one result for two saves in a row, that of the newer text, and no compiler left running.
func TestTwoSavesAtOnce(t *testing.T) {
	needsClang(t)
	s := real(t, nil)
	f := s.open("a.bpf.c", "int f(void) { return one; }\n")
	s.one(f)
	for i, text := range []string{"int f(void) { return two; }\n", "int f(void) { return three; }\n"} {
		s.file("a.bpf.c", text)
		s.change(f, int32(i+2), whole(text))
		s.save(f)
	}
	message, d := s.one(f)
	for strings.Contains(message, "'two'") {
		message, d = s.one(f) // the first check completed before the second save was read
	}
	if !strings.Contains(message, "'three'") || d.Range.Start.Line != 0 {
		t.Errorf("got %s", message)
	}
	s.must(s.conn.Close())
	receive(t, s.served, "end of the server")
}

// TestNothingIsWrittenElsewhere looks at every place that a check could write to.
func TestNothingIsWrittenElsewhere(t *testing.T) {
	needsClang(t)
	home, tmp, cache := t.TempDir(), t.TempDir(), t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("TMPDIR", tmp)
	t.Setenv("XDG_CACHE_HOME", cache)
	s := startWith(t, func(cs check.Settings) Checker { return check.New(cs) })
	s.initialize(everything())
	f := s.open("a.bpf.c", "#include \"vmlinux.h\"\nint f(void) { return missing; }\n")
	s.one(f)
	s.must(s.conn.Close())
	receive(t, s.served, "end of the server")
	for dir, want := range map[string]int{home: 0, tmp: 0, s.dir: 1, cache: 1} {
		if got := filesBelow(t, dir); len(got) != want {
			t.Errorf("%s holds %q", dir, got)
		}
	}
	if got := filesBelow(t, cache); len(got) == 1 && !strings.HasPrefix(got[0], "bpf-lsp/vmlinux-") {
		t.Errorf("the cache holds %q", got)
	}
}

func filesBelow(t *testing.T, dir string) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir(dir, func(name string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			rel, _ := filepath.Rel(dir, name)
			out = append(out, filepath.ToSlash(rel))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestMessagesWithoutSense sends requests that no client should send.
func TestMessagesWithoutSense(t *testing.T) {
	s := newSession(t)
	f := s.open("a.bpf.c", "int a;\n")
	s.checkOf(f).finds(at(f, 1, 5, "x"))
	s.published()
	far := span(4_000_000_000, 4_000_000_000, 4_000_000_001, 0)
	s.change(f, 2, &protocol.TextDocumentContentChangePartial{Range: far, Text: "x"})
	s.change(f, 3, &protocol.TextDocumentContentChangePartial{Range: span(5, 0, 0, 0), Text: "y"})
	s.hover(f, 4_000_000_000)
	s.must(s.server.DidChange(t.Context(), &protocol.DidChangeTextDocumentParams{}))
	s.must(s.server.DidClose(t.Context(),
		&protocol.DidCloseTextDocumentParams{TextDocument: protocol.TextDocumentIdentifier{
			URI: uri.File("/never/opened.c")}}))
	s.must(s.server.DidRenameFiles(t.Context(),
		&protocol.RenameFilesParams{Files: []protocol.FileRename{{OldURI: "", NewURI: "nonsense"}}}))
	s.must(s.server.DidDeleteFiles(t.Context(),
		&protocol.DeleteFilesParams{Files: []protocol.FileDelete{{URI: "untitled:x"}}}))
	for _, arguments := range [][]protocol.LSPAny{nil, {protocol.LSPAny("7")}, {protocol.LSPAny(`""`)},
		{protocol.LSPAny(`{}`), protocol.LSPAny(`[]`)}} {
		if _, err := s.server.ExecuteCommand(t.Context(),
			&protocol.ExecuteCommandParams{Command: commandShowVerifierLog, Arguments: arguments}); err == nil {
			t.Errorf("%s was accepted", arguments)
		}
	}
	if _, err := s.server.ExecuteCommand(t.Context(), &protocol.ExecuteCommandParams{Command: "rm",
		Arguments: []protocol.LSPAny{argument(f)}}); err == nil || !strings.Contains(err.Error(), "unknown command") {
		t.Errorf("got %v", err)
	}
	s.settled()
}

// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/lsp/check"
	"github.com/bpf-lsp/bpf-lsp/lsp/compile"
)

func (s *session) openURI(u, text string) {
	s.t.Helper()
	s.must(s.server.DidOpen(s.t.Context(),
		&protocol.DidOpenTextDocumentParams{TextDocument: protocol.TextDocumentItem{URI: uri.URI(u), LanguageID: "c",
			Version: 1, Text: text}}))
}

func TestURIsAndFiles(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("SKIPPED: names are those of other systems")
	}
	mapped, err := decodeMappings(
		[]byte(`{"pathMappings":{"/home/me/project":"/project","/home/me/project/vendor":"/vendored","C:\\src\\":"/mnt/c/src","//wsl.localhost/Debian":"/","relative":"/x","/y":"relative"}}`))
	if err == nil || !strings.Contains(err.Error(), "must both be absolute") || len(mapped) != 4 {
		t.Errorf("got %v, %v", mapped, err)
	}
	tests := []struct {
		uri, plain, mapped, back string // back is the URI under which the client gets the mapped file
	}{
		{"file:///w/a.bpf.c", "/w/a.bpf.c", "/w/a.bpf.c", "file://wsl.localhost/Debian/w/a.bpf.c"},
		{"file:///w/a%20b%23%25.bpf.c", "/w/a b#%.bpf.c", "/w/a b#%.bpf.c",
			"file://wsl.localhost/Debian/w/a%20b%23%25.bpf.c"},
		{"file:///w/%C3%A9.bpf.c", "/w/é.bpf.c", "/w/é.bpf.c", "file://wsl.localhost/Debian/w/%C3%A9.bpf.c"},
		{"file:///w/a%zz.c", "/w/a%zz.c", "/w/a%zz.c", "file://wsl.localhost/Debian/w/a%25zz.c"},
		{"file:///home/me/project/a%20b.c", "/home/me/project/a b.c", "/project/a b.c",
			"file:///home/me/project/a%20b.c"},
		{"file:///home/me/project", "/home/me/project", "/project", "file:///home/me/project"},
		{"file:///home/me/project2/a.c", "/home/me/project2/a.c", "/home/me/project2/a.c", ""},
		{"file:///home/me/project/vendor/v.h", "/home/me/project/vendor/v.h", "/vendored/v.h",
			"file:///home/me/project/vendor/v.h"},
		{"file:///c%3A/src/a.c", "", "/mnt/c/src/a.c", "file:///c%3A/src/a.c"},
		{"file:///C:/src/a.c", "", "/mnt/c/src/a.c", "file:///c%3A/src/a.c"},
		{"file:///d%3A/other/a.c", "", "", ""},
		{"file://wsl.localhost/Debian/w/a.c", "", "/w/a.c", "file://wsl.localhost/Debian/w/a.c"},
		{"file://server/share/a.c", "", "", ""},
		{"untitled:Untitled-1", "", "", ""},
		{"git:/w/a.bpf.c?%7B%22ref%22%3A%22HEAD%22%7D", "", "", ""},
		{"vscode-notebook-cell:/w/a.ipynb#X1", "", "", ""},
		{"vscode-remote://wsl%2Bdebian/w/a.bpf.c", "", "", ""},
	}
	for _, tt := range tests {
		var u uri.URI
		if err := u.UnmarshalText([]byte(tt.uri)); err != nil {
			t.Errorf("%s: %v", tt.uri, err)
		}
		if got := (&paths{}).file(u); got != tt.plain {
			t.Errorf("%s: got %q", tt.uri, got)
		}
		p := &paths{mappings: mapped}
		got := p.file(u)
		if got != tt.mapped {
			t.Errorf("%s: mapped to %q", tt.uri, got)
		}
		if back := p.uri(got); tt.back != "" && string(back) != tt.back {
			t.Errorf("%s: back from %s as %s", tt.uri, got, back)
		}
	}
}

func TestMappedPathsOverTheWire(t *testing.T) {
	s := start(t)
	caps := everything()
	params := &protocol.InitializeParams{Capabilities: caps,
		InitializationOptions: protocol.LSPAny(`{"pathMappings":{"/client/side":"` + s.dir + `"}}`)}
	params.WorkspaceFolders = protocol.NewNullable([]protocol.WorkspaceFolder{{URI: "file:///client/side",
		Name: "test"}})
	_, err := s.server.Initialize(t.Context(), params)
	s.must(err)
	f, h := s.file("a b.bpf.c", "int a;\n"), s.file("h.h", "int x;\n")
	s.openURI("file:///client/side/a%20b.bpf.c", "int a;\n")
	d := at(f, 1, 5, "x")
	d.Related = []diag.Related{{Span: diag.Span{File: h, Line: 1}, Message: "here"}}
	s.checkOf(f).ends([]string{h}, d, at(h, 1, 1, "y"))
	for range 2 {
		if got := s.published(); got.URI != "file:///client/side/a%20b.bpf.c" && got.URI != "file:///client/side/h.h" ||
			len(got.Diagnostics) != 1 {
			t.Errorf("got %v", got)
		}
	}
	if root := s.created[0].Clang.Root; root != s.dir {
		t.Errorf("the folder is %s", root)
	}
	hover := &protocol.HoverParams{}
	hover.TextDocument.URI = "file:///client/side/a%20b.bpf.c"
	got, err := s.server.Hover(t.Context(), hover)
	s.must(err)
	for _, link := range []string{"](file:///client/side/a%20b.bpf.c#L1)", "](file:///client/side/h.h#L1)"} {
		if text := got.Contents.(*protocol.MarkupContent).Value; !strings.Contains(text, link) {
			t.Errorf("%q lacks a link to %s", text, link)
		}
	}
}

func TestDocumentsThatAreNoFilesAreLeftAlone(t *testing.T) {
	s := newSession(t)
	for _, u := range []string{"untitled:Untitled-1.bpf.c", "git:/w/a.bpf.c?%7B%7D",
		"vscode-notebook-cell:/w/a.ipynb#X1.bpf.c", "vscode-remote://wsl%2Bdebian/w/a.bpf.c",
		"file://server/share/a.bpf.c"} {
		s.openURI(u, program)
		id := protocol.TextDocumentIdentifier{URI: uri.URI(u)}
		change := &protocol.DidChangeTextDocumentParams{ContentChanges: []protocol.TextDocumentContentChangeEvent{
			whole(program + "\n")}}
		change.TextDocument.URI, change.TextDocument.Version = uri.URI(u), 2
		s.must(s.server.DidChange(t.Context(), change))
		s.must(s.server.DidSave(t.Context(), &protocol.DidSaveTextDocumentParams{TextDocument: id}))
		hover := &protocol.HoverParams{}
		hover.TextDocument = id
		if h, err := s.server.Hover(t.Context(), hover); h != nil || err != nil {
			t.Errorf("%s: hover %v, %v", u, h, err)
		}
		raw, err := protocol.Marshal(protocol.String(u))
		s.must(err)
		if _, err := s.server.ExecuteCommand(t.Context(), &protocol.ExecuteCommandParams{Command: commandCheckNow,
			Arguments: []protocol.LSPAny{raw}}); err == nil ||
			!strings.Contains(err.Error(), "not a file on this machine") {
			t.Errorf("%s: checking it gave %v", u, err)
		}
		s.must(s.server.DidClose(t.Context(), &protocol.DidCloseTextDocumentParams{TextDocument: id}))
	}
	s.settled()
}

// TestLinkedFolder opens a folder through a link, while clang and the watcher use the real directory.
func TestLinkedFolder(t *testing.T) {
	s := start(t)
	real := s.mkdir("real")
	link := filepath.Join(s.dir, "link")
	if err := os.Symlink(real, link); err != nil {
		t.Skipf("SKIPPED, NEEDS LINKS: %v", err)
	}
	params := &protocol.InitializeParams{Capabilities: everything()}
	params.WorkspaceFolders = protocol.NewNullable([]protocol.WorkspaceFolder{{URI: uri.File(link), Name: "test"}})
	_, err := s.server.Initialize(t.Context(), params)
	s.must(err)
	h := s.file("real/h.h", "int x;\n")
	f := s.open("link/a.bpf.c", "#include \"h.h\"\n")
	d := at(h, 1, 5, "x")
	s.checkOf(f).ends([]string{h}, d)
	if got := s.published(); got.URI != uri.File(filepath.Join(link, "h.h")) || len(got.Diagnostics) != 1 {
		t.Errorf("got %v", got)
	}
	s.openURI(string(uri.File(filepath.Join(link, "h.h"))), "int x;\n")
	s.published()
	s.save(filepath.Join(link, "h.h"))
	s.checkOf(f).ends([]string{h}, d)
	s.ended(f)
	s.file("real/h.h", "int xyz;\n")
	s.watched(protocol.FileChangeTypeChanged, h)
	s.checkOf(f).ends([]string{h})
	if got := s.published(); len(got.Diagnostics) != 0 {
		t.Errorf("got %v", got)
	}
}

// TestLinkedFolderIsBuilt makes the real compiler find a header elsewhere in a folder that is a link, with all kinds of
// blanks in its name.
func TestLinkedFolderIsBuilt(t *testing.T) {
	cache := t.TempDir()
	s := startWith(t, func(cs check.Settings) Checker {
		cs.Clang.CacheDir = cache
		return check.New(cs)
	})
	real := s.mkdir("a real é")
	link := filepath.Join(s.dir, "a link")
	if err := os.Symlink(real, link); err != nil {
		t.Skipf("SKIPPED, NEEDS LINKS: %v", err)
	}
	if _, err := compile.New(compile.Settings{}).Find(t.Context(), filepath.Join(link, "a.bpf.c")); err != nil {
		t.Skipf("SKIPPED, NEEDS CLANG: %v", err)
	}
	params := &protocol.InitializeParams{Capabilities: everything()}
	params.WorkspaceFolders = protocol.NewNullable([]protocol.WorkspaceFolder{{URI: uri.File(link), Name: "test"}})
	_, err := s.server.Initialize(t.Context(), params)
	s.must(err)
	s.mkdir("a real é/in clude")
	s.file("a real é/in clude/deep.h", "int broken(void) { return missing; }\n")
	unit := s.open("a link/a.bpf.c", "#include \"deep.h\"\n")
	if ds := s.toldOf(unit); len(ds) != 1 ||
		ds[0].RelatedInformation[0].Location.URI != uri.File(filepath.Join(link, "in clude", "deep.h")) {
		t.Errorf("the unit has %v", ds)
	}
	got := s.published()
	if got.URI != uri.File(filepath.Join(link, "in clude", "deep.h")) || len(got.Diagnostics) != 1 ||
		!strings.Contains(string(got.Diagnostics[0].Message.(protocol.String)), "missing") {
		t.Errorf("got %v", got)
	}
}

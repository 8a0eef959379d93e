// SPDX-License-Identifier: GPL-2.0-only

//go:build linux

package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/testdata/deadline"
)

// TestMain lets the test binary act as the compiler.
func TestMain(m *testing.M) {
	if filepath.Base(os.Args[0]) == compilerName {
		os.Exit(compile(os.Args))
	}
	os.Exit(m.Run())
}

// server builds the command.
func server(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "bpf-lsp")
	deadline.Building(t, "go build", func(ctx context.Context) {
		build := exec.CommandContext(ctx, "go", "build", "-o", path, "../../cmd/bpf-lsp")
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := build.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	})
	return path
}

// TestChaos runs two short lives of each mode. make chaos runs longer ones, with other seeds.
func TestChaos(t *testing.T) {
	var out, report bytes.Buffer
	args := []string{"-server", server(t), "-objects", "../../testdata/objects", "-seed", "1", "-lives", "2",
		"-pretend"}
	if status := command(args, &out, &report); status != 0 {
		t.Fatalf("status %d\n%s%s", status, out.String(), report.String())
	}
	if !strings.Contains(out.String(), "seed 1") || !strings.Contains(out.String(), "no violated invariant") {
		t.Errorf("printed %s", out.String())
	}
}

// TestServersThatAreWrong feeds the client messages that no server should write.
func TestServersThatAreWrong(t *testing.T) {
	answer := `{"jsonrpc":"2.0","id":1,"result":null}`
	for _, tt := range []struct {
		what string
		says []string
		want string
	}{
		{"an answer", []string{answer}, ""},
		{"two answers", []string{answer, answer}, "answered twice"},
		{"an answer to nothing", []string{`{"jsonrpc":"2.0","id":2,"result":null}`}, "never sent"},
		{"an answer without an id", []string{`{"jsonrpc":"2.0","id":null,"error":{"code":1,"message":"no"}}`},
			"that no broken frame called for"},
		{"an answer of nothing", []string{`{"jsonrpc":"2.0","id":1}`}, "neither or both"},
		{"no message", []string{`{}`}, "no message"},
		{"a request that was not announced",
			[]string{`{"jsonrpc":"2.0","id":1,"method":"workspace/configuration","params":{}}`}, "did not announce"},
		{"a notification that nobody knows", []string{`{"jsonrpc":"2.0","method":"chaos"}`}, "no client knows"},
		{"diagnostics of the future",
			[]string{`{"jsonrpc":"2.0","method":"textDocument/publishDiagnostics","params":{"uri":"file:///a.c","version":8,"diagnostics":[]}}`}, "the newest is 7"},
		{"older diagnostics", []string{
			`{"jsonrpc":"2.0","method":"textDocument/publishDiagnostics","params":{"uri":"file:///a.c","version":7,"diagnostics":[]}}`,
			`{"jsonrpc":"2.0","method":"textDocument/publishDiagnostics","params":{"uri":"file:///a.c","version":6,"diagnostics":[]}}`}, "after those of version 7"},
	} {
		c := &connection{out: newSender(discard{}), calls: map[string]*call{}, shown: map[string]*shown{},
			states: map[string]string{}}
		c.openWith("/a.c", 7, "")
		c.request("chaos", nil, nil)
		for _, body := range tt.says {
			c.take([]byte(body))
		}
		switch err := c.broken(); {
		case tt.want == "" && err != nil, tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
			t.Errorf("%s: got %v, want %q", tt.what, err, tt.want)
		}
		c.out.close()
	}
}

type discard struct{ io.Writer }

func (discard) Write(p []byte) (int, error) { return len(p), nil }
func (discard) Close() error                { return nil }

// TestWhatAServerLeavesIsFound starts processes like a server that does not clean up.
func TestWhatAServerLeavesIsFound(t *testing.T) {
	script := filepath.Join(t.TempDir(), "server")
	if err := os.WriteFile(script,
		[]byte("#!/bin/sh\ntouch $TMPDIR/left\nsetsid sleep 1000 >/dev/null 2>&1 &\necho 'a task panicked' >&2\n"),
		0o755); err != nil {
		t.Fatal(err)
	}
	c, err := startChild(script, &project{root: t.TempDir()}, "server")
	if err != nil {
		t.Fatal(err)
	}
	defer c.kill()
	deadline.Receive(t, c.ended, "the end of the server")
	if err := await("the child", nothing, func() string {
		if len(c.descendants()) == 1 {
			return ""
		}
		return "a process that was left"
	}); err != nil {
		t.Error(err)
	}
	if left := c.temporary(); len(left) != 1 || left[0] != "left" {
		t.Errorf("temporary files are %q", left)
	}
	if c.panics() == "" {
		t.Error("the panic in the log is not seen")
	}
}

// TestRelatedPlacesInEditedDocuments has a report that cannot follow later edits of another document, so related
// places in one that was edited are not compared. A client that pulls keeps up with edits of the document itself.
func TestRelatedPlacesInEditedDocuments(t *testing.T) {
	items := func(line int) string {
		return canonical(fmt.Appendf(nil, `[{"message":"m","relatedInformation":[{"location":{"range":{"line":%d},`+
			`"uri":"file:///b.c"},"message":"here"}]}]`, line))
	}
	shows := func(file string, line int) *connection {
		return &connection{manner: manner{pull: true}, shown: map[string]*shown{file: {items: items(line)}}}
	}
	for _, edited := range []bool{false, true} {
		b := &document{file: "/b.c", dirty: edited}
		if why := shows("/h.h", 1).showsAs(shows("/h.h", 2), []*document{b}); (why == "") != edited {
			t.Errorf("in a closed header, edited %v: %q", edited, why)
		}
		known := map[string]string{"/h.h": items(2), "/b.c": items(2)}
		header := shows("/h.h", 1)
		header.of("/b.c").items = items(2)
		if why := header.differs(known, []*document{{file: "/h.h"}, b}); (why == "") != edited {
			t.Errorf("in an open header, edited %v: %q", edited, why)
		}
		if why := shows("/b.c", 1).differs(known, []*document{b}); why == "" {
			t.Errorf("in the document itself, edited %v: no difference", edited)
		}
	}
}

func TestPositions(t *testing.T) {
	const text = "a\r\nb🐝é\nc"
	for _, tt := range []struct {
		encoding string
		at       int
		want     position
	}{
		{"utf-8", strings.Index(text, "é"), position{1, 5}},
		{"utf-16", strings.Index(text, "é"), position{1, 3}},
		{"", strings.Index(text, "é"), position{1, 3}},
		{"utf-32", strings.Index(text, "é"), position{1, 2}},
		{"utf-16", len(text), position{2, 1}},
		{"utf-16", 1, position{0, 1}},
		{"utf-16", 3, position{1, 0}},
	} {
		if got := positionOf(text, tt.at, tt.encoding); got != tt.want {
			t.Errorf("%s, byte %d: got %v, want %v", tt.encoding, tt.at, got, tt.want)
		}
	}
	d := &document{text: text}
	if c := d.edit(3, 8, "x", "utf-16"); d.text != "a\r\nxé\nc" || *c.Range != (span{position{1, 0}, position{1, 3}}) {
		t.Errorf("got %q after %v", d.text, c.Range)
	}
}

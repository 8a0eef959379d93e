// SPDX-License-Identifier: GPL-2.0-only

//go:build unix

package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/testdata/deadline"
)

// served is a server in its own process, whose client reads neither its output nor its errors unless the test does.
type served struct {
	t    *testing.T
	cmd  *exec.Cmd
	in   io.WriteCloser
	out  *os.File
	dir  string
	tmp  string // its TMPDIR
	done chan error
}

// startServed starts a server that runs the clang of a script.
func startServed(t *testing.T, clang string) *served {
	t.Helper()
	s := &served{t: t, dir: t.TempDir(), tmp: t.TempDir(), done: make(chan error, 1)}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "clang")
	write(t, path, "#!/bin/sh\ncase \"$*\" in *--print-targets*) echo '    bpf - BPF';; *--version*) echo fake;; "+
		"*-E*) ;; *)\n"+clang+"\n;; esac\n")
	if err := os.Chmod(path, 0o755); err != nil {
		t.Fatal(err)
	}
	s.cmd = exec.Command(self, "serve", "-v")
	s.cmd.Args[0] = "bpf-lsp" // the test binary acts as every command
	s.cmd.Dir = s.dir
	s.cmd.Env = append(os.Environ(), "TMPDIR="+s.tmp)
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if s.in, err = s.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, theirs, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	unread, errs, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	s.out, s.cmd.Stdout, s.cmd.Stderr = out, theirs, errs
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	theirs.Close()
	errs.Close()
	go func() { s.done <- s.cmd.Wait() }()
	t.Cleanup(func() {
		s.cmd.Process.Kill()
		out.Close()
		unread.Close()
	})
	s.say(fmt.Sprintf(`{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"processId":null,"rootUri":null,"capabilities":{},"initializationOptions":{"clangPath":%q}}}`, path))
	file := filepath.Join(s.dir, "a.bpf.c")
	write(t, file, "int a;\n")
	s.say(fmt.Sprintf(`{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":"file://%s","languageId":"c","version":1,"text":"int a;\n"}}}`, file))
	return s
}

func (s *served) say(body string) {
	s.t.Helper()
	if _, err := fmt.Fprintf(s.in, "Content-Length: %d\r\n\r\n%s", len(body), body); err != nil {
		s.t.Fatal(err)
	}
}

// ended waits for the end and returns the exit status.
func (s *served) ended() int {
	s.t.Helper()
	err := deadline.Receive(s.t, s.done, "the end of the server")
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return exit.ExitCode()
	}
	if err != nil {
		s.t.Fatal(err)
	}
	return 0
}

// pids waits for a file with a number of process ids.
func pids(t *testing.T, name string, n int) []int {
	t.Helper()
	var out []int
	deadline.Until(t, "the processes of the compiler", func() bool {
		text, _ := os.ReadFile(name)
		words := strings.Fields(string(text))
		if len(words) < n || !strings.HasSuffix(string(text), "\n") {
			return false
		}
		for _, word := range words {
			pid, err := strconv.Atoi(word)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, pid)
		}
		return true
	})
	return out
}

// gone waits for processes to end.
func gone(t *testing.T, pids []int) {
	t.Helper()
	for _, pid := range pids {
		deadline.Until(t, fmt.Sprintf("the end of process %d", pid), func() bool {
			stat, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid)) // of one that nobody reaps
			return errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) || strings.Contains(string(stat), ") Z ")
		})
	}
}

// TestServerEndsWithoutAReader ends a server in each way while a compiler runs and nobody reads its output, which
// exceeds the capacity of the pipes.
func TestServerEndsWithoutAReader(t *testing.T) {
	for _, way := range []struct {
		name   string
		end    func(s *served)
		status int
	}{
		{"SIGTERM", func(s *served) { s.cmd.Process.Signal(syscall.SIGTERM) }, 1},
		{"SIGHUP", func(s *served) { s.cmd.Process.Signal(syscall.SIGHUP) }, 1},
		{"SIGINT", func(s *served) { s.cmd.Process.Signal(syscall.SIGINT) }, 1},
		{"end of input", func(s *served) { s.in.Close() }, 1},
		{"exit", func(s *served) { s.say(`{"jsonrpc":"2.0","method":"exit"}`) }, 1},
		{"shutdown and exit", func(s *served) {
			s.say(`{"jsonrpc":"2.0","id":2,"method":"shutdown"}`)
			s.say(`{"jsonrpc":"2.0","method":"exit"}`)
		}, 0},
	} {
		t.Run(way.name, func(t *testing.T) {
			t.Parallel()
			running := filepath.Join(t.TempDir(), "pids")
			s := startServed(t, "echo $$ >"+running+"; sleep 1000")
			compiler := pids(t, running, 1)
			for id := range 4000 {
				s.say(fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"a/method/that/nobody/knows"}`, 100+id))
			}
			way.end(s)
			if status := s.ended(); status != way.status {
				t.Errorf("status %d, want %d", status, way.status)
			}
			gone(t, compiler)
			if left, _ := os.ReadDir(s.tmp); len(left) > 0 {
				t.Errorf("left in TMPDIR: %v", left)
			}
		})
	}
}

// SPDX-License-Identifier: GPL-2.0-only

//go:build unix

package lsp

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/lsp/check"
	"github.com/bpf-lsp/bpf-lsp/testdata/deadline"
)

// slowClang writes a compiler that supports BPF but never finishes, and writes its process id to a file.
func slowClang(t *testing.T) (path, pidFile string) {
	t.Helper()
	dir := t.TempDir()
	path, pidFile = filepath.Join(dir, "clang"), filepath.Join(dir, "pid")
	script := "#!/bin/sh\ncase \"$*\" in\n*--print-targets*) echo '  bpf - BPF' ;;\n*--version*) echo 'clang version " +
		"0' ;;\n*-E*) ;;\n" +
		"*) echo $$ > " + pidFile + ".new; mv " + pidFile + ".new " + pidFile + "; sleep 1000 ;;\nesac\n"
	if err := os.WriteFile(path, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	return path, pidFile
}

// await polls for a file that another process writes, removes it and returns the number in it.
func await(t *testing.T, name string) int {
	t.Helper()
	var text []byte
	deadline.Until(t, "the file "+name, func() (there bool) {
		var err error
		text, err = os.ReadFile(name)
		return err == nil
	})
	os.Remove(name)
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	return pid
}

func TestNoCompilerOutlivesItsCheck(t *testing.T) {
	path, pidFile := slowClang(t)
	s := startWith(t, func(cs check.Settings) Checker {
		cs.Clang.Path = path
		return check.New(cs)
	})
	s.initialize(everything())
	f := s.open("a.bpf.c", "int a;\n")
	first := await(t, pidFile)
	s.save(f)
	second := await(t, pidFile)
	deadline.Until(t, "the end of the older compiler", func() bool {
		return errors.Is(syscall.Kill(first, 0), syscall.ESRCH)
	})
	// The client leaves without a message.
	s.must(s.conn.Close())
	receive(t, s.served, "end of the server")
	if err := syscall.Kill(second, 0); !errors.Is(err, syscall.ESRCH) {
		t.Errorf("the compiler outlived the server: %v", err)
	}
}

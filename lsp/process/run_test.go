// SPDX-License-Identifier: GPL-2.0-only

//go:build unix

package process

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/testdata/deadline"
	"github.com/bpf-lsp/bpf-lsp/testdata/workspace"
)

// TestCancelKillsTheWholeGroup has a compiler with a child, which must not outlive the run.
func TestCancelKillsTheWholeGroup(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pid")
	path := workspace.Script(t, "sleep 1000 &\necho $! > '"+pipe+".tmp'; mv '"+pipe+".tmp' '"+pipe+"'\nwait\n")
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		_, err := Run(ctx, Job{Path: path})
		done <- err
	}()
	var pid int
	deadline.Until(t, "the compiler to start a child", func() bool {
		if text, err := os.ReadFile(pipe); err == nil {
			pid, _ = strconv.Atoi(strings.TrimSpace(string(text)))
		}
		return pid != 0
	})
	cancel()
	if err := deadline.Receive(t, done, "the end of the run"); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	deadline.Until(t, "the end of the child", func() bool { return gone(pid) })
}

// gone reports whether a process has ended, even if nobody has waited for it.
func gone(pid int) bool {
	p, err := os.FindProcess(pid)
	if err != nil || p.Signal(syscall.Signal(0)) != nil {
		return true
	}
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	return err == nil && strings.Contains(string(stat), ") Z ")
}

func TestOutputIsLimited(t *testing.T) {
	path := workspace.Script(t, "head -c 9000000 /dev/zero\n")
	r, err := Run(deadline.Context(t, "the compiler"), Job{Path: path})
	if err != nil || len(r.Stdout) != maxOutputBytes {
		t.Errorf("kept %d bytes, %v", len(r.Stdout), err)
	}
}

// TestChildrenOfACompilerEndWithIt has a compiler that exits but leaves a process running.
func TestChildrenOfACompilerEndWithIt(t *testing.T) {
	pid := filepath.Join(t.TempDir(), "pid")
	if _, err := Run(deadline.Context(t, "the compiler"),
		Job{Path: "/bin/sh", Args: []string{"-c", "sleep 1000 >/dev/null 2>&1 & echo $! >" + pid}}); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(pid)
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	deadline.Until(t, "the end of the child", func() bool { return gone(n) })
}

// SPDX-License-Identifier: GPL-2.0-only

//go:build linux

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/testdata/deadline"
)

// family is a compiler with a child, a grandchild, one in another session and a child of that, which write their ids to
// a file.
func family(names string) string {
	return `here() { echo $1 >>` + names + `; }
sh -c 'echo $$ >>` + names + `; sh -c "echo \$\$ >>` + names + `; exec sleep 1000" & wait' &
setsid sh -c 'echo $$ >>` + names + `; sh -c "echo \$\$ >>` + names + `; exec sleep 1000" & wait' </dev/null >/dev/null 2>&1 &
here $$
`
}

// between is a process in another session that writes its id to a file and has no environment for a while, as between
// two programs that it executes.
func between(names string) string {
	return `setsid env -i mark="$BPF_LSP_RUN" sh -c 'exec env -i sh -c "echo \$\$ >>` + names + `; sleep 0.2; export BPF_LSP_RUN=$mark; exec sleep 1000"' </dev/null >/dev/null 2>&1 &
`
}

func needsSetsid(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("setsid"); err != nil {
		t.Skipf("SKIPPED, NEEDS SETSID: %v", err)
	}
}

// TestNothingOutlivesAKilledServer kills a server in the middle of a check.
func TestNothingOutlivesAKilledServer(t *testing.T) {
	needsSetsid(t)
	names := filepath.Join(t.TempDir(), "pids")
	s := startServed(t, family(names)+"wait")
	all := pids(t, names, 5)
	if left, _ := os.ReadDir(s.tmp); len(left) == 0 {
		t.Error("the check has no temporary directory, so that none can be left")
	}
	if err := s.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	s.ended()
	gone(t, all)
	deadline.Until(t, "an empty TMPDIR", func() bool {
		left, _ := os.ReadDir(s.tmp)
		return len(left) == 0
	})
	deadline.Until(t, "the end of the guard", func() bool { return len(guards(s)) == 0 })
}

// TestNothingOutlivesACheck has a compiler that exits and leaves processes behind.
func TestNothingOutlivesACheck(t *testing.T) {
	needsSetsid(t)
	names := filepath.Join(t.TempDir(), "pids")
	// It exits when all have written their ids.
	s := startServed(t, family(names)+"while [ $(wc -l <"+names+") -lt 5 ]; do sleep 0.01; done; exit 1")
	gone(t, pids(t, names, 5))
	if len(guards(s)) != 1 {
		t.Errorf("guards: %v", guards(s))
	}
	s.say(`{"jsonrpc":"2.0","id":2,"method":"shutdown"}`)
	s.say(`{"jsonrpc":"2.0","method":"exit"}`)
	if status := s.ended(); status != 0 {
		t.Errorf("status %d", status)
	}
	deadline.Until(t, "the end of the guard", func() bool { return len(guards(s)) == 0 })
}

// TestNothingOutlivesACheckUnnoticed has a compiler that leaves a process which does not reveal its owner at first.
func TestNothingOutlivesACheckUnnoticed(t *testing.T) {
	needsSetsid(t)
	names := filepath.Join(t.TempDir(), "pids")
	s := startServed(t, between(names)+"while ! [ -s "+names+" ]; do sleep 0.01; done; exit 1")
	gone(t, pids(t, names, 1))
	s.in.Close()
	s.ended()
}

// TestNothingOutlivesAKilledServerUnnoticed has a process that does not reveal its owner when the server is killed.
func TestNothingOutlivesAKilledServerUnnoticed(t *testing.T) {
	needsSetsid(t)
	names := filepath.Join(t.TempDir(), "pids")
	s := startServed(t, between(names)+"wait")
	all := pids(t, names, 1)
	if err := s.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	s.ended()
	gone(t, all)
}

// guards lists the guards of a server.
func guards(s *served) (out []string) {
	all, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, name := range all {
		text, _ := os.ReadFile(name)
		if strings.Contains(string(text), "\x00guard\x00") &&
			strings.Contains(string(text), fmt.Sprintf("-%d-", s.cmd.Process.Pid)) {
			out = append(out, filepath.Base(filepath.Dir(name)))
		}
	}
	return out
}

// TestGuardIsNotEndedWithItsServer sends the signals that a terminal or an editor sends to a process group.
func TestGuardIsNotEndedWithItsServer(t *testing.T) {
	needsSetsid(t)
	names := filepath.Join(t.TempDir(), "pids")
	s := startServed(t, family(names)+"wait")
	all := pids(t, names, 5)
	if err := syscall.Kill(-s.cmd.Process.Pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	s.ended()
	gone(t, all)
}

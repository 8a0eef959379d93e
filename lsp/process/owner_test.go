// SPDX-License-Identifier: GPL-2.0-only

//go:build unix

package process

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
)

// TestAbandonedDirectories has temporary directories of live processes and of others.
func TestAbandonedDirectories(t *testing.T) {
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	ended := exec.Command("true")
	if err := ended.Run(); err != nil {
		t.Fatal(err)
	}
	me := self()
	dead := owner{me.host, ended.Process.Pid, me.start}
	name := func(o owner, rest string) string { return temporaryPrefix + o.String() + "-" + rest }
	elsewhere := filepath.Join(t.TempDir(), "kept")
	mkdir := func(names ...string) {
		for _, n := range names {
			if err := os.MkdirAll(filepath.Join(tmp, n, "sub"), 0o755); err != nil {
				t.Fatal(err)
			}
		}
	}
	mine, err := MakeTemporary()
	if err != nil {
		t.Fatal(err)
	}
	stay := []string{filepath.Base(mine), name(owner{"0123456789ab", dead.pid, dead.start}, "1"), "bpf-lsp-12345",
		"bpf-lsp-x-1-1-1", "other"}
	mkdir(stay...)
	leave := []string{name(dead, "1"), name(dead, "2")}
	mkdir(leave...)
	if me.start != 0 {
		mkdir(name(owner{me.host, me.pid, me.start - 1}, "1")) // of a process with the same id
	} else {
		stay = append(stay, name(owner{me.host, me.pid, 1}, "1"))
		mkdir(stay...)
	}
	if err := os.MkdirAll(elsewhere, 0o755); err != nil {
		t.Fatal(err)
	}
	link := name(dead, "link")
	if err := os.Symlink(elsewhere, filepath.Join(tmp, link)); err != nil {
		t.Fatal(err)
	}
	stay = append(stay, link)
	RemoveAbandoned()
	var left []string
	entries, err := os.ReadDir(tmp)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		left = append(left, e.Name())
	}
	slices.Sort(stay)
	if !slices.Equal(left, stay) {
		t.Errorf("left are %q, want %q", left, stay)
	}
	if _, err := os.Stat(elsewhere); err != nil {
		t.Error(err)
	}
	if o := fmt.Sprint(self()); o != me.String() || me.pid != os.Getpid() {
		t.Errorf("this process is %s and %s", o, me)
	}
}

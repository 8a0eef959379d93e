// SPDX-License-Identifier: GPL-2.0-only

package cures

import (
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/lsp/internal/clang"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/project"
	"github.com/bpf-lsp/bpf-lsp/testdata/workspace"
)

// finderOf returns a finder of cures for the settings.
func finderOf(s clang.Settings) *Finder { return New(s, project.New(s.Root), clang.New(s)) }

// TestHeadersOfASharedDirectory has a header for a whole project in a directory like /tmp.
func TestHeadersOfASharedDirectory(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("SKIPPED: Windows has no such directories")
	}
	dir := workspace.Write(t,
		"-- .git/HEAD --\n-- go.mod --\n-- include/vmlinux.h --\n-- p/src/a.bpf.c --\n-- here.bpf.c --\n")
	for _, shared := range []bool{false, true} {
		if shared {
			if err := os.Chmod(dir, 0o777|fs.ModeSticky); err != nil {
				t.Fatal(err)
			}
		}
		f := finderOf(clang.Settings{})
		for file, own := range map[string]bool{"p/src/a.bpf.c": shared, "here.bpf.c": false} {
			dirs, err := f.includeDirs(t.Context(), filepath.Join(dir, filepath.FromSlash(file)), "vmlinux.h")
			if err != nil || (len(dirs) == 0) != own {
				t.Errorf("shared %v: %s includes from %q, %v", shared, file, dirs, err)
			}
		}
	}
}

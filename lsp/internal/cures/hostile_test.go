// SPDX-License-Identifier: GPL-2.0-only

//go:build unix

package cures

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/lsp/internal/clang"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/project"
	"github.com/bpf-lsp/bpf-lsp/testdata/deadline"
	"github.com/bpf-lsp/bpf-lsp/testdata/workspace"
)

// TestViewsAreWhole puts something else where a view must be.
func TestViewsAreWhole(t *testing.T) {
	f := finderOf(clang.Settings{CacheDir: t.TempDir()})
	src := t.TempDir()
	dir, err := f.view("libbpf", src, "bpf")
	if err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(dir, "bpf")
	if err := os.Remove(link); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(link, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := f.view("libbpf", src, "bpf"); err != nil {
		t.Fatal(err)
	}
	if to, err := os.Readlink(link); err != nil || to != src {
		t.Errorf("got %q, %v", to, err)
	}
}

// TestFilesThatNeverEnd has a pipe without a writer, or an endless device, instead of each file that is read.
func TestFilesThatNeverEnd(t *testing.T) {
	for _, kind := range workspace.NoFiles {
		for _, name := range []string{".gitmodules", "made.h.in", "Makefile", "gen.go"} {
			t.Run(kind+" "+name, func(t *testing.T) {
				dir := workspace.Write(t, "-- .git/HEAD --\n-- a.bpf.c --\n#include \"made.h\"\n")
				full := filepath.Join(dir, name)
				workspace.NoFile(t, full, kind)
				deadline.Do(t, "the read to end", func() {
					f := finderOf(clang.Settings{Trusted: true, CacheDir: filepath.Join(dir, "cache")})
					if _, err := f.includeDirs(t.Context(), filepath.Join(dir, "a.bpf.c"), "made.h"); err != nil &&
						name != "made.h.in" {
						t.Error(err)
					}
					project.EmptySubmodules(dir)
				})
			})
		}
	}
}

// TestNothingIsMadeOutsideTheCache has header names that lead out of the cache.
func TestNothingIsMadeOutsideTheCache(t *testing.T) {
	dir := workspace.Write(t, "-- p/.git/HEAD --\n-- p/a.bpf.c --\n-- p/inc/vmlinux.h --\n-- p/inc/made.h.in --\n")
	f := finderOf(clang.Settings{CacheDir: filepath.Join(dir, "cache"), Headers: func(context.Context) (string, error) {
		return filepath.Join(dir, "p", "inc"), nil
	}})
	for _, header := range []string{"../../out/vmlinux.h", "../../../out/x/vmlinux.h", "/out/vmlinux.h",
		filepath.Join(dir, "out", "vmlinux.h"), "../../out/made.h", "x/../../../out/vmlinux.h"} {
		if _, err := f.includeDirs(t.Context(), filepath.Join(dir, "p", "a.bpf.c"), header); err != nil {
			t.Errorf("%s: %v", header, err)
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Name() != "p" && e.Name() != "cache" {
			t.Errorf("%s was made", e.Name())
		}
	}
}

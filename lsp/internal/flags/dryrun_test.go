// SPDX-License-Identifier: GPL-2.0-only

package flags

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bpf-lsp/bpf-lsp/lsp/internal/clang"
	"github.com/bpf-lsp/bpf-lsp/testdata/workspace"
)

// makefile leaves a mark in the directory each time it is read.
const makefile = `
-- .git/HEAD --
-- Makefile --
$(shell echo read >> reads)
all: out/a.bpf.o b.bpf.o
	$(MAKE) -C sub
out/a.bpf.o: a.bpf.c
	$(Q)mkdir -p out && clang-14 -DA='"x y"' \
		-target bpf -Werror -c $< -o $@
b.bpf.o: b.bpf.c missing.h
	clang -DB -target bpf -c $< -o $@
-- a.bpf.c --
-- b.bpf.c --
-- sub/Makefile --
all: c.o
c.o: src/c.bpf.c
	cd src && ccache clang -DC --target=bpf -I../inc -c c.bpf.c -o ../c.o
-- sub/src/c.bpf.c --
-- sub/none.bpf.c --
`

func needs(t *testing.T, tool string) {
	t.Helper()
	if _, err := exec.LookPath(tool); err != nil {
		t.Skipf("SKIPPED, NEEDS %s", strings.ToUpper(tool))
	}
}

func reads(dir string) int {
	text, _ := os.ReadFile(filepath.Join(dir, "reads"))
	return strings.Count(string(text), "read")
}

func TestDryRunOfMake(t *testing.T) {
	needs(t, "make")
	dir := workspace.Write(t, makefile)
	c := sourcesOf(clang.Settings{Trusted: true, Arch: "x86"})
	tests := []struct{ file, source, dir, args string }{
		{"a.bpf.c", "make dry run", ".", `-DA="x y" -target bpf @DIR@/a.bpf.c -O2 -g`},
		{"sub/src/c.bpf.c", "make dry run", "sub/src", "-DC -target bpf -I../inc @DIR@/sub/src/c.bpf.c -O2 -g"},
		{"b.bpf.c", "defaults and what Makefile defines", ".", ""}, // one of its headers is missing
	}
	for _, tt := range tests {
		file := filepath.Join(dir, filepath.FromSlash(tt.file))
		f, err := c.Find(t.Context(), file)
		if err != nil || f.Source != tt.source || f.Dir != filepath.Join(dir, tt.dir) {
			t.Errorf("%s: got %s in %s, %v", tt.file, f.Source, f.Dir, err)
			continue
		}
		if tt.args == "" {
			continue
		}
		args := c.Normalise(f, file)
		got := strings.ReplaceAll(strings.Join(args[:len(args)-2], " "), dir, "@DIR@")
		if d := cmp.Diff(tt.args, got); d != "" {
			t.Errorf("%s: %s", tt.file, d)
		}
	}
}

// TestDryRunIsKept counts how often make is started: once per version of the build files.
func TestDryRunIsKept(t *testing.T) {
	needs(t, "make")
	dir := workspace.Write(t, makefile)
	c := sourcesOf(clang.Settings{Trusted: true})
	file := filepath.Join(dir, "a.bpf.c")
	for range 3 {
		if _, err := c.Find(t.Context(), file); err != nil {
			t.Fatal(err)
		}
	}
	if n := reads(dir); n != 1 {
		t.Errorf("make was started %d times", n)
	}
	later := time.Now().Add(time.Hour)
	if err := os.Chtimes(filepath.Join(dir, "Makefile"), later, later); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Find(t.Context(), file); err != nil {
		t.Fatal(err)
	}
	if n := reads(dir); n != 2 {
		t.Errorf("after a change of the makefile it was started %d times in all", n)
	}
}

func TestDryRunOfNinja(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bin")
	if err := os.MkdirAll(path, 0o755); err != nil {
		t.Fatal(err)
	}
	// This script prints what the real tool prints for such a build file.
	tool := "#!/bin/sh\n[ \"$1 $2\" = '-t commands' ] && sed -n 's/^ *command = //p' build.ninja\n"
	if err := os.WriteFile(filepath.Join(path, "ninja"), []byte(tool), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", path+string(os.PathListSeparator)+os.Getenv("PATH"))
	dir := workspace.Write(t, `
-- .git/HEAD --
-- src/a.bpf.c --
-- build/build.ninja --
rule host
  command = cc -c ../src/a.bpf.c
rule bpf
  command = /usr/bin/clang -DN -target bpf -MD -MF a.d -c ../src/a.bpf.c -o a.o
`)
	f, err := sourcesOf(clang.Settings{Trusted: true}).Find(t.Context(), filepath.Join(dir, "src", "a.bpf.c"))
	if err != nil || f.Source != "ninja dry run" || f.Dir != filepath.Join(dir, "build") ||
		f.Compiler != "/usr/bin/clang" {
		t.Errorf("got %+v, %v", f, err)
	}
}

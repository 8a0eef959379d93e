// SPDX-License-Identifier: GPL-2.0-only

package compile

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/project"
	"github.com/bpf-lsp/bpf-lsp/testdata/deadline"
	"github.com/bpf-lsp/bpf-lsp/testdata/workspace"
)

// realCompiler returns a Compiler with a clang that builds for BPF, or skips.
func realCompiler(t *testing.T, s Settings) *Compiler {
	t.Helper()
	c := New(s)
	if _, err := c.Toolchain(t.Context()); err != nil {
		t.Skipf("SKIPPED, NEEDS CLANG: %v", err)
	}
	return c
}

func TestBuildFindsHeaders(t *testing.T) {
	dir := workspace.Write(t, `
-- .git/HEAD --
-- prog/a.bpf.c --
#include "vmlinux.h"
#include <bpf/made_up.h>
#include "deep.h"
int x SECTION(".data") = DEEP;
-- libbpf/src/made_up.h --
#define SECTION(name) __attribute__((section(name), used))
-- other/include/deep.h --
#define DEEP 1
-- other/arm64/deep.h --
#error wrong architecture
`)
	types := t.TempDir()
	if err := os.WriteFile(filepath.Join(types, "vmlinux.h"), []byte("typedef int u32;\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	c := realCompiler(t, Settings{Arch: "x86", CacheDir: t.TempDir(), Headers: func(context.Context) (string, error) {
		return types, nil
	}})
	file := filepath.Join(dir, "prog", "a.bpf.c")
	for range 2 {
		obj, ds, err := c.Build(deadline.Context(t, "the compiler"), file)
		if err != nil {
			t.Fatal(err)
		}
		if len(ds) > 0 || !bytes.HasPrefix(obj.ELF, []byte("\x7fELF")) {
			t.Fatalf("got %v, no object", ds)
		}
		if !slices.Contains(obj.Deps, filepath.Join(dir, "other", "include", "deep.h")) ||
			!slices.Contains(obj.Deps, file) {
			t.Errorf("dependencies %q lack the file or its header", obj.Deps)
		}
	}
}

func TestBuildPrefersTheHeaderBesideItsIncluder(t *testing.T) {
	dir := workspace.Write(t, "-- .git/HEAD --\n-- src/a.bpf.c --\n#include <lib/one.h>\nint f(void) { return TWO; }\n"+
		"-- src/other/two.h --\n-- include/lib/one.h --\n#include <two.h>\n-- include/lib/two.h --\n#define TWO 2\n")
	c := realCompiler(t, Settings{})
	obj, ds, err := c.Build(deadline.Context(t, "the compiler"), filepath.Join(dir, "src", "a.bpf.c"))
	if err != nil || len(ds) != 0 || obj.ELF == nil {
		t.Errorf("got %+v, %v", ds, err)
	}
}

func TestBuildRaisesTheProcessorVersion(t *testing.T) {
	dir := workspace.Write(t, "-- a.bpf.c --\nint v;\nint f(int x) { return __sync_val_compare_and_swap(&v, 1, x); }\n")
	c := realCompiler(t, Settings{})
	obj, ds, err := c.Build(deadline.Context(t, "the compiler"), filepath.Join(dir, "a.bpf.c"))
	if err != nil || len(ds) != 0 || obj.ELF == nil {
		t.Errorf("got %v, %v", ds, err)
	}
}

func TestBuildReportsErrors(t *testing.T) {
	dir := workspace.Write(t,
		"-- a.bpf.c --\n#include \"h.h\"\nint f(void) { return g(1); }\n-- h.h --\nstatic int g(void) { return 0; }\n")
	c := realCompiler(t, Settings{})
	obj, ds, err := c.Build(deadline.Context(t, "the compiler"), filepath.Join(dir, "a.bpf.c"))
	if err != nil || obj.ELF != nil || len(ds) != 1 {
		t.Fatalf("got %v, %v, want one error", ds, err)
	}
	d := ds[0]
	if d.Code != catalog.CompileError || d.Span.Line != 2 || len(d.Related) != 1 ||
		filepath.Base(d.Related[0].Span.File) != "h.h" {
		t.Errorf("got %+v", d)
	}
	if !slices.Contains(obj.Deps, filepath.Join(dir, "h.h")) {
		t.Errorf("dependencies %q lack the header", obj.Deps)
	}
}

func TestBuildAdvisesOnMissingHeader(t *testing.T) {
	dir := workspace.Write(t, "-- a.bpf.c --\n#include \"vmlinux.h\"\n")
	c := realCompiler(t, Settings{})
	_, ds, err := c.Build(deadline.Context(t, "the compiler"), filepath.Join(dir, "a.bpf.c"))
	if err != nil || len(ds) != 1 || ds[0].Code != catalog.MissingHeader ||
		!strings.Contains(ds[0].Suggestion, "bpftool") {
		t.Errorf("got %+v, %v", ds, err)
	}
}

func TestTemporaryFilesGo(t *testing.T) {
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	path := workspace.Script(t, "exit 3\n")
	c := New(Settings{})
	_, _, err := c.Run(deadline.Context(t, "the compiler"), Command{File: "/w/a.c", Clang: path, Dir: tmp})
	if f, ok := IsFault(err); !ok || f.Code != catalog.CompilerFailed {
		t.Errorf("got %v, want a failed compiler", err)
	}
	if left, _ := os.ReadDir(tmp); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestTimeout(t *testing.T) {
	path := workspace.Script(t, "sleep 1000\n")
	c := New(Settings{Timeout: time.Nanosecond})
	_, _, err := c.Run(deadline.Context(t, "the compiler"), Command{File: "/w/a.c", Clang: path, Dir: t.TempDir()})
	if f, ok := IsFault(err); !ok || f.Code != catalog.CompilerTimeout {
		t.Errorf("got %v, want a timeout", err)
	}
}

// TestSilentCompiler has a compiler that never answers. Each build asks it again, and reports the wait of the first.
func TestSilentCompiler(t *testing.T) {
	path := workspace.Script(t, "sleep 1000\n")
	c := New(Settings{Path: path, Timeout: 200 * time.Millisecond})
	for range 3 {
		_, _, err := c.Build(deadline.Context(t, "the compiler"), filepath.Join(t.TempDir(), "a.bpf.c"))
		if f, ok := IsFault(err); !ok || f.Code != catalog.CompilerTimeout ||
			!strings.Contains(f.Problem, "--print-targets did not finish within 200ms") {
			t.Errorf("got %v, want a timeout", err)
		}
	}
}

func TestKilledCompiler(t *testing.T) {
	c := New(Settings{})
	_, _, err := c.Run(deadline.Context(t, "the compiler"),
		Command{File: "/w/a.c", Clang: workspace.Script(t, "kill -9 $$\n"), Dir: t.TempDir()})
	if f, ok := IsFault(err); !ok || !strings.Contains(f.Problem, "killed") {
		t.Errorf("got %v, want the signal", err)
	}
}

func TestDirectoryOfTheFlagsIsMissing(t *testing.T) {
	c := New(Settings{})
	_, _, err := c.Run(deadline.Context(t, "the compiler"),
		Command{File: "/w/a.c", Clang: workspace.Script(t, "exit 0\n"), Dir: filepath.Join(t.TempDir(), "gone"),
			Source: project.DatabaseName, Origin: "/w/" + project.DatabaseName})
	if f, ok := IsFault(err); !ok || !strings.Contains(f.Problem, "gone does not exist") ||
		!strings.Contains(f.Advice, "/w/"+project.DatabaseName) {
		t.Errorf("got %v, want the directory and who names it", err)
	}
}

func TestObjectsThatAreTooLarge(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("SKIPPED: only Linux limits a process that runs already")
	}
	c := New(Settings{})
	_, _, err := c.Run(deadline.Context(t, "the compiler"),
		Command{File: "/w/a.c", Clang: workspace.Script(t,
			"sleep 0.2\nexec head -c 300000000 /dev/zero >\"$TMPDIR\"/out.o\n"), Dir: t.TempDir()})
	if f, ok := IsFault(err); !ok || !strings.Contains(f.Problem, "larger than 256 MB") {
		t.Errorf("got %v, want the size", err)
	}
}

// TestCrashedCompilerNamesWhatItRead crashes the compiler after it has written its dependencies.
func TestCrashedCompilerNamesWhatItRead(t *testing.T) {
	path := workspace.Script(t, `while [ $# -gt 0 ]; do [ "$1" = -MF ] && echo "out.o: a.c sub/h.h" >"$2"; shift; done
kill -9 $$
`)
	dir := t.TempDir()
	obj, _, err := New(Settings{}).Run(t.Context(), Command{File: filepath.Join(dir, "a.c"), Clang: path, Dir: dir})
	if f, ok := IsFault(err); !ok || f.Code != catalog.CompilerFailed {
		t.Errorf("got %v, want a failed compiler", err)
	}
	if !slices.Contains(obj.Deps, filepath.Join(dir, "sub", "h.h")) || obj.ELF != nil {
		t.Errorf("got %+v", obj)
	}
}

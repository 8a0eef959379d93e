// SPDX-License-Identifier: GPL-2.0-only

package compile

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/testdata/deadline"
	"github.com/bpf-lsp/bpf-lsp/testdata/workspace"
)

// TestCures builds programs that compile only with a flag that nobody passed.
func TestCures(t *testing.T) {
	tests := []struct {
		name, archive string
		want          string // a flag, or its prefix
	}{
		{"the program wants to know the processor", `
-- a.bpf.c --
#if !defined(__x86_64)
#error "Unsupported architecture"
#endif
`, "-D__x86_64"},
		{"libbpf wants to know the architecture", `
-- compile_commands.json --
[{"directory":"@DIR@","file":"a.bpf.c","arguments":["clang","-target","bpf","-c","a.bpf.c"]}]
-- a.bpf.c --
#ifndef __TARGET_ARCH_x86
#error Must specify a BPF target arch via __TARGET_ARCH_xxx
#endif
`, "-D__TARGET_ARCH_x86"},
		{"the program is written in C23", `
-- a.bpf.c --
bool x = true;
-- Makefile --
CFLAGS += -std=gnu2x
`, "-std=gnu2x"},
		{"a definition for older libraries", `
-- a.bpf.c --
#include "b.h"
#ifndef HAVE_IT
static int it(void) { return 2; }
#endif
-- b.h --
static int it(void) { return 1; }
`, "-DHAVE_IT"},
		{"a header for both sides", `
-- a.bpf.c --
typedef long number;
#include "both.h"
-- both.h --
#ifndef BOTH_H
#define BOTH_H
#ifdef IN_KERNEL
#else
#include "user.h"
#endif
#endif
-- user.h --
typedef int number;
`, "-DIN_KERNEL"},
		{"a header made of a template", `
-- a.bpf.c --
#include "conf/config.h"
char version[] = VERSION;
int number = NUMBER + FEATURE;
-- src/conf/config.h.in --
#define VERSION "@VERSION@"
#define NUMBER ${NUMBER}
#cmakedefine01 FEATURE
#cmakedefine OTHER
`, "-I"},
		{"names of a newer libbpf", `
-- a.bpf.c --
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
struct bpf_iter_num { unsigned long x; } __attribute__((aligned(8)));
int f(void) { int i, n = 0; bpf_for(i, 0, 10) n += i; bpf_repeat(3) n++; return n; }
int BPF_UPROBE(u, int a) { return a; }
struct { int (*map_extra)[1]; __ulong(big, 1ULL << 44); } m;
-- vendor/bpf/bpf_helpers.h --
#define SEC(x)
#define ___bpf_concat(a, b) a ## b
#define __weak
#define __ksym
-- vendor/bpf/bpf_tracing.h --
#define BPF_KPROBE(name, args...) name(args)
`, "-I"},
		{"a header that the system has too", `
-- a.bpf.c --
#include <linux/errno.h>
mine x;
-- include/linux/errno.h --
typedef int mine;
`, "-I"},
		{"a definition under a macro with a computed end", `
-- a.bpf.c --
#include "b.h"
int x = TYPE(1);
-- b.h --
#ifndef MODE_SMALL
#define OTHER(x) x
#else
#define TYPE(x) x
#endif
-- Makefile --
FLAGS := -DMODE_$(MODE)
`, "-DMODE_SMALL"},
		{"a definition under a macro of another build file", `
-- a.bpf.c --
#ifdef WIDTH
static int width(void) { return WIDTH; }
#endif
int f(void) { return width(); }
-- tools/build.sh --
clang -DWIDTH=4 -o x
`, "-DWIDTH=4"},
		{"the compiler's own headers", `
-- compile_commands.json --
[{"directory":"@DIR@","file":"a.bpf.c","arguments":["clang","-target","bpf","-nostdinc","-c","a.bpf.c"]}]
-- a.bpf.c --
#include <stddef.h>
size_t x;
`, "-I"},
		{"the version of a tool that the build asks", `
-- a.bpf.c --
#if CLANG_VER_MAJOR < 11
#error too old
#endif
-- Makefile --
a.o: a.bpf.c
	clang -target bpf -DCLANG_VER_MAJOR=$(shell clang --version) -c $< -o $@
`, "-DCLANG_VER_MAJOR="},
		{"a vmlinux.h by another name", `
-- a.bpf.c --
#include <bpf/vmlinux/vmlinux.h>
u32 x;
-- types/vmlinux.h --
typedef unsigned u32;
`, "-I"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := workspace.Write(t, "-- .git/HEAD --\n"+strings.TrimPrefix(tt.archive, "\n"))
			c := realCompiler(t, Settings{Arch: "x86", CacheDir: t.TempDir()})
			obj, ds, err := c.Build(deadline.Context(t, "the compiler"), filepath.Join(dir, "a.bpf.c"))
			if err != nil || obj.ELF == nil {
				t.Fatalf("got %v, %v with %s", ds, err, obj.Command)
			}
			if !slices.ContainsFunc(obj.Command.Args, func(a string) bool { return strings.HasPrefix(a, tt.want) }) {
				t.Errorf("no %s in %s", tt.want, obj.Command)
			}
		})
	}
}

// TestAProjectsLibbpfComesBeforeTheSystems has a libbpf in the two layouts that projects use.
func TestAProjectsLibbpfComesBeforeTheSystems(t *testing.T) {
	for _, place := range []string{"third_party/libbpf/src/bpf_helpers.h", "headers/bpf/bpf_helpers.h"} {
		dir := workspace.Write(t,
			"-- .git/HEAD --\n-- src/a.bpf.c --\n#include <bpf/bpf_helpers.h>\nint x = MINE;\n-- "+place+
				" --\n#define MINE 1\n")
		c := realCompiler(t, Settings{CacheDir: t.TempDir()})
		obj, ds, err := c.Build(deadline.Context(t, "the compiler"), filepath.Join(dir, "src", "a.bpf.c"))
		if err != nil || obj.ELF == nil {
			t.Errorf("%s: got %v, %v", place, ds, err)
		}
	}
}

func TestAdviceNamesSubmodulesThatAreNotFetched(t *testing.T) {
	dir := workspace.Write(t,
		"-- .git/HEAD --\n-- .gitmodules --\n[submodule \"a\"]\n\tpath = lib/a\n[submodule \"b\"]\n\tpath = b\n-- b/x "+
			"--\n-- a.bpf.c --\n#include \"none.h\"\n")
	if err := os.MkdirAll(filepath.Join(dir, "lib", "a"), 0o755); err != nil {
		t.Fatal(err)
	}
	c := realCompiler(t, Settings{})
	_, ds, err := c.Build(deadline.Context(t, "the compiler"), filepath.Join(dir, "a.bpf.c"))
	if err != nil || len(ds) != 1 || !strings.Contains(ds[0].Suggestion, "(lib/a): git submodule update --init") {
		t.Errorf("got %+v, %v", ds, err)
	}
}

// TestAGuessCountsOnlyIfItHelps has an error that looks like a missing definition, first together with another error,
// then alone.
func TestAGuessCountsOnlyIfItHelps(t *testing.T) {
	const twice = "static int f(void) { return 1; }\n#ifndef M\nint f(void) { return 2; }\n#endif\n"
	dir := workspace.Write(t, "-- .git/HEAD --\n-- a.bpf.c --\n"+twice+"int g(void) { return none; }\n")
	file := filepath.Join(dir, "a.bpf.c")
	c := realCompiler(t, Settings{CacheDir: t.TempDir()})
	obj, ds, err := c.Build(deadline.Context(t, "the compiler"), file)
	if err != nil || obj.ELF != nil || len(ds) != 2 || len(obj.Command.Needed) != 0 {
		t.Errorf("got %v, %v with %v, want both mistakes and no flag", ds, err, obj.Command.Needed)
	}
	if err := os.WriteFile(file, []byte(twice), 0o644); err != nil {
		t.Fatal(err)
	}
	if obj, ds, err = c.Build(deadline.Context(t, "the compiler"), file); err != nil || obj.ELF == nil ||
		len(obj.Command.Needed) != 1 {
		t.Errorf("got %v, %v with %v", ds, err, obj.Command.Needed)
	}
	if len(c.learned[file].needs) != 0 {
		t.Errorf("a guess is kept: %v", c.learned[file])
	}
}

// TestWhatWasLearnedIsForgotten moves the header that a file needs, adds a nearer one, and changes the flags of the
// file.
func TestWhatWasLearnedIsForgotten(t *testing.T) {
	dir := workspace.Write(t, "-- .git/HEAD --\n-- p/a.bpf.c --\n#include \"h.h\"\n-- one/inc/h.h --\n")
	file := filepath.Join(dir, "p", "a.bpf.c")
	c := realCompiler(t, Settings{CacheDir: t.TempDir()})
	needs := func(want ...string) {
		t.Helper()
		obj, ds, err := c.Build(deadline.Context(t, "the compiler"), file)
		var got []string
		for _, n := range obj.Command.Needed {
			got = append(got, strings.TrimPrefix(n.Flag, "-I"+dir+string(filepath.Separator)))
		}
		if err != nil || obj.ELF == nil || !slices.Equal(got, want) {
			t.Errorf("got %v, %v and %q, want %q", ds, err, got, want)
		}
	}
	needs(filepath.Join("one", "inc"))
	if err := os.Rename(filepath.Join(dir, "one"), filepath.Join(dir, "two")); err != nil {
		t.Fatal(err)
	}
	needs(filepath.Join("two", "inc"))
	if err := errors.Join(os.Mkdir(filepath.Join(dir, "p", "near"), 0o755),
		os.WriteFile(filepath.Join(dir, "p", "near", "h.h"), nil, 0o644)); err != nil {
		t.Fatal(err)
	}
	needs(filepath.Join("two", "inc"))
	c.Forget()
	needs(filepath.Join("p", "near"))
	if err := os.WriteFile(filepath.Join(dir, "compile_flags.txt"), []byte("-Ip/near\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	needs()
}

// TestDirectoriesOutsideOfTheProject has a header in a directory that a build file names, which may be there or not.
func TestDirectoriesOutsideOfTheProject(t *testing.T) {
	outside := filepath.Join(t.TempDir(), "opt")
	dir := workspace.Write(t, "-- .git/HEAD --\n-- a.bpf.c --\n#include <installed.h>\nint x = INSTALLED;\n"+
		"-- Makefile --\nCFLAGS = -I "+filepath.ToSlash(outside)+"\n")
	c := realCompiler(t, Settings{CacheDir: t.TempDir()})
	file := filepath.Join(dir, "a.bpf.c")
	_, ds, err := c.Build(deadline.Context(t, "the compiler"), file)
	if err != nil || len(ds) != 1 || !strings.Contains(ds[0].Suggestion, filepath.ToSlash(outside)) {
		t.Errorf("got %+v, %v", ds, err)
	}
	if err := errors.Join(os.Mkdir(outside, 0o755),
		os.WriteFile(filepath.Join(outside, "installed.h"), []byte("#define INSTALLED 1\n"), 0o644)); err != nil {
		t.Fatal(err)
	}
	obj, ds, err := c.Build(deadline.Context(t, "the compiler"), file)
	if err != nil || obj.ELF == nil {
		t.Errorf("got %+v, %v", ds, err)
	}
}

// TestWhatTheBackendSaysIsTold has a struct of the kernel's types defined again, which a cure takes care of, and a
// variable that no stack frame holds, which nothing does.
func TestWhatTheBackendSaysIsTold(t *testing.T) {
	dir := workspace.Write(t, "-- .git/HEAD --\n-- inc/vmlinux.h --\n#ifndef __VMLINUX_H__\n#define __VMLINUX_H__\nstruct sample {\n\tint a;\n};\n#endif\n"+
		"-- a.bpf.c --\n#include \"vmlinux.h\"\nstruct sample {\n\tlong words[90];\n};\nvoid use(struct sample *);\n"+
		"long f(void)\n{\n\tstruct sample s = {};\n\n\tuse(&s);\n\treturn s.words[3];\n}\n")
	c := realCompiler(t, Settings{CacheDir: t.TempDir()})
	obj, ds, err := c.Build(deadline.Context(t, "the compiler"), filepath.Join(dir, "a.bpf.c"))
	if err != nil || obj.ELF != nil || len(ds) != 1 || !strings.Contains(ds[0].Reason, "512 bytes") {
		t.Errorf("got %+v, %v", ds, err)
	}
}

// SPDX-License-Identifier: GPL-2.0-only

package compile

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/testdata/deadline"
	"github.com/bpf-lsp/bpf-lsp/testdata/workspace"
)

// TestSearch has files that compile only with something elsewhere in the project, in the layouts that projects use.
func TestSearch(t *testing.T) {
	tests := []struct {
		name, archive string
		needs         []string // suffixes of the added flags
	}{
		{"the second header of a name is meant", `
-- p/a.bpf.c --
#include "common.h"
int x = MEANT;
-- p/q/common.h --
#define OTHER 1
-- far/off/include/common.h --
#define MEANT 1
`, []string{"/far/off/include"}},
		{"the first of two headers was wrong", `
-- p/a.bpf.c --
#include "one.h"
#include "two.h"
int x = MEANT;
-- p/q/one.h --
-- r/one.h --
#define MEANT 1
-- s/two.h --
`, []string{"/r", "/s"}},
		{"a header of this architecture", `
-- p/a.bpf.c --
#include "types.h"
int x = HERE;
-- p/arm64/types.h --
-- include/x86/types.h --
#define HERE 1
`, []string{"/include/x86"}},
		{"a directory that a makefile names", `
-- p/a.bpf.c --
#include "h.h"
-- Makefile --
FLAGS = -I$(TOP)/use/include
-- p/not/h.h --
-- use/include/h.h --
`, []string{"/use/include"}},
		{"libbpf's headers without a directory", `
-- p/a.bpf.c --
#include <bpf_helpers.h>
int x SEC(".data") = 1;
-- vendor/bpf/bpf_helpers.h --
#define SEC(name) __attribute__((section(name), used))
`, []string{"/vendor/bpf"}},
		{"libbpf's headers behind another name", `
-- p/a.bpf.c --
#include "lib/bpf_helpers.h"
int x SEC(".data") = 1;
-- vendor/libbpf/src/bpf_helpers.h --
#define SEC(name) __attribute__((section(name), used))
`, []string{""}},
		{"kernel headers by the name they have in the kernel", `
-- p/a.bpf.c --
#include <uapi/linux/bpf.h>
int x = BPF_ANY;
`, []string{""}},
		{"a header that is installed under another name", `
-- p/a.bpf.c --
#include "product/api.h"
int x = API;
-- src/api.h --
#define API 1
`, []string{""}},
		{"kernel headers that the types stand for", `
-- p/a.bpf.c --
#ifdef WITH_TYPES
#include "vmlinux.h"
#else
#include <linux/nothing_has_this.h>
#endif
number x;
-- vmlinux.h --
typedef int number;
`, []string{"-DWITH_TYPES", ""}},
		{"a macro that a script defines", `
-- p/a.bpf.c --
int x = LEVEL;
-- tools/build.sh --
clang -target bpf -DLEVEL=3 -c p/a.bpf.c
-- other/Makefile --
	clang -DLEVEL=$(COMPUTED)
`, []string{"-DLEVEL=3"}},
		{"types that the program has too", `
-- p/a.bpf.c --
enum { BPF_ANY, BPF_OTHER };
struct pair { int a, b; };
#include "vmlinux.h"
struct pair p;
number x = BPF_OTHER;
-- types/vmlinux.h --
typedef int number;
enum { BPF_ANY };
struct pair { int a; };
`, []string{"/types", ""}},
		{"macros and types that the program has too", `
-- p/a.bpf.c --
#define BPF_FLAG 3
struct pair { int a, b; };
#include "vmlinux.h"
struct pair p;
number x = BPF_FLAG;
-- types/vmlinux.h --
typedef int number;
enum { BPF_FLAG };
struct pair { int a; };
`, []string{"/types", ""}},
		{"the struct for maps that libbpf gave up", `
-- p/a.bpf.c --
struct bpf_map_def m = { .type = 1, .key_size = 4 };
`, []string{"/old-map.h"}},
		{"a header above a directory that the build makes", `
-- p/a.bpf.c --
#include "../../r/types.h"
number x;
-- p/x/q/r/types.h --
typedef int number;
`, []string{"/below"}},
		{"a name with a version", `
-- p/a.bpf.c --
#include "vmlinux_504.h"
number x;
-- types/vmlinux.h --
typedef int number;
`, []string{""}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := workspace.Write(t, "-- .git/HEAD --\n"+strings.TrimPrefix(tt.archive, "\n"))
			c := realCompiler(t, Settings{Arch: "x86", CacheDir: t.TempDir()})
			file := filepath.Join(dir, "p", "a.bpf.c")
			for range 2 {
				obj, ds, err := c.Build(deadline.Context(t, "the compiler"), file)
				if err != nil || obj.ELF == nil {
					t.Fatalf("got %v, %v with %s", ds, err, obj.Command)
				}
				needed := obj.Command.Needed
				if len(needed) != len(tt.needs) {
					t.Fatalf("needs %v, want %q", needed, tt.needs)
				}
				for i, n := range needed {
					if !strings.HasSuffix(filepath.ToSlash(n.Flag), tt.needs[i]) {
						t.Errorf("needs %v, want %q", needed, tt.needs)
					}
				}
			}
		})
	}
}

// TestFolderIsRemembered builds a second file of a folder that needs what the first did, and a third that needs
// something else.
func TestFolderIsRemembered(t *testing.T) {
	dir := workspace.Write(t,
		"-- .git/HEAD --\n-- p/a.bpf.c --\n#include \"h.h\"\nint x = MEANT;\n-- p/b.bpf.c --\n#include \"h.h\"\n"+
			"-- p/c.bpf.c --\n#include \"h.h\"\nint x = OTHER;\n-- p/q/h.h --\n#define OTHER 1\n-- far/off/h.h --\n"+
			"#define MEANT 1\n")
	c := realCompiler(t, Settings{CacheDir: t.TempDir()})
	for _, tt := range []struct{ file, want string }{{"a.bpf.c", "far/off"}, {"b.bpf.c", "far/off"},
		{"c.bpf.c", "p/q"}} {
		obj, ds, err := c.Build(deadline.Context(t, "the compiler"), filepath.Join(dir, "p", tt.file))
		if err != nil || obj.ELF == nil || len(obj.Command.Needed) != 1 || obj.Command.Needed[0].Flag != "-I"+
			filepath.Join(dir, filepath.FromSlash(tt.want)) {
			t.Errorf("%s: got %v, %v with %v", tt.file, ds, err, obj.Command.Needed)
		}
	}
}

// TestIndexIsMadeAgain adds a header, and a broken link.
func TestIndexIsMadeAgain(t *testing.T) {
	dir := workspace.Write(t, "-- .git/HEAD --\n-- p/a.bpf.c --\n#include \"h.h\"\n-- q/x --\n")
	c := realCompiler(t, Settings{CacheDir: t.TempDir()})
	file := filepath.Join(dir, "p", "a.bpf.c")
	build := func(want bool) {
		t.Helper()
		if obj, ds, err := c.Build(deadline.Context(t, "the compiler"), file); err != nil || (obj.ELF != nil) != want {
			t.Errorf("got %v, %v", ds, err)
		}
	}
	build(false)
	if err := os.Symlink(filepath.Join(dir, "nowhere"), filepath.Join(dir, "q", "h.h")); err != nil {
		t.Skip(err)
	}
	build(false)
	if err := os.WriteFile(filepath.Join(dir, "nowhere"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	build(true)
}

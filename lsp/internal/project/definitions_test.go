// SPDX-License-Identifier: GPL-2.0-only

package project

import (
	"path/filepath"
	"slices"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/testdata/workspace"
)

// TestDefinitions reads flags in the syntax of each kind of build file.
func TestDefinitions(t *testing.T) {
	dir := workspace.Write(t, `
-- .git/HEAD --
-- Makefile --
CFLAGS += -DMAKE=1 -I$(LIB)/include/uapi -I../up -I./here/
-- CMakeLists.txt --
target_compile_options(x PRIVATE "-DCMAKE" "-I${CMAKE_SOURCE_DIR}/cmake/include")
-- meson.build --
args = ['-DMESON', '-I', '../meson']
-- BUILD --
cmd = "clang -DBAZEL=2 -isystem third_party/x",
-- build.rs --
flags.push("-DRUST".to_string()); let a = format!("-D__PRODUCT_ARCH_{}", arch);
-- run.sh --
clang -D__SHELL_ARCH_$(uname -m) -D SPACED=1
-- gen.go --
package x
// -DCOMMENT
//go:generate go tool bpf2go x x.c -- -DGO=1 -I../go/include
-- justfile --
	clang -DJUST
`)
	x, err := newIndex(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	b := x.Definitions()
	var macros []string
	for name := range b.defines {
		macros = append(macros, name)
	}
	slices.Sort(macros)
	for _, name := range []string{"MAKE", "CMAKE", "MESON", "BAZEL", "RUST", "SPACED", "GO", "JUST"} {
		if !slices.Contains(macros, name) {
			t.Errorf("%s is not in %q", name, macros)
		}
	}
	if slices.Contains(macros, "COMMENT") {
		t.Errorf("a comment defines something: %q", macros)
	}
	for _, name := range []string{"include/uapi", "up", "here", "cmake/include", "meson", "third_party/x",
		"go/include"} {
		if !b.includes(filepath.Join(dir, "some", filepath.FromSlash(name))) {
			t.Errorf("%s is not in %v", name, b.dirs)
		}
	}
}

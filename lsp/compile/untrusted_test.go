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

// reads counts how often something of the project was executed.
func reads(dir string) int {
	text, _ := os.ReadFile(filepath.Join(dir, "reads"))
	return strings.Count(string(text), "read")
}

// TestNothingOfAnUntrustedProjectRuns has build tools, compilers and plugins that leave a mark when executed.
func TestNothingOfAnUntrustedProjectRuns(t *testing.T) {
	dir := workspace.Write(t, `
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
-- build.ninja --
rule bpf
  command = touch @DIR@/reads && clang -target bpf -c $in -o $out
build a.o: bpf a.bpf.c
-- bpf-lsp.yaml --
files:
  - glob: "b.bpf.c"
    flags: [-fplugin=@DIR@/evil.so, -B@DIR@, -no-integrated-as]
    clang: @DIR@/clang-99
-- sub/compile_commands.json --
[{"directory":"@DIR@/sub","file":"src/c.bpf.c","arguments":["@DIR@/clang","-target","bpf","-c","src/c.bpf.c"]}]
-- other/gen.go --
package p

//go:generate go tool bpf2go -cc @DIR@/clang Name d.c
-- other/d.c --
-- other/.clangd --
CompileFlags: {Compiler: "@DIR@/clang"}
-- other/compile_flags.txt --
-Xclang
-load
-Xclang
@DIR@/evil.so
-- other/e.bpf.c --
-- clang --
#!/bin/sh
echo read >> @DIR@/reads; echo '  bpf - BPF'
-- clang-99 --
#!/bin/sh
echo read >> @DIR@/reads; echo '  bpf - BPF'
-- as --
#!/bin/sh
echo read >> @DIR@/reads
`)
	for _, name := range []string{"clang", "clang-99", "as"} {
		if err := os.Chmod(filepath.Join(dir, name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	files := []string{"a.bpf.c", "b.bpf.c", "sub/src/c.bpf.c", "other/d.c", "other/e.bpf.c"}
	c := realCompiler(t, Settings{CacheDir: t.TempDir()})
	for _, name := range files {
		obj, ds, err := c.Build(deadline.Context(t, "the compiler"), filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil || obj.ELF == nil {
			t.Errorf("%s: %v, %v", name, ds, err)
		}
		if strings.Contains(obj.Command.String(), "evil") || strings.HasPrefix(obj.Command.Clang, dir) {
			t.Errorf("%s is built by %s", name, obj.Command)
		}
	}
	if n := reads(dir); n != 0 {
		t.Errorf("%d things of the project were executed", n)
	}
	// In a trusted project the marks must work.
	trusted := realCompiler(t, Settings{Trusted: true, CacheDir: t.TempDir()})
	if _, err := trusted.Find(deadline.Context(t, "the compiler"), filepath.Join(dir, "other", "d.c")); err != nil &&
		reads(dir) == 0 {
		t.Errorf("no compiler of a trusted project ran: %v", err)
	}
	if reads(dir) == 0 {
		t.Error("nothing of a trusted project was executed either")
	}
}

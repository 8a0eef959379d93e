// SPDX-License-Identifier: GPL-2.0-only

package clang

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bpf-lsp/bpf-lsp/testdata/deadline"
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
	dir := workspace(t, makefile)
	c := New(Settings{Trusted: true, Arch: "x86"})
	tests := []struct{ file, source, dir, args string }{
		{"a.bpf.c", "make dry run", ".", `-DA="x y" -target bpf @DIR@/a.bpf.c -O2 -g`},
		{"sub/src/c.bpf.c", "make dry run", "sub/src", "-DC -target bpf -I../inc @DIR@/sub/src/c.bpf.c -O2 -g"},
		{"b.bpf.c", "defaults and what Makefile defines", ".", ""}, // one of its headers is not there
	}
	for _, tt := range tests {
		file := filepath.Join(dir, filepath.FromSlash(tt.file))
		f, err := c.flags(t.Context(), file)
		if err != nil || f.source != tt.source || f.dir != filepath.Join(dir, tt.dir) {
			t.Errorf("%s: got %s in %s, %v", tt.file, f.source, f.dir, err)
			continue
		}
		if tt.args == "" {
			continue
		}
		args := normalise(f, file, true)
		got := strings.ReplaceAll(strings.Join(args[:len(args)-2], " "), dir, "@DIR@")
		if d := cmp.Diff(tt.args, got); d != "" {
			t.Errorf("%s: %s", tt.file, d)
		}
	}
}

// TestDryRunIsKept counts how often make was started: once for as long as the build files stay the same.
func TestDryRunIsKept(t *testing.T) {
	needs(t, "make")
	dir := workspace(t, makefile)
	c := New(Settings{Trusted: true})
	file := filepath.Join(dir, "a.bpf.c")
	for range 3 {
		if _, err := c.flags(t.Context(), file); err != nil {
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
	if _, err := c.flags(t.Context(), file); err != nil {
		t.Fatal(err)
	}
	if n := reads(dir); n != 2 {
		t.Errorf("after a change of the makefile it was started %d times in all", n)
	}
}

// TestNothingOfAnUntrustedProjectRuns has build tools, compilers and plugins leave a mark if anything executes them.
func TestNothingOfAnUntrustedProjectRuns(t *testing.T) {
	dir := workspace(t, makefile+`
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
	// The same project shows that the marks work.
	trusted := realCompiler(t, Settings{Trusted: true, CacheDir: t.TempDir()})
	if _, err := trusted.Find(deadline.Context(t, "the compiler"), filepath.Join(dir, "other", "d.c")); err != nil && reads(dir) == 0 {
		t.Errorf("no compiler of a trusted project ran: %v", err)
	}
	if reads(dir) == 0 {
		t.Error("nothing of a trusted project was executed either")
	}
}

func TestDryRunOfNinja(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bin")
	if err := os.MkdirAll(path, 0o755); err != nil {
		t.Fatal(err)
	}
	// A stand-in prints what the real one does for such a build file, which is all that is asked of it.
	tool := "#!/bin/sh\n[ \"$1 $2\" = '-t commands' ] && sed -n 's/^ *command = //p' build.ninja\n"
	if err := os.WriteFile(filepath.Join(path, "ninja"), []byte(tool), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", path+string(os.PathListSeparator)+os.Getenv("PATH"))
	dir := workspace(t, `
-- .git/HEAD --
-- src/a.bpf.c --
-- build/build.ninja --
rule host
  command = cc -c ../src/a.bpf.c
rule bpf
  command = /usr/bin/clang -DN -target bpf -MD -MF a.d -c ../src/a.bpf.c -o a.o
`)
	f, err := New(Settings{Trusted: true}).flags(t.Context(), filepath.Join(dir, "src", "a.bpf.c"))
	if err != nil || f.source != "ninja dry run" || f.dir != filepath.Join(dir, "build") || f.compiler != "/usr/bin/clang" {
		t.Errorf("got %+v, %v", f, err)
	}
}

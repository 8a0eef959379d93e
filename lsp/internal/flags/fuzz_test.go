// SPDX-License-Identifier: GPL-2.0-only

package flags

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bpf-lsp/bpf-lsp/lsp/internal/clang"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/project"
)

// readers are the files that flags are read from, each with a valid text.
var readers = []struct{ file, text string }{
	{project.ConfigName,
		"arch: x86\nflags: [-Iinc]\nfiles:\n  - glob: \"src/**/*.c\"\n    flags: [-DLB]\n    dir: lb\n"},
	{project.DatabaseName, `[{"directory":".","file":"src/a.bpf.c","command":"ccache clang -target bpf -DX='a b' \"-DY\" $(x) -c src/a.bpf.c | llc -mcpu=v3"},{"file":"b.c","arguments":["cc"]}]`},
	{"gen.go", "package x\n\n//go:generate -command b go run github.com/cilium/ebpf/cmd/bpf2go -cc clang -target " +
		"amd64,arm64\n//go:generate b x src/a.bpf.c -- -I\"${GOFILE}\" \"a\\tb\"\n"},
	{flagsFileName, "# comment\n-Iinc\n-D\nX\n--target=bpf\n"},
	{buildScriptName, "const SRC: &str = \"src/a.bpf.c\";\nlet inc = format!(\"inc/{}\", arch);\n" +
		"SkeletonBuilder::new().source(SRC).clang_args([OsStr::new(\"-I\"), Path::new(&inc).join(arch), \"-DA b\"])\n"},
	{clangdFileName, "If:\n  PathMatch: src/.*\\.c\nCompileFlags:\n  Add: [-DX, -I, y]\n  Remove: -W*\n  Compiler: " +
		"clang-19\n---\nCompileFlags: {Add: -DY}\n"},
	{"Makefile", "A ?= v3\nB = $(A) -DX=$(C) -DY\nC := $(B)\nall: a.o\n%.o: src/a.bpf.c\n\tclang --target=bpf $(B) " +
		"\\\n\t -mcpu=$(A) -c $<\n"},
	{"CMakeLists.txt", "set(F -target bpf -DX)\nlist(APPEND F -mcpu=v3 # no\n)\nbpf_object(a src/a.bpf.c ${F})\n"},
}

// FuzzBuildFiles makes every reader of build files read any text. It may find flags or return a fault, but must neither
// panic nor take long, and no flag may remain that starts, loads or writes something.
func FuzzBuildFiles(f *testing.F) {
	for i, r := range readers {
		f.Add(uint8(i), []byte(r.text))
	}
	root := f.TempDir()
	f.Fuzz(func(t *testing.T, which uint8, text []byte) {
		dir, err := os.MkdirTemp(root, "")
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(dir)
		file, name := filepath.Join(dir, "src", "a.bpf.c"), filepath.Join(dir, readers[int(which)%len(readers)].file)
		if err := errors.Join(os.MkdirAll(filepath.Join(dir, "src"), 0o755),
			os.Mkdir(filepath.Join(dir, ".git"), 0o755), os.WriteFile(file, nil, 0o644),
			os.WriteFile(name, text, 0o644)); err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		c := sourcesOf(clang.Settings{Root: dir})
		c.Knows(t.Context(), file)
		got, err := c.Find(t.Context(), file)
		if took := time.Since(began); took > time.Minute {
			t.Errorf("it took %v", took)
		}
		if err != nil {
			var fault *clang.Fault
			if !errors.As(err, &fault) || fault.Problem == "" {
				t.Errorf("got %v, want a fault with words", err)
			}
			return
		}
		mustBeHarmless(t, c.Normalise(got, file))
	})
}

// mustBeHarmless reads a command line as clang does: a flag with a value takes the next word whatever it is.
func mustBeHarmless(t *testing.T, args []string) {
	t.Helper()
	for i := 0; i < len(args); i++ {
		a := args[i]
		if strings.HasPrefix(a, "@") {
			t.Errorf("%q is read from elsewhere", a)
		}
		switch {
		case a == "-target" || a == "-Xclang" || a == "-mllvm" || slices.Contains(valueFlags, a):
			if i++; i < len(args) && strings.HasPrefix(args[i], "@") {
				t.Errorf("%q is read from elsewhere", args[i])
			}
		case a == "-c" || strings.HasPrefix(a, "-fdebug-compilation-dir=") || filepath.IsAbs(a):
		case !describesProgram(a):
			t.Errorf("%q has passed", a)
		}
	}
}

func FuzzReadCommands(f *testing.F) {
	f.Add("make: Entering directory '/x'\ncd y && clang -target bpf -c a.c | llc -march=bpf -mcpu=v3\nmake: Leaving " +
		"directory '/x'\n")
	f.Fuzz(func(_ *testing.T, output string) { readCommands(output, "/w") })
}

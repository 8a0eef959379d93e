// SPDX-License-Identifier: GPL-2.0-only

package flags

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bpf-lsp/bpf-lsp/lsp/internal/clang"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/project"
	"github.com/bpf-lsp/bpf-lsp/testdata/workspace"
)

// sourcesOf returns the sources of flags for the settings.
func sourcesOf(s clang.Settings) *Sources { return New(s, project.New(s.Root)) }

// defaultArgs are the default flags for x86.
const defaultArgs = "-g -O2 -target bpf -D__TARGET_ARCH_x86 -Wall -Wno-compare-distinct-pointer-types " +
	"-Wno-unused-function"

func TestFlags(t *testing.T) {
	tests := []struct {
		name, file, archive string
		settings            clang.Settings
		source              string // the expected source
		// the flags after normalising, with @DIR@ for the workspace and without the common tail
		args string
		dir  string
	}{
		{name: "defaults", file: "src/a.bpf.c", archive: "-- src/a.bpf.c --\n", source: "defaults", dir: "src",
			args: "-g -O2 -target bpf -D__TARGET_ARCH_x86 -Wall -Wno-compare-distinct-pointer-types " +
				"-Wno-unused-function -I."},
		{name: "settings", file: "src/a.bpf.c", archive: "-- src/a.bpf.c --\n-- compile_commands.json --\n[]\n",
			source: "settings", dir: "src",
			settings: clang.Settings{Flags: []string{"-DX"}},
			args: "-g -O2 -target bpf -D__TARGET_ARCH_x86 -Wall -Wno-compare-distinct-pointer-types " +
				"-Wno-unused-function -DX"},
		{name: "project file", file: "lb/x/a.c", source: "bpf-lsp.yaml", dir: "lb", archive: `
-- lb/x/a.c --
-- bpf-lsp.yaml --
arch: arm64
flags: [-Iinc]
files:
  - glob: "*.nothere"
    flags: [-DNO]
  - glob: "lb/**/*.c"
    flags: [-DLB]
    dir: lb
`, args: "-g -O2 -target bpf -D__TARGET_ARCH_arm64 -Wall -Wno-compare-distinct-pointer-types -Wno-unused-function -Iinc -DLB"},
		{name: "database with a command", file: "src/a.bpf.c", source: "compile_commands.json", dir: "build", archive: `
-- src/a.bpf.c --
-- build/compile_commands.json --
[{"directory":"@DIR@/build","file":"../src/b.c","command":"cc -c ../src/b.c"},
 {"directory":"@DIR@/build","file":"../src/a.bpf.c","command":"mkdir x && clang-14 -Werror -DQ='\"q r\"' -target bpf -emit-llvm -O1 -c ../src/a.bpf.c -o - | llc -march=bpf -mcpu=v3 -filetype=obj -o a.o"}]
`, args: `-DQ="q r" -target bpf -O1 @DIR@/src/a.bpf.c -mcpu=v3 -g`},
		{name: "database for the host says nothing", file: "a.bpf.c", source: "defaults", dir: ".", archive: `
-- a.bpf.c --
-- compile_commands.json --
[{"directory":"@DIR@","file":"a.bpf.c","arguments":["clang","-c","a.bpf.c"]}]
`, args: defaultArgs + " -I."},
		{name: "bpf2go tool", file: "bpf/a.c", source: "go:generate bpf2go", dir: ".", archive: `
-- bpf/a.c --
-- go.mod --
-- gen.go --
package main

//go:generate go tool bpf2go -tags linux -target amd64,arm64 -cflags "-DA -DB" Name bpf/a.c -- -I../headers "-DC=\"x y\"" -D$GOPACKAGE
`, args: `-O2 -mcpu=v1 -DA -DB -I../headers -DC="x y" -Dmain -D__TARGET_ARCH_x86 -target bpfel -g`},
		{name: "bpf2go through an alias", file: "a.c", source: "go:generate bpf2go", dir: ".", archive: `
-- a.c --
-- gen.go --
package main

//go:generate -command gen go run github.com/cilium/ebpf/cmd/bpf2go@v0.22.0 --type=event
//go:generate gen -no-strip Name a.c
`, args: `-O2 -mcpu=v1 -target bpfel -g`},
		{name: "bpf2go with a variable that a makefile sets", file: "a.c", source: "go:generate bpf2go", dir: ".", archive: `
-- a.c --
-- gen.go --
//go:generate go tool bpf2go -target $NOBODY_SETS_THIS -cflags $NOR_THIS Name a.c
`, args: `-O2 -mcpu=v1 -D__TARGET_ARCH_` + project.KernelArch(runtime.GOARCH) + ` -target bpfel -g`},
		{name: "bpf2go with a variable for the top of the project", file: "bpf/a.c", source: "go:generate bpf2go", dir: "pkg/x", archive: `
-- .git/HEAD --
-- bpf/a.c --
-- go.mod --
-- pkg/x/gen.go --
//go:generate go tool bpf2go Name $NOBODY_SETS_THIS/bpf/a.c -- -I${NOR_THIS}/bpf/include -DX=$NOR_THAT
`, args: `-O2 -mcpu=v1 -I@DIR@/bpf/include -DX= -target bpfel -g`},
		{name: "compile_flags.txt", file: "src/a.bpf.c", source: "compile_flags.txt", dir: ".", archive: `
-- src/a.bpf.c --
-- compile_flags.txt --
-Iinc
# a comment

-DX=1
-std=c++20
`, args: defaultArgs + " -Iinc -DX=1"},
		{name: "compile_flags.txt for the host says nothing", file: "a.bpf.c", source: "defaults", dir: ".", archive: `
-- a.bpf.c --
-- compile_flags.txt --
--target=x86_64-linux-gnu
`, args: defaultArgs + " -I."},
		{name: ".clangd changes what compile_flags.txt says", file: "src/a.bpf.c", source: "compile_flags.txt and .clangd", dir: ".", archive: `
-- src/a.bpf.c --
-- compile_flags.txt --
-DX=1
-I
inc
-Wextra
-- .clangd --
If:
  PathMatch: .*\.bpf\.c
CompileFlags:
  Remove: [-W*, -I]
  Add: -DOUTER
---
If:
  PathExclude: [src/.*]
CompileFlags:
  Add: [-DNO]
---
Diagnostics:
  UnusedIncludes: None
-- src/.clangd --
CompileFlags:
  Add: [-DINNER, "-DQ=a b"]
`, args: `-g -O2 -target bpf -D__TARGET_ARCH_x86 -DX=1 -DOUTER -DINNER -DQ=a b`},
		{name: "build script of a crate", file: "crate/src/bpf/a.bpf.c", source: "build.rs", dir: "crate", archive: `
-- crate/src/bpf/a.bpf.c --
-- crate/build.rs --
use libbpf_cargo::SkeletonBuilder;
const SRC: &str = "src/bpf/a.bpf.c";
fn main() {
    let include = format!("../inc/{}", arch);
    SkeletonBuilder::new()
        .source(SRC)
        .clang_args([
            // OsStr::new("-DCOMMENT"),
            OsStr::new("-I"),
            vmlinux::include_path_root().join(arch).as_os_str(),
            OsStr::new("-I"),
            Path::new(&include).as_os_str(),
            OsStr::new("-DA=1"),
        ])
        .build_and_generate(&out);
}
`, args: defaultArgs + " -I ../inc/x86 -I ../inc/amd64 -I ../inc/x86_64 -DA=1"},
		{name: "build script with an array of flags", file: "src/bpf/a.bpf.c", source: "build.rs", archive: `
-- src/bpf/a.bpf.c --
-- build.rs --
use libbpf_cargo::SkeletonBuilder;
const SRC: &str = "src/bpf/a.bpf.c";
fn c_args() -> Vec<String> {
    let c_args: Vec<String> = [
        "-mcpu=v3", // comment
        "-DCOUNT",
    ].iter().map(|s| s.to_string()).collect();
    c_args
}
fn main() {
    SkeletonBuilder::new().source(SRC).clang_args(c_args()).build_and_generate("x.rs").unwrap();
}
`, args: defaultArgs + " -mcpu=v3 -DCOUNT"},
		{name: "definitions of a build file", file: "src/a.bpf.c", source: "defaults and what CMakeLists.txt defines", dir: "src", archive: `
-- .git/HEAD --
-- src/a.bpf.c --
-- CMakeLists.txt --
list(
	APPEND FLAGS
	-target bpf
	-D__${DEBUG}__
	-DPLAIN # said why
	-mcpu=v3
)
add_definitions(-DHOST)
`, args: defaultArgs + " -I. -DPLAIN -mcpu=v3"},
		{name: "definitions of included makefiles", file: "src/p/a.bpf.c", source: "defaults and what Makefile defines", dir: "src/p", archive: `
-- .git/HEAD --
-- src/p/a.bpf.c --
-- src/p/Makefile --
include ../mk/var.mk
-include $(TOP)/config.mk
%.o: %.bpf.c
	$(CLANG) $(FLAGS) -target bpf -c $< -o $@
-- src/mk/var.mk --
include var.mk
FLAGS := -DVAR -DCLANG_MAJOR=$(MAJOR) -DNAME=$(MAJOR) -DMODE_$(MODE)
-- config.mk --
FLAGS += -DTOP -mcpu=v3
-- other.mk --
FLAGS += -DOTHER
`, args: defaultArgs + " -I. -DVAR -DCLANG_MAJOR= -DTOP -mcpu=v3"},
		{name: "macros that only BPF programs have", file: "p/a.c", source: "defaults and what ya.make defines", dir: "p", archive: `
-- .git/HEAD --
-- p/a.c --
-- p/ya.make --
SET(FLAGS
    -D __KERNEL__
    -D__TARGET_ARCH_x86
)
BPF(a.c a.elf $FLAGS -DRELEASE)
BPF(a.c a.elf $FLAGS -DDEBUG)
HOST(main.c -DHOST)
`, args: defaultArgs + " -I. -D__KERNEL__ -D__TARGET_ARCH_x86"},
		{name: "definitions of a makefile's rule", file: "a.bpf.c", source: "defaults and what Makefile defines", dir: ".", archive: `
-- .git/HEAD --
-- a.bpf.c --
-- Makefile --
CFLAGS := -DHOST
VERSION ?= v2
BPF_CFLAGS = $(MORE) -DALL -mcpu=$(VERSION) -DNOT_$(THIS)
MORE := -DMORE
b.o: b.bpf.c
	clang -target bpf $(BPF_CFLAGS) -DONLY_B -c $< -o $@
%.o: %.bpf.c
	@mkdir -p out
	clang --target=bpf $(BPF_CFLAGS) \
		-c $< -o $@
`, args: defaultArgs + " -I. -DALL -mcpu=v2 -DMORE"},
	}
	t.Setenv("BPF2GO_CC", "")
	t.Setenv("BPF2GO_CFLAGS", "")
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := workspace.Write(t, tt.archive)
			tt.settings.Arch = "x86"
			file := filepath.Join(dir, filepath.FromSlash(tt.file))
			s := sourcesOf(tt.settings)
			f, err := s.Find(t.Context(), file)
			if err != nil {
				t.Fatal(err)
			}
			if want := filepath.Join(dir, tt.dir); f.Dir != want || f.Source != tt.source {
				t.Errorf("got %s in %s, want %s in %s", f.Source, f.Dir, tt.source, want)
			}
			args := s.Normalise(f, file)
			tail := []string{"-fdebug-compilation-dir=" + f.Dir, "-c"}
			if !slices.Contains(args, file) || args[len(args)-1] == file {
				if i := slices.Index(args, tail[0]); i < 0 || args[i+1] != "-c" {
					t.Errorf("no %q in %q", tail, args)
				}
			}
			at := slices.Index(args, tail[0])
			got := strings.ReplaceAll(strings.Join(args[:at], " "), dir, "@DIR@")
			if d := cmp.Diff(tt.args, got); d != "" {
				t.Error(d)
			}
		})
	}
}

// TestSharedDirectoryBelongsToNoProject has a project's files in a directory like /tmp.
func TestSharedDirectoryBelongsToNoProject(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("SKIPPED: Windows has no such directories")
	}
	dir := workspace.Write(t,
		"-- .git/HEAD --\n-- go.mod --\n-- bpf-lsp.yaml --\nflags: [-DOTHERS]\n-- p/src/a.bpf.c --\n-- here.bpf.c --\n")
	for _, shared := range []bool{false, true} {
		if shared {
			if err := os.Chmod(dir, 0o777|fs.ModeSticky); err != nil {
				t.Fatal(err)
			}
		}
		c := sourcesOf(clang.Settings{})
		for file, own := range map[string]bool{"p/src/a.bpf.c": shared, "here.bpf.c": false} {
			file = filepath.Join(dir, filepath.FromSlash(file))
			f, err := c.Find(t.Context(), file)
			if err != nil {
				t.Fatal(err)
			}
			if got := !slices.Contains(f.Args, "-DOTHERS"); got != own {
				t.Errorf("shared %v: %s has %q", shared, file, f.Args)
			}
		}
	}
}

func TestProjectFileFaults(t *testing.T) {
	dir := workspace.Write(t, "-- a.bpf.c --\n-- bpf-lsp.yaml --\nflags: []\nclagn: x\n")
	_, err := sourcesOf(clang.Settings{}).Find(t.Context(), filepath.Join(dir, "a.bpf.c"))
	var f *clang.Fault
	if !errors.As(err, &f) || f.Line != 2 || f.File != filepath.Join(dir, project.ConfigName) {
		t.Errorf("got %#v, want a fault at line 2 of the project file", err)
	}
}

func TestNormaliseDropsWhatAProjectMayNotDo(t *testing.T) {
	tests := []struct{ flags, want string }{
		// Flags that run or load something.
		{"-fplugin=evil.so -fplugin-arg-evil-x -fpass-plugin=evil.so -Xclang -load -Xclang evil.so -Xclang -plugin " +
			"-Xclang evil -mllvm -load=evil.so", ""},
		{"-load evil.so", ""},
		{"-B. -Bevil --prefix=evil -ccc-gcc-name evil -ccc-install-dir evil -fuse-ld=evil -no-integrated-as " +
			"-fno-integrated-as -fno-integrated-cc1", ""},
		{"--gcc-toolchain=evil --gcc-install-dir=evil --cuda-path=evil -xcuda --offload-arch=x -x cuda -specs=evil " +
			"--config evil.cfg --config=evil.cfg @evil", ""},
		{"-Wa,-evil -Wl,-evil -Xassembler evil -Xlinker evil -Xpreprocessor evil -Xopenmp-target evil", ""},
		{"-cc1 -cc1as", ""},
		// Words that clang would read from a file, and other targets, whose tools it would start.
		{"@evil -I @evil -I inc -D @evil -DX -include @evil -include a.h -isystem @evil -w",
			"-I inc -DX -include a.h -w "},
		{"-target @evil --target=@evil -target nvptx64 --target=nvptx64 -target=x86_64", ""},
		// Flags that write files.
		{"-save-temps=obj -MMD -MF x.d -Wp,-MD,x.d -ox.o -o y.o -ftime-trace=x -foptimization-record-file=x " +
			"-fprofile-generate=x -fcrash-diagnostics-dir=x " +
			"-gsplit-dwarf -index-store-path x -fmodules-cache-path=x -fproc-stat-report=x -dependency-dot x " +
			"-save-stats", ""},
		// Flags that describe the program.
		{"-Xclang -target-feature -Xclang +alu32 -mllvm -bpf-stack-size=1024 -mcpu=v3 -I inc -isystem sys " +
			"-include a.h -DX=1 -Wno-unused -fno-builtin -std=gnu11 -nostdinc",
			"-Xclang -target-feature -Xclang +alu32 -mllvm -bpf-stack-size=1024 -mcpu=v3 -I inc -isystem sys " +
				"-include a.h -DX=1 -Wno-unused -fno-builtin -std=gnu11 -nostdinc "},
	}
	for _, tt := range tests {
		f := Found{Dir: "/w", Args: strings.Fields(tt.flags + " -target bpfeb a.c")}
		want := tt.want + "-target bpfel /w/a.c -O2 -g -fdebug-compilation-dir=/w -c"
		if d := cmp.Diff(want, strings.Join(sourcesOf(clang.Settings{}).Normalise(f, "/w/a.c"), " ")); d != "" {
			t.Error(d)
		}
	}
	f := Found{Dir: "/w", Args: []string{"-fplugin=good.so"}}
	if got := strings.Join(sourcesOf(clang.Settings{Trusted: true}).Normalise(f, "/w/a.c"), " "); !strings.Contains(got,
		"-fplugin=good.so") {
		t.Errorf("a trusted project lost its flags: %s", got)
	}
}

func TestMatchGlob(t *testing.T) {
	tests := []struct {
		pattern, name string
		want          bool
	}{
		{"*.bpf.c", "x/y/a.bpf.c", true},
		{"x/*.c", "x/a.c", true},
		{"x/*.c", "x/y/a.c", false},
		{"x/**/*.c", "x/a.c", true},
		{"x/**/*.c", "x/y/z/a.c", true},
		{"**/a.c", "a.c", true},
		{"x/**", "x/y/a.c", true},
		{"y/**/*.c", "x/a.c", false},
		{"[", "a", false},
	}
	for _, tt := range tests {
		if got := matchGlob(tt.pattern, tt.name); got != tt.want {
			t.Errorf("matchGlob(%q, %q) = %v", tt.pattern, tt.name, got)
		}
	}
}

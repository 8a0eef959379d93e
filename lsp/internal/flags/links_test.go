// SPDX-License-Identifier: GPL-2.0-only

package flags

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/lsp/internal/clang"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/project"
	"github.com/bpf-lsp/bpf-lsp/testdata/workspace"
)

// linkingMake links objects that it names by variables, in two steps, and one object alone.
const linkingMake = `
-- .git/HEAD --
-- Makefile --
OBJS := $(patsubst %.bpf.c,out/%.o,$(wildcard *.bpf.c))
all: out/whole.bpf.o out/alone.bpf.o
out/half.o: $(OBJS)
	bpftool gen object $@ $^
out/whole.bpf.o: out/half.o sub/c.o
	$(Q)bpftool gen object $@ out/half.o sub/c.o
out/alone.bpf.o: out/a.o
	bpftool gen object $@ $<
out/%.o: %.bpf.c
	clang -target bpf -c $< -o $@
sub/c.o: sub/c.c
	clang -target bpf -c sub/c.c -o sub/c.o
-- a.bpf.c --
-- b.bpf.c --
-- sub/c.c --
`

// TestLinked reads what a project says of the objects that it links.
func TestLinked(t *testing.T) {
	const files = "-- .git/HEAD --\n-- a.bpf.c --\n-- b.bpf.c --\n-- lib/c.bpf.c --\n-- lib/d.bpf.c --\n"
	for _, tt := range []struct {
		name, archive, file, want string
		part                      bool
	}{
		{name: "nothing", archive: files, file: "a.bpf.c", part: true},
		{name: "project file", file: "lib/d.bpf.c", want: "whole.o: a.bpf.c lib/c.bpf.c lib/d.bpf.c",
			archive: files + "-- bpf-lsp.yaml --\nlink:\n  - object: whole.o\n    files: [a.bpf.c, \"lib/*.c\"]\n"},
		{name: "another object of the project file", file: "b.bpf.c",
			archive: files + "-- bpf-lsp.yaml --\nlink:\n  - object: whole.o\n    files: [a.bpf.c, \"lib/*.c\"]\n"},
		{name: "where it is first", file: "b.bpf.c", want: "second: b.bpf.c lib/c.bpf.c",
			archive: files + "-- bpf-lsp.yaml --\nlink:\n- {object: first, files: [a.bpf.c, b.bpf.c]}\n" +
				"- {object: second, files: [b.bpf.c, lib/c.bpf.c]}\n"},
		{name: "alone", file: "b.bpf.c",
			archive: files + "-- bpf-lsp.yaml --\nlink:\n- {object: first, files: [b.bpf.c]}\n"},
		{name: "build script", file: "a.bpf.c", want: "$.bpf.o: a.bpf.c lib/c.bpf.c",
			archive: files + "-- build.rs --\nfn main() {\n  // .add(\"lib/d.bpf.c\").link()\n" +
				"  Builder::new().skeleton(\"a.bpf.c\", \"x\").add_source(\"lib/c.bpf.c\").compile_link_gen().unwrap();\n" +
				"  Builder::new().skeleton(\"b.bpf.c\", \"x\").build();\n}\n"},
		{name: "build script that builds two files", file: "a.bpf.c",
			archive: files + "-- build.rs --\nfn main() { x(\"a.bpf.c\").x(\"b.bpf.c\").build(); }\n"},
		{name: "build script elsewhere", file: "lib/c.bpf.c", part: true, want: "x.bpf.o: x/m.bpf.c lib/c.bpf.c",
			archive: files + "-- x/m.bpf.c --\n-- x/build.rs --\nb(\"m.bpf.c\").b(\"../lib/c.bpf.c\").link();\n"},
		{name: "build script elsewhere, of a file that is whole", file: "lib/c.bpf.c",
			archive: files + "-- x/m.bpf.c --\n-- x/build.rs --\nb(\"m.bpf.c\").b(\"../lib/c.bpf.c\").link();\n"},
		{name: "literal names", file: "b.bpf.c", want: "whole.o: a.bpf.c b.bpf.c",
			archive: files + "-- Makefile --\nall:\n\t@bpftool gen object whole.o a.bpf.o \\\n\t\tb.bpf.o\n"},
		{name: "computed names", file: "b.bpf.c",
			archive: files + "-- Makefile --\nall:\n\tbpftool gen object whole.o a.bpf.o $(X)\n"},
		{name: "partial link", file: "b.bpf.c", want: "whole.o: a.bpf.c b.bpf.c",
			archive: files + "-- Makefile --\nall:\n\tbpftool gen object && true\n\tld.lld -r a.bpf.o b.bpf.o -o whole.o\n"},
		{name: "a part that is also linked alone", file: "a.bpf.c", want: "whole.o: a.bpf.c b.bpf.c lib/c.bpf.c",
			archive: files + "-- Makefile --\nall:\n\tbpftool gen object half.o a.bpf.o b.bpf.o\n" +
				"\tbpftool gen object whole.o half.o lib/c.bpf.o\n\tbpftool gen object copy.o half.o\n" +
				"\tbpftool gen object other.o lib/d.bpf.o copy.o\n"},
		{name: "dry run", file: "b.bpf.c", want: "whole.bpf.o: a.bpf.c b.bpf.c sub/c.c", archive: linkingMake,
			part: true},
		{name: "dry run of a file that is whole", file: "b.bpf.c", archive: linkingMake},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := exec.LookPath("make"); err != nil && tt.archive == linkingMake {
				t.Skip("no make")
			}
			dir := workspace.Write(t, tt.archive)
			l, ok := sourcesOf(clang.Settings{Trusted: true}).Linked(t.Context(), filepath.Join(dir, tt.file), tt.part)
			var got []string
			for _, f := range l.Files {
				got = append(got, relativeTo(dir, f))
			}
			want := strings.Replace(tt.want, "$", filepath.Base(dir), 1)
			if text := l.Object + ": " + strings.Join(got, " "); ok != (want != "") || ok && text != want {
				t.Errorf("got %q, want %q", text, want)
			}
		})
	}
}

// TestLinkedThroughSymbolicLink returns a file that a symbolic link leads to under the name that was asked for.
func TestLinkedThroughSymbolicLink(t *testing.T) {
	dir := workspace.Write(t, "-- .git/HEAD --\n-- lib/c.bpf.c --\n-- x/m.bpf.c --\n"+
		"-- x/build.rs --\nb(\"m.bpf.c\").b(\"lib/c.bpf.c\").link();\n")
	if err := os.Symlink("../lib", filepath.Join(dir, "x/lib")); err != nil {
		t.Skip(err)
	}
	file := filepath.Join(dir, "lib/c.bpf.c")
	l, ok := sourcesOf(clang.Settings{}).Linked(t.Context(), file, true)
	if !ok || len(l.Files) != 2 || l.Files[1] != file {
		t.Errorf("linked %q", l.Files)
	}
}

// TestExtended reads what the project file says that programs extend.
func TestExtended(t *testing.T) {
	const files = "-- .git/HEAD --\n-- ext/a.bpf.c --\n-- b.bpf.c --\n-- main.bpf.c --\n-- bpf-lsp.yaml --\nextends:\n" +
		"- {files: [\"ext/*.c\"], target: main.bpf.c, program: filter}\n- {files: [a.bpf.c], target: b.bpf.c}\n"
	for file, want := range map[string][]Extended{
		"ext/a.bpf.c": {{"main.bpf.c", "filter"}, {"b.bpf.c", ""}},
		"b.bpf.c":     nil,
	} {
		dir := workspace.Write(t, files)
		var got []Extended
		for _, e := range sourcesOf(clang.Settings{}).Extended(t.Context(), filepath.Join(dir, file)) {
			got = append(got, Extended{relativeTo(dir, e.File), e.Program})
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s extends %v, want %v", file, got, want)
		}
	}
}

// TestProjectFileIsReadOnce asks everything that a check asks of a project file, with the file gone after the first.
func TestProjectFileIsReadOnce(t *testing.T) {
	dir := workspace.Write(t, "-- .git/HEAD --\n-- a.bpf.c --\n-- b.bpf.c --\n-- bpf-lsp.yaml --\nflags: [-DX]\n"+
		"variants: {one: [-DONE]}\nlink:\n- {object: whole.o, files: [a.bpf.c, b.bpf.c]}\n"+
		"extends:\n- {files: [a.bpf.c], target: b.bpf.c}\n")
	s, file := sourcesOf(clang.Settings{}), filepath.Join(dir, "a.bpf.c")
	ctx := project.WithDirCache(t.Context())
	if names := s.Variants(ctx, file); !slices.Equal(names, []string{"one"}) {
		t.Fatalf("variants %q", names)
	}
	if err := os.Remove(filepath.Join(dir, "bpf-lsp.yaml")); err != nil {
		t.Fatal(err)
	}
	if f, err := s.Find(ctx, file); err != nil || !slices.Contains(f.Args, "-DX") {
		t.Errorf("flags %q, %v", f.Args, err)
	}
	if _, ok := s.Linked(ctx, file, false); !ok {
		t.Error("the file is linked to none")
	}
	if len(s.Extended(ctx, file)) != 1 {
		t.Error("the file extends none")
	}
	if names := s.Variants(t.Context(), file); len(names) != 0 {
		t.Errorf("another check has the variants %q", names)
	}
}

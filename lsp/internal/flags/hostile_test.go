// SPDX-License-Identifier: GPL-2.0-only

//go:build unix

package flags

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/lsp/internal/clang"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/project"
	"github.com/bpf-lsp/bpf-lsp/testdata/deadline"
	"github.com/bpf-lsp/bpf-lsp/testdata/workspace"
)

// TestBuildFilesThatNeverEnd has a pipe without a writer, or an endless device, instead of each file that is read.
func TestBuildFilesThatNeverEnd(t *testing.T) {
	names := []string{project.ConfigName, project.DatabaseName, "build/" + project.DatabaseName, clangdFileName,
		flagsFileName, buildScriptName, "gen.go", "Makefile", "x.mk",
		"CMakeLists.txt", "build.ninja"}
	for _, kind := range workspace.NoFiles {
		for _, name := range names {
			t.Run(kind+" "+name, func(t *testing.T) {
				dir := workspace.Write(t, "-- .git/HEAD --\n-- a.bpf.c --\n")
				full, file := filepath.Join(dir, name), filepath.Join(dir, "a.bpf.c")
				if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
					t.Fatal(err)
				}
				workspace.NoFile(t, full, kind)
				deadline.Do(t, "the read to end", func() {
					c := sourcesOf(clang.Settings{Trusted: true, CacheDir: filepath.Join(dir, "cache")})
					c.Knows(t.Context(), file)
					if _, err := c.Find(t.Context(), file); err != nil {
						var f *clang.Fault
						if !errors.As(err, &f) || f.File != full {
							t.Errorf("got %v, want a fault of %s", err, full)
						}
					}
					literalFlags(file, dir)
				})
			})
		}
	}
}

// TestBuildFilesThatExplode has small files that would take hours or all memory to read naively.
func TestBuildFilesThatExplode(t *testing.T) {
	variables := func(format string) string {
		var b strings.Builder
		for i := range 200 {
			b.WriteString(strings.ReplaceAll(strings.Repeat(format+"\n", 20), "N",
				string(rune('A'+i%26))+string(rune('A'+i/26))))
		}
		return b.String()
	}
	bomb := "a: &a [x,x,x,x,x,x,x,x,x]\n"
	for i := 'b'; i <= 'z'; i++ {
		bomb += string(i) + ": &" + string(i) + " [" + strings.TrimSuffix(strings.Repeat("*"+string(i-1)+",", 9), ",") +
			"]\n"
	}
	tests := []struct{ name, file, text string }{
		{"aliases", project.ConfigName, bomb + "flags: *z\n"},
		{"aliases for clangd", clangdFileName, "CompileFlags:\n  Add: &a [*a, *a]\n"},
		{"more aliases for clangd", clangdFileName, bomb + "CompileFlags:\n  Add: *z\n"},
		{"deep YAML", project.ConfigName, "flags: " + strings.Repeat("[", 500_000)},
		{"variables that hold each other", "Makefile", variables("N += $(AA) $(N) $(BA) $(AB)") +
			"x:\n\tclang -target bpf $(AA)\n"},
		{"a long variable used often", "Makefile", "A = " + strings.Repeat("x", 500_000) +
			"\nx:\n\tclang -target bpf " + strings.Repeat("$(A)", 100_000)},
		{"many rules of long variables", "Makefile", "A = -D" + strings.Repeat("x -D", 50_000) + "y\n" +
			strings.Repeat("x:\n\tclang -target bpf $(A)\n", 20_000)},
		{"a recipe without an end", "Makefile", "x:\n" + strings.Repeat("\t\n", 300_000)},
		{"open brackets", "CMakeLists.txt", strings.Repeat("(\n", 500_000)},
		{"Go without a package", "gen.go", strings.Repeat(project.GeneratePrefix+"bpf2go $GOPACKAGE\n", 25_000)},
		{"open calls", buildScriptName, "SkeletonBuilder \"a.bpf.c\"" + strings.Repeat(clangArgs+"[", 60_000)},
		{"many names", buildScriptName, "SkeletonBuilder \"a.bpf.c\" " + clangArgs + strings.Repeat("a b c,", 150_000) +
			")"},
		{"words without an option", buildScriptName, "SkeletonBuilder \"a.bpf.c\" " + clangArgs +
			`["a b", "-I", "x y"])`},
		{"a command of braces", project.DatabaseName, `[{"file":"a.bpf.c","command":"clang -target bpf ` +
			strings.Repeat("{1..9999999}", 9) + ` a.bpf.c"}]`},
		{"a command of parentheses", project.DatabaseName, `[{"file":"a.bpf.c","command":"clang -target bpf ` +
			strings.Repeat("$((", 1_000_000) + `"}]`},
		{"a deep command", project.DatabaseName, `[{"file":"a.bpf.c","command":"clang -target bpf ` +
			strings.Repeat("$(", 15_000) + `"}]`},
		{"deep JSON", project.DatabaseName, strings.Repeat("[", 1_000_000)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := workspace.Write(t, "-- .git/HEAD --\n-- a.bpf.c --\n")
			if err := os.WriteFile(filepath.Join(dir, tt.file), []byte(tt.text), 0o644); err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(dir, "a.bpf.c")
			deadline.Do(t, "the file to be read", func() {
				c := sourcesOf(clang.Settings{})
				c.Knows(t.Context(), file)
				if _, err := c.Find(context.Background(), file); err != nil {
					var f *clang.Fault
					if !errors.As(err, &f) || f.File != filepath.Join(dir, tt.file) {
						t.Errorf("got %v, want a fault of the file", err)
					}
				}
			})
		})
	}
}

// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// lineWidths are the directories whose comments and lines are checked, with the width of their lines.
var lineWidths = map[string]int{"cmd": 120, "lsp": 120, "verifier": 120}

// commented are the directories whose doc comments are checked. The lines of diag have no bound yet: rows of the
// catalogue are sentences.
var commented = map[string]bool{"cmd": true, "diag": true, "lsp": true}

// tabWidth is how many columns a tab counts.
const tabWidth = 4

// checkedSources calls f for the source files of these directories.
func checkedSources(t *testing.T, f func(name string, width int)) {
	t.Helper()
	sources(t, func(name string) {
		top, _, _ := strings.Cut(packageOf(t, name), "/")
		if width := lineWidths[top]; width != 0 && !isGenerated(t, name) {
			f(name, width)
		}
	})
}

// isGenerated reports whether a program wrote the file.
func isGenerated(t *testing.T, name string) bool {
	return ast.IsGenerated(parse(t, name, parser.ParseComments|parser.PackageClauseOnly))
}

// TestDocCommentsBeginWithTheName requires doc comments to begin with the declared name, and exported declarations to
// have one.
func TestDocCommentsBeginWithTheName(t *testing.T) {
	sources(t, func(name string) {
		if top, _, _ := strings.Cut(packageOf(t, name), "/"); !commented[top] {
			return
		}
		isTest := strings.HasSuffix(name, "_test.go")
		requireName := func(doc *ast.CommentGroup, declared string) {
			switch text := doc.Text(); {
			case doc != nil && text == "":
				// Only a directive.
			case strings.HasPrefix(text, "kernel: "):
				// The kernel's function says it all.
			case isTest && strings.HasPrefix(packageOf(t, name), "verifier"):
				// These say what the kernel does, as the rule that they test.
			case doc != nil && !strings.HasPrefix(text, declared+" ") && !strings.HasPrefix(text, declared+",") &&
				!strings.HasPrefix(text, declared+":"):
				first, _, _ := strings.Cut(text, "\n")
				t.Errorf("%s: the comment on %s begins %q", name, declared, first)
			case doc == nil && ast.IsExported(declared) && !isTest:
				t.Errorf("%s: %s has no comment", name, declared)
			}
		}
		for _, d := range parse(t, name, parser.ParseComments).Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if isTest && strings.HasPrefix(d.Name.Name, "Example") {
					continue // its comment is shown as text
				}
				if d.Recv == nil || d.Doc != nil {
					requireName(d.Doc, d.Name.Name)
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					switch spec := spec.(type) {
					case *ast.TypeSpec:
						doc := spec.Doc
						if !d.Lparen.IsValid() {
							doc = d.Doc
						}
						requireName(doc, spec.Name.Name)
					case *ast.ValueSpec:
						// The comment of a group is about all of it.
						if !d.Lparen.IsValid() {
							requireName(d.Doc, spec.Names[0].Name)
						} else if spec.Doc != nil && len(spec.Names) == 1 {
							requireName(spec.Doc, spec.Names[0].Name)
						}
					}
				}
			}
		}
	})
}

// mostText is how many columns of a string count: a text is not cut into pieces for its line.
const mostText = 60

// TestLinesAreNarrow bounds the width of lines. Raw strings are what they are.
func TestLinesAreNarrow(t *testing.T) {
	checkedSources(t, func(name string, width int) {
		if strings.HasPrefix(filepath.Base(name), "texts_") {
			return // A message is a row.
		}
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, name, source, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		raw, text := map[int]bool{}, map[int]int{}
		ast.Inspect(file, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			text[files.Position(lit.Pos()).Line] += max(len([]rune(lit.Value))-mostText, 0)
			if strings.HasPrefix(lit.Value, "`") {
				for line := files.Position(lit.Pos()).Line; line <= files.Position(lit.End()).Line; line++ {
					raw[line] = true
				}
			}
			return true
		})
		for i, line := range bytes.Split(source, []byte("\n")) {
			columns := len([]rune(string(line))) + (tabWidth-1)*bytes.Count(line, []byte("\t"))
			if columns-text[i+1] > width && !raw[i+1] {
				t.Errorf("%s:%d: %d columns", filepath.ToSlash(name), i+1, columns)
			}
		}
	})
}

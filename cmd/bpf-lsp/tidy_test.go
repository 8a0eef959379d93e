// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"bufio"
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// These tests enforce rules of the house that a compiler does not check; ARCHITECTURE.md and CONTRIBUTING.md explain
// them.

const (
	root   = "../.."
	module = "github.com/bpf-lsp/bpf-lsp/"
	// maxLines is the longest that a source file may be.
	maxLines = 800
)

// sources calls f for every Go file of the module.
func sources(t *testing.T, f func(name string)) {
	t.Helper()
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "node_modules" || strings.HasPrefix(d.Name(), ".") && name != root) {
			return filepath.SkipDir
		}
		if !d.IsDir() && strings.HasSuffix(name, ".go") {
			f(name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// packageOf returns a file's package as a path in the module.
func packageOf(t *testing.T, name string) string {
	t.Helper()
	rel, err := filepath.Rel(root, filepath.Dir(name))
	if err != nil {
		t.Fatal(err)
	}
	return filepath.ToSlash(rel)
}

func parse(t *testing.T, name string, mode parser.Mode) *ast.File {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), name, nil, mode)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// saysSentences reports whether a package writes text for users. The catalogue must supply its sentences.
func saysSentences(pkg string) bool {
	return pkg == "lsp" || pkg == "lsp/check" || pkg == "diag" ||
		strings.HasPrefix(pkg, "diag/") && !strings.HasPrefix(pkg, "diag/catalog")
}

// TestSentencesAreInTheCatalogue requires that whole sentences for users are in the catalogue, where they can be read
// together and changed in one place.
func TestSentencesAreInTheCatalogue(t *testing.T) {
	sentence := regexp.MustCompile("^[A-Z`][^ ]* [^ ]+ .*\\.$")
	sources(t, func(name string) {
		pkg := packageOf(t, name)
		if strings.HasSuffix(name, "_test.go") || !saysSentences(pkg) {
			return
		}
		ast.Inspect(parse(t, name, 0), func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			if text, err := strconv.Unquote(lit.Value); err == nil && sentence.MatchString(strings.TrimSpace(text)) {
				t.Errorf("%s: %q belongs into diag/catalog", name, text)
			}
			return true
		})
	})
}

func TestFilesAreShortAndLicensed(t *testing.T) {
	sources(t, func(name string) {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		lines, generated := 0, false
		for s := bufio.NewScanner(f); s.Scan(); lines++ {
			if lines == 0 && s.Text() != "// SPDX-License-Identifier: GPL-2.0-only" {
				t.Errorf("%s: the first line does not name the licence", name)
			}
			generated = generated || lines < 5 && strings.HasPrefix(s.Text(), "// Code generated ")
		}
		if lines > maxLines && !generated {
			t.Errorf("%s: %d lines; look whether it is two things", name, lines)
		}
	})
}

// TestPrefixesKeepTheirWord requires functions of the verifier whose prefix promises not to reject not to return a
// rejection. A test of package verifier, which has to be type-checked, requires that require… functions change nothing.
func TestPrefixesKeepTheirWord(t *testing.T) {
	sources(t, func(name string) {
		if packageOf(t, name) != "verifier" {
			return
		}
		for _, d := range parse(t, name, 0).Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			for _, prefix := range []string{"apply", "invalidate", "set", "covers"} {
				rest, ok := strings.CutPrefix(fn.Name.Name, prefix)
				if ok && rest != "" && rest[0] >= 'A' && rest[0] <= 'Z' && returnsRejection(fn) &&
					!strings.HasPrefix(fn.Name.Name, "setup") {
					t.Errorf("%s: %s returns a rejection; what may reject is a step or a require", name, fn.Name.Name)
				}
			}
		}
	})
}

func returnsRejection(fn *ast.FuncDecl) bool {
	if fn.Type.Results == nil {
		return false
	}
	for _, r := range fn.Type.Results.List {
		if star, ok := r.Type.(*ast.StarExpr); ok {
			if id, ok := star.X.(*ast.Ident); ok && id.Name == "Rejection" {
				return true
			}
		}
	}
	return false
}

// projectRow matches a row of a table of docs/projects.md that begins with a project and its commit.
var projectRow = regexp.MustCompile(`(?m)^\| ([\w.-]+) \| [0-9a-f]{7,} of `)

// taskMember is a member of the kernel's task_struct with the name of a project.
var taskMember = []byte(`"task_struct", "scx"`)

// TestNoProjectIsNamed requires that no rule for compiling or checking programs names a project: what serves one
// project by name serves no other.
func TestNoProjectIsNamed(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "docs", "projects.md"))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, m := range projectRow.FindAllSubmatch(text, -1) {
		names = append(names, regexp.QuoteMeta(string(m[1])))
	}
	if len(names) < 10 {
		t.Fatalf("docs/projects.md has only %q", names)
	}
	named := regexp.MustCompile(`(?i)\b(?:` + strings.Join(names, "|") + `)\b`)
	for _, dir := range []string{"lsp", "verifier", "diag"} {
		err := filepath.WalkDir(filepath.Join(root, dir), func(name string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() || strings.HasSuffix(name, "_test.go") ||
				!slices.Contains([]string{".go", ".tsv", ".h"}, filepath.Ext(name)) {
				return err
			}
			source, err := os.ReadFile(name)
			if m := named.Find(bytes.ReplaceAll(source, taskMember, nil)); m != nil {
				t.Errorf("%s names the project %s", name, m)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
}

// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
)

// sources parses the files of the package, without tests, by name.
func sources(t *testing.T) map[string]*ast.File {
	t.Helper()
	names, err := filepath.Glob("*.go")
	if err != nil || len(names) == 0 {
		t.Fatal(err, "no sources")
	}
	files := map[string]*ast.File{}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = f
	}
	return files
}

// TestFactsAreForTheWording requires code that needs what the rule knew to ask the
// fault for it: in the facts it is text, and another function may have changed it.
// The place is in words once addWords is done.
func TestFactsAreForTheWording(t *testing.T) {
	known := map[string]bool{}
	hole := regexp.MustCompile(`\{([a-z_]+)\}`)
	for _, text := range fault.Texts() {
		for _, m := range hole.FindAllStringSubmatch(text.Words, -1) {
			known[m[1]] = true
		}
	}
	if !known["off"] || !known["size"] {
		t.Fatal("the messages have no facts")
	}
	for name, file := range sources(t) {
		written := map[ast.Expr]bool{}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.AssignStmt:
				for _, l := range n.Lhs {
					written[l] = true
				}
			case *ast.IndexExpr:
				facts, ok := n.X.(*ast.SelectorExpr)
				key, literal := n.Index.(*ast.BasicLit)
				if !ok || !literal || facts.Sel.Name != "facts" || written[n] {
					return true
				}
				if text, _ := strconv.Unquote(key.Value); known[text] && text != "place" {
					t.Errorf("%s reads %s out of the facts; ask the fault for it", name, key.Value)
				}
			}
			return true
		})
	}
}

// TestNoCodeIsNamed requires what is particular to a code to be in its row: code
// asks for columns, so that a new code needs no line here.
func TestNoCodeIsNamed(t *testing.T) {
	codes := map[string]bool{}
	for _, e := range catalog.All() {
		codes[strings.ToLower(strings.ReplaceAll(e.Code.Problem(), "-", ""))] = true
	}
	isCode := func(n ast.Expr) bool {
		s, ok := n.(*ast.SelectorExpr)
		if !ok {
			return false
		}
		pkg, ok := s.X.(*ast.Ident)
		return ok && pkg.Name == "catalog" && codes[strings.ToLower(strings.TrimPrefix(s.Sel.Name, "Limit"))]
	}
	for name, file := range sources(t) {
		ast.Inspect(file, func(n ast.Node) bool {
			var asked []ast.Expr
			switch n := n.(type) {
			case *ast.BinaryExpr:
				asked = []ast.Expr{n.X, n.Y}
			case *ast.CaseClause:
				asked = n.List
			case *ast.KeyValueExpr:
				asked = []ast.Expr{n.Key}
			}
			for _, e := range asked {
				if isCode(e) {
					t.Errorf("%s compares with catalog.%s; give the row a column", name, e.(*ast.SelectorExpr).Sel.Name)
				}
			}
			return true
		})
	}
}

// TestDetailsAreLookedUp requires each kind of detail to have a function, and a row
// that asks for it.
func TestDetailsAreLookedUp(t *testing.T) {
	var asked [catalog.NumDetails]bool
	for _, e := range catalog.All() {
		for _, d := range e.Details {
			asked[d] = true
		}
	}
	for d, look := range details {
		if look == nil || !asked[d] {
			t.Errorf("detail %d: it has a function: %t, a row asks for it: %t", d, look != nil, asked[d])
		}
	}
}

// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// These tests hold the rules to asking the tables and the profile.

// ruledMapTypes are the types of maps that rules name, because no other type
// is like them. What rules ask of any other type is a column of map_types.tsv, so
// that a new type is one row.
var ruledMapTypes = map[string]bool{
	"MapUnspec":              true,
	"MapArena":               true, // memory of its own kind
	"MapBloomFilter":         true, // peek reads what it is given
	"MapProgramArray":        true, // tail calls
	"MapStructOpsMap":        true, // made of a struct of the kernel, and not for instructions
	"MapArray":               true, // what libbpf makes of data sections
	"MapHash":                true, // what is assumed of a map whose type another object has
	"MapCGroupStorage":       true, // a program has one of each
	"MapPerCPUCGroupStorage": true,
}

// TestMapTypesAreRows requires rules to ask what a map type is like, not which it is.
func TestMapTypesAreRows(t *testing.T) {
	types, err := os.ReadFile(filepath.Join("facts", "tables_types.go"))
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^\t(Map\w+) +MapType = \d+$`).FindAllSubmatch(types, -1) {
		known[string(m[1])] = true
	}
	if len(known) < 30 {
		t.Fatalf("only %d map types are known", len(known))
	}
	for _, dir := range []string{".", "program", "../diag"} {
		for _, f := range parseDir(t, dir) {
			ast.Inspect(f, func(n ast.Node) bool {
				if sel, ok := n.(*ast.SelectorExpr); ok && known[sel.Sel.Name] && !ruledMapTypes[sel.Sel.Name] {
					t.Errorf("%s asks for %s; give map_types.tsv a column for what it is like", dir, sel.Sel.Name)
				}
				return true
			})
		}
	}
}

// releaseNamed is a kernel release as code or messages name it.
var releaseNamed = regexp.MustCompile(`^Linux\d|\b[67]\.\d+\b`)

// TestNoReleaseIsNamed holds what differs between kernels to the profile, the
// facts and the messages: rules ask those, and never which release it is.
func TestNoReleaseIsNamed(t *testing.T) {
	for _, dir := range []string{".", "flow", "record", "state", "scalar", "regtype", "isa", "../diag",
		"../diag/explain", "../diag/explainlog", "../diag/render", "../diag/internal/history",
		"../diag/internal/loadfault", "../diag/internal/source"} {
		for name, f := range parseDir(t, dir) {
			if dir == "." && name == "profile.go" {
				continue
			}
			ast.Inspect(f, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.Ident:
					if releaseNamed.MatchString(n.Name) {
						t.Errorf("%s/%s: %s names a release", dir, name, n.Name)
					}
				case *ast.BasicLit:
					if n.Kind == token.STRING && releaseNamed.MatchString(n.Value) {
						t.Errorf("%s/%s: %s names a release", dir, name, n.Value)
					}
				}
				return true
			})
		}
	}
}

// parseDir reads the sources of a package, by file name.
func parseDir(t *testing.T, dir string) map[string]*ast.File {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(names) == 0 {
		t.Fatalf("%s: %d sources, %v", dir, len(names), err)
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
		files[filepath.Base(name)] = f
	}
	return files
}

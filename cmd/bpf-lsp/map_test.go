// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"go/parser"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// mayImport lists, for each package, the other packages of the module that it may import.
var mayImport = map[string][]string{
	"cmd/bpf-lsp":        {"*"},
	"cmd/bpf-lsp/report": {"lsp/check", "diag", "diag/catalog", "diag/render"},
	"lsp": {"lsp/check", "lsp/compile", "lsp/internal/disk", "diag", "diag/catalog", "diag/render",
		"verifier"},
	"lsp/chaos": {},
	"lsp/check": {"lsp/compile", "lsp/internal/disk", "diag", "diag/catalog", "diag/explain", "diag/values", "dwarfmap",
		"verifier", "verifier/fault", "verifier/program"},
	"lsp/compile": {"lsp/internal/clang", "lsp/internal/cures", "lsp/internal/disk", "lsp/internal/flags",
		"lsp/internal/project", "lsp/process", "diag"},
	"lsp/internal/flags": {"lsp/internal/clang", "lsp/internal/disk", "lsp/internal/project", "lsp/process"},
	"lsp/internal/cures": {"lsp/internal/clang", "lsp/internal/disk", "lsp/internal/project", "diag",
		"diag/catalog"},
	"lsp/internal/clang":   {"lsp/internal/disk", "lsp/internal/project", "lsp/process", "diag", "diag/catalog"},
	"lsp/internal/project": {"lsp/internal/disk"},
	"lsp/internal/disk":    {},
	"lsp/process":          {},
	"diag/render": {"diag", "diag/catalog", "diag/explainlog", "diag/internal/source", "diag/kernellog",
		"dwarfmap", "verifier", "verifier/isa", "verifier/program"},
	"diag/explain": {"diag", "diag/catalog", "diag/internal/csource", "diag/internal/history",
		"diag/internal/loadfault", "diag/internal/source", "dwarfmap", "verifier", "verifier/facts", "verifier/fault",
		"verifier/isa", "verifier/program", "verifier/record", "verifier/regtype"},
	"diag/values": {"diag", "diag/catalog", "diag/internal/csource", "diag/internal/source", "dwarfmap", "verifier",
		"verifier/facts", "verifier/isa", "verifier/program", "verifier/record", "verifier/regtype", "verifier/state"},
	"diag/explainlog": {"diag", "diag/catalog", "diag/internal/csource", "diag/internal/source",
		"diag/kernellog"},
	"diag/internal/loadfault": {"diag", "diag/catalog", "diag/internal/source", "verifier/facts", "verifier/isa",
		"verifier/program"},
	"diag/internal/source": {"diag", "diag/catalog", "diag/internal/csource", "dwarfmap", "verifier/facts",
		"verifier/isa", "verifier/program"},
	"diag/internal/history": {"verifier", "verifier/record"},
	"diag/internal/csource": {},
	"diag":                  {"diag/catalog", "dwarfmap", "verifier", "verifier/program", "verifier/record"},
	"diag/catalog":          {"verifier/facts", "verifier/fault", "verifier/program", "verifier/regtype"},
	"diag/catalog/gen":      {"diag/catalog"},
	"diag/kernellog":        {},
	"dwarfmap":              {"verifier/isa", "verifier/program"},
	"verifier": {"verifier/facts", "verifier/fault", "verifier/flow", "verifier/isa", "verifier/program",
		"verifier/record", "verifier/regtype", "verifier/scalar", "verifier/state"},
	"verifier/record":      {"verifier/isa", "verifier/regtype", "verifier/scalar", "verifier/state"},
	"verifier/flow":        {"verifier/fault", "verifier/isa"},
	"verifier/state":       {"verifier/isa", "verifier/regtype", "verifier/scalar"},
	"verifier/program":     {"verifier/facts", "verifier/isa"},
	"verifier/program/gen": {},
	"verifier/fault":       {"verifier/facts", "verifier/regtype", "verifier/scalar"},
	"verifier/facts":       {"verifier/regtype"},
	"verifier/facts/gen":   {},
	"verifier/conformance": {"*"},
	"verifier/mutants":     {},
	"verifier/regtype":     {},
	"verifier/scalar":      {},
	"verifier/isa":         {},
	"testdata":             {},
	"testdata/deadline":    {},
	"testdata/workspace":   {},
}

// importsOf returns which packages of the module each package imports outside of tests, with a file that does.
func importsOf(t *testing.T) map[string]map[string]string {
	t.Helper()
	out := map[string]map[string]string{}
	sources(t, func(name string) {
		pkg := packageOf(t, name)
		if strings.HasSuffix(name, "_test.go") {
			return
		}
		if out[pkg] == nil {
			out[pkg] = map[string]string{}
		}
		for _, imp := range parse(t, name, parser.ImportsOnly).Imports {
			target, err := strconv.Unquote(imp.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			if strings.HasPrefix(target, "go.lsp.dev/") && pkg != "lsp" {
				t.Errorf("%s: only lsp knows the protocol, but %s imports %s", name, pkg, target)
			}
			if target, own := strings.CutPrefix(target, module); own {
				out[pkg][target] = name
			}
		}
	})
	return out
}

// TestImportsAreAllowed requires mayImport to equal the import graph.
func TestImportsAreAllowed(t *testing.T) {
	imports := importsOf(t)
	for pkg, targets := range imports {
		allowed, known := mayImport[pkg]
		if !known {
			t.Errorf("package %s has no row in mayImport", pkg)
		}
		if slices.Contains(allowed, "*") {
			continue
		}
		for target, name := range targets {
			if !slices.Contains(allowed, target) {
				t.Errorf("%s: %s must not import %s", name, pkg, target)
			}
		}
		for _, target := range allowed {
			if targets[target] == "" {
				t.Errorf("%s does not import %s anymore; take it out of mayImport", pkg, target)
			}
		}
	}
	for pkg := range mayImport {
		if imports[pkg] == nil {
			t.Errorf("mayImport has the package %s, which is not there", pkg)
		}
	}
}

// drawn matches a line of the map in ARCHITECTURE.md that names a package.
var drawn = regexp.MustCompile(`^[ │├└─]*([a-z][a-z0-9/-]*) {2,}(.*)$`)

// notProduct marks packages in the map that measure or test others. They may import any package, and no package imports
// them.
const notProduct = "not part of the product"

// TestMapShowsTheImportGraph requires the map in ARCHITECTURE.md to show every package once, above those that it
// imports.
func TestMapShowsTheImportGraph(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "ARCHITECTURE.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(text), "\n## Map\n")
	_, drawing, _ := strings.Cut(after, "```\n")
	drawing, _, _ = strings.Cut(drawing, "```\n")
	imports := importsOf(t)
	line, tool := map[string]int{}, map[string]bool{}
	for i, s := range strings.Split(drawing, "\n") {
		m := drawn.FindStringSubmatch(s)
		if m == nil || strings.HasPrefix(m[1], "editors/") {
			continue
		}
		if line[m[1]] != 0 {
			t.Errorf("%s is drawn twice", m[1])
		}
		if imports[m[1]] == nil {
			t.Errorf("%s is drawn but is not a package", m[1])
		}
		line[m[1]], tool[m[1]] = i+1, strings.Contains(m[2], notProduct)
	}
	for pkg, targets := range imports {
		if path.Base(pkg) == "gen" || path.Dir(pkg) == "testdata" {
			continue // only go generate and tests run these
		}
		if line[pkg] == 0 {
			t.Errorf("the map in ARCHITECTURE.md lacks the package %s", pkg)
		}
		for target, name := range targets {
			if !tool[pkg] && line[pkg] >= line[target] {
				t.Errorf("%s: %s imports %s, which is drawn above it", name, pkg, target)
			}
			if tool[target] {
				t.Errorf("%s: %s imports %s, which is %s", name, pkg, target, notProduct)
			}
		}
	}
}

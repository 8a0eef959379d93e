// SPDX-License-Identifier: GPL-2.0-only

package diag_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
)

// A kernel's log is explained by its message alone, so a rule must reject with
// the code whose row has the message that the rule gives.
func TestRulesRejectWithTheCodeOfTheirMessage(t *testing.T) {
	codes := declaredCodes(t)
	rejections := 0
	for _, file := range parseDir(t, moduleRoot+"/verifier") {
		ast.Inspect(file, func(n ast.Node) bool {
			name, format := rejection(n)
			if name == "" {
				return true
			}
			rejections++
			code := codes[name]
			var rows []catalog.Code
			for _, value := range verbValues {
				if e, _ := catalog.Match(verb.ReplaceAllString(format, value)); e != nil {
					rows = append(rows, e.Code)
				}
			}
			if !slices.Contains(rows, code) && !slices.Contains(rows, sharedText[code]) && !sharedMessages[format] {
				t.Errorf("%s rejects with %q, which is of %s", code, format, rows)
			}
			return true
		})
	}
	if rejections < 300 {
		t.Errorf("only %d rejections were found", rejections)
	}
}

var verb = regexp.MustCompile(`%[-+#0-9.*]*[a-zA-Z]`)

// verbValues stand for what rules put into their messages: a message with one
// of them must be that of a row.
var verbValues = []string{"1", "", "stack ", " read from", "stores into", "At program exit"}

// sharedMessages are those that the kernel has for faults of several codes.
var sharedMessages = map[string]bool{
	"R%d type=%s expected=%s":                          true,
	"allocated object must be referenced":              true,
	"no direct value access support for this map type": true,
}

// rejection is what v.reject(catalog.NAME, …, "format", …) rejects with, as far
// as it is written there in letters.
func rejection(n ast.Node) (name, format string) {
	call, ok := n.(*ast.CallExpr)
	if !ok || len(call.Args) < 4 {
		return "", ""
	}
	f, isMethod := call.Fun.(*ast.SelectorExpr)
	code, isSelector := call.Args[0].(*ast.SelectorExpr)
	text, isText := call.Args[3].(*ast.BasicLit)
	if !isMethod || f.Sel.Name != "reject" || !isSelector || !isText {
		return "", ""
	}
	// A field, such as the code of a kind of slot, is known only at run time.
	pkg, isName := code.X.(*ast.Ident)
	format, err := strconv.Unquote(text.Value)
	if !isName || pkg.Name != "catalog" || err != nil || len(verb.ReplaceAllString(format, "")) < 4 {
		return "", ""
	}
	return code.Sel.Name, format
}

// declaredCodes are the codes by the names of their constants.
func declaredCodes(t *testing.T) map[string]catalog.Code {
	codes := map[string]catalog.Code{}
	for _, file := range parseDir(t, "catalog") {
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || len(spec.Values) != len(spec.Names) {
				return true
			}
			for i, name := range spec.Names {
				if lit, ok := spec.Values[i].(*ast.BasicLit); ok && lit.Kind == token.STRING {
					text, _ := strconv.Unquote(lit.Value)
					codes[name.Name] = catalog.Code(text)
				}
			}
			return true
		})
	}
	return codes
}

func parseDir(t *testing.T, dir string) []*ast.File {
	t.Helper()
	names, err := filepath.Glob(dir + "/*.go")
	if err != nil {
		t.Fatal(err)
	}
	var files []*ast.File
	for _, name := range names {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	return files
}

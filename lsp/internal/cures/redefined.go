// SPDX-License-Identifier: GPL-2.0-only

package cures

import (
	"path/filepath"
	"regexp"
	"slices"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/clang"
)

// typeNamed is a type in a message of clang.
var typeNamed = regexp.MustCompile(`'(?:const )?(?:struct |union |enum )?(\w+)(?: \*)?'`)

// declaredOtherwise is clang's error for a function declared twice with different types.
var declaredOtherwise = regexp.MustCompile(`^conflicting types for '(\w+)'`)

// ExplainRedefined adds advice on types that both the program and the kernel's types define, and drops errors that only
// follow from them, because clang uses the first definition.
func ExplainRedefined(ds []diag.Diagnostic) []diag.Diagnostic {
	var names []string
	for i := range ds {
		if name, header := twice(declaredOtherwise, &ds[i]); name != "" {
			ds[i].Suggestion = catalog.AdviseRedeclared.With(catalog.Facts{"name": "`" + name + "`", "place": header})
			continue
		}
		name, header := twice(definedTwice, &ds[i])
		if name == "" {
			continue
		}
		names = append(names, name)
		ds[i].Suggestion = catalog.AdviseRedefined.With(catalog.Facts{"name": "`" + name + "`", "place": header})
	}
	if len(names) == 0 {
		return ds
	}
	return slices.DeleteFunc(ds, func(d diag.Diagnostic) bool {
		if !clang.IsError(d) || d.Suggestion != "" {
			return false
		}
		for _, m := range typeNamed.FindAllStringSubmatch(d.Reason, -1) {
			if slices.Contains(names, m[1]) {
				return true
			}
		}
		return false
	})
}

// twice returns the name that an error reports as a duplicate, and the header with the kernel's types that has it.
func twice(said *regexp.Regexp, d *diag.Diagnostic) (name, header string) {
	m := said.FindStringSubmatch(d.Reason)
	if !clang.IsError(*d) || m == nil || m[1] == "" {
		return "", ""
	}
	for _, r := range d.Related {
		if base := filepath.Base(r.Span.File); !r.Note && kernelTypesName.MatchString(base) {
			return m[1], base
		}
	}
	return "", ""
}

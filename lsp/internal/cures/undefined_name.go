// SPDX-License-Identifier: GPL-2.0-only

package cures

import (
	"context"
	"path/filepath"
	"regexp"
	"slices"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/clang"
)

// undefinedName matches clang's errors for undeclared names.
var undefinedName = regexp.MustCompile(
	`^(?:use of undeclared identifier|unknown type name|call to undeclared function|` +
		`a parameter list without types|expected identifier or '\('|type name requires) '?(\w+)'?`)

const (
	maxUndefined   = 4 // names looked for in one build
	maxDefinitions = 2 // values of a macro to try
)

// undefinedName defines macros that the project's build files define: with guessed flags the file may belong to another
// build file than the nearest. The result is a guess, as a typing error looks the same.
func (f *Finder) undefinedName(ctx context.Context, cmd clang.Command, ds []diag.Diagnostic) ([]clang.Need, error) {
	names := undefinedNames(ds)
	if len(names) == 0 {
		return nil, nil
	}
	x, err := f.projects.Of(ctx, cmd.File)
	if err != nil {
		return nil, err
	}
	var out []clang.Need
	start := filepath.Dir(cmd.File)
	for _, name := range names {
		if definesMacro(cmd.Args, name) {
			continue
		}
		tried := 0
		for _, d := range x.Definitions().Defined(start, name) {
			need := clang.Need{Flag: "-D" + name + d.Value, Why: filepath.Base(d.From) + " defines it", Guess: true}
			if !d.Plain || tried == maxDefinitions || slices.ContainsFunc(out, func(n clang.Need) bool {
				return n.Flag == need.Flag
			}) {
				continue
			}
			tried++
			out = append(out, need)
		}
	}
	return out, nil
}

// undefinedNames returns the names that clang's errors say are undeclared, the first few.
func undefinedNames(ds []diag.Diagnostic) []string {
	var names []string
	for i := range ds {
		if m := undefinedName.FindStringSubmatch(ds[i].Reason); m != nil && clang.IsError(ds[i]) &&
			!slices.Contains(names, m[1]) && len(names) < maxUndefined {
			names = append(names, m[1])
		}
	}
	return names
}

// SPDX-License-Identifier: GPL-2.0-only

package cures

import (
	"context"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/clang"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/disk"
)

// definedUnder finds macros under which a file that was read defines a name that is unknown. Only a macro counts that a
// build file of the project may define.
func (f *Finder) definedUnder(ctx context.Context, cmd clang.Command, ds []diag.Diagnostic) ([]clang.Need, error) {
	names := undefinedNames(ds)
	if len(names) == 0 {
		return nil, nil
	}
	x, err := f.projects.Of(ctx, cmd.File)
	if err != nil {
		return nil, err
	}
	own, _ := f.readFiles(ctx, cmd)
	var out []clang.Need
	for _, name := range own {
		text, err := disk.ReadText(name, disk.MaxSource)
		if err != nil {
			continue
		}
		for _, macro := range macrosAround(string(text), names) {
			why := filepath.Base(name) + " defines what is missing under it"
			flags := []string{}
			for _, d := range x.Definitions().Defined(filepath.Dir(cmd.File), macro) {
				if d.Plain && len(flags) < maxDefinitions {
					flags = append(flags, "-D"+macro+d.Value)
				}
			}
			if len(flags) == 0 && x.Definitions().MayDefine(macro) {
				flags = append(flags, "-D"+macro)
			}
			for _, flag := range flags {
				need := clang.Need{Flag: flag, Why: why, Guess: true}
				if !slices.Contains(out, need) && !definesMacro(cmd.Args, macro) {
					out = append(out, need)
				}
			}
		}
	}
	return out, nil
}

// definesMacro reports whether flags define a macro.
func definesMacro(args []string, macro string) bool {
	return slices.ContainsFunc(args, func(a string) bool {
		return a == "-D"+macro || strings.HasPrefix(a, "-D"+macro+"=")
	})
}

// macrosAround returns the macros under which a text defines one of the names, the innermost of each definition.
func macrosAround(text string, names []string) []string {
	var out []string
	lines := strings.Split(text, "\n")
	for _, name := range names {
		quoted := regexp.QuoteMeta(name)
		defines := regexp.MustCompile(`^\s*#\s*define\s+` + quoted + `\b|^[A-Za-z_][^;=(]*\b` + quoted +
			`\s*\([^;{]*(?:\{.*)?$|^\s*(?:typedef\b.*|\})\s*\b` + quoted + `\s*;`)
		for i, line := range lines {
			if !strings.Contains(line, name) || !defines.MatchString(line) {
				continue
			}
			if macro := macroFor(lines[:i]); macro != "" && !slices.Contains(out, macro) {
				out = append(out, macro)
			}
		}
	}
	return out
}

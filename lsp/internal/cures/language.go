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
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/project"
)

var (
	// newerLanguage matches errors at words that are keywords since C23.
	newerLanguage = regexp.MustCompile(
		`^(?:unknown type name 'bool'|use of undeclared identifier '(?:bool|true|false|nullptr)')`)
	newerStandard = regexp.MustCompile(`-std=(?:c|gnu)2[x3]\b`)
)

// language chooses the standard that a build file names, if the program needs it.
func (f *Finder) language(_ context.Context, cmd clang.Command, ds []diag.Diagnostic) ([]clang.Need, error) {
	if !errorMatches(ds, newerLanguage) || slices.ContainsFunc(cmd.Args, func(a string) bool {
		return strings.HasPrefix(a, "-std=")
	}) {
		return nil, nil
	}
	for name := range project.BuildFiles(cmd.File, f.projects.Root(cmd.File)) {
		if text, err := disk.ReadText(name, disk.MaxBuildFile); err == nil {
			if std := newerStandard.Find(text); std != nil {
				return []clang.Need{{Flag: string(std), Why: filepath.Base(name) + " selects that language standard"}},
					nil
			}
		}
	}
	return nil, nil
}

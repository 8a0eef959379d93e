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

var redefinition = regexp.MustCompile(`^redefinition of '\w+'|^typedef redefinition`)

// secondDefinition finds macros that the project's configuration would have defined. A program with a fallback for
// older libraries tests one before the definition. A header for both sides tests one before it includes the C library,
// whose types conflict with vmlinux.h.
func (f *Finder) secondDefinition(_ context.Context, cmd clang.Command, ds []diag.Diagnostic) ([]clang.Need, error) {
	for i := range ds {
		if !clang.IsError(ds[i]) || !redefinition.MatchString(ds[i].Reason) {
			continue
		}
		places := []diag.Span{ds[i].Span}
		for _, r := range slices.Backward(ds[i].Related) {
			if r.Note {
				places = append(places, r.Span)
			}
		}
		for _, place := range places {
			text, err := disk.ReadText(place.File, disk.MaxSource)
			if err != nil || !disk.Within(f.projects.Root(cmd.File), place.File) {
				continue
			}
			lines := strings.Split(string(text), "\n")
			if macro := macroAgainst(lines[:min(max(place.Line-1, 0), len(lines))]); macro != "" {
				return []clang.Need{{Flag: "-D" + macro, Why: filepath.Base(place.File) +
					" tests it before a second definition", Guess: true}}, nil
			}
		}
	}
	return nil, nil
}

// SPDX-License-Identifier: GPL-2.0-only

package cures

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/clang"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/disk"
)

func (f *Finder) missingHeader(ctx context.Context, cmd clang.Command, ds []diag.Diagnostic) ([]clang.Need, error) {
	header, includer, missing := clang.MissingHeader(ds)
	if !missing {
		return nil, nil
	}
	var out []clang.Need
	// A header beside the file that includes it comes before others of that name.
	if beside := filepath.Dir(includer); disk.Within(f.projects.Root(cmd.File), beside) &&
		hasAll(beside, []string{header}) {
		out = append(out, clang.Need{Flag: "-I" + beside, Why: header + " is there, beside the file that includes it"})
	}
	dirs, err := f.includeDirs(ctx, cmd.File, header)
	if err != nil {
		return nil, err
	}
	for _, dir := range dirs[:min(len(dirs), maxCandidates)] {
		out = append(out, clang.Need{Flag: "-I" + dir, Why: header + " is there",
			Holds: filepath.Join(dir, filepath.FromSlash(header))})
	}
	return append(out, f.withoutHeader(cmd, ds)...), nil
}

// maxCandidates bounds how many places of one header are tried.
const maxCandidates = 5

// withoutHeader finds a macro with which the preprocessor skips the #include of a missing header: programs that compile
// with either kernel headers or kernel types test one.
func (f *Finder) withoutHeader(cmd clang.Command, ds []diag.Diagnostic) []clang.Need {
	i := slices.IndexFunc(ds, func(d diag.Diagnostic) bool { return d.Code == catalog.MissingHeader })
	text, err := disk.ReadText(ds[i].Span.File, disk.MaxSource)
	if err != nil || !disk.Within(f.projects.Root(cmd.File), ds[i].Span.File) {
		return nil
	}
	lines := strings.Split(string(text), "\n")
	macro := macroAgainst(lines[:min(max(ds[i].Span.Line-1, 0), len(lines))])
	if macro == "" {
		return nil
	}
	return []clang.Need{{Flag: "-D" + macro, Why: filepath.Base(ds[i].Span.File) +
		" tests it before it includes a missing header", Guess: true}}
}

func hasAll(top string, names []string) bool {
	return !slices.ContainsFunc(names, func(name string) bool {
		_, err := os.Stat(filepath.Join(top, filepath.FromSlash(name)))
		return err != nil
	})
}

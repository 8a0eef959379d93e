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

// includedName matches the name in an #include line.
var includedName = regexp.MustCompile(`(?m)^\s*#\s*include\s*["<]([^">\n]+)[">]`)

// ownHeader finds a header of the project that one of the system with the same name hides. Without the project's
// directories, #include <x.h> finds the system's, and the names of the other are unknown.
func (f *Finder) ownHeader(ctx context.Context, cmd clang.Command, ds []diag.Diagnostic) ([]clang.Need, error) {
	if !errorMatches(ds, undefinedName) {
		return nil, nil
	}
	x, err := f.projects.Of(ctx, cmd.File)
	if err != nil {
		return nil, err
	}
	own, others := f.readFiles(ctx, cmd)
	var out []clang.Need
	for _, name := range own {
		text, err := disk.ReadText(name, disk.MaxSource)
		if err != nil {
			continue
		}
		for _, m := range includedName.FindAllStringSubmatch(string(text), -1) {
			header := m[1]
			ends := func(name string) bool { return strings.HasSuffix(filepath.ToSlash(name), "/"+header) }
			if !slices.ContainsFunc(others, ends) || slices.ContainsFunc(own, ends) {
				continue
			}
			dirs := x.Holding(filepath.Dir(cmd.File), header, f.settings.TargetArch())
			for _, dir := range dirs[:min(len(dirs), maxCandidates)] {
				out = append(out, clang.Need{Flag: "-I" + dir, Why: "the project has a " + header + " of its own",
					Guess: true, First: true})
			}
		}
	}
	return out, nil
}

// readFiles lists the files that a failed build read: those of the project, and those of the system.
func (f *Finder) readFiles(ctx context.Context, cmd clang.Command) (own, others []string) {
	root := f.projects.Root(cmd.File)
	for _, name := range f.compilers.Includes(ctx, cmd) {
		if disk.Within(root, name) {
			own = append(own, name)
		} else {
			others = append(others, name)
		}
	}
	return own, others
}

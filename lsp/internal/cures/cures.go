// SPDX-License-Identifier: GPL-2.0-only

package cures

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/clang"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/disk"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/project"
)

// Finder finds cures for files that do not compile.
type Finder struct {
	settings  clang.Settings
	projects  *project.Indexes
	compilers *clang.Compilers
}

// New returns a Finder. compilers know the headers of this machine.
func New(settings clang.Settings, projects *project.Indexes, compilers *clang.Compilers) *Finder {
	return &Finder{settings: settings, projects: projects, compilers: compilers}
}

// cure finds flags that may fix a build, the likeliest first. A fresh checkout lacks what its build would have set up,
// and guessed flags may be incomplete; most errors name what is missing.
type cure func(f *Finder, ctx context.Context, cmd clang.Command, ds []diag.Diagnostic) ([]clang.Need, error)

// all cures in the order they are tried. The first that returns a flag is used, and the file is built again.
var all = []cure{
	(*Finder).wordSize,
	(*Finder).compilerHeaders,
	(*Finder).missingHeader,
	(*Finder).architecture,
	(*Finder).processor,
	(*Finder).language,
	(*Finder).oldLibbpf,
	(*Finder).secondDefinition,
	(*Finder).oldMaps,
	(*Finder).typesTwice,
	(*Finder).ownHeader,
	(*Finder).definedUnder,
	(*Finder).undefinedName,
}

// For returns flags that the command lacks, any one of which may fix the build.
func (f *Finder) For(ctx context.Context, cmd clang.Command, ds []diag.Diagnostic) ([]clang.Need, error) {
	if !slices.ContainsFunc(ds, clang.IsError) {
		return nil, nil
	}
	for _, find := range all {
		needs, err := find(f, ctx, cmd, ds)
		if err != nil {
			return nil, err
		}
		needs = slices.DeleteFunc(needs, func(n clang.Need) bool {
			return n.Flag == "" || slices.Contains(cmd.Args, n.Flag)
		})
		if len(needs) > 0 {
			return needs, nil
		}
	}
	return nil, nil
}

// Gone reports whether the header that a flag leads to has disappeared. Damaged headers of the cache are restored.
func (f *Finder) Gone(ctx context.Context, n clang.Need) bool {
	if strings.HasPrefix(filepath.Base(n.Flag), additionsPrefix) {
		_, err := f.libbpfAdditions()
		return err != nil
	}
	if n.Holds == "" {
		return false
	}
	if cache, err := f.settings.Cache(); err == nil && disk.Within(cache, n.Holds) &&
		filepath.Base(n.Holds) == kernelTypesHeader && f.settings.Headers != nil {
		if _, err := f.settings.Headers(ctx); err != nil {
			return true
		}
	}
	_, err := os.Stat(n.Holds)
	return err != nil
}

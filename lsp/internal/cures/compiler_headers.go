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
)

// compilerHeaders adds the directory of clang's own headers, such as stddef.h, to a command with -nostdinc. Builds with
// that flag ask a compiler for the directory.
func (f *Finder) compilerHeaders(ctx context.Context, cmd clang.Command, ds []diag.Diagnostic) ([]clang.Need, error) {
	header, _, missing := clang.MissingHeader(ds)
	if !missing || !slices.Contains(cmd.Args, "-nostdinc") || !filepath.IsLocal(filepath.FromSlash(header)) {
		return nil, nil
	}
	out, err := f.compilers.Ask(ctx, cmd.Clang, "-print-resource-dir")
	if err != nil {
		return nil, ctx.Err()
	}
	dir := filepath.Join(strings.TrimSpace(string(out)), "include")
	name := filepath.Join(dir, filepath.FromSlash(header))
	if _, err := os.Stat(name); err != nil {
		return nil, nil
	}
	return []clang.Need{{Flag: "-I" + dir, Why: header + " is the compiler's", Holds: name}}, nil
}

// SPDX-License-Identifier: GPL-2.0-only

package cures

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/clang"
)

// newerProcessor matches the backend's errors for instructions that the oldest processor version lacks.
var newerProcessor = regexp.MustCompile(
	`(?i)unsupported atomic operation|unsupported signed division|please use -mcpu|Cannot select.*Atomic`)

// processor chooses a processor version that has the instructions a program needs, unless a flag chooses one.
func (f *Finder) processor(_ context.Context, cmd clang.Command, ds []diag.Diagnostic) ([]clang.Need, error) {
	if !errorMatches(ds, newerProcessor) || slices.ContainsFunc(cmd.Args, func(a string) bool {
		return strings.HasPrefix(a, "-mcpu")
	}) {
		return nil, nil
	}
	return []clang.Need{{Flag: "-mcpu=v3", Why: "it uses instructions that the first processor version lacks"}}, nil
}

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

// newerProcessor is what the backend says of instructions and operations that the oldest processor version lacks.
var newerProcessor = regexp.MustCompile(`(?i)unsupported atomic operation|unsupported signed division|please use -mcpu|Cannot select.*Atomic`)

// processor chooses a processor version that has the instructions a program needs, where nobody chose one.
func (f *Finder) processor(_ context.Context, cmd clang.Command, ds []diag.Diagnostic) ([]clang.Need, error) {
	if !errorMatches(ds, newerProcessor) || slices.ContainsFunc(cmd.Args, func(a string) bool { return strings.HasPrefix(a, "-mcpu") }) {
		return nil, nil
	}
	return []clang.Need{{Flag: "-mcpu=v3", Why: "it uses instructions that the first processor version lacks"}}, nil
}

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

var (
	// wantsTargetArch matches libbpf's error if the architecture of registers was not chosen.
	wantsTargetArch = regexp.MustCompile(`__TARGET_ARCH_`)
	// wantsHostArch matches errors of programs that do not recognise the processor.
	wantsHostArch = regexp.MustCompile(`(?i)\b(unsupported|unknown|undefined|unrecognized|no|missing) ` +
		`(target |cpu |host )*(arch\b|architecture|platform|processor)|architecture (is )?not (supported|defined)`)
)

func (f *Finder) architecture(_ context.Context, cmd clang.Command, ds []diag.Diagnostic) ([]clang.Need, error) {
	chosen := slices.ContainsFunc(cmd.Args, func(a string) bool { return strings.HasPrefix(a, "-D__TARGET_ARCH_") })
	if errorMatches(ds, wantsTargetArch) && !chosen {
		return []clang.Need{{Flag: "-D__TARGET_ARCH_" + f.settings.TargetArch(),
			Why: "libbpf requires the architecture"}}, nil
	}
	if errorMatches(ds, wantsHostArch) {
		return []clang.Need{{Flag: f.hostDefine(cmd), Why: "headers of the host test for the processor"}}, nil
	}
	return nil, nil
}

// SPDX-License-Identifier: GPL-2.0-only

package cures

import (
	"context"
	"slices"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/clang"
)

// hostDefines are the macros that identify the processor to headers of the host; some test the one, some the other. The
// BPF target defines none.
var hostDefines = map[string][]string{"x86": {"-D__x86_64__", "-D__x86_64"}, "arm64": {"-D__aarch64__"},
	"powerpc": {"-D__powerpc64__"},
	"s390":    {"-D__s390x__"}, "riscv": {"-D__riscv", "-D__riscv_xlen=64"}, "loongarch": {"-D__loongarch__"}}

// hostDefine returns the first of them that a command lacks.
func (f *Finder) hostDefine(cmd clang.Command) string {
	for _, d := range hostDefines[f.settings.TargetArch()] {
		if !slices.Contains(cmd.Args, d) {
			return d
		}
	}
	return ""
}

// narrowStubs is what the host's C library includes unless a macro says that the processor has 64 bits.
const narrowStubs = "gnu/stubs-32.h"

func (f *Finder) wordSize(_ context.Context, cmd clang.Command, ds []diag.Diagnostic) ([]clang.Need, error) {
	if header, _, missing := clang.MissingHeader(ds); missing && header == narrowStubs {
		return []clang.Need{{Flag: f.hostDefine(cmd), Why: "headers of the host test for the processor"}}, nil
	}
	return nil, nil
}

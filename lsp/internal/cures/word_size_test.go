// SPDX-License-Identifier: GPL-2.0-only

package cures

import (
	"testing"

	"github.com/bpf-lsp/bpf-lsp/lsp/internal/clang"
)

// TestWordSize has a header of the C library that is included unless a macro says that the processor has 64 bits.
func TestWordSize(t *testing.T) {
	dir := t.TempDir()
	cmd := clang.Command{File: dir + "/a.bpf.c", Dir: dir}
	ds := clang.ParseMessages("a.bpf.c:1:1: fatal error: '"+narrowStubs+"' file not found\n", dir, cmd.File)
	if need, err := finderOf(clang.Settings{Arch: "x86"}).For(t.Context(), cmd, ds); err != nil || len(need) == 0 ||
		need[0].Flag != "-D__x86_64__" {
		t.Errorf("got %+v, %v", need, err)
	}
}

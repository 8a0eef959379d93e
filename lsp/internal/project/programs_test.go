// SPDX-License-Identifier: GPL-2.0-only

package project

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bpf-lsp/bpf-lsp/testdata/workspace"
)

func TestPrograms(t *testing.T) {
	dir := workspace.Write(t, `
-- a.bpf.c --
-- b.c --
SEC("xdp") int f(void) { return 1; }
-- c.c --
char l[] __section("license") = "GPL";
#include "part.c"
-- d.c --
char l[] __attribute__((section("license"), used)) = "GPL";
-- host.c --
int x __attribute__((section(".init"))) = 1; // not SEC("xdp")
-- part.c --
  SEC("tc") int g(void) { return 1; }
-- target/e.bpf.c --
`)
	files, err := Programs(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range files {
		got = append(got, filepath.Base(f))
	}
	if d := cmp.Diff([]string{"a.bpf.c", "b.c", "c.c", "d.c"}, got); d != "" {
		t.Error(d)
	}
}

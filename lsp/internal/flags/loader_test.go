// SPDX-License-Identifier: GPL-2.0-only

package flags

import (
	"path/filepath"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/lsp/internal/clang"
	"github.com/bpf-lsp/bpf-lsp/testdata/workspace"
)

func TestLoaderOf(t *testing.T) {
	for name, tc := range map[string]struct {
		archive string
		want    clang.Loader
	}{
		"nothing": {"-- Makefile --\nall:\n", clang.LoaderUnknown},
		"Go": {"-- go.mod --\nmodule m\nrequire (\n\tgithub.com/cilium/ebpf v0.17.0\n)\n",
			clang.LoaderOther},
		"Go on one line": {"-- go.mod --\nmodule m\nrequire github.com/cilium/ebpf v0.17.0\n", clang.LoaderOther},
		"Go by libbpf": {"-- go.mod --\nrequire (\n\tgithub.com/cilium/ebpf v0.17.0\n" +
			"\tgithub.com/aquasecurity/libbpfgo v0.8.0\n)\n", clang.LoaderLibbpf},
		"other Go":       {"-- go.mod --\nmodule m\n", clang.LoaderUnknown},
		"Rust":           {"-- Cargo.toml --\n[dependencies]\naya = \"0.13\"\n", clang.LoaderOther},
		"Rust by libbpf": {"-- Cargo.toml --\n[build-dependencies]\nlibbpf-cargo = \"0.24\"\n", clang.LoaderLibbpf},
		"crate in a module": {"-- go.mod --\nrequire github.com/cilium/ebpf v0.17.0\n-- src/Cargo.toml --\nlibbpf-rs " +
			"= { version = \"0.24\" }\n", clang.LoaderLibbpf},
	} {
		t.Run(name, func(t *testing.T) {
			dir := workspace.Write(t, "-- .git/HEAD --\n-- src/bpf/x.bpf.c --\n"+tc.archive)
			if got := sourcesOf(clang.Settings{}).LoaderOf(Found{},
				filepath.Join(dir, "src/bpf/x.bpf.c")); got != tc.want {
				t.Errorf("loader %d, want %d", got, tc.want)
			}
		})
	}
}

// SPDX-License-Identifier: GPL-2.0-only

package clang

import (
	"path/filepath"
	"testing"
)

func TestLoaderOf(t *testing.T) {
	for name, tc := range map[string]struct {
		archive string
		want    Loader
	}{
		"nothing":           {"-- Makefile --\nall:\n", LoaderUnknown},
		"Go":                {"-- go.mod --\nmodule m\nrequire (\n\tgithub.com/cilium/ebpf v0.17.0\n)\n", LoaderOther},
		"Go on one line":    {"-- go.mod --\nmodule m\nrequire github.com/cilium/ebpf v0.17.0\n", LoaderOther},
		"Go by libbpf":      {"-- go.mod --\nrequire (\n\tgithub.com/cilium/ebpf v0.17.0\n\tgithub.com/aquasecurity/libbpfgo v0.8.0\n)\n", LoaderLibbpf},
		"other Go":          {"-- go.mod --\nmodule m\n", LoaderUnknown},
		"Rust":              {"-- Cargo.toml --\n[dependencies]\naya = \"0.13\"\n", LoaderOther},
		"Rust by libbpf":    {"-- Cargo.toml --\n[build-dependencies]\nlibbpf-cargo = \"0.24\"\n", LoaderLibbpf},
		"crate in a module": {"-- go.mod --\nrequire github.com/cilium/ebpf v0.17.0\n-- src/Cargo.toml --\nlibbpf-rs = { version = \"0.24\" }\n", LoaderLibbpf},
	} {
		t.Run(name, func(t *testing.T) {
			dir := workspace(t, "-- .git/HEAD --\n-- src/bpf/x.bpf.c --\n"+tc.archive)
			if got := New(Settings{}).loaderOf(found{}, filepath.Join(dir, "src/bpf/x.bpf.c")); got != tc.want {
				t.Errorf("loader %d, want %d", got, tc.want)
			}
		})
	}
}

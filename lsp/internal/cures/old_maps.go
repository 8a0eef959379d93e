// SPDX-License-Identifier: GPL-2.0-only

package cures

import (
	"context"
	"path/filepath"
	"regexp"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/clang"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/disk"
)

// oldMapStruct is clang's error for the struct that defined maps before libbpf 1.0.
var oldMapStruct = regexp.MustCompile(`incomplete type 'struct bpf_map_def'|incomplete type 'const struct bpf_map_def'`)

// oldMapHeader defines it. A loader that accepts such maps reads these members first.
const oldMapHeader = `struct bpf_map_def {
	unsigned int type;
	unsigned int key_size;
	unsigned int value_size;
	unsigned int max_entries;
	unsigned int map_flags;
};
`

// oldMaps defines the struct for programs written for a libbpf that had it.
func (f *Finder) oldMaps(_ context.Context, _ clang.Command, ds []diag.Diagnostic) ([]clang.Need, error) {
	if !errorMatches(ds, oldMapStruct) {
		return nil, nil
	}
	cache, err := f.settings.Cache()
	if err != nil {
		return nil, err
	}
	name := filepath.Join(cache, "old-map.h")
	return []clang.Need{{Flag: "-include" + name, Why: "libbpf before 1.0 had struct bpf_map_def", Guess: true}},
		disk.WriteCached(name, []byte(oldMapHeader))
}

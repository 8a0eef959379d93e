// SPDX-License-Identifier: GPL-2.0-only

package project

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/lsp/internal/disk"
)

// EmptySubmodules lists the submodules of a checkout whose directories are empty.
func EmptySubmodules(root string) []string {
	text, err := disk.ReadText(filepath.Join(root, ".gitmodules"), disk.MaxBuildFile)
	if err != nil {
		return nil
	}
	var out []string
	for line := range strings.Lines(string(text)) {
		key, value, _ := strings.Cut(line, "=")
		if strings.TrimSpace(key) != "path" {
			continue
		}
		name := strings.TrimSpace(value)
		entries, err := os.ReadDir(filepath.Join(root, filepath.FromSlash(name)))
		if filepath.IsLocal(filepath.FromSlash(name)) && (err != nil || len(entries) == 0) {
			out = append(out, name)
		}
	}
	return out
}

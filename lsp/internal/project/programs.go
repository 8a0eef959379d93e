// SPDX-License-Identifier: GPL-2.0-only

package project

import (
	"context"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/lsp/internal/disk"
)

var (
	inSection = regexp.MustCompile(
		`(?m)^\s*SEC\("|(?i:\b(?:sec|\w*section)\s*\(\s*"(?:license|maps|\.maps)")`)
	includesSource = regexp.MustCompile(`(?m)^\s*#\s*include\s*["<](?:[^">]*/)?([^">/]*\.c)[">]`)
)

// Programs lists the BPF programs in C below a directory: files named .bpf.c, and files that place something in a
// section. Files that others include are left out.
func Programs(ctx context.Context, dir string) ([]string, error) {
	x, err := newIndex(ctx, dir)
	if err != nil {
		return nil, err
	}
	var found []string
	included := map[string]bool{}
	for base, names := range x.named {
		if !strings.HasSuffix(base, ".c") {
			continue
		}
		for _, name := range names {
			text, err := disk.ReadText(name, disk.MaxSource)
			if err != nil || !strings.HasSuffix(base, ".bpf.c") && !inSection.Match(text) {
				continue
			}
			for _, m := range includesSource.FindAllSubmatch(text, -1) {
				included[string(m[1])] = true
			}
			found = append(found, name)
		}
	}
	found = slices.DeleteFunc(found, func(name string) bool { return included[filepath.Base(name)] })
	slices.Sort(found)
	return found, ctx.Err()
}

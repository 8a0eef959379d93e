// SPDX-License-Identifier: GPL-2.0-only

package cures

import (
	"context"
	"path"
	"path/filepath"
	"regexp"

	"github.com/bpf-lsp/bpf-lsp/lsp/internal/project"
)

const kernelTypesHeader = "vmlinux.h"

// kernelTypesName matches the names of headers with the kernel's types, some of which have a version or an architecture in them.
var kernelTypesName = regexp.MustCompile(`^vmlinux[\w.-]*\.h$`)

// kernelTypesFor gives a directory from which a vmlinux.h is included by the name that is asked for. Projects that keep theirs
// elsewhere than their programs say include it through directories that only their build makes.
func (f *Finder) kernelTypesFor(ctx context.Context, x *project.Index, file, header string) (string, error) {
	var dir string
	if header != kernelTypesHeader {
		if dirs := x.Holding(filepath.Dir(file), kernelTypesHeader, f.settings.TargetArch()); len(dirs) > 0 {
			dir = dirs[0]
		}
	}
	if dir == "" && f.settings.Headers != nil {
		var err error
		if dir, err = f.settings.Headers(ctx); err != nil {
			return "", err
		}
	}
	switch {
	case dir == "" || header == kernelTypesHeader:
		return dir, nil
	case !filepath.IsLocal(filepath.FromSlash(header)):
		return "", nil // it is named from a directory that only the project's build makes, and nothing is to be made outside the cache
	case path.Base(header) == kernelTypesHeader:
		return f.view("vmlinux", dir, path.Dir(header))
	}
	return f.alias(header, filepath.Join(dir, kernelTypesHeader))
}

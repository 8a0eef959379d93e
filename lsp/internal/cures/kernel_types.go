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

// kernelTypesName matches the names of headers with the kernel's types, some of which include a version or an
// architecture.
var kernelTypesName = regexp.MustCompile(`^vmlinux[\w.-]*\.h$`)

// kernelTypesFor returns a directory that provides a vmlinux.h under the requested name. Some programs include it
// through directories that only their project's build creates.
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
		return "", nil // only the project's build creates that directory, and nothing may be written outside the cache
	case path.Base(header) == kernelTypesHeader:
		return f.view("vmlinux", dir, path.Dir(header))
	}
	return f.alias(header, filepath.Join(dir, kernelTypesHeader))
}

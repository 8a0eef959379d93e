// SPDX-License-Identifier: GPL-2.0-only

package cures

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/lsp/internal/project"
)

// includeDirs returns directories that make #include "header" work for file, the likeliest first. In order: those of
// the project; those outside of it that its build files name; a libbpf checkout that is not installed; libbpf as
// pkg-config and package managers know it; a generated vmlinux.h; a header made from the project's template; a
// substitute for a header that the project's build would put elsewhere.
func (f *Finder) includeDirs(ctx context.Context, file, header string) ([]string, error) {
	header = filepath.ToSlash(header)
	if inner := strings.TrimLeft(header, "./"); strings.HasPrefix(header, "../") {
		return f.dirsBelow(ctx, file, inner, strings.Count(header[:len(header)-len(inner)], "../"))
	}
	x, err := f.projects.Of(ctx, file)
	if err != nil {
		return nil, err
	}
	dirs := x.Holding(filepath.Dir(file), header, f.settings.TargetArch())
	if len(dirs) > 0 && strings.HasPrefix(header, inKernelPrefix) {
		more, err := f.standIns(x, file, header)
		return append(dirs, more...), err
	}
	if len(dirs) > 0 {
		return dirs, nil
	}
	if outside := outsideDirs(x, header); len(outside) > 0 {
		return outside, nil
	}
	one := func(dir string, err error) ([]string, error) {
		if err != nil || dir == "" {
			return nil, err
		}
		return []string{dir}, nil
	}
	if isLibbpfHeader(path.Base(header)) || strings.HasPrefix(header, "bpf/") {
		if dirs, err := one(f.libbpfFor(ctx, x, file, header)); dirs != nil || err != nil {
			return dirs, err
		}
	}
	if kernelTypesName.MatchString(path.Base(header)) {
		return one(f.kernelTypesFor(ctx, x, file, header))
	}
	if dirs, err := one(f.fromTemplate(ctx, file, header)); dirs != nil || err != nil {
		return dirs, err
	}
	return f.standIns(x, file, header)
}

// outsideDirs returns the directories outside of a project that its build files name and that hold a header.
func outsideDirs(x *project.Index, header string) []string {
	var out []string
	for _, dir := range x.Definitions().Outside {
		if hasAll(dir, []string{header}) && filepath.IsLocal(filepath.FromSlash(header)) {
			out = append(out, dir)
		}
	}
	return out
}

// inKernelPrefix begins the names that UAPI headers have inside the kernel. A project's copy may hold no more than
// libbpf needs.
const inKernelPrefix = "uapi/"

// view creates a directory that makes another one available under the name that programs include.
func (f *Finder) view(kind, src, as string) (string, error) {
	cache, err := f.settings.Cache()
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(src + "\x00" + as))
	dir := filepath.Join(cache, kind+"-"+hex.EncodeToString(sum[:8]))
	link := filepath.Join(dir, filepath.FromSlash(as))
	if err := os.MkdirAll(filepath.Dir(link), 0o755); err != nil {
		return "", err
	}
	if to, err := os.Readlink(link); err == nil && to == src {
		return dir, nil
	}
	_ = os.Remove(link) // a wrong file, or none
	if err := os.Symlink(src, link); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", err
	}
	return dir, nil
}

// SPDX-License-Identifier: GPL-2.0-only

package clang

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
)

const (
	kernelTypesHeader = "vmlinux.h"
	// maxSearchEntries bounds how much of a workspace one search looks at; a kernel tree has about a hundred thousand files.
	maxSearchEntries = 200_000
)

// archDirs are directory names that select an architecture, as projects spell them.
var archDirs = map[string]string{"x86": "x86", "x86_64": "x86", "amd64": "x86", "arm64": "arm64", "aarch64": "arm64", "arm": "arm", "s390": "s390",
	"s390x": "s390", "powerpc": "powerpc", "ppc64le": "powerpc", "ppc64": "powerpc", "riscv": "riscv", "riscv64": "riscv", "loongarch": "loongarch",
	"loongarch64": "loongarch", "mips": "mips"}

// skippedDirs never hold headers that a BPF program includes.
var skippedDirs = map[string]bool{".git": true, ".hg": true, ".svn": true, "node_modules": true, "target": true, ".venv": true, "__pycache__": true}

// includeDirFor finds a directory that makes #include "header" work for file. In order: the nearest directory of the project; a
// libbpf checkout without an installed tree; a generated vmlinux.h.
func (c *Compiler) includeDirFor(ctx context.Context, file, header string) (string, error) {
	root := c.root(file)
	header = filepath.ToSlash(header)
	want := []string{header}
	plain, isLibbpf := strings.CutPrefix(header, "bpf/")
	if isLibbpf {
		want = append(want, "libbpf/src/"+plain)
	}
	dirs, err := nearestHolding(ctx, root, filepath.Dir(file), want, c.settings.arch())
	if err != nil {
		return "", err
	}
	if dirs[0] != "" {
		return dirs[0], nil
	}
	if isLibbpf && dirs[1] != "" {
		return c.installedView(filepath.Join(dirs[1], "libbpf", "src"))
	}
	if path.Base(header) == kernelTypesHeader && c.settings.Headers != nil {
		return c.settings.Headers(ctx)
	}
	return "", nil
}

// nearestHolding walks the project once and returns, for each wanted slash-separated name, the directory it can be included from
// that is fewest steps away from start; empty if there is none. Directories of another architecture are not considered.
func nearestHolding(ctx context.Context, root, start string, want []string, arch string) ([]string, error) {
	best := make([]string, len(want))
	steps := make([]int, len(want))
	entries := 0
	// The separator has a root searched that is itself a link.
	err := filepath.WalkDir(root+string(filepath.Separator), func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return nil // unreadable directories hold nothing for us
		}
		if entries++; entries > maxSearchEntries {
			return fs.SkipAll
		}
		if entries%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if e.IsDir() {
			if skippedDirs[e.Name()] || otherArch(e.Name(), arch) {
				return fs.SkipDir
			}
			return nil
		}
		slashed := filepath.ToSlash(name)
		for i, w := range want {
			dir, ok := strings.CutSuffix(slashed, "/"+w)
			if !ok {
				continue
			}
			n := distance(start, filepath.FromSlash(dir))
			if best[i] == "" || n < steps[i] || n == steps[i] && dir < best[i] {
				best[i], steps[i] = filepath.FromSlash(dir), n
			}
		}
		return nil
	})
	return best, err
}

func otherArch(dir, arch string) bool {
	a, ok := archDirs[dir]
	return ok && a != arch
}

// distance counts the steps up and down from one directory to another.
func distance(from, to string) int {
	rel, err := filepath.Rel(from, to)
	if err != nil {
		return 1 << 20
	}
	if rel == "." {
		return 0
	}
	return strings.Count(filepath.ToSlash(rel), "/") + 1
}

// installedView makes a libbpf source directory look as if it were installed: <bpf/x.h> is then found under the returned directory.
func (c *Compiler) installedView(src string) (string, error) {
	cache, err := c.cacheDir()
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(src))
	dir := filepath.Join(cache, "libbpf-"+hex.EncodeToString(sum[:8]))
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	if err := os.Symlink(src, filepath.Join(dir, "bpf")); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", err
	}
	return dir, nil
}

func (c *Compiler) cacheDir() (string, error) {
	if c.settings.CacheDir != "" {
		return c.settings.CacheDir, nil
	}
	base, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(base, "bpf-lsp"), nil
}

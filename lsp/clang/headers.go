// SPDX-License-Identifier: GPL-2.0-only

package clang

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

const kernelTypesHeader = "vmlinux.h"

// archDirs are directory names that select an architecture, as projects spell them.
var archDirs = map[string]string{"x86": "x86", "x86_64": "x86", "amd64": "x86", "arm64": "arm64", "aarch64": "arm64", "arm": "arm", "s390": "s390",
	"s390x": "s390", "powerpc": "powerpc", "ppc64le": "powerpc", "ppc64": "powerpc", "riscv": "riscv", "riscv64": "riscv", "loongarch": "loongarch",
	"loongarch64": "loongarch", "mips": "mips"}

// skippedDirs never hold headers that a BPF program includes.
var skippedDirs = map[string]bool{".git": true, ".hg": true, ".svn": true, "node_modules": true, "target": true, ".venv": true, "__pycache__": true}

// includeDirsFor finds directories that make #include "header" work for file, the likeliest first. In order: those of the project; a
// libbpf checkout without an installed tree; libbpf as pkg-config and other package managers know it; a generated vmlinux.h; a header
// made of the project's template; what stands for a header that the project's build would put somewhere.
func (c *Compiler) includeDirsFor(ctx context.Context, file, header string) ([]string, error) {
	header = filepath.ToSlash(header)
	if inner := strings.TrimLeft(header, "./"); strings.HasPrefix(header, "../") {
		return c.dirsBelow(ctx, file, inner, strings.Count(header[:len(header)-len(inner)], "../"))
	}
	x, err := c.indexOf(ctx, file)
	if err != nil {
		return nil, err
	}
	dirs := x.holding(filepath.Dir(file), header, c.settings.arch())
	if len(dirs) > 0 && strings.HasPrefix(header, inKernelPrefix) {
		more, err := c.standIns(x, file, header)
		return append(dirs, more...), err
	}
	if len(dirs) > 0 {
		return dirs, nil
	}
	one := func(dir string, err error) ([]string, error) {
		if err != nil || dir == "" {
			return nil, err
		}
		return []string{dir}, nil
	}
	if isLibbpfHeader(path.Base(header)) || strings.HasPrefix(header, "bpf/") {
		if dirs, err := one(c.libbpfFor(ctx, x, file, header)); dirs != nil || err != nil {
			return dirs, err
		}
	}
	if kernelTypesName.MatchString(path.Base(header)) {
		return one(c.kernelTypesFor(ctx, x, file, header))
	}
	if dirs, err := one(c.fromTemplate(ctx, file, header)); dirs != nil || err != nil {
		return dirs, err
	}
	return c.standIns(x, file, header)
}

// inKernelPrefix begins the names that the kernel's headers for programs have in the kernel. What a project has of them may be no more than
// libbpf needs.
const inKernelPrefix = "uapi/"

// libbpfSource is where a libbpf checkout has the headers that an installed one has in bpf/.
const libbpfSource = "libbpf/src/"

// libbpfHeaders are libbpf's for BPF programs.
var libbpfHeaders = []string{"bpf_helpers.h", "bpf_helper_defs.h", "bpf_endian.h", "bpf_tracing.h", "bpf_core_read.h", "usdt.bpf.h"}

func isLibbpfHeader(base string) bool { return slices.Contains(libbpfHeaders, base) }

// libbpfFor gives a directory from which one of libbpf's headers is included by the name that is asked for: as <bpf/…> by most programs, as
// <…> by those that include from the folder itself, as they did of old, and behind another name where the project's build links it there.
func (c *Compiler) libbpfFor(ctx context.Context, x *index, file, header string) (string, error) {
	base, above := path.Base(header), path.Dir(header)
	dir, err := c.libbpfDir(ctx, x, file, base)
	if err != nil || dir == "" {
		return "", err
	}
	switch {
	case above == ".":
		return dir, nil
	case above == "bpf" && filepath.Base(dir) == "bpf":
		return filepath.Dir(dir), nil
	case !filepath.IsLocal(filepath.FromSlash(above)):
		return "", nil
	}
	return c.view("libbpf", dir, above)
}

// libbpfDir is the directory that has a header of libbpf itself: the project's, else an installed one.
func (c *Compiler) libbpfDir(ctx context.Context, x *index, file, base string) (string, error) {
	start, arch := filepath.Dir(file), c.settings.arch()
	if dirs := x.holding(start, "bpf/"+base, arch); len(dirs) > 0 {
		return filepath.Join(dirs[0], "bpf"), nil
	}
	if dirs := x.holding(start, libbpfSource+base, arch); len(dirs) > 0 {
		return filepath.Join(dirs[0], filepath.FromSlash(libbpfSource)), nil
	}
	dir := c.installedLibbpf(ctx, base)
	if dir == "" {
		return "", ctx.Err()
	}
	return filepath.Join(dir, "bpf"), nil
}

// kernelTypesName matches the names of headers with the kernel's types, some of which have a version or an architecture in them.
var kernelTypesName = regexp.MustCompile(`^vmlinux[\w.-]*\.h$`)

// kernelTypesFor gives a directory from which a vmlinux.h is included by the name that is asked for. Projects that keep theirs
// elsewhere than their programs say include it through directories that only their build makes.
func (c *Compiler) kernelTypesFor(ctx context.Context, x *index, file, header string) (string, error) {
	var dir string
	if header != kernelTypesHeader {
		if dirs := x.holding(filepath.Dir(file), kernelTypesHeader, c.settings.arch()); len(dirs) > 0 {
			dir = dirs[0]
		}
	}
	if dir == "" && c.settings.Headers != nil {
		var err error
		if dir, err = c.settings.Headers(ctx); err != nil {
			return "", err
		}
	}
	switch {
	case dir == "" || header == kernelTypesHeader:
		return dir, nil
	case !filepath.IsLocal(filepath.FromSlash(header)):
		return "", nil // it is named from a directory that only the project's build makes, and nothing is to be made outside the cache
	case path.Base(header) == kernelTypesHeader:
		return c.view("vmlinux", dir, path.Dir(header))
	}
	return c.alias(header, filepath.Join(dir, kernelTypesHeader))
}

// homebrewDirs are where Homebrew's headers are, which no compiler looks into by itself.
var homebrewDirs = []string{"/opt/homebrew/include", "/opt/homebrew/opt/libbpf/include", "/usr/local/opt/libbpf/include", "/home/linuxbrew/.linuxbrew/include"}

// installedLibbpf finds libbpf where the compiler does not look: where pkg-config says it is, in Homebrew, or among the headers of an
// installed kernel, whose build needs it.
func (c *Compiler) installedLibbpf(ctx context.Context, header string) string {
	var candidates []string
	if path, err := exec.LookPath("pkg-config"); err == nil {
		if out, err := c.ask(ctx, path, "--cflags-only-I", "libbpf"); err == nil {
			for word := range strings.FieldsSeq(string(out)) {
				if dir, ok := strings.CutPrefix(word, "-I"); ok {
					candidates = append(candidates, dir)
				}
			}
		}
	}
	candidates = append(candidates, homebrewDirs...)
	kernels, _ := filepath.Glob("/usr/src/*/tools/bpf/resolve_btfids/libbpf/include")
	for _, dir := range slices.Concat(c.hostIncludes(), candidates, kernels) {
		if _, err := os.Stat(filepath.Join(dir, "bpf", header)); err == nil {
			return dir
		}
	}
	return ""
}

// view makes a directory under which another one is found by the name that programs include it by.
func (c *Compiler) view(kind, src, as string) (string, error) {
	cache, err := c.cacheDir()
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
	_ = os.Remove(link) // something else is there, or nothing
	if err := os.Symlink(src, link); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", err
	}
	return dir, nil
}

// projectLibbpf are the directories of libbpf's headers that the project itself has, the nearest first. Guessed flags look there first:
// a program is written for the libbpf that it brings, and the system's may be years older.
func (c *Compiler) projectLibbpf(ctx context.Context, file string) ([]string, error) {
	const header = "bpf_helpers.h"
	x, err := c.indexOf(ctx, file)
	if err != nil {
		return nil, err
	}
	start, arch := filepath.Dir(file), c.settings.arch()
	out := x.holding(start, "bpf/"+header, arch)
	for _, dir := range x.holding(start, libbpfSource+header, arch) {
		dir, err := c.view("libbpf", filepath.Join(dir, filepath.FromSlash(libbpfSource)), "bpf")
		if err != nil {
			return nil, err
		}
		out = append(out, dir)
	}
	return out, nil
}

func hasAll(top string, names []string) bool {
	return !slices.ContainsFunc(names, func(name string) bool {
		_, err := os.Stat(filepath.Join(top, filepath.FromSlash(name)))
		return err != nil
	})
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

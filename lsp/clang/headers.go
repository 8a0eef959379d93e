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
	"strings"
	"time"
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
// libbpf checkout without an installed tree; libbpf as pkg-config and other package managers know it; a generated vmlinux.h; a header
// made of the project's template.
func (c *Compiler) includeDirFor(ctx context.Context, file, header string) (string, error) {
	root := c.root(file)
	header = filepath.ToSlash(header)
	want := []string{header}
	plain, isLibbpf := strings.CutPrefix(header, "bpf/")
	if isLibbpf {
		want = append(want, libbpfSource+plain)
	}
	dirs, err := nearestHolding(ctx, root, filepath.Dir(file), want, c.settings.arch())
	if err != nil {
		return "", err
	}
	if dirs[0] != "" {
		return dirs[0], nil
	}
	if isLibbpf {
		if dirs[1] != "" {
			return c.view("libbpf", filepath.Join(dirs[1], filepath.FromSlash(libbpfSource)), "bpf")
		}
		if dir := c.installedLibbpf(ctx, plain); dir != "" {
			return dir, nil
		}
	}
	if path.Base(header) == kernelTypesHeader {
		return c.kernelTypesFor(ctx, file, header)
	}
	return c.fromTemplate(ctx, file, header)
}

// libbpfSource is where a libbpf checkout has the headers that an installed one has in bpf/.
const libbpfSource = "libbpf/src/"

// kernelTypesFor gives a directory from which a vmlinux.h is included by the name that is asked for. Projects that keep theirs
// elsewhere than their programs say include it through directories that only their build makes.
func (c *Compiler) kernelTypesFor(ctx context.Context, file, header string) (string, error) {
	var dir string
	if header != kernelTypesHeader {
		dirs, err := nearestHolding(ctx, c.root(file), filepath.Dir(file), []string{kernelTypesHeader}, c.settings.arch())
		if err != nil {
			return "", err
		}
		dir = dirs[0]
	}
	if dir == "" && c.settings.Headers != nil {
		var err error
		if dir, err = c.settings.Headers(ctx); err != nil {
			return "", err
		}
	}
	if dir == "" || header == kernelTypesHeader {
		return dir, nil
	}
	if !filepath.IsLocal(filepath.FromSlash(header)) {
		return "", nil // it is named from a directory that only the project's build makes, and nothing is to be made outside the cache
	}
	return c.view("vmlinux", dir, path.Dir(header))
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
	for _, dir := range append(candidates, kernels...) {
		if _, err := os.Stat(filepath.Join(dir, "bpf", header)); err == nil {
			return dir
		}
	}
	return ""
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

// projectLibbpf is the directory of libbpf's headers that the project itself has, empty if it has none. Guessed flags look there first:
// a program is written for the libbpf that it brings, and the system's may be years older.
func (c *Compiler) projectLibbpf(ctx context.Context, file string) (string, error) {
	const header = "bpf_helpers.h"
	root, dir := c.root(file), filepath.Dir(file)
	key := root + "\x00" + dir
	c.mu.Lock()
	known, ok := c.libbpf[key]
	c.mu.Unlock()
	if ok && (known.dir == "" && time.Since(known.asked) < noLibbpfFor || known.dir != "" && hasAll(known.dir, []string{"bpf/" + header})) {
		return known.dir, nil
	}
	dirs, err := nearestHolding(ctx, root, dir, []string{"bpf/" + header, libbpfSource + header}, c.settings.arch())
	if err != nil {
		return "", err
	}
	found := dirs[0]
	if found == "" && dirs[1] != "" {
		if found, err = c.view("libbpf", filepath.Join(dirs[1], filepath.FromSlash(libbpfSource)), "bpf"); err != nil {
			return "", err
		}
	}
	c.mu.Lock()
	c.libbpf[key] = libbpfDir{dir: found, asked: time.Now()}
	c.mu.Unlock()
	return found, nil
}

// noLibbpfFor is how long it counts that a project has no libbpf; the search costs time, and a submodule may be fetched meanwhile.
const noLibbpfFor = time.Minute

type libbpfDir struct {
	dir   string
	asked time.Time
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

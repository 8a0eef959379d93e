// SPDX-License-Identifier: GPL-2.0-only

package cures

import (
	"context"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/lsp/internal/disk"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/project"
)

// libbpfSource is the directory of a libbpf checkout with the headers that an installed libbpf has in bpf/.
const libbpfSource = "libbpf/src/"

// libbpfHeaders are libbpf's headers for BPF programs.
var libbpfHeaders = []string{"bpf_helpers.h", "bpf_helper_defs.h", "bpf_endian.h", "bpf_tracing.h", "bpf_core_read.h",
	"usdt.bpf.h"}

func isLibbpfHeader(base string) bool { return slices.Contains(libbpfHeaders, base) }

// libbpfFor returns a directory from which a libbpf header is included by the requested name: as <bpf/…> by most
// programs, as <…> by older ones, and below another directory where the project's build links it there.
func (f *Finder) libbpfFor(ctx context.Context, x *project.Index, file, header string) (string, error) {
	base, above := path.Base(header), path.Dir(header)
	dir, err := f.libbpfDir(ctx, x, file, base)
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
	return f.view("libbpf", dir, above)
}

// libbpfDir returns the directory with libbpf's headers: the project's, else an installed one.
func (f *Finder) libbpfDir(ctx context.Context, x *project.Index, file, base string) (string, error) {
	start, arch := filepath.Dir(file), f.settings.TargetArch()
	if dirs := x.Holding(start, "bpf/"+base, arch); len(dirs) > 0 {
		return filepath.Join(dirs[0], "bpf"), nil
	}
	if dirs := x.Holding(start, libbpfSource+base, arch); len(dirs) > 0 {
		return filepath.Join(dirs[0], filepath.FromSlash(libbpfSource)), nil
	}
	dir := f.installedLibbpf(ctx, base)
	if dir == "" {
		return "", ctx.Err()
	}
	return filepath.Join(dir, "bpf"), nil
}

// homebrewDirs are the include directories of Homebrew, which compilers do not search.
var homebrewDirs = []string{"/opt/homebrew/include", "/opt/homebrew/opt/libbpf/include",
	"/usr/local/opt/libbpf/include", "/home/linuxbrew/.linuxbrew/include"}

// MayExecute names the commands that the search for headers may run.
func (f *Finder) MayExecute() []string {
	path, err := exec.LookPath("pkg-config")
	if err != nil {
		return nil
	}
	return []string{path + " --cflags-only-I libbpf, if libbpf's headers are not found otherwise"}
}

// installedLibbpf finds a libbpf outside the compiler's search path: with pkg-config, in Homebrew, or among the headers
// of an installed kernel, whose build needs it.
func (f *Finder) installedLibbpf(ctx context.Context, header string) string {
	var candidates []string
	if path, err := exec.LookPath("pkg-config"); err == nil {
		if out, err := f.compilers.Ask(ctx, path, "--cflags-only-I", "libbpf"); err == nil {
			for word := range strings.FieldsSeq(string(out)) {
				if dir, ok := strings.CutPrefix(word, "-I"); ok {
					candidates = append(candidates, dir)
				}
			}
		}
	}
	candidates = append(candidates, homebrewDirs...)
	kernels, _ := filepath.Glob("/usr/src/*/tools/bpf/resolve_btfids/libbpf/include")
	for _, dir := range slices.Concat(f.compilers.HostIncludes(), candidates, kernels) {
		if _, err := os.Stat(filepath.Join(dir, "bpf", header)); err == nil {
			return dir
		}
	}
	return ""
}

// ProjectLibbpf returns the directories of the project's own libbpf headers, the nearest first. They precede the
// system's in guessed flags: a program is written for the libbpf in its project, and the system's may be years older.
func (f *Finder) ProjectLibbpf(ctx context.Context, file string) ([]string, error) {
	const header = "bpf_helpers.h"
	x, err := f.projects.Of(ctx, file)
	if err != nil {
		return nil, err
	}
	start, arch := filepath.Dir(file), f.settings.TargetArch()
	out := x.Holding(start, "bpf/"+header, arch)
	for _, dir := range x.Holding(start, libbpfSource+header, arch) {
		dir, err := f.view("libbpf", filepath.Join(dir, filepath.FromSlash(libbpfSource)), "bpf")
		if err != nil {
			return nil, err
		}
		out = append(out, dir)
	}
	return out, nil
}

var (
	libbpfMajor = regexp.MustCompile(`LIBBPF_MAJOR_VERSION (\d+)`)
	libbpfMinor = regexp.MustCompile(`LIBBPF_MINOR_VERSION (\d+)`)
)

// LibbpfVersionFor returns the version of the libbpf that a program is compiled with: the project's in the first of the
// directories, else an installed one.
func (f *Finder) LibbpfVersionFor(ctx context.Context, projects []string) string {
	const header = "bpf_helpers.h"
	if len(projects) > 0 {
		name := filepath.Join(projects[0], "bpf", header)
		if real, err := filepath.EvalSymlinks(name); err == nil {
			name = real
		}
		return LibbpfVersion(name)
	}
	return LibbpfVersion(filepath.Join(f.installedLibbpf(ctx, header), "bpf", header))
}

// LibbpfVersion returns the version of the libbpf that a header belongs to, from the header beside it, empty if
// unknown.
func LibbpfVersion(header string) string {
	text, err := disk.ReadText(filepath.Join(filepath.Dir(header), "libbpf_version.h"), disk.MaxSource)
	if err != nil {
		return ""
	}
	major, minor := libbpfMajor.FindSubmatch(text), libbpfMinor.FindSubmatch(text)
	if major == nil || minor == nil {
		return ""
	}
	return string(major[1]) + "." + string(minor[1])
}

// SPDX-License-Identifier: GPL-2.0-only

package cures

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/clang"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/project"
)

// headerPackage maps headers to the package that provides them.
type headerPackage struct {
	prefixes []string // of the name as included; one that ends in .h is a whole name
	// installed is a header that the package always has: if it is there, the package lacks what is missing.
	installed string
	owner     string
	names     map[string]string // by package manager
	also      string            // an alternative
}

// installCommands are the commands to install packages, the most common first.
var installCommands = []struct{ key, command string }{
	{"apt", "apt install"}, {"dnf", "dnf install"}, {"pacman", "pacman -S"}, {"zypper", "zypper install"},
	{"apk", "apk add"}, {"brew", "brew install"},
}

// headerPackages in the order they are tried.
var headerPackages = []headerPackage{
	{prefixes: []string{"vmlinux.h"}, owner: "the target kernel's types",
		also: "Generate it: bpftool btf dump file /sys/kernel/btf/vmlinux format c > vmlinux.h."},
	{prefixes: []string{"bpf/", "bpf_helpers.h", "bpf_tracing.h", "bpf_core_read.h", "bpf_endian.h",
		"bpf_helper_defs.h", "usdt.bpf.h"}, owner: "libbpf", installed: "bpf/bpf_helpers.h",
		names: map[string]string{"apt": "libbpf-dev", "dnf": "libbpf-devel", "pacman": "libbpf",
			"zypper": "libbpf-devel", "apk": "libbpf-dev", "brew": "libbpf"},
		also: "A copy in the project is found automatically."},
	{prefixes: []string{"xdp/"}, owner: "libxdp",
		names: map[string]string{"apt": "libxdp-dev", "dnf": "libxdp-devel", "pacman": "libxdp",
			"zypper": "libxdp-devel", "apk": "libxdp-dev"}},
	{prefixes: []string{"protobuf-c/"}, owner: "protobuf-c",
		names: map[string]string{"apt": "libprotobuf-c-dev", "dnf": "protobuf-c-devel", "pacman": "protobuf-c",
			"zypper": "libprotobuf-c-devel", "apk": "protobuf-c-dev", "brew": "protobuf-c"}},
	{prefixes: []string{"gnu/stubs-32.h"}, owner: "the 32-bit C library",
		names: map[string]string{"apt": "libc6-dev-i386", "dnf": "glibc-devel.i686", "pacman": "lib32-glibc",
			"zypper": "glibc-devel-32bit"},
		also: "Or define the processor, for example with -D__x86_64__."},
	{prefixes: []string{"linux/", "asm/", "asm-generic/"}, owner: "the kernel's UAPI headers",
		installed: "linux/types.h",
		names: map[string]string{"apt": "linux-libc-dev", "dnf": "kernel-headers", "pacman": "linux-api-headers",
			"zypper": "linux-glibc-devel", "apk": "linux-headers"}},
	{prefixes: []string{"sys/", "net/", "netinet/", "arpa/", "bits/", "gnu/", "stdio.h", "stdlib.h", "string.h",
		"errno.h", "unistd.h", "assert.h", "features.h"},
		owner: "the C library", installed: "stdio.h", names: map[string]string{"apt": "libc6-dev",
			"dnf": "glibc-devel", "pacman": "glibc", "zypper": "glibc-devel", "apk": "musl-dev"}},
	{prefixes: []string{"linux/", "asm/", "asm-generic/", "net/", "trace/", "generated/", "uapi/", "scsi/", "crypto/"},
		owner: "the kernel's internal headers",
		names: map[string]string{"apt": "linux-headers-$(uname -r)", "dnf": "kernel-devel", "pacman": "linux-headers",
			"zypper": "kernel-devel", "apk": "linux-dev"},
		also: "They are for the host's compiler, and their directories have to be in the flags. A program that " +
			"includes vmlinux.h instead needs none of them."},
}

// ExplainMissing adds advice to the error at the #include of a missing header: where it comes from, or why it could not
// be made.
func (f *Finder) ExplainMissing(ctx context.Context, ds []diag.Diagnostic, file string, notMade error) {
	header, _, ok := clang.MissingHeader(ds)
	if !ok {
		return
	}
	advice := f.generatedAdvice(ctx, file, header)
	if advice == "" {
		advice = f.packageAdvice(header, packageManager())
	}
	advice += f.absentAdvice(ctx, file)
	if modules := project.EmptySubmodules(f.projects.Root(file)); len(modules) > 0 {
		advice += " The project has submodules that are not fetched (" + strings.Join(modules, ", ") +
			"): git submodule update --init."
	}
	if notMade != nil {
		advice = fmt.Sprintf("It could not be written to the cache: %v. Set XDG_CACHE_HOME to a writable directory.",
			notMade)
	}
	for i := range ds {
		if ds[i].Code == catalog.MissingHeader {
			ds[i].Suggestion = advice
		}
	}
}

// generatedAdvice says which build file makes a header, empty if none is known to.
func (f *Finder) generatedAdvice(ctx context.Context, file, header string) string {
	x, err := f.projects.Of(ctx, file)
	if err != nil {
		return ""
	}
	made, ok := x.GeneratedBy(filepath.Dir(file), path.Base(filepath.ToSlash(header)))
	if !ok {
		return ""
	}
	place := made.File
	if rel, err := filepath.Rel(f.projects.Root(file), made.File); err == nil {
		place = filepath.ToSlash(rel)
	}
	return fmt.Sprintf("The project's build makes it, in %s:%d: %s", place, made.Line, "`"+made.Text+"`.")
}

// absentAdvice names the directories outside of the project that its build includes headers from and that are not
// there, empty if there are none.
func (f *Finder) absentAdvice(ctx context.Context, file string) string {
	x, err := f.projects.Of(ctx, file)
	if err != nil {
		return ""
	}
	var absent []string
	for _, dir := range x.Definitions().Outside {
		if _, err := os.Stat(dir); err != nil && len(absent) < maxAbsent {
			absent = append(absent, dir)
		}
	}
	if len(absent) == 0 {
		return ""
	}
	return " The project's build also includes headers from directories that are not here (" +
		strings.Join(absent, ", ") + "): install what has them."
}

// maxAbsent bounds how many absent directories advice names.
const maxAbsent = 3

// packageAdvice says which package provides a header, for one package manager, or for all if none is known.
func (f *Finder) packageAdvice(header, manager string) string {
	header = filepath.ToSlash(header)
	i := slices.IndexFunc(headerPackages, func(p headerPackage) bool {
		if p.installed != "" && f.hostHeader(p.installed) != "" {
			return false
		}
		return slices.ContainsFunc(p.prefixes, func(prefix string) bool {
			return strings.HasPrefix(header, prefix) || header == prefix || prefix == kernelTypesHeader &&
				path.Base(header) == prefix
		})
	})
	if i < 0 {
		return "Add the directory that holds it to " + f.settings.Named().Flags + " or to the flags in " +
			project.ConfigName + "; a generated header requires the project's build first."
	}
	p := headerPackages[i]
	var commands []string
	for _, c := range installCommands {
		if name := p.names[c.key]; name != "" && (manager == "" || manager == c.key) {
			commands = append(commands, c.command+" "+name)
		}
	}
	parts := []string{"It belongs to " + p.owner + "."}
	if len(commands) > 0 {
		parts[0] = "It belongs to " + p.owner + ": " + strings.Join(commands, ", or ") + "."
	}
	if p.also != "" {
		parts = append(parts, p.also)
	}
	return strings.Join(parts, " ")
}

// distributions maps a system's ID or ID_LIKE to its package manager.
var distributions = map[string]string{"debian": "apt", "ubuntu": "apt", "fedora": "dnf", "rhel": "dnf", "centos": "dnf",
	"arch": "pacman", "suse": "zypper",
	"opensuse": "zypper", "alpine": "apk"}

// packageManager returns the package manager of this system, empty if it is unknown.
func packageManager() string {
	if runtime.GOOS == "darwin" {
		return "brew"
	}
	f, err := os.Open("/etc/os-release")
	if err != nil {
		return ""
	}
	defer f.Close()
	var like []string
	for lines := bufio.NewScanner(f); lines.Scan(); {
		key, value, _ := strings.Cut(lines.Text(), "=")
		switch value = strings.Trim(value, `"'`); key {
		case "ID":
			like = append([]string{value}, like...)
		case "ID_LIKE":
			like = append(like, strings.Fields(value)...)
		}
	}
	for _, id := range like {
		if manager := distributions[id]; manager != "" {
			return manager
		}
	}
	return ""
}

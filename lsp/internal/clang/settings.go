// SPDX-License-Identifier: GPL-2.0-only

package clang

import (
	"cmp"
	"context"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/bpf-lsp/bpf-lsp/lsp/internal/project"
)

// Limits that apply where Settings leaves a field zero.
const (
	defaultTimeout     = 60 * time.Second
	defaultMemoryBytes = 4 << 30
)

// Settings say how C files are built. The zero value finds everything by itself.
type Settings struct {
	// Path is the clang to run: a file name or a name looked up on PATH. Empty means the highest clang-N found, else clang.
	Path string
	// Flags are added to the default flags for every file; when not empty, discovery of the project's own flags is skipped.
	Flags []string
	// Root is the directory the search for headers and flags may not leave, and what relative Flags are relative to. Empty means
	// the nearest directory above the file that looks like the top of a project.
	Root string
	// Arch is the kernel's name of the target architecture (x86, arm64, …), for __TARGET_ARCH_…; empty means this machine's.
	Arch string
	// Trusted allows a project to name the compiler and to pass flags that load code into it.
	Trusted bool
	// Timeout ends a single run of clang; 0 means one minute.
	Timeout time.Duration
	// MemoryBytes limits the address space of clang where the system can; 0 means 4 GiB.
	MemoryBytes uint64
	// Headers gives a directory that holds a vmlinux.h, for projects that include one but do not have it. Nil means there is none.
	Headers HeaderSource
	// Names are what the user calls the settings; the zero value stands for those of the command line.
	Names Names
	// CacheDir holds what is kept between runs; empty means the user's cache directory.
	CacheDir string
}

// Names are the settings that advice speaks of, as the user sets them.
type Names struct{ Path, Flags, Timeout string }

// Named is Names with a name for each setting.
func (s Settings) Named() Names {
	return Names{Path: cmp.Or(s.Names.Path, "--clang"), Flags: cmp.Or(s.Names.Flags, "the flags after --"), Timeout: cmp.Or(s.Names.Timeout, "--clang-timeout")}
}

// HeaderSource makes sure that a vmlinux.h exists and returns the directory it is in.
type HeaderSource func(ctx context.Context) (dir string, err error)

// TimeLimit is Timeout or its default.
func (s Settings) TimeLimit() time.Duration {
	if s.Timeout > 0 {
		return s.Timeout
	}
	return defaultTimeout
}

// MemoryLimit is MemoryBytes or its default.
func (s Settings) MemoryLimit() uint64 {
	if s.MemoryBytes > 0 {
		return s.MemoryBytes
	}
	return defaultMemoryBytes
}

// TargetArch is Arch or its default.
func (s Settings) TargetArch() string {
	if s.Arch != "" {
		return s.Arch
	}
	return project.KernelArch(runtime.GOARCH)
}

// Cache is CacheDir or its default.
func (s Settings) Cache() (string, error) {
	if s.CacheDir != "" {
		return s.CacheDir, nil
	}
	base, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(base, "bpf-lsp"), nil
}

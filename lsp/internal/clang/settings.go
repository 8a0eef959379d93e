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

// Defaults for zero fields of Settings.
const (
	defaultTimeout     = 60 * time.Second
	defaultMemoryBytes = 4 << 30
)

// Settings configure how C files are built. The zero value discovers everything.
type Settings struct {
	// Path is the clang to run: a file name, or a name to look up on PATH. Empty selects the highest clang-N, else
	// clang.
	Path string
	// Flags are added to the default flags of every file. If there are any, the project's own flags are not looked for.
	Flags []string
	// Root is the directory that the search for headers and flags may not leave, and the base of relative Flags. Empty
	// selects the nearest directory above the file that looks like the top of a project.
	Root string
	// Arch is the kernel's name of the target architecture (x86, arm64, …) for __TARGET_ARCH_…; empty selects this
	// machine's.
	Arch string
	// Trusted allows a project to name the compiler and to pass flags that load code into it.
	Trusted bool
	// Timeout limits a single run of clang; 0 selects one minute.
	Timeout time.Duration
	// MemoryBytes limits the address space of clang where the system can; 0 selects 4 GiB.
	MemoryBytes uint64
	// Headers provides a vmlinux.h for projects that include one but do not have it. Nil provides none.
	Headers HeaderSource
	// Names are the user's names of settings, for use in advice; empty ones are those of the command line.
	Names Names
	// CacheDir is the directory for files kept between runs; empty selects the user's cache directory.
	CacheDir string
}

// Names are the names of settings as the user writes them.
type Names struct{ Path, Flags, Timeout string }

// Named returns Names with defaults for empty ones.
func (s Settings) Named() Names {
	return Names{Path: cmp.Or(s.Names.Path, "--clang"), Flags: cmp.Or(s.Names.Flags, "the flags after --"),
		Timeout: cmp.Or(s.Names.Timeout, "--clang-timeout")}
}

// HeaderSource ensures that a vmlinux.h exists and returns its directory.
type HeaderSource func(ctx context.Context) (dir string, err error)

// TimeLimit returns Timeout or its default.
func (s Settings) TimeLimit() time.Duration {
	if s.Timeout > 0 {
		return s.Timeout
	}
	return defaultTimeout
}

// MemoryLimit returns MemoryBytes or its default.
func (s Settings) MemoryLimit() uint64 {
	if s.MemoryBytes > 0 {
		return s.MemoryBytes
	}
	return defaultMemoryBytes
}

// TargetArch returns Arch or its default.
func (s Settings) TargetArch() string {
	if s.Arch != "" {
		return s.Arch
	}
	return project.KernelArch(runtime.GOARCH)
}

// Cache returns CacheDir or its default.
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

// SPDX-License-Identifier: GPL-2.0-only

package check

import (
	"context"
	"runtime"
	"time"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/lsp/compile"
	"github.com/bpf-lsp/bpf-lsp/verifier"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// Settings say how units are checked. The zero value checks against the built-in kernel with whatever clang is found.
type Settings struct {
	Clang compile.Settings
	// KernelBTF is a file with the types of the kernel to check for: raw BTF such as /sys/kernel/btf/vmlinux, or an ELF file with a
	// .BTF section. Empty means the built-in types of Linux 6.18.
	KernelBTF string
	// KernelRelease is the release of that kernel, as uname -r prints it; empty means the built-in one's.
	KernelRelease string
	// KernelConfig is a file with that kernel's configuration, such as /proc/config.gz, for __kconfig externs. Empty means that the
	// configuration is not known: CONFIG_ externs are 0, and none is missing.
	KernelConfig string
	// Target is the release whose lifetime rules programs are judged by, whatever the types they are linked against.
	Target verifier.Target
	// Workers bounds how many programs are verified at once, those of all units together; 0 means the number of processors.
	Workers int
}

// Builder makes an object of a C file; *compile.Compiler is one.
type Builder interface {
	// BuildUnsaved compiles the texts that it is given in place of what is on disk.
	BuildUnsaved(ctx context.Context, file string, unsaved compile.Unsaved) (compile.Object, []diag.Diagnostic, error)
	// Version names the compiler of a command for people.
	Version(compile.Command) string
	// Knows reports whether the project itself says that a file is a BPF program.
	Knows(ctx context.Context, file string) bool
	// Forget has everything looked for anew that was found where files of the project lay.
	Forget()
}

// Loader makes programs of an object; program.Load is one.
type Loader func(elf []byte, o program.Options) (*program.Object, error)

// Verifier judges one program after the other; the method of a verifier.Verifier is one.
type Verifier func(p *program.Program, o verifier.Options) verifier.Result

// Checker checks units. Its stages can be replaced, which tests do, before the first Unit. Safe for concurrent use.
type Checker struct {
	Builder Builder
	Load    Loader
	// NewVerifier makes a Verifier for one worker, which uses it for all its programs of one unit.
	NewVerifier func() Verifier
	// Now measures the time a verification takes.
	Now func() time.Time

	kernel  kernelTypes
	config  kernelConfig
	target  verifier.Target
	workers int
	// slots has room for as many programs as are verified at once.
	slots chan struct{}
}

// New returns a Checker with the real stages.
func New(s Settings) *Checker {
	c := &Checker{Load: program.Load, NewVerifier: newVerifier, Now: time.Now, target: s.Target, workers: s.Workers}
	c.kernel.file, c.kernel.release = s.KernelBTF, s.KernelRelease
	c.config.file = s.KernelConfig
	if c.workers <= 0 {
		c.workers = runtime.GOMAXPROCS(0)
	}
	c.slots = make(chan struct{}, c.workers)
	cs := s.Clang
	if cs.Headers == nil {
		cs.Headers = c.kernel.headerSource(cs.CacheDir)
	}
	c.Builder = compile.New(cs)
	return c
}

func newVerifier() Verifier { return new(verifier.Verifier).Verify }

// Knows reports whether the project itself says that a file is a BPF program.
func (c *Checker) Knows(ctx context.Context, file string) bool { return c.Builder.Knows(ctx, file) }

// Forget has everything looked for anew that was found where files of the project lay.
func (c *Checker) Forget() { c.Builder.Forget() }

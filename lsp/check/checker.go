// SPDX-License-Identifier: GPL-2.0-only

package check

import (
	"cmp"
	"context"
	"runtime"
	"time"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/lsp/compile"
	"github.com/bpf-lsp/bpf-lsp/verifier"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// Settings configure how units are checked. The zero value checks against the built-in kernel with any clang found.
type Settings struct {
	Clang compile.Settings
	// KernelBTF is a file with the target kernel's types: raw BTF such as /sys/kernel/btf/vmlinux, or an ELF file with
	// a .BTF section. Empty selects the built-in types of Linux 6.18.
	KernelBTF string
	// KernelRelease is the release of that kernel, as uname -r prints it; empty selects the built-in kernel's.
	KernelRelease string
	// KernelConfig is a file with that kernel's configuration, such as /proc/config.gz, for __kconfig externs. If it is
	// empty the configuration is unknown: CONFIG_ externs are 0, and none is missing.
	KernelConfig string
	// Target is the release whose lifetime rules apply, whatever types the programs are linked against.
	Target verifier.Target
	// ProofTime bounds how long changes are tried: those of one fault, or those of all at once; 0 selects 20 seconds.
	ProofTime time.Duration
	// Workers bounds how many programs are verified at once, over all units; 0 selects the number of processors.
	Workers int
}

// Builder compiles C files; *compile.Compiler is one.
type Builder interface {
	// BuildUnsaved compiles the given texts instead of the files on disk.
	BuildUnsaved(ctx context.Context, file string, unsaved compile.Unsaved) (compile.Object, []diag.Diagnostic, error)
	// Version describes the compiler of a command for people.
	Version(compile.Command) string
	// Knows reports whether the project itself says that a file is a BPF program.
	Knows(ctx context.Context, file string) bool
	// Forget drops everything cached from project files.
	Forget()
}

// Loader loads the programs of an object; program.Load is one.
type Loader func(elf []byte, o program.Options) (*program.Object, error)

// Verifier verifies programs one after the other; the method of a verifier.Verifier is one.
type Verifier func(p *program.Program, o verifier.Options) verifier.Result

// Checker checks units. Tests may replace its stages before the first Unit. It is safe for concurrent use.
type Checker struct {
	Builder Builder
	Load    Loader
	// LoadLinked loads the programs of objects that a build links to one.
	LoadLinked func(parts []program.Part, o program.Options) (*program.Object, error)
	// NewVerifier returns a Verifier for one worker, which uses it for all its programs of one unit.
	NewVerifier func() Verifier
	// Now is the clock that measures verification times.
	Now func() time.Time

	parts   parts
	kernel  kernelTypes
	config  kernelConfig
	target  verifier.Target
	workers int
	// proofTime bounds how long changes are tried.
	proofTime time.Duration
	// slots bounds how many programs are verified at once.
	slots chan struct{}
}

// New returns a Checker with the real stages.
func New(s Settings) *Checker {
	c := &Checker{Load: program.Load, LoadLinked: program.LoadLinked, NewVerifier: newVerifier, Now: time.Now,
		target: s.Target, workers: s.Workers, proofTime: cmp.Or(s.ProofTime, proofTime)}
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

// Forget drops everything cached from project files.
func (c *Checker) Forget() {
	c.Builder.Forget()
	c.parts.forget()
}

// SPDX-License-Identifier: GPL-2.0-only

package compile

import (
	"context"

	"github.com/bpf-lsp/bpf-lsp/lsp/internal/clang"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/cures"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/flags"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/project"
)

// The types of this package that the rooms below it share.
type (
	// Settings say how C files are built. The zero value finds everything by itself.
	Settings = clang.Settings
	// Names are the settings that advice speaks of, as the user sets them.
	Names = clang.Names
	// HeaderSource makes sure that a vmlinux.h exists and returns the directory it is in.
	HeaderSource = clang.HeaderSource
	// Command is how one file is built.
	Command = clang.Command
	// Object is what a build gave.
	Object = clang.Object
	// Need is a flag that a file turned out to need besides those that were found for it.
	Need = clang.Need
	// Fault is why a file could not be built for a reason that is not in the file.
	Fault = clang.Fault
	// Unsaved are the texts of files that an editor holds and has not written, by absolute name.
	Unsaved = clang.Unsaved
	// Loader is what loads the object of a file.
	Loader = clang.Loader
	// Toolchain is the compiler that files are built with, and those that were looked at before it.
	Toolchain = clang.Toolchain
	// Step is one source of flags that was asked.
	Step = flags.Step
)

// Loaders.
const (
	LoaderUnknown = clang.LoaderUnknown
	LoaderLibbpf  = clang.LoaderLibbpf // libbpf, or a library that calls it
	LoaderOther   = clang.LoaderOther  // one that reads objects itself
)

// IsFault reports whether err says that a file could not be built for a reason outside of it, and which.
func IsFault(err error) (*Fault, bool) { return clang.IsFault(err) }

// Quote joins words as one would type them into a shell.
func Quote(words []string) string { return clang.Quote(words) }

// LibbpfVersion reads the version of the libbpf that a header belongs to from the header beside it, empty if that is not there.
func LibbpfVersion(header string) string { return cures.LibbpfVersion(header) }

// LinkedLicense is the license that a file without one gets when its project links its objects to one, and the file that has it.
func LinkedLicense(file string) (license, from string) { return project.LinkedLicense(file) }

// WithDirCache returns a context in which each directory is listed once. It is for many questions at once: what appears later is not
// seen in it.
func WithDirCache(ctx context.Context) context.Context { return project.WithDirCache(ctx) }

// WithVariant returns a context in which a file is built as one of its variants.
func WithVariant(ctx context.Context, name string) context.Context {
	return flags.WithVariant(ctx, name)
}

// Variants are the names of the sets of flags that the project file has for a file, in order; none if it is built in one way.
func (c *Compiler) Variants(ctx context.Context, file string) []string {
	return c.flags.Variants(ctx, file)
}

// Knows reports whether the project itself says, such as in a project file, a compilation database or a bpf2go line, that file is a
// BPF program. It starts no process.
func (c *Compiler) Knows(ctx context.Context, file string) bool { return c.flags.Knows(ctx, file) }

// Steps reports which sources were asked for the flags of a file, in their order.
func (c *Compiler) Steps(ctx context.Context, file string) []Step { return c.flags.Steps(ctx, file) }

// Toolchain chooses a compiler for a project that names none. The error is a *Fault with advice, or the context's.
func (c *Compiler) Toolchain(ctx context.Context) (Toolchain, error) {
	return c.compilers.Toolchain(ctx)
}

// Version is the first line of what the compiler of a command says about itself, empty if it was never asked.
func (c *Compiler) Version(cmd Command) string { return c.compilers.Version(cmd) }

// Includes lists every file that a command reads, those of the system included; nil if the file does not get through the preprocessor.
func (c *Compiler) Includes(ctx context.Context, cmd Command) []string {
	return c.compilers.Includes(ctx, cmd)
}

// MayExecute names what a build of the file may start besides compilers, in words.
func (c *Compiler) MayExecute(file string) []string {
	return append(c.cures.MayExecute(), c.flags.MayExecute(file)...)
}

// CacheDir is where what is made for builds is kept between runs.
func (c *Compiler) CacheDir() (string, error) { return c.settings.Cache() }

// Arch is the architecture that programs are built for, by the kernel's name.
func (c *Compiler) Arch() string { return c.settings.TargetArch() }

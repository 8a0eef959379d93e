// SPDX-License-Identifier: GPL-2.0-only

package compile

import (
	"context"

	"github.com/bpf-lsp/bpf-lsp/lsp/internal/clang"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/cures"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/flags"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/project"
)

// Types of the API that internal packages share.
type (
	// Settings configure how C files are built. The zero value discovers everything.
	Settings = clang.Settings
	// Names are the names of settings as the user writes them.
	Names = clang.Names
	// HeaderSource ensures that a vmlinux.h exists and returns its directory.
	HeaderSource = clang.HeaderSource
	// Command is the command line that compiles one file.
	Command = clang.Command
	// Object is the result of a build.
	Object = clang.Object
	// Need is a flag that a file requires in addition to those found for it.
	Need = clang.Need
	// Fault is a reason for a failed build that is not in the file itself.
	Fault = clang.Fault
	// Unsaved maps absolute file names to texts that the editor has not saved.
	Unsaved = clang.Unsaved
	// Loader is what loads the object of a file.
	Loader = clang.Loader
	// Toolchain is the compiler that files are built with, and those that were rejected before it.
	Toolchain = clang.Toolchain
	// Step is one source of flags that was asked.
	Step = flags.Step
	// Link is an object that a build makes of the objects of several files.
	Link = flags.Link
	// Extended is a file with programs whose functions another file's programs replace.
	Extended = flags.Extended
)

// Loaders.
const (
	LoaderUnknown = clang.LoaderUnknown
	LoaderLibbpf  = clang.LoaderLibbpf // libbpf, or a library that calls it
	LoaderOther   = clang.LoaderOther  // one that reads objects itself
)

// IsFault returns the Fault in err, if there is one.
func IsFault(err error) (*Fault, bool) { return clang.IsFault(err) }

// Quote joins words as one would type them into a shell.
func Quote(words []string) string { return clang.Quote(words) }

// BuildFiles returns the patterns of the names of files that say how others are compiled, except for Go files.
func BuildFiles() []string { return flags.BuildFiles() }

// LibbpfVersion returns the version of the libbpf that a header belongs to, from the header beside it, empty if
// unknown.
func LibbpfVersion(header string) string { return cures.LibbpfVersion(header) }

// LinkedLicense returns the license that a file without one gets if its project links its objects together, and the
// file that has it.
func LinkedLicense(file string) (license, from string) { return project.LinkedLicense(file) }

// WithDirCache returns a context in which each directory is listed once, and each project file is read once. Use it for
// many questions at once: later changes are not seen.
func WithDirCache(ctx context.Context) context.Context { return project.WithDirCache(ctx) }

// WithVariant returns a context in which a file is built as one of its variants.
func WithVariant(ctx context.Context, name string) context.Context {
	return flags.WithVariant(ctx, name)
}

// Variants returns the names of the variants that the project file has for a file, in order; none if it is built in one
// way.
func (c *Compiler) Variants(ctx context.Context, file string) []string {
	return c.flags.Variants(ctx, file)
}

// Linked returns the object that the project links the object of a file to, false if it is loaded by itself. If the
// file is certainly a part, build tools are asked as well, in trusted workspaces.
func (c *Compiler) Linked(ctx context.Context, file string, part bool) (Link, bool) {
	return c.flags.Linked(ctx, file, part)
}

// Extended returns what the project file says that the programs of a file extend.
func (c *Compiler) Extended(ctx context.Context, file string) []Extended {
	return c.flags.Extended(ctx, file)
}

// Knows reports whether the project says, for example in a project file, a compilation database or a bpf2go line, that
// file is a BPF program. It starts no process.
func (c *Compiler) Knows(ctx context.Context, file string) bool { return c.flags.Knows(ctx, file) }

// Steps reports which sources were asked for the flags of a file, in their order.
func (c *Compiler) Steps(ctx context.Context, file string) []Step { return c.flags.Steps(ctx, file) }

// Toolchain chooses a compiler for a project that names none. The error is a *Fault with advice, or the context's.
func (c *Compiler) Toolchain(ctx context.Context) (Toolchain, error) {
	return c.compilers.Toolchain(ctx)
}

// Version returns the first line of --version of the command's compiler, empty if it was never asked.
func (c *Compiler) Version(cmd Command) string { return c.compilers.Version(cmd) }

// Includes lists every file that a command reads, including system headers. It returns nil if preprocessing fails.
func (c *Compiler) Includes(ctx context.Context, cmd Command) []string {
	return c.compilers.Includes(ctx, cmd)
}

// MayExecute names the commands other than compilers that a build of the file may run.
func (c *Compiler) MayExecute(file string) []string {
	return append(c.cures.MayExecute(), c.flags.MayExecute(file)...)
}

// CacheDir returns the directory for files kept between runs.
func (c *Compiler) CacheDir() (string, error) { return c.settings.Cache() }

// Arch returns the kernel's name of the architecture that programs are built for.
func (c *Compiler) Arch() string { return c.settings.TargetArch() }

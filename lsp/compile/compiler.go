// SPDX-License-Identifier: GPL-2.0-only

package compile

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/clang"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/cures"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/disk"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/flags"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/project"
	"github.com/bpf-lsp/bpf-lsp/lsp/process"
)

// Compiler finds flags and builds files. It caches what is costly to find out: what each clang can do, parsed
// compilation databases, the output of build tools, and where missing headers were found. It is safe for concurrent
// use.
type Compiler struct {
	settings Settings

	projects  *project.Indexes
	compilers *clang.Compilers
	flags     *flags.Sources
	cures     *cures.Finder

	mu        sync.Mutex
	learned   map[string]learned      // by C file
	folders   map[string][]clang.Need // what a file needed to compile, by folder and flags
	forgotten int                     // how often Forget was called
}

// New returns a Compiler for the settings.
func New(s Settings) *Compiler {
	projects, compilers := project.New(s.Root), clang.New(s)
	return &Compiler{settings: s, projects: projects, compilers: compilers, flags: flags.New(s, projects),
		cures:   cures.New(s, projects, compilers),
		learned: map[string]learned{}, folders: map[string][]clang.Need{}}
}

// learned are the flags that a file requires in addition to those found for it.
type learned struct {
	args  []string // those found
	needs []clang.Need
}

// Forget drops everything cached from project files.
func (c *Compiler) Forget() {
	c.projects.Forget() // first: needs learned after c.forgotten changes must come from new indexes
	c.mu.Lock()
	defer c.mu.Unlock()
	c.forgotten++
	clear(c.learned)
	clear(c.folders)
}

// Find decides how file is built: by the settings, else by the first source that knows the file. Errors are *Fault or
// the context's.
func (c *Compiler) Find(ctx context.Context, file string) (Command, error) {
	file, err := filepath.Abs(file)
	if err != nil {
		return Command{}, &Fault{Problem: "The name of the file cannot be made absolute.", Err: err}
	}
	f, err := c.flags.Find(ctx, file)
	if err != nil {
		return Command{}, err
	}
	if strings.ContainsAny(f.Compiler, `/\`) {
		f.Compiler = disk.AbsIn(f.Dir, f.Compiler) // relative to the directory of the source, not of this process
	}
	compiler, err := c.compilers.Pick(ctx, f.Compiler)
	if err != nil {
		return Command{}, err
	}
	var libbpf []string
	if f.Guessed {
		libbpf, err = c.cures.ProjectLibbpf(ctx, file)
		if ctx.Err() != nil {
			return Command{}, ctx.Err()
		}
		if err == nil && len(libbpf) > 0 {
			f.Args = append(f.Args, "-I"+libbpf[0])
		}
	}
	if slices.ContainsFunc(f.Args, clang.LacksVersion) {
		f.Args = clang.FillVersions(f.Args, map[string]string{
			"clang":  c.compilers.Version(Command{Clang: compiler.Path}),
			"libbpf": c.cures.LibbpfVersionFor(ctx, libbpf)})
	}
	args := c.flags.Normalise(f, file)
	for _, dir := range compiler.HostIncludes {
		args = append(args, "-idirafter", dir)
	}
	return Command{File: file, Clang: compiler.Path, Dir: f.Dir, Args: args, Source: f.Source, Origin: f.Origin,
		Loader: c.flags.LoaderOf(f, file), Libbpf: libbpf}, nil
}

// Build finds the flags of file and compiles it.
func (c *Compiler) Build(ctx context.Context, file string) (Object, []diag.Diagnostic, error) {
	return c.BuildUnsaved(ctx, file, nil)
}

// Run runs the command. It looks for missing flags and adds them, because a fresh checkout lacks what a build would
// have set up. Clang's messages become diagnostics even if the file does not compile. The error, a *Fault or the
// context's, is only for failures not caused by the file. With an error the object holds nothing but dependencies, if
// they are known.
func (c *Compiler) Run(ctx context.Context, cmd Command) (Object, []diag.Diagnostic, error) {
	return c.run(ctx, cmd, nil)
}

func (c *Compiler) run(ctx context.Context, cmd Command, unsaved Unsaved) (Object, []diag.Diagnostic, error) {
	dir, err := process.MakeTemporary()
	if err != nil {
		return Object{}, nil, clang.NoTemporary(err)
	}
	defer os.RemoveAll(dir)
	texts, err := unsaved.Write(dir)
	if err != nil {
		return Object{}, nil, err
	}
	s := search{c: c, cmd: cmd, plain: cmd.Args, texts: texts, dir: dir}
	return s.run(project.WithDirCache(ctx))
}

// BuildUnsaved builds like Build, but reads unsaved texts where there are any.
func (c *Compiler) BuildUnsaved(ctx context.Context, file string, unsaved Unsaved) (Object, []diag.Diagnostic, error) {
	cmd, err := c.Find(ctx, file)
	if err != nil {
		return Object{}, nil, err
	}
	return c.run(ctx, cmd, unsaved)
}

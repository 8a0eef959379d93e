// SPDX-License-Identifier: GPL-2.0-only

package compile

import (
	"context"
	"os"
	"path/filepath"
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

// Compiler finds flags and builds files. It remembers between files what is costly to find out: what each clang can do, parsed
// compilation databases, what build tools said, and which directories a file's missing headers were found in. Safe for concurrent use.
type Compiler struct {
	settings Settings

	projects  *project.Indexes
	compilers *clang.Compilers
	flags     *flags.Sources
	cures     *cures.Finder

	mu        sync.Mutex
	learned   map[string]learned      // by C file
	folders   map[string][]clang.Need // what a file of a folder needed that compiled, by folder and flags
	forgotten int                     // how often Forget was called
}

// New returns a Compiler for the settings.
func New(s Settings) *Compiler {
	projects, compilers := project.New(s.Root), clang.New(s)
	return &Compiler{settings: s, projects: projects, compilers: compilers, flags: flags.New(s, projects), cures: cures.New(s, projects, compilers),
		learned: map[string]learned{}, folders: map[string][]clang.Need{}}
}

// learned are the flags that a file turned out to need besides those that were found for it.
type learned struct {
	args  []string // those that were found
	needs []clang.Need
}

// Forget has everything looked for anew that was found where files of the project lay, as they do not lie there any more, or nearer ones
// have appeared.
func (c *Compiler) Forget() {
	c.projects.Forget() // first, as what is learned after c.forgotten has changed must come of new indexes
	c.mu.Lock()
	defer c.mu.Unlock()
	c.forgotten++
	clear(c.learned)
	clear(c.folders)
}

// Find decides how file is built: by the settings, else by the first source that knows the file. Errors are *Fault or the context's.
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
		f.Compiler = disk.AbsIn(f.Dir, f.Compiler) // the source means its own directory, not this process's
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
	args := flags.Normalise(f, file, c.settings.Trusted)
	for _, dir := range compiler.HostIncludes {
		args = append(args, "-idirafter", dir)
	}
	return Command{File: file, Clang: compiler.Path, Dir: f.Dir, Args: args, Source: f.Source, Origin: f.Origin, Loader: c.flags.LoaderOf(f, file), Libbpf: libbpf}, nil
}

// Build finds the flags of file and compiles it.
func (c *Compiler) Build(ctx context.Context, file string) (Object, []diag.Diagnostic, error) {
	return c.BuildUnsaved(ctx, file, nil)
}

// Run compiles as the command says. Where flags turn out to be missing they are looked for and added, because a fresh checkout lacks
// what its build would have set up. Clang's messages come back as diagnostics even if the file does not compile; the error, a *Fault or
// the context's, is only for what is not the file's doing. With an error the object has no more than dependencies, if any are known.
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

// BuildUnsaved builds as Build does, from the editor's texts where there are any.
func (c *Compiler) BuildUnsaved(ctx context.Context, file string, unsaved Unsaved) (Object, []diag.Diagnostic, error) {
	cmd, err := c.Find(ctx, file)
	if err != nil {
		return Object{}, nil, err
	}
	return c.run(ctx, cmd, unsaved)
}

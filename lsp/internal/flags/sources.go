// SPDX-License-Identifier: GPL-2.0-only

package flags

import (
	"context"
	"errors"
	"path/filepath"

	"github.com/bpf-lsp/bpf-lsp/lsp/internal/clang"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/project"
)

// Sources are the places that flags come from. They remember what is costly to find out, such as parsed compilation databases and what
// build tools said, and are safe for concurrent use.
type Sources struct {
	settings clang.Settings
	projects *project.Indexes
	rows     []source
}

// New returns the sources. They are asked in this order, and the first one that knows a file wins: what is written for this very file
// before what is written for its directory, and what people wrote before what is guessed.
func New(settings clang.Settings, projects *project.Indexes) *Sources {
	s := &Sources{settings: settings, projects: projects}
	s.rows = []source{
		{name: project.ConfigName, find: s.fromProjectFile, tells: true},
		{name: project.DatabaseName, find: newDatabases().find, tells: true, clangd: true},
		{name: bpf2goName, find: s.fromBPF2Go, tells: true, loader: clang.LoaderOther},
		{name: flagsFileName, find: s.fromFlagsFile, clangd: true},
		{name: "dry run of ninja or make", find: newDryRuns(projects).find, executes: true},
		{name: buildScriptName, find: s.fromBuildScript, tells: true, loader: clang.LoaderLibbpf},
		{name: "defaults", find: s.fromDefaults, clangd: true},
	}
	return s
}

// Found is what one source of flags knows: words as written there, not yet normalised.
type Found struct {
	Compiler string   // the project's compiler, empty if the source names none
	Dir      string   // directory relative names are relative to
	Args     []string // flags; may contain the file itself
	Source   string
	Origin   string
	variants map[string][]string // sets of flags, each of which makes another object
	Guessed  bool                // nobody chose the directories to include from
	loader   clang.Loader
}

// errNotHere is how a source of flags says that it does not know the file.
var errNotHere = errors.New("no flags for this file")

// source is one place that flags can come from.
type source struct {
	name string // for people
	find func(context.Context, string) (Found, error)
	// tells: what it knows a file by says that the file is a BPF program; the others know any C file that lies right.
	tells bool
	// executes: it runs what the project says, so it needs trust.
	executes bool
	// clangd: the file .clangd changes what it finds, as clangd itself would have it.
	clangd bool
	// loader loads the objects of files that it knows, if that is sure.
	loader clang.Loader
}

// ask asks one source for the flags of a file. One that would execute something is not asked in a workspace that is not trusted.
func (s *Sources) ask(ctx context.Context, row *source, file string) (Found, error) {
	if row.executes && !s.settings.Trusted {
		return Found{}, errNotHere
	}
	f, err := row.find(ctx, file)
	if err == nil {
		f.loader = row.loader
	}
	return f, err
}

// Knows reports whether the project itself says, such as in a project file, a compilation database or a bpf2go line, that file is a
// BPF program. It starts no process.
func (s *Sources) Knows(ctx context.Context, file string) bool {
	file, err := filepath.Abs(file)
	if err != nil {
		return false
	}
	ctx = project.WithDirCache(ctx)
	for i := range s.rows {
		if !s.rows[i].tells {
			continue
		}
		if _, err := s.ask(ctx, &s.rows[i], file); err == nil {
			return true
		}
	}
	return false
}

// Find returns what the settings say of a file, else the first source that knows it. Errors are *clang.Fault or the context's.
func (s *Sources) Find(ctx context.Context, file string) (Found, error) {
	if len(s.settings.Flags) > 0 {
		dir := s.settings.Root
		if dir == "" {
			dir = filepath.Dir(file)
		}
		return Found{Dir: dir, Args: append(s.defaultFlags(), s.settings.Flags...), Source: "settings"}, nil
	}
	ctx = project.WithDirCache(ctx)
	for i := range s.rows {
		f, err := s.ask(ctx, &s.rows[i], file)
		switch {
		case errors.Is(err, errNotHere):
			continue
		case err != nil || !s.rows[i].clangd:
			return f, err
		}
		return applyClangd(f, file)
	}
	return Found{}, &clang.Fault{Problem: "No flags were found for the file."}
}

// defaultFlags build nearly every BPF program that needs no definitions of its own: libbpf's examples and bpf2go's alike.
func (s *Sources) defaultFlags() []string { return s.defaultFlagsFor("") }

func (s *Sources) defaultFlagsFor(arch string) []string {
	if arch == "" {
		arch = s.settings.TargetArch()
	}
	return []string{"-g", "-O2", "-target", "bpf", "-D__TARGET_ARCH_" + arch, "-Wall", "-Wno-compare-distinct-pointer-types", "-Wno-unused-function"}
}

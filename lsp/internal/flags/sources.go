// SPDX-License-Identifier: GPL-2.0-only

package flags

import (
	"cmp"
	"context"
	"errors"
	"path/filepath"

	"github.com/bpf-lsp/bpf-lsp/lsp/internal/clang"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/project"
)

// Sources finds the flags of files. It caches what is costly to find out, such as parsed compilation databases and the
// output of build tools, and is safe for concurrent use.
type Sources struct {
	settings clang.Settings
	projects *project.Indexes
	rows     []source
	dry      *dryRuns
}

// New returns the sources in the order in which they are asked. The first one that knows a file wins: flags for this
// very file before flags for its directory, and written flags before guesses.
func New(settings clang.Settings, projects *project.Indexes) *Sources {
	s := &Sources{settings: settings, projects: projects, dry: newDryRuns(projects)}
	s.rows = []source{
		{name: project.ConfigName, files: []string{project.ConfigName}, find: s.fromProjectFile, bpfOnly: true},
		{name: project.DatabaseName, files: []string{project.DatabaseName}, find: newDatabases().find, bpfOnly: true,
			clangd: true},
		{name: bpf2goName, find: s.fromBPF2Go, bpfOnly: true, loader: clang.LoaderOther},
		{name: flagsFileName, files: []string{flagsFileName}, find: s.fromFlagsFile, clangd: true},
		{name: "dry run of ninja or make", files: []string{"build.ninja", "*akefile*", "*.mk"},
			find: s.dry.find, executes: true},
		{name: buildScriptName, files: []string{buildScriptName}, find: s.fromBuildScript, bpfOnly: true,
			loader: clang.LoaderLibbpf},
		{name: "defaults", files: []string{"CMakeLists.txt", "meson.build"}, find: s.fromDefaults, clangd: true},
	}
	return s
}

// BuildFiles returns the patterns of the names of files that say how others are compiled, except for Go files, of which
// only those with a bpf2go line do.
func BuildFiles() []string {
	patterns := []string{clangdFileName}
	for _, row := range New(clang.Settings{}, nil).rows {
		patterns = append(patterns, row.files...)
	}
	return patterns
}

// Found is the answer of a source: words as written there, not yet normalised.
type Found struct {
	Compiler string   // the project's compiler, empty if the source names none
	Dir      string   // the base of relative names
	Args     []string // flags; may contain the file itself
	Source   string   // empty for the name of the source
	Origin   string
	variants map[string][]string // sets of flags, each of which makes another object
	Guessed  bool                // nobody chose the include directories
	loader   clang.Loader
}

// errNotHere is returned by a source that does not know the file.
var errNotHere = errors.New("no flags for this file")

// source is one place that flags may come from.
type source struct {
	name string // for people
	// files are patterns of the files that it reads, all but Go files. A change of one requires new checks below it.
	files []string
	find  func(context.Context, string) (Found, error)
	// bpfOnly sources know only files that are BPF programs; the others know any C file at the right place.
	bpfOnly bool
	// executes is set if the source runs code of the project, which requires trust.
	executes bool
	// clangd is set if .clangd files change the result, as they do for clangd itself.
	clangd bool
	// loader is what loads the objects of files that the source knows, if that is certain.
	loader clang.Loader
}

// ask asks one source for the flags of a file. It does not ask a source that executes something in an untrusted
// workspace.
func (s *Sources) ask(ctx context.Context, row *source, file string) (Found, error) {
	if row.executes && !s.settings.Trusted {
		return Found{}, errNotHere
	}
	f, err := row.find(ctx, file)
	if err == nil {
		f.loader, f.Source = row.loader, cmp.Or(f.Source, row.name)
	}
	return f, err
}

// Knows reports whether the project says, for example in a project file, a compilation database or a bpf2go line, that
// file is a BPF program. It starts no process.
func (s *Sources) Knows(ctx context.Context, file string) bool {
	file, err := filepath.Abs(file)
	if err != nil {
		return false
	}
	ctx = project.WithDirCache(ctx)
	for i := range s.rows {
		if !s.rows[i].bpfOnly {
			continue
		}
		if _, err := s.ask(ctx, &s.rows[i], file); err == nil {
			return true
		}
	}
	return false
}

// Find returns the flags from the settings, else from the first source that knows the file. Errors are *clang.Fault or
// the context's.
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

// defaultFlags build nearly every BPF program that needs no definitions of its own, such as libbpf's examples and
// bpf2go's.
func (s *Sources) defaultFlags() []string { return s.defaultFlagsFor("") }

func (s *Sources) defaultFlagsFor(arch string) []string {
	if arch == "" {
		arch = s.settings.TargetArch()
	}
	return []string{"-g", "-O2", "-target", "bpf", "-D__TARGET_ARCH_" + arch, "-Wall",
		"-Wno-compare-distinct-pointer-types", "-Wno-unused-function"}
}

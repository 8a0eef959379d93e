// SPDX-License-Identifier: GPL-2.0-only

package clang

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// SourceBPF2Go is the Source of commands that bpf2go runs, for objects that cilium/ebpf loads.
const SourceBPF2Go = "go:generate bpf2go"

// Compiler finds flags and builds files. It remembers between files what is costly to find out: what each clang can do, parsed
// compilation databases, what build tools said, and which directories a file's missing headers were found in. Safe for concurrent use.
type Compiler struct {
	settings Settings

	mu        sync.Mutex
	probes    map[string]probe
	databases map[string]database
	dryRuns   map[string]dryRun
	indexes   map[string]*index  // by the top of the project
	learned   map[string]learned // by C file
	folders   map[string][]Need  // what a file of a folder needed that compiled, by folder and flags
	forgotten int                // how often Forget was called
}

// New returns a Compiler for the settings.
func New(s Settings) *Compiler {
	return &Compiler{
		settings:  s,
		probes:    map[string]probe{},
		databases: map[string]database{},
		dryRuns:   map[string]dryRun{},
		indexes:   map[string]*index{},
		learned:   map[string]learned{},
		folders:   map[string][]Need{},
	}
}

// learned are the flags that a file turned out to need besides those that were found for it.
type learned struct {
	args  []string // those that were found
	needs []Need
}

// Forget has everything looked for anew that was found where files of the project lay, as they do not lie there any more, or nearer ones
// have appeared.
func (c *Compiler) Forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.forgotten++
	clear(c.learned)
	clear(c.folders)
	clear(c.indexes)
}

// found is what one source of flags knows: words as written there, not yet normalised.
type found struct {
	compiler string   // the project's compiler, empty if the source names none
	dir      string   // directory relative names are relative to
	args     []string // flags; may contain the file itself
	source   string
	origin   string
	variants map[string][]string // sets of flags, each of which makes another object
	guessed  bool                // nobody chose the directories to include from
}

// errNotHere is how a source of flags says that it does not know the file.
var errNotHere = errors.New("no flags for this file")

// source is one place that flags can come from.
type source struct {
	name string // for people
	find func(context.Context, string) (found, error)
	// tells: what it knows a file by says that the file is a BPF program; the others know any C file that lies right.
	tells bool
	// executes: it runs what the project says, so it needs trust.
	executes bool
	// clangd: the file .clangd changes what it finds, as clangd itself would have it.
	clangd bool
}

// sources are asked in this order, and the first one that knows a file wins: what is written for this very file before what is
// written for its directory, and what people wrote before what is guessed.
func (c *Compiler) sources() []source {
	return []source{
		{name: projectFileName, find: c.fromProjectFile, tells: true},
		{name: databaseFileName, find: c.fromCompileCommands, tells: true, clangd: true},
		{name: SourceBPF2Go, find: c.fromBPF2Go, tells: true},
		{name: flagsFileName, find: c.fromFlagsFile, clangd: true},
		{name: "dry run of ninja or make", find: c.fromDryRun, executes: true},
		{name: buildScriptName, find: c.fromBuildScript, tells: true},
		{name: "defaults", find: c.fromDefaults, clangd: true},
	}
}

// Find decides how file is built: by the settings, else by the first source that knows the file. Errors are *Fault or the context's.
func (c *Compiler) Find(ctx context.Context, file string) (Command, error) {
	file, err := filepath.Abs(file)
	if err != nil {
		return Command{}, &Fault{Problem: "The name of the file cannot be made absolute.", Err: err}
	}
	f, err := c.flags(ctx, file)
	if err != nil {
		return Command{}, err
	}
	if strings.ContainsAny(f.compiler, `/\`) {
		f.compiler = absIn(f.dir, f.compiler) // the source means its own directory, not this process's
	}
	clang, err := c.pick(ctx, f.compiler)
	if err != nil {
		return Command{}, err
	}
	var libbpf []string
	if f.guessed {
		libbpf, err = c.projectLibbpf(ctx, file)
		if ctx.Err() != nil {
			return Command{}, ctx.Err()
		}
		if err == nil && len(libbpf) > 0 {
			f.args = append(f.args, "-I"+libbpf[0])
		}
	}
	args := normalise(f, file, c.settings.Trusted)
	for _, dir := range clang.hostIncludes {
		args = append(args, "-idirafter", dir)
	}
	return Command{File: file, Clang: clang.path, Dir: f.dir, Args: args, Source: f.source, Origin: f.origin, Loader: c.loaderOf(f, file), libbpf: libbpf}, nil
}

// Knows reports whether the project itself says, such as in a project file, a compilation database or a bpf2go line, that file is a
// BPF program. It starts no process.
func (c *Compiler) Knows(ctx context.Context, file string) bool {
	file, err := filepath.Abs(file)
	if err != nil {
		return false
	}
	ctx = WithListing(ctx)
	for _, s := range c.sources() {
		if !s.tells {
			continue
		}
		if _, err := s.find(ctx, file); err == nil {
			return true
		}
	}
	return false
}

func (c *Compiler) flags(ctx context.Context, file string) (found, error) {
	if len(c.settings.Flags) > 0 {
		dir := c.settings.Root
		if dir == "" {
			dir = filepath.Dir(file)
		}
		return found{dir: dir, args: append(c.defaultFlags(), c.settings.Flags...), source: "settings"}, nil
	}
	ctx = WithListing(ctx)
	for _, s := range c.sources() {
		f, err := s.find(ctx, file)
		switch {
		case errors.Is(err, errNotHere):
			continue
		case err != nil || !s.clangd:
			return f, err
		}
		return applyClangd(f, file)
	}
	return found{}, &Fault{Problem: "No flags were found for the file."}
}

// root is the top of the project file is in: the setting, else the nearest directory above under version control, else the nearest with
// a build marker, else the file's own directory. A repository may hold several modules, which include each other's headers.
func (c *Compiler) root(file string) string {
	dir := filepath.Dir(file)
	if r := c.settings.Root; r != "" && within(r, dir) {
		return r
	}
	for d := range ancestors(dir) {
		if hasMarker(d, versionControl) {
			return d
		}
	}
	for d := range ancestors(dir) {
		if isTop(d) {
			return d
		}
	}
	return dir
}

// versionControl are the names by which the top of a repository is known.
var versionControl = []string{".git", ".hg", ".svn"}

// isTop tells a directory that looks like the top of a project.
func isTop(dir string) bool {
	return hasMarker(dir, versionControl) || hasMarker(dir, []string{projectFileName, "go.mod", databaseFileName})
}

func hasMarker(dir string, names []string) bool {
	return slices.ContainsFunc(names, func(marker string) bool {
		_, err := os.Lstat(filepath.Join(dir, marker))
		return err == nil
	})
}

func within(root, dir string) bool {
	rel, err := filepath.Rel(root, dir)
	return err == nil && filepath.IsLocal(rel)
}

// ancestors yields dir and every directory above it, up to one that everybody may write to, such as /tmp: what others leave there is not part
// of the projects below it.
func ancestors(dir string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for {
			if !yield(dir) {
				return
			}
			up := filepath.Dir(dir)
			if up == dir || isShared(up) {
				return
			}
			dir = up
		}
	}
}

// isShared reports whether a directory is one that everybody may write to.
func isShared(dir string) bool {
	info, err := os.Stat(dir)
	return err == nil && info.Mode()&fs.ModeSticky != 0 && info.Mode().Perm()&0o002 != 0
}

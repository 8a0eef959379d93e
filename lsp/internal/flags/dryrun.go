// SPDX-License-Identifier: GPL-2.0-only

package flags

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"mvdan.cc/sh/v3/syntax"

	"github.com/bpf-lsp/bpf-lsp/lsp/internal/disk"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/project"
	"github.com/bpf-lsp/bpf-lsp/lsp/process"
)

// Dry runs are optional, and a save waits for them.
const (
	dryRunTimeout = 10 * time.Second
	dryRunBytes   = 1 << 30 // of memory
	// dryRunAgain is how long a failed run is cached. Its cause may not be in a build file, such as a missing tool or a
	// busy machine, but a save cannot wait for a run each time.
	dryRunAgain = time.Minute
)

// dryRun is the output of a build tool in one directory.
type dryRun struct {
	stamp    string   // of the build files it read
	sources  []string // that it was asked about
	commands []buildCommand
	links    []linkCommand
	// failed is the time of a failed run, zero for a complete one; failures counts consecutive failures.
	failed   time.Time
	failures int
}

// fresh reports whether a run is still valid. The more runs have failed in a row, the longer the last one is kept.
func (r *dryRun) fresh(now time.Time) bool {
	return r.failed.IsZero() || now.Sub(r.failed) < dryRunAgain<<min(r.failures-1, 5)
}

// buildCommand is one call of clang for BPF, with its working directory.
type buildCommand struct {
	dir   string
	words []string
}

// buildTool can be asked what it would do.
type buildTool struct {
	name    string
	files   []string // the tool reads the first of these in a directory
	mention string   // text that the file must contain to be worth asking about
	below   []string // directories to look in besides those above a source
	args    func(sources []string) []string
}

// buildTools in the order they are asked. Ninja prints the commands of the whole graph. Make prints commands for what
// is out of date, so all BPF sources are declared newer than their objects, and missing files do not end the run. V=1,
// VERBOSE=1 and an empty Q disable the quiet rules of makefiles.
var buildTools = []buildTool{
	{name: "ninja", files: []string{"build.ninja"}, mention: "bpf", below: databaseDirs,
		args: func([]string) []string { return []string{"-t", "commands"} }},
	{name: "make", files: []string{"GNUmakefile", "makefile", "Makefile"}, mention: "bpf", below: []string{"."},
		args: func(sources []string) []string {
			args := []string{"-n", "-k", "-w", "V=1", "VERBOSE=1", "Q="}
			for _, s := range sources {
				args = append(args, "-W", s)
			}
			return args
		}},
}

// dryRuns caches dry runs by tool and build file.
type dryRuns struct {
	projects *project.Indexes

	mu   sync.Mutex
	runs map[string]dryRun
}

func newDryRuns(projects *project.Indexes) *dryRuns {
	return &dryRuns{projects: projects, runs: map[string]dryRun{}}
}

// find knows a file if a build tool, asked what it would do, prints a command that compiles it for BPF. Even a dry run
// executes code of the project: make rebuilds included makefiles and expands $(shell). So it requires a trusted
// workspace.
func (d *dryRuns) find(ctx context.Context, file string) (Found, error) {
	root := d.projects.Root(file)
	for _, tool := range buildTools {
		path, err := exec.LookPath(tool.name)
		if err != nil {
			continue
		}
		for dir := range disk.Ancestors(filepath.Dir(file)) {
			for _, name := range tool.find(dir) {
				f, err := d.askTool(ctx, tool, path, name, file)
				if !errors.Is(err, errNotHere) {
					return f, err
				}
			}
			if dir == root {
				break
			}
		}
	}
	return Found{}, errNotHere
}

// find lists the build files of a directory that the tool should be asked about. It skips the top of a kernel tree,
// whose dry run takes minutes and leaves out the selftests.
func (t *buildTool) find(dir string) []string {
	if _, err := os.Stat(filepath.Join(dir, "Kbuild")); err == nil {
		return nil
	}
	var out []string
	listed := project.DirCacheOf(context.Background())
	for _, pattern := range t.below {
		for _, base := range t.files {
			names := slices.DeleteFunc(listed.Glob(dir, filepath.Join(pattern, base)), func(name string) bool {
				text, err := disk.ReadText(name, disk.MaxGraph)
				return err != nil || !strings.Contains(strings.ToLower(string(text)), t.mention)
			})
			if len(names) > 0 {
				out = append(out, names...)
				break
			}
		}
	}
	return out
}

func (d *dryRuns) askTool(ctx context.Context, tool buildTool, path, buildFile, file string) (Found, error) {
	r, err := d.run(ctx, tool, path, buildFile, file)
	if err != nil {
		return Found{}, err
	}
	for _, cmd := range r.commands {
		if slices.ContainsFunc(cmd.words, func(w string) bool { return isSource(w, cmd.dir, file) }) {
			return Found{Compiler: cmd.words[0], Dir: cmd.dir, Args: cmd.words[1:], Source: tool.name + " dry run",
				Origin: buildFile}, nil
		}
	}
	return Found{}, errNotHere
}

// run asks a tool once per version of the build files. A run that times out counts as empty. A failed one, as in a
// fresh checkout, counts with what it printed. Both are cached for a while only, and a run ended by a signal is not
// cached.
func (d *dryRuns) run(ctx context.Context, tool buildTool, path, buildFile, file string) (dryRun, error) {
	dir := filepath.Dir(buildFile)
	key, root := tool.name+"\x00"+buildFile, d.projects.Root(file)
	d.mu.Lock()
	before, ok := d.runs[key]
	d.mu.Unlock()
	if ok && before.fresh(time.Now()) && slices.Contains(before.sources, relativeTo(dir, file)) &&
		before.stamp == buildStamp(dir, root) {
		return before, nil
	}
	sources := bpfSources(dir, file)
	timed, cancel := context.WithTimeout(ctx, dryRunTimeout)
	defer cancel()
	env := process.WithEnv(os.Environ(), map[string]string{"LC_ALL": "C", "MAKEFLAGS": "", "MAKELEVEL": "",
		"GIT_TERMINAL_PROMPT": "0"})
	out, err := process.Run(timed, process.Job{Path: path, Dir: dir, Args: tool.args(sources), Env: env,
		MemoryBytes: dryRunBytes})
	if ctx.Err() != nil {
		return dryRun{}, ctx.Err()
	}
	r := dryRun{sources: sources}
	if err == nil {
		r.commands, r.links = readCommands(string(out.Stdout), dir)
	}
	if err != nil || out.Status != 0 {
		r.failed, r.failures = time.Now(), before.failures+1
	}
	// The stamp is taken after the run, which may rebuild makefiles.
	r.stamp = buildStamp(dir, root)
	if timed.Err() != nil || err == nil && out.Status >= 0 {
		d.mu.Lock()
		d.runs[key] = r
		d.mu.Unlock()
	}
	return r, nil
}

// maxDryRunSources bounds the length of a command line.
const maxDryRunSources = 500

// bpfSources lists the C files below dir that are BPF programs by name, and file itself, relative to dir as makefiles
// write them.
func bpfSources(dir, file string) []string {
	seen := map[string]bool{relativeTo(dir, file): true}
	_ = filepath.WalkDir(dir, func(name string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return nil
		case len(seen) >= maxDryRunSources:
			return fs.SkipAll
		case e.IsDir() && (project.SkippedDirs[e.Name()] || name != dir && strings.HasPrefix(e.Name(), ".")):
			return fs.SkipDir
		case strings.HasSuffix(name, ".bpf.c"):
			seen[relativeTo(dir, name)] = true
		}
		return nil
	})
	out := make([]string, 0, len(seen))
	for name := range seen {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

func relativeTo(dir, file string) string {
	rel, err := filepath.Rel(dir, file)
	if err != nil {
		return filepath.ToSlash(file)
	}
	return filepath.ToSlash(rel)
}

// buildStamp changes with the build files in a directory and above it, up to the top of the project.
func buildStamp(dir, root string) string {
	var b strings.Builder
	listed := project.DirCacheOf(context.Background())
	for d := range disk.Ancestors(dir) {
		for _, pattern := range []string{"*akefile*", "*.mk", "build.ninja", "lib/*.mk"} {
			for _, name := range listed.Glob(d, pattern) {
				if info, err := os.Stat(name); err == nil {
					b.WriteString(name + info.ModTime().String() + "\x00")
				}
			}
		}
		if d == root || !disk.Within(root, d) {
			break
		}
	}
	return b.String()
}

var enteringPattern = regexp.MustCompile(`^\S*make(?:\[\d+\])?: (Entering|Leaving) directory '(.*)'$`)

// readCommands finds calls of clang for BPF, and of what links their objects, in the output of a build tool. Make
// prints its directory; commands change theirs with cd.
func readCommands(output, dir string) (out []buildCommand, links []linkCommand) {
	dirs := []string{dir}
	output = strings.ReplaceAll(output, "\\\n", " ")
	for line := range strings.Lines(output) {
		line = strings.TrimSpace(line)
		if m := enteringPattern.FindStringSubmatch(line); m != nil {
			if m[1] == "Entering" {
				dirs = append(dirs, m[2])
			} else if len(dirs) > 1 {
				dirs = dirs[:len(dirs)-1]
			}
			continue
		}
		if !strings.Contains(line, "bpf") {
			continue
		}
		words := compilerWords(line)
		if len(words) > 1 && isBPFTarget(words) {
			out = append(out, buildCommand{dir: disk.AbsIn(dirs[len(dirs)-1], changedDir(line)), words: words})
		} else if link, ok := readLink(line, dirs[len(dirs)-1]); ok {
			links = append(links, link)
		}
	}
	return out, links
}

// changedDir returns the directory that a shell command first changes to, empty if there is none.
func changedDir(command string) string {
	prog, err := syntax.NewParser().Parse(strings.NewReader(command), "")
	if err != nil || len(prog.Stmts) == 0 {
		return ""
	}
	var dir string
	syntax.Walk(prog, func(n syntax.Node) bool {
		if call, ok := n.(*syntax.CallExpr); ok && dir == "" {
			if fields := literalFields(call.Args); len(fields) == 2 && fields[0] == "cd" {
				dir = fields[1]
			}
		}
		return true
	})
	return dir
}

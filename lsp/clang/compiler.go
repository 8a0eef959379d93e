// SPDX-License-Identifier: GPL-2.0-only

package clang

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
)

// probe is what one compiler can do.
type probe struct {
	path     string // resolved program
	version  string // first line of --version
	hasBPF   bool
	modified time.Time // of the program, so that an upgrade is noticed
	// hostIncludes are the directories of the host's C library that the BPF target leaves out, such as the one of asm/types.h.
	hostIncludes []string
	// silent is why it did not answer in time, which counts until silentUntil: to ask again takes as long, and builds wait for it.
	silent      error
	silentUntil time.Time
}

// silentFor is how long a compiler is not asked again that did not answer in time. The machine may just have been busy.
const silentFor = time.Minute

// noCompiler says what to install, in the words of the system at hand.
func (c *Compiler) noCompiler(problem string) *Fault {
	advice := "Install clang 11 or newer"
	switch runtime.GOOS {
	case "linux":
		advice = "Install one (Debian, Ubuntu: apt install clang; Fedora: dnf install clang)"
	case "darwin":
		advice = "Install LLVM's (brew install llvm; Apple's own cannot build for BPF)"
	case "windows":
		advice = "Install LLVM (winget install LLVM.LLVM)"
	}
	return &Fault{Problem: problem, Advice: advice + ", or name one with " + c.settings.names().Path + ".", Code: catalog.CompilerNotFound}
}

// pick chooses the compiler: the setting, else the project's own if the workspace is trusted and it is a clang, else the highest
// clang-N on PATH, else clang. The first one that builds for BPF is taken, except that a setting is never passed over.
func (c *Compiler) pick(ctx context.Context, projects string) (probe, error) {
	if c.settings.Path != "" {
		path, err := exec.LookPath(c.settings.Path)
		if err != nil {
			return probe{}, c.noCompiler("The clang that " + c.settings.names().Path + " names, " + c.settings.Path + ", was not found.")
		}
		p, err := c.probe(ctx, path)
		if err != nil {
			return probe{}, err
		}
		if !p.hasBPF {
			return probe{}, c.noCompiler("The clang that " + c.settings.names().Path + " names, " + c.settings.Path + ", cannot build for BPF.")
		}
		return p, nil
	}
	var candidates []string
	if c.settings.Trusted && strings.HasPrefix(filepath.Base(projects), "clang") {
		if path, err := exec.LookPath(projects); err == nil {
			candidates = append(candidates, path)
		}
	}
	candidates = append(candidates, installedClangs(filepath.SplitList(os.Getenv("PATH")))...)
	var first error
	for _, path := range candidates {
		p, err := c.probe(ctx, path)
		if ctx.Err() != nil {
			return probe{}, ctx.Err()
		}
		if err == nil && p.hasBPF {
			return p, nil
		}
		first = cmp.Or(first, err)
	}
	if first != nil {
		return probe{}, first
	}
	if len(candidates) > 0 {
		return probe{}, c.noCompiler("No clang found here can build for BPF; tried " + strings.Join(candidates, ", ") + ".")
	}
	return probe{}, c.noCompiler("No clang was found.")
}

// installedClangs lists the compilers of the directories: clang-N by falling N, then clang, then Homebrew's, which is on nobody's
// PATH.
func installedClangs(dirs []string) []string {
	type versioned struct {
		path string
		n    int
	}
	var numbered []versioned
	var plain []string
	for _, dir := range dirs {
		if dir == "" || !filepath.IsAbs(dir) {
			continue // a compiler in the current directory is the project's choice, not the user's
		}
		names, _ := filepath.Glob(filepath.Join(dir, "clang-*"))
		for _, name := range names {
			suffix := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(name), "clang-"), ".exe")
			if n, err := strconv.Atoi(suffix); err == nil {
				numbered = append(numbered, versioned{name, n})
			}
		}
		if path, err := exec.LookPath(filepath.Join(dir, "clang")); err == nil {
			plain = append(plain, path)
		}
	}
	slices.SortStableFunc(numbered, func(a, b versioned) int { return cmp.Compare(b.n, a.n) })
	var out []string
	for _, v := range numbered {
		if path, err := exec.LookPath(v.path); err == nil {
			out = append(out, path)
		}
	}
	out = append(out, plain...)
	for _, path := range []string{"/opt/homebrew/opt/llvm/bin/clang", "/usr/local/opt/llvm/bin/clang"} {
		if _, err := os.Stat(path); err == nil {
			out = append(out, path)
		}
	}
	return out
}

// probe asks a compiler what it is and what it can build for, once for as long as the program stays the same. Only complete answers
// are kept: a compiler that was killed, or failed because memory ran out, is asked again by the next build, and one that did not answer
// in time a little later.
func (c *Compiler) probe(ctx context.Context, path string) (probe, error) {
	info, err := os.Stat(path)
	if err != nil {
		return probe{}, err
	}
	c.mu.Lock()
	p, ok := c.probes[path]
	c.mu.Unlock()
	if ok && p.modified.Equal(info.ModTime()) && (p.silent == nil || time.Now().Before(p.silentUntil)) {
		return p, p.silent
	}
	p, err = c.askAll(ctx, path)
	fault, failed := IsFault(err)
	silent := failed && fault.Code == catalog.CompilerTimeout
	if failed && !silent {
		// Once more before another compiler is taken in its place, whose objects may have other verdicts.
		p, err = c.askAll(ctx, path)
	}
	if silent {
		p = probe{silent: err, silentUntil: time.Now().Add(silentFor)}
	} else if err != nil {
		return probe{}, err
	}
	p.modified = info.ModTime()
	c.mu.Lock()
	c.probes[path] = p
	c.mu.Unlock()
	return p, p.silent
}

// askAll asks a compiler what it is and what it can build for.
func (c *Compiler) askAll(ctx context.Context, path string) (probe, error) {
	p := probe{path: path}
	targets, err := c.ask(ctx, path, "--print-targets")
	if err != nil {
		return probe{}, err
	}
	for line := range strings.Lines(string(targets)) {
		if name, _, _ := strings.Cut(strings.TrimSpace(line), " "); name == "bpf" {
			p.hasBPF = true
		}
	}
	version, err := c.ask(ctx, path, "--version")
	if err != nil {
		return probe{}, err
	}
	first, _, _ := strings.Cut(string(version), "\n")
	p.version = strings.TrimSpace(first)
	if runtime.GOOS == "linux" {
		search, err := c.ask(ctx, path, "-v", "-E", "-x", "c", os.DevNull)
		if err != nil {
			return probe{}, err
		}
		p.hostIncludes = searchDirs(string(search))
	}
	return p, nil
}

// searchDirs reads the list of include directories that clang -v prints, leaving out the compiler's own.
func searchDirs(output string) []string {
	_, list, ok := strings.Cut(output, "#include <...> search starts here:\n")
	if !ok {
		return nil
	}
	list, _, _ = strings.Cut(list, "End of search list.")
	var dirs []string
	for line := range strings.Lines(list) {
		dir := filepath.Clean(strings.TrimSpace(line))
		if !strings.Contains(filepath.ToSlash(dir), "/lib/clang/") {
			dirs = append(dirs, dir)
		}
	}
	return dirs
}

// ask runs a program for what it prints, on either stream. Output of a program that did not end with status 0 is not an answer: it may
// have been cut off anywhere.
func (c *Compiler) ask(ctx context.Context, path string, args ...string) ([]byte, error) {
	timed, cancel := context.WithTimeout(ctx, c.settings.timeout())
	defer cancel()
	r, err := run(timed, job{path: path, args: args, memoryBytes: c.settings.memoryBytes()})
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case timed.Err() != nil:
		return nil, &Fault{Problem: fmt.Sprintf("%s %s did not finish within %s.", path, strings.Join(args, " "), c.settings.timeout()), Code: catalog.CompilerTimeout,
			Advice: "See what it waits for, or name another compiler with " + c.settings.names().Path + "."}
	case err != nil:
		return nil, &Fault{Problem: path + " could not be run.", Code: catalog.CompilerFailed, Err: err}
	case r.status != 0:
		said, _, _ := strings.Cut(strings.TrimSpace(string(r.stderr)), "\n")
		return nil, &Fault{Problem: fmt.Sprintf("%s %s failed (%s).", path, strings.Join(args, " "), r.ended), Code: catalog.CompilerFailed,
			Advice: strings.TrimSpace(said + " The next check asks it again; to use another compiler, set " + c.settings.names().Path + ".")}
	}
	return bytes.Join([][]byte{r.stdout, r.stderr}, nil), nil
}

// Version is the first line of what the compiler of a command says about itself, empty if it was never asked.
func (c *Compiler) Version(cmd Command) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.probes[cmd.Clang].version
}

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
	"sync"
	"time"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/lsp/process"
)

// Compilers finds the compilers of this machine and caches what they report about themselves. It is safe for concurrent
// use.
type Compilers struct {
	settings Settings

	mu     sync.Mutex
	probes map[string]Probe // by path
}

// New returns Compilers with an empty cache.
func New(s Settings) *Compilers { return &Compilers{settings: s, probes: map[string]Probe{}} }

// Probe is what one compiler can do.
type Probe struct {
	Path     string // of the resolved program
	version  string // first line of --version
	hasBPF   bool
	modified time.Time // of the program, to notice an upgrade
	// HostIncludes are the directories of the host's C library, which the BPF target leaves out, such as the one with
	// asm/types.h.
	HostIncludes []string
	// silent is the error of a compiler that did not answer in time. Until silentUntil it gets only a moment to answer,
	// because builds wait for it.
	silent      error
	silentUntil time.Time
}

// silentFor is how long a compiler that did not answer in time gets only a moment to answer.
const silentFor = time.Minute

// moment returns how long to wait for a compiler that did not answer within limit before: enough for one that works
// again.
func moment(limit time.Duration) time.Duration { return max(limit/10, min(limit, 2*time.Second)) }

// noCompiler returns a fault that says what to install on this system.
func (c *Compilers) noCompiler(problem string) *Fault {
	advice := "Install clang 11 or newer"
	switch runtime.GOOS {
	case "linux":
		advice = "Install one (Debian, Ubuntu: apt install clang; Fedora: dnf install clang)"
	case "darwin":
		advice = "Install LLVM's (brew install llvm; Apple's own cannot build for BPF)"
	case "windows":
		advice = "Install LLVM (winget install LLVM.LLVM)"
	}
	return &Fault{Problem: problem, Advice: advice + ", or select one with " + c.settings.Named().Path + ".",
		Code: catalog.CompilerNotFound}
}

// Pick chooses the compiler: the one from the settings; else the project's own, if the workspace is trusted and it is a
// clang; else the highest clang-N on PATH; else clang. The first that can build for BPF is used. A compiler from the
// settings is never passed over.
func (c *Compilers) Pick(ctx context.Context, projects string) (Probe, error) {
	if c.settings.Path != "" {
		path, err := exec.LookPath(c.settings.Path)
		if err != nil {
			return Probe{}, c.noCompiler("The clang that " + c.settings.Named().Path + " selects, " + c.settings.Path +
				", was not found.")
		}
		p, err := c.probe(ctx, path)
		if err != nil {
			return Probe{}, err
		}
		if !p.hasBPF {
			return Probe{}, c.noCompiler("The clang that " + c.settings.Named().Path + " selects, " + c.settings.Path +
				", cannot build for BPF.")
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
			return Probe{}, ctx.Err()
		}
		if err == nil && p.hasBPF {
			return p, nil
		}
		first = cmp.Or(first, err)
	}
	if first != nil {
		return Probe{}, first
	}
	if len(candidates) > 0 {
		return Probe{}, c.noCompiler("No clang found here can build for BPF; tried " + strings.Join(candidates, ", ") +
			".")
	}
	return Probe{}, c.noCompiler("No clang was found.")
}

// installedClangs lists the compilers in the directories: clang-N in descending order, then clang, then Homebrew's,
// which is not on PATH.
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

// probe asks a compiler what it is and what it can build for, once until the program changes. Only complete answers are
// cached. A compiler that was killed or ran out of memory is asked again by the next build. So is one that timed out,
// but later builds do not wait as long for it.
func (c *Compilers) probe(ctx context.Context, path string) (Probe, error) {
	info, err := os.Stat(path)
	if err != nil {
		return Probe{}, err
	}
	c.mu.Lock()
	p, ok := c.probes[path]
	c.mu.Unlock()
	ok = ok && p.modified.Equal(info.ModTime())
	if ok && p.silent == nil {
		return p, nil
	}
	limit := c.settings.TimeLimit()
	hasted := ok && time.Now().Before(p.silentUntil)
	if hasted {
		limit = moment(limit)
	}
	asked, err := c.askAll(ctx, path, limit)
	fault, failed := IsFault(err)
	silent := failed && fault.Code == catalog.CompilerTimeout
	switch {
	case silent && hasted:
		return p, p.silent
	case silent:
		asked = Probe{silent: err, silentUntil: time.Now().Add(silentFor)}
	case failed:
		// Retry once before choosing another compiler, whose objects may get other verdicts.
		if asked, err = c.askAll(ctx, path, limit); err != nil {
			return Probe{}, err
		}
	case err != nil:
		return Probe{}, err
	}
	asked.modified = info.ModTime()
	c.mu.Lock()
	c.probes[path] = asked
	c.mu.Unlock()
	return asked, asked.silent
}

// askAll asks a compiler what it is and what it can build for. Each answer must arrive within limit.
func (c *Compilers) askAll(ctx context.Context, path string, limit time.Duration) (Probe, error) {
	p := Probe{Path: path}
	targets, err := c.askWithin(ctx, limit, path, "--print-targets")
	if err != nil {
		return Probe{}, err
	}
	for line := range strings.Lines(string(targets)) {
		if name, _, _ := strings.Cut(strings.TrimSpace(line), " "); name == "bpf" {
			p.hasBPF = true
		}
	}
	version, err := c.askWithin(ctx, limit, path, "--version")
	if err != nil {
		return Probe{}, err
	}
	first, _, _ := strings.Cut(string(version), "\n")
	p.version = strings.TrimSpace(first)
	if runtime.GOOS == "linux" {
		search, err := c.askWithin(ctx, limit, path, "-v", "-E", "-x", "c", os.DevNull)
		if err != nil {
			return Probe{}, err
		}
		p.HostIncludes = searchDirs(string(search))
	}
	return p, nil
}

// searchDirs reads the list of include directories that clang -v prints, without the compiler's own.
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

// Ask runs a program and returns what it prints on both streams. If the exit status is not 0 the output is not used, as
// it may be cut off anywhere.
func (c *Compilers) Ask(ctx context.Context, path string, args ...string) ([]byte, error) {
	return c.askWithin(ctx, c.settings.TimeLimit(), path, args...)
}

func (c *Compilers) askWithin(ctx context.Context, limit time.Duration, path string, args ...string) ([]byte, error) {
	timed, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	r, err := process.Run(timed, process.Job{Path: path, Args: args, MemoryBytes: c.settings.MemoryLimit()})
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case timed.Err() != nil:
		return nil, &Fault{Problem: fmt.Sprintf("%s %s did not finish within %s.", path, strings.Join(args, " "),
			limit), Code: catalog.CompilerTimeout,
			Advice: "Find out what it waits for, or select another compiler with " + c.settings.Named().Path + "."}
	case err != nil:
		return nil, &Fault{Problem: path + " could not be run.", Code: catalog.CompilerFailed, Err: err}
	case r.Status != 0:
		said, _, _ := strings.Cut(strings.TrimSpace(string(r.Stderr)), "\n")
		return nil, &Fault{Problem: fmt.Sprintf("%s %s failed (%s).", path, strings.Join(args, " "), r.Ended),
			Code: catalog.CompilerFailed,
			Advice: strings.TrimSpace(said + " The next check tries it again; to use another compiler, set " +
				c.settings.Named().Path + ".")}
	}
	return bytes.Join([][]byte{r.Stdout, r.Stderr}, nil), nil
}

// Version returns the first line of --version of the command's compiler, empty if it was never asked.
func (c *Compilers) Version(cmd Command) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.probes[cmd.Clang].version
}

// Toolchain is the compiler that files are built with, and those that were rejected before it.
type Toolchain struct {
	Path         string
	Version      string // first line of --version
	HostIncludes []string
	PassedOver   []string // compilers that cannot build for BPF
}

// Toolchain chooses a compiler for a project that names none. The error is a *Fault with advice, or the context's.
func (c *Compilers) Toolchain(ctx context.Context) (Toolchain, error) {
	p, err := c.Pick(ctx, "")
	t := Toolchain{Path: p.Path, Version: p.version, HostIncludes: p.HostIncludes}
	c.mu.Lock()
	defer c.mu.Unlock()
	for path, other := range c.probes {
		if !other.hasBPF {
			t.PassedOver = append(t.PassedOver, path)
		}
	}
	slices.Sort(t.PassedOver)
	return t, err
}

// HostIncludes returns the directories that a probed compiler searches when it builds for this machine.
func (c *Compilers) HostIncludes() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, p := range c.probes {
		if p.hasBPF && len(p.HostIncludes) > 0 {
			return p.HostIncludes
		}
	}
	return nil
}

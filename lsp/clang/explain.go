// SPDX-License-Identifier: GPL-2.0-only

package clang

import (
	"context"
	"errors"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
)

// What follows is for people who ask why a file is built as it is; a build does not need it.

// Step is one source of flags that was asked.
type Step struct {
	Source string // its name, as in the documentation; in brackets why it was not asked
	Origin string // the file that knew, empty if none did
	Err    error  // what was wrong with it
	Used   bool   // it is the first that knew; those after it are not asked
}

// Steps tells which sources were asked for the flags of a file, in their order.
func (c *Compiler) Steps(ctx context.Context, file string) []Step {
	if len(c.settings.Flags) > 0 {
		return []Step{{Source: "settings", Used: true}}
	}
	var out []Step
	for _, s := range c.sources() {
		f, err := s.find(ctx, file)
		step := Step{Source: s.name, Origin: f.origin, Used: err == nil}
		if s.executes && !c.settings.Trusted {
			step.Source += " (needs a trusted workspace)"
		}
		if err != nil && !errors.Is(err, errNotHere) {
			step.Err = err
		}
		out = append(out, step)
		if step.Used || step.Err != nil {
			break
		}
	}
	return out
}

// Toolchain is the compiler that files are built with, and those that were looked at before it.
type Toolchain struct {
	Path         string
	Version      string // first line of --version
	HostIncludes []string
	PassedOver   []string // compilers that cannot build for BPF
}

// Toolchain chooses a compiler for a project that names none. The error is a *Fault with advice, or the context's.
func (c *Compiler) Toolchain(ctx context.Context) (Toolchain, error) {
	p, err := c.pick(ctx, "")
	t := Toolchain{Path: p.path, Version: p.version, HostIncludes: p.hostIncludes}
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

// Includes lists every file that a command reads, those of the system included; nil if the file does not get through the preprocessor.
func (c *Compiler) Includes(ctx context.Context, cmd Command) []string {
	timed, cancel := context.WithTimeout(ctx, c.settings.timeout())
	defer cancel()
	r, err := run(timed, job{path: cmd.Clang, dir: cmd.Dir, args: append(slices.Clone(cmd.Args), "-M"), memoryBytes: c.settings.memoryBytes()})
	if err != nil || r.status != 0 {
		return nil
	}
	var out []string
	for _, name := range parseMakeRule(string(r.stdout)) {
		out = append(out, absIn(cmd.Dir, name))
	}
	return out
}

// CacheDir is where what is made for builds is kept between runs.
func (c *Compiler) CacheDir() (string, error) { return c.cacheDir() }

// Arch is the architecture that programs are built for, by the kernel's name.
func (c *Compiler) Arch() string { return c.settings.arch() }

// MayExecute names what a build of the file may start, in words: compilers, and in a trusted workspace the project's build tools.
func (c *Compiler) MayExecute(file string) []string {
	var out []string
	if path, err := exec.LookPath("pkg-config"); err == nil {
		out = append(out, path+" --cflags-only-I libbpf, if libbpf's headers are not found otherwise")
	}
	if file == "" || !c.settings.Trusted {
		return out
	}
	root := c.root(file)
	for _, tool := range buildTools {
		path, err := exec.LookPath(tool.name)
		if err != nil {
			continue
		}
		for dir := range ancestors(filepath.Dir(file)) {
			for _, name := range tool.find(dir) {
				out = append(out, "in "+filepath.Dir(name)+": "+Command{Clang: path, Args: tool.args([]string{"…"})}.String()+", if no source before it knows the file")
			}
			if dir == root {
				break
			}
		}
	}
	return out
}

var (
	libbpfMajor = regexp.MustCompile(`LIBBPF_MAJOR_VERSION (\d+)`)
	libbpfMinor = regexp.MustCompile(`LIBBPF_MINOR_VERSION (\d+)`)
)

// LibbpfVersion reads the version of the libbpf that a header belongs to from the header beside it, empty if that is not there.
func LibbpfVersion(header string) string {
	text, err := readText(filepath.Join(filepath.Dir(header), "libbpf_version.h"), maxSource)
	if err != nil {
		return ""
	}
	major, minor := libbpfMajor.FindSubmatch(text), libbpfMinor.FindSubmatch(text)
	if major == nil || minor == nil {
		return ""
	}
	return string(major[1]) + "." + string(minor[1])
}

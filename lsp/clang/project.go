// SPDX-License-Identifier: GPL-2.0-only

package clang

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
	"go.yaml.in/yaml/v3"
)

// projectFileName is looked for in the file's directory and above; the nearest one counts.
const projectFileName = "bpf-lsp.yaml"

// projectFile is the content of bpf-lsp.yaml:
//
//	clang: clang-19            # only in trusted workspaces
//	arch: x86                  # __TARGET_ARCH_…; this machine's if absent
//	flags: [-Iinclude]         # for every BPF file below this directory
//	files:                     # the first pattern that matches adds its own
//	  - glob: "lb/**/*.c"
//	    flags: [-DLB]
//	    dir: lb                # directory the flags are relative to
//	    variants:              # further flags, with each of which the file is compiled and checked
//	      ingress: [-DINGRESS]
//	      egress: [-DEGRESS]
//
// Relative names are relative to the directory of the project file.
type projectFile struct {
	Clang string        `yaml:"clang"`
	Arch  string        `yaml:"arch"`
	Dir   string        `yaml:"dir"`
	Flags []string      `yaml:"flags"`
	Files []projectRule `yaml:"files"`
	// Variants are those of files whose rule has none.
	Variants map[string][]string `yaml:"variants"`
}

type projectRule struct {
	Glob  string   `yaml:"glob"`
	Clang string   `yaml:"clang"`
	Dir   string   `yaml:"dir"`
	Flags []string `yaml:"flags"`

	Variants map[string][]string `yaml:"variants"`
}

// fromProjectFile knows a file if a pattern of the nearest project file matches it, or if that file has flags for every file.
func (c *Compiler) fromProjectFile(ctx context.Context, file string) (found, error) {
	listed := listingOf(ctx)
	for dir := range ancestors(filepath.Dir(file)) {
		if !listed.has(dir, projectFileName) {
			continue
		}
		name := filepath.Join(dir, projectFileName)
		text, err := readText(name, maxBuildFile)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return found{}, &Fault{Problem: "The project file cannot be read.", File: name, Err: err}
		}
		return c.applyProjectFile(ctx, name, text, file)
	}
	return found{}, errNotHere
}

func (c *Compiler) applyProjectFile(ctx context.Context, name string, text []byte, file string) (found, error) {
	var p projectFile
	dec := yaml.NewDecoder(bytes.NewReader(text))
	dec.KnownFields(true)
	if err := dec.Decode(&p); err != nil && !errors.Is(err, io.EOF) {
		return found{}, &Fault{Problem: "The project file is not valid.", File: name, Line: yamlLine(err), Err: err,
			Advice: "It may hold clang, arch, dir, flags, files and variants; see the documentation of bpf-lsp.yaml."}
	}
	base := filepath.Dir(name)
	f := found{compiler: p.Clang, dir: absIn(base, p.Dir), args: c.defaultFlagsFor(p.Arch), source: projectFileName, origin: name, variants: p.Variants}
	matched := len(p.Flags) > 0 || len(p.Variants) > 0
	f.args = append(f.args, p.Flags...)
	rel, err := filepath.Rel(base, file)
	if err != nil {
		return found{}, errNotHere
	}
	for _, r := range p.Files {
		if !matchGlob(r.Glob, filepath.ToSlash(rel)) {
			continue
		}
		matched = true
		f.args = append(f.args, r.Flags...)
		if r.Dir != "" {
			f.dir = absIn(base, r.Dir)
		}
		if r.Clang != "" {
			f.compiler = r.Clang
		}
		if len(r.Variants) > 0 {
			f.variants = r.Variants
		}
		break
	}
	f.args = append(f.args, f.variants[variantOf(ctx)]...)
	if !matched {
		return found{}, errNotHere
	}
	return f, nil
}

var yamlLinePattern = regexp.MustCompile(`line (\d+)`)

func yamlLine(err error) int {
	m := yamlLinePattern.FindStringSubmatch(err.Error())
	if m == nil {
		return 0
	}
	n, _ := strconv.Atoi(m[1])
	return n
}

// matchGlob matches slash-separated names; ** stands for any number of directories, none included. A pattern without a slash
// matches the last element of the name.
func matchGlob(pattern, name string) bool {
	if !strings.Contains(pattern, "/") {
		name = path.Base(name)
	}
	ok, err := doublestar.Match(strings.TrimPrefix(pattern, "./"), name)
	return ok && err == nil
}

// absIn resolves name against dir; an empty name is dir itself.
func absIn(dir, name string) string {
	if filepath.IsAbs(name) {
		return filepath.Clean(name)
	}
	return filepath.Join(dir, name)
}

// sameFile compares by name first and by identity on disk second, so that links and different spellings meet.
func sameFile(a, b string) bool {
	if a == b {
		return true
	}
	ai, err := os.Stat(a)
	if err != nil {
		return false
	}
	bi, err := os.Stat(b)
	return err == nil && os.SameFile(ai, bi)
}

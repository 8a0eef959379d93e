// SPDX-License-Identifier: GPL-2.0-only

package flags

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
	"go.yaml.in/yaml/v3"

	"github.com/bpf-lsp/bpf-lsp/lsp/internal/clang"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/disk"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/project"
)

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
//	link:                      # objects that the build links of those of several files
//	  - object: lb.bpf.o
//	    files: ["lb/main.c", "lb/lib/*.c"]
//	extends:                   # what SEC("freplace/…") programs replace functions of
//	  - files: ["ext/*.c"]
//	    target: lb/main.c        # the file with the functions
//	    program: lb              # the program with them, if several of different types have them
//
// Relative names are relative to the directory of the project file.
type projectFile struct {
	Clang string        `yaml:"clang"`
	Arch  string        `yaml:"arch"`
	Dir   string        `yaml:"dir"`
	Flags []string      `yaml:"flags"`
	Files []projectRule `yaml:"files"`
	// Variants apply to files whose rule has none.
	Variants map[string][]string `yaml:"variants"`
	Link     []projectLink       `yaml:"link"`
	Extends  []projectExtension  `yaml:"extends"`
}

type projectRule struct {
	Glob  string   `yaml:"glob"`
	Clang string   `yaml:"clang"`
	Dir   string   `yaml:"dir"`
	Flags []string `yaml:"flags"`

	Variants map[string][]string `yaml:"variants"`
}

// fromProjectFile knows a file if a pattern of the nearest project file matches it, or if that has flags for every
// file.
func (s *Sources) fromProjectFile(ctx context.Context, file string) (Found, error) {
	listed := project.DirCacheOf(ctx)
	for dir := range disk.Ancestors(filepath.Dir(file)) {
		if !listed.Has(dir, project.ConfigName) {
			continue
		}
		name := filepath.Join(dir, project.ConfigName)
		text, err := listed.Text(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return Found{}, &clang.Fault{Problem: "The project file cannot be read.", File: name, Err: err}
		}
		return s.applyProjectFile(ctx, name, text, file)
	}
	return Found{}, errNotHere
}

func (s *Sources) applyProjectFile(ctx context.Context, name string, text []byte, file string) (Found, error) {
	var p projectFile
	dec := yaml.NewDecoder(bytes.NewReader(text))
	dec.KnownFields(true)
	if err := dec.Decode(&p); err != nil && !errors.Is(err, io.EOF) {
		return Found{}, &clang.Fault{Problem: "The project file is not valid.", File: name, Line: yamlLine(err),
			Err: err,
			Advice: "It may contain clang, arch, dir, flags, files, variants, link and extends; see the documentation of " +
				project.ConfigName + "."}
	}
	base := filepath.Dir(name)
	f := Found{Compiler: p.Clang, Dir: disk.AbsIn(base, p.Dir), Args: s.defaultFlagsFor(p.Arch),
		Origin: name, variants: p.Variants}
	matched := len(p.Flags) > 0 || len(p.Variants) > 0
	f.Args = append(f.Args, p.Flags...)
	rel, err := filepath.Rel(base, file)
	if err != nil {
		return Found{}, errNotHere
	}
	for _, r := range p.Files {
		if !matchGlob(r.Glob, filepath.ToSlash(rel)) {
			continue
		}
		matched = true
		f.Args = append(f.Args, r.Flags...)
		if r.Dir != "" {
			f.Dir = disk.AbsIn(base, r.Dir)
		}
		if r.Clang != "" {
			f.Compiler = r.Clang
		}
		if len(r.Variants) > 0 {
			f.variants = r.Variants
		}
		break
	}
	f.Args = append(f.Args, f.variants[VariantOf(ctx)]...)
	if !matched {
		return Found{}, errNotHere
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

// matchGlob matches slash-separated names; ** matches any number of directories, including none. A pattern without a
// slash matches the base name.
func matchGlob(pattern, name string) bool {
	if !strings.Contains(pattern, "/") {
		name = path.Base(name)
	}
	ok, err := doublestar.Match(strings.TrimPrefix(pattern, "./"), name)
	return ok && err == nil
}

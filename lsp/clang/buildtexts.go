// SPDX-License-Identifier: GPL-2.0-only

package clang

import (
	"bytes"
	"cmp"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// Somewhere in a project it is written how its BPF programs are compiled, in whatever language: in makefiles, CMake, Meson, Bazel, build
// scripts, shell scripts, container files, go:generate lines. What all of them have in common are the flags of clang, as words. They are
// collected once, and asked where a file does not compile without.

// buildFileNames are whole names and suffixes of files that say how something is built.
var (
	buildFileNames    = []string{"CMakeLists.txt", "meson.build", "BUILD", "BUILD.bazel", "justfile", "Justfile", "build.rs", "build.py", "setup.py", "wscript", "SConstruct", "configure.ac"}
	buildFilePrefixes = []string{"Makefile", "makefile", "GNUmakefile", "Dockerfile", "Containerfile"}
	buildFileSuffixes = []string{".mk", ".cmake", ".bzl", ".sh", ".bash", ".just", ".go", ".rs", ".am"}
)

func saysHowToBuild(base string) bool {
	return slices.Contains(buildFileNames, base) || hasAnyPrefix(base, buildFilePrefixes) || hasAnySuffix(base, buildFileSuffixes)
}

const (
	maxBuildText  = 256 << 10 // of one file
	maxBuildTexts = 128 << 20 // of all
)

// definition is a macro that a build file defines.
type definition struct {
	value string // with the equals sign, "" for none; of what is computed only that there is something
	from  string // the build file
	plain bool   // nothing in it is computed
}

// buildTexts are the words of all build files of a project.
type buildTexts struct {
	defines map[string][]definition
	// archPrefixes begin macros whose names end in an architecture that the build fills in.
	archPrefixes []definition
	// dirs are the ends of the directories that are included from, behind what is computed.
	dirs map[string]bool
	// generators are the Go files with a go:generate line that makes objects.
	generators []string
}

var (
	definesWord = regexp.MustCompile(`-D ?'?"?([A-Za-z_]\w*)(=[^\s'",)\]]*)?`)
	archHole    = regexp.MustCompile(`-D ?([A-Za-z_]\w*_)(?:\$[({]?\w|\{)`)
	includeWord = regexp.MustCompile(`-(?:I|isystem|iquote|idirafter)[\s"',]*([^\s"',;)\]]+(?:\)[^\s"',;)\]]*)?)`)
	computed    = regexp.MustCompile(`[$@{}` + "`" + `%]`)
)

// build collects the words when they are first asked for.
func (x *index) build() *buildTexts {
	x.texts.Do(func() {
		x.says = buildTexts{defines: map[string][]definition{}, dirs: map[string]bool{}}
		budget := maxBuildTexts
		var names []string
		for base, files := range x.named {
			if saysHowToBuild(base) {
				names = append(names, files...)
			}
		}
		slices.Sort(names)
		for _, name := range names {
			text, err := readText(name, maxBuildText)
			if budget -= len(text); err != nil || budget < 0 {
				continue
			}
			x.says.read(name, text)
		}
	})
	return &x.says
}

func (b *buildTexts) read(name string, text []byte) {
	isGo := strings.HasSuffix(name, ".go")
	if isGo {
		if !bytes.Contains(text, []byte(generatePrefix)) || !mentionsGenerator(text) {
			return
		}
		b.generators = append(b.generators, name)
	}
	if !bytes.Contains(text, []byte("-D")) && !bytes.Contains(text, []byte("-I")) && !bytes.Contains(text, []byte("-isystem")) {
		return
	}
	for line := range bytes.Lines(text) {
		if isGo && !bytes.HasPrefix(line, []byte(generatePrefix)) {
			continue
		}
		for _, m := range definesWord.FindAllSubmatch(line, -1) {
			d := definition{value: string(m[2]), from: name}
			d.plain = !computed.MatchString(d.value)
			if macro := string(m[1]); !slices.Contains(b.defines[macro], d) {
				b.defines[macro] = append(b.defines[macro], d)
			}
		}
		for _, m := range archHole.FindAllSubmatch(line, -1) {
			if d := (definition{value: string(m[1]), from: name}); strings.Contains(d.value, "ARCH") && !slices.Contains(b.archPrefixes, d) {
				b.archPrefixes = append(b.archPrefixes, d)
			}
		}
		for _, m := range includeWord.FindAllSubmatch(line, -1) {
			if dir := literalEnd(string(m[1])); dir != "" {
				b.dirs[dir] = true
			}
		}
	}
}

// literalEnd is what stands behind the last computed part of a directory's name, without the steps up and in place.
func literalEnd(dir string) string {
	if i := strings.LastIndexAny(dir, "})"); i >= 0 {
		dir = dir[i+1:]
	} else if strings.Contains(dir, "$") {
		_, dir, _ = strings.Cut(dir, "/")
	}
	for strings.HasPrefix(dir, "/") || strings.HasPrefix(dir, "./") || strings.HasPrefix(dir, "../") {
		_, dir, _ = strings.Cut(dir, "/")
	}
	if dir = path.Clean("/" + dir); computed.MatchString(dir) {
		return ""
	}
	return strings.Trim(dir, "/")
}

// includes reports whether a build file names a directory that may be this one.
func (b *buildTexts) includes(dir string) bool {
	dir = filepath.ToSlash(dir)
	for i := len(dir) - 1; i > 0; i-- {
		if dir[i] == '/' && b.dirs[dir[i+1:]] {
			return true
		}
	}
	return false
}

// defined are the values that build files give a macro, the nearest and plainest first.
func (b *buildTexts) defined(start, macro string) []definition {
	out := slices.Clone(b.defines[macro])
	slices.SortStableFunc(out, func(x, y definition) int {
		if x.plain != y.plain {
			if x.plain {
				return -1
			}
			return 1
		}
		return cmp.Compare(distance(start, filepath.Dir(x.from)), distance(start, filepath.Dir(y.from)))
	})
	return out
}

// mentionsGenerator reports whether a Go file may run bpf2go.
func mentionsGenerator(text []byte) bool {
	return bytes.Contains(bytes.ToLower(text), []byte("bpf2go"))
}

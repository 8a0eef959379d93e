// SPDX-License-Identifier: GPL-2.0-only

package project

import (
	"bytes"
	"cmp"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/lsp/internal/disk"
)

// Every project states somewhere how its BPF programs are compiled: in makefiles, CMake, Meson, Bazel, build scripts,
// shell scripts, container files or go:generate lines. What these have in common are clang's flags, as words. They are
// collected once, and used when a file does not compile without them.

const (
	maxBuildText  = 256 << 10 // per file
	maxBuildTexts = 128 << 20 // in total
)

// maxOutside bounds how many directories outside of a project are kept.
const maxOutside = 100

// Definition is a macro that a build file defines.
type Definition struct {
	Value string // including the equals sign, "" for none; incomplete if it is computed
	From  string // the build file
	Plain bool   // nothing in the value is computed
}

// Definitions are the flags in all build files of a project.
type Definitions struct {
	defines map[string][]Definition
	// prefixes begin the names of macros whose ends are computed.
	prefixes map[string]bool
	// dirs are the literal ends of include directories, without computed parts.
	dirs map[string]bool
	// Outside are the include directories that are given by absolute names.
	Outside []string
	// Generators are the Go files with a go:generate line that runs bpf2go.
	Generators []string
}

var (
	definesWord = regexp.MustCompile(`-D ?'?"?([A-Za-z_]\w*)([${@]|=[^\s'",)\]]*)?`)
	includeWord = regexp.MustCompile(`-(?:I|isystem|iquote|idirafter)[\s"',]*([^\s"',;)\]]+(?:\)[^\s"',;)\]]*)?)`)
	computed    = regexp.MustCompile(`[$@{}` + "`" + `%]`)
)

// Definitions reads the build files when first called.
func (x *Index) Definitions() *Definitions {
	x.texts.Do(func() {
		x.definitions = Definitions{defines: map[string][]Definition{}, prefixes: map[string]bool{},
			dirs: map[string]bool{}}
		budget := maxBuildTexts
		var names []string
		for base, files := range x.named {
			if isBuildFile(base) {
				names = append(names, files...)
			}
		}
		slices.Sort(names)
		for _, name := range names {
			text, err := disk.ReadText(name, maxBuildText)
			if budget -= len(text); err != nil || budget < 0 {
				continue
			}
			x.definitions.read(name, text)
		}
	})
	return &x.definitions
}

func (b *Definitions) read(name string, text []byte) {
	isGo := strings.HasSuffix(name, ".go")
	if isGo {
		if !bytes.Contains(text, []byte(GeneratePrefix)) || !MentionsBPF2Go(text) {
			return
		}
		b.Generators = append(b.Generators, name)
	}
	if !bytes.Contains(text, []byte("-D")) && !bytes.Contains(text, []byte("-I")) &&
		!bytes.Contains(text, []byte("-isystem")) {
		return
	}
	for line := range bytes.Lines(text) {
		if isGo && !bytes.HasPrefix(line, []byte(GeneratePrefix)) {
			continue
		}
		for _, m := range definesWord.FindAllSubmatch(line, -1) {
			if len(m[2]) == 1 && m[2][0] != '=' {
				if len(m[1]) >= minPrefix {
					b.prefixes[string(m[1])] = true
				}
				continue
			}
			d := Definition{Value: string(m[2]), From: name}
			d.Plain = !computed.MatchString(d.Value)
			if macro := string(m[1]); !slices.Contains(b.defines[macro], d) {
				b.defines[macro] = append(b.defines[macro], d)
			}
		}
		for _, m := range includeWord.FindAllSubmatch(line, -1) {
			if dir := string(m[1]); strings.HasPrefix(dir, "/") && !computed.MatchString(dir) &&
				!slices.Contains(b.Outside, path.Clean(dir)) && len(b.Outside) < maxOutside {
				b.Outside = append(b.Outside, path.Clean(dir))
			}
			if dir := LiteralEnd(string(m[1])); dir != "" {
				b.dirs[dir] = true
			}
		}
	}
}

// LiteralEnd returns the part of a directory name after the last computed part, without leading ./ and ../.
func LiteralEnd(dir string) string {
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
func (b *Definitions) includes(dir string) bool {
	dir = filepath.ToSlash(dir)
	for i := len(dir) - 1; i > 0; i-- {
		if dir[i] == '/' && b.dirs[dir[i+1:]] {
			return true
		}
	}
	return false
}

// minPrefix is the length of a prefix that says something about a macro.
const minPrefix = 4

// MayDefine reports whether a build file defines a macro without a value that begins like this one and ends in
// something computed.
func (b *Definitions) MayDefine(macro string) bool {
	for i := minPrefix; i < len(macro); i++ {
		if b.prefixes[macro[:i]] {
			return true
		}
	}
	return false
}

// Defined returns the values that build files give a macro, literal ones first, then the nearest.
func (b *Definitions) Defined(start, macro string) []Definition {
	out := slices.Clone(b.defines[macro])
	slices.SortStableFunc(out, func(x, y Definition) int {
		if x.Plain != y.Plain {
			if x.Plain {
				return -1
			}
			return 1
		}
		return cmp.Compare(Distance(start, filepath.Dir(x.From)), Distance(start, filepath.Dir(y.From)))
	})
	return out
}

// MentionsBPF2Go reports whether a Go file may run bpf2go.
func MentionsBPF2Go(text []byte) bool {
	return bytes.Contains(bytes.ToLower(text), []byte("bpf2go"))
}

// GeneratePrefix begins a line of a Go file that go generate runs.
const GeneratePrefix = "//go:generate "

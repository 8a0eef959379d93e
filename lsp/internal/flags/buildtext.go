// SPDX-License-Identifier: GPL-2.0-only

package flags

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/lsp/internal/disk"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/project"
)

var (
	makeSetting  = regexp.MustCompile(`^\s*(?:export\s+|override\s+)?(\w+)\s*(?:[:?+]|::)?=(.*)$`)
	cmakeSetting = regexp.MustCompile(`(?si)^\s*(?:set\(\s*(\w+)|list\(\s*APPEND\s+(\w+))(.*)$`)
	// makeInclude matches a makefile's line that includes others.
	makeInclude = regexp.MustCompile(`(?m)^[ ]*[-s]?include[ \t]+([^#\n]+)`)
)

const (
	// flagBudget bounds how many bytes are searched per build file, because variables may nest exponentially.
	flagBudget = disk.MaxBuildFile
	// maxIncluded bounds how many makefiles one includes.
	maxIncluded = 20
)

// buildText is a build file, with the makefiles that it includes, as statements and variables.
type buildText struct {
	isMake     bool
	statements []string
	settings   map[string][]string
	budget     int // bytes that may still be searched
}

// readBuildText reads a build file; without statements if it cannot be read.
func readBuildText(name, root string) *buildText {
	b := &buildText{isMake: isMakefile(name), settings: map[string][]string{}, budget: flagBudget}
	b.add(name, root, &[]string{})
	for _, s := range b.statements {
		if variable, value, ok := assignment(s); ok {
			b.settings[variable] = append(b.settings[variable], value)
		}
	}
	return b
}

// add adds the statements of a build file. Included makefiles come first: they mostly hold variables.
func (b *buildText) add(name, root string, seen *[]string) {
	if slices.Contains(*seen, name) || len(*seen) > maxIncluded {
		return
	}
	*seen = append(*seen, name)
	raw, err := disk.ReadText(name, disk.MaxBuildFile)
	if err != nil {
		return
	}
	text := string(raw)
	if b.isMake {
		for _, m := range makeInclude.FindAllStringSubmatch(text, -1) {
			for word := range strings.FieldsSeq(m[1]) {
				if found := included(filepath.Dir(name), root, word); found != "" {
					b.add(found, root, seen)
				}
			}
		}
	}
	b.statements = append(b.statements, splitStatements(text, b.isMake)...)
}

// included returns the file that a makefile in dir includes, empty if it is not in the project. A name that begins with
// a variable is relative to a directory above.
func included(dir, root, word string) string {
	end := project.LiteralEnd(word)
	if end == "" {
		return ""
	}
	candidates := []string{disk.AbsIn(dir, filepath.FromSlash(word))}
	for d := range disk.Ancestors(dir) {
		candidates = append(candidates, filepath.Join(d, filepath.FromSlash(end)))
		if d == root {
			break
		}
	}
	for _, name := range candidates {
		if info, err := os.Stat(name); err == nil && info.Mode().IsRegular() && disk.Within(root, name) {
			return name
		}
	}
	return ""
}

// assignment parses a statement that sets or extends a variable.
func assignment(statement string) (variable, value string, ok bool) {
	if m := cmakeSetting.FindStringSubmatch(statement); m != nil {
		return m[1] + m[2], m[3], true
	}
	if m := makeSetting.FindStringSubmatch(statement); m != nil && !strings.HasPrefix(statement, "\t") {
		return m[1], m[2], true
	}
	return "", "", false
}

// splitStatements splits a build file into statements: by continued lines and rules in makefiles and scripts, by
// brackets in other languages. Comments are dropped.
func splitStatements(text string, isMake bool) []string {
	if isMake {
		text = strings.ReplaceAll(text, "\\\n", " ")
	}
	var out []string
	var open strings.Builder
	end := func() {
		if open.Len() > 0 {
			out = append(out, strings.TrimRight(open.String(), "\n"))
			open.Reset()
		}
	}
	depth := 0
	for line := range strings.Lines(text) {
		if code, _, found := strings.Cut(line, "#"); found {
			line = code + "\n"
		}
		if isMake {
			if !strings.HasPrefix(line, "\t") {
				end() // a recipe belongs to its target
			}
			open.WriteString(line)
			continue
		}
		open.WriteString(line)
		depth += strings.Count(line, "(") + strings.Count(line, "[") - strings.Count(line, ")") - strings.Count(line,
			"]")
		if depth <= 0 {
			end()
			depth = 0
		}
	}
	end()
	return out
}

// bracketed are the names of build files in languages with calls.
var bracketed = []string{"CMakeLists.txt", "meson.build", "BUILD", "BUILD.bazel", "BUCK", "TARGETS", "ya.make",
	"Android.bp", "SConstruct", "SConscript"}

func isMakefile(name string) bool {
	return !strings.HasSuffix(name, ".cmake") && !slices.Contains(bracketed, filepath.Base(name))
}

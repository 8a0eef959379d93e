// SPDX-License-Identifier: GPL-2.0-only

package clang

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// Build files are not only asked by dry runs. They can be read too, which executes nothing and works in a checkout that cannot be
// built yet. What is read are only the definitions and the processor version that stand in them literally: directories are found
// by the headers they hold, and what a build computes it computes from things a reader does not have.

// buildFilePatterns are the names of build files that may say how BPF programs are compiled.
var buildFilePatterns = []string{"Makefile*", "GNUmakefile", "makefile", "*.mk", "CMakeLists.txt", "*.cmake", "cmake/*.cmake", "cmake/modules/*.cmake", "meson.build"}

var (
	// A statement is about BPF programs if it chooses the target. CMake and Meson put separators between words.
	bpfTargetWords = regexp.MustCompile(`--?target['"]?[=\s,]+['"]?bpf`)
	// The flags that are taken: literal ones only, so no variable of any build language may be in them.
	plainFlag = regexp.MustCompile(`(?:^|[\s'"=])(-[DU][A-Za-z_]\w*(?:=[\w.+-]+)?|-mcpu=v\d|-std=(?:c|gnu)\w+)(?:$|[\s'",)\]])`)
	// A variable that a statement uses, in Make and CMake.
	usedVariable = regexp.MustCompile(`\$[({](\w+)[)}]`)
	makeSetting  = regexp.MustCompile(`^\s*(?:export\s+|override\s+)?(\w+)\s*(?:[:?+]|::)?=(.*)$`)
	cmakeSetting = regexp.MustCompile(`(?si)^\s*(?:set\(\s*(\w+)|list\(\s*APPEND\s+(\w+))(.*)$`)
)

// buildWords returns the flags that the build files nearest to a file pass to every BPF program, or to this one, and the build file
// that says so. Nothing is found where no statement chooses the BPF target.
func buildWords(file, root string) (flags []string, origin string) {
	for dir := range ancestors(filepath.Dir(file)) {
		for _, pattern := range buildFilePatterns {
			names, _ := filepath.Glob(filepath.Join(dir, filepath.FromSlash(pattern)))
			for _, name := range names {
				if flags, ok := readBuildFile(name, file); ok {
					return flags, name
				}
			}
		}
		if dir == root {
			return nil, ""
		}
	}
	return nil, ""
}

// maxBuildFile bounds what is read; a generated makefile can be larger, but then its generator's input is there too.
const maxBuildFile = 1 << 20

// readBuildFile returns the flags that all statements about BPF have in common, or those of the statements that name the file. ok
// is false if the file has none.
func readBuildFile(name, file string) (flags []string, ok bool) {
	info, err := os.Stat(name)
	if err != nil || info.Size() > maxBuildFile {
		return nil, false
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, false
	}
	settings := map[string][]string{}
	var about, naming [][]string
	stem, _, _ := strings.Cut(filepath.Base(file), ".")
	named := regexp.MustCompile(`\b` + regexp.QuoteMeta(stem) + `\b`)
	statements := splitStatements(string(text), name)
	for _, s := range statements {
		if variable, value, ok := assignment(s); ok {
			settings[variable] = append(settings[variable], value)
		}
	}
	for _, s := range statements {
		if !bpfTargetWords.MatchString(s) {
			continue
		}
		words := flagsOf(s, settings, 0)
		about = append(about, words)
		if named.MatchString(s) {
			naming = append(naming, words)
		}
	}
	if len(naming) > 0 {
		about = naming
	}
	if len(about) == 0 {
		return nil, false
	}
	for _, w := range about[0] {
		inAll := !slices.ContainsFunc(about[1:], func(other []string) bool { return !slices.Contains(other, w) })
		if inAll && !slices.Contains(flags, w) {
			flags = append(flags, w)
		}
	}
	return flags, true
}

// maxIndirection bounds how far variables that hold variables are followed.
const maxIndirection = 4

// flagsOf collects the literal flags of a statement and of the variables that it uses.
func flagsOf(statement string, settings map[string][]string, depth int) []string {
	var out []string
	// The character after a flag may be the one before the next, so the search goes on at it.
	for rest := statement; ; {
		m := plainFlag.FindStringSubmatchIndex(rest)
		if m == nil {
			break
		}
		out = append(out, rest[m[2]:m[3]])
		rest = rest[m[3]:]
	}
	if depth == maxIndirection {
		return out
	}
	for _, m := range usedVariable.FindAllStringSubmatch(statement, -1) {
		for _, value := range settings[m[1]] {
			out = append(out, flagsOf(value, settings, depth+1)...)
		}
	}
	return out
}

// assignment takes a statement apart that sets or extends a variable.
func assignment(statement string) (variable, value string, ok bool) {
	if m := cmakeSetting.FindStringSubmatch(statement); m != nil {
		return m[1] + m[2], m[3], true
	}
	if m := makeSetting.FindStringSubmatch(statement); m != nil && !strings.HasPrefix(statement, "\t") {
		return m[1], m[2], true
	}
	return "", "", false
}

// splitStatements splits a build file into lines that belong together: by continued lines and rules in a makefile, by brackets in CMake and
// Meson. Comments are left out.
func splitStatements(text, name string) []string {
	isMake := !strings.HasSuffix(name, ".cmake") && filepath.Base(name) != "CMakeLists.txt" && filepath.Base(name) != "meson.build"
	if isMake {
		text = strings.ReplaceAll(text, "\\\n", " ")
	}
	var out []string
	var open strings.Builder
	depth := 0
	for line := range strings.Lines(text) {
		if code, _, found := strings.Cut(line, "#"); found {
			line = code + "\n"
		}
		if isMake && len(out) > 0 && strings.HasPrefix(line, "\t") {
			out[len(out)-1] += "\n" + line // a recipe belongs to the target it makes
			continue
		}
		if isMake {
			out = append(out, strings.TrimRight(line, "\n"))
			continue
		}
		open.WriteString(line)
		depth += strings.Count(line, "(") + strings.Count(line, "[") - strings.Count(line, ")") - strings.Count(line, "]")
		if depth <= 0 {
			out = append(out, open.String())
			open.Reset()
			depth = 0
		}
	}
	return append(out, open.String())
}

// SPDX-License-Identifier: GPL-2.0-only

package flags

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/lsp/internal/disk"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/project"
)

// Build files can also be read instead of run, which executes nothing and works in a checkout that cannot be built yet.
// Only literal definitions and the processor version are used. Include directories are found by the headers they hold,
// and computed values cannot be known.

var (
	// bpfTargetWords choose the target. A statement is about BPF programs if it has them. CMake and Meson put
	// separators between words.
	bpfTargetWords = regexp.MustCompile(`--?target['"]?[=\s,]+['"]?bpf`)
	// plainFlag matches a literal flag. Only such are used, without variables of any build language.
	plainFlag = regexp.MustCompile(
		`(?:^|[\s'"=])(-[DU][A-Za-z_]\w*(?:=[\w.+-]+)?|-mcpu=v\d|-nostdinc|-std=(?:c|gnu)\w+)(?:$|[\s'",)\]])`)
	// usedVariable matches the use of a variable, in Make and CMake.
	usedVariable = regexp.MustCompile(`\$[({](\w+)[)}]`)
	plainValue   = regexp.MustCompile(`^\s*[\w.+]{1,64}[\s)]*$`)
	makeSetting  = regexp.MustCompile(`^\s*(?:export\s+|override\s+)?(\w+)\s*(?:[:?+]|::)?=(.*)$`)
	cmakeSetting = regexp.MustCompile(`(?si)^\s*(?:set\(\s*(\w+)|list\(\s*APPEND\s+(\w+))(.*)$`)
)

// literalFlags returns the flags that the nearest build files pass to every BPF program, or to this one, and the build
// file that has them. A build file counts only if a statement chooses the BPF target.
func literalFlags(file, root string) (flags []string, origin string) {
	for name := range project.BuildFiles(file, root) {
		if flags, ok := readLiteralFlags(name, file); ok {
			return flags, name
		}
	}
	return nil, ""
}

// readLiteralFlags returns the flags common to all statements about BPF, or to the statements that name the file. ok is
// false if there are none.
func readLiteralFlags(name, file string) (flags []string, ok bool) {
	text, err := disk.ReadText(name, disk.MaxBuildFile)
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
	budget := flagBudget
	for _, s := range statements {
		// CMake and Meson hide the target in functions that are called with the name of the source.
		called := strings.Contains(s, filepath.Base(file)) && !isMakefile(name) && strings.HasSuffix(file, ".bpf.c")
		if !called && !choosesBPF(s, settings, map[string]bool{}, &budget) {
			continue
		}
		words := flagsOf(s, settings, map[string]bool{}, &budget)
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

// choosesBPF reports whether a statement that compiles something chooses the BPF target, directly or through variables.
func choosesBPF(statement string, settings map[string][]string, followed map[string]bool, budget *int) bool {
	if bpfTargetWords.MatchString(statement) {
		return true
	}
	if *budget -= len(statement); *budget < 0 || len(followed) == 0 && !compiles.MatchString(statement) {
		return false
	}
	for _, m := range usedVariable.FindAllStringSubmatch(statement, -1) {
		if followed[m[1]] {
			continue
		}
		followed[m[1]] = true
		for _, value := range settings[m[1]] {
			if m := computedTarget.FindStringSubmatch(value); m != nil &&
				slices.ContainsFunc(settings[m[1]], func(v string) bool {
					return strings.HasPrefix(strings.TrimSpace(v), "bpf")
				}) {
				return true
			}
			if choosesBPF(value, settings, followed, budget) {
				return true
			}
		}
	}
	return false
}

var (
	// compiles matches a rule with a command that compiles.
	compiles = regexp.MustCompile(`\n\t.*\s-c\s`)
	// computedTarget is a target held by a variable.
	computedTarget = regexp.MustCompile(`--?target[=\s]+\$[({](\w+)[)}]`)
)

// flagBudget bounds how many bytes are searched per build file, because variables may nest exponentially.
const flagBudget = disk.MaxBuildFile

// flagsOf collects the literal flags of a statement and of the variables that it uses. Each variable is followed once.
func flagsOf(statement string, settings map[string][]string, followed map[string]bool, budget *int) []string {
	if *budget -= len(statement); *budget < 0 {
		return nil
	}
	var out []string
	// A variable with one plain value is replaced; all others are followed below.
	statement = usedVariable.ReplaceAllStringFunc(statement, func(use string) string {
		values := settings[usedVariable.FindStringSubmatch(use)[1]]
		if len(values) == 1 && plainValue.MatchString(values[0]) {
			return strings.Trim(values[0], " \t)\n")
		}
		return use
	})
	// The character after a flag may be the one before the next, so the search continues at it.
	for rest := statement; ; {
		m := plainFlag.FindStringSubmatchIndex(rest)
		if m == nil {
			break
		}
		out = append(out, rest[m[2]:m[3]])
		rest = rest[m[3]:]
	}
	for _, m := range usedVariable.FindAllStringSubmatch(statement, -1) {
		if followed[m[1]] {
			continue
		}
		followed[m[1]] = true
		for _, value := range settings[m[1]] {
			out = append(out, flagsOf(value, settings, followed, budget)...)
		}
	}
	return out
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

// splitStatements splits a build file into statements: by continued lines and rules in a makefile, by brackets in CMake
// and Meson. Comments are dropped.
func splitStatements(text, name string) []string {
	isMake := isMakefile(name)
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

func isMakefile(name string) bool {
	base := filepath.Base(name)
	return !strings.HasSuffix(base, ".cmake") && base != "CMakeLists.txt" && base != "meson.build"
}

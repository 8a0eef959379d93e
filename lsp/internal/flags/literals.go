// SPDX-License-Identifier: GPL-2.0-only

package flags

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/lsp/internal/clang"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/project"
)

// Build files can also be read instead of run, which executes nothing and works in a checkout that cannot be built yet.
// Only literal definitions and the processor version are used. Include directories are found by the headers they hold,
// and computed values cannot be known.

var (
	// bpfTargetWords choose the target. A statement is about BPF programs if it has them. CMake and Meson put
	// separators between words.
	bpfTargetWords = regexp.MustCompile(`--?(?:target|march|mtriple)['"]?[=\s,]+['"]?bpf`)
	// bpfMacros are defined for BPF programs only. Build systems whose rules are elsewhere choose the target there.
	bpfMacros = regexp.MustCompile(`-D\s?(?:__TARGET_ARCH_|__BPF_TRACING__|__BPF__)`)
	// plainFlag matches a literal flag. Only such are used, without variables of any build language.
	plainFlag = regexp.MustCompile(`(?:^|[\s'"=(])(-[DU]\s?[A-Za-z_]\w*(?:=[\w.+-]+)?|-mcpu=v\d|-nostdinc|` +
		`-std=(?:c|gnu)\w+)(?:$|[\s'",)\]])`)
	// usedVariable matches the use of a variable, in Make, CMake and shells.
	usedVariable = regexp.MustCompile(`\$(?:[({](\w+)[)}]|([A-Za-z_]\w+))`)
	plainValue   = regexp.MustCompile(`^\s*[\w.+]{1,64}[\s)]*$`)
)

// literalFlags returns the flags that the nearest build files pass to every BPF program, or to this one, and the build
// file that has them. A build file counts only if a statement is about BPF programs.
func literalFlags(file, root string) (flags []string, origin string) {
	for name := range project.BuildFiles(file, root) {
		if flags, ok := readLiteralFlags(name, file, root); ok {
			return flags, name
		}
	}
	return nil, ""
}

// readLiteralFlags returns the flags common to all statements about BPF, or to the statements that name the file. ok is
// false if there are none.
func readLiteralFlags(name, file, root string) (flags []string, ok bool) {
	b := readBuildText(name, root)
	stem, _, _ := strings.Cut(filepath.Base(file), ".")
	named := regexp.MustCompile(`\b` + regexp.QuoteMeta(stem) + `\b`)
	for _, marks := range []*regexp.Regexp{bpfTargetWords, bpfMacros} {
		var about, naming [][]string
		for _, s := range b.statements {
			// CMake and Meson hide the target in functions that are called with the name of the source.
			names := !b.isMake && strings.Contains(s, filepath.Base(file))
			if !(names && strings.HasSuffix(file, ".bpf.c")) && !b.choosesBPF(marks, s, names, map[string]bool{}) {
				continue
			}
			words := b.flagsOf(s, map[string]bool{})
			about = append(about, words)
			if named.MatchString(s) {
				naming = append(naming, words)
			}
		}
		if len(naming) > 0 {
			about = naming
		}
		if len(about) > 0 {
			return inAll(about), true
		}
	}
	return nil, false
}

// inAll returns what all lists have, each once.
func inAll(lists [][]string) []string {
	var out []string
	for _, w := range lists[0] {
		missing := slices.ContainsFunc(lists[1:], func(other []string) bool { return !slices.Contains(other, w) })
		if !missing && !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}

// choosesBPF reports whether a statement that compiles something has one of the marks, directly or through variables.
// called is set if the statement is a call with the name of the source.
func (b *buildText) choosesBPF(marks *regexp.Regexp, statement string, called bool, followed map[string]bool) bool {
	if marks.MatchString(statement) {
		return true
	}
	if b.budget -= len(statement); b.budget < 0 ||
		len(followed) == 0 && !called && !compiles.MatchString(statement) {
		return false
	}
	for _, name := range variablesOf(statement) {
		if followed[name] {
			continue
		}
		followed[name] = true
		for _, value := range b.settings[name] {
			if m := computedTarget.FindStringSubmatch(value); m != nil &&
				slices.ContainsFunc(b.settings[m[1]], func(v string) bool {
					return strings.HasPrefix(strings.TrimSpace(v), "bpf")
				}) {
				return true
			}
			if b.choosesBPF(marks, value, called, followed) {
				return true
			}
		}
	}
	return false
}

// variablesOf lists the variables that a statement uses.
func variablesOf(statement string) []string {
	var out []string
	for _, m := range usedVariable.FindAllStringSubmatch(statement, -1) {
		out = append(out, m[1]+m[2])
	}
	return out
}

var (
	// compiles matches a rule with a command that compiles.
	compiles = regexp.MustCompile(`\n\t.*\s-c\s`)
	// computedTarget is a target held by a variable.
	computedTarget = regexp.MustCompile(`--?target[=\s]+\$[({](\w+)[)}]`)
)

// flagsOf collects the literal flags of a statement and of the variables that it uses. Each variable is followed once.
func (b *buildText) flagsOf(statement string, followed map[string]bool) []string {
	if b.budget -= len(statement); b.budget < 0 {
		return nil
	}
	var out []string
	// A variable with one plain value is replaced; all others are followed below.
	statement = usedVariable.ReplaceAllStringFunc(statement, func(use string) string {
		values := b.settings[variablesOf(use)[0]]
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
		out = append(out, strings.Join(strings.Fields(rest[m[2]:m[3]]), ""))
		rest = rest[m[3]:]
	}
	for _, m := range computedVersion.FindAllStringSubmatch(statement, -1) {
		if clang.IsToolVersion(m[1]) {
			out = append(out, "-D"+m[1]+"=")
		}
	}
	for _, name := range variablesOf(statement) {
		if followed[name] {
			continue
		}
		followed[name] = true
		for _, value := range b.settings[name] {
			out = append(out, b.flagsOf(value, followed)...)
		}
	}
	return out
}

// computedVersion matches a definition whose value is computed. The compiler knows some of them.
var computedVersion = regexp.MustCompile(`-D\s?([A-Za-z_]\w*)=[$@]`)

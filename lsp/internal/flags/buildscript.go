// SPDX-License-Identifier: GPL-2.0-only

package flags

import (
	"bytes"
	"context"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/lsp/internal/disk"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/project"
)

// buildScriptName is Cargo's name for the program that builds what a crate needs, such as its BPF C files.
const buildScriptName = "build.rs"

// skeletonBuilder is libbpf-cargo's type that builds a C file. clangArgs begins the calls with its arguments for clang.
const (
	skeletonBuilder = "SkeletonBuilder"
	clangArgs       = ".clang_args("
)

var (
	rustComment = regexp.MustCompile(`(?m)^\s*//.*$`)
	rustString  = regexp.MustCompile(`"((?:[^"\\]|\\.)*)"`)
	rustName    = regexp.MustCompile(`[A-Za-z_][A-Za-z0-9_]*`)
	rustHole    = regexp.MustCompile(`\{[a-zA-Z0-9_]*\}`)
	rustBinding = regexp.MustCompile(`\b(?:let|const|static)\s+(?:mut\s+)?([A-Za-z_]\w*)\b`)
	rustValue   = regexp.MustCompile(`^[^=;]*=([^;]*);`)
	rustJoin    = regexp.MustCompile(`\.join\(\s*(?:&\s*)?[a-zA-Z_]\w*\s*\)`)
)

// fromBuildScript knows a file if the build script of its crate names it and builds skeletons. The script is read, not
// run. Literal words are used, a placeholder is taken to be the architecture, and an argument without a literal is
// dropped together with its option.
func (s *Sources) fromBuildScript(ctx context.Context, file string) (Found, error) {
	listed := project.DirCacheOf(ctx)
	for dir := range disk.Ancestors(filepath.Dir(file)) {
		if !listed.Has(dir, buildScriptName) {
			continue
		}
		name := filepath.Join(dir, buildScriptName)
		text, err := disk.ReadText(name, disk.MaxBuildFile)
		if err != nil {
			continue
		}
		if !bytes.Contains(text, []byte(skeletonBuilder)) {
			return Found{}, errNotHere
		}
		script := rustComment.ReplaceAllString(string(text), "")
		names := rustString.FindAllStringSubmatch(script, -1)
		if !slices.ContainsFunc(names, func(m []string) bool { return isSource(m[1], dir, file) }) {
			return Found{}, errNotHere
		}
		args := append(s.defaultFlags(), scriptFlags(script, s.settings.TargetArch())...)
		return Found{Dir: dir, Args: args, Origin: name, Guessed: true}, nil
	}
	return Found{}, errNotHere
}

// maxClangArgs bounds how many calls of clang_args are read, maxClangArgsBytes the length of each.
const (
	maxClangArgs      = 100
	maxClangArgsBytes = 16 << 10
)

// scriptFlags returns the words of all calls of clang_args.
func scriptFlags(script, arch string) []string {
	var out []string
	bindings := bindingsOf(script)
	rest := script
	for range maxClangArgs {
		_, after, ok := strings.Cut(rest, clangArgs)
		if !ok {
			break
		}
		rest = after
		for _, element := range splitArguments(strings.Trim(balanced(after[:min(len(after), maxClangArgsBytes)]),
			"&[] \n\t")) {
			words := elementWords(bindings, element, arch)
			if len(words) == 0 && len(out) > 0 && slices.Contains(flagsWithValue, out[len(out)-1]) {
				out = out[:len(out)-1]
			}
			// An option and its value are two elements. Several spellings of the value need the option each.
			for i, w := range words {
				if n := len(out); i > 0 && n > 1 && !strings.HasPrefix(w, "-") &&
					slices.Contains(flagsWithValue, out[n-2]) {
					out = append(out, out[n-2])
				}
				out = append(out, w)
			}
		}
	}
	return out
}

// balanced returns the text before the parenthesis that closes an argument list.
func balanced(s string) string {
	depth, quoted := 0, false
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && quoted:
			i++
		case s[i] == '"':
			quoted = !quoted
		case quoted:
		case strings.IndexByte("([{", s[i]) >= 0:
			depth++
		case strings.IndexByte(")]}", s[i]) >= 0:
			if depth--; depth < 0 {
				return s[:i]
			}
		}
	}
	return s
}

// splitArguments splits at commas outside of brackets and strings.
func splitArguments(s string) []string {
	var out []string
	for s != "" {
		end, depth, quoted := len(s), 0, false
		for i := 0; i < len(s); i++ {
			switch {
			case s[i] == '\\' && quoted:
				i++
				continue
			case s[i] == '"':
				quoted = !quoted
			case quoted:
			case strings.IndexByte("([{", s[i]) >= 0:
				depth++
			case strings.IndexByte(")]}", s[i]) >= 0:
				depth--
			case s[i] == ',' && depth == 0:
				end = i
			}
			if end != len(s) {
				break
			}
		}
		if element := strings.TrimSpace(s[:end]); element != "" {
			out = append(out, element)
		}
		s = s[min(end+1, len(s)):]
	}
	return out
}

// elementWords evaluates the literal words of one argument. Cargo and the kernel name architectures differently, and a
// script may mean either, so a name that depends on it is returned in both spellings. A directory that does not exist
// does no harm.
func elementWords(bindings map[string]string, element, arch string) []string {
	text := literalOf(element)
	if text == "" {
		for _, name := range rustName.FindAllString(element, -1) {
			if value, ok := bindings[name]; ok {
				text = value
				break
			}
		}
	}
	if text == "" {
		return nil
	}
	if rustJoin.MatchString(element) {
		text += "/{}"
	}
	if !rustHole.MatchString(text) {
		return strings.Fields(text)
	}
	out := []string{rustHole.ReplaceAllLiteralString(text, arch)}
	if strings.HasPrefix(text, "-D") {
		return out // a definition uses the kernel's name
	}
	for _, dir := range slices.Sorted(maps.Keys(project.ArchDirs)) {
		if project.ArchDirs[dir] == arch && dir != arch {
			out = append(out, rustHole.ReplaceAllLiteralString(text, dir))
		}
	}
	return out
}

// maxBinding bounds the length of a variable's value.
const maxBinding = 4 << 10

// bindingsOf returns the literals of a script's variables, each as first bound.
func bindingsOf(script string) map[string]string {
	out := map[string]string{}
	for _, m := range rustBinding.FindAllStringSubmatchIndex(script, -1) {
		name, after := script[m[2]:m[3]], script[m[1]:]
		if _, again := out[name]; again {
			continue
		}
		if value := rustValue.FindStringSubmatch(after[:min(len(after), maxBinding)]); value != nil {
			out[name] = literalOf(value[1])
		}
	}
	return out
}

// literalOf joins the string literals of an expression: as words if all are flags, else as parts of a path.
func literalOf(expression string) string {
	var parts []string
	flags := true
	for _, m := range rustString.FindAllStringSubmatch(expression, -1) {
		part := strings.ReplaceAll(m[1], `\"`, `"`)
		flags = flags && strings.HasPrefix(part, "-")
		parts = append(parts, part)
	}
	if flags {
		return strings.Join(parts, " ")
	}
	return strings.Join(parts, "/")
}

// SPDX-License-Identifier: GPL-2.0-only

package cures

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/clang"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/disk"
)

// definedTwice matches clang's error for a second definition.
var definedTwice = regexp.MustCompile(`^(?:redefinition of (?:enumerator )?|` +
	`typedef redefinition with different types|redeclaration of enumerator )'?(\w+)?`)

// typedefName is the name in the line that clang's error for a typedef points at.
var typedefName = regexp.MustCompile(`(\w+)\s*(?:\[[^\]]*\])?\s*;\s*$`)

// asideWord is the prefix of kernel types that are renamed because the program defines them itself.
const asideWord = "bpf_lsp_aside_"

// typesTwice renames the kernel's definitions of what a program defines itself. Such a program was written for kernel
// types that lacked them.
func (f *Finder) typesTwice(_ context.Context, cmd clang.Command, ds []diag.Diagnostic) ([]clang.Need, error) {
	var names []string
	var types string
	for i := range ds {
		if !clang.IsError(ds[i]) {
			continue
		}
		m := definedTwice.FindStringSubmatch(ds[i].Reason)
		if m == nil {
			m = macroInstead(&ds[i])
		}
		if m == nil {
			continue
		}
		places := []diag.Span{ds[i].Span}
		for _, r := range ds[i].Related {
			if !r.Note {
				places = append(places, r.Span)
			}
		}
		at := slices.IndexFunc(places, func(s diag.Span) bool {
			return kernelTypesName.MatchString(filepath.Base(s.File))
		})
		if at < 0 || types != "" && places[at].File != types {
			continue
		}
		types = places[at].File
		name := m[1]
		if name == "" {
			name = nameAt(places[at])
		}
		if name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return nil, nil
	}
	for _, a := range cmd.Args {
		names = append(names, asideIn(strings.TrimPrefix(a, "-I"), filepath.Base(types))...)
	}
	slices.Sort(names)
	names = slices.Compact(names)
	dir, err := f.typesWithout(types, names)
	if err != nil {
		return nil, err
	}
	return []clang.Need{{Flag: "-I" + dir, Why: "the program defines types of " + filepath.Base(types) + " itself",
		Guess: true, First: true}}, nil
}

// expandedMacro is clang's note for an error in an expanded macro.
var expandedMacro = regexp.MustCompile(`^(expanded from macro) '(\w+)'`)

// macroInstead finds a macro of the program with the name of something in the kernel's types. It returns a match like
// definedTwice's.
func macroInstead(d *diag.Diagnostic) []string {
	if !kernelTypesName.MatchString(filepath.Base(d.Span.File)) {
		return nil
	}
	for _, r := range d.Related {
		if m := expandedMacro.FindStringSubmatch(r.Message); m != nil {
			return m[1:]
		}
	}
	return nil
}

// asideIn returns the names that a header made by typesWithout renames, none for other headers.
func asideIn(dir, base string) []string {
	if !strings.HasPrefix(filepath.Base(dir), additionsPrefix) {
		return nil
	}
	text, err := disk.ReadText(filepath.Join(dir, base), disk.MaxSource)
	if err != nil {
		return nil
	}
	var out []string
	for line := range strings.Lines(string(text)) {
		if words := strings.Fields(line); len(words) == 3 && words[2] == asideWord+words[1] {
			out = append(out, words[1])
		}
	}
	return out
}

// nameAt returns the name that a typedef on a line defines.
func nameAt(s diag.Span) string {
	text, err := disk.ReadText(s.File, disk.MaxSource)
	if err != nil {
		return ""
	}
	lines := strings.Split(string(text), "\n")
	if s.Line < 1 || s.Line > len(lines) {
		return ""
	}
	m := typedefName.FindStringSubmatch(lines[s.Line-1])
	if m == nil {
		return ""
	}
	return m[1]
}

// typesWithout creates a header that includes another of the same name with some names changed.
func (f *Finder) typesWithout(types string, names []string) (string, error) {
	cache, err := f.settings.Cache()
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for _, n := range names {
		b.WriteString("#pragma push_macro(\"" + n + "\")\n#undef " + n + "\n#define " + n + " " + asideWord + n + "\n")
	}
	b.WriteString("#include " + strconv.Quote(filepath.ToSlash(types)) + "\n")
	for _, n := range names {
		b.WriteString("#undef " + n + "\n#pragma pop_macro(\"" + n + "\")\n")
	}
	sum := sha256.Sum256([]byte(b.String()))
	dir := filepath.Join(cache, additionsPrefix+"types-"+hex.EncodeToString(sum[:8]))
	return dir, disk.WriteCached(filepath.Join(dir, filepath.Base(types)), []byte(b.String()))
}

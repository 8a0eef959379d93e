// SPDX-License-Identifier: GPL-2.0-only

package cures

import (
	"regexp"
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/clang"
)

var (
	unlessMacro = regexp.MustCompile(`^\s*#\s*(?:ifndef\s+|if\s+!\s*defined\s*\(?\s*)(\w+)\)?\s*(?:$|/)`)
	ifMacro     = regexp.MustCompile(`^\s*#\s*(?:ifdef\s+|if\s+defined\s*\(?\s*)(\w+)\)?\s*(?:$|/)`)
	conditional = regexp.MustCompile(`^\s*#\s*(if|ifdef|ifndef|else|elif|endif)\b`)
)

// macroAgainst returns a macro that, if defined, makes the preprocessor skip what follows the lines; empty if there is
// none. Include guards do not count.
func macroAgainst(lines []string) string { return macroOf(lines, unlessMacro, ifMacro) }

// macroFor returns a macro without which the preprocessor skips what follows the lines; empty if there is none.
func macroFor(lines []string) string { return macroOf(lines, ifMacro, unlessMacro) }

// macroOf returns the macro in the nearest condition that the lines leave open and that matches: before an #else, the
// first pattern, after it, the second.
func macroOf(lines []string, direct, inverted *regexp.Regexp) string {
	depth, inElse := 0, false
	for i := len(lines) - 1; i >= 0; i-- {
		m := conditional.FindStringSubmatch(lines[i])
		if m == nil {
			continue
		}
		switch kind := m[1]; {
		case kind == "endif":
			depth++
		case depth > 0:
			if kind != "else" && kind != "elif" {
				depth--
			}
		case kind == "else":
			inElse = true
		case kind == "elif":
			return ""
		default:
			pattern := direct
			if inElse {
				pattern = inverted
			}
			guard := pattern.FindStringSubmatch(lines[i])
			twice := i+1 < len(lines) && guard != nil &&
				strings.HasPrefix(strings.Join(strings.Fields(lines[i+1]), " "), "#define "+guard[1])
			if guard != nil && !twice {
				return guard[1]
			}
			inElse = false
		}
	}
	return ""
}

// errorMatches reports whether an error matches the pattern.
func errorMatches(ds []diag.Diagnostic, pattern *regexp.Regexp) bool {
	return slices.ContainsFunc(ds, func(d diag.Diagnostic) bool {
		return clang.IsError(d) && pattern.MatchString(d.Reason)
	})
}

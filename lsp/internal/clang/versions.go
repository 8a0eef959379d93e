// SPDX-License-Identifier: GPL-2.0-only

package clang

import (
	"regexp"
	"slices"
	"strings"
)

// Some build files define macros as the version of a tool, which they ask when they run.

// versionNumber is the first version in the output of a tool.
var versionNumber = regexp.MustCompile(`(\d+)\.(\d+)(?:\.(\d+))?`)

// IsToolVersion reports whether a macro is named after a part of the version of clang or libbpf.
func IsToolVersion(macro string) bool {
	tool, part := toolVersion(macro)
	return tool != "" && part >= 0
}

// toolVersion takes the name of a macro apart: its tool, and which part of the version it is; -1 for none.
func toolVersion(macro string) (tool string, part int) {
	part = -1
	for word := range strings.SplitSeq(strings.ToLower(strings.TrimPrefix(macro, "-D")), "_") {
		switch word {
		case "clang", "llvm":
			tool = "clang"
		case "libbpf":
			tool = word
		}
		if i := slices.Index([]string{"major", "minor", "patch"}, word); i >= 0 {
			part = i
		}
	}
	return tool, part
}

// FillVersions gives values to the macros that are named after the version of a tool and defined as nothing, because
// the build would have asked the tool. versions maps tools to their versions.
func FillVersions(args []string, versions map[string]string) []string {
	out := slices.Clone(args)
	for i, a := range args {
		if !LacksVersion(a) {
			continue
		}
		tool, part := toolVersion(strings.TrimSuffix(a, "="))
		if m := versionNumber.FindStringSubmatch(versions[tool]); m != nil && m[part+1] != "" {
			out[i] = a + m[part+1]
		}
	}
	return out
}

// LacksVersion reports whether a flag defines a macro that is named after the version of a tool as nothing.
func LacksVersion(flag string) bool {
	macro, isDefinition := strings.CutPrefix(flag, "-D")
	macro, empty := strings.CutSuffix(macro, "=")
	return isDefinition && empty && IsToolVersion(macro)
}

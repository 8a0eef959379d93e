// SPDX-License-Identifier: GPL-2.0-only

package project

import (
	"cmp"
	"context"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/lsp/internal/disk"
)

// Names, prefixes and suffixes of files that say how something is built.
var (
	buildFileNames = []string{"CMakeLists.txt", "meson.build", "BUILD", "BUILD.bazel", "BUCK", "TARGETS", "BUILD.gn",
		"ya.make", "Android.bp", "justfile", "Justfile", "Taskfile.yml", "Taskfile.yaml", "build.rs", "build.zig",
		"build.py", "setup.py", "tasks.py", "wscript", "SConstruct", "SConscript", "configure.ac", "Earthfile",
		"Rakefile"}
	buildFilePrefixes = []string{"Makefile", "makefile", "GNUmakefile", "Dockerfile", "Containerfile"}
	buildFileSuffixes = []string{".mk", ".cmake", ".bzl", ".sh", ".bash", ".just", ".go", ".rs", ".am"}
)

// isBuildFile reports whether a file of this name may say how something is built.
func isBuildFile(base string) bool {
	return slices.Contains(buildFileNames, base) || hasAnyPrefix(base, buildFilePrefixes) ||
		hasAnySuffix(base, buildFileSuffixes)
}

// buildFilePatterns match the names of build files that may say how BPF programs are compiled.
var buildFilePatterns = []string{"Makefile*", "GNUmakefile", "makefile", "*.mk", "lib/*.mk", "CMakeLists.txt",
	"*.cmake", "cmake/*.cmake", "cmake/modules/*.cmake", "meson.build", "BUILD", "BUILD.bazel", "BUCK", "TARGETS",
	"ya.make", "Android.bp", "justfile", "Justfile", "*.just", "SConscript", "SConstruct", "*.sh"}

// BuildFiles yields the build files in a file's directory and above it, up to the top of the project.
func BuildFiles(file, root string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		listed := DirCacheOf(context.Background())
		for dir := range disk.Ancestors(filepath.Dir(file)) {
			for _, pattern := range buildFilePatterns {
				for _, name := range listed.Glob(dir, pattern) {
					if !yield(name) {
						return
					}
				}
			}
			if dir == root {
				return
			}
		}
	}
}

// BuildVariable returns the value that the build files above a file assign to a variable, empty if all values are
// computed. If there are several, it prefers the architecture, else the first.
func BuildVariable(file, root, key, arch string) string {
	set := regexp.MustCompile(`(?m)(?:^|[\s;&])` + regexp.QuoteMeta(key) +
		`[ \t]*[:?]?=[ \t]*("[^"\n]*"|'[^'\n]*'|[^\n]*)`)
	var first string
	for name := range BuildFiles(file, root) {
		text, err := disk.ReadText(name, disk.MaxBuildFile)
		if err != nil {
			continue
		}
		for _, m := range set.FindAllSubmatch(text, -1) {
			value := string(m[1])
			if quoted := strings.Trim(value, `"'`); len(quoted) == len(value)-2 {
				value = quoted
			} else if word, _, ok := strings.Cut(value, " "); ok && !strings.HasPrefix(value, "-") {
				value = word // a command follows
			}
			if value = strings.TrimSpace(value); value == "" || computed.MatchString(value) {
				continue
			}
			if KernelArch(value) == arch {
				return value
			}
			first = cmp.Or(first, value)
		}
	}
	return first
}

// SPDX-License-Identifier: GPL-2.0-only

package clang

import (
	"path/filepath"
	"regexp"
)

// Loader is what loads the object of a file, as far as it matters to what is told of the object.
type Loader uint8

// Loaders.
const (
	LoaderUnknown Loader = iota
	LoaderLibbpf         // libbpf, or a library that calls it
	LoaderOther          // one that reads objects itself
)

// loaderMarks are the dependencies by which a module or crate shows its loader. What calls libbpf is looked for first, as who has both
// loads by libbpf what needs it.
var loaderMarks = []struct {
	manifest      string
	libbpf, other *regexp.Regexp
}{
	{"go.mod", regexp.MustCompile(`(?m)^\s*(?:require\s+)?github\.com/aquasecurity/libbpfgo\s`), regexp.MustCompile(`(?m)^\s*(?:require\s+)?github\.com/cilium/ebpf\s`)},
	{"Cargo.toml", regexp.MustCompile(`(?m)^\s*libbpf-(?:rs|cargo|sys)\b`), regexp.MustCompile(`(?m)^\s*(?:aya|redbpf)\b`)},
}

// loaderOf finds out who loads the object of a file: who generates code for its loader says so, else the nearest module or crate that
// depends on one.
func (c *Compiler) loaderOf(f found, file string) Loader {
	switch f.source {
	case SourceBPF2Go:
		return LoaderOther
	case buildScriptName:
		return LoaderLibbpf
	}
	root := c.root(file)
	for dir := range ancestors(filepath.Dir(file)) {
		for _, m := range loaderMarks {
			text, err := readText(filepath.Join(dir, m.manifest), maxBuildFile)
			switch {
			case err != nil:
			case m.libbpf.Match(text):
				return LoaderLibbpf
			case m.other.Match(text):
				return LoaderOther
			}
		}
		if dir == root {
			break
		}
	}
	return LoaderUnknown
}

// SPDX-License-Identifier: GPL-2.0-only

package flags

import (
	"path/filepath"
	"regexp"

	"github.com/bpf-lsp/bpf-lsp/lsp/internal/clang"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/disk"
)

// loaderMarks are the dependencies that reveal the loader of a module or crate. A libbpf binding is tested first,
// because a project with both loads with libbpf what requires it.
var loaderMarks = []struct {
	manifest      string
	libbpf, other *regexp.Regexp
}{
	{"go.mod", regexp.MustCompile(`(?m)^\s*(?:require\s+)?github\.com/aquasecurity/libbpfgo\s`),
		regexp.MustCompile(`(?m)^\s*(?:require\s+)?github\.com/cilium/ebpf\s`)},
	{"Cargo.toml", regexp.MustCompile(`(?m)^\s*libbpf-(?:rs|cargo|sys)\b`),
		regexp.MustCompile(`(?m)^\s*(?:aya|redbpf)\b`)},
}

// LoaderOf finds out what loads the object of a file: a source of flags that generates code for its loader decides,
// else the nearest module or crate that depends on one.
func (s *Sources) LoaderOf(f Found, file string) clang.Loader {
	if f.loader != clang.LoaderUnknown {
		return f.loader
	}
	root := s.projects.Root(file)
	for dir := range disk.Ancestors(filepath.Dir(file)) {
		for _, m := range loaderMarks {
			text, err := disk.ReadText(filepath.Join(dir, m.manifest), disk.MaxBuildFile)
			switch {
			case err != nil:
			case m.libbpf.Match(text):
				return clang.LoaderLibbpf
			case m.other.Match(text):
				return clang.LoaderOther
			}
		}
		if dir == root {
			break
		}
	}
	return clang.LoaderUnknown
}

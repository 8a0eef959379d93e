// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"bytes"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/lsp/compile"
	"github.com/bpf-lsp/bpf-lsp/lsp/internal/disk"
)

// buildFiles match the names of files that say how others are compiled. A change of one requires new checks below it.
var buildFiles = compile.BuildFiles()

// buildPatterns are the same for a client that watches files. Only Go files with a bpf2go line matter, but a pattern
// cannot express that.
var buildPatterns = []string{"**/{" + strings.Join(buildFiles, ",") + "}", "**/*.go"}

// isBuildFile reports whether the flags of other files may come from this one.
func (s *server) isBuildFile(file string) bool {
	base := filepath.Base(file)
	for _, pattern := range buildFiles {
		if ok, err := filepath.Match(pattern, base); ok && err == nil {
			return true
		}
	}
	// The content no longer shows that a Go file had a bpf2go line.
	for _, u := range s.state.units {
		if u.report != nil && u.report.Command.Origin == file {
			return true
		}
	}
	return false
}

// maxGoBytes bounds how much of a Go file is searched for go:generate lines; hand-written files are shorter.
const maxGoBytes = 1 << 20

// generates reports whether a Go file has a bpf2go line. It reads the file, so the actor must not call it.
func generates(file string) bool {
	f, err := disk.OpenRegular(file)
	if err != nil {
		return false
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxGoBytes))
	return err == nil && bytes.Contains(text, []byte("bpf2go"))
}

// flagsChanged checks the units below directories once, and tests again whether other open files are BPF programs.
func (s *server) flagsChanged(dirs []string) {
	if len(dirs) == 0 {
		return
	}
	for i, dir := range dirs {
		dirs[i] = projectOf(dir)
	}
	s.forgetPlaces()
	for _, u := range s.sortedUnits() {
		if slices.ContainsFunc(dirs, func(dir string) bool { return inside(dir, u.file) }) {
			s.start(u)
		}
	}
	s.resweep(func(f string, _ *swept) bool {
		return slices.ContainsFunc(dirs, func(dir string) bool { return inside(dir, f) })
	})
	for _, d := range s.state.documents {
		s.adopt(d)
	}
}

// forgetPlaces drops cached headers and flags. It drops all, because it is not known what they depend on.
func (s *server) forgetPlaces() {
	for _, c := range s.state.checkers {
		c.Forget()
	}
}

// projectOf returns the directory that a build directory belongs to; for others, the directory itself.
func projectOf(dir string) string {
	if base := filepath.Base(dir); base == "out" || base == "_build" || strings.HasPrefix(base, "build") {
		return filepath.Dir(dir)
	}
	return dir
}

// inside reports whether a path is a file or directory, or lies below it.
func inside(dir, path string) bool {
	rel, err := filepath.Rel(dir, path)
	return err == nil && filepath.IsLocal(rel)
}

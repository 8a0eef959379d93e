// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"context"
	"path/filepath"

	"go.lsp.dev/protocol"
)

// DidChangeWatchedFiles handles changes on disk outside of the editor: another branch checked out, a generated header
// written, a file deleted, new flags.
func (s *server) DidChangeWatchedFiles(_ context.Context, params *protocol.DidChangeWatchedFilesParams) error {
	s.do(func() {
		var newFlags, goFiles, changed []string
		for _, e := range params.Changes {
			file := s.fileOf(e.URI)
			if file == "" {
				continue
			}
			file = cloneString(file)
			switch {
			case s.isBuildFile(file):
				newFlags = append(newFlags, filepath.Dir(file))
			case filepath.Ext(file) == ".go":
				goFiles = append(goFiles, file)
			case e.Type == protocol.FileChangeTypeDeleted:
				s.vanished(file)
				changed = append(changed, file)
			case e.Type == protocol.FileChangeTypeCreated:
				s.appeared(file)
				changed = append(changed, file)
			default:
				changed = append(changed, file)
			}
		}
		s.changedOnDisk(changed)
		s.flagsChanged(newFlags)
		s.goFilesChanged(goFiles)
	})
	return nil
}

// goFilesChanged tests, outside the actor, whether Go files have bpf2go lines.
func (s *server) goFilesChanged(files []string) {
	if len(files) == 0 {
		return
	}
	for _, u := range s.state.units {
		for _, f := range files {
			if u.running {
				u.touched[f] = true
			}
		}
	}
	s.tasks.run(func() {
		var dirs []string
		for _, f := range files {
			if s.ctx.Err() == nil && generates(f) {
				dirs = append(dirs, filepath.Dir(f))
			}
		}
		s.do(func() { s.flagsChanged(dirs) })
	})
}

// vanished drops what was known about a file, or about everything below a directory. changedOnDisk handles what
// included it.
func (s *server) vanished(path string) {
	if filepath.Ext(path) != ".c" {
		s.forgetPlaces()
	}
	for _, u := range s.sortedUnits() {
		if inside(path, u.file) {
			s.dropUnit(u)
		}
	}
	s.forget(func(f string) bool { return inside(path, f) })
}

// appeared checks an open file that now exists on disk, and units that lacked a header or a directory.
func (s *server) appeared(path string) {
	if filepath.Ext(path) != ".c" {
		s.forgetPlaces()
	}
	for _, d := range s.state.documents {
		if d.file != "" && inside(path, d.file) {
			s.adopt(d)
		}
	}
	for _, u := range s.sortedUnits() {
		if filepath.Ext(path) != ".c" && u.report != nil && u.report.LacksHeader() {
			s.start(u)
		}
	}
	s.resweep(func(_ string, k *swept) bool { return filepath.Ext(path) != ".c" && k.lacksHeader })
}

// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"context"
	"path/filepath"
	"slices"

	"go.lsp.dev/protocol"
)

// DidChangeWatchedFiles follows what happens on disk without an editor's doing: another branch checked out, a generated header
// written, a file deleted, new flags.
func (s *server) DidChangeWatchedFiles(_ context.Context, params *protocol.DidChangeWatchedFilesParams) error {
	s.do(func() {
		for _, e := range params.Changes {
			file := fileOf(e.URI)
			if file == "" {
				continue
			}
			file = cloneString(file)
			switch base := filepath.Base(file); {
			case base == "bpf-lsp.yaml" || base == "compile_commands.json":
				s.flagsChanged(filepath.Dir(file))
			case e.Type == protocol.FileChangeTypeDeleted && s.state.units[file] != nil:
				s.dropUnit(s.state.units[file])
			case e.Type == protocol.FileChangeTypeCreated && s.state.units[file] == nil && s.state.documentOf(file) != nil:
				s.adoptOrRecheck(s.state.documentOf(file))
			case e.Type == protocol.FileChangeTypeCreated:
				s.startDependents(file)
			default:
				s.changedOnDisk(file)
			}
		}
	})
	return nil
}

// changedOnDisk checks the units that a file is part of, except those whose newest check has seen this version already: a save
// is told twice, by the editor and by the watcher.
func (s *server) changedOnDisk(file string) {
	now := stampOf(file)
	for _, u := range s.sortedUnits() {
		if slices.Contains(u.deps, file) && u.stamps[file] != now {
			s.start(u)
		}
	}
}

// flagsChanged checks the units below a directory, and looks again at open files that were none of ours so far.
func (s *server) flagsChanged(dir string) {
	if base := filepath.Base(dir); base == "out" || base == "_build" || len(base) >= 5 && base[:5] == "build" {
		dir = filepath.Dir(dir)
	}
	for _, u := range s.sortedUnits() {
		if rel, err := filepath.Rel(dir, u.file); err == nil && filepath.IsLocal(rel) {
			s.start(u)
		}
	}
	for _, d := range s.state.documents {
		s.adopt(d)
	}
}

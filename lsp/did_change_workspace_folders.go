// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"context"
	"slices"

	"go.lsp.dev/protocol"
)

// DidChangeWorkspaceFolders updates the workspace folders. Settings may differ between folders, so units whose folder
// has changed are checked again.
func (s *server) DidChangeWorkspaceFolders(_ context.Context, params *protocol.DidChangeWorkspaceFoldersParams) error {
	s.do(func() {
		folders := map[*unit]string{}
		for _, u := range s.state.units {
			folders[u] = s.folderOf(u.file)
		}
		for _, f := range params.Event.Removed {
			dir := s.fileOf(f.URI)
			s.state.folders = slices.DeleteFunc(s.state.folders, func(have string) bool { return have == dir })
		}
		for _, f := range params.Event.Added {
			if dir := s.fileOf(f.URI); dir != "" && !slices.Contains(s.state.folders, dir) {
				s.state.folders = append(s.state.folders, cloneString(dir))
			}
		}
		s.setPaths(s.state.paths.withFolders(s.state.folders))
		s.forgetAnswers()
		s.forget(func(f string) bool { return s.folderOf(f) == "" })
		for _, u := range s.sortedUnits() {
			if s.folderOf(u.file) != folders[u] {
				s.start(u)
			}
		}
	})
	return nil
}

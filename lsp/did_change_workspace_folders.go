// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"context"
	"slices"

	"go.lsp.dev/protocol"
)

// DidChangeWorkspaceFolders follows the folders of the workspace; settings may differ from one to the next.
func (s *server) DidChangeWorkspaceFolders(_ context.Context, params *protocol.DidChangeWorkspaceFoldersParams) error {
	s.do(func() {
		for _, f := range params.Event.Removed {
			dir := fileOf(f.URI)
			s.state.folders = slices.DeleteFunc(s.state.folders, func(have string) bool { return have == dir })
		}
		for _, f := range params.Event.Added {
			if dir := fileOf(f.URI); dir != "" && !slices.Contains(s.state.folders, dir) {
				s.state.folders = append(s.state.folders, cloneString(dir))
			}
		}
		clear(s.state.pulled)
	})
	return nil
}

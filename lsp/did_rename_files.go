// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"context"
	"path/filepath"
	"slices"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"
)

// DidRenameFiles handles files and directories that the user has renamed in the editor. The client closes an open
// document under its old name and opens it under the new one, before or after.
func (s *server) DidRenameFiles(_ context.Context, params *protocol.RenameFilesParams) error {
	s.do(func() {
		var newFlags, changed []string
		for _, f := range params.Files {
			before, after := s.fileOf(uri.URI(cloneString(f.OldURI))), s.fileOf(uri.URI(cloneString(f.NewURI)))
			var moved []string // files checked in the background stay so
			if before != "" {
				moved = s.sweptBelow(before)
				newFlags = append(newFlags, s.flagsFrom(before)...)
				s.vanished(before)
				changed = append(changed, before)
			}
			if after != "" {
				newFlags = append(newFlags, s.flagsFrom(after)...)
				s.appeared(after)
				changed = append(changed, after)
				for i, rel := range moved {
					moved[i] = filepath.Join(after, rel)
				}
				if len(moved) > 0 {
					s.enqueue(s.sweeping(), moved)
				}
			}
		}
		s.changedOnDisk(changed)
		s.flagsChanged(newFlags)
	})
	return nil
}

// sweptBelow returns the files at or below a path that were checked in the background, relative to it.
func (s *server) sweptBelow(path string) []string {
	var out []string
	for f := range s.state.swept {
		if rel, err := filepath.Rel(path, f); err == nil && filepath.IsLocal(rel) {
			out = append(out, rel)
		}
	}
	slices.Sort(out)
	return out
}

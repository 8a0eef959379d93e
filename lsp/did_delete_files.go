// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"context"
	"path/filepath"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"
)

// DidDeleteFiles handles files and directories that the user has deleted in the editor.
func (s *server) DidDeleteFiles(_ context.Context, params *protocol.DeleteFilesParams) error {
	s.do(func() {
		var newFlags, gone []string
		for _, f := range params.Files {
			if file := s.fileOf(uri.URI(cloneString(f.URI))); file != "" {
				newFlags = append(newFlags, s.flagsFrom(file)...)
				s.vanished(file)
				gone = append(gone, file)
			}
		}
		s.changedOnDisk(gone)
		s.flagsChanged(newFlags)
	})
	return nil
}

// flagsFrom returns the directory below which flags may have changed because of a file, if any.
func (s *server) flagsFrom(file string) []string {
	if !s.isBuildFile(file) {
		return nil
	}
	return []string{filepath.Dir(file)}
}

// fileOperations subscribes to operations on sources, on build files, and on directories, which may hold both.
func fileOperations() *protocol.FileOperationOptions {
	scheme := "file"
	filters := []protocol.FileOperationFilter{{Scheme: &scheme, Pattern: protocol.FileOperationPattern{Glob: "**",
		Matches: protocol.FileOperationPatternKindFolder}}}
	for _, glob := range watchPatterns() {
		filters = append(filters, protocol.FileOperationFilter{Scheme: &scheme,
			Pattern: protocol.FileOperationPattern{Glob: glob, Matches: protocol.FileOperationPatternKindFile}})
	}
	registration := protocol.FileOperationRegistrationOptions{Filters: filters}
	return &protocol.FileOperationOptions{DidRename: registration, DidDelete: registration}
}

// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"context"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"
)

// DidRenameFiles follows files and directories that the user has renamed in the editor. A document that is open is closed under its
// old name and opened under the new one by the client, before or after.
func (s *server) DidRenameFiles(_ context.Context, params *protocol.RenameFilesParams) error {
	s.do(func() {
		var newFlags []string
		for _, f := range params.Files {
			before, after := fileOf(uri.URI(cloneString(f.OldURI))), fileOf(uri.URI(cloneString(f.NewURI)))
			if before != "" {
				newFlags = append(newFlags, s.flagsFrom(before)...)
				s.vanished(before)
			}
			if after != "" {
				newFlags = append(newFlags, s.flagsFrom(after)...)
				s.appeared(after)
			}
		}
		s.flagsChanged(newFlags)
	})
	return nil
}

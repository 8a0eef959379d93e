// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"context"

	"go.lsp.dev/protocol"
)

// DidClose drops a document and the results of its unit, unless the whole workspace is checked.
func (s *server) DidClose(_ context.Context, params *protocol.DidCloseTextDocumentParams) error {
	s.do(func() {
		d := s.state.documents[params.TextDocument.URI]
		if d == nil {
			return
		}
		delete(s.state.documents, d.uri)
		if u := s.state.units[d.file]; u != nil && s.state.documentOf(d.file) == nil {
			if u.background {
				s.retire(u, d.dirty)
			} else {
				s.dropUnit(u)
			}
		}
		if d.file != "" && s.state.client.pull {
			// The client drops what it has requested; diagnostics of a header now reach it in another way.
			s.publishFile(d.file)
		}
		if d.dirty {
			// Unsaved text is lost, and units may have been checked with it.
			for _, u := range s.checkedOnType(d.file) {
				s.start(u)
			}
		}
	})
	return nil
}

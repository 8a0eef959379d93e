// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"context"

	"go.lsp.dev/protocol"
)

// DidClose forgets a document, and with it what was found in the unit it is, unless the whole workspace is checked.
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
			// The client forgets what it has asked for; what is known of a header is told in another way from now on.
			s.publishFile(d.file)
		}
		if d.dirty {
			// What was not saved is gone, and units may have been checked with it.
			for _, u := range s.checkedOnType(d.file) {
				s.start(u)
			}
		}
	})
	return nil
}

// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"context"

	"go.lsp.dev/protocol"
)

// DidClose forgets a document, and with it what was found in the unit it is.
func (s *server) DidClose(_ context.Context, params *protocol.DidCloseTextDocumentParams) error {
	s.do(func() {
		d := s.state.documents[params.TextDocument.URI]
		if d == nil {
			return
		}
		delete(s.state.documents, d.uri)
		if u := s.state.units[d.file]; u != nil && s.state.documentOf(d.file) == nil {
			s.dropUnit(u)
		}
	})
	return nil
}

// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"context"

	"go.lsp.dev/protocol"
	"go.uber.org/zap"
)

// DidChange updates the text of a document. Results stay until it is saved, or until the user pauses if the settings
// say so.
func (s *server) DidChange(_ context.Context, params *protocol.DidChangeTextDocumentParams) error {
	s.do(func() {
		d := s.state.documents[params.TextDocument.URI]
		if d == nil {
			s.log.Warn("change of a document that is not open", zap.String("uri", string(params.TextDocument.URI)))
			return
		}
		changed := *d
		changed.version, changed.dirty = params.TextDocument.Version, true
		for _, c := range params.ContentChanges {
			changed.text = applyChange(changed.text, c, s.state.client.encoding)
		}
		s.state.documents[d.uri] = &changed
		s.use(d.file)
		s.edited(d.file)
	})
	return nil
}

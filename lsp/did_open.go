// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"context"
	"strings"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"
)

// cloneString copies a string, so that it does not keep the message alive from which it was decoded.
func cloneString[T ~string](s T) T { return T(strings.Clone(string(s))) }

// DidOpen adds a document and checks it if it is a BPF program.
func (s *server) DidOpen(_ context.Context, params *protocol.DidOpenTextDocumentParams) error {
	t := &params.TextDocument
	u := uri.URI(cloneString(string(t.URI)))
	d := &document{uri: u, file: s.fileOf(u), version: t.Version, text: cloneString(t.Text)}
	s.do(func() {
		s.state.documents[u] = d
		s.adopt(d)
		// The file may have diagnostics of units that include it, under the server's own spelling of its URI.
		if d.file != "" {
			s.publishFile(d.file)
		}
	})
	return nil
}

// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"context"

	"go.lsp.dev/protocol"
)

// DidSave checks the units that the saved file is part of: itself, or those that include it.
func (s *server) DidSave(_ context.Context, params *protocol.DidSaveTextDocumentParams) error {
	s.do(func() {
		d := s.state.documents[params.TextDocument.URI]
		if d == nil {
			return
		}
		saved := *d
		saved.dirty = false
		if params.Text != nil {
			saved.text = cloneString(*params.Text)
		}
		s.state.documents[d.uri] = &saved
		delete(s.state.edits, d.file)
		s.adoptOrRecheck(&saved)
	})
	return nil
}

// adoptOrRecheck checks what depends on a document, which may just have become a BPF program.
func (s *server) adoptOrRecheck(d *document) {
	if d.file == "" {
		return
	}
	known := s.state.units[d.file] != nil
	s.startDependents(d.file)
	if !known {
		s.adopt(d)
	}
	s.wanted(d.file)
}

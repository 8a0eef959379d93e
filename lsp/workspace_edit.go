// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"slices"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/bpf-lsp/bpf-lsp/diag"
)

// workspaceEdit converts edits of one file. It is nil if the client has another text of the file than the one that was
// checked: the edits would be in the wrong places.
// title says what they do.
func (w *wire) workspaceEdit(s *server, title string, edits []diag.Edit,
	features *clientFeatures) *protocol.WorkspaceEdit {
	if len(edits) == 0 {
		return nil
	}
	file := s.spelled(edits[0].Span).File
	text := w.texts.of(file).checked(file)
	var version *int32
	if d := w.open[file]; d != nil {
		if !slices.Equal(trimLast(lines(d.text)), text) {
			return nil
		}
		version = &d.version
	}
	changes := make([]protocol.TextEdit, 0, len(edits))
	for _, e := range edits {
		changes = append(changes, protocol.TextEdit{NewText: e.Text, Range: protocol.Range{
			Start: w.plain(text, e.Span.Line, e.Span.Col), End: w.plain(text, e.Span.EndLine, e.Span.EndCol)}})
	}
	if !features.documentChanges {
		return &protocol.WorkspaceEdit{Changes: map[uri.URI][]protocol.TextEdit{w.uriOf(file): changes}}
	}
	one := &protocol.TextDocumentEdit{TextDocument: protocol.OptionalVersionedTextDocumentIdentifier{
		TextDocumentIdentifier: protocol.TextDocumentIdentifier{URI: w.uriOf(file)}, Version: version}}
	out := &protocol.WorkspaceEdit{DocumentChanges: []protocol.DocumentChange{one}}
	for i := range changes {
		if features.annotations {
			one.Edits = append(one.Edits, &protocol.AnnotatedTextEdit{TextEdit: changes[i], AnnotationID: proven})
		} else {
			one.Edits = append(one.Edits, &changes[i])
		}
	}
	if features.annotations {
		asks := false
		out.ChangeAnnotations = map[protocol.ChangeAnnotationIdentifier]protocol.ChangeAnnotation{
			proven: {Label: title, NeedsConfirmation: &asks}}
	}
	return out
}

// proven annotates edits that were tried: they need no confirmation.
const proven protocol.ChangeAnnotationIdentifier = "proven"

// plain converts a place in a text that the client has as it is.
func (w *wire) plain(text []string, line, col int) protocol.Position {
	at := protocol.Position{Line: uint32(line - 1)}
	if line <= len(text) {
		at.Character = w.encoding.character(text[line-1], col-1)
	}
	return at
}

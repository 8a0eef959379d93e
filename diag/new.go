// SPDX-License-Identifier: GPL-2.0-only

package diag

import (
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// New returns a diagnostic with the wording of a catalogue row, but without a
// place. p may be nil.
func New(e *catalog.Entry, facts catalog.Facts, p *program.Program) Diagnostic {
	problem, reason, suggestion := e.Wording(facts)
	d := Diagnostic{
		Code:       e.Code,
		Category:   catalog.Title(e.Category()),
		Problem:    problem,
		Reason:     catalog.Fill(reason, facts),
		Suggestion: catalog.Fill(suggestion, facts),
		General:    e.General(facts),
		Source:     SourceVerifier,
		Href:       catalog.Href(e.Code),
		PC:         -1,
		RefSite:    -1,
	}
	if p != nil {
		d.Program, d.Section = p.Name, p.Section
	}
	return d
}

// FromFault is a diagnostic about a file as a whole: it could not be built,
// read or linked. detail fills the wording's place for it.
func FromFault(code catalog.Code, at Span, detail string) Diagnostic {
	d := New(catalog.Lookup(code), catalog.Facts{"detail": detail}, nil)
	d.Severity, d.Span = Error, at
	return d
}

// LibbpfPrefix begins the messages of libbpf.
const LibbpfPrefix = "libbpf: "

// LibbpfSays is a message as libbpf prints it.
func LibbpfSays(text string) string {
	if text == "" {
		return ""
	}
	return LibbpfPrefix + text
}

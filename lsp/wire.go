// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/bpf-lsp/bpf-lsp/diag"
)

const (
	// maxRelated bounds the related places of a diagnostic; nobody reads a longer list.
	maxRelated = 20
	// maxNotes is how many of them are put into the message, for clients that do not show related places.
	maxNotes = 3
)

// wire converts places and diagnostics to the protocol's, for one snapshot. It looks up each file once.
type wire struct {
	view
	texts  checkedTexts
	placed map[string]*placement
	there  map[string]bool // whether a file can be shown
}

func newWire(v view, texts checkedTexts) *wire {
	return &wire{view: v, texts: texts, placed: map[string]*placement{}, there: map[string]bool{}}
}

var severities = map[diag.Severity]protocol.DiagnosticSeverity{
	diag.Error:   protocol.DiagnosticSeverityError,
	diag.Warning: protocol.DiagnosticSeverityWarning,
	diag.Info:    protocol.DiagnosticSeverityInformation,
	diag.Hint:    protocol.DiagnosticSeverityHint,
}

// diagnosticData accompanies a diagnostic for requests about it; the client does not interpret it.
type diagnosticData struct {
	Program    string   `json:"program,omitzero"`
	Programs   []string `json:"programs,omitzero"`
	Section    string   `json:"section,omitzero"`
	Category   string   `json:"category,omitzero"`
	Insn       int      `json:"insn"`
	Errno      int      `json:"errno,omitzero"`
	Classic    string   `json:"classic,omitzero"`
	Suggestion string   `json:"suggestion,omitzero"`
}

func (w *wire) diagnostic(d *diag.Diagnostic) protocol.Diagnostic {
	message := d.Message()
	out := protocol.Diagnostic{
		Range:    w.span(d.Span),
		Severity: severities[d.Severity],
		Source:   protocol.NewOptional(d.Source),
	}
	if d.Code != "" {
		out.Code = protocol.String(d.Code)
	}
	if d.Href != "" {
		out.CodeDescription = protocol.CodeDescription{Href: uri.URI(d.Href)}
	}
	if w.related {
		for _, r := range keepRelated(d.Related) {
			out.RelatedInformation = append(out.RelatedInformation, w.relatedTo(d, r))
		}
	} else {
		for i, r := range d.Related {
			if i == maxNotes {
				break
			}
			message += fmt.Sprintf("\nnote: %s:%d: %s", filepath.Base(r.Span.File), r.Span.Line, r.Message)
		}
	}
	out.Message = protocol.String(message)
	data, err := protocol.Marshal(diagnosticData{Program: d.Program, Programs: d.Programs, Section: d.Section,
		Category: d.Category, Insn: d.PC, Errno: d.Errno,
		Classic: d.Kernel, Suggestion: d.Suggestion})
	if err == nil {
		out.Data = data
	}
	return out
}

// keepRelated shortens a list that is too long: notes are dropped first, then the middle, because a story needs its
// start and its end.
func keepRelated(all []diag.Related) []diag.Related {
	kept := all
	if len(kept) > maxRelated {
		kept = nil
		for _, r := range all {
			if !r.Note {
				kept = append(kept, r)
			}
		}
	}
	if len(kept) > maxRelated {
		kept = append(kept[:maxRelated/2:maxRelated/2], kept[len(kept)-maxRelated/2:]...)
	}
	return kept
}

// relatedTo is a related place of a diagnostic. A place in a file that does not exist becomes text, because a client
// could not open it.
func (w *wire) relatedTo(d *diag.Diagnostic, r diag.Related) protocol.DiagnosticRelatedInformation {
	if !w.isThere(r.Span.File) {
		return protocol.DiagnosticRelatedInformation{Location: w.location(d.Span), Message: r.Span.String() + ": " +
			r.Message}
	}
	return protocol.DiagnosticRelatedInformation{Location: w.location(r.Span), Message: r.Message}
}

// isThere reports whether the client can open a file.
func (w *wire) isThere(file string) bool {
	there, known := w.there[file]
	if !known {
		there = w.open[file] != nil
		if !there && filepath.IsAbs(file) {
			_, err := os.Stat(file)
			there = err == nil
		}
		w.there[file] = there
	}
	return there
}

func (w *wire) location(s diag.Span) protocol.Location {
	return protocol.Location{URI: w.uriOf(s.File), Range: w.span(s)}
}

// placement maps the lines of a file to where they are now.
func (w *wire) placement(file string) *placement {
	p := w.placed[file]
	if p == nil {
		p = w.texts.of(file).place(file, w.open[file])
		w.placed[file] = p
	}
	return p
}

// span converts a place in the checked text to a range in the client's text.
func (w *wire) span(s diag.Span) protocol.Range {
	p := w.placement(s.File)
	first, last := s.Line-1, s.EndLine-1
	if s.EndLine == 0 {
		last = first
	}
	startByte, endByte := columns(s, p.line(first), first, last)
	return protocol.Range{Start: w.position(p, first, startByte), End: w.position(p, last, endByte)}
}

func (w *wire) position(p *placement, line, offset int) protocol.Position {
	at := protocol.Position{Line: uint32(max(line, 0)), Character: w.encoding.character(p.line(line), offset)}
	if p.now == nil {
		return at
	}
	now, kept := p.lines.forward(int(at.Line))
	at.Line = uint32(max(now, 0))
	if !kept {
		at.Character = min(at.Character, w.encoding.units(p.now[min(now, len(p.now)-1)]))
	}
	return at
}

// columns returns the byte offsets of a span in its first line, which is given, and its last. A span without columns is
// the line's text without indentation, one without an end is the word that starts there.
func columns(s diag.Span, line string, first, last int) (start, end int) {
	if s.Col == 0 {
		return len(line) - len(strings.TrimLeft(line, " \t")), len(strings.TrimRight(line, " \t"))
	}
	start = s.Col - 1
	if s.EndCol > 0 {
		return start, s.EndCol - 1
	}
	if last != first {
		return start, 0
	}
	return start, start + wordLength(line, start)
}

// wordLength returns the length in bytes of the C name or number at an offset, else of one character.
func wordLength(line string, start int) int {
	if start >= len(line) {
		return 1
	}
	n := 0
	for start+n < len(line) && isWordByte(line[start+n]) {
		n++
	}
	if n == 0 {
		_, n = utf8.DecodeRuneInString(line[start:])
	}
	return n
}

func isWordByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// trimLast drops the empty line after a final newline, which a text split into lines for compiling does not have.
func trimLast(ls []string) []string {
	if n := len(ls); n > 1 && ls[n-1] == "" {
		return ls[:n-1]
	}
	return ls
}

// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"fmt"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/lsp/check"
)

const (
	// maxRelated bounds the related places of a diagnostic; a list longer than that is read by nobody.
	maxRelated = 20
	// maxNotes is how many of them are put into the message for clients that have no place of their own for them.
	maxNotes = 3
)

// wire converts internal places and diagnostics to the protocol's.
type wire struct {
	state    *state
	texts    *textCache
	encoding encoding
	related  bool
}

// textCache gives the lines of the files a report is about, and where they are in the editor now.
type textCache struct {
	source *check.Source
	lines  map[string][]string
}

func newTextCache(src *check.Source) *textCache {
	return &textCache{source: src, lines: map[string][]string{}}
}

// checked are the lines of a file as the check saw it.
func (t *textCache) checked(file string) []string {
	if ls, ok := t.lines[file]; ok {
		return ls
	}
	var ls []string
	if t.source != nil {
		if text, ok := t.source.Read(file); ok {
			ls = trimLast(lines(string(text)))
		}
	}
	t.lines[file] = ls
	return ls
}

var severities = map[diag.Severity]protocol.DiagnosticSeverity{
	diag.Error:   protocol.DiagnosticSeverityError,
	diag.Warning: protocol.DiagnosticSeverityWarning,
	diag.Info:    protocol.DiagnosticSeverityInformation,
	diag.Hint:    protocol.DiagnosticSeverityHint,
}

// diagnosticData travels with a diagnostic for requests about it; the client does not look into it.
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
			out.RelatedInformation = append(out.RelatedInformation, protocol.DiagnosticRelatedInformation{Location: w.location(r.Span), Message: r.Message})
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
	data, err := protocol.Marshal(diagnosticData{Program: d.Program, Programs: d.Programs, Section: d.Section, Category: d.Category, Insn: d.PC, Errno: d.Errno,
		Classic: d.Kernel, Suggestion: d.Suggestion})
	if err == nil {
		out.Data = data
	}
	return out
}

// keepRelated shortens a list that is too long: notes go first, then the middle, because a story needs its start and its end.
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

func (w *wire) location(s diag.Span) protocol.Location {
	return protocol.Location{URI: w.state.uriOf(s.File), Range: w.span(s)}
}

// span converts a place in the text that was checked to a range in the text that the client has now.
func (w *wire) span(s diag.Span) protocol.Range {
	old := w.texts.checked(s.File)
	first, last := s.Line-1, s.EndLine-1
	if s.EndLine == 0 {
		last = first
	}
	startByte, endByte := w.columns(s, old, first, last)
	lineOf := func(n int) string {
		if n >= 0 && n < len(old) {
			return old[n]
		}
		return ""
	}
	r := protocol.Range{
		Start: protocol.Position{Line: uint32(max(first, 0)), Character: w.encoding.character(lineOf(first), startByte)},
		End:   protocol.Position{Line: uint32(max(last, 0)), Character: w.encoding.character(lineOf(last), endByte)},
	}
	d := w.state.documentOf(s.File)
	if d == nil || len(old) == 0 {
		return r
	}
	now := lines(d.text)
	m := mapLines(old, trimLast(now))
	shift := func(p *protocol.Position) {
		line, kept := m.forward(int(p.Line))
		p.Line = uint32(max(line, 0))
		if !kept {
			p.Character = min(p.Character, w.encoding.units(now[min(line, len(now)-1)]))
		}
	}
	shift(&r.Start)
	shift(&r.End)
	return r
}

// columns are the byte offsets of a span in its first and last line. A span without columns is the line's text without its
// indentation, one without an end the word that starts there.
func (w *wire) columns(s diag.Span, text []string, first, last int) (start, end int) {
	line := ""
	if first >= 0 && first < len(text) {
		line = text[first]
	}
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

// wordLength is the length in bytes of the C name or number at an offset; of anything else one character.
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

// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"context"
	"slices"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"
	"go.uber.org/zap"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/lsp/check"
)

// checkedPart is a unit that a document is part of, with the document's lines as its last check saw them.
type checkedPart struct {
	report *check.Report
	lines  *placement
}

// checkedParts returns the units that a document is part of. Mapping lines takes time that grows with the document, so
// the actor only takes the units.
func (s *server) checkedParts(d *document) []checkedPart {
	var reports []*check.Report
	var texts []*textCache
	s.do(func() {
		for _, u := range s.checkedUnits(d.file) {
			reports, texts = append(reports, u.report), append(texts, u.texts)
		}
	})
	var parts []checkedPart
	for i, t := range texts {
		if p := t.place(d.file, d); p.knows(d) {
			parts = append(parts, checkedPart{reports[i], p})
		}
	}
	return parts
}

// CodeLens says at the function of each program what the last check found. A lens moves with its line, and is left out
// once the line is edited.
func (s *server) CodeLens(ctx context.Context, params *protocol.CodeLensParams) ([]protocol.CodeLens, error) {
	lenses := []protocol.CodeLens{}
	d, answer := s.lensesWanted(ctx, params.TextDocument.URI)
	if d == nil {
		return lenses, ctx.Err()
	}
	named := s.paths.Load()
	for _, part := range s.checkedParts(d) {
		for _, run := range part.report.Programs {
			span := run.Summary.Span
			if named.spelled(span.File) != d.file {
				continue
			}
			if line, ok := part.lines.forward(span.Line); ok {
				place := lensRange(part.lines.line(span.Line-1), span, line, answer.encoding)
				lenses = answer.add(lenses, d, part.report, run, place)
			}
		}
	}
	return lenses, nil
}

// lensesWanted returns the document of a request and how its lenses answer, nil if there are none. A client that cannot
// be told of a later result waits for the check that runs.
func (s *server) lensesWanted(ctx context.Context, of uri.URI) (d *document, answer lensAnswer) {
	var running *outcome
	find := func() {
		d = s.state.documents[of]
		if d == nil || d.file == "" || !s.settingsFor(d.file).CodeLens {
			d = nil
			return
		}
		answer = lensAnswer{encoding: s.state.client.encoding, shown: s.state.client.showsAnswers}
		if u := s.state.units[d.file]; u != nil && !s.state.client.refreshesLenses {
			running = u.outcome
		}
	}
	s.do(find)
	if running == nil {
		return d, answer
	}
	s.log.Debug(waitsForCheck, zap.String("file", d.file))
	select {
	case <-running.over:
		s.do(find)
		return d, answer
	case <-ctx.Done():
	case <-s.ctx.Done():
	}
	return nil, answer
}

// lensRange is the name of a program's function in the document.
func lensRange(text string, span diag.Span, line int, e encoding) protocol.Range {
	start, end := columns(span, text, span.Line-1, span.Line-1)
	at := func(offset int) protocol.Position {
		return protocol.Position{Line: uint32(line), Character: e.character(text, offset)}
	}
	return protocol.Range{Start: at(start), End: at(end)}
}

// lensAnswer is how the commands of lenses answer a client.
type lensAnswer struct {
	encoding encoding
	shown    bool // the client shows what commands answer
}

// add adds the lenses of one program: what became of it, and what else there is to see. What the lenses of other units
// say is not repeated.
func (a lensAnswer) add(lenses []protocol.CodeLens, d *document, r *check.Report, run *diag.Run,
	place protocol.Range) []protocol.CodeLens {
	add := func(title, command string) {
		if !slices.ContainsFunc(lenses, func(l protocol.CodeLens) bool {
			return l.Range == place && l.Command.Title == title
		}) {
			lenses = append(lenses, protocol.CodeLens{Range: place, Command: protocol.Command{Title: title,
				Command: command, Arguments: a.arguments(d, run)}})
		}
	}
	verdict := verdictName(run)
	switch verdict {
	case verdictAccepted:
		text := run.Summary.Text
		if fault := r.Refused(); fault != nil {
			text = catalog.ProgramRefused.With(catalog.Facts{"summary": text, "problem": fault.Problem})
		}
		add(text, commandShowBudget)
	case verdictRejected:
		add(run.Summary.Text, commandShowReport)
		add(catalog.ShowLog.With(nil), commandShowVerifierLog)
	default:
		add(run.Summary.Text, commandShowReport)
	}
	if run.Summary.Near {
		add(catalog.ShowHeat.With(nil), commandShowHeat)
	}
	return lenses
}

// arguments are those of the commands that show something of a program.
func (a lensAnswer) arguments(d *document, run *diag.Run) []protocol.LSPAny {
	words := []string{string(d.uri), run.Program.Name}
	if !a.shown {
		words = append(words, answerByMessage)
	}
	return wordsOf(words)
}

// refreshLenses makes the client request lenses again.
func (s *server) refreshLenses() {
	if s.state.client.refreshesLenses {
		s.tell(&s.state.lensRefresh, "code lenses", s.client.CodeLensRefresh)
	}
}

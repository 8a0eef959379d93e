// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/render"
	"github.com/bpf-lsp/bpf-lsp/lsp/check"
)

// answerByMessage as the last argument of a command that answers with a text also shows it as a message, for clients
// that ignore answers.
const answerByMessage = "message"

// maxMessageLines bounds what is shown as a message.
const maxMessageLines = 24

// checkedProgram is the last check of a unit, and the programs of it that a request is about.
type checkedProgram struct {
	file    string
	report  *check.Report
	texts   *textCache // the files of the report, as they were
	checker Checker
	runs    []*diag.Run
}

// checkedPrograms finds the programs of a name in a unit, or in the units that a header is part of; all if there is no
// name.
func (s *server) checkedPrograms(u uri.URI, name string) (out []checkedProgram) {
	file := s.fileOf(u)
	s.do(func() {
		for _, unit := range s.checkedUnits(file) {
			c := checkedProgram{file: unit.file, report: unit.report, texts: unit.texts,
				checker: s.checkerFor(unit.file)}
			for _, run := range unit.report.Programs {
				if name == "" || run.Program.Name == name {
					c.runs = append(c.runs, run)
				}
			}
			if len(c.runs) > 0 {
				out = append(out, c)
			}
		}
	})
	return out
}

// printer writes as the command line does, with file names relative to the checked file.
func (c *checkedProgram) printer() render.Printer {
	dir := filepath.Dir(c.file)
	return render.Printer{Read: c.report.Source.Read, Show: func(file string) string {
		if rel, err := filepath.Rel(dir, file); err == nil && filepath.IsLocal(rel) {
			return rel
		}
		return file
	}}
}

// reportText is what the command line prints about a program.
func (s *server) reportText(u uri.URI, name string) string {
	var b bytes.Buffer
	for _, c := range s.checkedPrograms(u, name) {
		p := c.printer()
		for _, run := range c.runs {
			for i := range run.Diagnostics {
				_ = p.Print(&b, &run.Diagnostics[i]) // a buffer takes everything
			}
		}
	}
	return b.String()
}

// budgetText says where the verification of a program spent what.
func (s *server) budgetText(ctx context.Context, u uri.URI, name string) (string, error) {
	var b bytes.Buffer
	for _, c := range s.checkedPrograms(u, name) {
		p := c.printer()
		for _, cost := range c.checker.Costs(ctx, c.report, name) {
			_ = p.PrintBudget(&b, cost.Program, cost.Budget)
		}
	}
	if ctx.Err() != nil {
		return "", protocol.ErrRequestCancelled
	}
	return b.String(), nil
}

// showMessage shows a text to the user of a client that ignores the answers of commands. A long one is cut.
func (s *server) showMessage(text string) {
	ls := strings.Split(strings.TrimRight(text, "\n"), "\n")
	if len(ls) > maxMessageLines {
		ls = append(ls[:maxMessageLines], "…")
	}
	s.outbox.send(func(ctx context.Context) {
		_ = s.client.ShowMessage(ctx, &protocol.ShowMessageParams{Type: protocol.MessageTypeInfo,
			Message: strings.Join(ls, "\n")})
	})
}

// answer is the text that a command answers with; null if there is none.
func (s *server) answer(text, how string) (protocol.LSPAny, error) {
	if text == "" {
		return nil, nil
	}
	if how == answerByMessage {
		s.showMessage(text)
	} else if how != "" {
		return nil, jsonrpc2.NewError(jsonrpc2.InvalidParams, "the third argument must be "+answerByMessage)
	}
	return protocol.Marshal(protocol.String(text))
}

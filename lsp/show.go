// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"bytes"
	"context"
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"
	"go.uber.org/zap"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
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

// settingsPage describes the settings.
const settingsPage = "https://github.com/bpf-lsp/bpf-lsp/blob/main/docs/server.md#settings"

// openPage shows the page on a code.
func (s *server) openPage(code string) error {
	if catalog.Lookup(catalog.Code(code)) == nil {
		return jsonrpc2.NewError(jsonrpc2.InvalidParams, "the second argument must be a code")
	}
	s.showOutside(catalog.Href(catalog.Code(code)))
	return nil
}

// showOutside shows a page of the web in another program, in the background.
func (s *server) showOutside(page string) {
	outside := true
	s.tasks.run(func() {
		_, err := s.client.ShowDocument(s.ctx, &protocol.ShowDocumentParams{URI: uri.URI(page), External: &outside})
		if err != nil && s.ctx.Err() == nil {
			s.log.Info("the client does not show the page", zap.String("page", page), zap.Error(err))
		}
	})
}

// logAt is the answer to bpf-lsp.showLogAtError.
type logAt struct {
	Text string `json:"text"`
	Line int    `json:"line"` // where the error begins, from 0
}

// logAtError is the log of a program, and the line of its error.
func (s *server) logAtError(ctx context.Context, u uri.URI, program, how string) (protocol.LSPAny, error) {
	text, err := s.verifierLog(ctx, u, program)
	if err != nil || text == "" {
		return nil, err
	}
	ls := strings.Split(strings.TrimRight(text, "\n"), "\n")
	answer := logAt{Text: text, Line: len(ls) - 1}
	for _, c := range s.checkedPrograms(u, program) {
		for _, run := range c.runs {
			for i := range run.Diagnostics {
				first, _, _ := strings.Cut(run.Diagnostics[i].Kernel, "\n")
				if at := lastOf(ls, first); first != "" && at >= 0 {
					answer.Line = at
				}
			}
		}
	}
	if how == answerByMessage {
		end := min(answer.Line+2, len(ls))
		s.showMessage(strings.Join(ls[max(end-maxMessageLines, 0):end], "\n"))
	} else if how != "" {
		return nil, jsonrpc2.NewError(jsonrpc2.InvalidParams, "the third argument must be "+answerByMessage)
	}
	return json.Marshal(answer)
}

// lastOf is the index of the last line that is a text, -1 if there is none.
func lastOf(ls []string, text string) int {
	for i, l := range slices.Backward(ls) {
		if l == text {
			return i
		}
	}
	return -1
}

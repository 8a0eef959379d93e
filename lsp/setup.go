// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"context"
	"slices"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"go.uber.org/zap"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/lsp/check"
)

// What this machine lacks, such as clang, is wrong with no file in particular. The user is told once, with what to do,
// and no file has a squiggle for it; the status of each file says that it could not be checked.

// ofMachine reports whether a diagnostic is about this machine rather than about a file.
func ofMachine(d *diag.Diagnostic) bool {
	e := catalog.Lookup(d.Code)
	return e != nil && e.Machine
}

// aboutFiles returns the diagnostics that are about files.
func aboutFiles(ds []diag.Diagnostic) []diag.Diagnostic {
	return slices.DeleteFunc(slices.Clone(ds), func(d diag.Diagnostic) bool { return ofMachine(&d) })
}

// noticeMachine tells the user of what this machine lacks, when a check finds that it does. It is told again after a
// check that lacked nothing.
func (s *server) noticeMachine(r *check.Report) {
	i := slices.IndexFunc(r.Faults, func(d diag.Diagnostic) bool { return ofMachine(&d) })
	if i < 0 {
		s.state.machineFault = ""
		return
	}
	d := &r.Faults[i]
	text := d.Message()
	if d.Suggestion != "" {
		text += " " + d.Suggestion
	}
	if text == s.state.machineFault {
		return
	}
	s.state.machineFault = text
	s.log.Info("this machine lacks something", zap.String("problem", text))
	offers := []protocol.MessageActionItem{{Title: string(catalog.OfferCheckAgain)}}
	if s.state.client.showsPages {
		offers = append(offers, protocol.MessageActionItem{Title: string(catalog.OfferInstall)})
	}
	page := catalog.Href(d.Code)
	s.tasks.run(func() { s.offerCure(text, page, offers) })
}

// doctorAnswer describes what a check of a file depends on, of any file if it is empty.
func (s *server) doctorAnswer(ctx context.Context, file, how string) (protocol.LSPAny, error) {
	if s.o.Doctor == nil {
		return nil, jsonrpc2.NewError(jsonrpc2.InvalidParams, "this server has no doctor")
	}
	s.refreshSettings(ctx, file)
	var settings check.Settings
	s.do(func() { settings = s.settingsFor(file).checker(s.folderOf(file)) })
	text, err := s.o.Doctor(ctx, file, settings)
	if ctx.Err() != nil {
		return nil, protocol.ErrRequestCancelled
	}
	if err != nil {
		return nil, jsonrpc2.NewError(jsonrpc2.InternalError, err.Error())
	}
	return s.answer(text, how)
}

// offerCure shows what this machine lacks, and does what the user chooses.
func (s *server) offerCure(text, page string, offers []protocol.MessageActionItem) {
	chosen, err := s.client.ShowMessageRequest(s.ctx, &protocol.ShowMessageRequestParams{
		Type: protocol.MessageTypeError, Message: text, Actions: offers})
	if err != nil && s.ctx.Err() == nil {
		s.log.Debug("the client did not ask the user", zap.Error(err))
	}
	if err != nil || chosen == nil {
		return
	}
	switch catalog.Phrase(chosen.Title) {
	case catalog.OfferInstall:
		s.showOutside(page)
	case catalog.OfferCheckAgain:
		s.do(func() {
			s.state.machineFault = ""
			s.restartAll()
		})
	}
}

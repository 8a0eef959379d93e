// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"slices"

	"go.lsp.dev/protocol"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
)

// showKind is the kind of actions that change nothing: they show more of a diagnostic.
const showKind protocol.CodeActionKind = "bpf-lsp.show"

// shows are the actions beside changes: the page on the code of a diagnostic, the verifier's log where it says it, the
// setting that it is about. Each is offered to clients that can show it.
func (a *actionRequest) shows() (out []protocol.CommandOrCodeAction) {
	if !a.wants(showKind) {
		return nil
	}
	for _, d := range diag.Merge(slices.Concat(a.shown...)) {
		e := catalog.Lookup(d.Code)
		if e == nil || !a.concerns(&d) {
			continue
		}
		if e.Setting != "" && (a.features.showsAnswers || a.features.showsPages) {
			title := catalog.OpenSetting.With(catalog.Facts{"name": catalog.Quote(settingsSection + "." + e.Setting)})
			out = a.show(out, &d, title, commandOpenSetting, e.Setting)
		}
		if d.Source == diag.SourceVerifier && d.Severity == diag.Error && d.PC >= 0 &&
			d.Code.Category() != catalog.Loader && d.Kernel != "" && d.Program != "" {
			words := []string{d.Program}
			if !a.features.showsAnswers {
				words = append(words, answerByMessage)
			}
			out = a.show(out, &d, catalog.ShowLogAt.With(nil), commandShowLogAtError, words...)
		}
		if a.features.showsPages {
			title := catalog.OpenPage.With(catalog.Facts{"code": catalog.Quote(string(d.Code))})
			out = a.show(out, &d, title, commandOpenPage, string(d.Code))
		}
	}
	return out
}

// show adds the action that runs a command for the file, unless there is the same already.
func (a *actionRequest) show(out []protocol.CommandOrCodeAction, d *diag.Diagnostic, title, command string,
	words ...string) []protocol.CommandOrCodeAction {
	kind := showKind
	if slices.ContainsFunc(out, func(o protocol.CommandOrCodeAction) bool {
		return o.(*protocol.CodeAction).Title == title
	}) {
		return out
	}
	shown := *d
	shown.Span = a.server.spelled(d.Span)
	return append(out, &protocol.CodeAction{Title: title, Kind: &kind,
		Diagnostics: []protocol.Diagnostic{a.wire.diagnostic(&shown)},
		Command: protocol.Command{Title: title, Command: command,
			Arguments: wordsOf(append([]string{string(a.wire.uriOf(a.file))}, words...))}})
}

// wordsOf are the arguments of a command.
func wordsOf(words []string) (out []protocol.LSPAny) {
	for _, w := range words {
		if raw, err := protocol.Marshal(protocol.String(w)); err == nil {
			out = append(out, raw)
		}
	}
	return out
}

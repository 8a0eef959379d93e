// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"context"
	"fmt"
	"hash/maphash"
	"maps"
	"slices"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"
	"go.uber.org/zap"
)

// waitsForCheck is logged of a request that is answered later.
const waitsForCheck = "a request waits for the check"

// outcome is how a check came to its end, for requests that wait for it.
type outcome struct {
	over       chan struct{} // closed at the end
	superseded bool          // a newer check, or none, takes its place; to be read once it is over
}

// release lets those go on who wait for the check of a unit.
func (u *unit) release(superseded bool) {
	if u.outcome != nil {
		u.outcome.superseded = superseded
		close(u.outcome.over)
		u.outcome = nil
	}
}

// Diagnostic answers with what is known about a document, once a check of it that runs has ended. If that check is given up, the
// client is to ask again.
func (s *server) Diagnostic(ctx context.Context, params *protocol.DocumentDiagnosticParams) (protocol.DocumentDiagnosticReport, error) {
	u := uri.URI(cloneString(string(params.TextDocument.URI)))
	file := s.fileOf(u)
	var running *outcome
	s.do(func() {
		if unit := s.state.units[file]; unit != nil {
			running = unit.outcome
		}
	})
	if running != nil {
		s.log.Debug(waitsForCheck, zap.String("file", file))
		select {
		case <-running.over:
			if running.superseded {
				return nil, s.askAgain()
			}
		case <-ctx.Done():
			return nil, protocol.ErrRequestCancelled
		case <-s.ctx.Done():
			return nil, s.askAgain()
		}
	}
	var report protocol.DocumentDiagnosticReport
	s.do(func() { report = s.documentReport(file, params.PreviousResultID) })
	if report == nil {
		return nil, s.askAgain()
	}
	return report, nil
}

// askAgain is the answer to a request for diagnostics that the server gives up.
func (s *server) askAgain() error {
	err := jsonrpc2.NewError(jsonrpc2.Code(protocol.LSPErrorCodesServerCancelled), "what was asked for is being checked again")
	data, merr := protocol.Marshal(&protocol.DiagnosticServerCancellationData{RetriggerRequest: phase(s.phase.Load()) == phaseRunning && s.ctx.Err() == nil})
	if merr == nil {
		err.Data = jsonrpc2.RawMessage(data)
	}
	return err
}

// documentReport says what is known about a file, and about headers of it that the client does not ask for by themselves.
func (s *server) documentReport(file string, previous *string) protocol.DocumentDiagnosticReport {
	items, id := s.itemsOf(file)
	related := s.relatedReports(file)
	if previous != nil && *previous == id {
		return &protocol.RelatedUnchangedDocumentDiagnosticReport{UnchangedDocumentDiagnosticReport: protocol.UnchangedDocumentDiagnosticReport{
			Kind: "unchanged", ResultID: id}, RelatedDocuments: related}
	}
	return &protocol.RelatedFullDocumentDiagnosticReport{FullDocumentDiagnosticReport: protocol.FullDocumentDiagnosticReport{Kind: "full",
		ResultID: &id, Items: items}, RelatedDocuments: related}
}

// relatedReports are about the closed headers in which a unit has diagnostics, or once had: only a report without any makes the
// client forget those.
func (s *server) relatedReports(file string) map[uri.URI]protocol.FullDocumentDiagnosticReportOrUnchangedDocumentDiagnosticReport {
	u := s.state.units[file]
	if u == nil || !s.state.client.relatedDocuments || s.state.workspacePulled {
		return nil
	}
	if u.related == nil {
		u.related = map[string]bool{}
	}
	for f := range s.state.results.units[file] {
		if f != file && s.state.documentOf(f) == nil {
			u.related[f] = true
		}
	}
	maps.Copy(u.related, s.state.orphans)
	clear(s.state.orphans)
	out := map[uri.URI]protocol.FullDocumentDiagnosticReportOrUnchangedDocumentDiagnosticReport{}
	for _, f := range slices.Sorted(maps.Keys(u.related)) {
		items, id := s.itemsOf(f)
		if !s.pulls(f) {
			items, id = []protocol.Diagnostic{}, "pushed" // what others have found in it, if anything
		}
		out[s.state.uriOf(f)] = &protocol.FullDocumentDiagnosticReport{Kind: "full", ResultID: &id, Items: items}
	}
	return out
}

// orphan remembers headers that the client was told of together with a unit that it asks for no more. They come with the next one.
func (s *server) orphan(u *unit) {
	if len(u.related) == 0 {
		return
	}
	maps.Copy(s.state.orphans, u.related)
	u.related = nil
	s.refresh()
}

// itemsOf are the diagnostics of a file as they go to the client, and what tells them from others: the same ones have the same id,
// whatever happened in between.
func (s *server) itemsOf(file string) (items []protocol.Diagnostic, id string) {
	ds, unitName := s.state.results.of(file)
	items = []protocol.Diagnostic{}
	w := s.wire(unitName)
	for i := range ds {
		items = append(items, w.diagnostic(&ds[i]))
	}
	encoded, err := protocol.Marshal(&protocol.FullDocumentDiagnosticReport{Kind: "full", Items: items})
	if err != nil {
		s.log.Error("diagnostics cannot be encoded", zap.String("file", file), zap.Error(err))
		return []protocol.Diagnostic{}, ""
	}
	return items, fmt.Sprintf("%x", maphash.Bytes(publishSeed, encoded))
}

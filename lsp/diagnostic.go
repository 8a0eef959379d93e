// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"context"
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
	var sn *snapshot
	var related []relatedFile
	if !s.do(func() { sn, related = s.relatedTo(file) }) {
		return nil, s.askAgain()
	}
	return s.documentReport(sn, related, params.PreviousResultID), nil
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

// relatedFile is a file that an answer for another one is also about.
type relatedFile struct {
	uri uri.URI
	// found is nil if the client gets what others have found in the file, if anything, in another way.
	found *snapshot
}

// relatedTo takes snapshots of a file and of headers of it that the client does not ask for by themselves.
func (s *server) relatedTo(file string) (sn *snapshot, related []relatedFile) {
	v := s.state.view()
	for _, f := range s.relatedFiles(file) {
		r := relatedFile{uri: v.uriOf(f)}
		if s.pulls(f) {
			r.found = s.snapshot(v, f)
		}
		related = append(related, r)
	}
	return s.snapshot(v, file), related
}

// documentReport says what is known about a file, and about those related to it.
func (s *server) documentReport(sn *snapshot, related []relatedFile, previous *string) protocol.DocumentDiagnosticReport {
	var others map[uri.URI]protocol.FullDocumentDiagnosticReportOrUnchangedDocumentDiagnosticReport
	if related != nil {
		others = map[uri.URI]protocol.FullDocumentDiagnosticReportOrUnchangedDocumentDiagnosticReport{}
	}
	for _, f := range related {
		r := fileReport{items: []protocol.Diagnostic{}, id: "pushed"}
		if f.found != nil {
			r = s.report(f.found)
		}
		others[f.uri] = &protocol.FullDocumentDiagnosticReport{Kind: "full", ResultID: &r.id, Items: r.items}
	}
	r := s.report(sn)
	if previous != nil && *previous == r.id {
		return &protocol.RelatedUnchangedDocumentDiagnosticReport{UnchangedDocumentDiagnosticReport: protocol.UnchangedDocumentDiagnosticReport{
			Kind: "unchanged", ResultID: r.id}, RelatedDocuments: others}
	}
	return &protocol.RelatedFullDocumentDiagnosticReport{FullDocumentDiagnosticReport: protocol.FullDocumentDiagnosticReport{Kind: "full",
		ResultID: &r.id, Items: r.items}, RelatedDocuments: others}
}

// relatedFiles are the closed headers in which a unit has diagnostics, or once had: only a report without any makes the client forget
// those. It is nil for a client that does not want them.
func (s *server) relatedFiles(file string) []string {
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
	return slices.Sorted(maps.Keys(u.related))
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

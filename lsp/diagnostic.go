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

// waitsForCheck is logged for a request that is answered later.
const waitsForCheck = "a request waits for the check"

// outcome is how a check ended, for requests that wait for it.
type outcome struct {
	over   chan struct{} // closed at the end
	ending ending        // valid once over is closed
}

// ending is how a check ended.
type ending uint8

const (
	completed  ending = iota
	superseded        // it was cancelled, mostly for a newer one
)

// release lets the requests proceed that wait for the check of a unit.
func (u *unit) release(how ending) {
	if u.outcome != nil {
		u.outcome.ending = how
		close(u.outcome.over)
		u.outcome = nil
	}
}

// Diagnostic answers with what is known about a document, after a running check of it has ended. If that check is
// cancelled, the client is asked to retry.
func (s *server) Diagnostic(ctx context.Context,
	params *protocol.DocumentDiagnosticParams) (protocol.DocumentDiagnosticReport, error) {
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
			if running.ending == superseded {
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

// askAgain is the answer to a request for diagnostics that the server cancels.
func (s *server) askAgain() error {
	err := jsonrpc2.NewError(jsonrpc2.Code(protocol.LSPErrorCodesServerCancelled),
		"the document is being checked again")
	data, merr := protocol.Marshal(&protocol.DiagnosticServerCancellationData{
		RetriggerRequest: phase(s.phase.Load()) == phaseRunning && s.ctx.Err() == nil})
	if merr == nil {
		err.Data = jsonrpc2.RawMessage(data)
	}
	return err
}

// relatedFile is another file that an answer includes.
type relatedFile struct {
	uri uri.URI
	// found is nil if the client gets the diagnostics that other units have in the file in another way.
	found *snapshot
}

// relatedTo takes snapshots of a file and of its headers that the client does not request itself.
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

// documentReport returns the diagnostics of a file and of its related files.
func (s *server) documentReport(sn *snapshot, related []relatedFile,
	previous *string) protocol.DocumentDiagnosticReport {
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
		return &protocol.RelatedUnchangedDocumentDiagnosticReport{
			UnchangedDocumentDiagnosticReport: protocol.UnchangedDocumentDiagnosticReport{
				Kind: "unchanged", ResultID: r.id}, RelatedDocuments: others}
	}
	return &protocol.RelatedFullDocumentDiagnosticReport{
		FullDocumentDiagnosticReport: protocol.FullDocumentDiagnosticReport{Kind: "full",
			ResultID: &r.id, Items: r.items}, RelatedDocuments: others}
}

// relatedFiles returns the closed headers in which a unit has diagnostics, or had some: only an empty report makes the
// client forget those. It is nil for a client that does not support related documents.
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

// orphan records headers that the client received with a unit it no longer requests. They are included with the next
// unit.
func (s *server) orphan(u *unit) {
	if len(u.related) == 0 {
		return
	}
	maps.Copy(s.state.orphans, u.related)
	u.related = nil
	s.refresh()
}

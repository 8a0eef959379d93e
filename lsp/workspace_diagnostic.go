// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"context"
	"maps"
	"slices"

	"go.lsp.dev/protocol"
)

// maxStreamed is how many files one partial result includes.
const maxStreamed = 200

// stream is a pending request for the diagnostics of the workspace, which reports changes.
type stream struct {
	changed map[string]bool
	wake    chan struct{}
}

// DiagnosticWorkspace answers with what is known about every file: open ones, their headers, and the results of a
// workspace check. The request does not start such a check. A client that accepts partial results also gets later
// changes, until it cancels.
func (s *server) DiagnosticWorkspace(ctx context.Context, params *protocol.WorkspaceDiagnosticParams) (
	*protocol.WorkspaceDiagnosticReport, error) {
	previous := map[string]string{}
	for _, p := range params.PreviousResultIds {
		if file := s.fileOf(p.URI); file != "" {
			previous[cloneString(file)] = cloneString(p.Value)
		}
	}
	var files []string
	s.do(func() {
		s.firstWorkspacePull()
		files = s.knownFiles(previous)
	})
	if params.PartialResultToken == nil {
		report := &protocol.WorkspaceDiagnosticReport{Items: []protocol.WorkspaceDocumentDiagnosticReport{}}
		report.Items = append(report.Items, s.workspaceItems(files, previous)...)
		return report, nil
	}
	token := params.PartialResultToken
	if name, ok := token.(protocol.String); ok {
		token = cloneString(name)
	}
	return nil, s.stream(ctx, token, files, previous)
}

// stream sends partial results until the request or the server ends, which is the error.
func (s *server) stream(ctx context.Context, token protocol.ProgressToken, files []string,
	previous map[string]string) error {
	open := &stream{changed: map[string]bool{}, wake: make(chan struct{}, 1)}
	s.do(func() { s.state.streams[open] = true })
	defer s.do(func() { delete(s.state.streams, open) })
	for {
		for part := range slices.Chunk(files, maxStreamed) {
			raw, err := protocol.Marshal(&protocol.WorkspaceDiagnosticReportPartialResult{Items: s.workspaceItems(part,
				previous)})
			if err != nil {
				return err
			}
			if err := s.client.Progress(ctx, &protocol.ProgressParams{Token: token, Value: raw}); err != nil {
				return err
			}
		}
		previous = nil // the client has newer ones; a change of those wakes this goroutine
		select {
		case <-open.wake:
		case <-ctx.Done():
			return protocol.ErrRequestCancelled
		case <-s.ctx.Done():
			return s.askAgain()
		case <-s.quiet:
			return s.askAgain()
		}
		s.do(func() {
			files = slices.Sorted(maps.Keys(open.changed))
			clear(open.changed)
		})
	}
}

// knownFiles returns the files with results, the files being checked, and those of which the client has an older
// report.
func (s *server) knownFiles(previous map[string]string) []string {
	all := map[string]bool{}
	for f := range s.state.results.files {
		all[f] = true
	}
	for f, u := range s.state.units {
		if u.report != nil {
			all[f] = true
		}
	}
	for f := range previous {
		all[f] = true
	}
	return slices.Sorted(maps.Keys(all))
}

// workspaceItems returns the reports of files. The actor must not run it; it only takes the snapshots.
func (s *server) workspaceItems(files []string,
	previous map[string]string) []protocol.WorkspaceDocumentDiagnosticReport {
	var snapshots []*snapshot
	s.do(func() {
		v := s.state.view()
		for _, f := range files {
			snapshots = append(snapshots, s.snapshot(v, f))
		}
	})
	var out []protocol.WorkspaceDocumentDiagnosticReport
	for _, sn := range snapshots {
		r := s.report(sn)
		if before, ok := previous[r.file]; ok && before == r.id {
			out = append(out, &protocol.WorkspaceUnchangedDocumentDiagnosticReport{
				UnchangedDocumentDiagnosticReport: protocol.UnchangedDocumentDiagnosticReport{
					Kind: "unchanged", ResultID: r.id}, URI: r.uri, Version: r.version})
			continue
		}
		out = append(out, &protocol.WorkspaceFullDocumentDiagnosticReport{
			FullDocumentDiagnosticReport: protocol.FullDocumentDiagnosticReport{
				Kind: "full", ResultID: &r.id, Items: r.items}, URI: r.uri, Version: r.version})
	}
	return out
}

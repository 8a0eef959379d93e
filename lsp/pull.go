// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"go.lsp.dev/protocol"
)

// Each client gets diagnostics by push or by pull, never both, so nothing shows twice. A client that can request
// diagnostics, and can be told that there are new ones, uses pull; other clients use push. Files that a pulling client
// does not request are pushed all the same: files that are not open, until it first requests those of the workspace.

// diagnosticProvider is the capability for pulling clients; nil for others, because it makes them pull.
func diagnosticProvider(f clientFeatures) protocol.DiagnosticProvider {
	if !f.pull {
		return nil
	}
	return &protocol.DiagnosticOptions{InterFileDependencies: true, WorkspaceDiagnostics: true}
}

// pullFeatures decides whether a client pulls.
func (f *clientFeatures) pullFeatures(c *protocol.ClientCapabilities) {
	if c.TextDocument == nil || c.TextDocument.Diagnostic == nil {
		return
	}
	d := c.TextDocument.Diagnostic
	f.refresh = c.Workspace != nil && c.Workspace.Diagnostics != nil && isTrue(c.Workspace.Diagnostics.RefreshSupport)
	// A client that cannot be told of new results would show a later check only after the next edit, so it gets pushes
	// if it supports them.
	f.pull = f.refresh || !f.push
	f.relatedDocuments = isTrue(d.RelatedDocumentSupport)
	if f.pull {
		f.related = isTrue(d.RelatedInformation)
	}
}

// pulls reports whether the client gets the diagnostics of a file by requesting them.
func (s *server) pulls(file string) bool {
	c := s.state.client
	switch {
	case !c.pull:
		return false
	case !c.push, s.state.workspacePulled, s.state.documentOf(file) != nil:
		return true
	case c.relatedDocuments:
		for u := range s.state.results.files[file] {
			if s.state.units[u] != nil {
				return true
			}
		}
	}
	return false
}

// noticePull tells pulling clients of new results for a file, and removes what was pushed for it before they pulled.
func (s *server) noticePull(r *fileReport) {
	file := r.file
	before, told := s.state.published[file]
	if told && before.pushed && !before.empty {
		s.sendNone(before.uri)
	}
	empty := len(r.items) == 0
	s.state.published[file] = published{uri: r.uri, pulled: r.id, empty: empty}
	if told && !before.pushed && before.pulled == r.id || !told && empty {
		return
	}
	for open := range s.state.streams {
		open.changed[file] = true
		select {
		case open.wake <- struct{}{}:
		default:
		}
	}
	// A stream has sent the diagnostics of files that are not open; others must be requested.
	if s.state.documentOf(file) != nil || len(s.state.streams) == 0 {
		s.refresh()
	}
}

// firstWorkspacePull removes what was pushed for files that the client now requests.
func (s *server) firstWorkspacePull() {
	if s.state.workspacePulled || !s.state.client.pull {
		return
	}
	s.state.workspacePulled = true
	for file, p := range s.state.published {
		if p.pushed && !p.empty {
			s.sendNone(p.uri)
			p.empty = true
			s.state.published[file] = p
			s.publishFile(file)
		}
	}
}

// refresh tells the client to request again. One refresh covers all changes before its answer.
func (s *server) refresh() {
	if !s.state.client.refresh {
		return
	}
	s.tell(&s.state.diagnosticRefresh, "diagnostics", s.client.DiagnosticRefresh)
}

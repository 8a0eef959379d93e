// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"context"
	"hash/maphash"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"
	"go.uber.org/zap"

	"github.com/bpf-lsp/bpf-lsp/lsp/check"
)

var publishSeed = maphash.MakeSeed()

// published is what a client was last told about a file.
type published struct {
	uri    uri.URI
	hash   uint64 // of what was pushed
	pulled string // id of what it could ask for
	empty  bool
	pushed bool
}

// publish tells the client what is known about files, those only for which that has changed.
func (s *server) publish(files []string) {
	for _, file := range files {
		s.publishFile(file)
	}
}

func (s *server) publishFile(file string) {
	if s.pulls(file) {
		s.noticePull(file)
		return
	}
	ds, unitName := s.state.results.of(file)
	params := &protocol.PublishDiagnosticsParams{URI: s.state.uriOf(file), Diagnostics: make([]protocol.Diagnostic, 0, len(ds))}
	if d := s.state.documentOf(file); d != nil {
		params.Version = protocol.NewOptional(d.version)
	}
	w := s.wire(unitName)
	for i := range ds {
		params.Diagnostics = append(params.Diagnostics, w.diagnostic(&ds[i]))
	}
	encoded, err := protocol.Marshal(params)
	if err != nil {
		s.log.Error("diagnostics cannot be encoded", zap.String("file", file), zap.Error(err))
		return
	}
	now := published{uri: params.URI, hash: maphash.Bytes(publishSeed, encoded), empty: len(ds) == 0, pushed: true}
	before, told := s.state.published[file]
	told = told && before.pushed
	if told && (before == now || before.empty && now.empty) || !told && now.empty {
		return
	}
	if told && before.uri != now.uri && !before.empty {
		// The client has opened the file under another spelling; what it holds under the first must go.
		s.sendNone(before.uri)
	}
	s.state.published[file] = now
	s.sendDiagnostics(params.URI, encoded)
}

// sendNone takes back what the client was told of a file.
func (s *server) sendNone(of uri.URI) {
	if encoded, err := protocol.Marshal(&protocol.PublishDiagnosticsParams{URI: of, Diagnostics: []protocol.Diagnostic{}}); err == nil {
		s.sendDiagnostics(of, encoded)
	}
}

// sendDiagnostics sends what is encoded already, for its hash.
func (s *server) sendDiagnostics(of uri.URI, encoded []byte) {
	s.outbox.send(func(ctx context.Context) {
		if err := s.conn.Notify(ctx, protocol.MethodTextDocumentPublishDiagnostics, jsonrpc2.RawMessage(encoded)); err != nil && ctx.Err() == nil {
			s.log.Warn("diagnostics not sent", zap.String("uri", string(of)), zap.Error(err))
		}
	})
}

// wire makes a converter for the diagnostics of a unit, or for none.
func (s *server) wire(unitName string) *wire {
	w := &wire{state: &s.state, encoding: s.state.client.encoding, related: s.state.client.related}
	if u := s.state.units[unitName]; u != nil && u.texts != nil {
		w.texts = u.texts
	} else {
		w.texts = newTextCache(check.NewSource(nil))
	}
	return w
}

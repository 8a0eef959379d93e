// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"fmt"
	"hash/maphash"
	"maps"
	"slices"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"
	"go.uber.org/zap"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/lsp/check"
)

var publishSeed = maphash.MakeSeed()

// view is the client's view of files at one moment. It is immutable.
type view struct {
	open     map[string]*document // by file name
	paths    *paths
	encoding encoding
	related  bool // the client shows related places
}

// view may be called by the actor only; others may use its result.
func (st *state) view() view {
	v := view{open: map[string]*document{}, paths: st.paths, encoding: st.client.encoding, related: st.client.related}
	for _, u := range slices.Sorted(maps.Keys(st.documents)) {
		if d := st.documents[u]; d.file != "" && v.open[d.file] == nil {
			v.open[d.file] = d
		}
	}
	return v
}

// uriOf returns the client's own URI of a file that it has open.
func (v *view) uriOf(file string) uri.URI {
	if d := v.open[file]; d != nil {
		return d.uri
	}
	return v.paths.uri(file)
}

// snapshot is what the diagnostics of a file are made of. The actor takes it, and others convert it to what the client
// gets, because that takes time if there are many.
type snapshot struct {
	view
	file  string
	found [][]diag.Diagnostic // the diagnostics of each unit in the file
	texts checkedTexts
}

func (s *server) snapshot(v view, file string) *snapshot {
	lists, units := s.state.results.of(file)
	return &snapshot{view: v, file: file, found: lists, texts: s.textsOfAll(units)}
}

// textsOfAll returns the files that units were last checked with.
func (s *server) textsOfAll(names []string) checkedTexts {
	texts := checkedTexts{disk: newTextCache(check.NewSource(nil))}
	for _, name := range names {
		if u := s.state.units[name]; u != nil && u.texts != nil {
			texts.units = append(texts.units, unitTexts{files: u.deps, textCache: u.texts})
		}
	}
	return texts
}

// version is the version of the document that the places refer to, nil if it is not open.
func (sn *snapshot) version() *int32 {
	if d := sn.open[sn.file]; d != nil {
		return &d.version
	}
	return nil
}

// items are the diagnostics as the client gets them.
func (sn *snapshot) items() []protocol.Diagnostic {
	ds := bounded(diag.Merge(slices.Concat(sn.found...)))
	w := newWire(sn.view, sn.texts)
	out := make([]protocol.Diagnostic, 0, len(ds))
	for i := range ds {
		out = append(out, w.diagnostic(&ds[i]))
	}
	return out
}

// pushed encodes the diagnostics as a notification.
func (sn *snapshot) pushed() ([]byte, error) {
	params := &protocol.PublishDiagnosticsParams{URI: sn.uriOf(sn.file), Diagnostics: sn.items()}
	if v := sn.version(); v != nil {
		params.Version = protocol.NewOptional(*v)
	}
	return protocol.Marshal(params)
}

// fileReport is what a pulling client gets about a file.
type fileReport struct {
	file  string
	uri   uri.URI
	items []protocol.Diagnostic
	// id identifies the items: equal items have the same id, whatever happened in between.
	id      string
	version *int32
}

// report answers a pulling client.
func (s *server) report(sn *snapshot) fileReport {
	r := fileReport{file: sn.file, uri: sn.uriOf(sn.file), items: sn.items(), version: sn.version()}
	encoded, err := protocol.Marshal(&protocol.FullDocumentDiagnosticReport{Kind: "full", Items: r.items})
	if err != nil {
		s.log.Error("diagnostics cannot be encoded", zap.String("file", sn.file), zap.Error(err))
		r.items = []protocol.Diagnostic{}
		return r
	}
	r.id = fmt.Sprintf("%x", maphash.Bytes(publishSeed, encoded))
	return r
}

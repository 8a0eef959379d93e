// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"context"
	"encoding/json"
	"strings"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/bpf-lsp/bpf-lsp/diag"
)

// InlayHintSettings choose which hints are shown behind lines.
type InlayHintSettings struct {
	Loops   bool // the values of a loop's variables, and its rounds
	Packets bool // how much of a packet is there after a check
	Nulls   bool // whether a lookup may give NULL
}

// any reports whether there are any.
func (h InlayHintSettings) any() bool { return h.Loops || h.Packets || h.Nulls }

// shows reports whether a kind of hint is shown.
func (h InlayHintSettings) shows(kind diag.HintKind) bool {
	switch kind {
	case diag.HintLoop:
		return h.Loops
	case diag.HintPacket:
		return h.Packets
	}
	return h.Nulls
}

type wireInlayHints struct {
	Loops   *bool `json:"loops"`
	Packets *bool `json:"packets"`
	Nulls   *bool `json:"nulls"`
}

func (h *InlayHintSettings) overlay(w *wireInlayHints) {
	if w == nil {
		return
	}
	set(&h.Loops, w.Loops)
	set(&h.Packets, w.Packets)
	set(&h.Nulls, w.Nulls)
}

// hintData accompanies a hint for its resolution; the client does not interpret it.
type hintData struct {
	Tooltip string `json:"tooltip"`
}

// InlayHint says behind lines what the verifier knew there in the last check. A hint moves with its line, and is left
// out once the line is edited.
func (s *server) InlayHint(ctx context.Context, params *protocol.InlayHintParams) ([]protocol.InlayHint, error) {
	out := []protocol.InlayHint{}
	d, e, chosen := s.hintsWanted(params.TextDocument.URI)
	if d == nil {
		return out, nil
	}
	var hints []diag.LineHint
	for _, u := range s.hintedUnits(d) {
		select {
		case <-u.job.done:
			hints = append(hints, u.inDocument(d, s.paths.Load())...)
		case <-ctx.Done():
			return out, protocol.ErrRequestCancelled
		}
	}
	now := lines(d.text)
	for _, h := range diag.MergeHints(hints) {
		line := h.At.Line
		if !chosen.shows(h.Kind) || line >= len(now) || uint32(line) < params.Range.Start.Line ||
			uint32(line) > params.Range.End.Line {
			continue
		}
		out = append(out, wireHint(&h, line, e.units(strings.TrimRight(now[line], " \t"))))
	}
	return out, nil
}

// hintsWanted returns the document of a request and which hints it gets, nil if there are none.
func (s *server) hintsWanted(of uri.URI) (d *document, e encoding, chosen InlayHintSettings) {
	s.do(func() {
		e = s.state.client.encoding
		if d = s.state.documents[of]; d != nil && d.file != "" {
			chosen = s.settingsFor(d.file).InlayHints
		}
	})
	if !chosen.any() {
		return nil, e, chosen
	}
	return d, e, chosen
}

func wireHint(h *diag.LineHint, line int, character uint32) protocol.InlayHint {
	left := true
	out := protocol.InlayHint{Position: protocol.Position{Line: uint32(line), Character: character},
		Label: protocol.String(h.Label()), PaddingLeft: &left}
	if data, err := json.Marshal(hintData{Tooltip: h.Tooltip()}); err == nil {
		out.Data = data
	}
	return out
}

// InlayHintResolve adds what a hint means.
func (s *server) InlayHintResolve(_ context.Context, h *protocol.InlayHint) (*protocol.InlayHint, error) {
	out, err := protocol.Clone(*h)
	if err != nil {
		return nil, err
	}
	var data hintData
	if json.Unmarshal(h.Data, &data) == nil && data.Tooltip != "" {
		out.Tooltip = protocol.String(data.Tooltip)
	}
	return &out, nil
}

// hintJob works out the hints of a unit once after a check, when they are first requested.
type hintJob struct {
	done  chan struct{}
	hints []diag.LineHint // valid once done is closed; nil if a newer check began
}

// hintJob returns the job of a unit's last check, which it starts if need be.
func (s *server) hintJob(u *unit) *hintJob {
	if u.hints != nil {
		return u.hints
	}
	job := &hintJob{done: make(chan struct{})}
	ctx, cancel := context.WithCancel(s.ctx)
	u.hints, u.cancelHints = job, cancel
	checker, report := s.checkerFor(u.file), u.report
	go s.guarded(func() {
		defer cancel()
		defer close(job.done)
		job.hints = checker.Hints(ctx, report)
	})
	return job
}

// stopHints ends the walk for hints, whose result is dropped.
func (u *unit) stopHints() {
	if u.hints == nil {
		return
	}
	select {
	case <-u.hints.done: // they stay until the next check ends
	default:
		u.cancelHints()
		u.hints = nil
	}
}

// hintedUnit is a unit that a document is part of, with what is known of its lines.
type hintedUnit struct {
	job   *hintJob
	texts *textCache
}

func (s *server) hintedUnits(d *document) (out []hintedUnit) {
	s.do(func() {
		for _, u := range s.checkedUnits(d.file) {
			out = append(out, hintedUnit{s.hintJob(u), u.texts})
		}
	})
	return out
}

// inDocument returns the hints in a document, at its lines now, which it counts from 0.
func (u *hintedUnit) inDocument(d *document, named *paths) (out []diag.LineHint) {
	p := u.texts.place(d.file, d)
	if !p.knows(d) {
		return nil
	}
	for _, h := range u.job.hints {
		if named.spelled(h.At.File) != d.file {
			continue
		}
		if line, ok := p.forward(h.At.Line); ok {
			h.At = diag.Line{File: d.file, Line: line}
			out = append(out, h)
		}
	}
	return out
}

// refreshHints makes the client request hints again.
func (s *server) refreshHints() {
	if s.state.client.refreshesHints {
		s.tell(&s.state.hintRefresh, "inlay hints", s.client.InlayHintRefresh)
	}
}

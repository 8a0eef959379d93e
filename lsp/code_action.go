// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
)

// fixAllKind is the kind of the action that makes all changes of a file.
const fixAllKind = protocol.CodeActionKindSourceFixAll + ".bpf-lsp"

// actionFeatures are the capabilities of a client for code actions.
func (f *clientFeatures) actionFeatures(c *protocol.ClientCapabilities) {
	if t := c.TextDocument; t != nil && t.CodeAction != nil {
		// A client that names no kinds, such as ALE, takes literals as well.
		f.actions = t.CodeAction.CodeActionLiteralSupport.CodeActionKind.ValueSet != nil
		f.resolveEdit = isTrue(t.CodeAction.DataSupport) &&
			slices.Contains(t.CodeAction.ResolveSupport.Properties, "edit")
	}
	if w := c.Workspace; w != nil && w.WorkspaceEdit != nil {
		f.documentChanges = isTrue(w.WorkspaceEdit.DocumentChanges)
		f.annotations = f.documentChanges && w.WorkspaceEdit.ChangeAnnotationSupport != nil
	}
}

// codeActionProvider says which actions there are, nil for a client that only understands commands.
func codeActionProvider(f clientFeatures) protocol.CodeActionProvider {
	if !f.actions {
		return nil
	}
	return &protocol.CodeActionOptions{ResolveProvider: &f.resolveEdit,
		CodeActionKinds: []protocol.CodeActionKind{protocol.CodeActionKindQuickFix, fixAllKind, showKind}}
}

// actionData finds a change again, for clients that ask for the edit of an action when the user chose it.
type actionData struct {
	Unit       string `json:"unit"`
	Generation uint64 `json:"generation"`
	Item       int    `json:"item"`
	Fix        int    `json:"fix"` // -1: the item is a group
}

// CodeAction offers the changes that are proven to make faults at a place go away. It waits for the proof of these
// faults.
func (s *server) CodeAction(ctx context.Context, params *protocol.CodeActionParams) ([]protocol.CommandOrCodeAction,
	error) {
	file := s.fileOf(uri.URI(cloneString(string(params.TextDocument.URI))))
	a := actionRequest{server: s, file: file, at: params.Range}
	for _, kind := range params.Context.Only {
		a.only = append(a.only, cloneString(string(kind)))
	}
	var units []*unit
	take := func() { a.take(units) }
	if !s.do(func() { units = s.checkedUnits(file); take() }) {
		return nil, nil
	}
	for _, wait := range a.waits() {
		select {
		case <-wait:
		case <-ctx.Done():
			return nil, protocol.ErrRequestCancelled
		case <-s.ctx.Done():
			return nil, nil
		}
	}
	if !s.do(take) {
		return nil, nil
	}
	return append(a.actions(), a.shows()...), nil
}

// actionRequest is a request for the actions at a place.
type actionRequest struct {
	server   *server
	file     string
	at       protocol.Range
	only     []string
	wire     *wire
	features clientFeatures
	found    []foundProofs
	shown    [][]diag.Diagnostic // all diagnostics of the file
}

type foundProofs struct {
	unit string
	*proofs
}

// take takes the proofs of units and what places are converted with, as they are now; for the actor.
func (a *actionRequest) take(units []*unit) {
	st := &a.server.state
	sn := a.server.snapshot(st.view(), a.file)
	a.wire, a.features, a.found, a.shown = newWire(sn.view, sn.texts), st.client, nil, sn.found
	for _, u := range units {
		if u.proofs != nil && st.units[u.file] == u {
			a.found = append(a.found, foundProofs{u.file, u.proofs})
		}
	}
}

// waits are the proofs to wait for. Comparing texts takes time that grows with them, so the actor does not do it.
func (a *actionRequest) waits() (waits []<-chan struct{}) {
	for _, p := range a.found {
		for _, item := range p.items {
			if a.concerns(&item.fault) {
				waits = append(waits, item.known)
			}
		}
		if a.wants(fixAllKind) && len(a.only) > 0 {
			waits = append(waits, p.over)
		}
	}
	return waits
}

// concerns reports whether a fault is shown at the place.
func (a *actionRequest) concerns(d *diag.Diagnostic) bool {
	span := a.server.spelled(d.Span)
	if span.File != a.file {
		return false
	}
	r := a.wire.span(span)
	return !precedes(r.End, a.at.Start) && !precedes(a.at.End, r.Start)
}

func precedes(a, b protocol.Position) bool {
	return a.Line < b.Line || a.Line == b.Line && a.Character < b.Character
}

// wants reports whether the client asks for actions of a kind.
func (a *actionRequest) wants(kind protocol.CodeActionKind) bool {
	return len(a.only) == 0 || slices.ContainsFunc(a.only, func(only string) bool {
		return only == "" || only == string(kind) || strings.HasPrefix(string(kind), only+".")
	})
}

// actions are the actions, those of single faults first.
func (a *actionRequest) actions() []protocol.CommandOrCodeAction {
	out := []protocol.CommandOrCodeAction{}
	for _, p := range a.found {
		var here []diag.Diagnostic
		for i, item := range p.items {
			if !isClosed(item.known) || !a.concerns(&item.fault) {
				continue
			}
			here = append(here, item.fault)
			for k := range item.proof.Fixes {
				fix := &item.proof.Fixes[k]
				action := a.action(fix.Title, protocol.CodeActionKindQuickFix, []diag.Diagnostic{item.fault}, fix.Edits,
					actionData{p.unit, p.generation, i, k})
				if action == nil {
					continue
				}
				preferred := k == 0 && !fix.Choice
				action.IsPreferred = &preferred
				out = append(out, action)
			}
		}
		if isClosed(p.over) {
			out = append(out, a.groups(&p, here)...)
		}
	}
	return out
}

// groups are the actions that make several changes of the file.
func (a *actionRequest) groups(p *foundProofs, here []diag.Diagnostic) (out []protocol.CommandOrCodeAction) {
	for i, g := range p.groups {
		if a.server.spelled(diag.Span{File: g.file}).File != a.file {
			continue
		}
		data := actionData{p.unit, p.generation, i, -1}
		concerned := slices.ContainsFunc(g.faults, func(d diag.Diagnostic) bool {
			return slices.ContainsFunc(here, func(h diag.Diagnostic) bool { return faultKey(&h) == faultKey(&d) })
		})
		count := fmt.Sprint(len(g.faults))
		if concerned && len(g.faults) > 1 {
			title := catalog.FixAllOfKind
			if g.kind == "" {
				title = catalog.FixAll
			}
			if action := a.action(title.With(catalog.Facts{"count": count}), protocol.CodeActionKindQuickFix, g.faults,
				g.edits, data); action != nil {
				out = append(out, action)
			}
		}
		if g.kind == "" && len(a.only) > 0 {
			if action := a.action(catalog.FixAll.With(catalog.Facts{"count": count}), fixAllKind, g.faults, g.edits,
				data); action != nil {
				out = append(out, action)
			}
		}
	}
	return out
}

// action is an action of a kind that the client wants, nil for others, and if the edits are about another text than the
// client's.
func (a *actionRequest) action(title string, kind protocol.CodeActionKind, faults []diag.Diagnostic, edits []diag.Edit,
	data actionData) *protocol.CodeAction {
	if !a.wants(kind) {
		return nil
	}
	edit := a.wire.workspaceEdit(a.server, title, edits, &a.features)
	if edit == nil {
		return nil
	}
	action := &protocol.CodeAction{Title: title, Kind: &kind}
	for i := range faults {
		d := faults[i]
		d.Span = a.server.spelled(d.Span)
		action.Diagnostics = append(action.Diagnostics, a.wire.diagnostic(&d))
	}
	if !a.features.resolveEdit {
		action.Edit = edit
		return action
	}
	raw, err := protocol.Marshal(data)
	if err != nil {
		return nil
	}
	action.Data = raw
	return action
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// spelled is a place with the client's name of its file.
func (s *server) spelled(at diag.Span) diag.Span {
	at.File = s.paths.Load().spelled(at.File)
	return at
}

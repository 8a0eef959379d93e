// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"context"
	"slices"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"

	"github.com/bpf-lsp/bpf-lsp/diag"
)

// CodeActionResolve adds the edit to an action that was offered without. If the file was checked or changed since, the
// edit might be wrong, and the request fails.
func (s *server) CodeActionResolve(_ context.Context, action *protocol.CodeAction) (*protocol.CodeAction, error) {
	if len(action.Data) == 0 && slices.Contains(commands, action.Command.Command) {
		return action, nil // it shows something, and has no edit
	}
	var data actionData
	if len(action.Data) == 0 || protocol.Unmarshal(action.Data, &data) != nil {
		return nil, jsonrpc2.NewError(jsonrpc2.InvalidParams, "the action is none of this server")
	}
	data.Unit = cloneString(data.Unit)
	var edits []diag.Edit
	var sn *snapshot
	var features clientFeatures
	s.do(func() {
		u := s.state.units[data.Unit]
		if u == nil || u.proofs == nil || u.proofs.generation != data.Generation {
			return
		}
		if edits = u.proofs.edits(&data); len(edits) > 0 {
			sn, features = s.snapshot(s.state.view(), s.spelled(edits[0].Span).File), s.state.client
		}
	})
	if sn != nil {
		if edit := newWire(sn.view, sn.texts).workspaceEdit(s, action.Title, edits, &features); edit != nil {
			resolved := *action
			resolved.Edit = edit
			return &resolved, nil
		}
	}
	return nil, jsonrpc2.NewError(jsonrpc2.Code(protocol.LSPErrorCodesContentModified),
		"the file has changed since the action was offered")
}

// edits are those of the change that an action stands for, nil if there is none.
func (p *proofs) edits(data *actionData) []diag.Edit {
	switch {
	case data.Item < 0:
	case data.Fix < 0:
		if isClosed(p.over) && data.Item < len(p.groups) {
			return p.groups[data.Item].edits
		}
	case data.Item < len(p.items) && isClosed(p.items[data.Item].known):
		if fixes := p.items[data.Item].proof.Fixes; data.Fix < len(fixes) {
			return fixes[data.Fix].Edits
		}
	}
	return nil
}

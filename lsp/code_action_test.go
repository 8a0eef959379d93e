// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"context"
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/lsp/check"
	"github.com/bpf-lsp/bpf-lsp/lsp/compile"
	"github.com/bpf-lsp/bpf-lsp/testdata/deadline"
)

// twoFaults has two programs, each with a lookup that is not checked.
const twoFaults = `#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u64);
} counts SEC(".maps");

SEC("xdp")
int first(struct xdp_md *ctx)
{
	__u32 key = 1;
	__u64 *n = bpf_map_lookup_elem(&counts, &key);

	*n += 1;
	return XDP_PASS;
}

SEC("tc")
int second(struct __sk_buff *skb)
{
	__u32 key = 2;
	__u64 *n = bpf_map_lookup_elem(&counts, &key);

	/* “wide” characters */ *n += 1;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
`

// firstFault and secondFault are the lines of its faults, from 0.
const firstFault, secondFault = 16, 26

// withActions is a client that understands code actions.
func withActions(resolve, versions bool) protocol.ClientCapabilities {
	c := everything()
	c.TextDocument.CodeAction = &protocol.CodeActionClientCapabilities{DataSupport: &resolve}
	c.TextDocument.CodeAction.CodeActionLiteralSupport.CodeActionKind.ValueSet = []protocol.CodeActionKind{
		protocol.CodeActionKindQuickFix, protocol.CodeActionKindSource}
	if resolve {
		c.TextDocument.CodeAction.ResolveSupport.Properties = []string{"edit"}
	}
	c.Workspace = &protocol.WorkspaceClientCapabilities{
		WorkspaceEdit: &protocol.WorkspaceEditClientCapabilities{DocumentChanges: &versions}}
	return c
}

// proving is a session with the real checker and a file open in it; its diagnostics were published.
func proving(t *testing.T, c protocol.ClientCapabilities) (s *session, file string) {
	t.Helper()
	cache := t.TempDir()
	s = startWith(t, func(cs check.Settings) Checker {
		cs.Clang.CacheDir = cache
		return check.New(cs)
	})
	if _, err := compile.New(compile.Settings{}).Find(t.Context(), filepath.Join(s.dir, "a.bpf.c")); err != nil {
		t.Skipf("SKIPPED, NEEDS CLANG: %v", err)
	}
	s.initialize(c)
	file = s.open("a.bpf.c", twoFaults)
	if got := s.published().Diagnostics; len(got) != 2 {
		t.Fatalf("got %+v", got)
	}
	return s, file
}

// actions requests the actions of a line. Those that show something are left out unless they are asked for.
func (s *session) actions(file string, line uint32, only ...protocol.CodeActionKind) []*protocol.CodeAction {
	s.t.Helper()
	params := &protocol.CodeActionParams{TextDocument: protocol.TextDocumentIdentifier{URI: uri.File(file)}}
	params.Range.Start.Line, params.Range.End.Line, params.Range.End.Character = line, line, 80
	params.Context.Only = only
	var all []protocol.CommandOrCodeAction
	deadline.Within(s.t, "the code actions", func(ctx context.Context) {
		var err error
		if all, err = s.server.CodeAction(ctx, params); err != nil {
			s.t.Error(err)
		}
	})
	var out []*protocol.CodeAction
	for _, a := range all {
		// The next message may overwrite what this one was decoded from.
		action := *a.(*protocol.CodeAction)
		if *action.Kind == showKind && !slices.Contains(only, showKind) {
			continue
		}
		action.Title, action.Data = strings.Clone(action.Title), slices.Clone(action.Data)
		out = append(out, &action)
	}
	return out
}

// edited is the text with the edit of an action.
func edited(t *testing.T, text string, e *protocol.WorkspaceEdit) string {
	t.Helper()
	var edits []protocol.TextEdit
	for _, c := range e.DocumentChanges {
		for _, one := range c.(*protocol.TextDocumentEdit).Edits {
			switch one := one.(type) {
			case *protocol.TextEdit:
				edits = append(edits, *one)
			case *protocol.AnnotatedTextEdit:
				edits = append(edits, one.TextEdit)
			}
		}
	}
	for _, all := range e.Changes {
		edits = append(edits, all...)
	}
	if len(edits) == 0 {
		t.Fatal("no edits")
	}
	slices.SortFunc(edits, func(a, b protocol.TextEdit) int {
		if precedes(a.Range.Start, b.Range.Start) {
			return 1
		}
		return -1
	})
	for _, one := range edits {
		text = applyChange(text, &protocol.TextDocumentContentChangePartial{Range: one.Range, Text: one.NewText},
			utf16Encoding)
	}
	return text
}

func TestQuickFix(t *testing.T) {
	s, file := proving(t, withActions(false, true))
	if got := s.actions(file, 1); len(got) != 0 {
		t.Errorf("elsewhere: %+v", got)
	}
	got := s.actions(file, secondFault)
	if len(got) == 0 || *got[0].Kind != protocol.CodeActionKindQuickFix || !isTrue(got[0].IsPreferred) ||
		len(got[0].Diagnostics) != 1 || got[0].Diagnostics[0].Range.Start.Line != secondFault {
		t.Fatalf("got %+v", got)
	}
	change := got[0].Edit.DocumentChanges[0].(*protocol.TextDocumentEdit)
	if of := change.TextDocument; of.URI != uri.File(file) || of.Version == nil || *of.Version != 1 {
		t.Errorf("the edit is of %+v", of)
	}
	text := edited(t, twoFaults, got[0].Edit)
	if !strings.Contains(text, "\tif (!n)\n\t\treturn 0;\n\t/* “wide”") {
		t.Errorf("the edit makes it\n%s", text)
	}
	s.change(file, 2, whole(text))
	if got := s.actions(file, firstFault); len(got) != 0 {
		t.Errorf("for a text that was not checked: %+v", got)
	}
	s.file("a.bpf.c", text)
	s.save(file)
	if got := s.published().Diagnostics; len(got) != 1 || got[0].Range.Start.Line != firstFault {
		t.Errorf("got %+v", got)
	}
	if h := s.hover(file, firstFault); len(s.actions(file, firstFault)) != 1 || !strings.Contains(h, "!n") {
		t.Errorf("hover %s", h)
	}
}

func TestFixAll(t *testing.T) {
	s, file := proving(t, withActions(false, false))
	got := s.actions(file, 0, "source.fixAll")
	if len(got) != 1 || *got[0].Kind != fixAllKind || len(got[0].Diagnostics) != 2 ||
		got[0].Edit.DocumentChanges != nil {
		t.Fatalf("got %+v", got)
	}
	text := edited(t, twoFaults, got[0].Edit)
	if strings.Count(text, "if (!n)") != 2 {
		t.Errorf("the edit makes it\n%s", text)
	}
	if got := s.actions(file, firstFault); len(got) != 2 || len(got[1].Diagnostics) != 2 {
		t.Errorf("on a line: %+v", got)
	}
	if got := s.actions(file, firstFault, protocol.CodeActionKindRefactor); len(got) != 0 {
		t.Errorf("of another kind: %+v", got)
	}
	s.file("a.bpf.c", text)
	s.change(file, 2, whole(text))
	s.save(file)
	if got := s.published().Diagnostics; len(got) != 0 {
		t.Errorf("got %+v", got)
	}
}

func TestResolve(t *testing.T) {
	s, file := proving(t, withActions(true, true))
	got := s.actions(file, firstFault)
	if len(got) == 0 || got[0].Edit != nil || len(got[0].Data) == 0 {
		t.Fatalf("got %+v", got)
	}
	resolved, err := s.server.CodeActionResolve(t.Context(), got[0])
	if err != nil || resolved.Edit == nil || resolved.Title != got[0].Title {
		t.Fatalf("%v: %+v", err, resolved)
	}
	for _, data := range []string{``, `3`, `{}`, `{"unit":"/x","generation":1}`,
		`{"unit":"` + file + `","generation":99}`} {
		other := *got[0]
		other.Data = protocol.LSPAny(data)
		if r, err := s.server.CodeActionResolve(t.Context(), &other); err == nil {
			t.Errorf("%s gives %+v", data, r)
		}
	}
	s.change(file, 2, whole(twoFaults+"\n/* new */\n"))
	if r, err := s.server.CodeActionResolve(t.Context(), got[0]); err == nil {
		t.Errorf("after a change: %+v", r)
	}
}

// TestNoActions requires that a client without code actions is not told of any.
func TestNoActions(t *testing.T) {
	for name, want := range map[string]bool{"old": false, "new": true} {
		s := start(t)
		c := everything()
		if want {
			c = withActions(false, false)
		}
		if got := s.initialize(c).Capabilities.CodeActionProvider != nil; got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// TestWaitForProof cancels a request that waits for a proof, and ends a proof by a new check.
func TestWaitForProof(t *testing.T) {
	s := start(t)
	s.initialize(withActions(false, true))
	s.checker.proofs = make(chan context.Context)
	file := s.open("a.bpf.c", "int x;\nint y;\n")
	d := at(file, 1, 5, "wrong")
	start := diag.Span{File: file, Line: 1, Col: 1, EndLine: 1, EndCol: 1}
	d.Fixes = []diag.Fix{{Title: "Change it", Edits: []diag.Edit{{Span: start, Text: "//"}}}}
	s.check().finds(d)
	s.published()
	proof := receive(t, s.checker.proofs, "a proof")
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		params := &protocol.CodeActionParams{TextDocument: protocol.TextDocumentIdentifier{URI: uri.File(file)}}
		params.Range.End.Line = 1
		_, err := s.server.CodeAction(ctx, params)
		ended <- err
	}()
	cancel()
	if err := receive(t, ended, "the end of the request"); err == nil {
		t.Error("a cancelled request has no error")
	}
	s.save(file)
	receive(t, proof.Done(), "the end of the proof")
	s.check().finds()
	if got := s.published().Diagnostics; len(got) != 0 {
		t.Errorf("got %+v", got)
	}
	if got := s.actions(file, 0); len(got) != 0 {
		t.Errorf("got %+v", got)
	}
}

// TestAnnotations requires that edits say what they do to clients that show it, and ask for no confirmation.
func TestAnnotations(t *testing.T) {
	for _, resolve := range []bool{false, true} {
		c := withActions(resolve, true)
		c.Workspace.WorkspaceEdit.ChangeAnnotationSupport = &protocol.ChangeAnnotationsSupportOptions{}
		s, file := proving(t, c)
		for _, only := range [][]protocol.CodeActionKind{nil, {fixAllKind}} {
			got := s.actions(file, firstFault, only...)
			if len(got) == 0 {
				t.Fatalf("no actions of %v", only)
			}
			action := got[0]
			if resolve {
				var err error
				if action, err = s.server.CodeActionResolve(t.Context(), action); err != nil {
					t.Fatal(err)
				}
			}
			change := action.Edit.DocumentChanges[0].(*protocol.TextDocumentEdit)
			one, ok := change.Edits[0].(*protocol.AnnotatedTextEdit)
			if !ok {
				t.Fatalf("got %+v", action.Edit)
			}
			note, ok := action.Edit.ChangeAnnotations[one.AnnotationID]
			if !ok || note.Label != action.Title || note.NeedsConfirmation == nil || *note.NeedsConfirmation {
				t.Errorf("got %+v", note)
			}
			if text := edited(t, twoFaults, action.Edit); !strings.Contains(text, "if (!n)") {
				t.Errorf("the edit makes it\n%s", text)
			}
		}
	}
}

// TestShows runs the actions that show more of a diagnostic, as clients that can show it get them.
func TestShows(t *testing.T) {
	c := withActions(false, true)
	c.Window = &protocol.WindowClientCapabilities{
		ShowDocument: &protocol.ShowDocumentClientCapabilities{Support: true}}
	s, file := proving(t, c)
	run := func(action *protocol.CodeAction) protocol.LSPAny {
		answer, err := s.server.ExecuteCommand(t.Context(), &protocol.ExecuteCommandParams{
			Command: action.Command.Command, Arguments: action.Command.Arguments})
		if err != nil {
			t.Error(err)
		}
		return answer
	}
	got := s.actions(file, firstFault, showKind)
	if len(got) != 2 || got[0].Edit != nil || len(got[0].Diagnostics) != 1 {
		t.Fatalf("got %+v", got)
	}
	if same, err := s.server.CodeActionResolve(t.Context(), got[0]); err != nil || same.Edit != nil {
		t.Errorf("%v: %+v", err, same)
	}
	got = s.actions(file, firstFault, showKind)
	var log logAt
	if err := protocol.Unmarshal(run(got[0]), &log); err != nil {
		t.Fatal(err)
	}
	if at := strings.Split(log.Text, "\n")[log.Line]; !strings.HasPrefix(at, "R0 invalid mem access") {
		t.Errorf("line %d is %q", log.Line, at)
	}
	shown := receive(t, s.client.messages, "a message")
	if ls := strings.Split(shown, "\n"); len(ls) > maxMessageLines ||
		!strings.Contains(shown, "R0 invalid mem access") {
		t.Errorf("the message is %s", shown)
	}
	run(got[1])
	if page := receive(t, s.client.pages, "a page"); page != catalog.Href(catalog.NullableDereference) {
		t.Errorf("got %s", page)
	}
	if got := s.actions(file, 1, showKind); len(got) != 0 {
		t.Errorf("elsewhere: %+v", got)
	}
}

// TestOpenSetting requires that a diagnostic about a setting leads there, and nowhere for clients that open neither.
func TestOpenSetting(t *testing.T) {
	for _, can := range []bool{false, true} {
		s := start(t)
		c := withActions(false, true)
		if can {
			c.Window = &protocol.WindowClientCapabilities{
				ShowDocument: &protocol.ShowDocumentClientCapabilities{Support: true}}
		}
		s.initialize(c)
		file := s.open("a.bpf.c", "int x;\n")
		d := at(file, 1, 1, "wrong")
		d.Code, d.Kernel = catalog.TargetKernel, ""
		s.check().finds(d)
		s.published()
		got := s.actions(file, 0, showKind)
		if !can {
			if len(got) != 0 {
				t.Errorf("got %+v", got)
			}
			continue
		}
		if len(got) != 2 || got[0].Title != "Open the setting `bpfLsp.kernelBTF`" {
			t.Fatalf("got %+v", got)
		}
		if _, err := s.server.ExecuteCommand(t.Context(), &protocol.ExecuteCommandParams{
			Command: got[0].Command.Command, Arguments: got[0].Command.Arguments}); err != nil {
			t.Error(err)
		}
		if page := receive(t, s.client.pages, "a page"); page != settingsPage {
			t.Errorf("got %+v", page)
		}
	}
}

// TestActionsForClientsThatNameNoKinds requires actions for a client that understands them, and lists no kinds.
func TestActionsForClientsThatNameNoKinds(t *testing.T) {
	for _, c := range []struct {
		capabilities string
		offered      bool
	}{
		{`{"textDocument": {"codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}}}}}`, true},
		{`{"textDocument": {"codeAction": {}}}`, false},
	} {
		var named protocol.ClientCapabilities
		if err := json.Unmarshal([]byte(c.capabilities), &named); err != nil {
			t.Fatal(err)
		}
		var f clientFeatures
		f.actionFeatures(&named)
		if offered := codeActionProvider(f) != nil; offered != c.offered {
			t.Errorf("%s: actions are offered: %v", c.capabilities, offered)
		}
	}
}

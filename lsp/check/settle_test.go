// SPDX-License-Identifier: GPL-2.0-only

package check

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/testdata/deadline"
)

// TestSettle requires that a suggestion says so where its change helps, and that one whose change does not is general.
func TestSettle(t *testing.T) {
	source := newSource(t, filepath.Join(fixesDir, "null_checks.c"))
	settle := func(spoil bool) []diag.Diagnostic {
		r := source.check(t)
		for _, run := range r.Programs {
			for i := range run.Diagnostics {
				for k := range run.Diagnostics[i].Fixes {
					if fix := &run.Diagnostics[i].Fixes[k]; spoil && fix.Advised {
						at := fix.Edits[0].Span
						at.EndLine, at.EndCol = at.Line, at.Col
						fix.Edits = []diag.Edit{{Span: at, Text: " "}}
					}
				}
			}
		}
		deadline.Building(t, "the proofs", func(ctx context.Context) {
			if err := source.checker.Settle(ctx, source.req, r); err != nil {
				t.Error(err)
			}
		})
		return r.Diagnostics()
	}
	for _, d := range settle(false) {
		if !strings.HasSuffix(d.Suggestion, string(catalog.Verifies)) || !strings.Contains(d.Suggestion, "if (!") {
			t.Errorf("line %d: %s", d.Span.Line, d.Suggestion)
		}
	}
	for _, d := range settle(true) {
		other := len(d.Fixes) > 1 && strings.HasPrefix(d.Suggestion, d.Fixes[1].Title) &&
			strings.HasSuffix(d.Suggestion, string(catalog.Verifies))
		if d.Suggestion != d.General && !other || strings.Contains(d.Suggestion, "Insert `if (!s) return") {
			t.Errorf("line %d: %s", d.Span.Line, d.Suggestion)
		}
	}
	if text, err := os.ReadFile(source.req.File); err != nil || string(text) != source.text {
		t.Error("the file was changed")
	}
}

func TestOverlap(t *testing.T) {
	edit := func(line, col, endLine, endCol int) []diag.Edit {
		return []diag.Edit{{Span: diag.Span{Line: line, Col: col, EndLine: endLine, EndCol: endCol}}}
	}
	for _, test := range []struct {
		a, b []diag.Edit
		want bool
	}{
		{edit(1, 1, 1, 5), edit(1, 5, 1, 9), false},
		{edit(1, 1, 1, 5), edit(1, 4, 1, 9), true},
		{edit(2, 1, 2, 1), edit(3, 1, 3, 1), false},
		{edit(2, 1, 2, 1), edit(2, 1, 2, 1), true},
		{edit(1, 1, 4, 1), edit(2, 1, 2, 1), true},
		{nil, edit(1, 1, 1, 1), false},
	} {
		if got := overlap(test.a, test.b); got != test.want || overlap(test.b, test.a) != got {
			t.Errorf("%v and %v: %v", test.a, test.b, got)
		}
	}
}

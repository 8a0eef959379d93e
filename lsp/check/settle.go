// SPDX-License-Identifier: GPL-2.0-only

package check

import (
	"context"
	"slices"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
)

// Settle tries the changes that the suggestions of a report describe, all at once, so that it takes no longer than
// another check. A suggestion whose change leaves the fault as it is becomes the general one of its code; one with
// which the programs verify says so. If the file does not compile with the changes, or they overlap, nothing is known.
// The only error is the end of the context.
func (c *Checker) Settle(ctx context.Context, req Request, r *Report) error {
	var change Change
	for _, d := range r.Diagnostics() {
		i := slices.IndexFunc(d.Fixes, func(f diag.Fix) bool { return f.Advised && f.File() == req.File })
		if i < 0 || d.Severity != diag.Error || overlap(change.Edits, d.Fixes[i].Edits) {
			continue
		}
		change.Edits = append(change.Edits, d.Fixes[i].Edits...)
		change.Faults = append(change.Faults, d)
	}
	limited, cancel := context.WithTimeout(ctx, ProofTime)
	defer cancel()
	after, ok, err := c.with(limited, req, r, change.Edits)
	if err != nil || !ok || after.Failed() {
		return ctx.Err()
	}
	cmp := comparison{r, &after, &change}
	for i := range change.Faults {
		d := &change.Faults[i]
		fix := d.Fixes[slices.IndexFunc(d.Fixes, func(f diag.Fix) bool { return f.Advised })]
		gone, accepted := cmp.settled(d, fix.Guards)
		switch {
		case !gone:
			r.suggest(d, d.General)
		case accepted:
			r.suggest(d, d.Suggestion+" "+string(catalog.Verifies))
		}
	}
	return nil
}

// overlap reports whether edits change the same part of a file as others.
func overlap(some, others []diag.Edit) bool {
	for _, a := range some {
		for _, b := range others {
			if !behind(a.Span, b.Span) && !behind(b.Span, a.Span) {
				return true
			}
		}
	}
	return false
}

// behind reports whether a span starts behind another one.
func behind(a, b diag.Span) bool {
	return a.Line > b.EndLine || a.Line == b.EndLine && (a.Col > b.EndCol || a.Col == b.EndCol && b.Col != b.EndCol)
}

// settled reports whether one of several faults is gone, and whether its programs are accepted. A check that leaves
// nothing of the line of the fault does not count.
func (c *comparison) settled(d *diag.Diagnostic, guards bool) (gone, accepted bool) {
	only := comparison{c.before, c.after, &Change{Edits: c.change.Edits, Faults: []diag.Diagnostic{*d}}}
	gone, accepted = true, true
	for i, was := range c.before.Programs {
		if !only.concerns(was) {
			continue
		}
		is := only.same(i)
		if is == nil {
			return false, false
		}
		accepted = accepted && isAccepted(is)
		gone = gone && !slices.ContainsFunc(is.Diagnostics, func(d diag.Diagnostic) bool {
			return d.Severity == diag.Error && only.isFor(&d)
		})
		if guards && !only.stays(was, is) {
			return false, false
		}
	}
	return gone, accepted
}

// suggest replaces the suggestion of a diagnostic in all programs that have it.
func (r *Report) suggest(d *diag.Diagnostic, text string) {
	for _, run := range r.Programs {
		for i := range run.Diagnostics {
			if of := &run.Diagnostics[i]; of.Code == d.Code && of.Span == d.Span && of.Suggestion == d.Suggestion {
				of.Suggestion = text
			}
		}
	}
}

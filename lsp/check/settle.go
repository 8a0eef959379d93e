// SPDX-License-Identifier: GPL-2.0-only

package check

import (
	"context"
	"slices"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
)

// settleRounds is how many changes are tried for a fault at most.
const settleRounds = 4

// Settle tries the changes that the suggestions of a report describe, all at once, so that it takes no longer than
// another check. A suggestion with whose change the programs verify says so. If the change leaves the fault as it is,
// the next one that the report has is tried: if the programs verify with that, it becomes the suggestion, else the
// general one of the code does. If the file does not compile with the changes, or they overlap, nothing is known.
// The only error is the end of the context.
func (c *Checker) Settle(ctx context.Context, req Request, r *Report) error {
	limited, cancel := context.WithTimeout(ctx, c.proofTime)
	defer cancel()
	var open []unsettled
	for _, d := range r.Diagnostics() {
		if d.Severity == diag.Error {
			open = append(open, unsettled{d: d, next: -1})
		}
	}
	for round := 0; round < settleRounds && len(open) > 0; round++ {
		var err error
		if open, err = c.settle(limited, req, r, open); err != nil {
			return ctx.Err()
		}
	}
	return nil
}

// unsettled is a fault for which no change of those that were tried helps.
type unsettled struct {
	d    diag.Diagnostic
	next int // the fix that is tried, -1 before the first
}

// advance goes on to the next change that may be tried: first one that the suggestion describes, then others that
// decide nothing for the author. Without a suggested one there is nothing to replace.
func (u *unsettled) advance(file string) bool {
	for i := u.next + 1; i < len(u.d.Fixes); i++ {
		fix := &u.d.Fixes[i]
		if fix.File() == file && (fix.Advised && u.next < 0 || u.next >= 0 && !fix.Choice && !fix.Lossy) {
			u.next = i
			return true
		}
	}
	return false
}

// settle tries the next change for each of some faults, and returns those that it leaves.
func (c *Checker) settle(ctx context.Context, req Request, r *Report, faults []unsettled) ([]unsettled, error) {
	var left []unsettled
	var change Change
	var tried []unsettled
	for _, u := range faults {
		if !u.advance(req.File) {
			continue
		}
		edits := u.d.Fixes[u.next].Edits
		if overlap(change.Edits, edits) {
			continue
		}
		change.Edits = append(change.Edits, edits...)
		change.Faults = append(change.Faults, u.d)
		tried = append(tried, u)
	}
	if len(tried) == 0 {
		return nil, nil
	}
	after, ok, err := c.with(ctx, req, r, change.Edits)
	if err != nil {
		return nil, err
	}
	if !ok || after.Failed() {
		return nil, nil
	}
	cmp := comparison{r, &after, &change}
	for _, u := range tried {
		fix := &u.d.Fixes[u.next]
		gone, accepted := cmp.settled(&u.d, fix.Guards)
		switch {
		case accepted && gone && fix.Advised:
			r.suggest(&u.d, u.d.Suggestion+" "+string(catalog.Verifies))
		case accepted && gone:
			r.suggest(&u.d, fix.Title+". "+string(catalog.Verifies))
		case !gone && fix.Advised:
			r.suggest(&u.d, u.d.General)
			u.d.Suggestion = u.d.General
			left = append(left, u)
		case !fix.Advised:
			left = append(left, u)
		}
	}
	return left, nil
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

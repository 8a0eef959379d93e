// SPDX-License-Identifier: GPL-2.0-only

package check

import (
	"context"
	"errors"
	"time"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
)

const (
	// maxTries bounds the changes that are tried for one fault. Each takes a run of the compiler.
	maxTries = 6
	// proofTime is how long changes are tried if the settings do not say.
	proofTime = 20 * time.Second
)

// Proof says which changes make a fault go away.
type Proof struct {
	// Fixes hold, the best first.
	Fixes []diag.Fix
	// Verifies reports whether the programs of the fault are accepted with the first of them. Otherwise another fault
	// follows.
	Verifies bool
	// Refuted reports that the change which the suggestion describes was tried, and that the fault stays.
	Refuted bool
}

// Preferred returns the fix that may be made without a question, nil if there is none.
func (p *Proof) Preferred() *diag.Fix {
	if len(p.Fixes) == 0 || p.Fixes[0].Choice {
		return nil
	}
	return &p.Fixes[0]
}

// Suggestion is what to suggest for a diagnostic, now that its changes were tried.
func (p *Proof) Suggestion(d *diag.Diagnostic) string {
	advised := len(p.Fixes) > 0 && p.Fixes[0].Advised
	text := d.Suggestion
	switch {
	case p.Refuted && len(p.Fixes) > 0:
		text = p.Fixes[0].Title + "."
	case p.Refuted:
		text = d.General
	}
	if p.Verifies && (advised || p.Refuted) {
		text += " " + string(catalog.Verifies)
	}
	return text
}

// Prove tries the changes of a diagnostic of a report, which is that of req. A change holds if the file compiles with
// it and the fault is gone: see outcome. Once one holds, others are only tried if the author has to choose between
// them, or may prefer them. If the time is over, nothing is said of the rest. The only error is the end of the context.
func (c *Checker) Prove(ctx context.Context, req Request, before *Report, d *diag.Diagnostic) (Proof, error) {
	limited, cancel := context.WithTimeout(ctx, c.proofTime)
	defer cancel()
	var p Proof
	for i := range min(len(d.Fixes), maxTries) {
		fix := d.Fixes[i]
		if len(p.Fixes) > 0 && !fix.Another && !(fix.Choice && p.Fixes[0].Choice) {
			continue
		}
		change := Change{Edits: fix.Edits, Faults: []diag.Diagnostic{*d}, Guards: fix.Guards}
		o, err := c.Try(limited, req, before, change)
		if err != nil {
			if errors.Is(ctx.Err(), context.Canceled) {
				return p, ctx.Err()
			}
			break
		}
		if o.Holds {
			p.Verifies = p.Verifies || len(p.Fixes) == 0 && o.Accepted
			p.Fixes = append(p.Fixes, fix)
		} else if fix.Advised {
			p.Refuted = true
		}
	}
	if len(p.Fixes) > 0 && p.Fixes[0].Advised {
		p.Refuted = false
	}
	return p, nil
}

// Change is a change of one file, and the faults that it is for.
type Change struct {
	Edits  []diag.Edit
	Faults []diag.Diagnostic
	// Guards requires that the lines of the faults are still part of the programs.
	Guards bool
}

// Outcome is what became of the faults that a change is for.
type Outcome struct {
	Holds    bool // they are gone, and nothing else is worse
	Accepted bool // their programs are accepted
}

// Try checks a unit with a change in memory. The only error is the end of the context.
func (c *Checker) Try(ctx context.Context, req Request, before *Report, change Change) (Outcome, error) {
	after, ok, err := c.with(ctx, req, before, change.Edits)
	if err != nil || !ok {
		return Outcome{}, err
	}
	return outcome(before, &after, &change), nil
}

// with checks a unit with edits of one file in memory. ok is false if they cannot be made.
func (c *Checker) with(ctx context.Context, req Request, before *Report, edits []diag.Edit) (after Report, ok bool,
	err error) {
	if len(edits) == 0 || before.Source == nil || before.Command.File == "" || !Owns(before, edits[0].Span.File) {
		return Report{}, false, nil
	}
	file := edits[0].Span.File
	text, ok := before.Source.Read(file)
	if !ok {
		return Report{}, false, nil
	}
	changed, ok := diag.Apply(string(text), edits)
	if !ok {
		return Report{}, false, nil
	}
	req = req.with(file, changed)
	req.Budget, req.LogLevel = false, 0
	after, err = c.Unit(ctx, req)
	return after, err == nil, err
}

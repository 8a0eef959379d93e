// SPDX-License-Identifier: GPL-2.0-only

package check

import (
	"context"
	"maps"
	"path/filepath"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/lsp/compile"
)

// maxRepairs bounds the faults of a unit that are fixed one after the other.
const maxRepairs = 50

// Repaired is a fault and the change that made it go away.
type Repaired struct {
	Fault diag.Diagnostic // its place is that in the text before this change
	Fix   diag.Fix
}

// Repair is what became of a unit with all changes that are proven and leave nothing for the author to decide.
type Repair struct {
	Done  []Repaired
	Texts compile.Unsaved // of the changed files
	After Report          // with the changes
}

// Repair fixes the faults of a unit in memory: in each round all those whose changes go together, else the first one.
// The only error is the end of the context.
func (c *Checker) Repair(ctx context.Context, req Request, before *Report) (Repair, error) {
	out := Repair{Texts: compile.Unsaved{}, After: *before}
	for len(out.Done) < maxRepairs {
		found, err := c.repairs(ctx, req, &out.After)
		if err != nil || len(found) == 0 {
			return out, err
		}
		edits, together := found[0].Fix.Edits, true
		if len(found) > 1 {
			all, ok, err := c.Together(ctx, req, &out.After, found)
			if err != nil {
				return out, err
			}
			if together = ok; ok {
				edits = all
			}
		}
		if !together {
			found = found[:1]
		}
		file := edits[0].Span.File
		text, _ := out.After.Source.Read(file)
		next, ok := diag.Apply(string(text), edits)
		if !ok {
			return out, nil
		}
		req = req.with(file, next)
		out.Texts[file] = next
		out.Done = append(out.Done, found...)
		if out.After, err = c.Unit(ctx, req); err != nil {
			return out, err
		}
	}
	return out, nil
}

// repairs are the faults of a report with changes that may be made without a question: of one file, and without
// overlaps.
func (c *Checker) repairs(ctx context.Context, req Request, r *Report) (out []Repaired, err error) {
	var edits []diag.Edit
	ds := r.Diagnostics()
	for i := range ds {
		p, err := c.Prove(ctx, req, r, &ds[i])
		if err != nil {
			return nil, err
		}
		fix := p.Preferred()
		if fix == nil || !Owns(r, fix.File()) || overlap(edits, fix.Edits) ||
			len(edits) > 0 && edits[0].Span.File != fix.File() {
			continue
		}
		edits = append(edits, fix.Edits...)
		out = append(out, Repaired{ds[i], *fix})
	}
	return out, nil
}

// Owns reports whether a file is one that a fix of a unit may change: the unit itself, or a header below its directory.
func Owns(r *Report, file string) bool {
	if file == r.File {
		return true
	}
	rel, err := filepath.Rel(filepath.Dir(r.File), file)
	return err == nil && filepath.IsLocal(rel)
}

// with returns the request for a unit with another text of a file.
func (r Request) with(file, text string) Request {
	r.Unsaved = maps.Clone(r.Unsaved)
	if r.Unsaved == nil {
		r.Unsaved = compile.Unsaved{}
	}
	r.Unsaved[file] = text
	overlay := r.Overlay
	r.Overlay = func(name string) ([]byte, bool) {
		if name == file {
			return []byte(text), true
		}
		if overlay == nil {
			return nil, false
		}
		return overlay(name)
	}
	return r
}

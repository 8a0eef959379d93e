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

// Repair fixes the faults of a unit one after the other, in memory. The only error is the end of the context.
func (c *Checker) Repair(ctx context.Context, req Request, before *Report) (Repair, error) {
	out := Repair{Texts: compile.Unsaved{}, After: *before}
	for len(out.Done) < maxRepairs {
		ds := out.After.Diagnostics()
		changed := false
		for i := range ds {
			d := &ds[i]
			p, err := c.Prove(ctx, req, &out.After, d)
			if err != nil {
				return out, err
			}
			fix := p.Preferred()
			if fix == nil {
				continue
			}
			file := fix.File()
			text, _ := out.After.Source.Read(file)
			next, ok := diag.Apply(string(text), fix.Edits)
			if !ok || !Owns(&out.After, file) {
				continue
			}
			req = req.with(file, next)
			out.Texts[file] = next
			out.Done = append(out.Done, Repaired{*d, *fix})
			if out.After, err = c.Unit(ctx, req); err != nil {
				return out, err
			}
			changed = true
			break
		}
		if !changed {
			break
		}
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

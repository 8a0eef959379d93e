// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/lsp/check"
)

const (
	// maxProved bounds the faults of a unit whose changes are tried.
	maxProved = 24
	// proofsTime bounds how long that takes for one unit.
	proofsTime = 2 * time.Minute
)

// proofs are the changes that make faults of a unit go away. They are tried in the background when the diagnostics were
// published, one unit after the other, and kept as long as the report that they belong to.
type proofs struct {
	generation uint64 // of the unit
	cancel     context.CancelFunc
	items      []*proved
	groups     []*fixGroup
	over       chan struct{} // closed at the end, as all channels of the items
}

// proved is a fault, and the changes for it once known is closed.
type proved struct {
	fault diag.Diagnostic // with its file as the compiler names it
	known chan struct{}
	proof check.Proof
}

// fixGroup are changes of one file that were proven together, valid once over is closed.
type fixGroup struct {
	kind   catalog.FixKind // empty for all changes of the file
	file   string
	edits  []diag.Edit
	faults []diag.Diagnostic
}

// prove tries the changes for the faults of a report in the background, once its diagnostics were published. Requests
// may wait for the proofs from now on.
func (s *server) prove(u *unit, f *found) {
	u.dropProofs()
	p := &proofs{generation: u.generation, over: make(chan struct{})}
	for _, d := range f.report.Diagnostics() {
		if len(d.Fixes) > 0 && len(p.items) < maxProved {
			p.items = append(p.items, &proved{fault: d, known: make(chan struct{})})
		}
	}
	if len(p.items) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(s.ctx, proofsTime)
	p.cancel, u.proofs = cancel, p
	checker, report, req := s.checkerFor(u.file), &f.report, f.req
	published := make(chan struct{})
	s.afterPublishing(func() { close(published) })
	s.tasks.run(func() {
		defer cancel()
		defer p.end()
		select {
		case <-published:
		case <-ctx.Done():
			return
		}
		select {
		case s.proving <- struct{}{}:
			defer func() { <-s.proving }()
		case <-ctx.Done():
			return
		}
		for _, item := range p.items {
			proof, err := checker.Prove(ctx, req, report, &item.fault)
			if err != nil {
				return
			}
			item.proof = proof
			close(item.known)
		}
		s.do(func() {
			if u.proofs == p {
				s.suggest(u)
			}
		})
		p.group(ctx, checker, req, report)
	})
}

// dropProofs ends the proofs of a unit.
func (u *unit) dropProofs() {
	if u.proofs != nil {
		u.proofs.cancel()
		u.proofs = nil
	}
}

// end lets the requests proceed that wait for a proof.
func (p *proofs) end() {
	for _, item := range p.items {
		select {
		case <-item.known:
		default:
			close(item.known)
		}
	}
	close(p.over)
}

// group tries changes of the same kind, and all changes of a file, together.
func (p *proofs) group(ctx context.Context, checker Checker, req check.Request, report *check.Report) {
	type key struct {
		kind catalog.FixKind
		file string
	}
	sets := map[key][]check.Repaired{}
	for _, item := range p.items {
		if fix := item.proof.Preferred(); fix != nil {
			one := check.Repaired{Fault: item.fault, Fix: *fix}
			sets[key{"", fix.File()}] = append(sets[key{"", fix.File()}], one)
			sets[key{fix.Kind, fix.File()}] = append(sets[key{fix.Kind, fix.File()}], one)
		}
	}
	for k, all := range sets {
		if k.kind != "" && (len(all) < 2 || len(all) == len(sets[key{"", k.file}])) {
			continue // what the group of all changes does
		}
		g := &fixGroup{kind: k.kind, file: k.file}
		for _, one := range all {
			g.faults = append(g.faults, one.Fault)
		}
		var ok bool
		var err error
		switch {
		case len(all) == 1:
			g.edits, ok = all[0].Fix.Edits, true
		default:
			g.edits, ok, err = checker.Together(ctx, req, report, all)
		}
		if err != nil {
			return
		}
		if ok {
			p.groups = append(p.groups, g)
		}
	}
	slices.SortFunc(p.groups, func(a, b *fixGroup) int {
		return cmp.Or(cmp.Compare(a.file, b.file), cmp.Compare(a.kind, b.kind))
	})
}

// suggest replaces suggestions by what the proofs say of them. Diagnostics are published again only where a suggestion
// was wrong.
func (s *server) suggest(u *unit) {
	proofs := map[string]*proved{}
	wrong := false
	for _, item := range u.proofs.items {
		proofs[faultKey(&item.fault)] = item
	}
	files := maps.Clone(s.state.results.units[u.file])
	for file, ds := range files {
		ds = slices.Clone(ds)
		for i := range ds {
			if item := proofs[faultKey(&ds[i])]; item != nil {
				ds[i].Suggestion = item.proof.Suggestion(&item.fault)
				wrong = wrong || item.proof.Refuted
			}
		}
		files[file] = ds
	}
	if touched := s.state.results.replace(u.file, files); wrong {
		s.publish(touched)
	}
}

// faultKey identifies a diagnostic of a unit, whatever the name of its file.
func faultKey(d *diag.Diagnostic) string {
	return fmt.Sprint(d.Code, " ", d.Program, " ", d.PC, " ", d.RefSite, " ", d.Reason)
}

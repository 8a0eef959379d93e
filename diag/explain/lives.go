// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/dwarfmap"
	"github.com/bpf-lsp/bpf-lsp/verifier"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
)

// Lives reports where the resources of an accepted program live. The
// verification must have been asked for lifetimes.
func Lives(s diag.Subject, r *verifier.Result) diag.Lives {
	var lives diag.Lives
	if r.Lifetimes == nil {
		return lives
	}
	w := newWhere(s)
	for i, pc := range r.Lifetimes.Sites {
		a := catalog.AcquiredBy(w.Callee(pc))
		if open := a.Region(); open != "" {
			name := fmt.Sprintf("%s since line %d", open, w.Span(pc).Line)
			lives.Regions = append(lives.Regions, w.region(name, r.Lifetimes, func(h *record.Held) (some, always bool) { return h.Some.Has(i), h.Always.Has(i) }))
			continue
		}
		lives.Lives = append(lives.Lives, w.life(r.Lifetimes, i, pc, a))
	}
	for _, c := range []struct {
		context record.Context
		enter   string
	}{{record.ContextRCU, "bpf_rcu_read_lock"}, {record.ContextPreempt, "bpf_preempt_disable"}} {
		bit := uint8(1) << c.context
		name := catalog.AcquiredBy(c.enter).Region()
		region := w.region(name, r.Lifetimes, func(h *record.Held) (some, always bool) { return h.Open&bit != 0, h.AlwaysOpen&bit != 0 })
		if len(region.Lines) > 0 {
			lives.Regions = append(lives.Regions, region)
		}
	}
	return lives
}

func (w *where) life(l *record.Lifetimes, site, pc int, a catalog.Acquisition) diag.Life {
	name := w.Callee(pc)
	life := diag.Life{Program: w.Prog.Name, Holder: w.keptBy(pc, a)}
	life.Acquired = diag.Related{Span: w.Span(pc), Message: life.Holder + " is held from the start of the program"}
	if name != "" {
		life.Acquired.Message = fmt.Sprintf("%s is %s by %s", life.Holder, a.Verb, catalog.Call(name))
	}
	var steps []lifeStep
	for pc := range l.At {
		at := &l.At[pc]
		step := lifeStep{first: at.First, Related: diag.Related{Span: w.Span(pc)}}
		switch {
		case at.Ended.Has(site):
			step.ends, step.Message = true, w.endWords(pc, a)
		case at.Used.Has(site):
			step.Message = w.useWords(pc)
		default:
			continue
		}
		steps = append(steps, step)
	}
	life.Then = lifeInOrder(steps, life.Acquired)
	return life
}

// lifeStep is a use or an end of a resource; first says when it is walked first.
type lifeStep struct {
	diag.Related
	first int
	ends  bool
}

// lifeInOrder sorts steps as they are executed, and keeps one for each line but that of the
// acquisition: the one that says most.
func lifeInOrder(steps []lifeStep, acquired diag.Related) (out []diag.Related) {
	slices.SortStableFunc(steps, func(a, b lifeStep) int { return cmp.Compare(a.first, b.first) })
	onLine := func(r diag.Related) int {
		return slices.IndexFunc(out, func(o diag.Related) bool { return sameLine(o, r) })
	}
	for _, ends := range []bool{true, false} {
		for _, s := range steps {
			if s.ends == ends && !(sameLine(s.Related, acquired) && !ends) && onLine(s.Related) < 0 {
				out = append(out, s.Related)
			}
		}
	}
	first := func(r diag.Related) int {
		return steps[slices.IndexFunc(steps, func(s lifeStep) bool { return s.Related == r })].first
	}
	slices.SortStableFunc(out, func(a, b diag.Related) int { return cmp.Compare(first(a), first(b)) })
	return out
}

func sameLine(a, b diag.Related) bool {
	return a.Span.File == b.Span.File && a.Span.Line == b.Span.Line
}

// keptBy names the variable that holds what is acquired at pc, whatever path
// goes on from there, or says what is acquired.
func (w *where) keptBy(pc int, a catalog.Acquisition) string {
	name := ""
	if a.Holder > 0 {
		text, _, _ := w.Argument(pc, a.Holder)
		name = strings.TrimPrefix(text, "&")
	} else {
		name = w.assigned(pc)
	}
	if name == "" {
		return a.Noun
	}
	return catalog.Quote(name)
}

// endWords say how a life ends at an instruction.
func (w *where) endWords(pc int, a catalog.Acquisition) string {
	name := w.Callee(pc)
	switch {
	case slices.Contains(a.Releasers, name):
		return "given back by " + catalog.Call(name)
	case name != "":
		return "handed over to " + catalog.Call(name)
	case dwarfmap.IsConditional(&w.Prog.Insns[pc]):
		return "nothing to give back where it is NULL"
	}
	return "ends here"
}

// useWords say how an instruction uses a resource.
func (w *where) useWords(pc int) string {
	if name := w.Callee(pc); name != "" {
		return "used by " + catalog.Call(name)
	}
	text := ""
	if pos, f, ok := w.At(pc); ok && f != nil && pos.Col > 0 {
		if r, ok := f.Expression(pos.Line, pos.Col); ok && r.EndCol-r.Col <= 60 {
			text = f.Text(r)
		}
	}
	switch w.Prog.Insns[pc].Class() {
	case isa.ClassLDX:
		if strings.Contains(text, "->") && !strings.ContainsAny(text, "=;") {
			return catalog.LifeReads.With(catalog.Facts{"value": catalog.Quote(text)})
		}
		return catalog.LifeRead.With(nil)
	case isa.ClassST, isa.ClassSTX:
		if left, _, ok := strings.Cut(text, "="); ok && strings.Contains(left, "->") {
			return catalog.LifeWrites.With(catalog.Facts{"value": catalog.Quote(strings.TrimSpace(left))})
		}
		return catalog.LifeWritten.With(nil)
	}
	return "used"
}

// region collects the lines that a region spans.
func (w *where) region(name string, l *record.Lifetimes, open func(*record.Held) (some, always bool)) diag.Region {
	r := diag.Region{Program: w.Prog.Name, Name: name, Lines: map[diag.Line]bool{}}
	for pc := range l.At {
		some, always := open(&l.At[pc])
		if !some {
			continue
		}
		s := w.Span(pc)
		at := diag.Line{File: s.File, Line: s.Line}
		before, known := r.Lines[at]
		r.Lines[at] = always && (before || !known)
	}
	return r
}

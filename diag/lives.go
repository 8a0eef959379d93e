// SPDX-License-Identifier: GPL-2.0-only

package diag

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/dwarfmap"
	"github.com/bpf-lsp/bpf-lsp/verifier"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
)

// Life is what becomes of one acquired resource on the paths of an accepted
// program.
type Life struct {
	Program string
	// Holder is the variable that has it, quoted, or what it is.
	Holder string
	// Acquired says by what it was acquired.
	Acquired Related
	// Uses and Ends are in the order of the code, at most one a line.
	Uses, Ends []Related
}

// Region is a stretch of code in which a lock is held, interrupts or
// preemption are off, or an RCU read section is open.
type Region struct {
	Program string
	// Name says what is open and since where.
	Name string
	// Lines has, for each line inside it, whether it is open there on every
	// path.
	Lines map[Line]bool
}

// Line is a line of a file, from 1.
type Line struct {
	File string
	Line int
}

// Lives are the lifetimes of one program's resources.
type Lives struct {
	Lives   []Life
	Regions []Region
}

// LivesOf tells where the resources of an accepted program live. The
// verification must have been asked for lifetimes.
func LivesOf(obj *program.Object, p *program.Program, r *verifier.Result, ix *dwarfmap.Index, read SourceReader) Lives {
	var lives Lives
	if r.Lifetimes == nil {
		return lives
	}
	w := newWhere(obj, p, ix, read)
	for i, pc := range r.Lifetimes.Sites {
		a := catalog.AcquiredBy(w.callee(pc))
		if open := a.Region(); open != "" {
			name := fmt.Sprintf("%s since line %d", open, w.span(pc).Line)
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

func (w *where) life(l *record.Lifetimes, site, pc int, a catalog.Acquisition) Life {
	name := w.callee(pc)
	life := Life{Program: w.prog.Name, Holder: w.keptBy(pc, a)}
	life.Acquired = Related{Span: w.span(pc), Message: life.Holder + " is held from the start of the program"}
	if name != "" {
		life.Acquired.Message = fmt.Sprintf("%s is %s by %s", life.Holder, a.Verb, call(name))
	}
	for pc := range l.At {
		at := &l.At[pc]
		switch {
		case at.Ended.Has(site):
			life.Ends = append(life.Ends, Related{Span: w.span(pc), Message: w.endWords(pc, a)})
		case at.Used.Has(site):
			life.Uses = append(life.Uses, Related{Span: w.span(pc), Message: w.useWords(pc)})
		}
	}
	life.Ends = byLine(life.Ends, nil)
	life.Uses = byLine(life.Uses, append([]Related{life.Acquired}, life.Ends...))
	return life
}

// keptBy names the variable that holds what is acquired at pc, whatever path
// goes on from there, or says what is acquired.
func (w *where) keptBy(pc int, a catalog.Acquisition) string {
	name := ""
	if a.Holder > 0 {
		text, _, _ := w.argument(pc, a.Holder)
		name = strings.TrimPrefix(text, "&")
	} else {
		name = w.assigned(pc)
	}
	if name == "" {
		return a.Noun
	}
	return quote(name)
}

// endWords say how a life ends at an instruction.
func (w *where) endWords(pc int, a catalog.Acquisition) string {
	name := w.callee(pc)
	switch {
	case slices.Contains(a.Releasers, name):
		return "given back by " + call(name)
	case name != "":
		return "handed over to " + call(name)
	case dwarfmap.IsConditional(&w.prog.Insns[pc]):
		return "nothing to give back where it is NULL"
	}
	return "ends here"
}

func (w *where) useWords(pc int) string {
	if name := w.callee(pc); name != "" {
		return "used by " + call(name)
	}
	return "used"
}

// region collects the lines that a region spans.
func (w *where) region(name string, l *record.Lifetimes, open func(*record.Held) (some, always bool)) Region {
	r := Region{Program: w.prog.Name, Name: name, Lines: map[Line]bool{}}
	for pc := range l.At {
		some, always := open(&l.At[pc])
		if !some {
			continue
		}
		s := w.span(pc)
		at := Line{s.File, s.Line}
		before, known := r.Lines[at]
		r.Lines[at] = always && (before || !known)
	}
	return r
}

// byLine sorts places and keeps one for each line and message that others do
// not have.
func byLine(places, others []Related) []Related {
	slices.SortStableFunc(places, func(a, b Related) int {
		return cmp.Or(cmp.Compare(a.Span.File, b.Span.File), cmp.Compare(a.Span.Line, b.Span.Line))
	})
	places = slices.CompactFunc(places, func(a, b Related) bool { return a.Span.File == b.Span.File && a.Span.Line == b.Span.Line })
	return slices.DeleteFunc(places, func(p Related) bool {
		return slices.ContainsFunc(others, func(o Related) bool { return o.Span.File == p.Span.File && o.Span.Line == p.Span.Line })
	})
}

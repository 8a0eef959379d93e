// SPDX-License-Identifier: GPL-2.0-only

package values

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/csource"
	"github.com/bpf-lsp/bpf-lsp/dwarfmap"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// What a variable can be is told apart by lines where the paths can be: of two ways to
// where they meet, one passes a line that no other does. A way that passes none of its
// own is "otherwise", if it is the only one.

// spot is a variable before an instruction.
type spot struct {
	pc    int
	local *dwarfmap.Local
}

// mostLines is how many lines name a case.
const mostLines = 3

// cases tells apart what is known at some instructions by how paths came there; none if
// that cannot be said of all of them.
func (q *question) cases(a *answer, l *dwarfmap.Local) (out []diag.Case) {
	if len(a.kinds) < 2 || a.others || a.unset || a.partly || a.member || a.size > 0 || a.object != record.NoObject {
		return nil
	}
	t := typeOf(a, l, q.field)
	var rest []string // what is known where there are no cases
	for _, at := range a.spots {
		here, ok := q.casesAt(at, t)
		switch {
		case !ok:
			return nil
		case here == nil:
			k := q.before(at.local, at.pc)
			rest = append(rest, q.kindsWords(&k, t, q.field))
		case out == nil:
			out = here
		case !slices.Equal(out, here):
			return nil
		}
	}
	for _, words := range rest {
		if !slices.ContainsFunc(out, func(c diag.Case) bool { return c.Known == words }) {
			return nil
		}
	}
	return out
}

// casesAt are the cases at one instruction, nil if there is but one; false if they cannot
// be told apart in the source.
func (q *question) casesAt(at spot, t *numberType) (out []diag.Case, ok bool) {
	head, cases, place := q.placeCases(at)
	if len(cases) == 0 {
		k := q.before(at.local, at.pc)
		return nil, len(k.kinds) < 2
	}
	labels, ok := q.labels(head, cases)
	if !ok {
		return nil, false
	}
	for i := range cases {
		k := fromRegister(record.Known{Kinds: cases[i].Kinds}, &place)
		if out = append(out, diag.Case{When: labels[i].words(), Known: q.kindsWords(&k, t, q.field)}); out[i].Known == "" {
			return nil, false
		}
	}
	for i := range out {
		for j := range i {
			if out[i].Known == out[j].Known {
				return nil, false // of the type that the variable has, they are the same
			}
		}
	}
	order := make([]int, len(out))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return labels[i].compare(&labels[j]) })
	sorted := make([]diag.Case, len(out))
	for to, from := range order {
		sorted[to] = out[from]
	}
	return sorted, true
}

// placeCases are the cases of the place that has the value of a variable, or of its
// member.
func (q *question) placeCases(at spot) (head int, cases []record.Case, place dwarfmap.Place) {
	l := at.local
	off, size := int64(0), l.Size
	if q.field.Size > 0 && !q.field.Behind {
		off, size = q.field.At, q.field.Size
	}
	for _, p := range q.Index.Places(l, at.pc) {
		whole := p.Size == 0
		switch {
		case whole && p.Kind == dwarfmap.PlaceFrame:
			p.Add += off
		case whole && (off != 0 || size != l.Size), !whole && (p.At != off || p.Size != size):
			continue
		}
		switch p.Kind {
		case dwarfmap.PlaceRegister:
			head, cases = q.walk.RegisterCases(at.pc, p.Reg)
			return head, cases, p
		case dwarfmap.PlaceFrame:
			if p.Add < 0 && p.Add >= -state.MaxStack && p.Add%state.SlotBytes == 0 && q.field.Bits == 0 {
				head, cases = q.walk.SlotCases(at.pc, int(-p.Add/state.SlotBytes)-1)
			}
		}
		return head, cases, dwarfmap.Place{}
	}
	return 0, nil, place
}

// label says on which paths a case is: those through lines of its own, or straight from
// branches, or of calls.
type label struct {
	how   catalog.Wording
	code  string
	lines []int
}

// compare orders labels by their lines, with what is so before what is not; the others are
// last.
func (l *label) compare(o *label) int {
	switch {
	case len(l.lines) == 0 || len(o.lines) == 0:
		return cmp.Compare(len(o.lines), len(l.lines))
	case l.lines[0] == o.lines[0] && l.how == catalog.CaseTrue:
		return -1
	case l.lines[0] == o.lines[0] && o.how == catalog.CaseTrue:
		return 1
	}
	return cmp.Compare(l.lines[0], o.lines[0])
}

func (l *label) words() string {
	var lines []string
	for _, n := range l.lines {
		lines = append(lines, strconv.Itoa(n))
	}
	return l.how.With(catalog.Facts{"lines": strings.Join(lines, catalog.Or), "code": catalog.Quote(l.code)})
}

// labels tell cases apart at a head by lines of the source.
func (q *question) labels(head int, cases []record.Case) (out []label, ok bool) {
	fn, known := q.Index.Function(head)
	switch {
	case !known:
		return nil, false
	case fn.Start == head:
		return q.distinct(catalog.CaseCalled, cases, func(pc int) bool { return q.Prog.Insns[pc].Op == isa.ClassJMP|isa.OpCall })
	}
	out = make([]label, len(cases))
	var unnamed []int
	for i, lines := range q.ownLines(fn, head, cases) {
		if out[i] = (label{how: catalog.CaseAfter, lines: lines}); lines == nil {
			out[i].how = catalog.CaseOtherwise
			unnamed = append(unnamed, i)
		}
	}
	switch {
	case len(unnamed) < 2:
		return out, true
	case len(unnamed) == 2:
		yes, ok1 := q.decided(head, &cases[unnamed[0]])
		no, ok2 := q.decided(head, &cases[unnamed[1]])
		if ok1 && ok2 && yes.code == no.code && slices.Equal(yes.lines, no.lines) && yes.how != no.how {
			out[unnamed[0]], out[unnamed[1]] = yes, no
			return out, true
		}
	}
	return q.distinct(catalog.CaseFrom, cases, func(pc int) bool { return dwarfmap.IsConditional(&q.Prog.Insns[pc]) })
}

// decided is the condition that the only way of a case depends on.
func (q *question) decided(head int, c *record.Case) (l label, ok bool) {
	if c.Rest || len(c.From) != 1 || q.decision == nil {
		return l, false
	}
	pc, next := c.From[0], head
	for _, p := range q.alone(pc) {
		next = p
		if before := q.predecessors()[p]; len(before) == 1 {
			pc = before[0]
		} else {
			return l, false
		}
	}
	if !dwarfmap.IsConditional(&q.Prog.Insns[pc]) || q.lineOf[pc].File != q.at.File {
		return l, false
	}
	code, truth, ok := q.decision(pc, next)
	l = label{catalog.CaseFalse, code, []int{q.lineOf[pc].Line}}
	if truth {
		l.how = catalog.CaseTrue
	}
	return l, ok
}

// distinct labels cases by the lines of the instructions that they come from, if those are
// of some kind and have lines of their own.
func (q *question) distinct(how catalog.Wording, cases []record.Case, isKind func(pc int) bool) (out []label, ok bool) {
	of := map[int]int{}
	for i := range cases {
		l := label{how: how}
		for _, pc := range cases[i].From {
			at := q.lineOf[pc]
			if at.File != q.at.File || at.Line == 0 || !isKind(pc) {
				return nil, false
			}
			if other, taken := of[at.Line]; taken && other != i {
				return nil, false
			}
			of[at.Line] = i
			l.lines = append(l.lines, at.Line)
		}
		slices.Sort(l.lines)
		if l.lines = slices.Compact(l.lines); cases[i].Rest || len(l.lines) > mostLines {
			return nil, false
		}
		out = append(out, l)
	}
	return out, true
}

// ownLines are lines that all paths of a case pass on the way to a head and no others do;
// nil of a case that has none.
func (q *question) ownLines(fn dwarfmap.Function, head int, cases []record.Case) [][]int {
	reached := make([][]bool, len(cases))
	for i := range cases {
		reached[i] = q.backwards(head, cases[i].From)
	}
	body := q.bodyAt(head)
	out := make([][]int, len(cases))
	for i := range cases {
		own := map[int][]int{} // by line
		for pc, yes := range reached[i] {
			at := q.lineOf[pc]
			if !yes || at.File != q.at.File || at.Line < body.Line || at.Line > body.EndLine || own[at.Line] != nil {
				continue
			}
			if all := q.byLine[at]; !slices.ContainsFunc(all, func(pc int) bool { return !onlyIn(reached, i, pc) }) {
				own[at.Line] = all
			}
		}
		if !cases[i].Rest {
			out[i] = q.covering(fn, cases[i].From, own)
		}
	}
	return out
}

// onlyIn reports whether an instruction leads to the head by the ways of one case alone.
func onlyIn(reached [][]bool, i, pc int) bool {
	for k := range reached {
		if reached[k][pc] != (k == i) {
			return false
		}
	}
	return true
}

// covering are a few lines one of which every path to some instructions passes: the latest,
// and those before others that give the variable its value.
func (q *question) covering(fn dwarfmap.Function, from []int, own map[int][]int) (lines []int) {
	candidates := slices.Collect(maps.Keys(own))
	slices.SortFunc(candidates, func(a, b int) int {
		if x, y := q.assigns(a), q.assigns(b); x != y {
			if x {
				return -1
			}
			return 1
		}
		return cmp.Compare(b, a)
	})
	barred := make([]bool, fn.End-fn.Start)
	open := func() (n int) {
		reached := q.spread(fn, barred, []int{fn.Start})
		for _, pc := range from {
			if pc >= fn.Start && pc < fn.End && reached[pc-fn.Start] {
				n++
			}
		}
		return n
	}
	left := open()
	for _, line := range candidates {
		was := slices.Clone(barred)
		for _, pc := range own[line] {
			if pc < fn.Start || pc >= fn.End {
				return nil
			}
			barred[pc-fn.Start] = true
		}
		n := open()
		if n == left {
			barred = was
			continue
		}
		lines = append(lines, line)
		if left = n; left == 0 || len(lines) == mostLines {
			break
		}
	}
	if left > 0 {
		return nil
	}
	slices.Sort(lines)
	return lines
}

// bodyAt is the body of the function of the source that an instruction is part of.
func (q *question) bodyAt(pc int) csource.Range {
	if at := q.lineOf[pc]; at.File == q.at.File && (at.Line < q.body.Line || at.Line > q.body.EndLine) {
		if fn, ok := q.File(at.File).FunctionAt(at.Line, 1); ok {
			return fn.Body
		}
	}
	return q.body
}

// backwards are the instructions from which paths lead to some before they come to a head.
func (w *walked) backwards(head int, from []int) []bool {
	before := w.predecessors()
	reached := make([]bool, len(before))
	from = slices.Clone(from)
	for len(from) > 0 {
		pc := from[len(from)-1]
		from = from[:len(from)-1]
		if reached[pc] {
			continue
		}
		reached[pc] = true
		if pc != head {
			from = append(from, before[pc]...)
		}
	}
	return reached
}

// assigns reports whether a line gives the variable a value.
func (q *question) assigns(line int) bool {
	for _, m := range q.File(q.at.File).Mentions(line) {
		if m.Root == q.mention.Root && m.Assigned {
			return true
		}
	}
	return false
}

// alone are the instructions up to pc, backwards, that lead nowhere but there.
func (w *walked) alone(pc int) (pcs []int) {
	before := w.predecessors()
	for range len(w.Prog.Insns) {
		if next, n := isa.Successors(w.Prog.Insns, pc); n > 1 && next[0] != next[1] {
			break
		}
		pcs = append(pcs, pc)
		if len(before[pc]) != 1 {
			break
		}
		pc = before[pc][0]
	}
	return pcs
}

// predecessors are the instructions that lead to each one and were walked.
func (w *walked) predecessors() [][]int {
	if w.leadTo == nil {
		w.leadTo = make([][]int, len(w.Prog.Insns))
		for pc, n := range w.walk.Walked {
			if n == 0 {
				continue
			}
			next, n := isa.Successors(w.Prog.Insns, pc)
			for _, to := range next[:n] {
				if to < len(w.leadTo) {
					w.leadTo[to] = append(w.leadTo[to], pc)
				}
			}
		}
	}
	return w.leadTo
}

// SPDX-License-Identifier: GPL-2.0-only

package values

import (
	"slices"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/csource"
	"github.com/bpf-lsp/bpf-lsp/dwarfmap"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
)

// question is about one mention of a variable.
type question struct {
	*walked
	// locals are the variable in all copies of its function, field the member that is
	// meant, if the mention has a path.
	locals  []dwarfmap.Local
	field   *dwarfmap.Field
	mention *csource.Mention
	at      diag.Line
	body    csource.Range
}

// answer is what is known, merged over instructions.
type answer struct {
	kinds         []record.Kind
	others, unset bool
	folded        bool
	// partly says that paths go through the line without passing an instruction that
	// knows the value.
	partly bool
	// bytes of an object on the stack that were written, or zero, on every path; size
	// is 0 of other values.
	size, written, zero int64
	object              record.Object
	// member says that kinds are of the pointer to a member, not of the member.
	member bool
	// line is the line that it is about, 0 if it is the one asked about.
	line int
	// spots are where it was found.
	spots []spot
}

// nothing reports whether there is nothing to say.
func (a *answer) nothing() bool {
	return len(a.kinds) == 0 && a.size == 0 && a.object == record.NoObject
}

// add merges what is known at another instruction.
func (a *answer) add(o answer) {
	switch {
	case o.nothing():
		return
	case a.nothing():
		*a = o
		a.kinds = slices.Clone(o.kinds)
		return
	}
	a.spots = append(a.spots, o.spots...)
	a.others, a.unset, a.folded = a.others || o.others, a.unset || o.unset, a.folded && o.folded
	if o.size == 0 && o.object == record.NoObject && a.size > 0 {
		return
	}
	a.written, a.zero = min(a.written, o.written), min(a.zero, o.zero)
	for i := range o.kinds {
		k := &o.kinds[i]
		at := slices.IndexFunc(a.kinds, func(h record.Kind) bool { return sameObject(&h, k) })
		switch {
		case at < 0, k.IsNumber():
			a.kinds = append(a.kinds, *k) // which numbers lie side by side depends on the type
		default:
			a.kinds[at].Join(k)
		}
	}
}

func sameObject(a, b *record.Kind) bool {
	return a.Type == b.Type && a.Map == b.Map && a.Struct == b.Struct && a.Size == b.Size && a.Outer == b.Outer && a.Object == b.Object
}

// own is what the variable holds, or a member of it that does not lie behind a pointer.
func (q *question) own() (a answer) {
	if q.mention.Followed && q.mention.Path == "" {
		if a = q.followed(); !a.nothing() {
			return a
		}
	}
	declared := q.at.Line == q.locals[0].Decl.Line && !q.locals[0].Param
	assigned := q.mention.Assigned && q.mention.Path == "" || declared
	if assigned {
		a = q.assigned()
	} else {
		a = q.on(q.at.Line)
	}
	if !a.nothing() {
		return a
	}
	if a = q.nearest(assigned); a.nothing() && assigned {
		a = q.nearest(false)
	}
	if a.nothing() && q.locals[0].Param {
		a = q.argument()
	}
	return a
}

// followed is what a pointer is where the line accesses what it points to, which may be
// behind a test in the same line.
func (q *question) followed() (a answer) {
	for _, pc := range q.byLine[q.at] {
		base, ok := q.Prog.Insns[pc].Base()
		if !ok {
			continue
		}
		for i := range q.locals {
			for _, p := range q.Index.Places(&q.locals[i], pc) {
				if p.Kind == dwarfmap.PlaceRegister && p.Size == 0 && p.Reg == base {
					here := fromRegister(q.walk.Register(pc, base), &p)
					here.spots = []spot{{pc, &q.locals[i]}}
					a.add(here)
				}
			}
		}
	}
	return a
}

// argument is what a parameter was given that the function does not keep: a function
// that is not inlined gets it in a register.
func (q *question) argument() (a answer) {
	for pc := range q.Prog.Insns {
		fn, ok := q.Index.Function(pc)
		if !ok || fn.Start != pc || fn.Name != q.locals[0].Function || q.walk.Walked[pc] == 0 {
			continue
		}
		for n := range 5 {
			if q.Parameter(pc, n+1) == q.locals[0].Name {
				a.add(fromRegister(q.walk.Register(pc, uint8(n+1)), &dwarfmap.Place{}))
			}
		}
	}
	return a
}

// on is what is known in a line.
func (q *question) on(line int) (a answer) {
	pcs := q.byLine[diag.Line{File: q.at.File, Line: line}]
	var found []int
	for _, pc := range pcs {
		for i := range q.locals {
			if here := q.before(&q.locals[i], pc); !here.nothing() {
				a.add(here)
				found = append(found, pc)
			}
		}
	}
	a.partly = q.avoids(pcs, found)
	return a
}

// nearest is what is known in the line next to the one asked about, in the same
// function. What an assignment gives is looked for behind it.
func (q *question) nearest(behind bool) (a answer) {
	if !q.isNumber(&q.locals[0]) && !behind {
		return a // the bytes of an object change from line to line
	}
	best := 0
	for i := range q.locals {
		for _, pc := range q.Index.Known(&q.locals[i]) {
			at := q.lineOf[pc]
			if at.File != q.at.File || at.Line < q.body.Line || at.Line > q.body.EndLine || behind && at.Line <= q.at.Line {
				continue
			}
			here := q.before(&q.locals[i], pc)
			if here.nothing() || here.folded && q.assignedBetween(at.Line, q.at.Line) {
				continue
			}
			if best == 0 || distance(at.Line, q.at.Line) < distance(best, q.at.Line) {
				best = at.Line
			}
		}
	}
	if best == 0 {
		return a
	}
	if a = q.on(best); best != q.at.Line {
		a.line = best
	}
	return a
}

// assignedBetween reports whether a line behind the first of two, in any order, or the
// last of them, gives the variable a value.
func (q *question) assignedBetween(a, b int) bool {
	for n := min(a, b) + 1; n <= max(a, b); n++ {
		if q.assigns(n) {
			return true
		}
	}
	return false
}

// distance prefers, of two lines as far away, the one before.
func distance(line, from int) int {
	if line > from {
		return 2*(line-from) + 1
	}
	return 2 * (from - line)
}

// assigned is what the variable holds once the line has given it a value: where the
// compiler says that its place begins behind an instruction of the line.
func (q *question) assigned() (a answer) {
	pcs := q.byLine[q.at]
	var found []int
	for start := 0; start < len(pcs); {
		end := start
		for end+1 < len(pcs) && pcs[end+1] == q.next(pcs[end]) {
			end++
		}
		for i := range q.locals {
			found = q.given(&a, &q.locals[i], pcs[start], pcs[end], found)
		}
		start = end + 1
	}
	a.partly = q.avoids(pcs, found)
	return a
}

// next is the instruction behind one in memory.
func (w *walked) next(pc int) int {
	if w.Prog.Insns[pc].IsLdImm64() {
		return pc + 2
	}
	return pc + 1
}

// given adds what a run of instructions from first to last gave a variable, and notes
// where that was found.
func (q *question) given(a *answer, l *dwarfmap.Local, first, last int, found []int) []int {
	ends, n := isa.Successors(q.Prog.Insns, last)
	after := ends[:n:n]
	for pc := q.next(first); pc <= last; pc = q.next(pc) {
		after = append(after, pc)
	}
	for _, pc := range after {
		if pc >= len(q.lineOf) || q.walk.Walked[pc] == 0 {
			continue
		}
		begins := func(p dwarfmap.Place) bool {
			if p.Kind == dwarfmap.PlaceFrame {
				return q.stores(first, pc, p.Add, l.Size)
			}
			return p.Since > first && p.Since <= max(last+2, pc)
		}
		if slices.ContainsFunc(q.Index.Places(l, pc), begins) {
			if here := q.before(l, pc); !here.nothing() {
				a.add(here)
				found = append(found, pc)
			}
		}
	}
	return found
}

// stores reports whether an instruction from one up to another stores to some bytes of
// the frame.
func (w *walked) stores(from, to int, off, size int64) bool {
	for pc := from; pc < to && pc < len(w.Prog.Insns); pc++ {
		in := &w.Prog.Insns[pc]
		store := in.Class() == isa.ClassST || in.Class() == isa.ClassSTX
		if at := int64(in.Off); store && in.Dst == isa.R10 && at < off+max(size, 1) && at+int64(in.Bytes()) > off {
			return true
		}
	}
	return false
}

// before is what is known of a variable, or of the member of it, before an instruction.
func (q *question) before(l *dwarfmap.Local, pc int) (a answer) {
	if q.walk.Walked[pc] == 0 {
		return a
	}
	defer func() { a.spots = []spot{{pc, l}} }()
	at, size := int64(0), l.Size
	if q.field.Size > 0 && !q.field.Behind {
		at, size = q.field.At, q.field.Size
	}
	for _, p := range q.Index.Places(l, pc) {
		switch {
		case p.Size == 0 && p.Kind == dwarfmap.PlaceFrame && !q.isNumber(l):
			return q.object(pc, p.Add+at, size)
		case p.Size == 0 && p.Kind == dwarfmap.PlaceFrame:
			return q.bits(q.stack(pc, p.Add+at, size))
		case p.Size == 0 && (at != 0 || size != l.Size), p.Size != 0 && (p.At != at || p.Size != size):
			continue
		case p.Kind == dwarfmap.PlaceFrame:
			return q.stack(pc, p.Add, size)
		case p.Kind == dwarfmap.PlaceConst && (!q.isNumber(l) || q.assignedSince(l, &p, q.lineOf[pc].Line)):
			return a
		case p.Kind == dwarfmap.PlaceConst:
			return answer{kinds: []record.Kind{number(p.Add)}, folded: true}
		}
		return fromRegister(q.walk.Register(pc, p.Reg), &p)
	}
	return a
}

// assignedSince reports whether the source gives a variable another value between where the
// compiler began to take it for a constant and a line: it forgets where such a value is,
// and not that there was one before.
func (q *question) assignedSince(l *dwarfmap.Local, p *dwarfmap.Place, line int) bool {
	since := q.lineOf[p.Since].Line
	if p.Since == 0 || since < q.body.Line || since > q.body.EndLine {
		since = l.Decl.Line
	}
	return since < line && q.assignedBetween(since, line)
}

// bits is what a bit field can be that lies in bytes of which something is known.
func (q *question) bits(a answer) answer {
	if q.field.Bits == 0 || a.nothing() {
		return a
	}
	k := anything()
	k.Min, k.Max, k.UMax = 0, 1<<q.field.Bits-1, 1<<q.field.Bits-1
	if q.field.Signed {
		return answer{}
	}
	k.Min32, k.Max32, k.UMax32 = 0, int32(min(k.Max, 1<<31-1)), uint32(min(k.UMax, 1<<32-1))
	a.kinds = []record.Kind{k}
	return a
}

// isNumber reports whether what is asked about has one value.
func (q *question) isNumber(l *dwarfmap.Local) bool {
	if q.field.Size > 0 && !q.field.Behind {
		return q.field.Number || q.field.Pointer
	}
	return l.Number || l.Pointer
}

// maxExact is what no narrower or wider form of a number changes.
const maxExact = 127

// avoids reports whether a path goes through instructions of a line without one of
// those where something was found.
func (w *walked) avoids(line, found []int) bool {
	if len(line) == 0 || len(found) == 0 {
		return false
	}
	fn, ok := w.Index.Function(line[0])
	if !ok {
		return true
	}
	barred := make([]bool, fn.End-fn.Start)
	for _, pc := range found {
		if pc >= fn.Start && pc < fn.End {
			barred[pc-fn.Start] = true
		}
	}
	var reached []int
	for _, pc := range line {
		if pc < fn.Start || pc >= fn.End {
			return true // in several functions of the program
		}
	}
	before := w.spread(fn, barred, []int{fn.Start})
	for _, pc := range line {
		if before[pc-fn.Start] {
			reached = append(reached, pc)
		}
	}
	if len(reached) == 0 {
		return false
	}
	behind := w.spread(fn, barred, reached)
	for pc := fn.Start; pc < fn.End; pc++ {
		if behind[pc-fn.Start] && w.Prog.Insns[pc].Op == isa.ClassJMP|isa.OpExit {
			return true
		}
	}
	return false
}

// spread are the instructions that paths reach from some without passing a barred one.
func (w *walked) spread(fn dwarfmap.Function, barred []bool, from []int) []bool {
	reached := make([]bool, len(barred))
	for len(from) > 0 {
		pc := from[len(from)-1]
		from = from[:len(from)-1]
		if pc < fn.Start || pc >= fn.End || barred[pc-fn.Start] || reached[pc-fn.Start] || w.walk.Walked[pc] == 0 {
			continue
		}
		reached[pc-fn.Start] = true
		next, n := isa.Successors(w.Prog.Insns, pc)
		from = append(from, next[:n]...)
	}
	return reached
}

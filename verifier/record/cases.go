// SPDX-License-Identifier: GPL-2.0-only

package record

import (
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// Where paths meet, a place may hold clearly different things: NULL or a value of a map, 0
// or 14 to 60. Of each head it is known by which ways they came there, so they are told
// apart by the way that a path took last. From any other instruction, cases goes back to
// the head that tells them apart: over instructions that leave the place alone or copy it,
// and through heads that all of them come to by all ways.

// Case is what a place holds on the paths that came to a head, the last time that they
// did, by some ways.
type Case struct {
	Kinds []Kind
	// From are the instructions before the head on these ways. Rest says that there are
	// others.
	From []int
	Rest bool
}

// RegisterCases tells apart what register n holds before the instruction at pc, by how
// paths came to a head; none if it does not depend on that, or that is not known. The
// ways of two cases are different ones.
func (w *Walk) RegisterCases(pc int, n uint8) (head int, cases []Case) { return w.cases(pc, n) }

// SlotCases does the same for slot i of the function's frame.
func (w *Walk) SlotCases(pc, i int) (head int, cases []Case) {
	return w.cases(pc, slotPlaces+uint8(i))
}

func (w *Walk) cases(pc int, where uint8) (head int, cases []Case) {
	if w.Full || pc < 0 || pc >= len(w.Walked) || w.Walked[pc] == 0 {
		return 0, nil
	}
	c, at := w.find(pc, where)
	if c == nil || c.seen < w.paths[at] {
		return 0, nil
	}
	n := &w.values[c.value]
	if len(n.kinds) < 2 || n.others || n.unset {
		return 0, nil
	}
	b := backwards{Walk: w, kinds: n.kinds, passed: map[site]bool{}}
	from, known := b.from(site{pc, where})
	if !known || from == nil {
		return 0, nil
	}
	of, _ := b.split(*from)
	for _, ways := range separate(of) {
		one := Case{}
		for i := range n.kinds {
			if of[i]&ways != 0 {
				one.Kinds = append(one.Kinds, n.kinds[i].result(&w.tables))
			}
		}
		for i, pc := range w.from[from.pc].all() {
			if ways&(1<<i) != 0 {
				one.From = append(one.From, int(pc))
			}
		}
		one.Rest = ways&(1<<(numWays-1)) != 0
		cases = append(cases, one)
	}
	return from.pc, cases
}

// separate joins the ways of kinds that have some in common.
func separate(of []ways) (groups []ways) {
	for _, ways := range of {
		kept := groups[:0]
		for _, g := range groups {
			if g&ways != 0 {
				ways |= g
			} else {
				kept = append(kept, g)
			}
		}
		groups = append(kept, ways)
	}
	return groups
}

// site is a place before an instruction.
type site struct {
	pc    int
	where uint8
}

// backwards looks for the head that tells kinds apart.
type backwards struct {
	*Walk
	kinds  []kind
	passed map[site]bool
}

// manySites bounds the search.
const manySites = 300

// from is the head that tells apart what the place holds on all paths to it; nil if they
// all were looked at before. known is false if there is none.
func (b *backwards) from(s site) (head *site, known bool) {
	for {
		c, at := b.find(s.pc, s.where)
		if c == nil || len(b.passed) > manySites {
			return nil, false
		}
		if !b.Walk.heads[at] {
			if s, known = b.before(at-b.width(at), at, s.where); !known {
				return nil, false
			}
			continue
		}
		s.pc = at
		if b.passed[s] {
			return nil, true
		}
		if of, ok := b.split(s); ok && len(separate(of)) > 1 {
			return &s, true
		}
		b.passed[s] = true
		origins := b.Walk.from[at]
		if origins == nil || origins.crowded {
			return nil, false
		}
		for _, pc := range origins.all() {
			to, ok := b.before(int(pc), at, s.where)
			if !ok {
				return nil, false
			}
			one, ok := b.from(to)
			switch {
			case !ok, one != nil && head != nil && *one != *head:
				return nil, false
			case one != nil:
				head = one
			}
		}
		return head, true
	}
}

// width is how many slots the instruction before pc takes.
func (b *backwards) width(pc int) int {
	if pc > 1 && b.tables.Insns[pc-2].IsLdImm64() {
		return 2
	}
	return 1
}

// split says by which ways each of the kinds came to a head; false if something else may
// have come.
func (b *backwards) split(s site) (of []ways, ok bool) {
	c, at := b.find(s.pc, s.where)
	if c == nil || at != s.pc {
		return nil, false
	}
	n := &b.values[c.value]
	if n.others || n.unset || c.seen < b.paths[at] {
		return nil, false
	}
	for i := range b.kinds {
		var all ways
		for j := range n.kinds {
			if mayBecome(&n.kinds[j], &b.kinds[i]) {
				all |= c.waysOf(n, j)
			}
		}
		if all == 0 {
			return nil, false
		}
		of = append(of, all)
	}
	return of, true
}

// mayBecome reports whether a value of one kind may be of another later, though nothing
// was written over it.
func mayBecome(k, later *kind) bool {
	switch {
	case later.typ == regtype.Scalar && later.num.IsUnbounded():
		return true // as a pointer that is not valid any more
	case k.typ == regtype.Scalar && later.typ == regtype.Scalar:
		return k.num.Smin() <= later.num.Smax() && later.num.Smin() <= k.num.Smax()
	case later.typ == regtype.Scalar:
		return k.typ.MayBeNull() && later.num.IsConst() && later.num.Var.Value == 0
	case k.typ == regtype.Scalar:
		return false
	case k.typ.MayBeNull() && k.typ.Base() == regtype.PtrToMapValue && later.typ.Base() != regtype.PtrToMapValue:
		return true // a map in a map
	}
	return k.typ.Base() == later.typ.Base() && k.a == later.a && k.b == later.b && k.outer == later.outer &&
		k.object == later.object
}

// before is where the value of a place before "to" was before the instruction at pc that
// paths come from; false if it is not known.
func (b *backwards) before(pc, to int, where uint8) (s site, ok bool) {
	if pc < 0 {
		return s, false
	}
	in := &b.tables.Insns[pc]
	kept := where >= isa.R6 && where < isa.R10
	switch in.Class() {
	case isa.ClassJMP, isa.ClassJMP32:
		switch {
		case in.Code() == isa.OpExit:
			return site{to - 1, where}, kept && to > 0 && b.tables.Insns[to-1].IsSubprogCall()
		case in.Code() != isa.OpCall:
			return site{pc, where}, true
		case in.IsSubprogCall():
			return site{pc, where}, to != pc+1 && where >= isa.R1 && where < isa.R6
		case to != pc+1:
			return s, false
		}
		return site{pc, where}, kept || where >= slotPlaces && !b.callsBack() && b.notStored()
	case isa.ClassST, isa.ClassSTX:
		return b.beforeStore(pc, where, in)
	case isa.ClassLD:
		return site{pc, where}, in.IsLdImm64() && where != in.Dst
	}
	if where != in.Dst {
		return site{pc, where}, true
	}
	switch {
	case in.Class() == isa.ClassALU64 && in.Code() == isa.OpMov && in.SrcKind() == isa.SrcX && in.Off == 0:
		return site{pc, in.Src}, in.Src != isa.R10
	case in.Class() == isa.ClassLDX && in.Src == isa.R10 && in.Mode() == isa.ModeMEM &&
		in.Bytes() == state.SlotBytes && in.Off%state.SlotBytes == 0:
		return site{pc, slotPlaces + uint8(-int(in.Off)/state.SlotBytes-1)}, true
	}
	return s, false
}

// beforeStore is before of a store.
func (b *backwards) beforeStore(pc int, where uint8, in *isa.Insn) (s site, ok bool) {
	switch {
	case in.Mode() == isa.ModeATOMIC:
		return s, false
	case where < slotPlaces:
		return site{pc, where}, true
	case in.Dst != isa.R10:
		n := b.known(pc, in.Dst)
		if n == nil || n.others {
			return s, false
		}
		for i := range n.kinds {
			if n.kinds[i].typ.Base() == regtype.PtrToStack {
				return s, false
			}
		}
		return site{pc, where}, true
	}
	low := -state.SlotBytes * (int(where-slotPlaces) + 1)
	switch off := int(in.Off); {
	case off+in.Bytes() <= low || off >= low+state.SlotBytes:
		return site{pc, where}, true
	case off == low && in.Bytes() == state.SlotBytes && in.Class() == isa.ClassSTX && in.Src != isa.R10:
		return site{pc, in.Src}, true
	}
	return s, false
}

// callsBack reports whether the program has functions that the kernel calls.
func (b *backwards) callsBack() bool {
	for pc := range b.tables.Insns {
		if b.tables.Insns[pc].IsFuncRef() {
			return true
		}
	}
	return false
}

// notStored reports whether a call cannot have stored the kinds: it stores numbers of
// which nothing is known, and objects.
func (b *backwards) notStored() bool {
	for i := range b.kinds {
		if k := &b.kinds[i]; k.object != NoObject || k.typ == regtype.Scalar && k.num.IsUnbounded() {
			return false
		}
	}
	return true
}

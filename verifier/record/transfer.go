// SPDX-License-Identifier: GPL-2.0-only

package record

import (
	"slices"

	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/scalar"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// extras are what is extra before one instruction, by place.
type extras struct {
	at  [numPlaces]*known // nil in places that are not in the set
	set placeSet
}

func (x *extras) any() bool { return x.set != placeSet{} }

func (x *extras) put(where uint8, k *known) {
	x.at[where] = k
	if k == nil {
		x.set.remove(where)
	} else {
		x.set.add(where)
	}
}

// block follows what is extra before a head to the next ones.
func (s *spread) block(pc int) {
	x := &s.w.x
	if h := s.heads[pc]; h != nil {
		*x = h.extras
	} else {
		*x = extras{}
	}
	fn, _ := s.function(pc)
	for {
		in := &s.w.tables.Insns[pc]
		next, n := isa.Successors(s.w.tables.Insns, pc)
		switch {
		case in.Op == isa.ClassJMP|isa.OpCall:
			s.call(x, pc, fn)
		case in.Op == isa.ClassJMP|isa.OpExit:
			s.exit(x, pc, fn)
		case in.IsConditional() && !in.IsMayGoto():
			s.branch(x, pc, fn, next)
			return
		default:
			s.step(x, pc, fn)
		}
		if n == 0 || s.w.Walked[pc] == 0 {
			return
		}
		if n > 1 || s.w.heads[next[0]] {
			for _, to := range next[:n] {
				s.reach(to, x, pc)
			}
			return
		}
		pc = next[0]
	}
}

func (s *spread) reach(pc int, x *extras, from int) {
	for where := range x.set.all() {
		s.add(pc, where, x.at[where], s.w.way(pc, from))
	}
}

// set makes k extra in a place from the instruction behind pc on, nil that nothing is.
func (s *spread) set(x *extras, pc int, where uint8, k *known) {
	x.put(where, k)
	if k == nil {
		return
	}
	next := pc + 1
	if s.w.tables.Insns[pc].IsLdImm64() {
		next++
	}
	if !s.w.heads[next] {
		s.w.include(next, where, k, 0)
	}
}

// step is an instruction that neither calls nor jumps.
func (s *spread) step(x *extras, pc, fn int) {
	in := &s.w.tables.Insns[pc]
	switch in.Class() {
	case isa.ClassALU, isa.ClassALU64:
		s.set(x, pc, in.Dst, s.computed(x, pc, in))
	case isa.ClassLD:
		if in.IsLdImm64() {
			s.set(x, pc, in.Dst, nil)
			return
		}
		for n := uint8(isa.R0); n < isa.R6; n++ {
			x.put(n, nil)
		}
	case isa.ClassLDX:
		s.set(x, pc, in.Dst, s.loaded(x, pc, fn, in))
	case isa.ClassST, isa.ClassSTX:
		s.store(x, pc, fn, in)
	}
}

// computed is what an operation makes of something extra, nil if neither operand is.
func (s *spread) computed(x *extras, pc int, in *isa.Insn) *known {
	is64 := in.Class() == isa.ClassALU64
	size := 4
	if is64 {
		size = 8
	}
	src := x.at[in.Src]
	if in.SrcKind() == isa.SrcK {
		src = nil
	}
	switch in.Code() {
	case isa.OpMov:
		switch {
		case src == nil:
			return nil
		case is64 && in.Off == 0:
			return s.w.temporary.value(src)
		}
		return s.w.temporary.anyNumber(size)
	case isa.OpNeg, isa.OpEnd:
		if x.at[in.Dst] == nil {
			return nil
		}
		return s.w.temporary.anyNumber(8)
	}
	dst := x.at[in.Dst]
	if src == nil && dst == nil {
		return nil
	}
	if in.Off != 0 {
		return s.w.temporary.anyNumber(size)
	}
	out := s.w.temporary.keep(known{})
	left, right := s.all(&s.w.left, dst, pc, in.Dst), s.operands(src, pc, in)
	for _, a := range left {
		for _, b := range right {
			if a.typ != regtype.Scalar || b.typ != regtype.Scalar {
				out.others = true
				continue
			}
			r := a
			scalar.Apply(in.Code(), is64, &r.num, b.num)
			out.add(&r)
		}
	}
	if dst != nil && dst.others || src != nil && src.others {
		out.others = true
	}
	return out
}

// operands are what the second operand may be.
func (s *spread) operands(src *known, pc int, in *isa.Insn) []kind {
	if in.SrcKind() == isa.SrcK {
		return []kind{{typ: regtype.Scalar, fixed: true, num: scalar.Known(uint64(int64(in.Imm)))}}
	}
	return s.all(&s.w.right, src, pc, in.Src)
}

// all is what is extra in a place, and what was noted of it. It is in room, until that is
// used again.
func (s *spread) all(room *[]kind, k *known, pc int, where uint8) []kind {
	out := (*room)[:0]
	if k != nil {
		out = append(out, k.kinds...)
	}
	if n := s.w.known(pc, where); n != nil {
		out = append(out, n.kinds...)
	}
	*room = out
	return out
}

func (n *known) mayBeNumber() bool {
	return slices.ContainsFunc(n.kinds, func(k kind) bool { return k.typ == regtype.Scalar })
}

// stackAccess is where a load or store goes.
type stackAccess struct {
	// slots are those of the function's own frame that it may touch; it is exact if
	// all of it is at off.
	slots []int
	exact bool
	off   int
	// outer says that it may go to the frame of a caller.
	outer bool
}

func (s *spread) stackAccess(pc int, in *isa.Insn, base uint8) (a stackAccess) {
	if base == isa.R10 {
		return stackAccess{slots: slotRange(int(in.Off), in.Bytes()), exact: true, off: int(in.Off)}
	}
	n := s.w.known(pc, base)
	if n == nil {
		return a
	}
	a.exact = len(n.kinds) == 1 && !n.others
	for i := range n.kinds {
		k := &n.kinds[i]
		switch {
		case k.typ.Base() != regtype.PtrToStack:
		case k.outer > 0:
			a.outer = true
		case k.fixed && k.low == k.high:
			a.off = int(k.low) + int(in.Off)
			a.slots = append(a.slots, slotRange(a.off, in.Bytes())...)
		default:
			a.exact = false
			for i := range state.MaxStack / state.SlotBytes {
				a.slots = append(a.slots, i)
			}
		}
	}
	return a
}

func slotRange(off, size int) (slots []int) {
	for i := max((-off-size)/state.SlotBytes, 0); i <= (-off-1)/state.SlotBytes; i++ {
		slots = append(slots, i)
	}
	return slots
}

// loaded is what a load reads that is extra.
func (s *spread) loaded(x *extras, pc, fn int, in *isa.Insn) *known {
	a := s.stackAccess(pc, in, in.Src)
	if a.outer && s.reads[fn] {
		k := s.w.temporary.anyNumber(8)
		k.others = true
		return k
	}
	for _, i := range a.slots {
		k := x.at[slotPlaces+uint8(i)]
		switch {
		case k == nil:
			continue
		case a.exact && len(a.slots) == 1 && in.Bytes() == 8:
			return s.w.temporary.value(k)
		case in.Mode() == isa.ModeMEMSX:
			return s.w.temporary.anyNumber(8)
		}
		return s.w.temporary.anyNumber(in.Bytes())
	}
	return nil
}

// store is a store to memory: it ends what is extra in the slot that it fills.
func (s *spread) store(x *extras, pc, fn int, in *isa.Insn) {
	a := s.stackAccess(pc, in, in.Dst)
	var src *known
	if in.Class() == isa.ClassSTX {
		src = x.at[in.Src]
	}
	if in.Mode() == isa.ModeATOMIC {
		// What it fetches is in a register.
		for _, n := range []uint8{in.Src, isa.R0} {
			if x.at[n] != nil {
				x.put(n, s.w.temporary.anyNumber(8))
			}
		}
	}
	if a.outer && src != nil {
		s.loseCallers(fn)
	}
	full := a.exact && len(a.slots) == 1 && in.Bytes() == 8 && in.Mode() == isa.ModeMEM
	for _, i := range a.slots {
		where := slotPlaces + uint8(i)
		switch {
		case full && src == nil:
			x.put(where, nil)
		case full:
			k := s.w.temporary.value(src)
			k.bytes = slotBytes{true, 0, 0xff, 8}
			s.set(x, pc, where, k)
		case src == nil && x.at[where] == nil:
		case a.exact:
			s.set(x, pc, where, s.partly(x, pc, where, storedBytes(i, a.off, in.Bytes())))
		default:
			s.set(x, pc, where, s.w.temporary.anyBytes())
		}
	}
}

// storedBytes are the bytes of slot i that a store at off of some size writes.
func storedBytes(i, off, size int) (mask uint8) {
	for n := range state.SlotBytes {
		if at := n - (i+1)*state.SlotBytes; at >= off && at < off+size {
			mask |= 1 << n
		}
	}
	return mask
}

// partly is what a slot holds once some bytes of it were stored to.
func (s *spread) partly(x *extras, pc int, where uint8, stored uint8) *known {
	before := x.at[where]
	if n := s.w.known(pc, where); before == nil && n != nil {
		before = n
	}
	k := s.w.temporary.anyNumber(8)
	k.bytes = slotBytes{true, 0, stored, 8}
	if before != nil && !before.unset {
		k.bytes.zero = before.bytes.zero &^ stored
		k.bytes.written |= before.bytes.written
	}
	return k
}

// branch narrows what is extra to what goes each way.
func (s *spread) branch(x *extras, pc, fn int, next [2]int) {
	in := &s.w.tables.Insns[pc]
	is32 := in.Class() == isa.ClassJMP32
	dst, src := x.at[in.Dst], x.at[in.Src]
	if in.SrcKind() == isa.SrcK {
		src = nil
	}
	for i, to := range next {
		op := in.Code()
		if i == 0 {
			op = scalar.RevOp(op)
		}
		way := &s.w.branchWay
		*way = *x
		if in.SrcKind() == isa.SrcX && (dst != nil || src != nil) {
			// The other number was narrowed by what this one had been, and so was
			// what is linked to it.
			s.widen(way, pc, fn)
		}
		if k := way.at[in.Dst]; k != nil {
			s.narrow(way, in.Dst, k, s.operands(src, pc, in), op, is32)
		}
		if k := way.at[in.Src]; k != nil && in.SrcKind() == isa.SrcX && in.Src != in.Dst {
			s.narrow(way, in.Src, k, s.all(&s.w.left, dst, pc, in.Dst), scalar.FlipOp(op), is32)
		}
		s.reach(to, way, pc)
	}
}

// widen makes both numbers of a comparison extra, and those that are linked to them,
// as they were before it.
func (s *spread) widen(x *extras, pc, fn int) {
	in := &s.w.tables.Insns[pc]
	also := s.w.linked[pc]
	if also != nil && also.outer {
		s.loseCallers(fn)
	}
	for where := range uint8(numPlaces) {
		if where != in.Dst && where != in.Src && (also == nil || !also.own[where]) {
			continue
		}
		n := s.w.known(pc, where)
		if n == nil {
			continue
		}
		k := s.w.temporary.copied(n)
		if x.at[where] != nil {
			k.addAll(x.at[where])
		}
		x.put(where, k)
	}
}

// narrow keeps of the numbers in a place those for which "number op other" may hold.
func (s *spread) narrow(x *extras, where uint8, k *known, others []kind, op uint8, is32 bool) {
	if op == 0 || len(others) == 0 || op == scalar.NotJset {
		return
	}
	var all scalar.Scalar
	for i := range others {
		switch {
		case others[i].typ != regtype.Scalar:
			return
		case i == 0:
			all = others[i].num
		default:
			all = union(&all, &others[i].num)
		}
	}
	out := s.w.temporary.keep(known{kinds: s.w.temporary.kinds.take(len(k.kinds)), others: k.others})
	for i := range k.kinds {
		n := k.kinds[i]
		if n.typ == regtype.Scalar {
			if scalar.BranchTaken(&n.num, &all, op, is32) == scalar.NotTaken {
				continue
			}
			other := all
			scalar.Refine(&n.num, &other, op, is32)
			n.num.Sync()
			if n.num.Violation() != scalar.Consistent {
				n = k.kinds[i]
			}
		}
		out.add(&n)
	}
	if len(out.kinds) == 0 && !out.others {
		x.put(where, nil)
		return
	}
	x.put(where, out)
}

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
type extras [numPlaces]*known

func (x *extras) any() bool { return *x != extras{} }

// block follows what is extra before a head to the next ones.
func (s *spread) block(pc int) {
	x := new(extras)
	if s.extra[pc] != nil {
		*x = *s.extra[pc]
	}
	fn, _ := s.function(pc)
	for {
		in := &s.w.tables.Insns[pc]
		next, n := isa.Successors(s.w.tables.Insns, pc)
		switch {
		case in.Op == isa.ClassJMP|isa.OpCall:
			s.call(x, pc, fn)
		case in.Op == isa.ClassJMP|isa.OpExit:
			s.exit(x, fn)
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
				s.reach(to, x)
			}
			return
		}
		pc = next[0]
	}
}

func (s *spread) reach(pc int, x *extras) {
	for where, k := range x {
		if k != nil {
			s.add(pc, uint8(where), k)
		}
	}
}

// set makes k extra in a place from the instruction behind pc on, nil that nothing is.
func (s *spread) set(x *extras, pc int, where uint8, k *known) {
	x[where] = k
	if k == nil {
		return
	}
	next := pc + 1
	if s.w.tables.Insns[pc].IsLdImm64() {
		next++
	}
	if !s.w.heads[next] {
		s.w.include(next, where, k)
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
			x[n] = nil
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
	src := x[in.Src]
	if in.SrcKind() == isa.SrcK {
		src = nil
	}
	switch in.Code() {
	case isa.OpMov:
		switch {
		case src == nil:
			return nil
		case is64 && in.Off == 0:
			return value(src)
		}
		return anyNumber(size)
	case isa.OpNeg, isa.OpEnd:
		if x[in.Dst] == nil {
			return nil
		}
		return anyNumber(8)
	}
	dst := x[in.Dst]
	if src == nil && dst == nil {
		return nil
	}
	if in.Off != 0 {
		return anyNumber(size)
	}
	out := &known{}
	for _, a := range s.all(dst, pc, in.Dst) {
		for _, b := range s.operands(src, pc, in) {
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
	return s.all(src, pc, in.Src)
}

// all is what is extra in a place, and what was noted of it.
func (s *spread) all(k *known, pc int, where uint8) (out []kind) {
	if k != nil {
		out = slices.Clone(k.kinds)
	}
	if n := s.w.known(pc, where); n != nil {
		out = append(out, n.kinds...)
	}
	return out
}

func copied(k *known) *known {
	out := *k
	out.kinds, out.shared = slices.Clone(k.kinds), false
	return &out
}

// value is what is extra in a slot or register, without what is known of its bytes.
func value(k *known) *known {
	out := *k
	out.bytes = slotBytes{}
	return &out
}

func (n *known) mayBeNumber() bool {
	return slices.ContainsFunc(n.kinds, func(k kind) bool { return k.typ == regtype.Scalar })
}

func anyNumber(size int) *known { return &known{kinds: []kind{unknownNumber(size)}} }

// stackAccess says where a load or store goes: to one slot of the function's own frame,
// to somewhere in it, or to the frame of a caller.
func (s *spread) stackAccess(pc int, in *isa.Insn, base uint8) (slots []int, own, outer bool) {
	if base == isa.R10 {
		return slotRange(int(in.Off), in.Bytes()), true, false
	}
	n := s.w.known(pc, base)
	if n == nil {
		return nil, false, false
	}
	for i := range n.kinds {
		k := &n.kinds[i]
		switch {
		case k.typ.Base() != regtype.PtrToStack:
		case k.outer > 0:
			outer = true
		default:
			own = true
			if k.fixed && k.low == k.high {
				slots = append(slots, slotRange(int(k.low)+int(in.Off), in.Bytes())...)
				continue
			}
			for i := range state.MaxStack / state.SlotBytes {
				slots = append(slots, i)
			}
		}
	}
	return slots, own, outer
}

func slotRange(off, size int) (slots []int) {
	for i := max((-off-size)/state.SlotBytes, 0); i <= (-off-1)/state.SlotBytes; i++ {
		slots = append(slots, i)
	}
	return slots
}

// loaded is what a load reads that is extra.
func (s *spread) loaded(x *extras, pc, fn int, in *isa.Insn) *known {
	slots, own, outer := s.stackAccess(pc, in, in.Src)
	if outer && s.reads[fn] {
		return &known{kinds: []kind{unknownNumber(8)}, others: true}
	}
	if !own {
		return nil
	}
	for _, i := range slots {
		k := x[slotPlaces+uint8(i)]
		switch {
		case k == nil:
			continue
		case len(slots) == 1 && in.Bytes() == 8:
			return value(k)
		case in.Mode() == isa.ModeMEMSX:
			return anyNumber(8)
		}
		return anyNumber(in.Bytes())
	}
	return nil
}

// store is a store to memory: it ends what is extra in the slot that it fills.
func (s *spread) store(x *extras, pc, fn int, in *isa.Insn) {
	slots, own, outer := s.stackAccess(pc, in, in.Dst)
	var src *known
	if in.Class() == isa.ClassSTX {
		src = x[in.Src]
	}
	if in.Mode() == isa.ModeATOMIC {
		// What it fetches is in a register.
		for _, n := range []uint8{in.Src, isa.R0} {
			if x[n] != nil {
				x[n] = anyNumber(8)
			}
		}
	}
	if outer && src != nil {
		s.loseCallers(fn)
	}
	if !own {
		return
	}
	full := len(slots) == 1 && in.Bytes() == 8 && in.Mode() == isa.ModeMEM
	for _, i := range slots {
		where := slotPlaces + uint8(i)
		switch {
		case full && src == nil:
			x[where] = nil
		case full:
			k := copied(src)
			k.bytes = slotBytes{true, 0, 0xff, 8}
			s.set(x, pc, where, k)
		case src != nil || x[where] != nil:
			s.set(x, pc, where, anyBytes())
		}
	}
}

// anyBytes is a slot that holds anything.
func anyBytes() *known {
	k := anyNumber(8)
	k.others = true
	k.bytes = slotBytes{true, 0, 0, 8}
	return k
}

// call is a call of any function.
func (s *spread) call(x *extras, pc, fn int) {
	in := &s.w.tables.Insns[pc]
	held := s.reads[fn] || x.any()
	if in.IsSubprogCall() {
		to := pc + 1 + int(in.Imm)
		for n := uint8(isa.R1); n < isa.R6; n++ {
			if x[n] != nil {
				s.add(to, n, x[n])
			}
		}
		s.enter(to, held)
	} else if held {
		s.callBack(fn)
	}
	for n := uint8(isa.R0); n < isa.R6; n++ {
		x[n] = nil
	}
}

// callBack is about a call that may call functions back: it hands them what it got.
func (s *spread) callBack(fn int) {
	for _, to := range s.refs[fn] {
		for n := uint8(isa.R1); n < isa.R6; n++ {
			if k := s.w.known(to, n); k != nil && k.mayBeNumber() {
				s.add(to, n, anyNumber(8))
			}
		}
		s.enter(to, true)
	}
}

// enter notes that a function is called while something is extra in the frames of its
// callers: what it loads from there may be.
func (s *spread) enter(to int, held bool) {
	fn, end := s.function(to)
	if !held || s.reads[fn] {
		return
	}
	s.reads[fn] = true
	for pc := to; pc < end; pc++ {
		in := &s.w.tables.Insns[pc]
		if in.Class() == isa.ClassLDX {
			if _, _, outer := s.stackAccess(pc, in, in.Src); outer {
				s.again(pc)
			}
		}
		if in.IsSubprogCall() {
			s.enter(pc+1+int(in.Imm), true)
		}
		if in.IsFuncRef() {
			s.callBack(fn)
		}
	}
}

// again queues the stretch of code that an instruction is in.
func (s *spread) again(pc int) {
	for !s.w.heads[pc] {
		pc--
	}
	s.enqueue(pc)
}

// exit is the end of a function: its result goes to all its callers.
func (s *spread) exit(x *extras, fn int) {
	k := x[isa.R0]
	for _, pc := range s.sites[fn] {
		if k != nil && s.w.tables.Insns[pc].IsSubprogCall() {
			s.add(pc+1, isa.R0, k)
		}
	}
}

// loseCallers gives up what is known of the frames of a function's callers, because it
// may write something extra there, or narrow what is there by something extra.
func (s *spread) loseCallers(fn int) {
	if s.lost[fn] {
		return
	}
	s.lost[fn] = true
	insns := s.w.tables.Insns
	for _, pc := range s.sites[fn] {
		in := &insns[pc]
		caller, end := s.function(pc)
		s.loseCallers(caller)
		for to := s.starts[caller]; to < end; to++ {
			if to == pc || in.IsFuncRef() && insns[to].Op == isa.ClassJMP|isa.OpCall {
				s.lose(to)
				s.lose(to + 1)
			}
		}
	}
}

// lose makes all that outlives a call before pc extra.
func (s *spread) lose(pc int) {
	if !s.w.heads[pc] {
		return
	}
	for i := range s.w.cells[pc] {
		switch where := s.w.cells[pc][i].where; {
		case where >= slotPlaces:
			s.add(pc, where, anyBytes())
		case where >= isa.R6 && s.w.known(pc, where).mayBeNumber():
			s.add(pc, where, anyNumber(8))
		}
	}
}

// branch narrows what is extra to what goes each way.
func (s *spread) branch(x *extras, pc, fn int, next [2]int) {
	in := &s.w.tables.Insns[pc]
	is32 := in.Class() == isa.ClassJMP32
	dst, src := x[in.Dst], x[in.Src]
	if in.SrcKind() == isa.SrcK {
		src = nil
	}
	for i, to := range next {
		op := in.Code()
		if i == 0 {
			op = scalar.RevOp(op)
		}
		way := new(extras)
		*way = *x
		if in.SrcKind() == isa.SrcX && (dst != nil || src != nil) {
			// The other number was narrowed by what this one had been, and so was
			// what is linked to it.
			s.widen(way, pc, fn)
		}
		if k := way[in.Dst]; k != nil {
			narrow(way, in.Dst, k, s.operands(src, pc, in), op, is32)
		}
		if k := way[in.Src]; k != nil && in.SrcKind() == isa.SrcX && in.Src != in.Dst {
			narrow(way, in.Src, k, s.all(dst, pc, in.Dst), scalar.FlipOp(op), is32)
		}
		s.reach(to, way)
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
		k := copied(n)
		if x[where] != nil {
			k.addAll(x[where])
		}
		x[where] = k
	}
}

// narrow keeps of the numbers in a place those for which "number op other" may hold.
func narrow(x *extras, where uint8, k *known, others []kind, op uint8, is32 bool) {
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
	out := &known{others: k.others}
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
		x[where] = nil
		return
	}
	x[where] = out
}

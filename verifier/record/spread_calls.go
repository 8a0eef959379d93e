// SPDX-License-Identifier: GPL-2.0-only

package record

import "github.com/bpf-lsp/bpf-lsp/verifier/isa"

// What is extra across calls: arguments and results are followed, the frames of callers
// only as far as whether anything in them is extra.

// call is a call of any function.
func (s *spread) call(x *extras, pc, fn int) {
	in := &s.w.tables.Insns[pc]
	held := s.reads[fn] || x.any()
	if in.IsSubprogCall() {
		to := pc + 1 + int(in.Imm)
		for n := uint8(isa.R1); n < isa.R6; n++ {
			if x.at[n] != nil {
				s.add(to, n, x.at[n], s.w.way(to, pc))
			}
		}
		s.enter(to, held)
	} else if held {
		s.callBack(fn)
	}
	for n := uint8(isa.R0); n < isa.R6; n++ {
		x.put(n, nil)
	}
}

// callBack is about a call that may call functions back: it hands them what it got.
func (s *spread) callBack(fn int) {
	for _, to := range s.refs[fn] {
		for n := uint8(isa.R1); n < isa.R6; n++ {
			if k := s.w.known(to, n); k != nil && k.mayBeNumber() {
				s.add(to, n, s.w.temporary.anyNumber(8), allWays)
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
			if s.stackAccess(pc, in, in.Src).outer {
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
func (s *spread) exit(x *extras, from, fn int) {
	k := x.at[isa.R0]
	for _, pc := range s.sites[fn] {
		if k != nil && s.w.tables.Insns[pc].IsSubprogCall() {
			s.add(pc+1, isa.R0, k, s.w.way(pc+1, from))
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
			s.add(pc, where, s.w.temporary.anyBytes(), allWays)
		case where >= isa.R6 && s.w.known(pc, where).mayBeNumber():
			s.add(pc, where, s.w.temporary.anyNumber(8), allWays)
		}
	}
}

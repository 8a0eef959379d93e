// SPDX-License-Identifier: GPL-2.0-only

package record

import (
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// What steps do to whole frames: calls, returns and writes to the stack. An
// argument is noted before the caller's registers are, since a history is read
// backwards from the callee's register to the caller's.

// frames compares every frame that was there before the step, after it noted
// one that was entered or left.
func (s *stepEffects) frames() {
	before := s.h.cur
	if s.st.Frames[0].AsyncEntry != s.h.asyncEntry {
		// A callback that runs later, on a stack of its own.
		s.enter(0)
		return
	}
	s.resources()
	resultOf := -1
	switch {
	case s.st.Cur > before:
		s.enter(s.st.Cur)
	case s.st.Cur < before:
		if s.leave() {
			resultOf = s.st.Cur
		}
	}
	for depth := 0; depth <= min(before, s.st.Cur); depth++ {
		s.registers(depth, depth == resultOf)
		s.slots(depth)
	}
}

// enter is about a function that the step entered.
func (s *stepEffects) enter(depth int) {
	s.h.enter(s.ids, depth)
	callee := s.st.Frames[depth]
	s.add(depth, Event{Kind: EventCall, Callee: s.next}, nil, nil)
	for n := uint8(isa.R1); n <= isa.R5; n++ {
		r := &callee.Regs[n]
		if r.Type == regtype.NotInit {
			continue
		}
		e := Event{Kind: EventModify, Reason: ReasonArgument, Callee: s.next, Place: regPlace(depth, s.ids, n)}
		if depth > 0 {
			e.Origin = s.passed(n, r)
		}
		s.add(depth, e, nil, r)
	}
}

// passed is the caller's register that became argument n of the callee. A call
// hands over its own arguments; what calls a function back hands on some of
// those that it got, the context above all, which is the third or fourth.
func (s *stepEffects) passed(n uint8, r *state.Reg) Place {
	depth := s.h.cur
	if s.in.IsSubprogCall() {
		return regPlace(depth, s.ids, n)
	}
	for _, from := range [...]uint8{isa.R3, isa.R4, isa.R1, isa.R2, isa.R5} {
		if old := &s.h.frames[depth].regs[from]; old.Type != regtype.NotInit && sameKnowledge(old, r) {
			return regPlace(depth, s.ids, from)
		}
	}
	return Place{}
}

// leave is about a function that the step returned from; it reports whether
// the caller has its result now.
func (s *stepEffects) leave() bool {
	from, to := s.h.cur, s.st.Cur
	s.add(from, Event{Kind: EventReturn}, nil, nil)
	if s.h.frames[from].inCallback {
		return false
	}
	e := Event{Kind: EventModify, Reason: ReasonReturn, Place: regPlace(to, s.ids, isa.R0),
		Origin: regPlace(from, s.ids, isa.R0)}
	s.add(to, e, &s.h.frames[to].regs[isa.R0], &s.st.Frames[to].Regs[isa.R0])
	return true
}

// registers compares the registers of one frame; returned reports whether R0 was
// noted as a result.
func (s *stepEffects) registers(depth int, returned bool) {
	before, f := &s.h.frames[depth].regs, s.st.Frames[depth]
	for n := range uint8(isa.R10) {
		old, now := &before[n], &f.Regs[n]
		if n == isa.R0 && returned || !s.writes(depth, n, now) && sameKnowledge(old, now) {
			continue
		}
		e := Event{Kind: EventModify, Place: regPlace(depth, s.ids, n), Reason: s.reason(old, now)}
		if isCall(s.in) && depth == s.h.cur && n <= isa.R5 {
			e.Reason = ReasonWrite
			if now.Type == regtype.NotInit {
				e.Reason = ReasonCallerSaved
			}
		}
		if e.Reason >= ReasonVarWrite {
			e.Kind = EventInvalidate
		}
		s.add(depth, e, old, now)
	}
}

// writes reports whether the instruction writes register n even if that makes no
// difference.
func (s *stepEffects) writes(depth int, n uint8, now *state.Reg) bool {
	if depth != s.h.cur || depth != s.st.Cur {
		return false
	}
	in := s.in
	switch {
	case isCall(in):
		return n == isa.R0 && now.Type != regtype.NotInit
	case in.Class() != isa.ClassSTX || in.Mode() != isa.ModeATOMIC:
		return false
	case in.Imm == isa.LoadAcq:
		return n == in.Dst
	case in.Imm == isa.AtomicCmpXchg:
		return n == isa.R0
	}
	return in.Imm&isa.AtomicFetch != 0 && n == in.Src
}

// reason says why a value changed that the instruction does not name.
func (s *stepEffects) reason(old, now *state.Reg) Reason {
	lost := isLost(old, now)
	switch {
	case s.released(old.RefObjID) && lost:
		return ReasonRelease
	case s.released(old.RefObjID), now.Type.IsNonOwning() && !old.Type.IsNonOwning():
		return ReasonLent
	case lost && isPacketValue(old):
		return ReasonPacketMoved
	case lost && old.Type.IsNonOwning():
		return ReasonBorrowEnded
	case old.Type&regtype.RCU != 0 && now.Type&regtype.Untrusted != 0:
		return ReasonRCUEnded
	case lost:
		return ReasonSourceGone
	case old.Type == regtype.Scalar && now.Type == regtype.Scalar && s.in.Class() == isa.ClassJMP:
		return ReasonWidened
	}
	return ReasonWrite
}

// slots compares the stack of one frame.
func (s *stepEffects) slots(depth int) {
	before, f := s.h.frames[depth].stack, s.st.Frames[depth]
	s.objects(depth)
	from, to, stores := s.stored(depth)
	if stores && to-from > state.SlotBytes {
		place := Place{Kind: InBytes, Frame: uint8(depth), Activation: s.ids[depth], From: int16(from), To: int16(to)}
		s.add(s.st.Cur, Event{Kind: EventInvalidate, Reason: ReasonVarWrite, Place: place}, nil, nil)
		return
	}
	for i := range f.Stack.Len() {
		var old state.Slot
		if i < len(before) {
			old = before[i]
		}
		at := -(i + 1) * state.SlotBytes
		s.slot(depth, i, &old, f.Stack.At(i), stores && from < at+state.SlotBytes && to > at)
	}
}

// stored is the range of bytes of a frame that the instruction stores to,
// which is longer than a slot if the address is not known exactly.
func (s *stepEffects) stored(depth int) (from, to int, ok bool) {
	in := s.in
	if in.Class() != isa.ClassST && in.Class() != isa.ClassSTX {
		return 0, 0, false
	}
	base := &s.h.frames[s.h.cur].regs[in.Dst]
	if base.Type != regtype.PtrToStack || int(base.Frame) != depth {
		return 0, 0, false
	}
	fixed := int64(in.Off) + int64(base.Off)
	if base.IsConst() {
		from = int(fixed + int64(base.Var.Value))
		return from, from + in.Bytes(), true
	}
	from = int(max(fixed+base.Smin(), -state.MaxStack))
	to = int(min(fixed+base.Smax()+int64(in.Bytes()), 0))
	return from, max(to, from+state.SlotBytes+1), true
}

// slot compares one slot; stored reports whether the instruction stores to it.
func (s *stepEffects) slot(depth, i int, old, now *state.Slot, stored bool) {
	was, wasKnown := slotValue(old)
	is, isKnown := slotValue(now)
	e := Event{Kind: EventModify, Reason: ReasonWrite, Place: slotPlace(depth, s.ids, i)}
	switch {
	case stored:
		if now.IsSpill() {
			e.Reason = ReasonSpill
		}
		if s.in.Class() == isa.ClassSTX && s.in.Mode() == isa.ModeMEM {
			e.Origin = regPlace(s.h.cur, s.ids, s.in.Src)
		}
	case old.IsSpill() && now.IsSpill():
		if sameKnowledge(&was, &is) {
			return
		}
		e.Reason = s.reason(&was, &is)
	case old.Bytes == now.Bytes || !old.IsSpill() && !isKnown:
		return
	default:
		e.Reason = ReasonCallWrite
	}
	if e.Reason >= ReasonVarWrite || old.IsSpill() && !now.IsSpill() {
		e.Kind = EventInvalidate
	}
	s.add(s.st.Cur, e, orNil(&was, wasKnown), orNil(&is, isKnown))
}

func orNil(r *state.Reg, known bool) *state.Reg {
	if !known {
		return nil
	}
	return r
}

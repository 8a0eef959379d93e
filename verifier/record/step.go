// SPDX-License-Identifier: GPL-2.0-only

package record

import (
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// What a step did is seen by comparing the states after it with the one
// before it. That is done for the path that goes on and for each path that the
// step queued: both sides of a branch are recorded the same way.
//
//	instruction        compared              origin of the new value
//	arithmetic         its destination       the source of a move; else itself
//	load               its destination       the stack slot it reads
//	store to stack     all registers, slots  the register stored
//	other store, goto  nothing
//	branch             all; the differences are what the branch taught
//	call, exit         all                   the caller's argument, the result
//
// The recorded walk is the second one, of a program that was rejected; others
// do not come here.

// watching says how much of the state a step can change.
type watching uint8

const (
	watchNothing watching = iota
	watchRegister
	watchAll
	// watchOff is for paths that only the processor's speculation takes.
	watchOff
)

// watched is the state before a step.
type watched struct {
	what watching
	pc   int
	// firstQueued is the index of the first path that the step queues.
	firstQueued int
	dst, src    state.Reg

	// scratch is memory for the effects of a step.
	scratch []entry

	frames     [state.MaxFrames]frameBefore
	cur        int
	refs       []state.Ref
	rcu        uint32
	preempt    uint32
	asyncEntry uint32
}

type frameBefore struct {
	regs       [isa.NumRegs]state.Reg
	stack      []state.Slot
	inCallback bool
}

// before keeps what the step at pc may change.
func (h *history) before(st *state.State, pc int) {
	h.path = append(h.path, int32(pc))
	h.firstQueued, h.pc = len(h.queued), pc
	h.watch(st)
}

// watch keeps what the instruction may change of st.
func (h *history) watch(st *state.State) {
	in := &h.Insns[h.pc]
	h.what = changedBy(st, in)
	switch h.what {
	case watchRegister:
		regs := &st.Frame().Regs
		h.dst, h.src = regs[in.Dst], regs[in.Src]
	case watchAll:
		h.copyState(st)
	}
}

// changedBy is how much of st the instruction can change.
func changedBy(st *state.State, in *isa.Insn) watching {
	switch {
	case st.Speculative:
		return watchOff
	case in.Dst >= isa.NumRegs || in.Src >= isa.NumRegs && !isCall(in):
		return watchNothing
	}
	switch in.Class() {
	case isa.ClassALU, isa.ClassALU64, isa.ClassLDX:
		return watchRegister
	case isa.ClassLD:
		if in.IsLdImm64() {
			return watchRegister
		}
	case isa.ClassST, isa.ClassSTX:
		if in.Mode() == isa.ModeMEM && st.Frame().Regs[in.Dst].Type != regtype.PtrToStack {
			return watchNothing
		}
	case isa.ClassJMP, isa.ClassJMP32:
		if in.Code() == isa.OpJa {
			return watchNothing
		}
	}
	return watchAll
}

func (w *watched) copyState(st *state.State) {
	w.cur, w.asyncEntry = st.Cur, st.Frames[0].AsyncEntry
	w.rcu, w.preempt = st.ActiveRCU, st.ActivePreempt
	w.refs = append(w.refs[:0], st.Refs...)
	for i := 0; i <= st.Cur; i++ {
		f, b := st.Frames[i], &w.frames[i]
		b.regs, b.inCallback = f.Regs, f.InCallback
		b.stack = f.Stack.AppendTo(b.stack[:0])
	}
}

// after appends what the watched step did to st, which goes on at next, and to the
// paths that it queued.
func (h *history) after(st *state.State, next int) {
	if h.what == watchOff {
		return
	}
	for i := h.firstQueued; i < len(h.queued); i++ {
		if q := &h.queued[i]; !q.st.Speculative {
			q.more = h.effects(nil, q.st, q.pc, &q.ids)
		}
	}
	h.scratch = h.effects(h.scratch[:0], st, next, &h.ids)
	for i := range h.scratch {
		h.log.add(&h.scratch[i])
	}
	h.settle()
}

// effects appends to out the events by which the watched step leads to st,
// where the walk goes on at next.
func (h *history) effects(out []entry, st *state.State, next int, ids *activations) []entry {
	s := stepEffects{h: h, in: &h.Insns[h.pc], st: st, next: next, ids: ids, out: out}
	switch {
	case h.what == watchRegister:
		s.written()
	case h.what != watchAll:
	case s.in.IsConditional():
		s.branch()
	default:
		s.frames()
	}
	return s.out
}

// stepEffects collects what one step did to one state.
type stepEffects struct {
	h    *history
	in   *isa.Insn
	st   *state.State
	next int
	ids  *activations
	out  []entry
}

// add appends an event about a place in the frame at depth.
func (s *stepEffects) add(depth int, e Event, old, now *state.Reg) {
	e.PC, e.Frame, e.Activation = s.h.pc, depth, s.ids[depth]
	out := entry{Event: e}
	if old != nil {
		out.old, out.hasOld = *old, true
		if release := s.release(old.RefObjID); e.Reason == ReasonLent && release != nil {
			release.Reason = ReasonLent // the value is still in use
		}
	}
	if now != nil {
		out.new, out.hasNew = *now, true
	}
	s.out = append(s.out, out)
}

// written is about an instruction that writes its destination only.
func (s *stepEffects) written() {
	depth, in, h := s.st.Cur, s.in, s.h
	now := &s.st.Frames[depth].Regs[in.Dst]
	e := Event{Kind: EventModify, Reason: ReasonWrite, Place: regPlace(depth, s.ids, in.Dst)}
	switch {
	case in.Class() == isa.ClassLDX:
		e.Origin = s.slotAt(&h.src, int64(in.Off))
	case in.Class() == isa.ClassLD:
	case in.Code() == isa.OpMov:
		if in.SrcKind() == isa.SrcX {
			e.Origin = regPlace(depth, s.ids, in.Src)
		}
	case in.Code() != isa.OpDiv && in.Code() != isa.OpMod:
		e.Refines = true
		if in.SrcKind() == isa.SrcX && in.Code() != isa.OpNeg && in.Code() != isa.OpEnd {
			e.Operand = regPlace(depth, s.ids, in.Src)
		}
		if h.dst.Type == regtype.Scalar && h.src.Type != regtype.Scalar && e.Operand.Kind != NoPlace {
			// A number that a pointer is added to: the pointer goes on.
			e.Origin, e.Operand = e.Operand, e.Place
		}
	}
	out := entry{Event: e, old: h.dst, new: *now}
	if out.isIdle() && !h.guessing {
		return
	}
	s.add(depth, e, &h.dst, now)
}

// isIdle reports whether the entry is of arithmetic that showed nothing new. Behind a
// guess it is kept, for what the value is made of.
func (e *entry) isIdle() bool {
	return e.Refines && e.Origin.Kind == NoPlace && sameKnowledge(&e.old, &e.new)
}

// slotAt is the stack slot that an access through base touches, if that is
// known.
func (s *stepEffects) slotAt(base *state.Reg, off int64) Place {
	if base.Type != regtype.PtrToStack || !base.IsConst() {
		return Place{}
	}
	off += int64(base.Off) + int64(base.Var.Value)
	if off >= 0 || off < -state.MaxStack || int(base.Frame) > s.st.Cur {
		return Place{}
	}
	return slotPlace(int(base.Frame), s.ids, int(-off-1)/state.SlotBytes)
}

// branch is about a conditional jump, whose outcome is seen by the way taken.
func (s *stepEffects) branch() {
	in, h, depth := s.in, s.h, s.st.Cur
	if in.IsMayGoto() {
		defer s.frames()
	}
	if in.Off == 0 {
		return
	}
	s.add(depth, Event{Kind: EventBranch, Taken: s.next == h.pc+1+int(in.Off)}, nil, nil)
	if in.IsMayGoto() {
		return
	}
	s.out[len(s.out)-1].learnt = s.learnt()
	for i := range h.refs {
		if ref := &h.refs[i]; ref.Kind == state.RefPtr && !s.st.FindRef(ref.ID) {
			s.add(depth, Event{Kind: EventRelease, Reason: ReasonNull, Ref: ref.ID}, nil, nil)
		}
	}
}

// maxLearnt bounds what one branch is recorded to teach; copies of one value make
// the list long.
const maxLearnt = 4

// learnt are the values that the branch refined: the operands first.
func (s *stepEffects) learnt() []change {
	var out []change
	note := func(p Place, old, now *state.Reg) {
		if len(out) < maxLearnt && !sameKnowledge(old, now) {
			out = append(out, change{p, *old, *now})
		}
	}
	top := s.st.Cur
	operand := func(n uint8) {
		note(regPlace(top, s.ids, n), &s.h.frames[top].regs[n], &s.st.Frames[top].Regs[n])
	}
	byReg := s.in.SrcKind() == isa.SrcX
	operand(s.in.Dst)
	if byReg && s.in.Src != s.in.Dst {
		operand(s.in.Src)
	}
	for depth := top; depth >= 0; depth-- {
		before, f := &s.h.frames[depth], s.st.Frames[depth]
		for n := range f.Regs {
			if depth == top && (uint8(n) == s.in.Dst || byReg && uint8(n) == s.in.Src) {
				continue
			}
			note(regPlace(depth, s.ids, uint8(n)), &before.regs[n], &f.Regs[n])
		}
		for i := range min(f.Stack.Len(), len(before.stack)) {
			if now := f.Stack.At(i); now.IsSpill() && before.stack[i].IsSpill() {
				note(slotPlace(depth, s.ids, i), &before.stack[i].Spilled, &now.Spilled)
			}
		}
	}
	return out
}

// SPDX-License-Identifier: GPL-2.0-only

package flow

import (
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
)

// What the depth-first search knows of an instruction. Between discovered and
// explored, the low bits say which of its edges were followed.
const (
	unseen      = 0
	discovered  = 0x10
	explored    = 0x20
	fallThrough = 1
	branch      = 2
)

// search is the depth-first search that finds unreachable instructions and,
// for unprivileged programs, loops. On its way it marks the points where the
// walk compares states.
type search struct {
	g     *Graph
	seen  []uint8
	stack []int
}

// CheckFlow requires every instruction to be reachable and marks prune points.
//
// kernel: check_cfg
func (g *Graph) CheckFlow() *Fault {
	s := search{g: g, seen: make([]uint8, len(g.insns)), stack: make([]int, 0, 64)}
	if f := s.from(0); f != nil {
		return f
	}
	if g.ExceptionCallback != 0 {
		if start := g.Subprogs[g.ExceptionCallback].Start; s.seen[start] != explored {
			if f := s.from(start); f != nil {
				return f
			}
		}
	}
	for pc := 0; pc < len(g.insns); pc++ {
		if s.seen[pc] != explored {
			return refuse(pc, einval, fault.Unreachable.Of(fault.Instruction{PC: pc}))
		}
		if g.insns[pc].IsLdImm64() {
			if s.seen[pc+1] != unseen {
				return refuse(pc, einval, fault.JumpIntoLdimm64.Of(fault.Instruction{PC: pc}))
			}
			pc++
		}
	}
	return nil
}

func (s *search) from(start int) *Fault {
	s.seen[start] = discovered
	s.stack = append(s.stack[:0], start)
	for len(s.stack) > 0 {
		pc := s.stack[len(s.stack)-1]
		more, f := s.visit(pc)
		if f != nil {
			return f
		}
		if !more {
			s.seen[pc] = explored
			s.stack = s.stack[:len(s.stack)-1]
		}
	}
	return nil
}

// visit follows the next edge of the instruction at pc. more reports whether the
// target was new and comes first.
//
// kernel: visit_insn
func (s *search) visit(pc int) (more bool, f *Fault) {
	in := &s.g.insns[pc]
	if in.IsFuncRef() {
		return s.visitCall(pc, true)
	}
	next := pc + 1
	if in.IsLdImm64() {
		next++
	}
	if c := in.Class(); c != isa.ClassJMP && c != isa.ClassJMP32 {
		return s.follow(pc, next, fallThrough)
	}
	switch in.Code() {
	case isa.OpExit:
		return false, nil
	case isa.OpCall:
		s.markCall(pc)
		return s.visitCall(pc, in.Src == isa.PseudoCall)
	case isa.OpJa:
		if in.SrcKind() != isa.SrcK {
			return false, refuse(pc, einval, fault.CallReservedFields.Of(fault.None{}))
		}
		to := pc + in.JumpOffset() + 1
		if more, f := s.follow(pc, to, fallThrough); more || f != nil {
			return more, f
		}
		s.g.Points[to].Prune = true
		s.g.Points[to].Jump = true
		return false, nil
	}
	s.g.Points[pc].Prune = true
	if in.IsMayGoto() {
		s.g.Points[pc].Checkpoint = true
	}
	if more, f := s.follow(pc, pc+1, fallThrough); more || f != nil {
		return more, f
	}
	return s.follow(pc, pc+int(in.Off)+1, branch)
}

// markCall marks a call whose callee runs functions of the program, and notes
// in the caller what the callee may do.
func (s *search) markCall(pc int) {
	p, shape := &s.g.Points[pc], &s.g.calls[pc]
	if shape.AsyncCallback {
		// The callback is queued each time the call is walked; comparing states
		// here keeps a callback that queues itself from doing so for ever.
		p.Prune = true
	}
	if shape.SyncCallback {
		// How often the callee calls back is unknown: the walk repeats the
		// callback until a state from an earlier round comes again, so there
		// must be one to find.
		p.CallsCallback, p.Checkpoint, p.Prune, p.Jump = true, true, true, true
	}
	sub := &s.g.Subprogs[s.g.SubprogAt(pc)]
	if shape.ChangesPacket {
		sub.ChangesPacket = true
	}
	if !shape.Known {
		return
	}
	if shape.IterNext {
		p.Prune, p.Checkpoint = true, true
	}
	if shape.MightSleep {
		sub.MightSleep = true
	}
}

// visitCall goes on after a call or a function address and, for a function
// of the program, into it.
//
// kernel: visit_func_call_insn
func (s *search) visitCall(pc int, intoCallee bool) (more bool, f *Fault) {
	in := &s.g.insns[pc]
	next := pc + 1
	if in.IsLdImm64() {
		next++
	}
	if more, f := s.follow(pc, next, fallThrough); more || f != nil {
		return more, f
	}
	s.g.Points[next].Prune = true
	s.g.Points[next].Jump = true
	if !intoCallee {
		return false, nil
	}
	to := pc + int(in.Imm) + 1
	s.g.Points[pc].Prune = true
	s.mergeCallee(pc, to)
	return s.follow(pc, to, branch)
}

// mergeCallee gives the caller at pc the effects of the function at entry.
// Depth first, and without recursion, the callee's own are complete by the
// last time this is called.
//
// kernel: merge_callee_effects
func (s *search) mergeCallee(pc, entry int) {
	caller := &s.g.Subprogs[s.g.SubprogAt(pc)]
	callee := &s.g.Subprogs[s.g.SubprogAt(entry)]
	caller.ChangesPacket = caller.ChangesPacket || callee.ChangesPacket
	caller.MightSleep = caller.MightSleep || callee.MightSleep
}

// follow takes the edge from pc to to unless it was taken before.
//
// kernel: push_insn
func (s *search) follow(pc, to int, edge uint8) (more bool, f *Fault) {
	if s.seen[pc] >= discovered|edge {
		return false, nil
	}
	if to < 0 || to >= len(s.g.insns) {
		f := refuse(pc, einval, fault.JumpOutOfRange.Of(fault.Jump{From: pc, To: to}))
		f.From, f.To, f.SourceOfEdge = pc, -1, true
		return false, f
	}
	if edge == branch {
		s.g.Points[to].Prune = true
		s.g.Points[to].Jump = true
	}
	switch {
	case s.seen[to] == unseen:
		s.seen[pc] = discovered | edge
		s.seen[to] = discovered
		s.stack = append(s.stack, to)
		return true, nil
	case s.seen[to]&0xf0 == discovered:
		if s.g.privileged {
			return false, nil
		}
		f := refuse(pc, einval, fault.BackEdge.Of(fault.Jump{From: pc, To: to}))
		f.From, f.To, f.SourceOfEdge = pc, to, true
		return false, f
	}
	s.seen[pc] = discovered | edge
	return false, nil
}

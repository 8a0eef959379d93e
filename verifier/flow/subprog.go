// SPDX-License-Identifier: GPL-2.0-only

package flow

import (
	"slices"

	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
)

const (
	eperm  = 1
	e2big  = 7
	einval = 22

	helperTailCall = 12
)

// FindSubprogs finds the functions that the program consists of: the main one,
// and all that calls and callback references lead to. takesKfunc is asked about
// each call of a kernel function on the way; false ends the search.
//
// kernel: add_subprog_and_kfunc
func (g *Graph) FindSubprogs(takesKfunc func(pc int) bool) *Fault {
	defer g.boundSubprogs()
	if f := g.addSubprog(0, 0); f != nil {
		return f
	}
	for pc := range g.insns {
		in := &g.insns[pc]
		isFunc := in.IsFuncRef() || in.IsSubprogCall()
		if !isFunc && !in.IsKfuncCall() {
			continue
		}
		if !g.privileged {
			return &Fault{PC: pc, Errno: eperm, NoCapability: true}
		}
		if !isFunc {
			if !takesKfunc(pc) {
				return nil
			}
			continue
		}
		if f := g.addSubprog(pc, pc+int(in.Imm)+1); f != nil {
			return f
		}
	}
	return nil
}

// AddExceptionCallback notes that the function at entry catches exceptions,
// though nothing may call it.
//
// kernel: add_subprog_and_kfunc
func (g *Graph) AddExceptionCallback(entry int) *Fault {
	defer g.boundSubprogs()
	if f := g.addSubprog(entry, entry); f != nil {
		return f
	}
	g.ExceptionCallback = g.SubprogFrom(entry)
	return nil
}

// boundSubprogs lets each function end where the next one starts.
func (g *Graph) boundSubprogs() {
	for i := range g.Subprogs {
		g.Subprogs[i].End = len(g.insns)
		if i+1 < len(g.Subprogs) {
			g.Subprogs[i].End = g.Subprogs[i+1].Start
		}
	}
}

// addSubprog notes that a function starts at start; pc is who says so.
//
// kernel: add_subprog
func (g *Graph) addSubprog(pc, start int) *Fault {
	if start < 0 || start >= len(g.insns) {
		return refuse(pc, einval, fault.CallDestination.Of(fault.None{}))
	}
	if g.SubprogFrom(start) >= 0 {
		return nil
	}
	if len(g.Subprogs) >= MaxSubprogs {
		return refuse(pc, e2big, fault.TooManySubprograms.Of(fault.None{}))
	}
	at := len(g.Subprogs)
	for at > 0 && g.Subprogs[at-1].Start > start {
		at--
	}
	g.Subprogs = slices.Insert(g.Subprogs, at, Subprog{Start: start})
	return nil
}

// CheckSubprogs requires every jump to stay inside its function, and no function
// to run into the next.
//
// kernel: check_subprogs
func (g *Graph) CheckSubprogs() *Fault {
	for n := range g.Subprogs {
		s := &g.Subprogs[n]
		for pc := s.Start; pc < s.End; pc++ {
			in := &g.insns[pc]
			if in.IsHelperCall() && in.Imm == helperTailCall {
				s.HasTailCall = true
			}
			class := in.Class()
			if class == isa.ClassLD && (in.Mode() == isa.ModeABS || in.Mode() == isa.ModeIND) {
				s.HasLdAbs = true
			}
			isJump := (class == isa.ClassJMP || class == isa.ClassJMP32) && in.Code() != isa.OpExit &&
				in.Code() != isa.OpCall
			if isJump {
				if to := pc + in.JumpOffset() + 1; to < s.Start || to >= s.End {
					return refuse(pc, einval, fault.JumpOutOfRange.Of(fault.Jump{From: pc, To: to}))
				}
			}
		}
		switch last := &g.insns[s.End-1]; last.Op {
		case isa.ClassJMP | isa.OpExit, isa.ClassJMP | isa.OpJa, isa.ClassJMP32 | isa.OpJa:
		default:
			return refuse(s.End-1, einval, fault.FallThrough.Of(fault.None{}))
		}
	}
	return nil
}

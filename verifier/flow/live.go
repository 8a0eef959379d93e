// SPDX-License-Identifier: GPL-2.0-only

package flow

import "github.com/bpf-lsp/bpf-lsp/verifier/isa"

// callerSaved are the registers that a call may overwrite, R0 to R5.
const callerSaved = 1<<6 - 1

// FindLive computes, for each instruction, the registers that may be read
// before they are written: the smallest solution of
//
//	in  = (out without def) with use
//	out = in of all successors
//
// kernel: compute_live_registers
func (g *Graph) FindLive() {
	type sets struct{ def, use, in, out uint16 }
	live := make([]sets, len(g.insns))
	for pc := range g.insns {
		live[pc].def, live[pc].use = g.defUse(pc)
	}
	for changed := true; changed; {
		changed = false
		for _, pc := range g.Postorder {
			var out uint16
			succ, n := isa.Successors(g.insns, pc)
			for _, to := range succ[:n] {
				out |= live[to].in
			}
			l := &live[pc]
			if in := out&^l.def | l.use; in != l.in || out != l.out {
				l.in, l.out = in, out
				changed = true
			}
		}
	}
	for pc := range live {
		g.Points[pc].Live = live[pc].in
	}
}

// defUse are the registers that the instruction at pc writes and reads. What
// is not known to be harmless reads everything.
//
// kernel: compute_insn_live_regs
func (g *Graph) defUse(pc int) (def, use uint16) {
	const all = 0xffff
	in := &g.insns[pc]
	dst, src := uint16(1)<<in.Dst, uint16(1)<<in.Src
	switch in.Class() {
	case isa.ClassLD:
		if in.IsLdImm64() {
			return dst, 0
		}
	case isa.ClassLDX:
		if in.Mode() == isa.ModeMEM || in.Mode() == isa.ModeMEMSX {
			return dst, src
		}
	case isa.ClassST:
		if in.Mode() == isa.ModeMEM {
			return 0, dst
		}
	case isa.ClassSTX:
		switch in.Mode() {
		case isa.ModeMEM:
			return 0, dst | src
		case isa.ModeATOMIC:
			return atomicDefUse(in, dst, src)
		}
	case isa.ClassALU, isa.ClassALU64:
		isReg := in.SrcKind() == isa.SrcX
		switch {
		case in.Code() == isa.OpEnd:
			return dst, dst
		case in.Code() == isa.OpMov && isReg:
			return dst, src
		case in.Code() == isa.OpMov:
			return dst, 0
		case isReg:
			return dst, dst | src
		}
		return dst, dst
	default:
		return g.jumpDefUse(pc, dst, src)
	}
	return 0, all
}

func atomicDefUse(in *isa.Insn, dst, src uint16) (def, use uint16) {
	switch in.Imm {
	case isa.AtomicCmpXchg:
		return 1, 1 | dst | src
	case isa.LoadAcq:
		return dst, src
	case isa.StoreRel:
		return 0, dst | src
	}
	if in.Imm&isa.AtomicFetch != 0 {
		return src, dst | src
	}
	return 0, dst | src
}

func (g *Graph) jumpDefUse(pc int, dst, src uint16) (def, use uint16) {
	in := &g.insns[pc]
	isReg := in.SrcKind() == isa.SrcX
	switch in.Code() {
	case isa.OpJa:
		if isReg {
			return 0, dst
		}
		return 0, 0
	case isa.OpJCond:
		return 0, 0
	case isa.OpExit:
		return 0, 1
	case isa.OpCall:
		if shape := &g.calls[pc]; shape.Known && (in.IsHelperCall() || in.IsKfuncCall()) {
			return callerSaved, (1<<(shape.Params+1) - 1) &^ 1
		}
		return callerSaved, callerSaved &^ 1
	}
	if isReg {
		return 0, dst | src
	}
	return 0, dst
}

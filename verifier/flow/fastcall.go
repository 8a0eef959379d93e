// SPDX-License-Identifier: GPL-2.0-only

package flow

import "github.com/bpf-lsp/bpf-lsp/verifier/isa"

// FindFastcalls finds calls that the compiler surrounded with spills and
// fills for the sake of old kernels only. Their stack slots may count as
// unused, as long as nothing else touches them:
//
//	*(u64 *)(r10 - 16) = r1
//	call bpf_get_smp_processor_id
//	r1 = *(u64 *)(r10 - 16)
//
// kernel: mark_fastcall_patterns
func (g *Graph) FindFastcalls() {
	for n := range g.Subprogs {
		s := &g.Subprogs[n]
		lowest := int16(0)
		for pc := s.Start; pc < s.End; pc++ {
			if in := &g.insns[pc]; isSpill(in) {
				lowest = min(lowest, in.Off)
			}
		}
		for pc := s.Start; pc < s.End; pc++ {
			if g.insns[pc].Op == isa.ClassJMP|isa.OpCall {
				g.matchFastcall(s, pc, lowest)
			}
		}
	}
}

func isSpill(in *isa.Insn) bool {
	return in.Op == isa.ClassSTX|isa.ModeMEM|isa.SizeDW && in.Dst == isa.R10
}

func isFill(in *isa.Insn) bool {
	return in.Op == isa.ClassLDX|isa.ModeMEM|isa.SizeDW && in.Src == isa.R10
}

// matchFastcall looks for spill and fill pairs around the call at pc, from the
// inside out, at ascending offsets from lowest.
//
// kernel: mark_fastcall_pattern_for_call
func (g *Graph) matchFastcall(s *Subprog, pc int, lowest int16) {
	shape := &g.calls[pc]
	if !shape.Known {
		return
	}
	clobbered := uint16(1)<<(shape.Params+1) - 1
	if shape.Void {
		clobbered &^= 1
	}
	kept := callerSaved &^ clobbered
	off, pairs := lowest, 0
	for i := 1; i <= 6 && pc-i >= 0 && pc+i < len(g.insns); i++ {
		spill, fill := &g.insns[pc-i], &g.insns[pc+i]
		if !isSpill(spill) || !isFill(fill) || spill.Src != fill.Dst || kept&(1<<spill.Src) == 0 ||
			spill.Off != off || fill.Off != off {
			break
		}
		kept &^= 1 << spill.Src
		g.Points[pc-i].FastcallPattern = true
		g.Points[pc+i].FastcallPattern = true
		off += 8
		pairs++
	}
	if pairs == 0 {
		return
	}
	if shape.Fastcall {
		g.Points[pc].FastcallSpills = uint8(pairs)
	} else {
		s.KeepFastcall = true
	}
	s.FastcallStack = min(s.FastcallStack, off)
}

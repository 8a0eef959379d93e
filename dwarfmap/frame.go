// SPDX-License-Identifier: GPL-2.0-only

package dwarfmap

import (
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// LLVM describes a place in a BPF stack frame as R10 plus its distance from the
// frame's lower end, although R10 points to the upper end: a variable at R10-40
// of a frame of 40 bytes is said to be at R10+0. Objects do not record the size
// of frames, so it is worked out from the code. A compiler that counts
// correctly gives negative numbers and is believed.

// frameAlign is what the size of a frame is a multiple of.
const frameAlign = 8

// settleFrame makes the places in the frame of a function count from R10, or
// takes them away if they make no sense.
func (s *scope) settleFrame(p *program.Program, d *debugInfo) {
	var least, most int64
	s.framePlaces(func(at *place, v *variable) {
		size := at.size
		if size == 0 {
			size = d.size(v.typ)
		}
		least = min(least, at.off)
		most = max(most, at.off+max(int64(size), 1))
	})
	shift, ok := int64(0), most <= 0
	if least >= 0 {
		shift = -s.frameSize(p)
		ok = most+shift <= 0
	}
	s.framePlaces(func(at *place, _ *variable) {
		if at.off += shift; !ok {
			*at = place{}
		}
	})
}

// framePlaces calls do for each place in the frame, with its variable.
func (s *scope) framePlaces(do func(*place, *variable)) {
	for i := range s.vars {
		v := &s.vars[i]
		for _, w := range v.where {
			for j := range w.places {
				if w.places[j].kind == inFrame {
					do(&w.places[j], v)
				}
			}
		}
	}
	for _, inner := range s.inner {
		inner.framePlaces(do)
	}
}

// frameSize is the size of a function's stack frame: how far below R10 its code
// goes.
func (s *scope) frameSize(p *program.Program) int64 {
	for _, sym := range p.Symbols {
		start, end := int(sym.InsnOff), int(sym.InsnOff)+int(sym.Len)
		if s.contains(sym.Addr) && end <= len(p.Insns) {
			return frameSize(p.Insns[start:end])
		}
	}
	return 0
}

func frameSize(insns []isa.Insn) int64 {
	var least int64
	var copies [16]bool // registers that point into the frame, at offsets
	var offsets [16]int64
	for i := range insns {
		in := &insns[i]
		switch in.Class() {
		case isa.ClassLDX, isa.ClassST, isa.ClassSTX:
			base := in.Dst
			if in.Class() == isa.ClassLDX {
				base = in.Src
			}
			if base == frameReg {
				least = min(least, int64(in.Off))
			}
			if in.Class() != isa.ClassST {
				copies[in.Dst&15] = in.Class() == isa.ClassSTX && copies[in.Dst&15]
			}
		case isa.ClassALU64:
			d := in.Dst & 15
			switch {
			case in.Op == isa.ClassALU64|isa.OpMov|isa.SrcX && in.Off == 0 && in.Src == frameReg:
				copies[d], offsets[d] = true, 0
			case in.Op == isa.ClassALU64|isa.OpAdd|isa.SrcK && copies[d]:
				offsets[d] += int64(in.Imm)
				least = min(least, offsets[d])
			default:
				copies[d] = false
			}
		case isa.ClassALU, isa.ClassLD:
			copies[in.Dst&15] = false
		}
	}
	return (-least + frameAlign - 1) / frameAlign * frameAlign
}

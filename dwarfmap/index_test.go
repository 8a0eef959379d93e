// SPDX-License-Identifier: GPL-2.0-only

package dwarfmap

import (
	"testing"

	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// sample is main, which calls a function at 4.
func sample() *program.Program {
	nop := isa.Insn{Op: isa.ClassALU64 | isa.OpMov | isa.SrcK}
	exit := isa.Insn{Op: isa.ClassJMP | isa.OpExit}
	return &program.Program{
		Name: "main",
		Insns: []isa.Insn{
			nop, {Op: isa.ClassJMP | isa.OpCall, Src: isa.PseudoCall, Imm: 2}, nop, exit,
			nop, {Op: isa.ClassJMP | isa.OpJeq, Off: 1}, nop, exit,
		},
		Funcs: []program.Func{{InsnOff: 0, Name: "main"}, {InsnOff: 4, Name: "callee"}},
		Lines: []program.Line{
			{InsnOff: 0, File: "a.c", Line: 10, Col: 1}, {InsnOff: 2, File: "a.c", Line: 12, Col: 2},
			{InsnOff: 5, File: "b.h", Line: 3, Col: 4}, {InsnOff: 6, File: "b.h"}, {InsnOff: 7, File: "b.h", Line: 5},
		},
	}
}

func TestAt(t *testing.T) {
	ix := New(sample())
	for pc, want := range map[int]int{0: 10, 1: 10, 2: 12, 3: 12, 4: 0, 5: 3, 6: 0, 7: 5} {
		if pos, ok := ix.At(pc); pos.Line != want || ok != (want > 0) {
			t.Errorf("%d is on line %d, want %d", pc, pos.Line, want)
		}
	}
}

func TestFrom(t *testing.T) {
	ix := New(sample())
	for pc, want := range map[int]int{0: 10, 1: 12, 3: 0, 4: 3, 6: 5} {
		if pos, ok := ix.From(pc); pos.Line != want || ok != (want > 0) {
			t.Errorf("a jump to %d leads to line %d, want %d", pc, pos.Line, want)
		}
	}
}

func TestFunctions(t *testing.T) {
	p := sample()
	for _, named := range []bool{true, false} {
		if !named {
			p.Funcs = nil
		}
		ix := New(p)
		f, ok := ix.Function(6)
		if !ok || f.Start != 4 || f.End != 8 || (f.Name == "callee") != named {
			t.Errorf("6 is in %+v", f)
		}
		if _, ok := ix.Function(8); ok {
			t.Error("there is a function behind the end")
		}
	}
}

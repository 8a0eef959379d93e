// SPDX-License-Identifier: GPL-2.0-only

// Package dwarfmap leads from an instruction of a linked program back to the
// C source: its line, its function, the functions of the program and, if the
// object has DWARF information, inlined calls and the variables that registers
// and the stack hold.
//
// Reading order: index.go (lines and functions, from BTF), query.go (what DWARF
// answers), scopes.go (how it is read), lists.go and expr.go (where variables
// are), frame.go, types.go, files.go.
package dwarfmap

import (
	"sort"
	"sync"

	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// Pos is a place in the source as the compiler noted it.
type Pos struct {
	File string // as the compiler wrote it
	Text string // the whole source line
	Line int    // 1-based
	Col  int    // 1-based, bytes; 0 if unknown
}

// Function is one function of the linked program.
type Function struct {
	Name string // "" if neither BTF nor a symbol names it
	// Start and End bound its instructions, in slots; End is exclusive.
	Start, End int
}

// Index answers questions about one program. Its answers never change and it
// may be shared.
type Index struct {
	prog  *program.Program
	lines []program.Line
	funcs []Function

	once sync.Once
	info *debugInfo // nil without DWARF; see debug
}

// New indexes a linked program.
func New(p *program.Program) *Index {
	return &Index{prog: p, lines: p.Lines, funcs: functions(p)}
}

// functions are those of BTF and of the object's symbols, and whatever else calls
// lead to.
func functions(p *program.Program) []Function {
	starts := map[int]string{0: p.Name}
	for _, s := range p.Symbols {
		starts[int(s.InsnOff)] = s.Name
	}
	for _, f := range p.Funcs {
		starts[int(f.InsnOff)] = f.Name
	}
	for pc := range p.Insns {
		in := &p.Insns[pc]
		if in.IsSubprogCall() || in.IsFuncRef() {
			target := pc + 1 + int(in.Imm)
			if _, known := starts[target]; !known && target >= 0 && target < len(p.Insns) {
				starts[target] = ""
			}
		}
	}
	funcs := make([]Function, 0, len(starts))
	for start, name := range starts {
		funcs = append(funcs, Function{Name: name, Start: start})
	}
	sort.Slice(funcs, func(i, j int) bool { return funcs[i].Start < funcs[j].Start })
	for i := range funcs {
		funcs[i].End = len(p.Insns)
		if i+1 < len(funcs) {
			funcs[i].End = funcs[i+1].Start
		}
	}
	return funcs
}

// HasLines reports whether the program has any line information.
func (ix *Index) HasLines() bool { return len(ix.lines) > 0 }

// Function returns the function that holds the instruction.
func (ix *Index) Function(pc int) (Function, bool) {
	i := sort.Search(len(ix.funcs), func(i int) bool { return ix.funcs[i].Start > pc }) - 1
	if i < 0 || pc >= ix.funcs[i].End {
		return Function{}, false
	}
	return ix.funcs[i], true
}

// At returns the source line of the instruction: the last one that begins at
// or before it in its function.
func (ix *Index) At(pc int) (Pos, bool) {
	i := ix.lastLine(pc)
	if i < 0 {
		return Pos{}, false
	}
	if f, ok := ix.Function(pc); ok && int(ix.lines[i].InsnOff) < f.Start {
		return Pos{}, false
	}
	l := &ix.lines[i]
	if l.Line == 0 {
		return Pos{}, false
	}
	return Pos{File: l.File, Text: l.Text, Line: int(l.Line), Col: int(l.Col)}, true
}

// Begin is the instruction from which on At has the line that it returns for pc.
func (ix *Index) Begin(pc int) (int, bool) {
	i := ix.lastLine(pc)
	if i < 0 {
		return 0, false
	}
	return int(ix.lines[i].InsnOff), true
}

// lastLine is the index of the last line that begins at or before the instruction, -1 if none does.
func (ix *Index) lastLine(pc int) int {
	return sort.Search(len(ix.lines), func(i int) bool { return int(ix.lines[i].InsnOff) > pc }) - 1
}

// From returns the first source line that begins at or after the instruction
// and before the code branches. It tells where a jump to the instruction
// leads: what precedes it in memory is of another path.
func (ix *Index) From(pc int) (Pos, bool) {
	for i := sort.Search(len(ix.lines), func(i int) bool { return int(ix.lines[i].InsnOff) >= pc }); i < len(ix.lines); i++ {
		l := &ix.lines[i]
		for ; pc < int(l.InsnOff); pc++ {
			in := &ix.prog.Insns[pc]
			if class := in.Class(); (class == isa.ClassJMP || class == isa.ClassJMP32) && in.Op != isa.ClassJMP|isa.OpCall {
				return Pos{}, false
			}
		}
		if l.Line > 0 {
			return Pos{File: l.File, Text: l.Text, Line: int(l.Line), Col: int(l.Col)}, true
		}
	}
	return Pos{}, false
}

// Signature is the place of the function's declaration, which the compiler
// notes for its first instruction.
func (ix *Index) Signature(f Function) (Pos, bool) { return ix.At(f.Start) }

// IsConditional tells an instruction whose successor depends on data.
func IsConditional(in *isa.Insn) bool {
	class := in.Class()
	if class != isa.ClassJMP && class != isa.ClassJMP32 {
		return false
	}
	switch in.Code() {
	case isa.OpJa, isa.OpCall, isa.OpExit:
		return false
	}
	return true
}

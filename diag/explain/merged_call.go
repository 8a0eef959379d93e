// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"github.com/bpf-lsp/bpf-lsp/diag/internal/csource"
	"github.com/bpf-lsp/bpf-lsp/dwarfmap"
)

// Calls that the compiler merged: of several calls with the same arguments it makes one, which has no line. By what
// precedes it in memory it would be on a line that calls something else. The path tells which of the calls it was.

// placeMerged finds the places of the merged calls on the path.
func (f *finding) placeMerged() {
	f.Move(nil)
	path, moved := f.path(), map[int]dwarfmap.Pos{}
	seen := map[[2]int32]bool{}
	for i := len(path) - 1; i > 0; i-- { // where a call runs several times the last one counts
		way := [2]int32{path[i-1], path[i]}
		if _, known := moved[int(path[i])]; known || seen[way] {
			continue
		}
		seen[way] = true
		if pos, ok := f.mergedCall(int(path[i-1]), int(path[i])); ok {
			moved[int(path[i])] = pos
		}
	}
	f.Move(moved)
}

// mergedCall finds the call in the source that the path reaches from the instruction before, if the instruction is a
// call without a line of its own.
func (f *finding) mergedCall(before, pc int) (dwarfmap.Pos, bool) {
	name := f.Callee(pc)
	if name == "" || !f.isJoined(pc) {
		return dwarfmap.Pos{}, false
	}
	at, shown, ok := f.At(pc)
	if !ok || shown == nil {
		return dwarfmap.Pos{}, false
	}
	statement, ok := shown.StatementAt(at.Line, at.Col)
	if !ok || shown.Uses(name, statement.Line, statement.EndLine) {
		return dwarfmap.Pos{}, false
	}
	from, file, ok := f.At(before)
	if !ok || file == nil {
		return dwarfmap.Pos{}, false
	}
	fn, ok := file.FunctionAt(from.Line, from.Col)
	if !ok {
		return dwarfmap.Pos{}, false
	}
	first, last := csource.Range{Line: from.Line, Col: from.Col}, fn.Body.EndLine
	if b, ok := f.decision(before, pc); ok && b.decided && b.condition.Keyword == "if" && len(b.condition.Operands) < 2 {
		if b.truth {
			last = b.condition.Body.EndLine
		} else {
			first = csource.Range{Line: b.condition.Body.EndLine, Col: b.condition.Body.EndCol}
		}
	}
	r, ok := file.NameAfter(name, first.Line, first.Col, last)
	if !ok {
		return dwarfmap.Pos{}, false
	}
	return dwarfmap.Pos{File: from.File, Line: r.Line, Col: r.Col, Text: file.Line(r.Line)}, true
}

// isJoined reports whether a jump leads to an instruction, or between it and the one whose line it is given.
func (f *finding) isJoined(pc int) bool {
	begin, ok := f.Index.Begin(pc)
	fn, ok2 := f.Index.Function(pc)
	if !ok || !ok2 || begin == pc {
		return false
	}
	for i := fn.Start; i < fn.End; i++ {
		in := &f.Prog.Insns[i]
		if to := i + 1 + in.JumpOffset(); (in.IsConditional() || isGoto(in)) && begin < to && to <= pc {
			return true
		}
	}
	return false
}

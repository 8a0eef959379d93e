// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/csource"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
)

// Both parts of an `if` may end with the same access: the compiler makes one instruction
// of the two, and notes it at one of them. The path shows which of them ran.

// takenAt is the last instruction of the path in the part of an `if` that ran, where the
// instruction of the fault is noted in the other one; that of the fault for others.
func (f *finding) takenAt() int {
	file, pos, ok := f.sourceAt()
	if !ok || len(f.result.Path) == 0 {
		return f.report.PC
	}
	line, col := pos.Line, max(pos.Col, 1)
	fn, ok := file.FunctionAt(line, col)
	if !ok {
		return f.report.PC
	}
	for _, c := range slices.Backward(file.Conditions(fn)) {
		inside := c.Body.Contains(line, col)
		if c.Keyword != "if" || !c.HasElse || !inside && !c.Else.Contains(line, col) || !f.wentOtherwise(&c, inside) {
			continue
		}
		ran := c.Body
		if inside {
			ran = c.Else
		}
		return f.lastIn(file, ran)
	}
	return f.report.PC
}

// lastIn is the last instruction of the path that computes something in a range, that of
// the fault if there is none.
func (f *finding) lastIn(file *csource.File, r csource.Range) int {
	for _, at := range slices.Backward(f.result.Path) {
		pc := int(at)
		pos, other, ok := f.At(pc)
		if in := &f.Prog.Insns[pc]; ok && other == file && pos.Col > 0 && r.Contains(pos.Line, pos.Col) && in.Class() != isa.ClassJMP {
			return pc
		}
	}
	return f.report.PC
}

// addShared shows the access of the fault in the part of the source that ran.
func (f *finding) addShared() {
	in := f.insn()
	if in == nil || f.instead != nil || in.Class() != isa.ClassLDX && in.Class() != isa.ClassST && in.Class() != isa.ClassSTX {
		return
	}
	if f.shown = f.takenAt(); f.shown != f.report.PC {
		s := f.Span(f.shown)
		f.instead = &s
	}
}

// addWidened explains an index of which the verifier loses the limits where it is
// multiplied with the size of an element: it does not keep those of negative numbers.
func (f *finding) addWidened(a *amount) bool {
	for _, i := range a.lineage[a.plain:] {
		e := &f.result.History[i]
		in := &f.Prog.Insns[e.PC]
		if in.Op != isa.ClassALU64|isa.OpLsh|isa.SrcK || e.Old == nil || e.New == nil || !a.bounded() || a.low >= 0 || e.New.Min >= e.Old.Min<<in.Imm {
			continue
		}
		name := a.name
		if bare, negated := strings.CutPrefix(name, "-"); negated && f.isSubtracted(a) {
			name = bare // the number is subtracted as it is
		}
		if !isVariable(name) {
			return false
		}
		f.facts["fit"] = fmt.Sprintf("%s is %s here, and multiplied by the size of an element it is %s for the verifier, which does not keep the limits of negative numbers", catalog.Quote(name),
			f.stateRange(a.known, a.place, a.low, a.high), f.stateRange(i+1, e.Place, e.New.Min, e.New.Max))
		delete(f.facts, "offset")
		f.advisePositive(a, name)
		return true
	}
	return false
}

// isSubtracted reports whether the amount is taken away from the pointer.
func (f *finding) isSubtracted(a *amount) bool {
	return a.before < len(f.result.History) && f.Prog.Insns[f.result.History[a.before].PC].Code() == isa.OpSub
}

// advisePositive suggests to check and use the opposite of a negative number as the index.
func (f *finding) advisePositive(a *amount, number string) {
	text := f.amountText()
	file, pos, ok := f.sourceAt()
	if !ok || text != "-"+number || a.high >= 0 {
		f.advise(catalog.AdvisePositive, nil)
		return
	}
	at := f.Span(f.shown)
	fn, ok := file.FunctionAt(pos.Line, pos.Col)
	name := newVariable("index", file, fn)
	if !ok || name == "" {
		return
	}
	statements := fmt.Sprintf("%s %s = %s; %s %s", wholeType, name, text, barrier(name), trimQuotes(f.leavingAt(at, fmt.Sprintf("%s > %d", name, -a.low))))
	f.advise(catalog.AdvisePositiveIndex, catalog.Facts{"check": catalog.Quote(statements), "line": fmt.Sprint(at.Line), "value": catalog.Quote(name)})
	changes, ok := file.InsertBefore(at.Line, max(at.Col, 1), statements)
	uses := f.usesOf(file, text, at.Line, at.Line)
	if !ok || len(uses) != 1 {
		return
	}
	fix := limitCheck
	fix.Title = catalog.FixKeep.With(catalog.Facts{"value": catalog.Quote(text), "name": catalog.Quote(name), "check": catalog.Quote(statements)})
	f.propose(at.File, fix, append(changes, csource.Change{Range: uses[0], Text: name}))
}

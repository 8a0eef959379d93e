// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/csource"
	"github.com/bpf-lsp/bpf-lsp/dwarfmap"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
)

// outcome is what a place in the source says about a condition.
type outcome uint8

const (
	outcomeUnknown outcome = iota
	outcomeTrue            // the place is in the part that runs if the condition holds
	outcomeFalse           // it is in the else part
	outcomeNext            // it is in an operand that is evaluated afterwards
	outcomeAfter           // it is behind the whole statement
	outcomeLeave           // it is the end of the function
)

// branch is a C condition, or an operand of one, that a branch instruction
// decided.
type branch struct {
	condition csource.Condition
	operand   csource.Operand
	// decided reports that it is known which way it went, and truth which.
	decided, truth bool
}

// decision finds the C condition that a branch instruction decides, and
// whether it held when the path went on at next. Compilers turn conditions
// round, so the jump's own direction does not decide; where the two ways lead in
// the source does.
func (w *where) decision(pc, next int) (branch, bool) {
	pos, f, ok := w.At(pc)
	if !ok || f == nil || pos.Col == 0 {
		return branch{}, false
	}
	c, ok := f.ConditionAt(pos.Line, pos.Col)
	if !ok {
		return branch{}, false
	}
	b := branch{condition: c, operand: w.operand(pc, pos, f, &c)}
	t := w.tested(pc)
	if !w.fits(&t, b.operand.Text) || w.comparesOthers(pc, b.operand.Text) {
		if b, ok = w.merged(pc, pos, f, &t); !ok {
			return branch{}, false
		}
		c = b.condition
	}
	if (next == pc+1 || next == w.jumpTarget(pc)) && !t.isInside(b.operand.Text) {
		if b.truth, b.decided = w.truthOf(pc, b.operand.Text, next != pc+1); b.decided {
			return b, true
		}
	}
	if truth, known, ok := w.truthOfConstant(pc, pos, f, b.operand.Text, next == w.jumpTarget(pc)); ok {
		b.truth, b.decided = truth, known
		return b, true
	}
	if c.Keyword != "if" && w.ordersOthers(pc, b.operand.Text) {
		return b, true // the next round may have been counted already
	}
	other := pc + 1
	switch target := w.jumpTarget(pc); next {
	case other:
		other = target
	case target:
	default:
		return b, true
	}
	mine, knownMine := b.holds(w.outcome(f, pos.File, &c, next))
	theirs, knownTheirs := b.holds(w.outcome(f, pos.File, &c, other))
	switch {
	case knownMine && knownTheirs && mine == theirs:
		// Both ways lead into the same part, one maybe to code that another
		// branch shares: the way to the part's beginning is the genuine one.
		// Likewise a jump that left no code may share that of a later line.
		near := w.nearer(&c, next, other)
		switch {
		case near == 0:
		case mine:
			b.decided, b.truth = true, near > 0
		case c.Jump != "" && b.operand.OnTrue == csource.WholeTrue:
			b.decided, b.truth = true, near < 0
		}
	case knownMine:
		b.decided, b.truth = true, mine
	case knownTheirs:
		b.decided, b.truth = true, !theirs
	}
	return b, true
}

// Decisions says of a program which condition of the source a branch decides, and how it
// went on the way to an instruction; ok is false if that is not known.
func Decisions(s diag.Subject) func(pc, next int) (condition string, truth, ok bool) {
	var w *where
	return func(pc, next int) (string, bool, bool) {
		if w == nil {
			w = newWhere(s)
		}
		b, ok := w.decision(pc, next)
		return b.operand.Text, b.truth, ok && b.decided && b.operand.Text != "" && w.onlyBranch(pc, &b)
	}
}

// nearer returns which of two instructions is on an earlier line: positive if
// it is the first, 0 if that is unknown.
func (w *where) nearer(c *csource.Condition, a, b int) int {
	p, _, ok := w.From(a)
	q, _, ok2 := w.From(b)
	if !ok || !ok2 || p.Line < c.Body.Line || q.Line < c.Body.Line {
		return 0
	}
	return q.Line - p.Line
}

// operand is the part of a condition that the branch at pc decides. Compilers
// note several branches of one condition at the same operator, but generate
// them in order, so they are counted; if the numbers do not fit, the whole
// condition has to do.
func (w *where) operand(pc int, pos dwarfmap.Pos, f *csource.File, c *csource.Condition) csource.Operand {
	if len(c.Operands) == 1 {
		return c.Whole
	}
	index, count := w.branchesOf(pc, pos, f, c)
	if n := len(c.Operands); count%n == 0 && count > 0 {
		return c.Operands[index%n]
	}
	return c.Whole
}

// branchesOf counts the branches that the compiler noted at a condition, and
// those of them before pc.
func (w *where) branchesOf(pc int, pos dwarfmap.Pos, f *csource.File, c *csource.Condition) (index, count int) {
	fn, ok := w.Index.Function(pc)
	if !ok {
		return 0, 0
	}
	for p := fn.Start; p < fn.End; p++ {
		if !dwarfmap.IsConditional(&w.Prog.Insns[p]) {
			continue
		}
		at, g, ok := w.At(p)
		if !ok || g != f || at.File != pos.File || at.Col == 0 {
			continue
		}
		if other, ok := f.ConditionAt(at.Line, at.Col); !ok || other.At != c.At {
			continue
		}
		if p < pc {
			index++
		}
		count++
	}
	return index, count
}

// onlyBranch reports whether the branch at pc decides just what b says it does:
// compilers note branches of other conditions at it too.
func (w *where) onlyBranch(pc int, b *branch) bool {
	pos, f, ok := w.At(pc)
	if !ok || f == nil {
		return false
	}
	_, count := w.branchesOf(pc, pos, f, &b.condition)
	return b.decided && count == len(b.condition.Operands) && b.operand.Text != ""
}

// wayOf is where a path went on after a branch.
func (w *where) wayOf(e *record.Event) int {
	if e.Taken {
		return w.jumpTarget(e.PC)
	}
	return e.PC + 1
}

// jumpTarget is where a conditional jump leads if it is taken.
func (w *where) jumpTarget(pc int) int {
	return pc + 1 + int(w.Prog.Insns[pc].Off)
}

// holds translates where a path went into whether the operand was true.
func (b *branch) holds(o outcome) (truth, known bool) {
	target := csource.WholeFalse
	switch o {
	case outcomeUnknown:
		return false, false
	case outcomeTrue:
		target = csource.WholeTrue
	case outcomeLeave:
		if b.condition.Jump != "return" {
			return false, false
		}
		target = csource.WholeTrue
	case outcomeNext:
		if (b.operand.OnTrue >= 0) == (b.operand.OnFalse >= 0) {
			return false, false
		}
		return b.operand.OnTrue >= 0, true
	}
	if b.operand.OnTrue == b.operand.OnFalse {
		return false, false
	}
	return b.operand.OnTrue == target, b.operand.OnTrue == target || b.operand.OnFalse == target
}

// outcome says in which part of the condition's statement a pc is.
func (w *where) outcome(f *csource.File, file string, c *csource.Condition, pc int) outcome {
	if w.leaves(f, c, pc) {
		return outcomeLeave
	}
	pos, g, ok := w.From(pc)
	if !ok || g != f || pos.File != file {
		return outcomeUnknown
	}
	col := max(pos.Col, 1)
	switch {
	case c.Body.Contains(pos.Line, col):
		return outcomeTrue
	case c.HasElse && c.Else.Contains(pos.Line, col):
		return outcomeFalse
	case len(c.Operands) > 1 && c.Whole.Range.Contains(pos.Line, col):
		return outcomeNext
	case c.Target > 0 && pos.Line >= c.Target:
		return outcomeTrue
	case pos.Line > c.End:
		return outcomeAfter
	}
	return outcomeUnknown
}

// leaves reports whether a way leads out of the function without any more
// statements: to the exit that all returns share.
func (w *where) leaves(f *csource.File, c *csource.Condition, pc int) bool {
	for range 4 {
		if pc < 0 || pc >= len(w.Prog.Insns) {
			return false
		}
		in := &w.Prog.Insns[pc]
		if w.isExit(pc) {
			return true
		}
		pos, g, ok := w.At(pc)
		if ok && g == f && (pos.Line >= c.End || c.Body.Contains(pos.Line, max(pos.Col, 1))) && strings.TrimSpace(pos.Text) != "}" {
			return false
		}
		switch {
		case in.Class() == isa.ClassJMP && in.Code() == isa.OpJa:
			pc += 1 + int(in.Off)
		case in.Class() == isa.ClassALU64 || in.Class() == isa.ClassALU:
			pc++
		default:
			return false
		}
	}
	return false
}

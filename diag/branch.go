// SPDX-License-Identifier: GPL-2.0-only

package diag

import (
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag/csource"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
)

// outcome is what a place in the source says about a condition.
type outcome uint8

const (
	outcomeUnknown outcome = iota
	outcomeTrue            // the place is in the part that runs if the condition holds
	outcomeFalse           // it is in the else part
	outcomeNext            // it is in an operand that is evaluated afterwards
)

// decision finds the C condition that a branch instruction decides, and
// whether it held when the path went on at next. Compilers turn conditions
// round, so the jump's own direction does not tell; where the two ways lead in
// the source does.
func (w *where) decision(pc, next int) (truth bool, c csource.Condition, ok bool) {
	pos, f, ok := w.at(pc)
	if !ok || f == nil || pos.Col == 0 {
		return false, c, false
	}
	c, ok = f.ConditionAt(pos.Line, pos.Col)
	if !ok {
		return false, c, false
	}
	target, fall := w.jumpTarget(pc), pc+1
	other := fall
	switch next {
	case fall:
		other = target
	case target:
	default:
		return false, c, false
	}
	mine, theirs := w.outcome(f, pos.File, &c, next), w.outcome(f, pos.File, &c, other)
	if truth, ok := conditionHolds(c.Operator, mine); ok {
		if again, both := conditionHolds(c.Operator, theirs); both && again == truth {
			return false, c, false // both ways lead into the same part
		}
		return truth, c, true
	}
	if truth, ok := conditionHolds(c.Operator, theirs); ok {
		return !truth, c, true
	}
	if c.Jump != "" && c.Operator == "" {
		// The body is a jump that left no code: the way that leads to the
		// function's end, or away from the next lines, is the true one.
		a, b := w.leaves(f, &c, next), w.leaves(f, &c, other)
		if a != b {
			return a, c, true
		}
	}
	return false, c, false
}

// jumpTarget is where a conditional jump leads if it is taken.
func (w *where) jumpTarget(pc int) int {
	in := &w.prog.Insns[pc]
	if in.Class() == isa.ClassJMP32 && in.Code() == isa.OpJa {
		return pc + 1 + int(in.Imm)
	}
	return pc + 1 + int(in.Off)
}

// conditionHolds translates where a path went into what the operand was.
func conditionHolds(operator string, o outcome) (truth, ok bool) {
	switch o {
	case outcomeTrue:
		return true, true
	case outcomeFalse:
		return false, true
	case outcomeNext:
		return operator == "&&", operator != ""
	}
	return false, false
}

// outcome says in which part of the condition's statement a pc is.
func (w *where) outcome(f *csource.File, file string, c *csource.Condition, pc int) outcome {
	pos, g, ok := w.at(pc)
	if !ok || g != f || pos.File != file {
		return outcomeUnknown
	}
	col := max(pos.Col, 1)
	switch {
	case c.Body.Contains(pos.Line, col):
		return outcomeTrue
	case c.HasElse && c.Else.Contains(pos.Line, col):
		return outcomeFalse
	case c.HasRest && c.Rest.Contains(pos.Line, col):
		return outcomeNext
	}
	return outcomeUnknown
}

// leaves reports whether a way leads out of the code behind a condition: to
// the function's end instead of the next lines.
func (w *where) leaves(f *csource.File, c *csource.Condition, pc int) bool {
	for range 4 {
		if pc < 0 || pc >= len(w.prog.Insns) {
			return false
		}
		in := &w.prog.Insns[pc]
		if w.isExit(pc) {
			return true
		}
		pos, g, ok := w.at(pc)
		if ok && g == f && pos.Line >= c.Body.EndLine && strings.TrimSpace(pos.Text) != "}" {
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

// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"strconv"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/csource"
)

// Changes for tests that the compiler leaves out, or makes of another number: it is kept
// from knowing a variable, and the variable gets the 64 bits that instructions test.

// asBarrier is a fix that keeps the compiler from knowing a variable.
func asBarrier(advised bool) diag.Fix { return diag.Fix{Kind: catalog.FixBarrier, Advised: advised} }

// proposeBarrier makes the compiler test a variable in a condition: by a barrier before it,
// with a variable of 64 bits, or where that does not do between the tests of the condition.
func (f *finding) proposeBarrier(c *csource.Condition, name string) {
	at := f.sourceSpan(c.At)
	f.proposeBefore(at, asBarrier(true), barrier(name))
	file, _, ok := f.sourceAt()
	if !ok {
		return
	}
	d := f.declared(name)
	number, known := f.Index.NumberOf(f.report.PC, name)
	if d.text != "" && known && number.Size < 8 {
		typ := wideType(number)
		if changes, ok := file.InsertBefore(c.At.Line, c.At.Col, barrier(name)); ok {
			fix := asBarrier(false)
			fix.Title = catalog.FixWideBarrier.With(catalog.Facts{"value": catalog.Quote(name), "name": catalog.Quote(typ), "check": catalog.Quote(barrier(name)), "line": strconv.Itoa(c.At.Line)})
			f.propose(at.File, fix, append([]csource.Change{{Range: d.r, Text: typ}}, changes...))
		}
	}
	f.proposeSplit(c, name)
}

// proposeSplit makes one condition of two tests that leave in the same way two, with a
// barrier between them.
func (f *finding) proposeSplit(c *csource.Condition, name string) {
	file, _, ok := f.sourceAt()
	if !ok || len(c.Operands) != 2 || c.Keyword != "if" || c.HasElse || c.Jump == "" || file.Text(c.JumpRange) == "" {
		return
	}
	first, second := &c.Operands[0], &c.Operands[1]
	if first.OnTrue != csource.WholeTrue || second.OnTrue != csource.WholeTrue {
		return
	}
	statements := "if (" + first.Text + ") " + file.Text(c.JumpRange) + "; " + barrier(name)
	changes, ok := file.InsertBefore(c.At.Line, c.At.Col, statements)
	if !ok {
		return
	}
	fix := asBarrier(false)
	fix.Title = catalog.FixSplit.With(catalog.Facts{"value": catalog.Quote(first.Text), "name": catalog.Quote(second.Text), "line": strconv.Itoa(c.At.Line)})
	f.propose(f.sourceSpan(c.At).File, fix, append(changes, csource.Change{Range: c.Whole.Range, Text: second.Text}))
}

// proposeJoined tests both limits of a variable in the condition of the upper one, and
// leaves out the other.
func (f *finding) proposeJoined(lower, upper *held) {
	file, _, ok := f.sourceAt()
	if !ok {
		return
	}
	removed, ok := file.Remove(lower.condition.At.Line, lower.condition.At.Col)
	if !ok {
		return
	}
	text := lower.operand.Text + " || " + upper.operand.Text
	fix := diag.Fix{Kind: catalog.FixLimit, Advised: true}
	fix.Title = catalog.FixJoin.With(catalog.Facts{"check": catalog.Quote("if (" + text + ")"), "line": strconv.Itoa(upper.condition.At.Line), "place": strconv.Itoa(lower.condition.At.Line)})
	changes := append(removed, csource.Change{Range: upper.condition.Whole.Range, Text: text})
	if lower.condition.At.Line > upper.condition.At.Line {
		changes = append(changes[len(removed):], removed...)
	}
	f.propose(f.sourceSpan(upper.condition.At).File, fix, changes)
}

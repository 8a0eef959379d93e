// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/csource"
)

// A check that stands in the source may have no instruction: the compiler took it
// to be known from what the source says elsewhere, or made one test of two. The
// verifier knows only what instructions test.

// addUntested explains a check of the amount that no instruction is noted at.
func (f *finding) addUntested(a *amount) bool {
	c, o, ok := f.untested(a)
	if !ok {
		return false
	}
	f.facts["cause"] = fmt.Sprintf("the condition %s in line %d has no instruction of its own: the compiler took it to be known, or merged it with another one, and the verifier knows only what is tested",
		catalog.Quote(o.Text), o.Range.Line)
	f.advise(catalog.AdviseBarrier, catalog.Facts{"check": catalog.Quote(barrier(a.name)), "line": fmt.Sprint(c.At.Line)})
	f.proposeBarrier(&c, a.name)
	return true
}

// untested finds a condition that stands before the fault, would exclude it, and
// that no instruction is noted at.
func (f *finding) untested(a *amount) (csource.Condition, csource.Operand, bool) {
	none := csource.Condition{}
	pos, file, ok := f.At(f.report.PC)
	if !ok || file == nil || !lvalueRE.MatchString(a.name) {
		return none, none.Whole, false
	}
	col := max(pos.Col, 1)
	fn, ok := file.FunctionAt(pos.Line, col)
	if !ok {
		return none, none.Whole, false
	}
	noted := f.notedConditions(f.report.PC, pos, file)
	for _, c := range file.Conditions(fn) {
		if noted[c.At] || c.Keyword != "if" || c.At.Line >= pos.Line {
			continue
		}
		for i, o := range c.Operands {
			excludes, truth := f.excludes(a, o.Text)
			outcome, decided := c.Decided(i, !truth)
			switch {
			case !excludes, !decided, outcome == truth:
			case truth && (c.Jump == "" || !sameBlock(file, &c, pos.Line, col)):
			case !truth && !c.Body.Contains(pos.Line, col):
			case assignedBetween(file, a.name, c.End, pos.Line):
			default:
				return c, o, true
			}
		}
	}
	return none, none.Whole, false
}

// barrier is a statement that makes the compiler forget what it knows of a
// variable.
func barrier(name string) string { return fmt.Sprintf(`asm volatile("" : "+r"(%s));`, name) }

// excludes reports whether a condition, with the truth returned, is one under
// which the fault does not happen on the other way.
func (f *finding) excludes(a *amount, text string) (excludes, truth bool) {
	c := comparisonOf(text)
	if c.name != a.name {
		return false, false
	}
	if f.entry.Amount == catalog.AmountZero {
		switch {
		case c.op == "":
			return true, strings.HasPrefix(strings.TrimSpace(text), "!")
		case !c.isNumber:
			return false, false
		}
		switch fmt.Sprint(c.op, c.number) {
		case "==0", "<1", "<=0":
			return true, true
		case "!=0", ">0", ">=1":
			return true, false
		}
		return false, false
	}
	// A number beyond the limit shows that the condition was not tested.
	limit, upward, ok := boundOf(c.op, c.number)
	switch {
	case !ok || !c.isNumber || c.number <= 0:
		return false, false
	case upward:
		return a.high >= limit, true
	}
	return a.high > limit, false
}

// sameBlock reports whether a place is in the block that a condition stands in.
func sameBlock(file *csource.File, c *csource.Condition, line, col int) bool {
	block, ok := file.Block(c.At.Line, c.At.Col)
	return ok && block.Contains(line, col)
}

// assignedBetween reports whether a variable gets another value on the lines
// between two.
func assignedBetween(file *csource.File, name string, from, to int) bool {
	re := regexp.MustCompile(`(?:\+\+|--)\s*` + regexp.QuoteMeta(name) + `\b|\b` + regexp.QuoteMeta(name) + `\s*(?:\+\+|--|[-+*/%&|^]?=[^=]|<<=|>>=)`)
	for n := from + 1; n < to; n++ {
		if re.MatchString(file.Line(n)) {
			return true
		}
	}
	return false
}

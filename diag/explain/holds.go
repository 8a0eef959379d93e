// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"cmp"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/csource"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
)

// What the source excludes and the verifier does not: where the conditions around a
// place give a variable a limit in C, and the number that is used has none on the path,
// the compiler tests another number for the condition, such as `len - 1 > 39` for two
// comparisons. It is false then that the variable may be beyond the limit.

// held is an operand of a condition that has one outcome wherever the path is at a place.
type held struct {
	condition csource.Condition
	operand   csource.Operand
	truth     bool
}

// heldOf are the comparisons of a variable that have one outcome where an instruction
// is in the source, whatever the path to it. Those that the path is known to have decided
// otherwise do not count: branches may share the instruction.
func (f *finding) heldOf(name string, pc int) []held {
	pos, file, ok := f.At(pc)
	if !ok || file == nil || !isVariable(name) {
		return nil
	}
	line, col := pos.Line, max(pos.Col, 1)
	fn, ok := file.FunctionAt(line, col)
	if !ok {
		return nil
	}
	var out []held
	for _, c := range file.Conditions(fn) {
		whole := false // the outcome of the condition
		switch {
		case c.Body.Contains(line, col):
			whole = true
		case c.HasElse && c.Else.Contains(line, col):
		case c.Keyword == "if" && c.End < line && c.Leaves != "" && (c.Leaves != "goto" || c.LeavesTo > line) && sameBlock(file, &c, line, col):
		default:
			continue
		}
		if !keepsBetween(file, &c, name, line, col) || f.wentOtherwise(&c, whole) {
			continue
		}
		for i, o := range c.Operands {
			if truth, ok := c.Decided(i, whole); ok && comparisonOf(o.Text).name == name {
				out = append(out, held{c, o, truth})
			}
		}
	}
	return out
}

// keepsBetween reports whether a variable has the value at a place that a condition
// before it tested: nothing between assigns to it or takes its address, nor anything in
// a loop around the place that the condition is outside of.
func keepsBetween(file *csource.File, c *csource.Condition, name string, line, col int) bool {
	changed := func(from, to int) bool {
		if assignedBetween(file, name, from, to) {
			return true
		}
		address := regexp.MustCompile(`&\s*` + regexp.QuoteMeta(name) + `\b`)
		for n := from + 1; n < to; n++ {
			if address.MatchString(file.Line(n)) {
				return true
			}
		}
		return false
	}
	if changed(c.Whole.Range.EndLine, line) {
		return false
	}
	return !slices.ContainsFunc(file.Loops(line, col), func(loop csource.Range) bool {
		return !loop.Contains(c.At.Line, c.At.Col) && changed(loop.Line-1, loop.EndLine+1)
	})
}

// unlimited is a limit that is not known: of a number without one, or of a constant
// whose value only the compiler knows.
const unlimited = math.MaxInt32

// limitsInC are the limits that the operand, as it turned out, gives its variable. An
// upper one of unlimited is some constant; below and above say which of them it gives.
func (h *held) limitsInC() (low, high int64, below, above, notZero bool) {
	c := comparisonOf(h.operand.Text)
	right := strings.TrimSpace(h.operand.Text[strings.LastIndex(h.operand.Text, c.op)+len(c.op):])
	limit, upward, orders := boundOf(c.op, c.number)
	switch {
	case c.op == "":
		notZero = h.truth != strings.HasPrefix(strings.TrimSpace(h.operand.Text), "!")
	case !c.isNumber:
		high = unlimited
		above = orders && upward != h.truth && (strings.HasPrefix(right, "sizeof") || csource.IsConstant(right))
	case orders:
		if !h.truth {
			limit, upward = beyond(limit, upward), !upward
		}
		low, high, below, above, notZero = limit, limit, upward, !upward, upward && limit > 0
	default:
		is := (c.op == "==") == h.truth
		low, high, below, above, notZero = c.number, c.number, is, is, is != (c.number == 0)
	}
	return low, high, below, above, notZero
}

// excludedInC finds a condition that excludes in C what the fault is about, and that
// the amount does not show: that it is huge, negative, or 0.
func (f *finding) excludedInC(a *amount) (held, bool) {
	number, typed := f.numberOf(a)
	for _, h := range slices.Backward(f.heldOf(a.name, f.report.PC)) {
		low, high, below, above, notZero := h.limitsInC()
		// A negative number may be a huge one by now.
		beneath := below && low >= 0 && (a.low < 0 || a.high > unlimited) && (!typed || number.Signed)
		beyond := above && high >= 0 && high <= unlimited && (a.low < 0 || a.high > high) && (!typed || !number.Signed)
		if f.entry.Amount == catalog.AmountZero && notZero || f.entry.Amount != catalog.AmountZero && (beneath || beyond) {
			return h, true
		}
	}
	return held{}, false
}

// limitsAt finds the conditions that give a variable a limit of at least least, and an
// upper one, where an instruction is.
func (f *finding) limitsAt(name string, pc int, least int64) (lower, upper held, isLower, isUpper bool) {
	for _, h := range f.heldOf(name, pc) {
		low, _, below, above, notZero := h.limitsInC()
		if below && low >= least || notZero && least == 1 {
			lower, isLower = h, true
		}
		if above {
			upper, isUpper = h, true
		}
	}
	return lower, upper, isLower, isUpper
}

// addSeparateTests explains a subtraction that the source keeps from wrapping, by a test
// of what is subtracted from: with another test that leaves in the same way the compiler
// makes one of both, of another number.
func (f *finding) addSeparateTests(index int, from string, by term, line int) bool {
	pc := f.result.History[index].PC
	lower, upper, ok, both := f.limitsAt(from, pc, by.most)
	if !ok || by.reg {
		return false
	}
	name := catalog.Quote(from)
	f.facts["merged"] = "yes"
	f.facts["cause"] = fmt.Sprintf("the condition %s in line %d limits %s in C, from which line %d %s, but what the compiler tests for it is not the number that is used here, and the verifier knows only what is tested",
		catalog.Quote(lower.operand.Text), lower.operand.Range.Line, name, line, f.stateTerm(index, by, "subtracts "))
	file, _, _ := f.sourceAt()
	if both && file != nil && f.leaveAlike(&lower.condition, &upper.condition) {
		f.advise(catalog.AdviseJoin, catalog.Facts{
			"check": catalog.Quote("if (" + lower.operand.Text + " || " + upper.operand.Text + ")"),
			"line":  fmt.Sprint(upper.condition.At.Line), "place": fmt.Sprint(lower.condition.At.Line),
		})
		f.proposeJoined(&lower, &upper)
		return true
	}
	f.advise(catalog.AdviseApart, catalog.Facts{"check": catalog.Quote(barrier(from)), "line": fmt.Sprint(lower.condition.At.Line)})
	f.proposeBarrier(&lower.condition, from)
	f.proposeWide(from, false)
	return true
}

// leaveAlike reports whether two conditions of one operand each do nothing but leave,
// in the same words.
func (f *finding) leaveAlike(a, b *csource.Condition) bool {
	file, _, ok := f.sourceAt()
	plain := func(c *csource.Condition) bool {
		return c.Keyword == "if" && c.Jump == "return" && !c.HasElse && len(c.Operands) == 1
	}
	return ok && a.At != b.At && plain(a) && plain(b) && file.Text(a.JumpRange) == file.Text(b.JumpRange)
}

// joinsLimit suggests to test in one condition with the upper limit of a variable that
// something subtracted from it does not make it negative: with a test of its own that
// leaves alike, the compiler would make one of both, of another number.
func (f *finding) joinsLimit(pc int, from, check string) bool {
	_, upper, _, ok := f.limitsAt(from, pc, 1)
	file, _, there := f.sourceAt()
	if c := &upper.condition; !ok || !there || c.Keyword != "if" || c.Jump != "return" || c.HasElse || len(c.Operands) != 1 || file.Text(c.JumpRange)+";" != f.earlyReturn() {
		return false
	}
	text := check + " || " + upper.condition.Whole.Text
	f.advise(catalog.AdviseJoined, catalog.Facts{"check": catalog.Quote("if (" + text + ")"), "line": fmt.Sprint(upper.condition.At.Line)})
	f.proposeCondition(&upper.condition, limitCheck, text)
	return true
}

// removed reports whether no instruction of the function of the fault is noted at a condition.
func (f *finding) removed(c *csource.Condition) bool {
	pos, file, ok := f.At(f.report.PC)
	return ok && file != nil && !f.notedConditions(f.report.PC, pos, file)[c.At]
}

// moduloWords say that a number is the rest of a division, of which the compiler knows limits
// that the verifier does not, "" of others.
func (f *finding) moduloWords(a *amount) string {
	for _, i := range slices.Backward(a.lineage[:a.plain]) {
		e := &f.result.History[i]
		if in := &f.Prog.Insns[e.PC]; (in.Class() == isa.ClassALU || in.Class() == isa.ClassALU64) && in.Code() == isa.OpMod && strings.Contains(f.lineText(e.PC), "%") {
			return fmt.Sprintf(" from the %s in line %d, whose result has no limits for the verifier", catalog.Quote("%"), f.lineOf(e.PC))
		}
		if !f.keepsNumber(e) {
			break
		}
	}
	return ""
}

// addMerged explains an amount that the source limits by a condition for which the
// compiler tests another number.
func (f *finding) addMerged(a *amount) bool {
	h, ok := f.excludedInC(a)
	if !ok {
		return false
	}
	name := catalog.Quote(a.name)
	what := "limits " + name
	if f.entry.Amount == catalog.AmountZero {
		what = "keeps " + name + " from being zero"
	}
	keep, tests := catalog.AdviseApart, "what the compiler tests for it is not the number that is used here"
	if f.removed(&h.condition) {
		keep, tests = catalog.AdviseBarrier, "has no instruction: the compiler took it to be known"+cmp.Or(f.moduloWords(a), ", or merged it with another one")
	}
	f.facts["cause"] = fmt.Sprintf("the condition %s in line %d %s in C, but %s, and the verifier knows only what is tested",
		catalog.Quote(h.operand.Text), h.operand.Range.Line, what, tests)
	f.facts["merged"] = "yes"
	number, typed := f.numberOf(a)
	known := catalog.Facts{"value": name}
	if typed && number.Size < 8 && !f.uses32() {
		known["processor"] = catalog.Quote("-mcpu=v3")
	}
	switch most, bounded := f.most(a); {
	case h.condition.Keyword == "if":
		known["check"], known["line"] = catalog.Quote(barrier(a.name)), fmt.Sprint(h.condition.At.Line)
		f.advise(keep, known)
		if known["processor"] == "" {
			f.proposeBarrier(&h.condition, a.name)
		} else {
			f.proposeBefore(f.sourceSpan(h.condition.At), asBarrier(false), barrier(a.name))
		}
		f.proposeWide(a.name, false)
		if most, bounded := f.most(a); bounded {
			f.proposeLimitedCopy(a.name, most, asFallback(limitCheck))
		}
	case known["processor"] != "":
		f.advise(catalog.AdviseWideLoop, known)
		f.proposeWide(a.name, true)
	case bounded:
		check := a.name + " > " + fmt.Sprint(most)
		if number.Signed {
			check = a.name + " < 0 || " + check
		}
		again := barrier(a.name) + " " + trimQuotes(f.leaving(check))
		f.advise(catalog.AdviseTestAgain, catalog.Facts{"check": catalog.Quote(again)})
		f.proposeBefore(f.Span(f.report.PC), asBarrier(true), again)
	}
	return true
}

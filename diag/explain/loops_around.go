// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/csource"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/history"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/source"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
)

// The loops of the source around a place that the walk did not get beyond: which they
// are, how many rounds they have, and what does not change in them.

// loopsAround are the conditions of the loops around the fault in its function,
// outermost first.
func (f *finding) loopsAround() (loops []csource.Condition, file *csource.File) {
	file, pos, ok := f.sourceAt()
	if !ok {
		return nil, nil
	}
	col := max(pos.Col, 1)
	fn, ok := file.FunctionAt(pos.Line, col)
	if !ok {
		return nil, nil
	}
	for _, c := range file.Conditions(fn) {
		if c.Keyword == "if" || c.Whole.Text == "" {
			continue
		}
		if c.At.Line == pos.Line || c.Body.Contains(pos.Line, col) {
			loops = append(loops, c)
		}
	}
	return loops, file
}

// addLoopsAround names the loops and what is known of their rounds.
func (f *finding) addLoopsAround() {
	loops, file := f.loopsAround()
	if len(loops) == 0 {
		return
	}
	var words []string
	rounds := int64(1)
	pos, _, _ := f.At(f.report.PC)
	for _, c := range slices.Backward(loops) {
		words = append(words, fmt.Sprintf("the loop in line %d (%s)", c.At.Line, catalog.Quote(c.Whole.Text)))
		f.details = append(f.details, step{
			pc: -1, span: source.WithRange(diag.Span{File: f.Absolute(pos.File)}, c.Whole.Range), message: "the path is in this loop",
		})
		rounds = times(rounds, f.roundsOf(&c, file))
	}
	slices.Reverse(f.details)
	f.facts["loops"] = strings.Join(words, ", inside of ")
	if len(loops) > 1 && rounds > 0 {
		f.facts["rounds"] = f.state(diag.Claim{Kind: diag.ClaimRounds, Event: diag.AtFault, Text: f.facts["loops"], Low: rounds, High: rounds}, "together they run up to %d rounds", rounds)
	}
	f.addLimitless(&loops[len(loops)-1])
}

// times multiplies numbers of rounds; 0 is an unknown one.
func times(a, b int64) int64 {
	if a == 0 || b == 0 || a > math.MaxInt64/b {
		return 0
	}
	return a * b
}

// roundsOf counts the rounds of a `for` that counts upwards from 0 by one, 0 for others.
func (f *finding) roundsOf(c *csource.Condition, file *csource.File) int64 {
	cmp := comparisonOf(c.Whole.Text)
	limit, upward, ok := boundOf(cmp.op, cmp.number)
	if c.Keyword != "for" || !ok || upward || !cmp.isNumber || !isVariable(cmp.name) {
		return 0
	}
	head := file.Line(c.At.Line)
	if !strings.Contains(head, cmp.name+" = 0;") || !strings.Contains(head, cmp.name+"++") && !strings.Contains(head, "++"+cmp.name) {
		return 0
	}
	return max(limit+1, 0)
}

// addLimitless says of the limit of a loop that it is a variable which may be large.
func (f *finding) addLimitless(c *csource.Condition) {
	m := comparesRE.FindStringSubmatch(c.Whole.Text)
	if m == nil || !lvalueRE.MatchString(m[3]) || csource.IsConstant(m[3]) || m[2] != "<" && m[2] != "<=" && m[2] != "!=" {
		return
	}
	if f.addUnknownPair(c, m[1], m[3]) {
		return
	}
	for i, e := range slices.Backward(f.result.History) {
		in := &f.Prog.Insns[e.PC]
		if e.Kind != record.EventBranch || in.SrcKind() != isa.SrcX || f.lineOf(e.PC) != c.At.Line {
			continue
		}
		for _, reg := range []uint8{in.Src, in.Dst} {
			p := record.Place{Kind: record.InRegister, Frame: uint8(e.Frame), Activation: e.Activation, Index: reg}
			v := history.Known(f.result, i, p)
			if v == nil || !v.IsNumber() || v.IsConst() || v.UMax < many || !f.holdsVariable(e.PC, reg, m[3]) {
				continue
			}
			f.facts["rounds"] = f.stateMost(i, p, int64(v.UMax), "%s, which is to end it, may be up to %d", catalog.Quote(m[3]), v.UMax)
			f.adviseLimit(c, m[1])
			return
		}
	}
	f.addUntestedLimit(c, m[1], m[3])
}

// addUnknownPair says of a loop that it compares two members of the value of a map.
func (f *finding) addUnknownPair(c *csource.Condition, left, right string) bool {
	of, ok := f.valueAround(left)
	other, ok2 := f.valueAround(right)
	if !ok || !ok2 {
		return false
	}
	where := "the value of map " + of
	if of != other {
		where = "values of the maps " + of + " and " + other
	}
	f.facts["rounds"] = fmt.Sprintf("%s and %s, which its condition compares, are in %s, whose content the verifier does not follow", catalog.Quote(left), catalog.Quote(right), where)
	f.advise(catalog.AdviseRounds, boundedLoop(c, 256))
	return true
}

// boundedLoop is the head of a `while` loop with a count of its rounds.
func boundedLoop(c *csource.Condition, rounds int) catalog.Facts {
	if c.Keyword != "while" || c.Body.Line < c.At.Line {
		return nil
	}
	return catalog.Facts{"check": catalog.Quote(fmt.Sprintf("for (int i = 0; i < %d && %s; i++)", rounds, c.Whole.Text))}
}

// lookedUpRE is the look-up of a map's value.
var lookedUpRE = regexp.MustCompile(`^(?:\([^()]*\)\s*)?bpf_map_lookup(?:_percpu)?_elem\(\s*&([A-Za-z_]\w*)`)

// valueAround is the map in whose value a member is, if all that the pointer to it is given is
// the result of a look-up.
func (f *finding) valueAround(member string) (of string, ok bool) {
	root, _, ok := strings.Cut(member, "->")
	fn, file, _, ok2 := f.functionHere()
	if !ok || !ok2 {
		return "", false
	}
	_, value, ok := file.SoleAssignment(fn, root)
	m := lookedUpRE.FindStringSubmatch(value)
	if !ok || m == nil {
		return "", false
	}
	return catalog.Quote(m[1]), true
}

// addUntestedLimit says of the limit of a loop where it comes from if no other condition
// tests it.
func (f *finding) addUntestedLimit(c *csource.Condition, counter, limit string) {
	file, pos, _ := f.sourceAt()
	fn, ok := file.FunctionAt(pos.Line, pos.Col)
	if !ok || !isVariable(limit) {
		return
	}
	for _, other := range file.Conditions(fn) {
		if other.At != c.At && mentions(other.Whole.Text, limit) {
			return
		}
	}
	r, value, ok := file.SoleAssignment(fn, limit)
	if !ok || csource.IsConstant(value) || r.Line >= c.At.Line {
		return
	}
	f.facts["rounds"] = fmt.Sprintf("%s, which is to end it, is %s (line %d), and no other condition tests it", catalog.Quote(limit), catalog.Quote(value), r.Line)
	f.adviseLimit(c, counter)
}

// adviseLimit suggests a constant limit for a loop.
func (f *finding) adviseLimit(c *csource.Condition, counter string) {
	f.advise(catalog.AdviseLoopLimit, catalog.Facts{
		"check": catalog.Quote(fmt.Sprintf("%s && %s < 256", c.Whole.Text, counter)), "line": strconv.Itoa(c.At.Line),
	})
}

// many is a number of rounds that is too large for any loop to be followed.
const many = 1 << 20

// holdsVariable reports whether a register has the value of a variable, or may have it
// where debug information does not say.
func (f *finding) holdsVariable(pc int, reg uint8, name string) bool {
	held := f.held(pc, reg)
	for _, v := range held {
		if v.Name == name {
			return true
		}
	}
	return len(held) == 0 && !isVariable(name)
}

// addUnchanged says that the variable of a loop's condition stays the same, and on
// which side of a condition in the loop.
func (f *finding) addUnchanged(loop *csource.Condition, file *csource.File) {
	cmp := comparisonOf(loop.Whole.Text)
	if !isVariable(cmp.name) {
		return
	}
	f.facts["unchanged"] = fmt.Sprintf("%s, which the condition in line %d tests, stays the same", catalog.Quote(cmp.name), loop.At.Line)
	pos, _, _ := f.At(f.report.PC)
	s := diag.Span{File: f.Absolute(pos.File)}
	f.details = append(f.details, step{pc: -1, span: source.WithRange(s, loop.Whole.Range), message: "the loop is to end by this condition"})
	for _, e := range slices.Backward(f.result.History) {
		if e.Kind != record.EventBranch {
			continue
		}
		b, ok := f.decision(e.PC, f.wayOf(&e))
		if !ok || !b.decided || b.condition.Keyword != "if" || len(b.condition.Operands) != 1 || !loop.Body.Contains(b.condition.At.Line, b.condition.At.Col) {
			continue
		}
		changes := false
		for n := b.condition.Body.Line; n <= b.condition.Body.EndLine; n++ {
			changes = changes || assignedBetween(file, cmp.name, n-1, n+1)
		}
		if changes && !b.truth {
			f.facts["unchanged"] += fmt.Sprintf(" where %s in line %d is false", catalog.Quote(b.operand.Text), b.condition.At.Line)
			f.details = append(f.details, step{pc: e.PC, span: source.WithRange(s, b.operand.Range), message: "it does not change where this is false"})
		}
		return
	}
}

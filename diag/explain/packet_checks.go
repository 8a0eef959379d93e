// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"cmp"
	"fmt"
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
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
)

// Checks on the path that do not count for an access to a packet:
//
//	the wrong way round       only short packets get here
//	with an end from before   a call moved the packet since
//	of a number               the difference of end and start, which is none to the verifier
//	of the start              it is before the end, by how much is not known
//	of another pointer        or of an earlier value of the same

// comparedEnd is a branch on the path that compares something with the end of the
// packet, or with what was it.
type comparedEnd struct {
	index int
	e     *record.Event
	// reg has what is compared, and end the end.
	reg, end uint8
	value    *record.Value
	op       string // of value and end, on this path
}

// comparedEnds are those branches, latest first.
func (f *finding) comparedEnds(isEnd func(*record.Value, int, uint8) bool) []comparedEnd {
	var out []comparedEnd
	n := 0
	for i := len(f.result.History) - 1; i >= 0 && n < maxTests; i-- {
		e := &f.result.History[i]
		if e.Kind != record.EventBranch || f.Prog.Insns[e.PC].SrcKind() != isa.SrcX {
			continue
		}
		n++
		in := &f.Prog.Insns[e.PC]
		at := func(reg uint8) *record.Value {
			return history.Known(f.result, i, registerOf(e, reg))
		}
		op := jumpOperators[in.Code()]
		if !e.Taken {
			op = opposites[op]
		}
		dst, src := at(in.Dst), at(in.Src)
		switch {
		case dst == nil || src == nil || op == "":
		case isEnd(src, i, in.Src):
			out = append(out, comparedEnd{i, e, in.Dst, in.Src, dst, op})
		case isEnd(dst, i, in.Dst):
			out = append(out, comparedEnd{i, e, in.Src, in.Dst, src, mirrored[op]})
		}
	}
	return out
}

// mirrored are comparisons with their sides exchanged.
var mirrored = map[string]string{"<": ">", ">": "<", "<=": ">=", ">=": "<="}

// registerOf is a register in the function of an event.
func registerOf(e *record.Event, reg uint8) record.Place {
	return record.Place{Kind: record.InRegister, Frame: uint8(e.Frame), Activation: e.Activation, Index: reg}
}

// addReversed says that a comparison with the end lets, on this path, only short
// packets pass.
func (f *finding) addReversed(reach int64) bool {
	if reach != 0 {
		return false
	}
	made, whole := history.Lineage(f.result, len(f.result.History), f.place())
	if !whole || len(made) == 0 {
		return false
	}
	for _, c := range f.comparedEnds(isPacketEnd) {
		if c.index < made[0] || f.movedSince(c.index) != nil || !c.value.Type.IsPacket() {
			return false // earlier comparisons were about another pointer
		}
		if strings.HasPrefix(c.op, "<") {
			return false
		}
		return f.addTooShort(&c)
	}
	return false
}

func isPacketEnd(v *record.Value, _ int, _ uint8) bool { return isEnd(v) }

// addTooShort is about a comparison that found the packet too short, on a path
// that goes on all the same.
func (f *finding) addTooShort(c *comparedEnd) bool {
	b, ok := f.decision(c.e.PC, f.wayOf(c.e))
	if ok && b.decided && f.addHalfTested(&b) {
		return true
	}
	if !ok || !b.decided || len(b.condition.Operands) != 1 || b.condition.Keyword != "if" {
		return false
	}
	known := catalog.Facts{"line": strconv.Itoa(b.condition.At.Line)}
	switch {
	case !b.truth && b.condition.Jump == "return":
		known["check"] = catalog.Quote(turned(b.condition.Whole.Text))
		f.advise(catalog.AdviseTurnRound, known)
		f.proposeCondition(&b.condition, packetCheck, conditionOf(turned(b.condition.Whole.Text)))
	case b.truth && b.condition.Jump == "":
		f.advise(catalog.AdviseEndIf, known)
		f.proposeLast(b.condition.Body, packetCheck, f.earlyReturn())
	default:
		return false
	}
	f.facts["checked"] = fmt.Sprintf("the comparison at line %s lets only packets get here that end before that, which proves no minimum", known["line"])
	if c.value.IsConst() {
		most := int64(c.value.Off) + int64(c.value.Bits)
		if c.op == ">" {
			most--
		}
		at := diag.Claim{Kind: diag.ClaimShort, Event: c.index, Place: registerOf(c.e, c.reg), Low: most, High: most}
		f.facts["checked"] = fmt.Sprintf("the comparison at line %s ", known["line"]) +
			f.state(at, "lets only %ss of at most %s get here, which proves no minimum", f.facts["packet"], catalog.Bytes(fmt.Sprint(most)))
	}
	return true
}

// addHalfTested is about a comparison with the end that leaves only if something else is
// true as well.
func (f *finding) addHalfTested(b *branch) bool {
	c := &b.condition
	if len(c.Operands) < 2 || !b.truth || b.operand.OnTrue < 0 || b.operand.OnFalse != csource.WholeFalse || c.Jump != "return" || c.Keyword != "if" {
		return false
	}
	file, _, ok := f.sourceAt()
	if !ok {
		return false
	}
	line := strconv.Itoa(c.At.Line)
	f.facts["checked"] = fmt.Sprintf("%s in line %s is true on this path, which goes on since the other part of that condition is false", catalog.Quote(b.operand.Text), line)
	f.advise(catalog.AdviseOwnCondition, catalog.Facts{
		"line": line, "check": catalog.Quote(fmt.Sprintf("if (%s) %s;", b.operand.Text, file.Text(c.JumpRange))),
	})
	f.proposeBefore(f.sourceSpan(c.At), packetCheck, fmt.Sprintf("if (%s) %s;", b.operand.Text, file.Text(c.JumpRange)))
	return true
}

var ordersRE = regexp.MustCompile(`^(.*[^-<>=!\s])\s*(<=|>=|<|>)\s*([^<>=\s].*)$`)

// turned is a condition that holds where one with the other order did not: the end
// of what is read is beyond that of the packet.
func turned(text string) string {
	m := ordersRE.FindStringSubmatch(text)
	if m == nil {
		return text
	}
	op := ">"
	if strings.HasPrefix(m[2], ">") {
		op = "<"
	}
	return fmt.Sprintf("if (%s %s %s)", m[1], op, m[3])
}

// movedSince is the first call after an event that may have moved the packet, nil
// if there is none.
func (f *finding) movedSince(index int) *record.Event {
	for i := index + 1; i < len(f.result.History); i++ {
		if e := &f.result.History[i]; e.Reason == record.ReasonPacketMoved && f.isCallAt(e.PC) {
			return e
		}
	}
	return nil
}

// addWeakCheck says of a check on the path why it does not cover the access.
func (f *finding) addWeakCheck(pointer *record.Value, reach int64) bool {
	if reach != 0 || pointer == nil {
		return false
	}
	name := trimQuotes(f.facts["value"])
	for _, c := range f.comparedEnds(f.staleEnd) {
		if !c.value.Type.IsPacket() {
			continue
		}
		moved := f.endedBy(c.index, c.end)
		end := cmp.Or(catalog.Quote(f.endNameAt(&c)), "the end")
		f.facts["checked"] = fmt.Sprintf("the check%s does not count: %s is still that from before %s%s, which may have moved the packet", f.checkLine(&c, name, ""), end, f.calleeWords(moved.PC), f.lineWords(moved.PC))
		f.adviseReadAgain(nil)
		f.labelCheck(&c, name, "")
		return true
	}
	if f.addNumberCheck() {
		return true
	}
	for _, c := range f.comparedEnds(isPacketEnd) {
		if !c.value.Type.IsPacket() || f.movedSince(c.index) != nil {
			continue
		}
		tested := cmp.Or(f.packetName(c.e.PC, c.reg), f.comparedName(&c))
		same := c.value.IsConst() == pointer.IsConst() && c.value.IsConst()
		switch {
		case strings.HasPrefix(c.op, ">"):
			continue
		case same && c.value.Off == 0 && c.value.Bits == 0 && tested != "":
			where := "not behind"
			if c.op == "<" {
				where = "before"
			}
			f.facts["checked"] = fmt.Sprintf("the check%s proves only that %s is %s the end, not that these bytes are there", f.checkLine(&c, tested, name), catalog.Quote(tested), where)
		case same || tested == "":
			continue
		case tested == name:
			f.facts["checked"] = fmt.Sprintf("the check%s was of an earlier value of %s", f.checkLine(&c, tested, ""), catalog.Quote(tested))
		default:
			f.facts["checked"] = fmt.Sprintf("the check%s is of %s and says nothing about %s", f.checkLine(&c, tested, ""), catalog.Quote(tested), f.valueName())
		}
		f.labelCheck(&c, tested, name)
		return true
	}
	return false
}

// comparedName is the variable that the condition of a comparison starts with.
func (f *finding) comparedName(c *comparedEnd) string {
	o, ok := f.checkOperand(c, "", "")
	if !ok {
		return ""
	}
	m := comparedRE.FindStringSubmatch(o.Text)
	if m == nil || m[1] == f.packetEnd() {
		return ""
	}
	return m[1]
}

var comparedRE = regexp.MustCompile(`^(?:\([^()]*\*\)\s*)*\(*\s*(?:\([^()]*\*\)\s*)*([A-Za-z_]\w*)\b`)

// staleEnd reports whether a register holds the number that is left of an end
// since a call moved the packet.
func (f *finding) staleEnd(v *record.Value, before int, reg uint8) bool {
	return v.IsNumber() && f.endedBy(before, reg) != nil
}

// endedBy is the call that moved the packet whose end a register had before an
// event, nil if it had none.
func (f *finding) endedBy(before int, reg uint8) *record.Event {
	made, _ := history.Lineage(f.result, before, registerOf(&f.result.History[before], reg))
	for _, i := range made {
		e := &f.result.History[i]
		if e.Reason != record.ReasonPacketMoved || e.Old == nil {
			continue
		}
		// Metadata ends where the packet begins.
		if isEnd(e.Old) || f.facts["packet"] == "metadata" && e.Old.Type.Base() == regtype.PtrToPacket {
			return e
		}
	}
	return nil
}

// addNumberCheck finds a test of the difference of the end and a packet pointer.
func (f *finding) addNumberCheck() bool {
	n := 0
	for i := len(f.result.History) - 1; i >= 0 && n < maxTests; i-- {
		e := &f.result.History[i]
		if e.Kind != record.EventBranch || f.movedSince(i) != nil {
			continue
		}
		n++
		made, _ := history.Lineage(f.result, i, registerOf(e, f.Prog.Insns[e.PC].Dst))
		if f.Prog.Insns[e.PC].SrcKind() == isa.SrcX {
			other, _ := history.Lineage(f.result, i, registerOf(e, f.Prog.Insns[e.PC].Src))
			made = append(made, other...)
		}
		for _, j := range made {
			d := &f.result.History[j]
			in := &f.Prog.Insns[d.PC]
			if in.Op != isa.ClassALU64|isa.OpSub|isa.SrcX || d.Old == nil || !isEnd(d.Old) {
				continue
			}
			c := comparedEnd{index: i, e: e}
			what := "the difference of two pointers"
			if m := differenceRE.FindString(f.lineText(d.PC)); m != "" {
				what = catalog.Quote(m)
			}
			f.facts["checked"] = fmt.Sprintf("the check%s is of %s, a number that the verifier does not connect with the %s", f.checkLine(&c, "", ""), what, f.facts["packet"])
			f.labelCheck(&c, "", "")
			return true
		}
	}
	return false
}

// differenceRE finds a subtraction of two variables.
var differenceRE = regexp.MustCompile(`\b[A-Za-z_]\w*(?:->\w+)? - [A-Za-z_]\w*(?:->\w+)?\b`)

// endNameAt is the variable that has the end at a comparison.
func (f *finding) endNameAt(c *comparedEnd) string {
	for _, v := range f.held(c.e.PC, c.end) {
		return v.Name
	}
	if o, ok := f.checkOperand(c, f.endVariable(), ""); ok && mentions(o.Text, f.endVariable()) {
		return f.endVariable()
	}
	return ""
}

// checkOperand is the condition of the source that a branch decides. Compilers
// note one at the head of its loop too, so it has to name what is compared.
func (f *finding) checkOperand(c *comparedEnd, name, other string) (csource.Operand, bool) {
	pos, file, ok := f.At(c.e.PC)
	if !ok || file == nil {
		return csource.Operand{}, false
	}
	fits := func(text string) bool {
		return (name == "" || mentions(text, name) || other != "" && mentions(text, other)) && (c.op == "" || comparesEnd(text, f.packetEnd()))
	}
	if b, ok := f.decision(c.e.PC, f.wayOf(c.e)); ok && fits(b.operand.Text) {
		return b.operand, true
	}
	fn, ok := file.FunctionAt(pos.Line, pos.Col)
	if !ok || name == "" {
		return csource.Operand{}, false
	}
	var found []csource.Operand
	for _, c := range file.Conditions(fn) {
		for _, o := range c.Operands {
			if fits(o.Text) {
				found = append(found, o)
			}
		}
	}
	if len(found) != 1 {
		return csource.Operand{}, false
	}
	return found[0], true
}

// comparesEnd reports whether a condition is a comparison with the end.
func comparesEnd(text, end string) bool {
	return mentions(text, end) && strings.ContainsAny(strings.ReplaceAll(text, "->", ""), "<>")
}

// checkLine is " at line N" of a check.
func (f *finding) checkLine(c *comparedEnd, name, other string) string {
	if o, ok := f.checkOperand(c, name, other); ok {
		return fmt.Sprintf(" at line %d", o.Range.Line)
	}
	return f.lineWords(c.e.PC)
}

// labelCheck shows a check that does not count.
func (f *finding) labelCheck(c *comparedEnd, name, other string) {
	s := step{pc: c.e.PC, span: f.Span(c.e.PC), message: "this check does not cover the access"}
	if o, ok := f.checkOperand(c, name, other); ok {
		pos, _, _ := f.At(c.e.PC)
		s.span = source.WithRange(diag.Span{File: f.Absolute(pos.File)}, o.Range)
	}
	if !slices.ContainsFunc(f.details, func(d step) bool { return d.span == s.span }) {
		f.details = append(f.details, s)
	}
}

// isEnd reports whether a value is the end of a packet.
func isEnd(v *record.Value) bool { return v.Type.Base() == regtype.PtrToPacketEnd }

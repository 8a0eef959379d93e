// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"cmp"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/csource"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/history"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
)

// What the recorded events show of the value concerned: how it was handed on,
// what it became, when it ended, and what the conditions on the way taught.

// lineage are the events that made the value concerned, oldest first.
func (f *finding) lineage() []*record.Event {
	if f.reg < 0 || f.reg > 9 || f.entry.Story.About != catalog.AboutValue {
		return nil
	}
	found, _ := history.Lineage(f.result, len(f.result.History), f.place())
	events := make([]*record.Event, len(found))
	for i, at := range found {
		events[i] = &f.result.History[at]
	}
	return events
}

// origin is where the value concerned came from: by the path alone or, where
// it went through memory that the path does not name, by what was recorded.
func (f *finding) origin() origin {
	o := lineage(f.Prog.Insns, f.path(), uint8(f.reg))
	found, whole := history.Lineage(f.result, len(f.result.History), f.place())
	if f.fromCallback(found) {
		return origin{pc: -1} // what a callback gets is not what its caller returns
	}
	if o.kind != originUnknown && o.kind != originLoad || !whole || len(found) == 0 {
		return o
	}
	switch e := &f.result.History[found[0]]; {
	case e.Reason != record.ReasonWrite || e.Place.Kind != record.InRegister:
		return o
	case f.isCallAt(e.PC):
		return origin{kind: originCall, pc: e.PC}
	case f.Prog.Insns[e.PC].Class() == isa.ClassLDX:
		return origin{kind: originLoad, pc: e.PC}
	}
	return o
}

// fromCallback reports whether a lineage leads through an argument of a callback.
func (f *finding) fromCallback(lineage []int) bool {
	return slices.ContainsFunc(lineage, func(i int) bool {
		e := &f.result.History[i]
		return e.Reason == record.ReasonArgument && !f.Prog.Insns[e.PC].IsSubprogCall()
	})
}

// lastEvent is the index of the last event at pc, 0 if there is none.
func (f *finding) lastEvent(pc int) int {
	for i := len(f.result.History) - 1; i >= 0; i-- {
		if f.result.History[i].PC == pc {
			return i
		}
	}
	return 0
}

// valueName is what the value concerned is called.
func (f *finding) valueName() string { return cmp.Or(f.facts["value"], "the value") }

// lifeSteps say where the value got its limits, changed hands and ended.
func (f *finding) lifeSteps(lineage []*record.Event) []step {
	var steps []step
	say := func(e *record.Event, message string, note bool) {
		if !f.sameLine(e.PC, f.report.PC) {
			steps = append(steps, step{pc: e.PC, span: f.Span(e.PC), message: message, branch: note})
		}
	}
	for _, e := range lineage {
		switch {
		case e.Reason == record.ReasonReturn:
			if at, ok := f.callOf(e.Origin.Activation); ok {
				steps = append(steps, step{pc: at, span: f.Span(at), message: fmt.Sprintf("%s is what %s returns here", f.nameAt(at, f.valueName()), f.calleeWords(at))})
			}
		case e.Reason == record.ReasonLent:
			say(e, fmt.Sprintf("ownership of %s moves to %s here: it is only borrowed from now on",
				f.valueName(), cmp.Or(catalog.OwnerAfter(f.Callee(e.PC)), "somebody else")), false)
		case e.Kind == record.EventInvalidate && endsLife(e.Reason) && e.Place.Kind != record.InBytes && f.isCallAt(e.PC):
			say(e, fmt.Sprintf("%s is no longer valid: %s", f.valueName(), f.endOf(e)), false)
		case e.Refines && limits(e):
			say(e, fmt.Sprintf("%s becomes %s here", f.valueName(), f.stateLimits(f.indexOf(e)+1, e.Place, e.New)), true)
		}
	}
	return steps
}

// callOf is the call by which a function was entered.
func (f *finding) callOf(activation uint32) (pc int, ok bool) {
	for i := range f.result.History {
		if e := &f.result.History[i]; e.Kind == record.EventCall && e.Activation == activation {
			return e.PC, true
		}
	}
	return 0, false
}

func (f *finding) isCallAt(pc int) bool { return f.Callee(pc) != "" }

// endOf says why a call ended the life of a value.
func (f *finding) endOf(e *record.Event) string {
	if owner := catalog.OwnerAfter(f.Callee(e.PC)); owner != "" && e.Reason == record.ReasonRelease {
		return fmt.Sprintf("%s gives it to %s", f.calleeWords(e.PC), owner)
	}
	return endWords(e.Reason, f.calleeWords(e.PC))
}

// limits reports whether arithmetic gave a number without an upper limit one.
func limits(e *record.Event) bool {
	const half = math.MaxUint32 >> 1
	return e.Old != nil && e.New != nil && e.New.Type == regtype.Scalar && e.Old.Type == regtype.Scalar &&
		e.New.UMax < half && e.Old.UMax >= half
}

// argumentSteps say how the value got into the function of the fault, and at
// which calls.
func (f *finding) argumentSteps(lineage []*record.Event) (steps []step, at map[int]bool) {
	at = map[int]bool{}
	for _, e := range lineage {
		if e.Reason != record.ReasonArgument {
			continue
		}
		as := catalog.Quote(f.Parameter(e.Callee, int(e.Place.Index)))
		if as == "" {
			as = "the " + catalog.Ordinal(int(e.Place.Index)) + " argument"
		}
		to := cmp.Or(f.FunctionAt(e.Callee), "a function")
		message := fmt.Sprintf("%s passes %s to %s", f.calleeWords(e.PC), as, to)
		if f.Prog.Insns[e.PC].IsSubprogCall() {
			from := f.valueName()
			if text, _, ok := f.Argument(e.PC, int(e.Place.Index)); ok {
				from = catalog.Quote(text)
			}
			message = fmt.Sprintf("%s is passed as %s to %s", from, as, to)
		}
		steps = append(steps, step{pc: e.PC, span: f.Span(e.PC), message: message})
		at[e.PC] = true
	}
	return steps, at
}

// learnt says what the condition of event at taught about its operands, in terms of the
// source, "" if the source does not say the same as the instruction: compilers
// compare what a variable was before, or a multiple of it.
func (f *finding) learnt(at int, b *branch) string {
	e := &f.result.History[at]
	if !f.onlyBranch(e.PC, b) {
		return ""
	}
	in := &f.Prog.Insns[e.PC]
	for i := range e.Learnt {
		c := &e.Learnt[i]
		if c.Place.Kind != record.InRegister || c.Place.Activation != e.Activation || c.Place.Index != in.Dst && c.Place.Index != in.Src {
			continue
		}
		cmp := comparisonOf(b.operand.Text)
		numbers := c.New.Type == regtype.Scalar && c.Old.Type == regtype.Scalar
		if !c.New.Type.IsPacket() && (cmp.name == "" || numbers && !cmp.gives(c.New, b.truth)) {
			return ""
		}
		name := catalog.Quote(cmp.name)
		if c.New.Type.IsPacket() {
			name = catalog.Quote(f.packetName(e.PC, c.Place.Index))
		}
		claimWidth := int64(0)
		if width := f.copyAt(at, c.Place.Index); width > 0 {
			claimWidth = int64(width)
			name = f.state(diag.Claim{Kind: diag.ClaimWidth, Event: at, Place: c.Place, Width: int64(width)}, "the copy of %s that is cut to %d bits", name, width)
		}
		text, claim := learntWords(name, c)
		claim.Width = claimWidth
		if noun := f.packetNoun(c.New); noun != "packet" {
			text = strings.Replace(text, " of the packet ", " of the "+noun+" ", 1)
		}
		f.stateLearnt(at, claim, text)
		if text != "" && at+1 < len(f.result.History) && f.result.History[at+1].Reason == record.ReasonNull {
			text += " and needs no release"
		}
		return text
	}
	return ""
}

// learntInMacro says what a condition in a macro taught about a packet or a variable.
func (f *finding) learntInMacro(e *record.Event) string {
	for i := range e.Learnt {
		c := &e.Learnt[i]
		if c.Place.Kind != record.InRegister || c.Place.Activation != e.Activation {
			continue
		}
		name := ""
		if held := f.held(e.PC, c.Place.Index); len(held) > 0 {
			name = held[0].Name
		}
		if !c.New.Type.IsPacket() && !mentions(f.lineText(e.PC), name) {
			continue
		}
		if text, claim := learntWords(catalog.Quote(name), c); text != "" {
			f.stateLearnt(f.indexOf(e), claim, text)
			return text
		}
	}
	return ""
}

// comparison is a C condition that compares something with a number or NULL.
type comparison struct {
	name, op string
	number   int64
	isNumber bool
	macro    string // what stands for the number, "" for one that is written there
}

var (
	comparesRE = regexp.MustCompile(`^(.+?)\s*(==|!=|<=|>=|<|>)\s*((?:->|[^<>=!&|])+)$`)
	lvalueRE   = regexp.MustCompile(`^\*?[A-Za-z_]\w*(?:(?:->|\.)[A-Za-z_]\w*|\[\w+\])*$`)
)

// comparisonOf reads a condition; its name is empty if it is of another form.
func comparisonOf(text string) comparison {
	text = strings.TrimSpace(text)
	if bare, negated := strings.CutPrefix(text, "!"); negated && lvalueRE.MatchString(bare) {
		return comparison{name: bare}
	}
	if lvalueRE.MatchString(text) {
		return comparison{name: text}
	}
	m := comparesRE.FindStringSubmatch(text)
	if m == nil || !lvalueRE.MatchString(m[1]) {
		return comparison{}
	}
	c := comparison{name: m[1], op: m[2]}
	c.number, c.isNumber = constant(m[3])
	return c
}

// numberIn is comparisonOf for a condition of a file, which may define the number.
func numberIn(file *csource.File, text string) comparison {
	c := comparisonOf(text)
	if m := comparesRE.FindStringSubmatch(text); m != nil && c.name != "" && !c.isNumber {
		c.macro = strings.TrimSpace(m[3])
		c.number, c.isNumber = defined(file, c.macro)
	}
	return c
}

// gives reports whether the comparison, true or not, sets the very limit that was
// found, and not just the number that it names itself.
func (c *comparison) gives(now *record.Value, truth bool) bool {
	if !c.isNumber {
		return false
	}
	op := c.op
	if !truth {
		op = map[string]string{"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}[op]
	}
	most := func(n int64) bool { return now.Max == n || now.UMax == uint64(n) }
	least := func(n int64) bool { return now.Min == n || now.UMin == uint64(n) }
	switch op {
	case "<":
		return most(c.number - 1)
	case "<=":
		return most(c.number)
	case ">":
		return least(c.number + 1)
	case ">=":
		return least(c.number)
	}
	return false
}

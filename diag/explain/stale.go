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
	"github.com/bpf-lsp/bpf-lsp/dwarfmap"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
)

// A number where a pointer is needed was one before, more often than not:
//
//	a condition found it NULL          the path goes on all the same
//	a call passes NULL for it          the function is never given anything else there
//	a call ended the life of it        it was released, handed over, or moved
//	it was never a pointer             the wording of the row

// addFate says what became of a pointer that is a number now.
func (f *finding) addFate() {
	if !f.entry.Stale && !f.passesZero() || f.reg < 0 || f.reg > 9 {
		return
	}
	at, moved, ok := history.FoundNull(f.result, f.place())
	if ok && moved {
		// What is computed from NULL is not NULL: the variable itself must be named.
		e := &f.result.History[at]
		b, decided := f.decision(e.PC, f.wayOf(e))
		ok = decided && catalog.Quote(comparisonOf(b.operand.Text).name) == f.facts["value"]
	}
	if !ok && f.isZero() {
		// A compiler that knows a variable to be NULL writes a 0 in its place.
		if f.addPassedNull() {
			return
		}
		name := strings.Trim(f.facts["value"], "`")
		if at, ok = f.namedNull(name); !ok && lvalueRE.MatchString(name) && name != strings.ToUpper(name) {
			f.addZero(name)
			return
		}
		if ok {
			f.relateNull(at)
		}
	}
	if ok {
		f.addNull(at)
		return
	}
	e := f.lostBy()
	if e == nil {
		return
	}
	f.facts["lost"] = fmt.Sprintf("it is not valid any more after %s%s", f.calleeWords(e.PC), f.lineWords(e.PC))
	switch {
	case e.Reason == record.ReasonRelease && f.isCall():
		f.adviseOnce(e)
	case e.Reason != record.ReasonPacketMoved:
		f.facts["advice"] = string(catalog.AdviseUseBefore)
	case e.Old.Type.Base() == regtype.PtrToMem:
		f.facts["advice"] = string(catalog.AdviseSliceAgain)
	default:
		f.adviseReadAgain(e.Old)
	}
}

// adviseReadAgain says what to read from the context again after a call that may have
// moved a packet. old is the pointer to it, if that was lost: what it led to could be
// read before.
func (f *finding) adviseReadAgain(old *record.Value) {
	if f.facts["packet"] == "metadata" || old != nil && old.Type.Base() == regtype.PtrToPacketMeta {
		f.advise(catalog.AdviseReadMeta, nil)
		return
	}
	f.proposeReread()
	known := catalog.Facts{}
	if name := trimQuotes(f.facts["value"]); isVariable(name) && name != "data" {
		known["value"] = catalog.Quote(name)
	}
	if in := f.insn(); in != nil && in.Class() == isa.ClassLDX && old != nil && old.Packet > 0 {
		known["access"] = catalog.Quote(f.accessText())
		if moved := f.packetMoved(); moved != nil && catalog.Shifts(f.Callee(moved.PC)) {
			known["call"] = f.calleeWords(moved.PC)
			known["access"] = cmp.Or(known["access"], "what is needed of "+f.facts["value"])
			f.advise(catalog.AdviseReadShifted, known)
			return
		}
	}
	f.advise(catalog.AdviseReadDataEnd, known)
}

// nullRE is NULL as C writes it.
var nullRE = regexp.MustCompile(`^(?:\(\s*void\s*\*\s*\)\s*)?(?:0|NULL)$`)

// addZero says where the source sets a variable to NULL that is NULL at the fault, and
// by which `goto` the path leads past what gives it another value.
func (f *finding) addZero(name string) {
	f.facts["null"] = f.state(f.about(diag.ClaimRange, 0, 0), "it is 0 here")
	fn, file, pos, ok := f.functionHere()
	if !ok {
		return
	}
	if call, r, ok := f.callText(f.report.PC); ok && r.Line == pos.Line && f.isCall() {
		f.facts["way"] = catalog.Quote(fmt.Sprintf("if (%s) %s;", name, call))
		f.proposeGuarded(r, name)
	}
	var set []csource.Range
	for _, r := range file.Assignments(fn, name) {
		if _, value, _ := strings.Cut(file.Text(r), "="); r.Line < pos.Line && nullRE.MatchString(strings.TrimSpace(value)) {
			set = append(set, r)
		}
	}
	if len(set) != 1 {
		return
	}
	f.facts["null"] = fmt.Sprintf("it is set to NULL in line %d", set[0].Line)
	s := diag.Span{File: f.Absolute(pos.File)}
	f.details = append(f.details, step{pc: -1, span: source.WithRange(s, set[0]), message: catalog.Quote(name) + " is set to NULL here"})
	for _, e := range slices.Backward(f.result.History) {
		if e.Kind != record.EventBranch {
			continue
		}
		b, ok := f.decision(e.PC, f.wayOf(&e))
		if !ok || !b.decided || !b.truth || b.condition.Jump != "goto" || b.condition.At.Line < set[0].Line {
			continue
		}
		text := file.Text(b.condition.JumpRange)
		f.facts["null"] += fmt.Sprintf(", the %s in line %d leads past what gives it another value", catalog.Quote(text), b.condition.JumpRange.Line)
		f.details = append(f.details, step{pc: f.wayOf(&e), span: source.WithRange(s, b.condition.JumpRange), message: "the path jumps from here"})
		return
	}
}

// callText is a call if it is a statement of its own.
func (f *finding) callText(pc int) (string, csource.Range, bool) {
	pos, file, ok := f.At(pc)
	if !ok || file == nil {
		return "", csource.Range{}, false
	}
	r, ok := file.Call(source.Spelled(f.Callee(pc), file, pos.Line), pos.Line, max(pos.Col, 1))
	text := file.Text(r)
	return text, r, ok && text != "" && strings.HasPrefix(strings.TrimSpace(file.Line(r.Line)), text+";")
}

// adviseOnce says which of two calls that end the life of a resource to leave out.
func (f *finding) adviseOnce(first *record.Event) {
	if f.endsToo(first) && f.adviseSurplus(first.PC, f.makerOf(first.Ref), false) {
		return
	}
	known := catalog.Facts{"call": f.calleeWords(first.PC)}
	file, here, ok := f.sourceAt()
	there, other, ok2 := f.At(first.PC)
	if !ok || !ok2 || file != other {
		f.adviseOrder(first)
		return
	}
	fn, ok := file.FunctionAt(here.Line, here.Col)
	if !ok || !fn.Body.Contains(there.Line, max(there.Col, 1)) {
		f.adviseOrder(first)
		return
	}
	in := func(r csource.Range, pos dwarfmap.Pos) bool { return r.Contains(pos.Line, max(pos.Col, 1)) }
	alone := false // what is here is in a part that the first call is not in
	for _, c := range file.Conditions(fn) {
		alone = alone || in(c.Body, here) && !in(c.Body, there) || c.HasElse && in(c.Else, here)
	}
	for _, c := range slices.Backward(file.Conditions(fn)) {
		if c.Keyword != "if" || !in(c.Body, there) || in(c.Body, here) {
			continue
		}
		if !alone && !c.HasElse {
			known["line"] = strconv.Itoa(c.At.Line)
		}
		if call, ok := file.Expression(there.Line, max(there.Col, 1)); ok && !strings.HasPrefix(file.Text(c.Body), "{") {
			known["check"] = catalog.Quote("{ " + file.Text(call) + "; " + f.earlyReturn() + " }")
		}
		f.advise(catalog.AdviseReturnAfter, known)
		f.proposeAfter(f.Span(first.PC), diag.Fix{Kind: catalog.FixOrder, Advised: true}, f.earlyReturn())
		return
	}
	if alone {
		f.advise(catalog.AdviseLeaveOut, known)
		f.proposeRemoval(f.Span(f.report.PC), diag.Fix{Kind: catalog.FixOrder, Advised: true})
		return
	}
	f.adviseOrder(first)
}

// adviseOrder says in which order two calls belong of which the first ended the life of what
// the second one is given; where both end it, one is too many.
func (f *finding) adviseOrder(first *record.Event) {
	if catalog.Ends(f.Callee(f.report.PC)) != "" {
		f.advise(catalog.AdviseOneCall, nil)
		if catalog.Ends(f.Callee(first.PC)) == "" {
			f.advise(catalog.AdviseTakenOver, catalog.Facts{"call": f.calleeWords(first.PC), "line": strconv.Itoa(f.lineOf(first.PC)), "value": f.facts["value"]})
		}
		return
	}
	known := catalog.Facts{"call": f.calleeWords(first.PC), "value": f.facts["value"], "line": strconv.Itoa(f.lineOf(first.PC))}
	if c, pos, _, ok := f.callInto(f.functions(f.report.PC), first.PC); ok {
		known["call"], known["line"] = catalog.Call(c.Function), strconv.Itoa(pos.Line)
	}
	f.advise(catalog.AdviseCallBefore, known)
}

// endsToo reports whether the call of the fault is one of the function that ended the life
// of its argument before.
func (f *finding) endsToo(first *record.Event) bool {
	return f.Callee(first.PC) != "" && f.Callee(first.PC) == f.Callee(f.report.PC)
}

// makerOf is the function that a reference came from, "" if it is not known.
func (f *finding) makerOf(ref uint32) string {
	for _, e := range slices.Backward(f.result.History) {
		if e.Kind == record.EventAcquire && e.Ref == ref && ref != 0 {
			return f.Callee(e.PC)
		}
	}
	return ""
}

// isZero reports whether the register of the fault holds the number 0.
func (f *finding) isZero() bool {
	lineage := f.lineage()
	if len(lineage) == 0 {
		return false
	}
	now := lineage[len(lineage)-1].New
	return now != nil && now.Type == regtype.Scalar && now.IsConst() && now.Bits == 0
}

// namedNull finds the last branch that found the variable of a name NULL.
func (f *finding) namedNull(name string) (index int, ok bool) {
	for i, e := range slices.Backward(f.result.History) {
		for _, c := range e.Learnt {
			if !c.Old.Type.MayBeNull() || c.New.Type != regtype.Scalar {
				continue
			}
			next := f.wayOf(&e)
			if b, ok := f.decision(e.PC, next); ok && comparisonOf(b.operand.Text).name == name {
				return i, true
			}
		}
	}
	return 0, false
}

// addNull says which condition found a pointer NULL, and how the path should
// have gone.
func (f *finding) addNull(at int) {
	e := &f.result.History[at]
	next := f.wayOf(e)
	f.facts["null"] = "the condition" + f.lineWords(e.PC) + " found that"
	b, ok := f.decision(e.PC, next)
	if !ok || !b.decided || b.operand.Text == "" {
		return
	}
	f.facts["null"] = fmt.Sprintf("%s%s is %t", catalog.Quote(b.operand.Text), f.lineWords(e.PC), b.truth)
	f.adviseNull(e.PC, &b)
}

// lostBy is the call that ended the life of a pointer which is now a number to
// the verifier, nil if there is none.
func (f *finding) lostBy() *record.Event {
	for _, e := range slices.Backward(f.lineage()) {
		if e.Kind == record.EventInvalidate && e.Reason != record.ReasonCallerSaved && e.Old != nil && f.isCallAt(e.PC) {
			return e
		}
	}
	return nil
}

// addNullCheck words the check that a pointer which may be NULL needs.
func (f *finding) addNullCheck() {
	f.addAlone()
	name := strings.Trim(f.facts["value"], "`")
	if !lvalueRE.MatchString(name) || name == "NULL" || f.facts["null"] != "" {
		return
	}
	fn, file, pos, ok := f.functionHere()
	if !ok {
		return
	}
	at := f.Span(f.report.PC)
	known := catalog.Facts{"first": f.earlierAccess(name)}
	if known["first"] != "" {
		at = f.earlierPlace(name)
	}
	if r, value, ok := file.SoleAssignment(fn, name); ok && known["first"] == "" {
		if m := containerRE.FindStringSubmatch(value); m != nil {
			at = f.sourceSpan(r)
			known["check"] = f.leavingWithout(at, "!"+m[1], name)
			known["first"] = fmt.Sprintf("line %d, where %s is computed from it", r.Line, catalog.Quote(name))
			f.facts["advice"] = catalog.AdviseNullCheck.With(known)
			f.proposeBefore(at, nullCheck, known["check"])
			return
		}
	}
	known["check"] = f.leavingWithout(at, "!"+name, name)
	if known["first"] == "" {
		known["braces"] = f.bracesHere(known["check"])
	}
	for _, c := range file.Conditions(fn) {
		if c.At.Line < pos.Line && isNullCheck(c.Whole.Text, name) && (f.isReadEachTime(name) || assignedBetween(file, name, c.At.Line, pos.Line+1)) {
			known["line"] = strconv.Itoa(c.At.Line)
			break
		}
	}
	if line, better := testedTwice(file.Conditions(fn), pos.Line, name); better != "" {
		known["place"], known["instead"] = fmt.Sprint(line), catalog.Quote(better)
	}
	if o := f.origin(); o.kind == originCall && f.sameLine(o.pc, f.report.PC) && f.assignedText(o.pc) == name {
		// The compiler notes the access where the pointer comes from.
		f.advise(catalog.AdviseNullCheckAfter, known)
		f.proposeAfter(f.Span(f.report.PC), nullCheck, known["check"])
		return
	}
	if f.isReadEachTime(name) {
		f.adviseKept(name, file, fn, known)
		return
	}
	f.facts["advice"] = catalog.AdviseNullCheck.With(known)
	f.proposeNullCheck(at, name, known["check"])
}

// containerRE is the object around a member that a variable points to.
var containerRE = regexp.MustCompile(`^(?:\([^()]*\)\s*)*container_of\(\s*([A-Za-z_]\w*)\s*,`)

// testedTwice finds a condition before a line that compares the same pointer with NULL
// twice, and what it would be with another one the second time.
func testedTwice(conditions []csource.Condition, before int, name string) (line int, better string) {
	for _, c := range conditions {
		if c.At.Line >= before || len(c.Operands) < 2 || mentions(c.Whole.Text, name) {
			continue
		}
		for i, o := range c.Operands {
			tested := comparisonOf(o.Text)
			again := slices.ContainsFunc(c.Operands[:i], func(p csource.Operand) bool { return p.Text == o.Text })
			if !again || !isVariable(tested.name) || !isNullCheck(o.Text, tested.name) {
				continue
			}
			at := strings.LastIndex(c.Whole.Text, o.Text)
			return c.At.Line, c.Whole.Text[:at] + strings.Replace(o.Text, tested.name, name, 1) + c.Whole.Text[at+len(o.Text):]
		}
	}
	return 0, ""
}

// addAlone says of a parameter of a global function that no check of a caller counts.
func (f *finding) addAlone() {
	fn, ok := f.Index.Function(f.report.PC)
	if !ok || f.report.Frame != 0 || fn.Start == 0 || len(f.path()) == 0 || int(f.path()[0]) != fn.Start {
		return
	}
	o := f.origin()
	if o.kind != originArgument && (o.kind != originUnknown || f.facts["value"] == "") {
		return
	}
	f.facts["alone"] = catalog.Call(fn.Name) + " is a global function, which is verified on its own for any argument: what its callers pass or check does not count"
}

// isNullCheck reports whether a condition does nothing but compare a variable with NULL.
func isNullCheck(text, name string) bool {
	c := comparisonOf(text)
	return c.name == name && (c.op == "" || c.op == "==" || c.op == "!=") && (c.op == "" || strings.HasSuffix(text, "NULL") || c.isNumber && c.number == 0)
}

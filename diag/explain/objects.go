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
	"github.com/bpf-lsp/bpf-lsp/diag/internal/history"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
)

// The argument of a fault about a dynptr, an iterator or an interrupt flag is
// an address on the stack. What was recorded there says which of these it is:
//
//	nothing           no call on this path made the object
//	created           it is there, and where it was made
//	destroyed         where it was made, and the call or write that ended it

// objectNouns are what the objects on the stack are called.
var objectNouns = map[record.Object]string{
	record.ObjectDynptr:   "dynptr",
	record.ObjectIterator: "iterator",
	record.ObjectIRQFlag:  "saved interrupt state",
}

// objectSlots are how many slots the objects take at most.
var objectSlots = map[record.Object]uint8{record.ObjectDynptr: 2, record.ObjectIterator: 8, record.ObjectIRQFlag: 1}

// life is what was recorded of an object at one place: its making, and its end
// if that was later. known is false where events may be missing.
type life struct {
	made, ended *record.Event
	shared      bool // its end was that of other objects too
	known       bool
}

// lifeAt is the life of the last object at the place that the register of the
// fault points to.
func (f *finding) lifeAt() life {
	var l life
	place, ok := f.objectPlace()
	if !ok {
		return l
	}
	events := f.result.History
	for i := len(events) - 1; i >= 0 && l.made == nil; i-- {
		e := &events[i]
		switch {
		case f.result.Lost > 0 && i < f.result.LostAt:
			return life{}
		case e.Kind != record.EventCreate && e.Kind != record.EventDestroy:
		case e.Place == place && e.Kind == record.EventDestroy && l.ended == nil:
			l.ended, l.shared = e, f.endsOthers(e)
		case e.Place == place && e.Kind == record.EventCreate:
			l.made = e
		case e.Kind == record.EventCreate && l.ended == nil && inside(place, e):
			return life{} // the place is in the middle of an object
		}
	}
	l.known = true
	return l
}

// inside reports whether a place may be in the object of an event, behind its
// beginning.
func inside(p record.Place, e *record.Event) bool {
	return p.Activation == e.Place.Activation && p.Index < e.Place.Index && e.Place.Index-p.Index < objectSlots[e.Object]
}

// endsOthers reports whether the instruction of an event ended other objects
// besides.
func (f *finding) endsOthers(e *record.Event) bool {
	n := 0
	for i := range f.result.History {
		if o := &f.result.History[i]; o.Kind == record.EventDestroy && o.PC == e.PC && o.Ref == e.Ref {
			n++
		}
	}
	return n > 1
}

// objectPlace is the slot that the register of the fault points to.
func (f *finding) objectPlace() (record.Place, bool) {
	if f.reg < 1 || f.reg > 5 {
		return record.Place{}, false
	}
	x := history.Known(f.result, len(f.result.History), f.place())
	if x == nil || !x.IsStack() || !x.IsConst() {
		return record.Place{}, false
	}
	off := int64(x.Off) + int64(x.Bits)
	if off >= 0 || off%8 != 0 {
		return record.Place{}, false
	}
	p := record.Place{Kind: record.InSlot, Frame: x.Frame, Index: uint8(-off/8 - 1)}
	var ok bool
	p.Activation, ok = f.activation(int(x.Frame))
	return p, ok
}

// activation is that of the function which is active at a depth at the end.
func (f *finding) activation(depth int) (uint32, bool) {
	if depth == f.report.Frame {
		return f.report.Activation, true
	}
	events := f.result.History
	for i := len(events) - 1; i >= 0; i-- {
		if e := &events[i]; e.Frame == depth && e.Kind != record.EventReturn {
			return e.Activation, true
		}
	}
	return 0, false
}

// addUnowned says of a dynptr that a call is to release why it owns nothing.
func (f *finding) addUnowned() {
	l := f.lifeAt()
	if !l.known || f.facts["null"] != "" || f.facts["lost"] != "" {
		return
	}
	f.facts["value"] = catalog.Quote(strings.TrimPrefix(strings.Trim(f.facts["value"], "`"), "&"))
	if l.made == nil || l.ended != nil {
		f.addEndedObject()
		return
	}
	f.facts["live"] = f.makerWords(&l)
	f.detail(l.made.PC, f.madeWords(l.made))
}

// addReadObject says what kind of object the memory holds that is read.
func (f *finding) addReadObject() {
	v, at, ok := f.accessedSlot()
	if !ok {
		return
	}
	slot, ok := stackSlot(at)
	if !ok {
		return
	}
	name := cmp.Or(catalog.Quote(v), "this memory")
	for _, e := range slices.Backward(f.result.History) {
		if e.Kind != record.EventCreate || e.Activation != f.report.Activation || e.Place.Index < slot || e.Place.Index-slot >= objectSlots[e.Object] {
			continue
		}
		switch e.Object {
		case record.ObjectDynptr:
			f.facts["dynptr"] = name
		case record.ObjectIterator:
			f.facts["iterator"] = name
		case record.ObjectIRQFlag:
			f.facts["irqflag"] = name
		}
		f.facts["value"] = name
		f.detail(e.PC, f.madeWords(&e))
		return
	}
}

// stackSlot is the number of the slot at an offset from R10.
func stackSlot(off int) (uint8, bool) {
	if off >= 0 || off < -maxFrame {
		return 0, false
	}
	return uint8((-off - 1) / 8), true
}

// makerWords name an object by the call that made it.
func (f *finding) makerWords(l *life) string {
	return fmt.Sprintf("the %s of %s%s", objectNouns[l.made.Object], f.calleeWords(l.made.PC), f.lineWords(l.made.PC))
}

// addEndedObject says of an object that is needed and is not there what became
// of it.
func (f *finding) addEndedObject() {
	l := f.lifeAt()
	switch {
	case !l.known:
	case l.ended != nil:
		if l.made != nil {
			f.detail(l.made.PC, f.madeWords(l.made))
		}
		how := f.endWordsOf(&l)
		f.facts["ended"] = how + f.lineWords(l.ended.PC)
		f.detail(l.ended.PC, fmt.Sprintf("%s %s here", f.valueName(), how))
		maker := ""
		if l.made != nil {
			maker = f.Callee(l.made.PC)
		}
		both := catalog.Ends(f.Callee(f.report.PC)) != "" && catalog.Ends(f.Callee(l.ended.PC)) != ""
		switch {
		case both && f.adviseSurplus(l.ended.PC, maker, false):
		case !both && f.adviseFirst(l.ended.PC, maker, false):
		case both:
			f.facts["advice"] = catalog.AdviseOneRelease.With(catalog.Facts{"where": f.lineWords(l.ended.PC)})
		default:
			f.addReturnAfter(l.ended.PC)
		}
	case l.made == nil:
		f.facts["never"] = "no call on this path makes it"
	}
}

// addReturnAfter suggests to leave where the call at pc is the last thing that an
// `if` does before the fault.
func (f *finding) addReturnAfter(pc int) {
	there, file, ok := f.At(pc)
	here, other, ok2 := f.At(f.report.PC)
	if !ok || !ok2 || file == nil || file != other {
		return
	}
	fn, ok := file.FunctionAt(here.Line, here.Col)
	if !ok {
		return
	}
	for _, c := range slices.Backward(file.Conditions(fn)) {
		if c.Keyword != "if" || c.Jump != "" || !c.Body.Contains(there.Line, max(there.Col, 1)) || c.Body.Contains(here.Line, max(here.Col, 1)) {
			continue
		}
		known := catalog.Facts{"line": fmt.Sprint(c.At.Line)}
		if text := file.Text(c.Body); text != "" && !strings.HasPrefix(text, "{") {
			if before, all := f.givesBack(""); all {
				f.proposeAfter(f.Span(pc), diag.Fix{Kind: catalog.FixOrder, Advised: true}, before+f.earlyReturn())
				known["braces"] = catalog.Quote("{ " + text + " " + before + f.earlyReturn() + " }")
			}
		}
		f.advise(catalog.AdviseEndIf, known)
		return
	}
}

// endWordsOf say how an object ended, without the place.
func (f *finding) endWordsOf(l *life) string {
	callee := f.Callee(l.ended.PC)
	verb := catalog.Ends(callee)
	switch {
	case verb != "" && l.shared:
		return "ended when its record was " + verb + " by " + catalog.Call(callee)
	case verb != "":
		return "was " + verb + " by " + catalog.Call(callee)
	case callee != "":
		return "was overwritten by " + catalog.Call(callee)
	}
	return "was overwritten"
}

// madeWords say that an object was made.
func (f *finding) madeWords(made *record.Event) string {
	callee := f.Callee(made.PC)
	a := catalog.AcquiredBy(callee)
	verb := a.Verb
	if made.Object == record.ObjectDynptr && (made.Ref == 0 || a.Holder == 0) {
		verb = "made"
	}
	if f.callFailed(made.PC) {
		return fmt.Sprintf("%s is passed to %s here", f.valueName(), f.calleeWords(made.PC))
	}
	return fmt.Sprintf("%s is %s here by %s", f.valueName(), verb, f.calleeWords(made.PC))
}

// addLiveObject says of an object that is in the way where it was made.
func (f *finding) addLiveObject() {
	l := f.lifeAt()
	if !l.known || l.made == nil || l.ended != nil {
		return
	}
	callee := f.Callee(l.made.PC)
	f.facts["live"] = f.makerWords(&l)
	f.set("releaser", catalog.AcquiredBy(callee).ReleasedWith())
	f.detail(l.made.PC, f.madeWords(l.made))
}

// saved is an interrupt state that is saved and not restored yet.
type saved struct {
	made  *record.Event
	name  string
	depth int
}

// saves are the open ones, oldest first.
func (f *finding) saves() []saved {
	var open []*record.Event
	for i := range f.result.History {
		e := &f.result.History[i]
		switch {
		case e.Object != record.ObjectIRQFlag:
		case e.Kind == record.EventCreate:
			open = append(open, e)
		case e.Kind == record.EventDestroy:
			for j, o := range open {
				if o.Ref == e.Ref {
					open = append(open[:j:j], open[j+1:]...)
					break
				}
			}
		}
	}
	out := make([]saved, len(open))
	for i, e := range open {
		out[i] = saved{e, f.flagName(e.PC), i + 1}
	}
	return out
}

// flagName is the variable that the call at pc saves to.
func (f *finding) flagName(pc int) string {
	callee := f.Callee(pc)
	n := catalog.FlagArgument(callee)
	if text, _, ok := f.Argument(pc, n); ok {
		return strings.TrimPrefix(text, "&")
	}
	return ""
}

// relateSaves shows where each open save was made.
func (f *finding) relateSaves(saves []saved) {
	for _, s := range saves {
		f.detail(s.made.PC, fmt.Sprintf("%s saved here by %s (%s)", cmp.Or(catalog.Quote(s.name), "the interrupt state"), f.calleeWords(s.made.PC), f.stateSaves(s.made, s.depth)))
	}
}

// addSaver says which call saved the state that another family of functions is
// to restore.
func (f *finding) addSaver() {
	f.relateSaves(f.saves())
	l := f.lifeAt()
	if !l.known || l.made == nil || l.ended != nil {
		return
	}
	callee := f.Callee(l.made.PC)
	f.facts["saver"] = catalog.Call(callee) + f.lineWords(l.made.PC)
	f.set("releaser", catalog.AcquiredBy(callee).ReleasedWith())
}

// addLatestSave says which state has to be restored first.
func (f *finding) addLatestSave() {
	saves := f.saves()
	f.relateSaves(saves)
	if len(saves) == 0 {
		return
	}
	last := saves[len(saves)-1]
	if last.name == "" || f.facts["value"] == "" || catalog.Quote(last.name) == f.facts["value"] {
		return
	}
	f.facts["latest"] = catalog.Quote(last.name) + " was saved after it" + f.lineWords(last.made.PC)
	a := catalog.AcquiredBy(f.Callee(last.made.PC))
	f.set("releaser", a.ReleasedWith())
	f.facts["name"] = catalog.Quote(last.name)
	f.advise(catalog.AdviseRestoreFirst, catalog.Facts{"name": catalog.Quote(last.name), "releaser": a.ReleasedWith()})
	f.adviseMoveHere(a.Releasers, last.name)
}

// adviseMoveHere suggests to move the statement behind that of the fault to before it, if it
// ends something of a name. A later one may be for other paths.
func (f *finding) adviseMoveHere(enders []string, name string) {
	file, pos, ok := f.sourceAt()
	if !ok || len(enders) == 0 {
		return
	}
	re := regexp.MustCompile(`^\s*(?:` + strings.Join(enders, "|") + `)\(\s*&?` + regexp.QuoteMeta(name) + `\s*\)\s*;`)
	after := file.After(pos.Line, max(pos.Col, 1))
	if len(after) == 0 || after[0].Line == pos.Line || !re.MatchString(file.Code(after[0].Line)) {
		return
	}
	f.advise(catalog.AdviseMoveRelease, catalog.Facts{"check": catalog.Quote(file.Text(after[0])), "line": strconv.Itoa(after[0].Line)})
	f.proposeMove(f.Span(f.report.PC), after[0], diag.Fix{Kind: catalog.FixOrder, Advised: true})
}

// stateSaves words how many interrupt states are saved behind an event.
func (f *finding) stateSaves(made *record.Event, depth int) string {
	return f.state(diag.Claim{Kind: diag.ClaimDepth, Event: f.indexOf(made), Low: int64(depth), High: int64(depth)}, "depth %d", depth)
}

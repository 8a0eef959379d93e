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
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
)

// step is one related place before merging.
type step struct {
	pc      int
	span    diag.Span
	message string
	branch  bool
	inline  bool // where an inlined function was called
	vague   bool // adds nothing to another step of the same line
}

// history collects the places that led to the fault, oldest first: where the
// value or the resource came from, what happened to it, and which conditions
// the path decided since then.
func (f *finding) history() []diag.Related {
	steps := slices.Clone(f.details)
	start := 0 // index of the first event that matters
	first := 0 // index into the path of the call that acquired the resource
	path := f.path()
	if pc, ok := f.acquirePC(); ok {
		start = f.lastEvent(pc)
		steps = append(steps, f.acquireStep(pc))
		if at := lastIndex(path, pc); at < len(path) && int(path[at]) == pc {
			steps = append(steps, f.inlineSteps(path, at, at)...)
			first = at
		}
	} else if s, at, ok := f.originStep(path); ok {
		steps = append(steps, s)
		steps = append(steps, f.inlineSteps(path, at, at)...)
		start = f.lastEvent(int(path[at]))
	} else if f.begin > 0 {
		start = f.begin
	} else if f.usesNoPath() {
		return f.merge(append(steps, f.inlineSteps(path, len(path)-1, 0)...))
	}
	lineage := f.lineage()
	steps = append(steps, f.lifeSteps(lineage)...)
	if s, ok := f.offsetStep(path); ok {
		steps = append(steps, s)
	}
	steps = append(steps, f.callSteps(path, first, lineage)...)
	if !f.isExit(f.report.PC) {
		steps = append(steps, f.inlineSteps(path, len(path)-1, first)...)
	}
	steps = append(steps, f.contextSteps()...)
	steps = append(steps, f.branchSteps(start)...)
	if s, ok := f.guardStep(path); ok && !slices.ContainsFunc(steps, func(o step) bool {
		return o.branch && !o.vague && o.span.File == s.span.File && o.span.Line == s.span.Line
	}) {
		steps = append(steps, s)
	}
	return f.merge(steps)
}

// usesNoPath reports whether the fault does not depend on how the place was reached: what a
// register holds that an argument was not put into says nothing of it.
func (f *finding) usesNoPath() bool {
	if f.facts["dropped"] != "" {
		return true
	}
	if about := f.entry.Story.About; about == 0 || about == catalog.AboutProgram {
		return true
	}
	return f.reg < 0 && f.entry.Category() != catalog.ExecutionContext && f.entry.Category() != catalog.ResourceLifetime
}

func lastIndex(path []int32, pc int) int {
	for i := len(path) - 1; i >= 0; i-- {
		if int(path[i]) == pc {
			return i
		}
	}
	return 0
}

// acquireStep says where a resource was acquired or a region entered.
func (f *finding) acquireStep(pc int) step {
	name := f.Callee(pc)
	a := catalog.AcquiredBy(name)
	s := step{pc: pc, span: f.Span(pc)}
	call := cmp.Or(f.facts["acquirer"], catalog.Call(name))
	switch {
	case name == "":
		s.message = "held since here"
	case a.Holder > 0 && f.callFailed(pc):
		s.message = fmt.Sprintf("%s is passed to %s here", f.holderNoun(pc, a), catalog.Call(name))
	case f.facts["value"] != "" && f.entry.Category() == catalog.ResourceLifetime && a.Holder == 0:
		s.message = fmt.Sprintf("%s is %s here by %s", f.facts["value"], a.Verb, call)
	default:
		s.message = fmt.Sprintf("%s is %s here by %s", catalog.Capitalize(f.holderNoun(pc, a)), a.Verb, call)
	}
	return s
}

func (f *finding) holderNoun(pc int, a catalog.Acquisition) string {
	if a.Holder > 0 {
		if text, _, ok := f.Argument(pc, a.Holder); ok {
			return catalog.Quote(strings.TrimPrefix(text, "&"))
		}
		path := f.path()
		if at := lastIndex(path, pc); at < len(path) && int(path[at]) == pc {
			if name, _, ok := f.local(path[:at+1], a.Holder); ok {
				return catalog.Quote(name)
			}
		}
	}
	return a.Noun
}

// originStep says where the value came from, if that is another place than
// the fault.
func (f *finding) originStep(path []int32) (step, int, bool) {
	if f.reg < 0 || f.reg > 9 || len(path) < 2 || f.facts["dropped"] != "" {
		return step{}, 0, false
	}
	o := f.origin()
	if f.entry.Category() == catalog.Memory && o.kind != originUnknown {
		o, _, _ = f.pointerAndOffset()
	}
	value := f.facts["value"]
	if value == "" {
		value = "the value"
	}
	return f.describeOrigin(o, value, path)
}

// offsetStep says where the offset of an access out of bounds came from.
func (f *finding) offsetStep(path []int32) (step, bool) {
	if f.entry.Category() != catalog.Memory && f.entry.Amount != catalog.AmountAdded || f.reg < 0 || f.reg > 9 || len(path) < 2 {
		return step{}, false
	}
	_, o, known := f.pointerAndOffset()
	if !known {
		return step{}, false
	}
	if pos, _, ok := f.At(o.pc); ok && o.kind == originConst {
		// The offset of a member may have its place at the declaration.
		if fn, ok := f.Index.Function(o.pc); ok && f.inSignature(fn, pos) {
			return step{}, false
		}
	}
	s, _, ok := f.describeOrigin(o, "the offset", path)
	return s, ok
}

// describeOrigin is the step at which a value came to be, unless that is on
// the line of the fault.
func (f *finding) describeOrigin(o origin, value string, path []int32) (step, int, bool) {
	if o.pc < 0 || f.sameLine(o.pc, f.report.PC) {
		return step{}, 0, false
	}
	s := step{pc: o.pc, span: f.Span(o.pc)}
	switch o.kind {
	case originCall:
		if o.reg > 0 {
			s.message = fmt.Sprintf("%s is passed by %s", value, f.calleeWords(o.pc))
			break
		}
		name := f.nameAt(o.pc, value)
		if got := f.assigned(o.pc); got != "" && mentions(strings.Trim(name, "`"), got) {
			name = catalog.Quote(got) // the rest of the value is computed from it
		}
		s.message = fmt.Sprintf("%s comes from %s here", name, f.calleeWords(o.pc))
	case originLoad:
		pos, file, ok := f.At(o.pc)
		if !ok || file == nil {
			return step{}, 0, false
		}
		if _, reads := file.Pointer(pos.Line, pos.Col); !reads {
			return step{}, lastIndex(path, o.pc), false
		}
		s.message = value + " is read here"
		if from := f.originWords(o); from != "" && from != value {
			s.message = fmt.Sprintf("%s comes from %s here", value, from)
			if len(o.edits) > 0 && strings.HasPrefix(value, "`&") {
				s.message = fmt.Sprintf("%s is computed from %s, which is read here", value, from)
			}
		}
	case originConst:
		pos, _, ok := f.At(o.pc)
		if fn, known := f.Index.Function(o.pc); ok && known && f.inSignature(fn, pos) {
			return step{}, 0, false // compilers note constants without a place of their own there
		}
		if !f.setsConstant(o.pc, value) {
			return step{}, 0, false
		}
		s.message = value + " is set here"
	case originLost:
		if f.neverSet {
			return step{}, 0, false // it held something else
		}
		s.message = fmt.Sprintf("lost here: %s uses the registers of its arguments", f.calleeWords(o.pc))
	default:
		return step{}, 0, false
	}
	return s, lastIndex(path, o.pc), true
}

// setsConstant reports whether the line of an instruction has the constant that
// the instruction sets, or gives the variable a value. Compilers note constants
// at lines nearby.
func (f *finding) setsConstant(pc int, value string) bool {
	pos, file, ok := f.At(pc)
	if !ok || file == nil {
		return false
	}
	line := file.Line(pos.Line)
	if mentions(line, strconv.FormatInt(int64(f.Prog.Insns[pc].Imm), 10)) {
		return true
	}
	return regexp.MustCompile(`(^|[^\w.>])` + regexp.QuoteMeta(strings.Trim(value, "`")) + `\s*(=[^=]|\[)`).MatchString(line)
}

// nameAt is how the code that gets a value from a call names it, if it is of
// another function than the fault and names it otherwise.
func (f *finding) nameAt(pc int, value string) string {
	there, here := f.functions(pc), f.functions(f.report.PC)
	if len(there) == 0 || len(here) == 0 || there[0] == here[0] {
		return value
	}
	if v := f.assigned(pc); v != "" {
		return catalog.Quote(v)
	}
	return value
}

func (w *where) calleeWords(pc int) string {
	if name := catalog.Call(w.Callee(pc)); name != "" {
		return name
	}
	return "a call"
}

// contextSteps are the recorded events about the reference and about regions.
func (f *finding) contextSteps() []step {
	var steps []step
	ref, held := f.reference()
	for i := range f.result.History {
		e := &f.result.History[i]
		switch e.Kind {
		case record.EventRelease:
			if held && e.Ref == ref.ID {
				steps = append(steps, step{pc: e.PC, message: "released here"})
			}
		case record.EventEnter, record.EventLeave:
			if message := f.regionMessage(e); message != "" {
				steps = append(steps, step{pc: e.PC, message: message})
			}
		}
	}
	for i := range steps {
		steps[i].span = f.Span(steps[i].pc)
	}
	return steps
}

// regionNames say what the contexts of events are.
var regionNames = map[record.Context]string{
	record.ContextLock:    "lock",
	record.ContextResLock: "lock",
	record.ContextIRQ:     "region with interrupts disabled",
	record.ContextRCU:     "RCU read section",
	record.ContextPreempt: "region with preemption disabled",
}

// regionMessage says that a region was entered or left, for the faults that
// are about it.
func (f *finding) regionMessage(e *record.Event) string {
	relevant := f.entry.Category() == catalog.ExecutionContext
	switch f.entry.Story.About {
	case catalog.AboutOpenRegion, catalog.AboutHeldLock:
		relevant = relevant || slices.Contains(f.regions(), e.Context)
	}
	name := regionNames[e.Context]
	if !relevant || name == "" {
		return ""
	}
	if pc, ok := f.acquirePC(); ok && pc == e.PC {
		return ""
	}
	verb := "ends"
	if e.Kind == record.EventEnter {
		verb = "starts"
	}
	switch {
	case e.Depth > 1 && verb == "starts":
		return fmt.Sprintf("%s %s here (%s)", name, verb, f.stateDepth(e, "depth %d"))
	case e.Depth > 0 && verb == "ends":
		return fmt.Sprintf("%s %s here (%s)", name, verb, f.stateDepth(e, "still depth %d"))
	}
	return fmt.Sprintf("%s %s here", name, verb)
}

// callSteps are the calls by which the path got into the function of the
// fault; those that handed the value on say so. Inlined calls around them are
// not reported before index first.
func (f *finding) callSteps(path []int32, first int, lineage []*record.Event) []step {
	steps, said := f.argumentSteps(lineage)
	depth := 0
	for i := len(path) - 2; i >= 0; i-- {
		pc, next := int(path[i]), int(path[i+1])
		in := &f.Prog.Insns[pc]
		switch {
		case f.isExit(pc):
			depth++
		case in.Op == isa.ClassJMP|isa.OpCall && next != pc+1:
			if depth--; depth >= 0 {
				continue
			}
			depth = 0
			if !said[pc] {
				message := "called here: " + f.calleeWords(pc)
				if !in.IsSubprogCall() {
					message = f.callbackMessage(pc, next)
				}
				steps = append(steps, step{pc: pc, span: f.Span(pc), message: message})
			}
			steps = append(steps, f.inlineSteps(path, i, min(first, i))...)
		}
	}
	return steps
}

// merge orders steps by their time on the path and makes one of those on one
// line, also around the calls of inlined functions, then cuts the list: the first and the last places say most.
func (f *finding) merge(steps []step) []diag.Related {
	path := f.path()
	var out []diag.Related
	before := 0 // what the next step may be on one line with
	steps = inOrder(steps, path)
	steps = slices.DeleteFunc(steps, func(s step) bool {
		return s.vague && slices.ContainsFunc(steps, func(o step) bool {
			return !o.vague && (o.pc == s.pc || o.span.File == s.span.File && o.span.Line == s.span.Line)
		})
	})
	for _, s := range steps {
		again := func(r diag.Related) bool { return r.Span == s.span && r.Message == s.message }
		if s.span.IsZero() || slices.ContainsFunc(out, again) {
			continue
		}
		if before < len(out) && out[before].Span.File == s.span.File && out[before].Span.Line == s.span.Line {
			if !strings.Contains(out[before].Message, s.message) {
				out[before].Message += "; " + s.message
			}
			continue
		}
		if !s.inline {
			before = len(out)
		}
		out = append(out, diag.Related{Span: s.span, Message: s.message, Note: s.branch})
	}
	for len(out) > diag.MaxRelated {
		at := -1
		for i := 1; i < len(out)-1; i++ {
			if out[i].Note {
				at = i
				break
			}
		}
		if at < 0 {
			at = 1
		}
		out = append(out[:at], out[at+1:]...)
	}
	return out
}

// inOrder sorts steps stably by where they are last on the path.
func inOrder(steps []step, path []int32) []step {
	last := make(map[int]int, len(path))
	for i, pc := range path {
		last[int(pc)] = i + 1
	}
	out := append([]step(nil), steps...)
	for i := 1; i < len(out); i++ {
		for j := i; j > 0 && last[out[j].pc] < last[out[j-1].pc] && last[out[j].pc] > 0; j-- {
			out[j], out[j-1] = out[j-1], out[j]
		}
	}
	return out
}

// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/csource"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
)

// Where the release goes that a leaking path lacks. The first of these that fits on
// all paths of the text:
//
//	before the place shown                 where only paths come by that own the resource
//	within the part of a condition that    at its beginning, before the jump that ends
//	the path went into, last one first     it, or at its end
//	at the end of a loop's body            if the next round overwrites the variable
//
// If none fits, no place is named.

// releaseHow says how a release is placed.
type releaseHow uint8

const (
	releaseBefore  releaseHow = iota // before the statement at a place
	releaseInside                    // at the beginning of a part of an `if`
	releaseLast                      // at the end of such a part
	releaseElse                      // in an `else` that an `if` lacks
	releaseInRound                   // at the end of the body of a loop
	releaseEach                      // before each return of some lines
)

// releasePlace is where a statement goes that gives back a resource.
type releasePlace struct {
	how releaseHow
	// at is the statement before which it goes, or the keyword of the `if` or the loop.
	at diag.Span
	// otherwise says that the part of the `if` is its `else`.
	otherwise bool
	statement string
	// part is the part of the `if`, or the body of the loop; exits are the returns.
	part      csource.Range
	condition csource.Condition
	exits     []csource.Range
}

// owningAt follows the variable that holds the leaked resource through the function
// at a place. It is false if the function does not have it.
func (f *finding) owningAt(at diag.Span, name string, a catalog.Acquisition) (*owning, bool) {
	file := f.File(at.File)
	if file == nil {
		return nil, false
	}
	fn, ok := file.FunctionAt(at.Line, at.Col)
	if !ok {
		return nil, false
	}
	flow, ok := file.Flow(fn)
	if !ok {
		return nil, false
	}
	o := &owning{file: file, flow: flow, names: []string{name}, nullable: a.Holder == 0, release: releasing{file, a.Releasers}}
	if step, ok := f.acquiringStep(file, fn, flow); ok {
		o.acquires = []int{step}
	} else if !slices.Contains(file.Parameters(fn), name) {
		return nil, false
	}
	o.follow()
	if !slices.Contains(file.Parameters(fn), name) && !slices.ContainsFunc(stepsOf(flow), o.namesIt) {
		return nil, false
	}
	return o, true
}

// stepsOf are the indexes of all steps.
func stepsOf(flow *csource.Flow) []int {
	all := make([]int, len(flow.Steps))
	for i := range all {
		all[i] = i
	}
	return all
}

// acquiringStep is the step of a function that acquired the resource: the call itself,
// or that of the function which made it.
func (f *finding) acquiringStep(file *csource.File, fn csource.Function, flow *csource.Flow) (int, bool) {
	pc, ok := f.acquirePC()
	if !ok {
		return -1, false
	}
	if pos, other, ok := f.At(pc); ok && other == file && fn.Body.Contains(pos.Line, max(pos.Col, 1)) {
		step := flow.At(pos.Line, max(pos.Col, 1))
		return step, step >= 0
	}
	for _, c := range f.inlined(pc) {
		pos, other, ok := f.Current(c.Site, c.Site.Line > 0)
		if ok && other == file && fn.Body.Contains(pos.Line, max(pos.Col, 1)) {
			step := flow.At(pos.Line, max(pos.Col, 1))
			return step, step >= 0
		}
	}
	return -1, false
}

// releasePlace finds where the release of a leaked resource goes.
func (f *finding) releasePlace(name string, a catalog.Acquisition) (p releasePlace, ok bool) {
	at := f.anchor()
	o, ok := f.owningAt(at, name, a)
	if !ok {
		if o, ok = f.owningAt(at, f.lentAs(), a); !ok {
			return p, false
		}
	}
	if p, ok = f.placeIn(o, at, a); ok {
		return p, true
	}
	if lent, ok := o.lent(); ok {
		return f.placeIn(lent, diag.Span{File: at.File}, a)
	}
	return p, false
}

// placeIn finds where a release goes in the function that is followed, whose exit may
// be shown at a place.
func (f *finding) placeIn(o *owning, at diag.Span, a catalog.Acquisition) (p releasePlace, ok bool) {
	name := o.names[0]
	statement := f.releaseStatement(name, a)
	if wrapper := o.wrapper(a); wrapper != "" && a.Holder == 0 {
		statement = wrapper + "(" + name + ");"
	}
	placed := func(p releasePlace, guard bool) (releasePlace, bool) {
		p.at.File, p.statement = at.File, statement
		if guard {
			p.statement = fmt.Sprintf("if (%s) %s", name, statement)
		}
		return p, true
	}
	step := -1
	if at.Line > 0 {
		step = o.flow.At(at.Line, max(at.Col, 1))
	}
	if step >= 0 && f.overwritten == nil {
		if guard, ok := o.fits(o.in[step], step); ok {
			return placed(releasePlace{how: releaseBefore, at: at}, guard)
		}
	}
	for _, way := range f.waysTaken(o) {
		if p, guard, ok := o.inPart(way.step, way.way); ok {
			if p.how == releaseInside && o.flow.Steps[way.step].Ways[way.way].To == step {
				p.how, p.at = releaseBefore, at
			}
			return placed(p, guard)
		}
	}
	if p, guard, ok := f.beforeEach(o, step); ok {
		return placed(p, guard)
	}
	for _, acquire := range o.acquires {
		if p, guard, ok := o.inRound(acquire); ok {
			return placed(p, guard)
		}
	}
	if step >= 0 && f.overwritten != nil && o.in[step]&holdsAny != 0 && o.in[step]&holdsNone == 0 {
		return placed(releasePlace{how: releaseBefore, at: at}, o.in[step]&(holdsMaybe|holdsNull) != 0)
	}
	return p, false
}

// beforeEach finds that a release fits before each of the returns that the path may have
// left by, where it is not known which.
func (f *finding) beforeEach(o *owning, shown int) (p releasePlace, guard, ok bool) {
	exits, _, _ := f.leakingExits(o)
	if len(exits) < 2 || slices.Contains(exits, shown) || f.overwritten != nil {
		return p, false, false
	}
	for _, exit := range exits {
		g, fits := o.fits(o.in[exit], exit)
		if !fits {
			return p, false, false
		}
		guard = guard || g
		p.exits = append(p.exits, o.flow.Steps[exit].Range)
	}
	p.how = releaseEach
	slices.SortFunc(p.exits, func(a, b csource.Range) int { return a.Line - b.Line })
	return p, guard, true
}

// releaseStatement gives back what a variable holds, which may be a member of the object.
func (f *finding) releaseStatement(name string, a catalog.Acquisition) string {
	if a.IsNode() {
		return a.ReleaseCall(f.aroundNode(name))
	}
	return a.ReleaseCall(name)
}

// lentAs is the parameter of the function of the fault that the leaked resource was
// passed as, "" if it was not.
func (f *finding) lentAs() string {
	ref, ok := f.reference()
	fn, ok2 := f.Index.Function(f.report.PC)
	if !ok || !ok2 {
		return ""
	}
	for _, e := range slices.Backward(f.result.History) {
		if e.Reason == record.ReasonArgument && e.Callee == fn.Start && e.New != nil && e.New.Ref == ref.ID {
			return f.Parameter(fn.Start, int(e.Place.Index))
		}
	}
	return ""
}

// lent follows the resource into the only function of the source that gives it back on
// some of its paths, if nothing uses it behind that call.
func (o *owning) lent() (*owning, bool) {
	var found *owning
	for step, what := range o.in {
		if what&holdsAny == 0 || o.effectOf(step) != mayGive {
			continue
		}
		for _, c := range o.flow.Calls(step) {
			for i, text := range c.Arguments {
				fn, param, ok := o.release.parameter(c.Function, i)
				if !ok || !slices.Contains(o.names, inner(text)) {
					continue
				}
				flow, ok := o.file.Flow(fn)
				if !ok || found != nil || slices.ContainsFunc(o.flow.Steps[step].Ways, func(w csource.Way) bool { return o.usedFrom(w.To) }) {
					return nil, false
				}
				found = &owning{file: o.file, flow: flow, names: []string{param}, nullable: o.nullable, release: o.release}
				found.follow()
			}
		}
	}
	return found, found != nil
}

// wayTaken is how the path went on after a step.
type wayTaken struct{ step, way int }

// waysTaken are the conditions that the path decided since the resource was acquired
// and how it went on, last one first.
func (f *finding) waysTaken(o *owning) []wayTaken {
	acquire, ok := f.acquirePC()
	if !ok {
		return nil
	}
	var out []wayTaken
	for i := len(f.result.History) - 1; i > f.lastEvent(acquire); i-- {
		if f.result.History[i].Kind != record.EventBranch {
			continue
		}
		step, way := f.wayAt(o, i)
		if w := (wayTaken{step, way}); step >= 0 && !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}

// inPart finds a place for a release in the part of an `if` that a way leads into, or
// behind the label of a `switch`.
func (o *owning) inPart(step, way int) (p releasePlace, guard, ok bool) {
	s := &o.flow.Steps[step]
	if s.Keyword == "switch" {
		return o.behindLabel(s.Ways[way])
	}
	c, ok := o.file.ConditionAt(s.Range.Line, s.Range.Col)
	if !ok || c.Keyword != "if" {
		return p, false, false
	}
	p.at = diag.Span{Line: c.At.Line, Col: c.At.Col, EndLine: c.At.EndLine, EndCol: c.At.EndCol}
	what := o.behind(step, way, o.in[step])
	first := s.Ways[way].To
	part := c.Body
	switch {
	case way == 0:
	case c.HasElse:
		part, p.otherwise = c.Else, true
	default:
		p.how, p.condition = releaseElse, c
		guard, ok = o.fits(what, first)
		return p, guard, ok && what&holdsIt != 0
	}
	p.part = part
	last, jump := o.lastOf(part)
	if jump >= 0 {
		if guard, ok := o.fits(o.in[jump], jump); ok {
			r := o.flow.Steps[jump].Range
			p.how, p.at = releaseBefore, diag.Span{Line: r.Line, Col: r.Col, EndLine: r.EndLine, EndCol: r.EndCol}
			return p, guard, true
		}
		return p, false, false
	}
	if guard, ok := o.fits(what, first); ok {
		p.how = releaseInside
		return p, guard, true
	}
	if last >= 0 {
		if guard, ok := o.fits(o.behind(last, 0, o.in[last]), o.flow.Steps[last].Ways[0].To); ok {
			p.how = releaseLast
			return p, guard, true
		}
	}
	return p, false, false
}

// behindLabel finds a place for a release behind a label: before the jump that ends its
// statements, or before the first of them.
func (o *owning) behindLabel(w csource.Way) (p releasePlace, guard, ok bool) {
	if w.Label.Line == 0 {
		return p, false, false
	}
	for _, step := range []int{o.jumpAfter(w.To), w.To} {
		if step < 0 {
			continue
		}
		if guard, ok = o.fits(o.in[step], step); ok {
			r := o.flow.Steps[step].Range
			return releasePlace{how: releaseBefore, at: diag.Span{Line: r.Line, Col: r.Col, EndLine: r.EndLine, EndCol: r.EndCol}}, guard, true
		}
	}
	return p, false, false
}

// jumpAfter is the jump that statements without a condition between them lead to, -1 if
// they lead to something else.
func (o *owning) jumpAfter(step int) int {
	for range o.flow.Steps {
		if step < 0 || len(o.flow.Steps[step].Ways) != 1 {
			return -1
		}
		switch o.flow.Steps[step].Keyword {
		case "return", "goto", "break", "continue":
			return step
		}
		step = o.flow.Steps[step].Ways[0].To
	}
	return -1
}

// lastOf are the statement that a part of the text ends with, and that if it is a jump;
// -1 if it ends with a statement that contains others.
func (o *owning) lastOf(part csource.Range) (last, jump int) {
	last, jump = -1, -1
	for n := range o.flow.Steps {
		s := &o.flow.Steps[n]
		if !part.Contains(s.Range.Line, s.Range.Col) {
			continue
		}
		if last < 0 || later(s.Range, o.flow.Steps[last].Range) {
			last = n
		}
	}
	if last < 0 {
		return -1, -1
	}
	// It must be a statement of the part itself, not of one within it.
	text := o.flow.Steps[last]
	if block, ok := o.file.Block(text.Range.Line, text.Range.Col); strings.HasPrefix(o.file.Line(part.Line)[part.Col-1:], "{") && (!ok || block != part) {
		return -1, -1
	}
	if _, keyword, bare := o.file.Bare(text.Range.Line, text.Range.Col); bare && part.Contains(keyword.Line, keyword.Col) {
		return -1, -1
	}
	switch text.Keyword {
	case "return", "goto", "break", "continue":
		return last, last
	case "":
		return last, -1
	}
	return -1, -1
}

func later(a, b csource.Range) bool { return a.Line > b.Line || a.Line == b.Line && a.Col > b.Col }

// inRound finds a place at the end of the body of the loop around a step which
// overwrites the variable in each round.
func (o *owning) inRound(step int) (p releasePlace, guard, ok bool) {
	r := o.flow.Steps[step].Range
	loop, ok := o.file.LoopAround(r.Line, r.Col)
	if !ok {
		return p, false, false
	}
	body, ok := o.file.Block(r.Line, r.Col)
	if !ok || !loop.Contains(body.Line, body.Col) {
		return p, false, false
	}
	last, jump := o.lastOf(body)
	if last < 0 || jump >= 0 || len(o.flow.Steps[last].Ways) != 1 {
		return p, false, false
	}
	guard, ok = o.fits(o.behind(last, 0, o.in[last]), o.flow.Steps[last].Ways[0].To)
	p.part = body
	p.how, p.at = releaseInRound, diag.Span{Line: loop.Line, Col: loop.Col, EndLine: loop.EndLine, EndCol: loop.EndCol}
	return p, guard, ok
}

// placeRelease says where a release goes, and proposes it there.
func (f *finding) placeRelease(p releasePlace) string {
	at := f.anchor()
	known := catalog.Facts{"check": catalog.Quote(p.statement), "line": strconv.Itoa(p.at.Line)}
	switch p.how {
	case releaseInside:
		f.proposeFirst(p.part, release, p.statement)
		known["part"] = partOf(p.otherwise)
		return catalog.AdviseReleaseInside.With(known)
	case releaseLast:
		f.proposeLast(p.part, release, p.statement)
		known["part"] = partOf(p.otherwise)
		return catalog.AdviseReleaseLast.With(known)
	case releaseElse:
		f.proposeElse(&p.condition, release, p.statement)
		return catalog.AdviseReleaseElse.With(known)
	case releaseEach:
		lines := make([]int, len(p.exits))
		for i, r := range p.exits {
			lines[i] = r.Line
		}
		f.proposeBeforeEach(at.File, p.exits, p.statement)
		known["line"] = catalog.Lines(lines)
		return catalog.AdviseReleaseEach.With(known)
	case releaseInRound:
		f.proposeLast(p.part, release, p.statement)
		return catalog.AdviseReleaseInRound.With(known)
	}
	f.proposeBefore(p.at, release, p.statement)
	known["braces"] = f.braces(p.at, p.statement)
	if p.at.Line != at.Line {
		known["first"] = f.jumpIn(p.at)
		f.relateJump(p.at)
	} else if !strings.HasPrefix(p.statement, "if ") {
		known["instead"] = f.breakTo(at, p.statement)
	}
	return catalog.AdviseRelease.With(known)
}

// relateJump shows a jump by which the path leaves with what it holds.
func (f *finding) relateJump(at diag.Span) {
	file := f.File(at.File)
	if file == nil || at.Col == 0 {
		return
	}
	switch keyword, _, _ := strings.Cut(file.Text(placeOf(at)), " "); keyword {
	case "goto", "continue", "break":
		message := "the path goes on from here without a release"
		f.details = append(f.details, step{pc: f.report.PC, span: at, message: message})
	}
}

// jumpIn names the jump before which a release goes.
func (f *finding) jumpIn(at diag.Span) string {
	text := ""
	if file := f.File(at.File); file != nil {
		text = file.Text(csource.Range{Line: at.Line, Col: at.Col, EndLine: at.EndLine, EndCol: at.EndCol})
	}
	if text == "" {
		return fmt.Sprintf("line %d", at.Line)
	}
	return fmt.Sprintf("the %s in line %d", catalog.Quote(text), at.Line)
}

func partOf(otherwise bool) string {
	if otherwise {
		return "`else`"
	}
	return "`if`"
}

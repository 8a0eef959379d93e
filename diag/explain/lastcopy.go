// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/csource"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/history"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/source"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
)

// The kernel reports a leak where the program ends, but a reference is lost
// where its last copy goes:
//
//	a function that had it returns    shown at that return
//	the variable gets another value   shown at the assignment
//	anything else                     shown where the path ends
//
// The rest of the path is not part of the story then.

// lostAt moves the fault to the place where a leaked reference was lost.
func (f *finding) lostAt() {
	ref, held := f.reference()
	if !f.entry.Leak || !held {
		return
	}
	i, ok := history.LastCopy(f.result, ref.ID)
	if !ok {
		return
	}
	if s, name, ok := f.overwriting(i); ok {
		f.overwritten = &s
		f.facts["exit"] = catalog.Quote(name) + " gets another value, and no other copy is left"
		f.cut(i)
		return
	}
	// A register is used for something else before its function returns.
	for j := i; j < len(f.result.History); j++ {
		if e := &f.result.History[j]; e.Kind == record.EventReturn && e.Activation == f.result.History[i].Activation {
			f.cut(j)
			return
		}
	}
}

// overwriting is the assignment to the variable of a reference that the event of
// an index is part of.
func (f *finding) overwriting(index int) (s diag.Span, name string, ok bool) {
	e := &f.result.History[index]
	acquire, known := f.acquirePC()
	pos, file, ok := f.At(e.PC)
	again := f.acquiredAgain(index)
	if !ok || file == nil || !known || e.Kind == record.EventReturn || f.sameLine(e.PC, acquire) && !again {
		return diag.Span{}, "", false
	}
	name = f.keeper(acquire, catalog.AcquiredBy(f.Callee(acquire))).name
	r, ok := file.Assignment(name, pos.Line, max(pos.Col, 1))
	if got, _, _ := f.At(acquire); ok && !again && got.File == pos.File && r.Contains(got.Line, max(got.Col, 1)) {
		return diag.Span{}, "", false // what is left of the statement that acquired it
	}
	return source.WithRange(diag.Span{File: f.Absolute(pos.File)}, r), name, ok
}

// acquiredAgain reports whether the event of an index belongs to a later round
// of the statement that acquired the leaked reference.
func (f *finding) acquiredAgain(index int) bool {
	ref, ok := f.reference()
	if !ok {
		return false
	}
	first := false
	for _, e := range f.result.History[:index] {
		switch {
		case e.Kind != record.EventAcquire:
		case e.Ref == ref.ID:
			first = true
		case first && f.sameLine(e.PC, int(ref.Site)) && f.sameLine(e.PC, f.result.History[index].PC):
			return true
		}
	}
	return false
}

// pathIndex is where on the path the event of an index happened.
func (f *finding) pathIndex(index int) (int, bool) {
	pc, later := f.result.History[index].PC, 0
	kind := f.result.History[index].Kind
	for i := index + 1; i < len(f.result.History); i++ {
		if e := &f.result.History[i]; e.PC == pc && e.Kind == kind && e.Place == f.result.History[index].Place {
			later++
		}
	}
	path := f.result.Path
	for i := len(path) - 1; i >= 0; i-- {
		if int(path[i]) != pc {
			continue
		}
		if later == 0 {
			return i, true
		}
		later--
	}
	return 0, false
}

// cut ends the story with the event of an index.
func (f *finding) cut(index int) {
	at, ok := f.pathIndex(index)
	if !ok {
		return
	}
	e := f.result.History[index]
	report, result := *f.report, *f.result
	report.PC, report.Frame, report.Activation = e.PC, e.Frame, e.Activation
	result.History, result.Path = result.History[:index+1], result.Path[:at+1]
	f.report, f.result = &report, &result
}

// addRelease words the release that a leaking path lacks.
func (f *finding) addRelease(a catalog.Acquisition) {
	name := strings.Trim(f.facts["value"], "`")
	statement := a.ReleaseCall(name)
	f.set("releaser", a.ReleasedWith())
	if a.IsNode() && lvalueRE.MatchString(name) && statement != "" {
		if statement = a.ReleaseCall(f.aroundNode(name)); statement == "" {
			f.facts["advice"] = catalog.AdviseReleaseAround.With(catalog.Facts{"releaser": catalog.Call(a.Releasers[0]), "value": f.facts["value"]})
			return
		}
	}
	switch {
	case statement != "" && f.overwriterUses(name):
		f.facts["advice"] = catalog.AdviseOtherVariable.With(catalog.Facts{"value": f.facts["value"], "check": catalog.Quote(statement)})
	case lvalueRE.MatchString(name) && statement != "":
		f.facts["advice"] = f.releaseAdvice(name, a)
		f.proposeReleases(a, name, statement)
	case f.facts["releaser"] != "" && f.resultUnused():
		f.facts["advice"] = catalog.AdviseKeepResult.With(f.facts)
	case f.facts["releaser"] != "":
		f.facts["advice"] = catalog.AdviseReleaser.With(f.facts)
	}
}

// overwriterUses reports whether the assignment that destroyed the last copy of the leaked
// resource computes the new value of its variable from the old one.
func (f *finding) overwriterUses(name string) bool {
	if f.overwritten == nil || !isVariable(name) {
		return false
	}
	file := f.File(f.overwritten.File)
	if file == nil {
		return false
	}
	target, value, ok := strings.Cut(file.Text(placeOf(*f.overwritten)), "=")
	return ok && strings.TrimSpace(target) == name && mentions(sizeofRE.ReplaceAllString(value, ""), name)
}

// releaseAdvice says where a release belongs: where only paths that own the
// resource come by.
func (f *finding) releaseAdvice(name string, a catalog.Acquisition) string {
	ref, held := f.reference()
	statement := f.releaseStatement(name, a)
	known := catalog.Facts{"check": catalog.Quote(statement)}
	if held && a.Holder == 0 && history.Unchecked(f.result, ref.ID) {
		known["check"] = catalog.Quote(fmt.Sprintf("if (%s) %s", name, statement))
	}
	at := f.anchor()
	if f.overwritten == nil && f.isCall() {
		if advice := f.adviseInCaller(name, statement); advice != "" {
			return advice
		}
		if advice := f.adviseEarlier(at, name); advice != "" {
			return advice
		}
	}
	if b, ok := f.lastDecision(at); ok && !b.truth {
		if both := f.unbraced(at, &b.condition, statement); both != "" {
			known["line"], known["check"] = strconv.Itoa(at.Line), both
			known["place"] = strconv.Itoa(b.condition.At.Line)
			f.proposeBraces(at, &b.condition)
			return catalog.AdviseBraces.With(known)
		}
	}
	if p, ok := f.releasePlace(name, a); ok {
		f.release = p.at
		return f.placeRelease(p)
	}
	if r, ok := f.leavingMacro(); ok && r == at {
		known["line"] = strconv.Itoa(at.Line)
		return catalog.AdviseMacroReturn.With(known)
	}
	f.proposeBefore(at, asFallback(release), known["check"])
	return catalog.AdviseReleaser.With(catalog.Facts{"releaser": known["check"]})
}

// unbraced are a release that is the body of an `if` and the return at a place that
// is indented as if it belonged to it, in the braces that both lack; "" if they are
// not such.
func (f *finding) unbraced(at diag.Span, c *csource.Condition, statement string) string {
	file := f.File(at.File)
	body := file.Text(c.Body)
	text := file.Text(csource.Range{Line: at.Line, Col: at.Col, EndLine: at.EndLine, EndCol: at.EndCol})
	if body != statement || at.Col <= c.At.Col || at.Line != c.Body.EndLine+1 || !strings.HasPrefix(text, "return") {
		return ""
	}
	return catalog.Quote("{ " + body + " " + text + "; }")
}

// lastDecision is the last condition that the path decided since the resource
// was acquired, in the function that a place is in.
func (f *finding) lastDecision(in diag.Span) (branch, bool) {
	acquire, ok := f.acquirePC()
	file := f.File(in.File)
	if !ok || file == nil {
		return branch{}, false
	}
	fn, ok := file.FunctionAt(in.Line, in.Col)
	if !ok {
		return branch{}, false
	}
	for i := len(f.result.History) - 1; i > f.lastEvent(acquire); i-- {
		e := &f.result.History[i]
		if e.Kind != record.EventBranch {
			continue
		}
		next := f.wayOf(e)
		b, ok := f.decision(e.PC, next)
		if pos, at, _ := f.At(e.PC); at != file || !fn.Body.Contains(pos.Line, max(pos.Col, 1)) {
			continue
		}
		return b, ok && b.decided && b.condition.Keyword == "if"
	}
	return branch{}, false
}

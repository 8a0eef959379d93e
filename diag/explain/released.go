// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/csource"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/source"
)

// The source has releases already, on other paths. What a suggestion says must agree
// with them:
//
//	one has run whenever the place is reached    the path returns elsewhere
//	one may have run when the place is reached   no place is named
//	one follows a tail call                      it moves, no second one is added

// giving finds in C text calls that give back what a leaked variable held.
type giving struct {
	file *csource.File
	call *regexp.Regexp
	from int // the line from which the variable holds it, within the function
	fn   csource.Function
}

// givingAt is what gives back the leaked resource in the function at a place.
func (f *finding) givingAt(at diag.Span) (g giving, ok bool) {
	pc, ok := f.acquirePC()
	if g.file = f.File(at.File); !ok || g.file == nil {
		return g, false
	}
	if g.fn, ok = g.file.FunctionAt(at.Line, at.Col); !ok {
		return g, false
	}
	a := catalog.AcquiredBy(f.Callee(pc)).Of(f.ownedObject())
	name := f.keeper(pc, a).name
	if len(a.Releasers) == 0 || name == "" {
		return g, false
	}
	var names []string
	for _, r := range a.Releasers {
		names = append(names, regexp.QuoteMeta(r))
	}
	value := `[^;]*\b` + regexp.QuoteMeta(name) + `\b`
	if a.IsNode() {
		value = "" // given back by the name of the object around it
	}
	g.call = regexp.MustCompile(`\b(?:` + strings.Join(names, "|") + `)(?:_impl)?\s*\(` + value)
	g.from = g.fn.Body.Line
	if pos, file, ok := f.At(pc); ok && file == g.file && g.fn.Body.Contains(pos.Line, max(pos.Col, 1)) {
		g.from = pos.Line
	}
	return g, true
}

// statement reports whether a statement is such a call, and nothing else.
func (g *giving) statement(r csource.Range) bool {
	m := g.call.FindStringIndex(strings.TrimPrefix(g.file.Text(r), "(void)"))
	return m != nil && m[0] == 0
}

// within reports whether a part of the source has one of the calls.
func (g *giving) within(r csource.Range) bool {
	for n := r.Line; n <= r.EndLine; n++ {
		if g.call.MatchString(g.file.Line(n)) {
			return true
		}
	}
	return false
}

// adviseEarlier says how to give a resource back before a call that may end the
// program, if there is a release behind it: that has to move.
func (f *finding) adviseEarlier(at diag.Span, name string) string {
	g, ok := f.givingAt(at)
	if !ok {
		return ""
	}
	rest := csource.Range{Line: at.EndLine + 1, Col: 1, EndLine: g.fn.Body.EndLine, EndCol: 1}
	if !g.within(rest) {
		return ""
	}
	used := regexp.MustCompile(`\b` + regexp.QuoteMeta(name) + `\b`)
	_, _, bare := g.file.Bare(at.Line, max(at.Col, 1)) // what follows is outside of its `if`
	for _, r := range g.file.After(at.Line, at.Col) {
		if !bare && g.statement(r) && !g.within(csource.Range{Line: r.EndLine + 1, EndLine: rest.EndLine}) {
			f.proposeMove(at, r, release)
			return catalog.AdviseMoveRelease.With(catalog.Facts{"check": catalog.Quote(g.file.Text(r)), "line": strconv.Itoa(r.Line)})
		}
		if r.Line != r.EndLine || used.MatchString(g.file.Text(r)) {
			break
		}
	}
	if advice := f.moveBeforeCondition(&g, at, used); advice != "" {
		return advice
	}
	return catalog.AdviseReleaseOnce.With(catalog.Facts{"value": catalog.Quote(name)})
}

// adviseInCaller says to give a resource back before a call whose function ends the program,
// where the caller owns it; "" if the function of the fault does.
func (f *finding) adviseInCaller(name, statement string) string {
	pc, ok := f.acquirePC()
	call, ok2 := f.callOf(f.report.Activation)
	if !ok || !ok2 || slices.Equal(f.functions(pc), f.functions(f.report.PC)) || !isVariable(name) {
		return ""
	}
	at := f.Span(call)
	g, ok := f.givingAt(at)
	if !ok || g.from == g.fn.Body.Line {
		return ""
	}
	known := catalog.Facts{"value": catalog.Quote(name), "line": strconv.Itoa(at.Line), "check": catalog.Quote(statement)}
	var later []int
	for n := at.EndLine + 1; n < g.fn.Body.EndLine; n++ {
		if g.call.MatchString(g.file.Line(n)) {
			later = append(later, n)
		}
	}
	if len(later) > 0 {
		known["later"] = catalog.InLines(later)
	}
	if usesName(g.file, name, at.Line, at.EndLine) {
		known["copy"] = "what that line needs of " + known["value"]
	}
	return catalog.AdviseInCaller.With(known)
}

// moveBeforeCondition says to move the release behind an `if` without an `else` to before
// that, where the call stands in its body and neither uses what is given back; "" otherwise.
func (f *finding) moveBeforeCondition(g *giving, at diag.Span, used *regexp.Regexp) string {
	var around csource.Condition
	for _, c := range g.file.Conditions(g.fn) {
		if c.Keyword == "if" && c.Body.Contains(at.Line, max(at.Col, 1)) {
			around = c
		}
	}
	if around.Keyword == "" || around.HasElse || around.Jump != "" || used.MatchString(around.Whole.Text) || used.MatchString(g.file.Text(around.Body)) {
		return ""
	}
	for _, r := range g.file.After(around.At.Line, around.At.Col) {
		if g.statement(r) && !g.within(csource.Range{Line: r.EndLine + 1, EndLine: g.fn.Body.EndLine}) {
			s := at
			s.Line, s.Col = around.At.Line, around.At.Col
			f.proposeMove(s, r, release)
			return catalog.AdviseMoveBefore.With(catalog.Facts{"check": catalog.Quote(g.file.Text(r)), "line": strconv.Itoa(r.Line), "place": strconv.Itoa(s.Line)})
		}
		if r.Line != r.EndLine || used.MatchString(g.file.Text(r)) {
			break
		}
	}
	return ""
}

// aroundNode is the object that a list or tree node is part of, as the function of
// the fault writes it; "" if it does not.
func (f *finding) aroundNode(name string) string {
	g, ok := f.givingAt(f.anchor())
	if !ok {
		return ""
	}
	re := regexp.MustCompile(`\bcontainer_of\(\s*` + regexp.QuoteMeta(name) + `\s*,[^()]*\)`)
	for n := g.from; n <= g.fn.Body.EndLine; n++ {
		if text := re.FindString(g.file.Line(n)); text != "" {
			return text
		}
	}
	return ""
}

// resultUnused reports whether the call that acquired the resource is a statement
// of its own.
func (f *finding) resultUnused() bool {
	pc, ok := f.acquirePC()
	pos, file, ok2 := f.At(pc)
	if !ok || !ok2 || file == nil || f.assigned(pc) != "" {
		return false
	}
	r, ok := file.Call(source.Spelled(f.Callee(pc), file, pos.Line), pos.Line, max(pos.Col, 1))
	if !ok {
		return false
	}
	before := strings.TrimSuffix(strings.TrimSpace(file.Line(r.Line)[:r.Col-1]), "(void)")
	return before == "" && strings.HasPrefix(strings.TrimSpace(file.Line(r.EndLine)[r.EndCol-1:]), ";")
}

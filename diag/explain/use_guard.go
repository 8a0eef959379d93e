// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/csource"
	"github.com/bpf-lsp/bpf-lsp/dwarfmap"
)

// Conditions of a single use of a value. To leave the function where the value is no good
// loses what follows, for inputs for which that is right:
//
//	what follows does nothing that is seen outside    leaving loses nothing
//	it needs the value as well                        leaving is what is left to do
//	else                                              the use gets a condition of its own

// use is the step of the source that a value is used in, and where it goes on if the use
// is left out.
type use struct {
	file *csource.File
	fn   csource.Function
	flow *csource.Flow
	step int
	pos  dwarfmap.Pos
}

// useHere is the step of the fault.
func (f *finding) useHere() (use, bool) {
	fn, file, pos, ok := f.functionHere()
	if !ok {
		return use{}, false
	}
	flow, ok := file.Flow(fn)
	if !ok {
		return use{}, false
	}
	u := use{file, fn, flow, flow.At(pos.Line, max(pos.Col, 1)), pos}
	return u, u.step >= 0 && len(flow.Steps[u.step].Ways) > 0
}

// worksWithout reports whether what runs behind the use, if that is left out, does something
// that is seen outside of the function, and none of it needs the value.
func (u *use) worksWithout(needs func(step int) bool) bool {
	ways := u.flow.Steps[u.step].Ways
	works := false
	seen := map[int]bool{u.step: true, -1: true}
	next := []int{ways[len(ways)-1].To}
	for len(next) > 0 {
		step := next[0]
		next = next[1:]
		if seen[step] {
			continue
		}
		seen[step] = true
		if needs(step) {
			return false
		}
		works = works || u.isWork(step)
		for _, w := range u.flow.Steps[step].Ways {
			next = append(next, w.To)
		}
	}
	return works
}

// isWork reports whether a step does more than to end what the function holds.
func (u *use) isWork(step int) bool {
	targets, calls := u.flow.Works(step, u.fn)
	return len(targets) > 0 || slices.ContainsFunc(calls, func(name string) bool {
		return catalog.Ends(name) == "" && !strings.HasSuffix(name, "unlock") && catalog.AcquiredBy(name).Releasers == nil
	})
}

// mayBeLeftOut reports whether nothing else comes from the step of the use than from what
// the text is in: a condition, a store to it, or a call that is a statement.
func (u *use) mayBeLeftOut(text *regexp.Regexp) bool {
	switch u.flow.Steps[u.step].Keyword {
	case "if":
		return true
	case "":
	default:
		return false
	}
	targets, calls := u.flow.Works(u.step, u.fn)
	if len(targets) == 0 {
		return len(calls) > 0
	}
	return slices.ContainsFunc(targets, text.MatchString)
}

// guardUse suggests to make the use of the fault only where a condition holds. text finds
// the value in the source, and needs whether a step needs it.
func (f *finding) guardUse(check string, fix diag.Fix, text *regexp.Regexp, needs func(u *use, step int) bool) bool {
	u, ok := f.useHere()
	if !ok || !text.MatchString(u.flow.Text(u.step)) || !u.mayBeLeftOut(text) || !u.worksWithout(func(step int) bool { return needs(&u, step) }) {
		return false
	}
	written, changes, ok := u.guarded(check)
	if !ok {
		return false
	}
	f.advise(catalog.AdviseGuardUse, catalog.Facts{"name": catalog.Quote(check), "check": catalog.Quote(written), "line": strconv.Itoa(u.flow.Steps[u.step].Range.Line)})
	fix = asGuardFree(fix)
	fix.Title = catalog.FixGuard.With(catalog.Facts{"check": catalog.Quote(u.flow.Text(u.step)), "name": catalog.Quote(check)})
	f.propose(f.Span(f.report.PC).File, fix, changes)
	return true
}

// guarded is what the use is written as with a condition of its own.
func (u *use) guarded(check string) (written string, changes []csource.Change, ok bool) {
	step := &u.flow.Steps[u.step]
	start := func(r csource.Range) csource.Range {
		return csource.Range{Line: r.Line, Col: r.Col, EndLine: r.Line, EndCol: r.Col}
	}
	if step.Keyword == "" {
		if _, _, bare := u.file.Bare(step.Range.Line, step.Range.Col); bare {
			return "", nil, false // an `else` behind it would belong to the new `if`
		}
		return fmt.Sprintf("if (%s) %s;", check, u.flow.Text(u.step)), []csource.Change{{Range: start(step.Range), Text: "if (" + check + ") "}}, true
	}
	c, ok := u.file.ConditionAt(u.pos.Line, max(u.pos.Col, 1))
	if !ok || c.Keyword != "if" {
		return "", nil, false
	}
	for _, o := range c.Operands {
		if !o.Range.Contains(u.pos.Line, max(u.pos.Col, 1)) {
			continue
		}
		if strings.Contains(o.Text, "?") || sideEffectRE.MatchString(o.Text) || strings.Count(c.Whole.Text, o.Text) != 1 {
			return "", nil, false
		}
		before, behind := check+" && ", ""
		if strings.Contains(c.Whole.Text, "||") {
			before, behind = "("+before, ")"
		}
		changes = []csource.Change{{Range: start(o.Range), Text: before}}
		if behind != "" {
			end := csource.Range{Line: o.Range.EndLine, Col: o.Range.EndCol, EndLine: o.Range.EndLine, EndCol: o.Range.EndCol}
			changes = append(changes, csource.Change{Range: end, Text: behind})
		}
		return "if (" + strings.Replace(c.Whole.Text, o.Text, before+o.Text+behind, 1) + ")", changes, true
	}
	return "", nil, false
}

// word finds a name as a word of its own that is no member.
func word(name string) *regexp.Regexp {
	return regexp.MustCompile(`(^|[^\w.>])` + regexp.QuoteMeta(name) + `($|\W)`)
}

// guardsWrap suggests to use what a subtraction makes only where that does not wrap, if what
// follows uses what it is subtracted from alone.
func (f *finding) guardsWrap(a *amount, pc int, from string, by term) bool {
	if by.reg || f.isCall() {
		return false
	}
	difference := regexp.MustCompile(`(^|[^\w.>])` + regexp.QuoteMeta(from) + `\s*-($|[^->=])`)
	used := difference
	if isVariable(a.name) && a.name != from {
		used = word(a.name)
	}
	needs := func(u *use, step int) bool {
		text := u.flow.Text(step)
		return used.MatchString(text) || difference.MatchString(text)
	}
	check := fmt.Sprintf("%s >= %s", from, by.text)
	if by.most == 1 {
		check = from + " > 0"
	}
	if file, pos, ok := f.sourceAt(); !ok || pos.Line < f.lineOf(pc) || assignedBetween(file, from, f.lineOf(pc), pos.Line) {
		return false // it may have another value where the difference is used
	}
	return f.guardUse(check, limitCheck, used, needs)
}

// guardsNull suggests to use a pointer that the path found NULL only where it is not, if
// what follows does not need it.
func (f *finding) guardsNull(name string) bool {
	uses := word(name)
	return f.guardUse(name, nullCheck, uses, func(u *use, step int) bool { return uses.MatchString(u.flow.Text(step)) })
}

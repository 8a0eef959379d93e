// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"slices"
	"strconv"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/csource"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/source"
)

// Two calls of a path end the same thing, or one ends what is used afterwards. Which of
// them is one too many follows from where control goes in the source:
//
//	the second runs only behind the first          the second
//	the first is all that an `if` does             neither: the path should end there
//	whatever follows the first ends the thing too  the first
//	else                                           neither is

// ending are a call that ends something and the place of the fault, in one function.
type ending struct {
	flow          *csource.Flow
	conditions    []csource.Condition
	first, second int // steps
	function      string
	argument      string // what the call is given, "" if nothing
	maker         string // the function that makes such a thing, "" if it is not known
}

// endingAt finds the steps of the call at pc, which ended something, and of the fault.
func (f *finding) endingAt(pc int, maker string) (e ending, ok bool) {
	file, here, ok := f.sourceAt()
	there, other, ok2 := f.At(pc)
	if !ok || !ok2 || file != other || len(f.around()) > 0 && !slices.Equal(f.functions(pc), f.functions(f.report.PC)) {
		return e, false
	}
	fn, ok := file.FunctionAt(here.Line, here.Col)
	if !ok || !fn.Body.Contains(there.Line, max(there.Col, 1)) {
		return e, false
	}
	if e.flow, ok = file.Flow(fn); !ok {
		return e, false
	}
	e.conditions = file.Conditions(fn)
	e.first, e.second = e.flow.At(there.Line, max(there.Col, 1)), e.flow.At(here.Line, max(here.Col, 1))
	e.function, e.maker = source.Spelled(f.Callee(pc), file, there.Line), maker
	if e.first < 0 || e.second < 0 || e.first == e.second || e.flow.Steps[e.first].Keyword != "" {
		return e, false
	}
	calls := e.flow.Calls(e.first)
	if len(calls) != 1 {
		return e, false
	}
	if len(calls[0].Arguments) > 0 {
		e.argument = calls[0].Arguments[0]
	}
	return e, true
}

// ends reports whether a step ends the thing as the first call does.
func (e *ending) ends(step int) bool {
	return e.flow.Steps[step].Keyword == "" && slices.ContainsFunc(e.flow.Calls(step), func(c csource.Call) bool {
		return c.Function == e.function && (e.argument == "" || len(c.Arguments) > 0 && c.Arguments[0] == e.argument)
	})
}

// makes reports whether a step makes the thing again, so that it may be another one.
func (e *ending) makes(step int) bool {
	root, _, _ := strings.Cut(strings.TrimLeft(e.argument, "&("), "->")
	if root != "" && e.flow.Assigns(step, root) {
		return true
	}
	return e.maker != "" && slices.ContainsFunc(e.flow.Calls(step), func(c csource.Call) bool {
		return c.Function == e.maker && (e.argument == "" || slices.Contains(c.Arguments, e.argument))
	})
}

// isBehind reports whether the second step runs only behind the first.
func (e *ending) isBehind() bool {
	seen := map[int]bool{e.first: true}
	work := []int{e.flow.Entry}
	for len(work) > 0 {
		at := work[len(work)-1]
		work = work[:len(work)-1]
		if at < 0 || seen[at] {
			continue
		}
		if at == e.second {
			return false
		}
		seen[at] = true
		for _, w := range e.flow.Steps[at].Ways {
			work = append(work, w.To)
		}
	}
	return true
}

// followed are the steps that end the thing behind the first call, if every way from
// there leads to one; quiet asks that no step between calls anything.
func (e *ending) followed(quiet bool) (ends []int, ok bool) {
	seen := map[int]bool{}
	work := []int{e.first}
	for len(work) > 0 {
		at := work[len(work)-1]
		work = work[:len(work)-1]
		if at < 0 {
			return nil, false
		}
		if seen[at] {
			continue
		}
		seen[at] = true
		if at != e.first {
			switch {
			case e.ends(at):
				ends = append(ends, at)
				continue
			case e.makes(at) || quiet && len(e.flow.Calls(at)) > 0:
				return nil, false
			}
		}
		for _, w := range e.flow.Steps[at].Ways {
			work = append(work, w.To)
		}
	}
	slices.Sort(ends)
	return ends, len(ends) > 0
}

// adviseFirst says to leave out the call at pc, which ended something too early, if every
// way from there leads to another such call.
func (f *finding) adviseFirst(pc int, maker string, quiet bool) bool {
	e, ok := f.endingAt(pc, maker)
	return ok && f.leaveFirst(&e, quiet)
}

// leaveFirst is adviseFirst for a call that is found.
func (f *finding) leaveFirst(e *ending, quiet bool) bool {
	ends, ok := e.followed(quiet)
	if !ok {
		return false
	}
	lines := make([]int, len(ends))
	for i, at := range ends {
		lines[i] = e.flow.Steps[at].Range.Line
	}
	slices.Sort(lines)
	r := e.flow.Steps[e.first].Range
	f.advise(catalog.AdviseLeaveFirst, catalog.Facts{
		"check": catalog.Quote(e.flow.Text(e.first)), "line": strconv.Itoa(r.Line), "instead": catalog.InLines(slices.Compact(lines)),
	})
	f.proposeRemoval(f.sourceSpan(r), diag.Fix{Kind: catalog.FixOrder, Advised: true})
	return true
}

// adviseSurplus says which of two calls to leave out, of which the one at pc came first,
// and the other is the fault.
func (f *finding) adviseSurplus(pc int, maker string, quiet bool) bool {
	e, ok := f.endingAt(pc, maker)
	if !ok {
		return false
	}
	if e.isBehind() {
		f.advise(catalog.AdviseLeaveOut, catalog.Facts{"call": f.calleeWords(pc)})
		f.proposeRemoval(f.Span(f.report.PC), diag.Fix{Kind: catalog.FixOrder, Advised: true})
		return true
	}
	return !e.isWholeBody() && f.leaveFirst(&e, quiet)
}

// isWholeBody reports whether the first call is all that an `if` does.
func (e *ending) isWholeBody() bool {
	inside := func(r csource.Range, step int) bool {
		at := e.flow.Steps[step].Range
		return r.Contains(at.Line, at.Col)
	}
	return slices.ContainsFunc(e.conditions, func(c csource.Condition) bool {
		if c.Keyword != "if" || !inside(c.Body, e.first) {
			return false
		}
		for step := range e.flow.Steps {
			if step != e.first && inside(c.Body, step) {
				return false
			}
		}
		return true
	})
}

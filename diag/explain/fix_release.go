// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"strconv"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/csource"
)

// What a path has to give back before it ends: a resource, a lock, a region.

var release = diag.Fix{Kind: catalog.FixRelease, Advised: true}

// proposeReleases proposes to release a resource before the place of the fault: as the
// suggestion may place it elsewhere, or where the resource may be none.
func (f *finding) proposeReleases(a catalog.Acquisition, name, statement string) {
	at := f.anchor()
	f.proposeBefore(at, asFallback(release), statement)
	if a.Holder == 0 {
		f.proposeBefore(at, asFallback(release), "if ("+name+") "+statement)
	}
}

// proposeBeforeEach proposes a release before each of several returns.
func (f *finding) proposeBeforeEach(name string, exits []csource.Range, statement string) {
	file := f.File(name)
	if file == nil {
		return
	}
	var changes []csource.Change
	lines := make([]int, len(exits))
	for i, r := range exits {
		before, ok := file.InsertBefore(r.Line, r.Col, statement)
		if !ok {
			return
		}
		changes, lines[i] = append(changes, before...), r.Line
	}
	fix := release
	fix.Title = catalog.FixInsertEach.With(catalog.Facts{"check": catalog.Quote(statement), "line": catalog.Lines(lines)})
	f.propose(name, fix, changes)
}

// proposeElse gives a condition an `else` with a release.
func (f *finding) proposeElse(c *csource.Condition, fix diag.Fix, statement string) {
	file, _, ok := f.sourceAt()
	statement = trimQuotes(statement)
	if !ok || strings.Contains(statement, "…") {
		return
	}
	changes, ok := file.AddElse(c, statement)
	if !ok {
		return
	}
	fix.Title = catalog.FixInsert.With(catalog.Facts{"check": catalog.Quote("else " + statement), "line": strconv.Itoa(c.End + 1)})
	f.propose(f.Span(f.report.PC).File, fix, changes)
}

// proposeBraces puts the statement behind the body of an `if` into it, with braces
// around both.
func (f *finding) proposeBraces(at diag.Span, c *csource.Condition) {
	file := f.File(at.File)
	if file == nil {
		return
	}
	changes, ok := file.Enclose(c, at.Line, at.Col)
	if !ok {
		return
	}
	fix := release
	fix.Kind = catalog.FixOrder
	fix.Title = catalog.FixBraces.With(catalog.Facts{"line": strconv.Itoa(c.At.Line), "place": strconv.Itoa(at.Line)})
	f.propose(at.File, fix, changes)
}

// proposeMove moves a statement to before a place.
func (f *finding) proposeMove(at diag.Span, r csource.Range, fix diag.Fix) {
	file := f.File(at.File)
	text := file.Text(r)
	if text == "" {
		return
	}
	before, ok := file.InsertBefore(at.Line, max(at.Col, 1), text)
	removed, ok2 := file.Remove(r.Line, r.Col)
	if !ok || !ok2 {
		return
	}
	fix.Title = catalog.FixMove.With(catalog.Facts{"check": catalog.Quote(text), "line": strconv.Itoa(r.Line), "place": strconv.Itoa(at.Line)})
	f.propose(at.File, fix, append(before, removed...))
}

// proposeUnlock releases the lock that is held before a place. Where another call for
// the same lock comes later, it is left out if the suggestion says so.
func (f *finding) proposeUnlock(at diag.Span, statement string) {
	name, args, _ := strings.Cut(strings.TrimSuffix(statement, ");"), "(")
	if f.Callee(f.report.PC) == name {
		f.proposeArgument(f.report.PC, 1, release, args)
		return
	}
	if f.isCall() && f.facts["second"] == "" {
		return // what the call is for may need the lock
	}
	line, err := strconv.Atoi(f.facts["later"])
	if err != nil || f.isExitPlace(at) {
		f.proposeBefore(at, release, statement)
		return
	}
	file := f.File(at.File)
	r, ok := file.Name(name, line, line)
	if !ok {
		return
	}
	if whole, ok := file.StatementAt(r.Line, r.Col); ok && file.Text(whole) == statement {
		moved := release
		moved.Choice = true // what stands between may need the lock
		f.proposeMove(at, whole, moved)
	}
}

// isExitPlace reports whether a return statement is at a place.
func (f *finding) isExitPlace(at diag.Span) bool {
	file := f.File(at.File)
	return file != nil && strings.HasPrefix(file.Text(placeOf(at)), "return")
}

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

// Changes of the source that a fault may need. They are made where the suggestion is
// worded, from the same facts, and are tried by check.Checker.Prove before anybody sees
// them: a change need not be certain to help, only to be one that the author may want.
//
//	fix_check.go    checks before an access: NULL, the end of a packet, limits
//	fix_release.go  what a path has to give back
//	fix_text.go     one text in place of another: arguments, numbers, conditions
//	fix_declare.go  what is declared: variables, functions, the license

// propose adds a change of a file, unless there is the same already.
func (f *finding) propose(file string, fix diag.Fix, changes []csource.Change) {
	for _, c := range changes {
		fix.Edits = append(fix.Edits, diag.Edit{Span: source.WithRange(diag.Span{File: file}, c.Range), Text: c.Text})
	}
	same := func(o diag.Fix) bool { return slices.Equal(o.Edits, fix.Edits) }
	if len(fix.Edits) > 0 && !slices.ContainsFunc(f.fixes, same) {
		f.fixes = append(f.fixes, fix)
		f.fixAdvice = append(f.fixAdvice, f.facts["advice"])
	}
}

// proposed are the changes, those first which the suggestion describes: advice that was
// given before may have been replaced by better.
func (f *finding) proposed() []diag.Fix {
	for i, advice := range f.fixAdvice {
		if advice != "" && advice != f.facts["advice"] {
			f.fixes[i].Advised = false
		}
	}
	slices.SortStableFunc(f.fixes, func(a, b diag.Fix) int {
		if a.Advised == b.Advised {
			return 0
		} else if a.Advised {
			return -1
		}
		return 1
	})
	return f.fixes
}

// proposeBefore inserts statements before the one at a place.
func (f *finding) proposeBefore(at diag.Span, fix diag.Fix, statements string) {
	f.proposeStatements(at.File, fix, statements, catalog.FixInsert, at.Line,
		func(file *csource.File, statements string) ([]csource.Change, bool) {
			return file.InsertBefore(at.Line, max(at.Col, 1), statements)
		})
}

// proposeAfter inserts statements behind the one at a place.
func (f *finding) proposeAfter(at diag.Span, fix diag.Fix, statements string) {
	f.proposeStatements(at.File, fix, statements, catalog.FixInsertAfter, at.Line,
		func(file *csource.File, statements string) ([]csource.Change, bool) {
			return file.InsertAfter(at.Line, max(at.Col, 1), statements)
		})
}

// proposeStatements inserts statements somewhere in a file; the title names a line. Those
// with a part that is left open cannot be compiled.
func (f *finding) proposeStatements(name string, fix diag.Fix, statements string, title catalog.Phrase, line int,
	insert func(file *csource.File, statements string) ([]csource.Change, bool)) {
	statements = trimQuotes(statements)
	file := f.File(name)
	if file == nil || strings.Contains(statements, "…") {
		return
	}
	changes, ok := insert(file, statements)
	if !ok {
		return
	}
	fix.Title = title.With(catalog.Facts{"check": catalog.Quote(statements), "line": strconv.Itoa(line)})
	f.propose(name, fix, changes)
}

// proposeText puts one text in place of another.
func (f *finding) proposeText(at diag.Span, fix diag.Fix, text string) {
	text = trimQuotes(text)
	file := f.File(at.File)
	if file == nil || at.Col == 0 || strings.Contains(text, "…") {
		return
	}
	r := placeOf(at)
	old := file.Text(r)
	if old == "" || old == text {
		return
	}
	fix.Title = catalog.FixReplace.With(catalog.Facts{"value": catalog.Quote(old), "instead": catalog.Quote(text), "line": strconv.Itoa(at.Line)})
	f.propose(at.File, fix, []csource.Change{{Range: r, Text: text}})
}

// placeOf is a span as a range of its file.
func placeOf(s diag.Span) csource.Range {
	return csource.Range{Line: s.Line, Col: s.Col, EndLine: s.EndLine, EndCol: s.EndCol}
}

// sourceSpan is a range of the file that the fault is in.
func (f *finding) sourceSpan(r csource.Range) diag.Span {
	return source.WithRange(diag.Span{File: f.Span(f.report.PC).File}, r)
}

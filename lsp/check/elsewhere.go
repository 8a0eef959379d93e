// SPDX-License-Identifier: GPL-2.0-only

package check

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
)

// ForEditor returns diagnostics of the unit as an editor shows them, each in its own file. A compiler error in a header
// also marks the line of the unit that includes the header, so that the unit shows that it does not compile. A
// diagnostic in a file that does not exist, as #line may name one, is shown in the unit only.
func (r *Report) ForEditor(ds []diag.Diagnostic) []diag.Diagnostic {
	e := newElsewhere(r)
	var out []diag.Diagnostic
	for _, d := range ds {
		e.rename(&d)
		inUnit := d.Span.File == "" || d.Span.File == r.File
		switch {
		case inUnit:
			out = append(out, d)
		case !e.exists(d.Span.File):
			if moved, ok := e.physical(d.Span); ok {
				d.Related = append(slices.Clip(d.Related),
					diag.Related{Span: d.Span, Message: "what `#line` calls this line"})
				d.Span = moved
				out = append(out, d)
			} else {
				e.mark(&d)
			}
		default:
			out = append(out, d)
			if d.Severity == diag.Error && d.Source == diag.SourceClang {
				e.mark(&d)
			}
		}
	}
	return append(out, e.finished()...)
}

// elsewhere finds the lines of a unit that lead to places in other files.
type elsewhere struct {
	report     *Report
	real       string // the unit with links resolved, as clang names it
	existing   map[string]bool
	directives []lineDirective
	read       bool // whether directives are set
	marks      []diag.Diagnostic
	counts     []int          // diagnostics per mark
	index      map[markAt]int // of marks
}

// markAt identifies a mark.
type markAt struct {
	at       diag.Span
	severity diag.Severity
}

func newElsewhere(r *Report) *elsewhere {
	e := &elsewhere{report: r, existing: map[string]bool{}, index: map[markAt]int{}}
	if real, err := filepath.EvalSymlinks(r.File); err == nil && real != r.File {
		e.real = real
	}
	return e
}

// rename restores the unit's name as requested.
func (e *elsewhere) rename(d *diag.Diagnostic) {
	if e.real == "" {
		return
	}
	if d.Span.File == e.real {
		d.Span.File = e.report.File
	}
	if slices.ContainsFunc(d.Related, func(r diag.Related) bool { return r.Span.File == e.real }) {
		d.Related = slices.Clone(d.Related)
		for i := range d.Related {
			if s := &d.Related[i].Span; s.File == e.real {
				s.File = e.report.File
			}
		}
	}
}

// exists reports whether a file is on disk or in the editor.
func (e *elsewhere) exists(file string) bool {
	known, ok := e.existing[file]
	if !ok {
		_, err := os.Stat(file)
		known = err == nil
		if !known {
			_, known = e.report.Source.Read(file)
		}
		e.existing[file] = known
	}
	return known
}

// mark marks the line of the unit that leads to a diagnostic. Diagnostics reached by one line share a mark.
func (e *elsewhere) mark(d *diag.Diagnostic) {
	key := markAt{e.leadsTo(d), d.Severity}
	if i, ok := e.index[key]; ok {
		e.counts[i]++
		e.marks[i].Related = append(e.marks[i].Related, diag.Related{Span: d.Span, Message: d.Message()})
		return
	}
	m := *d
	m.Problem, m.Reason, m.Span = "in included file", d.Message(), key.at
	m.Related = []diag.Related{{Span: d.Span, Message: "the " + d.Severity.String() + " is here"}}
	for _, r := range d.Related {
		if r.Span.File != e.report.File {
			m.Related = append(m.Related, r)
		}
	}
	e.index[key] = len(e.marks)
	e.marks, e.counts = append(e.marks, m), append(e.counts, 1)
}

// finished returns the marks, which say how many diagnostics each stands for.
func (e *elsewhere) finished() []diag.Diagnostic {
	for i := range e.marks {
		if more := e.counts[i] - 1; more > 0 {
			e.marks[i].Reason += fmt.Sprintf(" (and %d more)", more)
		}
	}
	return e.marks
}

// leadsTo returns the line of the unit through which a diagnostic in another file is reached: the first #include, else
// a place of the history in the unit, else its top, for files included on the command line.
func (e *elsewhere) leadsTo(d *diag.Diagnostic) diag.Span {
	direct, ok := e.physical(d.Span)
	if ok && !e.exists(d.Span.File) {
		return direct
	}
	for _, r := range d.Related {
		if r.Span.File == e.report.File {
			return diag.Span{File: r.Span.File, Line: r.Span.Line}
		}
		if r.Note && !e.exists(r.Span.File) {
			if at, ok := e.physical(r.Span); ok {
				return at
			}
		}
	}
	if ok {
		return direct
	}
	return atTop(e.report.File)
}

// lineDirective gives the line after line a number and a file name.
type lineDirective struct {
	line   int
	file   string
	number int
}

var linePattern = regexp.MustCompile(`^[ \t]*#[ \t]*(?:line[ \t]+)?([0-9]+)(?:[ \t]+"([^"]*)")?`)

// physical returns the line of the unit to which #line gave a place in a file that does not exist.
func (e *elsewhere) physical(s diag.Span) (diag.Span, bool) {
	if !e.read {
		e.read = true
		e.directives = lineDirectives(e.report)
	}
	for i, d := range e.directives {
		line := d.line + 1 + s.Line - d.number
		last := i+1 == len(e.directives) || line < e.directives[i+1].line
		if d.file == s.File && line > d.line && last {
			out := diag.Span{File: e.report.File, Line: line, Col: s.Col}
			if s.EndLine == s.Line {
				out.EndLine, out.EndCol = line, s.EndCol
			}
			return out, true
		}
	}
	return diag.Span{}, false
}

// lineDirectives lists the #line directives in the unit's text. File names are relative to clang's working directory.
func lineDirectives(r *Report) []lineDirective {
	text, _ := r.Source.Read(r.File)
	var out []lineDirective
	file, n := r.File, 0
	for line := range strings.Lines(string(text)) {
		n++
		m := linePattern.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		if m[2] != "" {
			file = m[2]
			if !filepath.IsAbs(file) {
				file = filepath.Join(r.Command.Dir, file)
			}
		}
		number, err := strconv.Atoi(m[1])
		if err != nil {
			continue
		}
		out = append(out, lineDirective{n, filepath.Clean(file), number})
	}
	return out
}

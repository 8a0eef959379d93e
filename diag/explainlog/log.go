// SPDX-License-Identifier: GPL-2.0-only

package explainlog

import (
	"cmp"
	"fmt"
	"maps"
	"strconv"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/csource"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/source"
	"github.com/bpf-lsp/bpf-lsp/diag/kernellog"
)

// Log is a verifier log that somebody pasted, with what can be said of it
// without the program.
type Log struct {
	*kernellog.Pasted
	// Code is that of the closing message, nil if nobody knows it.
	Code   *catalog.Entry
	Ending kernellog.Ending

	name  string // of the file that the log is in
	lines LineFinder
	walk  *kernellog.Walk
	path  []int // steps of the walk that led to the fault
	facts catalog.Facts
}

// LineFinder finds the line of a source that a log quotes: by the kernel's word
// for the place, if the log has that, and by the text.
type LineFinder func(file string, line int, text string) (diag.Span, bool)

// Read reads a log that was found in the file named; lines may be nil.
func Read(p *kernellog.Pasted, name string, lines LineFinder) *Log {
	l := &Log{Pasted: p, Ending: kernellog.End(p.Log()), name: name, lines: lines}
	var message string
	if l.Code, l.facts, message = recognize(l.Ending.Message); l.Code == nil {
		l.Code, l.facts, message = l.recognizeAnywhere()
	}
	if l.Code != nil {
		l.Ending.Message = message
	}
	l.walk = kernellog.ReadWalk(p.Lines)
	l.path = l.walk.Path(len(p.Lines))
	if n := len(l.path); n > 0 && l.Ending.PC < 0 {
		l.Ending.PC = l.walk.Steps[l.path[n-1]].PC
	}
	return l
}

// recognizeAnywhere looks for a message that is not at the end of the log, since
// the text goes on behind it, or has lost its end.
func (l *Log) recognizeAnywhere() (*catalog.Entry, catalog.Facts, string) {
	for i := len(l.Lines) - 1; i >= 0; i-- {
		if e, facts, message := recognize(l.Lines[i].Text); e != nil {
			return e, facts, message
		}
	}
	return nil, nil, ""
}

// recognize finds the code of a message, and the lines of it that are known.
// Loaders may have written several lines into one, or words before it.
func recognize(message string) (*catalog.Entry, catalog.Facts, string) {
	var known []string
	first := true
	for line := range strings.SplitSeq(message, "\n") {
		found := knownParts(line)
		if len(found) > 0 {
			known, first = append(known, found...), false
		} else if !first {
			known = append(known, line)
		}
	}
	for len(known) > 0 {
		if e, _ := catalog.Match(known[len(known)-1]); e != nil {
			break
		}
		known = known[:len(known)-1]
	}
	if len(known) == 0 {
		return nil, nil, ""
	}
	e, facts := catalog.Match(strings.Join(known, "\n"))
	return e, facts, strings.Join(known, "\n")
}

// knownParts are the messages in a line: the line, or what of it stands between
// colons, the longest parts first.
func knownParts(line string) []string {
	if e, _ := catalog.Match(line); e != nil {
		return []string{line}
	}
	parts := strings.Split(line, ": ")
	if len(parts) > maxParts {
		parts = parts[len(parts)-maxParts:]
	}
	var known []string
	for from := 0; from < len(parts); from++ {
		for to := len(parts); to > from; to-- {
			if to-from == len(parts) && len(parts) == 1 {
				continue
			}
			text := strings.Join(parts[from:to], ": ")
			if e, _ := catalog.Match(text); e != nil {
				known = append(known, text)
				from = to - 1
				break
			}
		}
	}
	return known
}

// maxParts is how many parts of a line are looked at.
const maxParts = 12

// Recognized reports whether the log says why the program was rejected, in
// words that are known or in a report of the kernel's.
func (l *Log) Recognized() bool { return l.Code != nil || len(l.Ending.Reports) > 0 }

// Diagnostics explain the rejection as the log shows it: one for each
// resource that leaks, otherwise one.
func (l *Log) Diagnostics() []diag.Diagnostic {
	var all []diag.Diagnostic
	if l.Code != nil && l.Code.Leak {
		for line := range strings.SplitSeq(l.Ending.Message, "\n") {
			if e, leak := catalog.Match(line); e == l.Code && leak["acquire_pc"] != "" {
				facts := maps.Clone(l.facts)
				maps.Copy(facts, leak)
				all = append(all, l.diagnostic(facts, l.reportOf(facts["acquire_pc"])))
			}
		}
	}
	if len(all) > 0 {
		return all
	}
	if len(l.Ending.Reports) > 0 {
		return []diag.Diagnostic{l.diagnostic(l.facts, &l.Ending.Reports[0])}
	}
	return []diag.Diagnostic{l.diagnostic(l.facts, nil)}
}

// reportOf is the report about what the instruction acquired, nil if there is
// none.
func (l *Log) reportOf(acquired string) *kernellog.Report {
	for i := range l.Ending.Reports {
		r := &l.Ending.Reports[i]
		for _, e := range r.Path {
			if e.Label == "acquired" && strconv.Itoa(e.PC) == acquired {
				return r
			}
		}
	}
	return nil
}

// diagnostic explains the fault whose facts a message states, and a report
// what it has.
func (l *Log) diagnostic(facts catalog.Facts, r *kernellog.Report) diag.Diagnostic {
	entry := l.Code
	if entry == nil {
		entry, facts = catalog.Lookup(catalog.Uncoded), catalog.Facts{"detail": l.Ending.Message}
	}
	f := l.told(entry, facts, r)
	d := diag.New(entry, f.facts, nil)
	d.Severity, d.Program = diag.Error, l.Program
	d.Kernel, d.PC = l.Ending.Message, l.Ending.PC
	d.Span, d.Related = f.places()
	if s := f.step(); s != nil {
		d.Inst = s.Text
	}
	if r != nil {
		l.addReport(&d, r)
	}
	return d
}

// addReport adds what the kernel's own report says of the fault.
func (l *Log) addReport(d *diag.Diagnostic, r *kernellog.Report) {
	if l.Code == nil {
		d.Category = r.Category
		d.Problem = cmp.Or(strings.ToLower(r.Problem), d.Problem)
		d.Reason, d.Suggestion = r.Reason, r.Suggestion
	} else if r.Reason != "" {
		d.Kernel += "\n" + r.Reason
	}
	d.Suggestion = cmp.Or(d.Suggestion, r.Suggestion)
	if d.PC < 0 {
		d.PC = r.At.PC
	}
	if s, ok := l.eventSpan(&r.At); ok {
		d.Span = s
	}
	var related []diag.Related
	for _, events := range [][]kernellog.Event{r.Lock, r.Path} {
		for i := range events {
			if s, ok := l.eventSpan(&events[i]); ok {
				related = append(related, diag.Related{Span: s, Message: events[i].Label + ": " + events[i].Message})
			}
		}
	}
	if len(related) > 0 {
		d.Related = related[max(0, len(related)-diag.MaxRelated):]
	}
}

// eventSpan is where an event of a report is.
func (l *Log) eventSpan(e *kernellog.Event) (diag.Span, bool) {
	if e.File != "" {
		if s, ok := l.find(e.File, e.Line, ""); ok {
			s.Col = e.Col
			return s, true
		}
	}
	for i := range l.walk.Steps {
		if s := &l.walk.Steps[i]; s.PC == e.PC {
			return l.span(s), true
		}
	}
	return diag.Span{}, false
}

// find asks for a line that the log quotes; without a finder the kernel's word
// is taken.
func (l *Log) find(file string, line int, text string) (diag.Span, bool) {
	if l.lines != nil {
		return l.lines(file, line, text)
	}
	return diag.Span{File: file, Line: line}, file != ""
}

// span is the source of a step: the C line if it can be found, else the line of
// the log that quotes it, else the step's own line of the log.
func (l *Log) span(s *kernellog.Step) diag.Span {
	p, ok := l.walk.Place(s)
	if !ok {
		return l.logLine(s.Line)
	}
	if at, found := l.find(p.File, p.Line, p.Text); found {
		return at
	}
	return l.logLine(s.Comment)
}

// logLine is a line of the log as a place.
func (l *Log) logLine(i int) diag.Span { return diag.Span{File: l.name, Line: l.Lines[i].N} }

// Quoted are the lines of sources that the log quotes, by file and line.
func (l *Log) Quoted() map[string]map[int]string {
	files := map[string]map[int]string{}
	for i := range l.walk.Steps {
		p, ok := l.walk.Place(&l.walk.Steps[i])
		if !ok || p.File == "" {
			continue
		}
		if files[p.File] == nil {
			files[p.File] = map[int]string{}
		}
		files[p.File][p.Line] = p.Text
	}
	return files
}

// assigned is the variable that the call at a step gives its result to.
func (l *Log) assigned(s *kernellog.Step) string {
	p, ok := l.walk.Place(s)
	name := s.Callee()
	if !ok || name == "" {
		return ""
	}
	file := csource.ScanLines(map[int]string{1: p.Text})
	if text, ok := file.Assigned(source.Spelled(name, file, 1), 1, 1); ok {
		return text
	}
	return ""
}

// lineOf is the number of the C line of a step, "" if the log does not have it.
func (l *Log) lineOf(s *kernellog.Step) string {
	if p, ok := l.walk.Place(s); ok && p.Line > 0 {
		return fmt.Sprint(p.Line)
	}
	return ""
}

// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"go.lsp.dev/protocol"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/lsp/check"
)

// checkedUnit is a unit that a document is part of, and a line of the document in the checked text.
type checkedUnit struct {
	unit     *unit
	report   *check.Report
	checker  Checker
	recorded *check.Recorded // nil before the first request
	line     int             // from 1
}

// unitsThrough returns the units that a document is part of, if the line was not edited since they were checked.
func (s *server) unitsThrough(d *document, line int) (units []checkedUnit) {
	for _, u := range s.checkedUnits(d.file) {
		if n, ok := u.texts.checkedLine(d, line); ok {
			units = append(units, checkedUnit{u, u.report, s.checkerFor(u.file), u.recorded, n})
		}
	}
	return units
}

// record walks the programs of a unit, and keeps what is recorded until its next check.
func (s *server) record(ctx context.Context, c *checkedUnit) {
	recorded := c.checker.Recorded(ctx, c.report)
	if ctx.Err() != nil || recorded == nil {
		c.recorded = &check.Recorded{}
		return
	}
	c.recorded = recorded
	s.do(func() {
		if c.unit.report == c.report {
			c.unit.recorded = recorded
		}
	})
}

// recordedHover describes what recorded walks know at a position: what the value under the cursor is, what a function
// or map is, how its resources live, and which regions are open. The programs are walked again on request, once per
// check.
func (s *server) recordedHover(ctx context.Context, at protocol.TextDocumentPositionParams) (parts []string) {
	var units []checkedUnit
	var f hoverFormat
	var text string
	col := 0
	s.do(func() {
		if d := s.state.documents[at.TextDocument.URI]; d != nil && d.file != "" {
			units = s.unitsThrough(d, int(at.Position.Line))
			f = s.hoverFormat(d)
			if all := lines(d.text); int(at.Position.Line) < len(all) {
				text = all[at.Position.Line]
				col = s.state.client.encoding.offset(text, at.Position.Character) + 1
			}
		}
	})
	add := func(text string) {
		if text != "" && !slices.Contains(parts, text) {
			parts = append(parts, text)
		}
	}
	var lives []string
	for i := range units {
		c := &units[i]
		if c.recorded == nil {
			s.record(ctx, c)
		}
		add(f.values(c.recorded.Walks, c.line, col))
		add(f.contract(c.recorded.Walks, c.line, col))
		name := nameAt(text, col)
		for k := range c.recorded.Lives {
			lives = append(lives, f.lives(&c.recorded.Lives[k], c.line, name)...)
		}
	}
	for _, text := range lives {
		add(text)
	}
	return parts
}

// values describes the value at a position in all programs: once where they agree.
func (f hoverFormat) values(walks []diag.Walked, line, col int) string {
	var told []diag.Value
	var programs []string
	incomplete := ""
	for _, w := range walks {
		v, ok := w.ValueAt(f.file, line, col)
		if !ok {
			continue
		}
		if !w.Complete() {
			incomplete = "\n\n" + catalog.HoverIncomplete.With(catalog.Facts{"program": f.code(w.Program())})
		}
		if i := slices.IndexFunc(told, func(o diag.Value) bool { return f.value(&o, "") == f.value(&v, "") }); i >= 0 {
			programs[i] += ", " + f.code(w.Program())
			continue
		}
		told, programs = append(told, v), append(programs, f.code(w.Program()))
	}
	var texts []string
	for i := range told {
		in := ""
		if len(told) > 1 {
			in = " in " + programs[i]
		}
		texts = append(texts, f.value(&told[i], in))
	}
	if len(texts) == 0 {
		return ""
	}
	return strings.Join(texts, "\n\n") + f.walked(walks, line) + incomplete
}

// value describes a value in some programs, and its cases.
func (f hoverFormat) value(v *diag.Value, in string) string {
	text := f.bold(f.code(v.Text))
	if v.Type != "" {
		text += " (" + f.code(v.Type) + ")"
	}
	text += ": " + v.Known
	if v.Folded {
		text += ", " + catalog.HoverFolded.With(nil)
	}
	if v.Line > 0 {
		text += " (" + catalog.HoverInLine.With(catalog.Facts{"line": fmt.Sprint(v.Line)}) + ")"
	}
	text += in
	for i, c := range v.Cases {
		if i == 0 {
			text += "\n"
		}
		text += "\n- " + c.When + ": " + c.Known
	}
	return text
}

// walked says how often a line was walked.
func (f hoverFormat) walked(walks []diag.Walked, line int) string {
	var counts []string
	for _, w := range walks {
		if n := w.Times(diag.Line{File: f.file, Line: line}); n > 0 {
			facts := catalog.Facts{"count": catalog.Times(n), "program": f.code(w.Program())}
			counts = append(counts, catalog.HoverWalkedIn.With(facts))
		}
	}
	if len(counts) == 0 {
		return ""
	}
	return "\n\n" + catalog.HoverWalked.With(catalog.Facts{"count": strings.Join(counts, ", ")})
}

// contract describes the function or map at a position: as the first program has it that knows it.
func (f hoverFormat) contract(walks []diag.Walked, line, col int) string {
	for _, w := range walks {
		c, ok := w.ContractAt(f.file, line, col)
		if !ok {
			continue
		}
		text := f.bold(f.code(c.Name))
		if c.Definition != "" {
			text += ": " + f.code(c.Definition)
		}
		for _, note := range c.Notes {
			text += "\n\n" + note
		}
		if c.Place.Line > 0 {
			text += "\n\n" + catalog.MapDeclared.With(catalog.Facts{"line": f.place(c.Place)})
		}
		return text
	}
	return ""
}

// lives returns the texts about one program's resources on a line: of all if the cursor is on no variable, else of the
// one that the variable holds.
func (f hoverFormat) lives(l *diag.Lives, line int, name string) (parts []string) {
	for i := range l.Lives {
		life := &l.Lives[i]
		if f.touches(life, line) && (name == "" || life.Holder == catalog.Quote(name)) {
			parts = append(parts, f.life(life, line))
		}
	}
	var open []string
	program := ""
	for i := range l.Regions {
		r := &l.Regions[i]
		always, inside := r.Lines[diag.Line{File: f.file, Line: line}]
		if !inside {
			continue
		}
		program = r.Program
		text := r.Name
		if !always {
			text += " (on some paths)"
		}
		open = append(open, "- "+text)
	}
	if len(open) > 0 {
		heading := f.bold(catalog.HoverOpen.With(nil)) + " in " + f.code(program)
		parts = append(parts, heading+"\n\n"+strings.Join(open, "\n"))
	}
	return parts
}

// story is a life from its beginning on, in the order of execution.
func story(l *diag.Life) []diag.Related { return append([]diag.Related{l.Acquired}, l.Then...) }

func (f hoverFormat) touches(l *diag.Life, line int) bool {
	return slices.ContainsFunc(story(l), func(r diag.Related) bool {
		return r.Span.File == f.file && r.Span.Line == line
	})
}

// life describes how a resource is used.
func (f hoverFormat) life(l *diag.Life, line int) string {
	var b strings.Builder
	b.WriteString(f.bold(catalog.HoverLife.With(catalog.Facts{"value": l.Holder})))
	b.WriteString(" in " + f.code(l.Program) + ", on all paths\n")
	for i, r := range story(l) {
		text := r.Message
		if r.Span.File == f.file && r.Span.Line == line {
			text = f.bold(text + " (this line)")
		}
		fmt.Fprintf(&b, "\n%d. %s: %s", i+1, f.place(r.Span), text)
	}
	return b.String()
}

// nameAt returns the variable that the expression under a column, from 1, begins with; "" if there is none, or it is
// a keyword or a function that is called.
func nameAt(text string, col int) string {
	isWord := func(i int) bool {
		return i >= 0 && i < len(text) && (text[i] == '_' || text[i] >= '0' && text[i] <= '9' ||
			text[i] >= 'a' && text[i] <= 'z' || text[i] >= 'A' && text[i] <= 'Z')
	}
	end := col - 1
	if !isWord(end) {
		return ""
	}
	for isWord(end) {
		end++
	}
	if rest := strings.TrimLeft(text[end:], " \t"); strings.HasPrefix(rest, "(") {
		return ""
	}
	start := end
	for {
		for isWord(start - 1) {
			start--
		}
		name := text[start:end]
		switch {
		case start > 1 && text[start-2:start] == "->":
			start -= 2
		case start > 0 && text[start-1] == '.':
			start--
		case slices.Contains([]string{"return", "if", "else", "while", "for", "goto", "break", "continue"}, name):
			return ""
		default:
			return name
		}
		end = start
	}
}

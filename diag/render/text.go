// SPDX-License-Identifier: GPL-2.0-only

package render

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/bpf-lsp/bpf-lsp/diag"
)

// Layout of the text report.
const (
	tabWidth  = 4   // columns a tab stands for
	textWidth = 100 // columns that notes are wrapped to
	maxGap    = 2   // unmarked lines shown between two marked ones
)

// Printer writes diagnostics for people, in the manner of compilers: a header
// that one can search for, the source with what is meant underlined, and
// notes.
type Printer struct {
	Color bool
	Read  diag.SourceReader
	// Show makes a file name fit for reading, such as relative to the current
	// directory. nil leaves names alone.
	Show func(file string) string
	// Quoted reports whether Read has only some lines of a file; the others are
	// not shown then. nil stands for whole files.
	Quoted func(file string) bool
}

// style is an ANSI escape sequence.
type style string

const (
	styleBold    style = "\x1b[1m"
	styleError   style = "\x1b[1;31m"
	styleWarning style = "\x1b[1;33m"
	styleInfo    style = "\x1b[1;32m"
	styleGutter  style = "\x1b[1;34m"
	styleReset   style = "\x1b[0m"
)

func (p *Printer) paint(s style, text string) string {
	if !p.Color || text == "" {
		return text
	}
	return string(s) + text + string(styleReset)
}

func (p *Printer) severityStyle(s diag.Severity) style {
	switch s {
	case diag.Error:
		return styleError
	case diag.Warning:
		return styleWarning
	}
	return styleInfo
}

func (p *Printer) show(file string) string {
	if p.Show == nil {
		return file
	}
	return p.Show(file)
}

// Print writes one diagnostic and an empty line.
func (p *Printer) Print(w io.Writer, d *diag.Diagnostic) error {
	var b bytes.Buffer
	p.header(&b, d)
	gutter := p.excerpts(&b, d)
	p.notes(&b, d, gutter)
	b.WriteByte('\n')
	_, err := w.Write(b.Bytes())
	return err
}

func (p *Printer) header(b *bytes.Buffer, d *diag.Diagnostic) {
	title := d.Severity.String()
	if d.Code != "" && d.Source != diag.SourceClang {
		title += "[" + string(d.Code) + "]"
	}
	b.WriteString(p.paint(p.severityStyle(d.Severity), title))
	b.WriteString(p.paint(styleBold, ": "+printable(d.Message())))
	b.WriteByte('\n')
}

// mark is an underlined part of one line.
type mark struct {
	line, from, to int // columns of bytes, from 0, end exclusive
	label          string
	primary        bool
}

// excerpts prints the source around the places and returns the width of the
// line numbers.
func (p *Printer) excerpts(b *bytes.Buffer, d *diag.Diagnostic) int {
	files := p.byFile(d)
	width := 1
	for _, f := range files {
		for _, m := range f.marks {
			width = max(width, len(fmt.Sprint(m.line)))
		}
	}
	blank := strings.Repeat(" ", width)
	for i, f := range files {
		arrow := "-->"
		if i > 0 {
			arrow = ":::"
		}
		at := f.first
		at.File = printable(p.show(at.File))
		fmt.Fprintf(b, "%s%s %s\n", blank, p.paint(styleGutter, arrow), at)
		if f.lines == nil {
			p.placesOnly(b, f, blank)
			continue
		}
		fmt.Fprintf(b, "%s %s\n", blank, p.paint(styleGutter, "|"))
		p.excerpt(b, f, width, p.severityStyle(d.Severity))
	}
	return width
}

// fileMarks are the marks of one file, and where the first of them is.
type fileMarks struct {
	name  string
	first diag.Span
	lines []string // nil if the source is not there
	marks []mark
}

// byFile sorts the places of a diagnostic by file, its own file first.
func (p *Printer) byFile(d *diag.Diagnostic) []*fileMarks {
	var files []*fileMarks
	add := func(s diag.Span, label string, primary bool) {
		if s.IsZero() {
			return
		}
		i := slices.IndexFunc(files, func(f *fileMarks) bool { return f.name == s.File })
		if i < 0 {
			i = len(files)
			files = append(files, &fileMarks{name: s.File, first: s, lines: p.lines(s.File)})
		}
		if s.Line > 0 {
			files[i].marks = append(files[i].marks, newMark(s, label, primary, files[i].lines))
		}
	}
	label := d.Problem
	add(d.Span, label, true)
	for i, r := range d.Related {
		label := r.Message
		if len(d.Related) > 2 {
			label = fmt.Sprintf("%d. %s", i+1, label)
		}
		add(r.Span, label, false)
	}
	for _, f := range files {
		slices.SortStableFunc(f.marks, func(a, b mark) int { return cmp.Compare(a.line, b.line) })
	}
	return files
}

func (p *Printer) lines(file string) []string {
	if p.Read == nil {
		return nil
	}
	text, ok := p.Read(file)
	if !ok || bytes.IndexByte(text, 0) >= 0 {
		return nil // an object file is nothing to read
	}
	return strings.Split(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n")
}

// newMark cuts a span to its first line.
func newMark(s diag.Span, label string, primary bool, lines []string) mark {
	m := mark{line: s.Line, label: label, primary: primary}
	text := ""
	if s.Line <= len(lines) {
		text = lines[s.Line-1]
	}
	trimmed := strings.TrimRight(text, " \t")
	m.from = len(text) - len(strings.TrimLeft(text, " \t"))
	m.to = len(trimmed)
	if s.Col > 0 {
		m.from = min(s.Col-1, len(text))
		if s.EndLine == s.Line && s.EndCol > s.Col {
			m.to = min(s.EndCol-1, len(text))
		} else if s.EndLine <= s.Line {
			m.to = m.from + 1
		}
	}
	m.to = max(m.to, m.from+1)
	return m
}

// placesOnly lists the places of a file that cannot be read.
func (p *Printer) placesOnly(b *bytes.Buffer, f *fileMarks, blank string) {
	for _, m := range f.marks {
		if !m.primary {
			fmt.Fprintf(b, "%s %s line %d: %s\n", blank, p.paint(styleGutter, "="), m.line, m.label)
		}
	}
}

func (p *Printer) excerpt(b *bytes.Buffer, f *fileMarks, width int, main style) {
	last := 0
	for i, m := range f.marks {
		if m.line != last {
			p.between(b, f, last, m.line, width)
			p.sourceLine(b, f, m.line, width)
		}
		last = m.line
		p.underline(b, f, &f.marks[i], width, main)
	}
}

// between bridges two marked lines: by the lines themselves if they are few.
func (p *Printer) between(b *bytes.Buffer, f *fileMarks, last, next, width int) {
	if last == 0 || next == last+1 {
		return
	}
	if next-last-1 > maxGap || p.Quoted != nil && p.Quoted(f.name) {
		fmt.Fprintf(b, "%s\n", p.paint(styleGutter, "..."))
		return
	}
	for n := last + 1; n < next; n++ {
		p.sourceLine(b, f, n, width)
	}
}

func (p *Printer) sourceLine(b *bytes.Buffer, f *fileMarks, n, width int) {
	text := ""
	if n >= 1 && n <= len(f.lines) {
		text = expandTabs(f.lines[n-1])
	}
	number := fmt.Sprintf("%*d |", width, n)
	fmt.Fprintf(b, "%s %s\n", p.paint(styleGutter, number), text)
}

func (p *Printer) underline(b *bytes.Buffer, f *fileMarks, m *mark, width int, main style) {
	text := ""
	if m.line <= len(f.lines) {
		text = f.lines[m.line-1]
	}
	from := columns(text, m.from)
	to := max(columns(text, m.to), from+1)
	char, paint := "-", styleGutter
	if m.primary {
		char, paint = "^", main
	}
	line := strings.Repeat(char, to-from)
	if m.label != "" {
		line += " " + printable(m.label)
	}
	gutter := strings.Repeat(" ", width) + " " + p.paint(styleGutter, "|")
	fmt.Fprintf(b, "%s %s%s\n", gutter, strings.Repeat(" ", from), p.paint(paint, line))
}

// expandTabs replaces tabs by a fixed number of blanks.
func expandTabs(s string) string {
	return printable(strings.ReplaceAll(s, "\t", strings.Repeat(" ", tabWidth)))
}

// printable replaces control characters, which a terminal would act on, by a
// mark.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return utf8.RuneError
		}
		return r
	}, s)
}

// columns is how many columns the first n bytes of a line take.
func columns(line string, n int) int {
	width := 0
	for i, r := range line {
		if i >= n {
			return width
		}
		if r == '\t' {
			width += tabWidth
		} else {
			width++
		}
	}
	return width + max(0, n-len(line))
}

func (p *Printer) notes(b *bytes.Buffer, d *diag.Diagnostic, gutter int) {
	blank := strings.Repeat(" ", gutter)
	note := func(name, text string) {
		if text == "" {
			return
		}
		prefix := blank + " = " + name + ": "
		lines := wrap(printable(text), max(textWidth-len(prefix), 20))
		fmt.Fprintf(b, "%s %s %s: %s\n", blank, p.paint(styleGutter, "="), p.paint(styleBold, name), lines[0])
		for _, l := range lines[1:] {
			fmt.Fprintf(b, "%s%s\n", strings.Repeat(" ", len(prefix)), l)
		}
	}
	note("help", d.Suggestion)
	if d.Kernel != "" && d.Source == diag.SourceVerifier {
		for line := range strings.SplitSeq(d.Kernel, "\n") {
			if text, ok := strings.CutPrefix(line, diag.LibbpfPrefix); ok {
				note("libbpf", text)
			} else {
				note("kernel", line)
			}
		}
	}
	switch {
	case d.Section != "":
		note("program", fmt.Sprintf("%s in section %q%s", d.Program, d.Section, instruction(d)))
	case d.Program != "":
		note("program", d.Program+instruction(d))
	}
}

func instruction(d *diag.Diagnostic) string {
	if d.PC < 0 {
		return ""
	}
	return fmt.Sprintf(", instruction %d", d.PC)
}

// wrap breaks text between words into lines of at most width bytes.
func wrap(text string, width int) []string {
	lines := []string{""}
	for word := range strings.FieldsSeq(text) {
		last := &lines[len(lines)-1]
		switch {
		case *last == "":
			*last = word
		case len(*last)+1+len(word) <= width:
			*last += " " + word
		default:
			lines = append(lines, word)
		}
	}
	return lines
}

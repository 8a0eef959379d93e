// SPDX-License-Identifier: GPL-2.0-only

package csource

import (
	"strings"
)

// How new statements are laid out: one a line, indented as the file does it.

// laidLine is a line of new statements.
type laidLine struct {
	depth int
	text  string
}

// laidOut are statements on lines of their own, each with its end; unit indents one
// level.
func (f *File) laidOut(statements, indent, unit string) string {
	var b strings.Builder
	for _, l := range f.lay(statements) {
		b.WriteString(indent + strings.Repeat(unit, l.depth) + l.text + f.eol())
	}
	return b.String()
}

// lay splits statements into lines.
func (f *File) lay(statements string) []laidLine {
	s := Scan([]byte(statements))
	var out []laidLine
	s.layFrom(0, len(s.tokens), 0, &out)
	return out
}

// layFrom lays out the statements of the tokens [i, end).
func (f *File) layFrom(i, end, depth int, out *[]laidLine) {
	for i < end {
		next := f.statement(i)
		if next <= i || next > end {
			next = end
		}
		f.layOne(i, next, depth, out)
		i = next
	}
}

func (f *File) layOne(i, end, depth int, out *[]laidLine) {
	head := -1 // behind it the body begins
	switch f.tokens[i].text {
	case "if", "for", "while", "switch":
		if f.is(i+1, "(") && f.tokens[i+1].match > 0 {
			head = f.tokens[i+1].match + 1
		}
	case "else":
		head = i + 1
	case "{":
		*out = append(*out, laidLine{depth, "{"})
		f.layFrom(i+1, f.tokens[i].match, depth+1, out)
		*out = append(*out, laidLine{depth, "}"})
		return
	}
	if head < 0 || head >= end {
		*out = append(*out, laidLine{depth, f.text(i, end)})
		return
	}
	bodyEnd := f.statement(head)
	if bodyEnd <= head || bodyEnd > end {
		bodyEnd = end
	}
	if f.is(head, "{") {
		*out = append(*out, laidLine{depth, f.text(i, head) + " {"})
		f.layFrom(head+1, f.tokens[head].match, depth+1, out)
		*out = append(*out, laidLine{depth, "}"})
	} else {
		*out = append(*out, laidLine{depth, f.text(i, head)})
		f.layFrom(head, bodyEnd, depth+1, out)
	}
	if bodyEnd < end {
		f.layOne(bodyEnd, end, depth, out)
	}
}

// inline are statements on one line.
func inline(statements string) string {
	return strings.Join(strings.Fields(statements), " ")
}

// indentation is the white space that a line starts with.
func (f *File) indentation(line int) string {
	text := f.Line(line)
	return text[:len(text)-len(strings.TrimLeft(text, " \t"))]
}

// FirstCol is the column at which the text of a line begins.
func (f *File) FirstCol(line int) int { return len(f.indentation(line)) + 1 }

// eol is what ends the lines of the file.
func (f *File) eol() string {
	if len(f.lines) > 1 && strings.HasSuffix(f.lines[0], "\r") {
		return "\r\n"
	}
	return "\n"
}

// defaultUnit indents where nothing is indented.
const defaultUnit = "\t"

// unit is the white space of one level near a line: that which the body of the function
// around it starts with.
func (f *File) unit(line int) string {
	fn, ok := f.FunctionAt(line, 1)
	if !ok || fn.body[0]+1 >= fn.body[1] {
		return defaultUnit
	}
	first := fn.body[0] + 1
	if n := f.labelLength(first); n > 0 {
		first += n
	}
	if indent := f.indentation(f.tokens[first].line); indent != "" && f.startsLine(first) {
		return indent
	}
	return defaultUnit
}

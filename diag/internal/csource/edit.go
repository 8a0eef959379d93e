// SPDX-License-Identifier: GPL-2.0-only

package csource

import (
	"strings"
)

// Changes of statements that keep what the others mean: a statement before one that is
// the body of an `if` without braces needs braces around both. New lines follow the
// indentation of the file.

// Change is a part of a file, empty for an insertion, and the text to put there.
type Change struct {
	Range
	Text string
}

// place is a statement and what it is a part of.
type place struct {
	start, end int // its tokens
	head       int // the keyword whose body it is without braces, -1 if it stands in a block
}

// InsertBefore puts statements before the one that the code at a position is part of. It
// is false where that is not certain.
func (f *File) InsertBefore(line, col int, statements string) ([]Change, bool) {
	p, ok := f.placeAt(line, col)
	if !ok {
		return nil, false
	}
	if p.head >= 0 {
		return f.braced(p, statements, true)
	}
	first := &f.tokens[p.start]
	indent := f.indentation(first.line)
	if !f.startsLine(p.start) {
		return []Change{f.insertion(first.line, first.col, inline(statements)+" ")}, true
	}
	at := first.line
	for at > 1 && isComment(f.Line(at-1)) {
		at--
	}
	return []Change{f.insertion(at, 1, f.laidOut(statements, indent, f.unit(at)))}, true
}

// InsertAfter puts statements behind the one at a position.
func (f *File) InsertAfter(line, col int, statements string) ([]Change, bool) {
	p, ok := f.placeAt(line, col)
	if !ok {
		return nil, false
	}
	if p.head >= 0 {
		return f.braced(p, statements, false)
	}
	last := &f.tokens[p.end-1]
	if p.end < len(f.tokens) && f.tokens[p.end].line == last.line || f.commentGoesOn(last.line, last.endCol()) {
		return []Change{f.insertion(last.line, last.endCol(), " "+inline(statements))}, true
	}
	return []Change{f.insertion(last.line+1, 1, f.laidOut(statements, f.indentation(f.tokens[p.start].line), f.unit(last.line)))}, true
}

// InsertFirst puts statements at the start of the body of a condition.
func (f *File) InsertFirst(body Range, statements string) ([]Change, bool) {
	i, ok := f.exact(body.Line, body.Col)
	if !ok || f.Partial {
		return nil, false
	}
	if !f.is(i, "{") {
		return f.InsertBefore(body.Line, body.Col, statements)
	}
	if i+1 < f.tokens[i].match {
		return f.InsertBefore(f.tokens[i+1].line, f.tokens[i+1].col, statements)
	}
	return nil, false
}

// InsertLast puts statements at the end of the body of a condition, in front of a jump
// that ends it.
func (f *File) InsertLast(body Range, statements string) ([]Change, bool) {
	i, ok := f.exact(body.Line, body.Col)
	if !ok || f.Partial {
		return nil, false
	}
	last := i
	if f.is(i, "{") {
		last = -1
		for p := i + 1; p < f.tokens[i].match; {
			if n := f.labelLength(p); n > 0 {
				p += n
				continue
			}
			next := f.statement(p)
			if next <= p {
				return nil, false
			}
			last, p = p, next
		}
	}
	if last < 0 {
		return nil, false
	}
	t := &f.tokens[last]
	switch t.text {
	case "return", "goto", "break", "continue":
		return f.InsertBefore(t.line, t.col, statements)
	}
	return f.InsertAfter(t.line, t.col, statements)
}

// AddElse gives an `if` without `else` one.
func (f *File) AddElse(c *Condition, statements string) ([]Change, bool) {
	i, ok := f.exact(c.Body.Line, c.Body.Col)
	if !ok || f.Partial || c.HasElse || c.Keyword != "if" {
		return nil, false
	}
	end := f.statement(i)
	if end <= i {
		return nil, false
	}
	last := &f.tokens[end-1]
	indent, unit := f.indentation(c.At.Line), f.unit(c.At.Line)
	lines := f.lay(statements)
	if f.is(i, "{") {
		if len(lines) == 1 {
			return []Change{f.insertion(last.line, last.endCol(), " else"+f.eol()+strings.TrimSuffix(f.laidOut(statements, indent+unit, unit), f.eol()))}, true
		}
		return []Change{f.insertion(last.line, last.endCol(), " else {"+f.eol()+f.laidOut(statements, indent+unit, unit)+indent+"}")}, true
	}
	text := indent + "else {" + f.eol() + f.laidOut(statements, indent+unit, unit) + indent + "}" + f.eol()
	if end < len(f.tokens) && f.tokens[end].line == last.line {
		return nil, false
	}
	return []Change{f.insertion(last.line+1, 1, text)}, true
}

// Remove takes away the statement at a position, with its line if it is alone there.
func (f *File) Remove(line, col int) ([]Change, bool) {
	p, ok := f.placeAt(line, col)
	if !ok {
		return nil, false
	}
	first, last := &f.tokens[p.start], &f.tokens[p.end-1]
	if p.head >= 0 {
		return []Change{{f.rangeOf(p.start, p.end), ";"}}, true
	}
	alone := f.startsLine(p.start) && (p.end >= len(f.tokens) || f.tokens[p.end].line > last.line) && !f.commentGoesOn(last.line, last.endCol())
	if alone && last.line < len(f.lines) {
		return []Change{{Range{first.line, 1, last.line + 1, 1}, ""}}, true
	}
	return []Change{{f.rangeOf(p.start, p.end), ""}}, true
}

// StatementAt is the extent of the statement that the code at a position is part of.
func (f *File) StatementAt(line, col int) (Range, bool) {
	p, ok := f.placeAt(line, col)
	if !ok {
		return Range{}, false
	}
	return f.rangeOf(p.start, p.end), true
}

// placeAt is the innermost statement around a position: a simple one, or one with a
// head, such as an `if`, whose head holds the position.
func (f *File) placeAt(line, col int) (place, bool) {
	i, ok := f.exact(line, col)
	if !ok || f.Partial {
		return place{}, false
	}
	open := f.blockAround(i)
	if open < 0 {
		return place{}, false
	}
	for p := open + 1; p < f.tokens[open].match; {
		if n := f.labelLength(p); n > 0 {
			p += n
			continue
		}
		end := f.statement(p)
		if end <= p {
			return place{}, false
		}
		if i < p {
			return place{}, false // in a label
		}
		if i < end {
			return f.innermost(place{p, end, -1}, i)
		}
		p = end
	}
	return place{}, false
}

// innermost descends into bodies without braces.
func (f *File) innermost(p place, i int) (place, bool) {
	for {
		body, head := p.start+1, p.start
		switch f.tokens[p.start].text {
		case "if", "for", "while", "switch":
			body = f.tokens[p.start+1].match + 1
		case "do":
		default:
			return p, true
		}
		end := f.statement(body)
		if i >= end && f.is(p.start, "if") && f.is(end, "else") {
			if i == end {
				return place{}, false
			}
			head, body = end, end+1
			end = f.statement(body)
		}
		if i < body || i >= end || f.is(body, "{") {
			return p, i < body || i < end // in the head, or a `while` behind a body
		}
		p = place{body, end, head}
	}
}

// blockAround is the brace that opens the innermost block of statements around token i,
// -1 if there is none: initialisers are none.
func (f *File) blockAround(i int) int {
	for j := f.opening(i); j >= 0; j = f.opening(j) {
		if f.isBlock(j) {
			return j
		}
	}
	return -1
}

// isBlock reports whether the brace at token j opens a block of statements.
func (f *File) isBlock(j int) bool {
	switch {
	case j == 0:
		return false
	case f.is(j-1, ")"):
		open := f.tokens[j-1].match
		return open > 0 && (f.isControl(open-1) || f.is(open-1, "switch") || !f.isCast(open))
	}
	switch f.tokens[j-1].text {
	case "{", "}", ";", ":", "else", "do", "(":
		return true
	}
	return false
}

// braced puts statements before or behind the only statement of a body, in braces.
func (f *File) braced(p place, statements string, before bool) ([]Change, bool) {
	head := p.start - 1 // the end of what the body belongs to
	first, last := &f.tokens[p.start], &f.tokens[p.end-1]
	outer := f.indentation(f.tokens[p.head].line)
	unit := f.unit(first.line)
	inner := outer + unit
	h := &f.tokens[head]
	closing := outer + "}"
	if first.line == h.line {
		if first.line != last.line {
			return nil, false // its layout would not be kept
		}
		text := inner + f.text(p.start, p.end) + f.eol()
		if before {
			text = f.laidOut(statements, inner, unit) + text
		} else {
			text += f.laidOut(statements, inner, unit)
		}
		return []Change{{Range{h.line, h.endCol(), last.line, last.endCol()}, " {" + f.eol() + text + closing}}, true
	}
	if p.end < len(f.tokens) && f.tokens[p.end].line == last.line || f.commentGoesOn(last.line, last.endCol()) {
		return nil, false
	}
	inner = f.indentation(first.line)
	out := []Change{f.insertion(h.line, h.endCol(), " {")}
	if before {
		out = append(out, f.insertion(first.line, 1, f.laidOut(statements, inner, unit)), f.insertion(last.line+1, 1, closing+f.eol()))
	} else {
		out = append(out, f.insertion(last.line+1, 1, f.laidOut(statements, inner, unit)+closing+f.eol()))
	}
	return out, true
}

func (f *File) insertion(line, col int, text string) Change {
	return Change{Range{line, col, line, col}, text}
}

// startsLine reports whether a token is the first of its line, maybe behind comments
// that begin there.
func (f *File) startsLine(i int) bool {
	t := &f.tokens[i]
	before := strings.TrimSpace(f.Line(t.line)[:t.col-1])
	return before == "" || strings.HasPrefix(before, "/*") && (i == 0 || f.tokens[i-1].line < t.line)
}

// commentGoesOn reports whether a comment begins on a line behind a column and does not
// end there.
func (f *File) commentGoesOn(line, col int) bool {
	rest := f.Line(line)
	rest = rest[min(col-1, len(rest)):]
	at := strings.LastIndex(rest, "/*")
	return at >= 0 && !strings.Contains(rest[at:], "*/") && !strings.Contains(rest[:at], "//")
}

// isComment reports whether a line is nothing but a comment.
func isComment(line string) bool {
	line = strings.TrimSpace(line)
	return strings.HasPrefix(line, "//") || strings.HasPrefix(line, "/*") && strings.HasSuffix(line, "*/")
}

// Enclose puts the statement at a position, which follows the `if` of a condition, into
// its body, with braces around that.
func (f *File) Enclose(c *Condition, line, col int) ([]Change, bool) {
	body, ok := f.exact(c.Body.Line, c.Body.Col)
	p, ok2 := f.placeAt(line, col)
	if !ok || !ok2 || c.HasElse || f.is(body, "{") || f.statement(body) != p.start || p.head >= 0 {
		return nil, false
	}
	h, last := &f.tokens[body-1], &f.tokens[p.end-1]
	if p.end < len(f.tokens) && f.tokens[p.end].line == last.line || f.commentGoesOn(last.line, last.endCol()) {
		return nil, false
	}
	return []Change{
		f.insertion(h.line, h.endCol(), " {"),
		f.insertion(last.line+1, 1, f.indentation(c.At.Line)+"}"+f.eol()),
	}, true
}

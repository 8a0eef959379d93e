// SPDX-License-Identifier: GPL-2.0-only

package csource

import (
	"strings"
)

// Declarations, and what stands outside of functions.

// DeclaredType is the type of a local variable as its declaration writes it, if that
// declares no other one. end is the place behind its name, which is empty, or holds the
// initial value.
func (f *File) DeclaredType(fn Function, name string) (text string, r, end Range) {
	for i := fn.body[0] + 1; i < fn.body[1]; i++ {
		if !f.is(i, name) || !f.is(i+1, ";") && !f.is(i+1, "=") && !f.is(i+1, "[") {
			continue
		}
		start := i
		for start > fn.body[0]+1 && f.isTypeWord(start-1) {
			start--
		}
		if start == i || !f.is(start-1, ";") && !f.is(start-1, "{") && !f.is(start-1, "}") && !f.is(start-1, ":") &&
			!(f.is(start-1, "(") && f.is(start-2, "for")) {
			continue
		}
		behind := i
		for f.is(behind+1, "[") && f.tokens[behind+1].match > 0 {
			behind = f.tokens[behind+1].match
		}
		last := &f.tokens[behind]
		end = Range{last.line, last.endCol(), last.line, last.endCol()}
		if f.is(behind+1, "=") {
			value := f.rangeOf(behind+1, f.expressionEnd(behind+2))
			end.EndLine, end.EndCol = value.EndLine, value.EndCol
			if !f.is(f.expressionEnd(behind+2), ";") {
				return "", Range{}, Range{}
			}
		}
		return f.text(start, i), f.rangeOf(start, i), end
	}
	return "", Range{}, Range{}
}

// isTypeWord reports whether a token may be part of the type in a declaration without
// pointers.
func (f *File) isTypeWord(i int) bool {
	switch f.tokens[i].text {
	case "return", "goto", "else", "do", "case", "sizeof", "typedef", "static", "extern":
		return false
	}
	return isIdent(f.tokens[i].text[0]) && !isDigit(f.tokens[i].text[0])
}

// Include is an #include of a header behind the last one of its kind; needed is false if
// the file has it.
func (f *File) Include(header string) (c Change, needed bool) {
	for n := range f.lines {
		if f.isInclude(n+1) && strings.Contains(f.Line(n+1), header) {
			return Change{}, false
		}
	}
	return f.AfterIncludes("#include <" + header + ">" + f.eol()), true
}

// AfterIncludes is a text behind the last #include of the file that no condition has.
func (f *File) AfterIncludes(text string) Change {
	after := 0
	for n := range f.lines {
		if f.isInclude(n+1) && f.isOutside(n+1) {
			after = n + 1
		}
	}
	return f.insertion(after+1, 1, text)
}

func (f *File) isInclude(line int) bool {
	rest, ok := strings.CutPrefix(strings.TrimSpace(f.Line(line)), "#")
	return ok && strings.HasPrefix(strings.TrimSpace(rest), "include")
}

// isOutside reports whether a line stands outside of all functions and conditions of the
// preprocessor.
func (f *File) isOutside(line int) bool {
	depth := 0
	for n := 1; n < line; n++ {
		text, ok := strings.CutPrefix(strings.TrimSpace(f.Line(n)), "#")
		text = strings.TrimSpace(text)
		switch {
		case !ok:
		case strings.HasPrefix(text, "if"):
			depth++
		case strings.HasPrefix(text, "endif"):
			depth--
		}
	}
	i := f.find(line, 1)
	return depth == 0 && f.opening(i) < 0
}

// Append is a line at the end of the file.
func (f *File) Append(text string) Change {
	last := len(f.lines)
	line := f.lines[last-1]
	if line == "" {
		return f.insertion(last, 1, f.eol()+text+f.eol())
	}
	return f.insertion(last, len(line)+1, f.eol()+f.eol()+text+f.eol())
}

// DeclarationEnd is the empty place before the `;` that ends the declaration of a name on
// a line outside of functions.
func (f *File) DeclarationEnd(name string, line int) (Range, bool) {
	r, ok := f.Name(name, line, line)
	if !ok || f.Partial {
		return Range{}, false
	}
	i, _ := f.exact(r.Line, r.Col)
	end := f.statementEnd(i)
	if !f.is(end, ";") || f.opening(i) >= 0 {
		return Range{}, false
	}
	t := &f.tokens[end]
	return Range{t.line, t.col, t.line, t.col}, true
}

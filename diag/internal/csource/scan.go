// SPDX-License-Identifier: GPL-2.0-only

// Package csource finds its way in C text without compiling it: which
// expression starts at a position, which arguments a call has, which
// condition a branch belongs to. It knows tokens and brackets, not types, and
// answers "unknown" where macros hide what it looks for.
//
// Reading order: scan.go (tokens), expr.go (expressions and calls),
// stmt.go (statements, conditions, functions), body.go (statements in others), flow.go (how
// control goes through a function).
package csource

import (
	"sort"
	"strings"
)

// maxBytes is the largest file that is scanned; larger ones are generated.
const maxBytes = 4 << 20

// maxLines is the largest line number that a partial file is made for.
const maxLines = 1 << 18

// token is a C token of one line. Positions count from 1, columns in bytes.
type token struct {
	text      string
	line, col int
	// match is the index of the bracket that belongs to this one, -1 if this
	// is no bracket or has no partner.
	match int
}

func (t *token) endCol() int { return t.col + len(t.text) }

// File is a scanned C file.
type File struct {
	lines  []string
	tokens []token
	// Partial files lack lines, so that what belongs together is unknown:
	// expressions can be found in them, statements cannot.
	Partial bool
}

// ScanLines reads a file of which only some lines are known, by number.
func ScanLines(known map[int]string) *File {
	last := 0
	for n := range known {
		last = max(last, n)
	}
	if last > maxLines {
		return &File{Partial: true}
	}
	lines := make([]string, last)
	for n, text := range known {
		if n >= 1 {
			lines[n-1] = strings.ReplaceAll(text, "\n", " ")
		}
	}
	f := Scan([]byte(strings.Join(lines, "\n")))
	f.Partial = true
	return f
}

// Scan reads a file.
func Scan(text []byte) *File {
	if len(text) > maxBytes {
		return &File{}
	}
	s := scanner{text: string(text), line: 1}
	s.run()
	f := &File{tokens: s.tokens, lines: strings.Split(s.text, "\n")}
	f.pairBrackets()
	return f
}

// Line is the text of a line without its end, "" if there is none.
func (f *File) Line(n int) string {
	if n < 1 || n > len(f.lines) {
		return ""
	}
	return strings.TrimSuffix(f.lines[n-1], "\r")
}

// Name is the first place of a name or quoted string from one line to another.
func (f *File) Name(name string, from, to int) (Range, bool) {
	return f.NameAfter(name, from, 1, to)
}

// Code is a line without the comment behind its code.
func (f *File) Code(n int) string {
	line, i := f.Line(n), f.find(n+1, 1)-1
	if i < 0 || f.tokens[i].line != n {
		return line
	}
	return line[:min(len(line), f.tokens[i].endCol()-1)]
}

// NameAfter is the first place of a name after a position, up to the end of a line.
func (f *File) NameAfter(name string, line, col, to int) (Range, bool) {
	for i := f.find(line, max(col, 1)); i < len(f.tokens) && f.tokens[i].line <= to; i++ {
		if f.is(i, name) {
			return f.rangeOf(i, i+1), true
		}
	}
	return Range{}, false
}

// Uses reports whether some lines use a name other than as a member's.
func (f *File) Uses(name string, from, to int) bool {
	for i := f.find(from, 1); i < len(f.tokens) && f.tokens[i].line <= to; i++ {
		if f.is(i, name) && !f.is(i-1, "->") && !f.is(i-1, ".") {
			return true
		}
	}
	return false
}

// Member is the only use of a name on a line as a member, or as an argument of a macro
// that makes it one.
func (f *File) Member(name string, line int) (r Range, ok bool) {
	for i := f.find(line, 1); i < len(f.tokens) && f.tokens[i].line == line; i++ {
		if !f.is(i, name) || !f.is(i-1, ".") && !f.is(i-1, "->") && (!f.is(i-1, ",") || !f.is(i+1, ")")) {
			continue
		}
		if ok {
			return Range{}, false
		}
		r, ok = f.rangeOf(i, i+1), true
	}
	return r, ok
}

// LastName is Name for the last place.
func (f *File) LastName(name string, from, to int) (r Range, ok bool) {
	for i := f.find(from, 1); i < len(f.tokens) && f.tokens[i].line <= to; i++ {
		if f.is(i, name) {
			r, ok = f.rangeOf(i, i+1), true
		}
	}
	return r, ok
}

// Lines is the number of lines.
func (f *File) Lines() int { return len(f.lines) }

type scanner struct {
	text    string
	at      int
	line    int
	lineBeg int
	tokens  []token
	inline  bool // something other than blanks was seen in this line
}

// operators are those of more than one byte, longest first.
var operators = []string{"<<=", ">>=", "...", "->", "++", "--", "<<", ">>", "<=", ">=", "==", "!=", "&&", "||",
	"+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "##"}

func (s *scanner) run() {
	for s.at < len(s.text) {
		c := s.text[s.at]
		rest := s.text[s.at:]
		switch {
		case c == '\n':
			s.newline()
		case c == ' ' || c == '\t' || c == '\r' || c == '\\':
			s.at++
		case strings.HasPrefix(rest, "//"):
			s.skipTo("\n", 0)
		case strings.HasPrefix(rest, "/*"):
			s.skipTo("*/", 2)
		case c == '#' && !s.inline:
			s.directive()
		case c == '"' || c == '\'':
			s.add(quotedLen(rest))
		case isIdent(c):
			n := 1
			for n < len(rest) && (isIdent(rest[n]) || rest[n] == '.' && isDigit(c)) {
				n++
			}
			s.add(n)
		default:
			s.add(operatorLen(rest))
		}
	}
}

func operatorLen(s string) int {
	for _, op := range operators {
		if strings.HasPrefix(s, op) {
			return len(op)
		}
	}
	return 1
}

// quotedLen is the length of the string or character that s starts with; it
// ends with the line at the latest.
func quotedLen(s string) int {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case s[0]:
			return i + 1
		case '\n':
			return i
		}
	}
	return len(s)
}

func (s *scanner) add(n int) {
	text := s.text[s.at : s.at+n]
	s.tokens = append(s.tokens, token{text: text, line: s.line, col: s.at - s.lineBeg + 1, match: -1})
	s.inline = true
	// A string may go on in the next line after a backslash.
	if i := strings.LastIndexByte(text, '\n'); i >= 0 {
		s.line += strings.Count(text, "\n")
		s.lineBeg = s.at + i + 1
	}
	s.at += n
}

func (s *scanner) newline() {
	s.at++
	s.line++
	s.lineBeg = s.at
	s.inline = false
}

// skipTo moves behind the next end, which may be lines away.
func (s *scanner) skipTo(end string, keep int) {
	n := strings.Index(s.text[s.at+1:], end)
	stop := len(s.text)
	if n >= 0 {
		stop = s.at + 1 + n + keep
	}
	for s.at < stop {
		if s.text[s.at] == '\n' {
			s.newline()
		} else {
			s.at++
		}
	}
}

// directive skips a preprocessor line with its continuations.
func (s *scanner) directive() {
	for s.at < len(s.text) {
		end := strings.IndexByte(s.text[s.at:], '\n')
		if end < 0 {
			s.at = len(s.text)
			return
		}
		continued := strings.HasSuffix(strings.TrimSuffix(s.text[s.at:s.at+end], "\r"), "\\")
		s.at += end
		s.newline()
		if !continued {
			return
		}
	}
}

func (f *File) pairBrackets() {
	var open []int
	for i := range f.tokens {
		switch f.tokens[i].text {
		case "(", "[", "{":
			open = append(open, i)
		case ")", "]", "}":
			// A stray bracket, as #if branches leave behind, closes nothing.
			if n := len(open); n > 0 && closes(f.tokens[open[n-1]].text, f.tokens[i].text) {
				f.tokens[i].match = open[n-1]
				f.tokens[open[n-1]].match = i
				open = open[:n-1]
			}
		}
	}
}

func closes(open, closing string) bool {
	return open == "(" && closing == ")" || open == "[" && closing == "]" || open == "{" && closing == "}"
}

// find returns the index of the first token at or after a position, which may
// be len(f.tokens).
func (f *File) find(line, col int) int {
	return sort.Search(len(f.tokens), func(i int) bool {
		t := &f.tokens[i]
		return t.line > line || t.line == line && t.endCol() > col
	})
}

// text is the source from token i up to, not including, token j, on one line.
func (f *File) text(i, j int) string {
	var b strings.Builder
	for k := i; k < j && k < len(f.tokens); k++ {
		t := &f.tokens[k]
		if k > i {
			p := &f.tokens[k-1]
			if t.line != p.line || t.col != p.endCol() {
				b.WriteByte(' ')
			}
		}
		b.WriteString(t.text)
	}
	return b.String()
}

func (f *File) is(i int, text string) bool {
	return i >= 0 && i < len(f.tokens) && f.tokens[i].text == text
}

func (f *File) isName(i int) bool {
	return i >= 0 && i < len(f.tokens) && isIdent(f.tokens[i].text[0]) && !isDigit(f.tokens[i].text[0]) && !isKeyword(f.tokens[i].text)
}

func isIdent(c byte) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || isDigit(c) || c >= 0x80
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isKeyword(s string) bool {
	switch s {
	case "if", "else", "for", "while", "do", "switch", "case", "default", "return", "goto", "break", "continue", "sizeof":
		return true
	}
	return false
}

// Macro is the replacement of a macro with parameters that the file defines.
func (f *File) Macro(name string) (body string, ok bool) {
	for n, line := range f.lines {
		rest, directive := strings.CutPrefix(strings.TrimSpace(line), "#define ")
		rest, found := strings.CutPrefix(strings.TrimSpace(rest), name+"(")
		if !directive || !found {
			continue
		}
		_, body, ok = strings.Cut(rest, ")")
		for strings.HasSuffix(strings.TrimSpace(body), "\\") && n+1 < len(f.lines) {
			n++
			body = strings.TrimSuffix(strings.TrimSpace(body), "\\") + " " + f.lines[n]
		}
		return body, ok
	}
	return "", false
}

// Constant is the replacement of a macro without parameters that the file defines once.
func (f *File) Constant(name string) (body string, ok bool) {
	for _, line := range f.lines {
		rest, directive := strings.CutPrefix(strings.TrimSpace(line), "#define ")
		rest, found := strings.CutPrefix(strings.TrimSpace(rest), name)
		if !directive || !found || rest == "" || rest[0] != ' ' && rest[0] != '\t' {
			continue
		}
		if ok {
			return "", false
		}
		rest, _, _ = strings.Cut(rest, "//")
		body, _, _ = strings.Cut(rest, "/*")
		body, ok = strings.TrimSpace(body), true
	}
	return body, ok
}

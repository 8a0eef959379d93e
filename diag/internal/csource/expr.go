// SPDX-License-Identifier: GPL-2.0-only

package csource

import "strings"

// Range is a part of a file: lines and columns count from 1, columns in
// bytes, the end is exclusive.
type Range struct {
	Line, Col, EndLine, EndCol int
}

// Contains reports whether a position lies in r.
func (r Range) Contains(line, col int) bool {
	after := line > r.Line || line == r.Line && col >= r.Col
	before := line < r.EndLine || line == r.EndLine && col < r.EndCol
	return after && before
}

// Text is what a range of one line holds, "" for others.
func (f *File) Text(r Range) string {
	line := f.Line(r.Line)
	if r.Line != r.EndLine || r.Col < 1 || r.EndCol <= r.Col || r.EndCol-1 > len(line) {
		return ""
	}
	return line[r.Col-1 : r.EndCol-1]
}

func (f *File) rangeOf(i, j int) Range {
	first, last := &f.tokens[i], &f.tokens[j-1]
	return Range{first.line, first.col, last.line, last.endCol()}
}

// exact returns the token that holds the position.
func (f *File) exact(line, col int) (int, bool) {
	i := f.find(line, col)
	if i >= len(f.tokens) || f.tokens[i].line != line || f.tokens[i].col > col {
		return 0, false
	}
	return i, true
}

// Expression returns the extent of what a compiler means by a position: the
// call, the member access, the operation with both sides, the condition, or
// the statement of a return.
func (f *File) Expression(line, col int) (Range, bool) {
	i, ok := f.exact(line, col)
	if !ok {
		return Range{}, false
	}
	start, end := f.extent(i)
	return f.rangeOf(start, end), true
}

func (f *File) extent(i int) (start, end int) {
	text := f.tokens[i].text
	switch {
	case text == "return" || text == "goto":
		return i, f.statementEnd(i)
	case text == "if" || text == "while" || text == "for" || text == "switch":
		if f.is(i+1, "(") && f.tokens[i+1].match > 0 {
			return i, f.tokens[i+1].match + 1
		}
		return i, i + 1
	case text == "asm" || text == "__asm__":
		j := i + 1
		for f.is(j, "volatile") || f.is(j, "__volatile__") || f.is(j, "goto") {
			j++
		}
		if f.is(j, "(") && f.tokens[j].match > 0 {
			return i, f.tokens[j].match + 1
		}
		return i, i + 1
	case f.isBinary(i):
		return f.primaryStart(i - 1), f.unaryEnd(i + 1)
	case isAssignment(text):
		start := f.primaryStart(i - 1)
		for f.is(start-1, "*") && !f.endsOperand(start-2) {
			start--
		}
		return start, f.statementEnd(i)
	}
	if (text == "++" || text == "--") && f.endsOperand(i-1) {
		return f.primaryStart(i - 1), i + 1
	}
	start = i
	if f.is(i-1, ".") || f.is(i-1, "->") {
		start = f.primaryStart(i)
	}
	return start, f.unaryEnd(i)
}

// Binary is the operation with two operands whose operator is at a position: the
// operands' texts and the operator.
func (f *File) Binary(line, col int) (left, op, right string, ok bool) {
	i, ok := f.exact(line, col)
	if !ok || !f.isBinary(i) && !isAssignment(f.tokens[i].text) {
		return "", "", "", false
	}
	start := f.primaryStart(i - 1)
	for start > 0 && f.is(start-1, ")") && f.isCast(f.tokens[start-1].match) {
		start = f.tokens[start-1].match
	}
	left, ok = f.short(start, i)
	right, ok2 := f.short(i+1, f.unaryEnd(i+1))
	return left, f.tokens[i].text, right, ok && ok2
}

func isAssignment(s string) bool {
	switch s {
	case "=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>=":
		return true
	}
	return false
}

// isBinary reports whether an operator is between two operands.
func (f *File) isBinary(i int) bool {
	switch f.tokens[i].text {
	case "==", "!=", "<", ">", "<=", ">=", "/", "%", "|", "^", "<<", ">>", "&&", "||":
		return i > 0
	case "+", "-", "*", "&":
		return i > 0 && f.endsOperand(i-1)
	}
	return false
}

// endsOperand reports whether an operand can end with token i.
func (f *File) endsOperand(i int) bool {
	if i < 0 {
		return false
	}
	text := f.tokens[i].text
	if text == ")" {
		return !f.isCast(f.tokens[i].match)
	}
	return text == "]" || isIdent(text[0]) && !isKeyword(text) || text[0] == '"' || text[0] == '\''
}

// isCast guesses whether the parenthesis at i holds a type.
func (f *File) isCast(i int) bool {
	if i < 0 || f.tokens[i].match < 0 || i > 0 && (f.isName(i-1) || f.is(i-1, "sizeof")) {
		return false
	}
	if f.is(i-1, ")") && !f.isCast(f.tokens[i-1].match) {
		return false
	}
	end := f.tokens[i].match
	if end+1 >= len(f.tokens) || end == i+1 {
		return false
	}
	switch f.tokens[i+1].text {
	case "struct", "union", "enum", "unsigned", "signed", "void", "char", "short", "int", "long", "const", "volatile":
		return true
	}
	if f.is(end-1, "*") {
		return true
	}
	next := f.tokens[end+1].text
	return end == i+2 && f.isName(i+1) && (isIdent(next[0]) || next == "*" || next == "&" && isTypeName(f.tokens[i+1].text))
}

func isTypeName(s string) bool {
	return strings.HasSuffix(s, "_t") || strings.HasPrefix(s, "__") || s == "u8" || s == "u16" || s == "u32" || s == "u64"
}

// unaryEnd is the end of the operand that starts at i, with what comes before
// and after its name: casts, `*`, `&`, members, indices, calls.
func (f *File) unaryEnd(i int) int {
	for i < len(f.tokens) {
		switch text := f.tokens[i].text; {
		case text == "*" || text == "&" || text == "!" || text == "~" || text == "-" || text == "+" || text == "++" || text == "--" || text == "sizeof":
			i++
		case text == "(" && f.isCast(i):
			i = f.tokens[i].match + 1
		case text == "(" && f.tokens[i].match > i:
			return f.postfixEnd(f.tokens[i].match + 1)
		default:
			return f.postfixEnd(i + 1)
		}
	}
	return len(f.tokens)
}

func (f *File) postfixEnd(i int) int {
	for i < len(f.tokens) {
		switch f.tokens[i].text {
		case "(", "[":
			if f.tokens[i].match < i {
				return i
			}
			i = f.tokens[i].match + 1
		case ".", "->":
			i += 2
		case "++", "--":
			i++
		default:
			return i
		}
	}
	return len(f.tokens)
}

// primaryStart is where the operand starts that ends with token i, without
// the operators before it.
func (f *File) primaryStart(i int) int {
	for i > 0 {
		switch text := f.tokens[i].text; {
		case (text == ")" || text == "]") && f.tokens[i].match >= 0:
			i = f.tokens[i].match
			if text == ")" && !f.isName(i-1) {
				return i
			}
			i--
			continue
		case text == "++" || text == "--":
			i--
			continue
		}
		if f.is(i-1, ".") || f.is(i-1, "->") {
			i -= 2
			continue
		}
		return i
	}
	return max(i, 0)
}

// statementEnd is the index of the `;` or closing bracket that ends the
// statement around token i.
func (f *File) statementEnd(i int) int {
	for i < len(f.tokens) {
		switch f.tokens[i].text {
		case ";", ")", "]", "}":
			return i
		case "(", "[", "{":
			if f.tokens[i].match > i {
				i = f.tokens[i].match
			}
		}
		i++
	}
	return len(f.tokens)
}

// Pointer returns the text of the pointer that the access at a position goes
// through: `p` of `*p`, `p->x` of `p->x->y` (at y), `a` of `a[i]`.
func (f *File) Pointer(line, col int) (string, bool) {
	i, ok := f.exact(line, col)
	if !ok {
		return "", false
	}
	if isAssignment(f.tokens[i].text) {
		// A store is noted at its operator; the target is on the left.
		i = f.lastAccess(f.primaryStart(i-1), i)
		if i > 0 && f.is(i-1, "*") {
			i--
		}
	}
	switch {
	case f.is(i, "*") && !f.isBinary(i):
		end := f.unaryEnd(i + 1)
		return f.short(i+1, end)
	case f.isName(i) && (f.is(i-1, "->") || f.is(i-1, ".")):
		start := f.primaryStart(i)
		for j := i - 1; j > start; j -= 2 {
			if f.is(j, "->") {
				return f.short(start, j)
			}
			if !f.is(j, ".") {
				break
			}
		}
		return f.short(start, i-1)
	case f.isName(i) && f.is(i+1, "["):
		return f.short(i, i+1)
	case f.isName(i) && f.is(i+1, "->"):
		return f.short(i, i+1)
	case f.isName(i) && f.is(i-1, "*"):
		return f.short(i, i+1)
	}
	return "", false
}

// Followed is the pointer that an access to an expression goes through, as Pointer finds it
// in a statement: `p` of `p->x.y`. It is false if there is none.
func Followed(expression string) (string, bool) {
	f := Scan([]byte(expression))
	if len(f.tokens) == 0 {
		return "", false
	}
	at := &f.tokens[f.lastAccess(0, len(f.tokens))]
	return f.Pointer(at.line, at.col)
}

// Index returns the last index of the access at a position: `i` of `a[i].x`.
func (f *File) Index(line, col int) (string, bool) {
	i, ok := f.exact(line, col)
	if !ok {
		return "", false
	}
	start, end := f.extent(i)
	for j := end - 1; j > start; j-- {
		if f.is(j, "]") && f.tokens[j].match > start {
			return f.short(f.tokens[j].match+1, j)
		}
	}
	return "", false
}

// lastAccess is the token in [start, end) that names what is accessed last:
// the member of the outermost `->` or `.`, or the first name.
func (f *File) lastAccess(start, end int) int {
	last := start
	for i := start; i < end; i++ {
		if (f.is(i, "->") || f.is(i, ".")) && f.isName(i+1) {
			last = i + 1
		}
		if f.tokens[i].match > i {
			i = f.tokens[i].match
		}
	}
	return last
}

// maxText is the longest expression that a message quotes.
const maxText = 60

func (f *File) short(i, j int) (string, bool) {
	text := f.text(i, j)
	return text, text != "" && len(text) <= maxText
}

// callAt finds a call of name at or after a position, within a few lines. What follows
// the statement at the position is another call: a macro may hide the one that is meant.
func (f *File) callAt(name string, line, col int) (int, bool) {
	over := false
	for i := f.find(line, col); i < len(f.tokens) && f.tokens[i].line <= line+4; i++ {
		if over = over || f.is(i, ";") || f.is(i, "}"); over && (col > 1 || f.tokens[i].line > line) {
			return 0, false
		}
		if f.tokens[i].text == name && f.is(i+1, "(") && f.tokens[i+1].match > 0 {
			return i, true
		}
	}
	return 0, false
}

// Call returns the extent of the call of name at or shortly after a position.
func (f *File) Call(name string, line, col int) (Range, bool) {
	i, ok := f.callAt(name, line, col)
	if !ok {
		return Range{}, false
	}
	return f.rangeOf(i, f.tokens[i+1].match+1), true
}

// Argument returns text and extent of argument n, from 0, of the call of name
// at or shortly after a position.
func (f *File) Argument(name string, n, line, col int) (string, Range, bool) {
	i, ok := f.callAt(name, line, col)
	if !ok {
		return "", Range{}, false
	}
	end := f.tokens[i+1].match
	start := i + 2
	for j := start; j <= end; j++ {
		if f.tokens[j].match > j {
			j = f.tokens[j].match
			continue
		}
		if j < end && f.tokens[j].text != "," {
			continue
		}
		if n == 0 {
			if start >= j {
				return "", Range{}, false
			}
			text, ok := f.short(start, j)
			return text, f.rangeOf(start, j), ok
		}
		n--
		start = j + 1
	}
	return "", Range{}, false
}

// Assigned returns the variable that takes the result of the call of name at
// or shortly after a position: `e` of `struct event *e = f()`, `s.row` of
// `struct s s = { .row = f() }`.
func (f *File) Assigned(name string, line, col int) (string, bool) {
	i, ok := f.callAt(name, line, col)
	if !ok {
		return "", false
	}
	for i > 0 && (f.is(i-1, "(") || f.is(i-1, ")")) {
		if f.is(i-1, ")") { // a cast
			if f.tokens[i-1].match < 0 || !f.isCast(f.tokens[i-1].match) {
				return "", false
			}
			i = f.tokens[i-1].match
			continue
		}
		i--
	}
	if !f.is(i-1, "=") || i < 2 {
		return "", false
	}
	target, ok := f.target(i - 1)
	return target, ok && len(target) <= maxText
}

// Assignment returns the assignment to a variable in the statement that holds a
// position. An initialiser is not one.
func (f *File) Assignment(name string, line, col int) (Range, bool) {
	i, ok := f.exact(line, col)
	if fn, inside := f.FunctionAt(line, col); !ok || name == "" || !inside || !fn.Body.Contains(line, col) {
		return Range{}, false
	}
	start := i
	for start > 0 && !f.is(start-1, ";") && !f.is(start-1, "{") && !f.is(start-1, "}") {
		start--
	}
	for j, end := start, f.statementEnd(i); j < end; j++ {
		if f.is(j, name) && f.is(j+1, "=") && f.startsOperand(j) {
			return f.rangeOf(j, f.statementEnd(j)), true
		}
	}
	return Range{}, false
}

// MacroUse returns the extent of the use of a function-like macro, or the call, at a position.
func (f *File) MacroUse(line, col int) (Range, bool) {
	i, ok := f.exact(line, col)
	if !ok || !f.isName(i) || f.isControl(i) || !f.is(i+1, "(") || f.tokens[i+1].match < 0 {
		return Range{}, false
	}
	return f.rangeOf(i, f.tokens[i+1].match+1), true
}

// InMacro is the access that a function-like macro at a position is given as its only
// argument: the member `x` of `M(p->x)`. It is false for anything else.
func (f *File) InMacro(line, col int) (Range, bool) {
	i, ok := f.exact(line, col)
	if !ok {
		return Range{}, false
	}
	closing := -1
	for f.isName(i) && f.is(i+1, "(") && (closing < 0 || f.tokens[i+1].match == closing-1) {
		closing = f.tokens[i+1].match
		i += 2
	}
	if closing < 0 || !f.isName(i) || f.postfixEnd(i+1) != closing {
		return Range{}, false
	}
	last := f.lastAccess(i, closing)
	if last == i {
		return Range{}, false
	}
	return f.rangeOf(last, last+1), true
}

// startsOperand reports whether token i begins an expression: nothing before it
// makes it a member or a declaration.
func (f *File) startsOperand(i int) bool {
	return i == 0 || !f.is(i-1, ".") && !f.is(i-1, "->") && !f.is(i-1, "*") && !f.isName(i-1)
}

// target is what the `=` at i gives a value. A designator is recognized by what its
// braces initialise, and by nothing if that has no name.
func (f *File) target(i int) (string, bool) {
	if i < 1 {
		return "", false
	}
	start := f.primaryStart(i - 1)
	if !f.is(start, "{") && !f.is(start, ",") {
		text := f.text(start, i)
		return text, text != ""
	}
	open := start
	for open > 0 && !f.is(open, "{") {
		open--
		if f.tokens[open].match >= 0 && f.tokens[open].match < open {
			open = f.tokens[open].match - 1
		}
	}
	equals := open - 1
	if f.is(equals, ")") && f.isCast(f.tokens[equals].match) {
		equals = f.tokens[equals].match - 1
	}
	if !f.is(equals, "=") {
		return "", false
	}
	whole, ok := f.target(equals)
	if f.is(start+1, "[") {
		whole, _, _ = strings.Cut(whole, "[") // the brackets there are the array's size
	}
	return whole + f.text(start+1, i), ok
}

// SPDX-License-Identifier: GPL-2.0-only

package csource

import (
	"strconv"
	"strings"
)

// Condition is a controlling expression with what it controls.
type Condition struct {
	Keyword string // if, while, for
	// At is the keyword's place, which identifies the condition.
	At Range
	// Whole is the condition; Operands are what && and || join, in the order
	// of evaluation. A condition without these has one operand.
	Whole    Operand
	Operands []Operand
	// Body runs if the condition is true; Else, if there is one, if it is
	// false.
	Body, Else Range
	HasElse    bool
	// Jump is "return", "goto", "break" or "continue" if Body does nothing
	// else; JumpRange is that statement.
	Jump      string
	JumpRange Range
	// Target is the line of a goto's label, 0 if unknown.
	Target int
	// Leaves is the jump that Body ends with, whatever it does before, and LeavesTo the
	// line of its label if that is a goto.
	Leaves   string
	LeavesTo int
	// End is the line on which the whole statement ends.
	End int
}

// Operand is a part of a condition that is evaluated at once.
type Operand struct {
	Text  string
	Range Range
	// OnTrue and OnFalse say what comes next: the index of an operand, or
	// WholeTrue or WholeFalse.
	OnTrue, OnFalse int
}

// What an operand may decide about its condition.
const (
	WholeTrue  = -1
	WholeFalse = -2
)

// Decided is the outcome that operand i has whenever the condition has one; ok is false
// if it may have either then, or may not be evaluated.
func (c *Condition) Decided(i int, whole bool) (truth, ok bool) {
	end := WholeFalse
	if whole {
		end = WholeTrue
	}
	isTrue, isFalse := !c.reaches(end, i, true), !c.reaches(end, i, false)
	return isTrue, isTrue != isFalse
}

// reaches reports whether the condition may end so without operand i having an outcome.
func (c *Condition) reaches(end, i int, outcome bool) bool {
	next := make([]bool, len(c.Operands))
	next[0] = true
	for k, o := range c.Operands {
		if !next[k] {
			continue
		}
		for _, way := range []struct {
			truth bool
			to    int
		}{{true, o.OnTrue}, {false, o.OnFalse}} {
			switch {
			case k == i && way.truth == outcome:
			case way.to == end:
				return true
			case way.to >= 0:
				next[way.to] = true
			}
		}
	}
	return false
}

// maxBack bounds how far before a position its condition may start, in tokens.
const maxBack = 400

// ConditionAt finds the condition that the code at a position evaluates.
func (f *File) ConditionAt(line, col int) (Condition, bool) {
	i, ok := f.exact(line, col)
	if !ok || f.Partial {
		return Condition{}, false
	}
	keyword, open := -1, -1
	if f.isControl(i) && f.is(i+1, "(") {
		keyword, open = i, i+1
	}
	for j := i; keyword < 0 && j > 0 && i-j < maxBack; j-- {
		switch f.tokens[j].text {
		case ")", "]":
			if j != i && f.tokens[j].match >= 0 {
				j = f.tokens[j].match
			}
		case "(":
			if f.isControl(j - 1) {
				keyword, open = j-1, j
			}
		case "{", "}":
			return Condition{}, false
		}
	}
	if keyword < 0 || f.tokens[open].match < 0 {
		return Condition{}, false
	}
	return f.condition(keyword, open, i)
}

// Block is the innermost block that the code at a position stands in, with its
// braces.
func (f *File) Block(line, col int) (Range, bool) {
	i, ok := f.exact(line, col)
	if !ok || f.Partial {
		return Range{}, false
	}
	if j := f.opening(i); j >= 0 {
		return f.rangeOf(j, f.tokens[j].match+1), true
	}
	return Range{}, false
}

// Conditions are the conditions of a function's body, in the order of the source.
func (f *File) Conditions(fn Function) []Condition {
	var out []Condition
	for i := fn.body[0]; i < fn.body[1]; i++ {
		if !f.isControl(i) || !f.is(i+1, "(") || f.tokens[i+1].match < 0 {
			continue
		}
		if c, ok := f.condition(i, i+1, i); ok {
			out = append(out, c)
		}
	}
	return out
}

func (f *File) isControl(i int) bool {
	return f.is(i, "if") || f.is(i, "while") || f.is(i, "for")
}

func (f *File) condition(keyword, open, at int) (Condition, bool) {
	closing := f.tokens[open].match
	lo, hi := open+1, closing
	c := Condition{Keyword: f.tokens[keyword].text, At: f.rangeOf(keyword, keyword+1)}
	if c.Keyword == "for" {
		first := f.statementEnd(lo)
		second := f.statementEnd(first + 1)
		if !f.is(first, ";") || !f.is(second, ";") || first+1 >= second || at <= first && at > keyword || at >= second {
			return c, false
		}
		lo, hi = first+1, second
	}
	if lo >= hi {
		return c, false
	}
	text, _ := f.short(lo, hi)
	c.Whole = Operand{text, f.rangeOf(lo, hi), WholeTrue, WholeFalse}
	f.operands(&c, lo, hi, WholeTrue, WholeFalse)
	body := closing + 1
	bodyEnd := f.statement(body)
	if body >= bodyEnd {
		return c, false
	}
	c.Body = f.rangeOf(body, bodyEnd)
	c.End = c.Body.EndLine
	if f.is(bodyEnd, "else") {
		if end := f.statement(bodyEnd + 1); end > bodyEnd+1 {
			c.Else, c.HasElse = f.rangeOf(bodyEnd+1, end), true
			c.End = c.Else.EndLine
		}
	}
	f.findJump(&c, body, bodyEnd)
	f.findLeave(&c, body, bodyEnd)
	return c, true
}

// operands appends the operands in the tokens [lo, hi), which lead to onTrue
// or onFalse as a whole.
func (f *File) operands(c *Condition, lo, hi, onTrue, onFalse int) {
	for f.is(lo, "(") && f.tokens[lo].match == hi-1 {
		lo++
		hi--
	}
	op, at := f.split(lo, hi)
	if op == "" {
		text, _ := f.short(lo, hi)
		c.Operands = append(c.Operands, Operand{text, f.rangeOf(lo, hi), onTrue, onFalse})
		return
	}
	next := len(c.Operands) + f.leaves(lo, at)
	if op == "&&" {
		f.operands(c, lo, at, next, onFalse)
	} else {
		f.operands(c, lo, at, onTrue, next)
	}
	f.operands(c, at+1, hi, onTrue, onFalse)
}

// split finds the last operator of the weakest kind, which is evaluated last.
func (f *File) split(lo, hi int) (op string, at int) {
	for i := lo; i < hi; i++ {
		if f.tokens[i].match > i {
			i = f.tokens[i].match
			continue
		}
		text := f.tokens[i].text
		if i > lo && i+1 < hi && (text == "||" || text == "&&" && op != "||") {
			op, at = text, i
		}
	}
	return op, at
}

// leaves counts the operands in the tokens [lo, hi).
func (f *File) leaves(lo, hi int) int {
	for f.is(lo, "(") && f.tokens[lo].match == hi-1 {
		lo++
		hi--
	}
	op, at := f.split(lo, hi)
	if op == "" {
		return 1
	}
	return f.leaves(lo, at) + f.leaves(at+1, hi)
}

// findJump notes a body that is a single jump.
func (f *File) findJump(c *Condition, body, end int) {
	if f.is(body, "{") {
		body++
		end--
	}
	if body >= end || f.statement(body) != end {
		return
	}
	switch text := f.tokens[body].text; text {
	case "return", "goto", "break", "continue":
		c.Jump = text
		c.JumpRange = f.rangeOf(body, end-1)
		if text == "goto" && f.isName(body+1) {
			c.Target = f.label(f.tokens[body+1].text, end)
		}
	}
}

// findLeave notes the jump that a body ends with.
func (f *File) findLeave(c *Condition, body, end int) {
	last := body
	if f.is(body, "{") {
		for i := body + 1; i < end-1; {
			next := f.statement(i)
			if next <= i {
				return
			}
			last, i = i, next
		}
	}
	if last >= end || last == body && f.is(body, "{") {
		return
	}
	switch text := f.tokens[last].text; text {
	case "return", "goto", "break", "continue":
		c.Leaves = text
		if text == "goto" && f.isName(last+1) {
			c.LeavesTo = f.label(f.tokens[last+1].text, end)
		}
	}
}

// label is the line of the first label of that name after token i.
func (f *File) label(name string, i int) int {
	for ; i+1 < len(f.tokens); i++ {
		if f.tokens[i].text == name && f.is(i+1, ":") {
			return f.tokens[i].line
		}
	}
	return 0
}

// statement is the index after the statement that starts at token i.
func (f *File) statement(i int) int {
	if i >= len(f.tokens) {
		return i
	}
	switch f.tokens[i].text {
	case "{":
		if f.tokens[i].match > i {
			return f.tokens[i].match + 1
		}
		return i
	case "if", "while", "for", "switch":
		if !f.is(i+1, "(") || f.tokens[i+1].match < 0 {
			return i
		}
		end := f.statement(f.tokens[i+1].match + 1)
		if f.is(i, "if") && f.is(end, "else") {
			end = f.statement(end + 1)
		}
		return end
	case "do":
		end := f.statement(i + 1)
		return f.statementEnd(end) + 1
	}
	if f.loopMacro(i) {
		return f.statement(f.tokens[i+1].match + 1)
	}
	if f.bareMacro(i) {
		return f.tokens[i+1].match + 1
	}
	end := f.statementEnd(i)
	if f.is(end, ";") {
		return end + 1
	}
	return i
}

// bareMacro reports whether token i begins the use of a macro that is a statement
// without a semicolon: what follows begins another statement.
func (f *File) bareMacro(i int) bool {
	if !f.isName(i) || f.tokens[i].text != strings.ToUpper(f.tokens[i].text) || !f.is(i+1, "(") || f.tokens[i+1].match < 0 {
		return false
	}
	next := f.tokens[i+1].match + 1
	return f.is(next, "}") || next < len(f.tokens) && isIdent(f.tokens[next].text[0])
}

// loopMacro reports whether token i begins a loop that a macro makes, such as
// bpf_for(): a name with arguments in front of a block.
func (f *File) loopMacro(i int) bool {
	return f.isName(i) && f.is(i+1, "(") && f.tokens[i+1].match > 0 && f.is(f.tokens[i+1].match+1, "{")
}

// Function is the extent of a function's body, with its braces.
type Function struct {
	Body Range
	body [2]int
}

// Definition finds the line on which the definition of a function names it. A
// macro such as BPF_PROG has the name as its first argument.
func (f *File) Definition(name string) (line int, ok bool) {
	for j := 0; j < len(f.tokens); j++ {
		if !f.is(j, "{") || f.tokens[j].match < 0 {
			continue
		}
		if f.is(j-1, ")") {
			if open := f.tokens[j-1].match; open > 0 && (f.is(open-1, name) || f.is(open+1, name)) {
				return f.tokens[open-1].line, true
			}
		}
		j = f.tokens[j].match
	}
	return 0, false
}

// FunctionNamed is the function that the file defines under a name.
func (f *File) FunctionNamed(name string) (Function, bool) {
	line, ok := f.Definition(name)
	if !ok {
		return Function{}, false
	}
	return f.FunctionAt(line, 1)
}

// FunctionAt finds the function whose signature or body holds a position.
func (f *File) FunctionAt(line, col int) (Function, bool) {
	if f.Partial {
		return Function{}, false
	}
	i := f.find(line, max(col, 1))
	// Outwards: the outermost brace around the position.
	outer := -1
	for j := min(i, len(f.tokens)-1); j >= 0; j-- {
		t := &f.tokens[j]
		if t.text == "}" && t.match >= 0 && j != i {
			j = t.match
			continue
		}
		if t.text == "{" && t.match >= i {
			outer = j
		}
	}
	if outer < 0 || !f.is(outer-1, ")") {
		// In the signature: the next brace opens the body.
		outer = -1
		for j := i; j < len(f.tokens) && f.tokens[j].line <= line+12; j++ {
			if f.is(j, ";") || f.is(j, "}") {
				break
			}
			if f.is(j, "{") {
				outer = j
				break
			}
		}
	}
	if outer < 0 || f.tokens[outer].match < 0 {
		return Function{}, false
	}
	end := f.tokens[outer].match
	return Function{Body: f.rangeOf(outer, end+1), body: [2]int{outer, end}}, true
}

// LastReturn is the last return statement of a function, if it ends the body.
func (f *File) LastReturn(fn Function) (Range, bool) {
	for i := fn.body[1] - 1; i > fn.body[0]; i-- {
		if f.is(i, "return") {
			end := f.statementEnd(i)
			if end+1 != fn.body[1] {
				return Range{}, false
			}
			return f.rangeOf(i, end), true
		}
	}
	return Range{}, false
}

// ConstantReturns are the constants that a function returns, in the order of the
// source. returns reports whether it returns anything.
func (f *File) ConstantReturns(fn Function) (values []string, returns bool) {
	for i := fn.body[0]; i < fn.body[1]; i++ {
		if !f.is(i, "return") || f.is(i+1, ";") {
			continue
		}
		returns = true
		if value := f.text(i+1, f.statementEnd(i)); IsConstant(value) {
			values = append(values, value)
		}
	}
	return values, returns
}

// PointsTo is the structure that a parameter or variable of a function is declared
// as a pointer to, "" for others.
func (f *File) PointsTo(fn Function, name string) string {
	start := fn.body[0]
	for start > 0 && !f.is(start-1, "}") && !f.is(start-1, ";") {
		start--
	}
	for i := start; i+3 < fn.body[1]; i++ {
		if f.is(i, "struct") && f.isName(i+1) && f.is(i+2, "*") && f.is(i+3, name) {
			return f.tokens[i+1].text
		}
	}
	return ""
}

// IsConstant reports whether C text is a number or has the form of an enumerator.
func IsConstant(text string) bool {
	text = strings.TrimPrefix(text, "-")
	if text == "" || text == strings.ToUpper(text) && !strings.ContainsFunc(text, func(r rune) bool { return r > 127 || !isIdent(byte(r)) }) {
		return text != ""
	}
	_, err := strconv.ParseInt(text, 0, 64)
	return err == nil
}

// ReturnsOf are the return statements of a function that return the text.
func (f *File) ReturnsOf(fn Function, text string) []Range {
	var found []Range
	for i := fn.body[0]; i < fn.body[1]; i++ {
		if !f.is(i, "return") {
			continue
		}
		if end := f.statementEnd(i); f.text(i+1, end) == text {
			found = append(found, f.rangeOf(i, end))
		}
	}
	return found
}

// ReturnOn is the return statement that starts on a line, or that holds it.
func (f *File) ReturnOn(line int) (Range, bool) {
	for i := f.find(line, 1); i < len(f.tokens) && f.tokens[i].line == line; i++ {
		if f.is(i, "return") {
			return f.rangeOf(i, max(f.statementEnd(i), i+1)), true
		}
	}
	return Range{}, false
}

// ClosingBrace is the extent of the brace that ends a function.
func (f *File) ClosingBrace(fn Function) Range {
	return f.rangeOf(fn.body[1], fn.body[1]+1)
}

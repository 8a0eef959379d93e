// SPDX-License-Identifier: GPL-2.0-only

package csource

// Statements as a part of others: bodies without braces, loops around a place, and
// the assignments of a function.

// Bare is the statement around a position if it is the body of an `if`, an `else` or
// a loop, without braces, and the keyword of that.
func (f *File) Bare(line, col int) (r Range, keyword Range, ok bool) {
	i, ok := f.exact(line, col)
	if !ok || f.Partial {
		return Range{}, Range{}, false
	}
	head, start := f.statementHead(i)
	if head < 0 || f.is(start, "{") {
		return Range{}, Range{}, false
	}
	end := f.statement(start)
	if end <= start {
		return Range{}, Range{}, false
	}
	return f.rangeOf(start, end), f.rangeOf(head, head+1), true
}

// statementHead is where the statement around token i starts, and the keyword
// whose body it is, -1 if it stands in a block.
func (f *File) statementHead(i int) (head, start int) {
	after := -1 // behind a `;`, unless that is one in parentheses
	for j := i - 1; j >= 0 && i-j < maxBack; j-- {
		text, match := f.tokens[j].text, f.tokens[j].match
		switch {
		case text == "(":
			after = -1
		case text == "{" || text == "}":
			return -1, max(after, j+1)
		case after >= 0:
			if match >= 0 && match < j {
				j = match
			}
		case text == ";":
			after = j + 1
		case text == "else" || text == "do":
			return j, j + 1
		case text == ")" && match > 0 && f.isControl(match-1):
			return match - 1, j + 1
		case match >= 0 && match < j:
			j = match
		}
	}
	return -1, i
}

// LoopAround is the innermost loop around a position which a `break` there would
// leave, and the statement that it is.
func (f *File) LoopAround(line, col int) (r Range, ok bool) {
	i, ok := f.exact(line, col)
	if !ok || f.Partial {
		return Range{}, false
	}
	for j := i; j >= 0 && i-j < maxBack; j-- {
		keyword := f.tokens[j].text
		if match := f.tokens[j].match; match >= 0 && match < j && j != i {
			j = match
			continue
		}
		if keyword != "for" && keyword != "while" && keyword != "do" && keyword != "switch" {
			continue
		}
		if end := f.statement(j); end > i {
			return f.rangeOf(j, end), keyword != "switch"
		}
	}
	return Range{}, false
}

// Loops are the loops around a position, innermost first.
func (f *File) Loops(line, col int) (loops []Range) {
	i, ok := f.exact(line, col)
	if !ok {
		return nil
	}
	for j := i; j >= 0; j-- {
		if match := f.tokens[j].match; match >= 0 && match < j && j != i {
			j = match
			continue
		}
		switch f.tokens[j].text {
		case "for", "while", "do":
			if end := f.statement(j); end > i {
				loops = append(loops, f.rangeOf(j, end))
			}
		}
	}
	return loops
}

// Assignments are the plain assignments to a variable in a function, initialisers
// included.
func (f *File) Assignments(fn Function, name string) []Range {
	var out []Range
	for i := fn.body[0]; i < fn.body[1]; i++ {
		if f.is(i, name) && f.is(i+1, "=") && !f.is(i-1, ".") && !f.is(i-1, "->") {
			out = append(out, f.rangeOf(i, f.expressionEnd(i+2)))
		}
	}
	return out
}

// SoleAssignment is the only assignment to a variable in a function, initialisers
// included: its extent, and what it gives the variable. It is false if there are
// none or several.
func (f *File) SoleAssignment(fn Function, name string) (r Range, value string, ok bool) {
	for i := fn.body[0]; i < fn.body[1]; i++ {
		if !f.is(i, name) || f.is(i-1, ".") || f.is(i-1, "->") {
			continue
		}
		changed := f.is(i+1, "++") || f.is(i+1, "--") || f.is(i-1, "++") || f.is(i-1, "--") || f.is(i-1, "&") && !f.endsOperand(i-2)
		switch {
		case !changed && (i+1 >= len(f.tokens) || !isAssignment(f.tokens[i+1].text)):
			continue
		case changed || ok || !f.is(i+1, "="):
			return Range{}, "", false
		}
		end := f.expressionEnd(i + 2)
		if value, ok = f.short(i+2, end); !ok {
			return Range{}, "", false
		}
		r = f.rangeOf(i, end)
	}
	return r, value, ok
}

// SoleReturn is what the only return statement of a function returns, "" if there are none
// or several.
func (f *File) SoleReturn(fn Function) (text string) {
	for i := fn.body[0]; i < fn.body[1]; i++ {
		if !f.is(i, "return") {
			continue
		}
		if text != "" {
			return ""
		}
		text = f.text(i+1, f.statementEnd(i))
	}
	return text
}

// expressionEnd is the index of the `;`, the comma or the closing bracket that ends
// the expression around token i.
func (f *File) expressionEnd(i int) int {
	end := f.statementEnd(i)
	for ; i < end; i++ {
		if f.is(i, ",") {
			return i
		}
		if f.tokens[i].match > i {
			i = f.tokens[i].match
		}
	}
	return end
}

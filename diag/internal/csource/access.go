// SPDX-License-Identifier: GPL-2.0-only

package csource

import "strings"

// FirstAccess is the line of the first access to what a variable points to that runs
// before a line of a function whenever that is reached, with the value which the variable
// has there; 0 if none is certain. An access that depends on a condition does not count.
func (f *File) FirstAccess(name string, fn Function, line, col int) int {
	if _, ok := f.exact(line, col); !ok || f.Partial {
		return 0
	}
	first := 0
	for i := fn.body[0] + 1; i < fn.body[1]; i++ {
		before := f.tokens[i].line < line
		switch {
		case f.is(i, "case") || f.is(i, "default") || f.is(i, "goto"):
			if before {
				first = 0
			}
		case !f.is(i, name) || f.is(i-1, "->") || f.is(i-1, "."):
		case f.mayChange(i):
			if !before {
				return 0 // a loop may bring another value to the line
			}
			first = 0
		case before && first == 0 && f.is(i+1, "->") && f.alwaysRuns(i):
			if block, ok := f.Block(f.tokens[i].line, f.tokens[i].col); ok && block.Contains(line, col) {
				first = f.tokens[i].line
			}
		}
	}
	return first
}

// mayChange reports whether the variable at token i gets another value there, or its
// address is taken.
func (f *File) mayChange(i int) bool {
	if f.is(i-1, "&") && !f.isBinary(i-1) && !f.is(i+1, "->") || f.is(i-1, "++") && !f.is(i+1, "->") || f.is(i-1, "--") && !f.is(i+1, "->") {
		return true
	}
	return f.is(i+1, "++") || f.is(i+1, "--") || i+1 < len(f.tokens) && isAssignment(f.tokens[i+1].text)
}

// alwaysRuns reports whether an access at token i runs whenever the block does that its
// statement stands in.
func (f *File) alwaysRuns(i int) bool {
	if head, _ := f.statementHead(i); head >= 0 || f.is(i-1, "&") && !f.isBinary(i-1) {
		return false
	}
	for j := i - 1; j >= 0; j-- {
		text := f.tokens[j].text
		switch text {
		case "&&", "||", "?", "for", "sizeof", "typeof", "__typeof__":
			return false
		case ")", "]":
			j = max(f.tokens[j].match, 0)
		case ";":
			if !f.inHeader(j) {
				return true
			}
		case "{", "}":
			return true
		}
		if strings.HasPrefix(text, "bpf_core_") || strings.HasPrefix(text, "__builtin_") {
			return false
		}
	}
	return false
}

// inHeader reports whether the `;` at token i stands in the parentheses of a loop.
func (f *File) inHeader(i int) bool {
	for j := i - 1; j >= 0; j-- {
		switch text := f.tokens[j].text; {
		case text == "(":
			return true
		case text == "{" || text == "}":
			return false
		case f.tokens[j].match >= 0 && f.tokens[j].match < j:
			j = f.tokens[j].match
		}
	}
	return false
}

// SPDX-License-Identifier: GPL-2.0-only

package csource

import "slices"

// What runs before and after a statement, as far as the text alone decides it.

// Before are the statements that have run whenever the one at a position is
// reached, the nearest first: those that stand before it in its block and in the
// blocks around it, back to a label.
func (f *File) Before(line, col int) []Range {
	i, ok := f.exact(line, col)
	if !ok || f.Partial {
		return nil
	}
	var out []Range
	for {
		open := f.opening(i)
		if open < 0 {
			return out
		}
		before, _, labelled := f.siblings(open, i)
		slices.Reverse(before)
		out = append(out, before...)
		if labelled {
			return out
		}
		i = open
	}
}

// After are the statements behind the one at a position, up to a label or the end
// of its block.
func (f *File) After(line, col int) []Range {
	i, ok := f.exact(line, col)
	if !ok || f.Partial {
		return nil
	}
	open := f.opening(i)
	if open < 0 {
		return nil
	}
	_, after, _ := f.siblings(open, i)
	return after
}

// Returns are the return statements of a function.
func (f *File) Returns(fn Function) []Range {
	var found []Range
	for i := fn.body[0]; i < fn.body[1]; i++ {
		if f.is(i, "return") {
			found = append(found, f.rangeOf(i, f.statementEnd(i)))
		}
	}
	return found
}

// opening is the brace that opens the innermost block around token i, -1 if there
// is none.
func (f *File) opening(i int) int {
	for j := i - 1; j >= 0; j-- {
		switch f.tokens[j].text {
		case ")", "]", "}":
			if f.tokens[j].match >= 0 {
				j = f.tokens[j].match
			}
		case "{":
			if f.tokens[j].match > i {
				return j
			}
		}
	}
	return -1
}

// siblings are the statements of a block before and after the one that token i is
// part of, from the last label before it to the next. labelled reports whether there
// is one before it, or a statement that is not understood.
func (f *File) siblings(open, i int) (before, after []Range, labelled bool) {
	reached := false
	for p := open + 1; p < f.tokens[open].match; {
		if n := f.labelLength(p); n > 0 {
			if reached {
				return before, after, labelled
			}
			before, labelled, p = nil, true, p+n
			continue
		}
		next := f.statement(p)
		switch {
		case next <= p && reached:
			return before, after, labelled
		case next <= p:
			return nil, nil, true
		case next <= i:
			before = append(before, f.rangeOf(p, next))
		case p > i:
			after = append(after, f.rangeOf(p, next))
		default:
			reached = true
		}
		p = next
	}
	return before, after, labelled
}

// labelLength is the number of tokens of the label at token i, 0 if there is none.
func (f *File) labelLength(i int) int {
	switch {
	case f.is(i, "case"):
		for j := i + 1; j < len(f.tokens) && !f.is(j, ";"); j++ {
			if f.is(j, ":") {
				return j + 1 - i
			}
		}
	case (f.isName(i) || f.is(i, "default")) && f.is(i+1, ":"):
		return 2
	}
	return 0
}

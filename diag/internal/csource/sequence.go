// SPDX-License-Identifier: GPL-2.0-only

package csource

// What runs after a statement, as far as the text alone decides it.

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
	var after []Range
	reached := false
	for p := open + 1; p < f.tokens[open].match; {
		if n := f.labelLength(p); n > 0 {
			if reached {
				return after
			}
			p += n
			continue
		}
		next := f.statement(p)
		switch {
		case next <= p:
			return after
		case p > i:
			after = append(after, f.rangeOf(p, next))
		case next > i:
			reached = true
		}
		p = next
	}
	return after
}

// LastOf is the last statement of a body, which may be a block or a single statement.
func (f *File) LastOf(body Range) (Range, bool) {
	i, ok := f.exact(body.Line, body.Col)
	if !ok || f.Partial {
		return Range{}, false
	}
	if !f.is(i, "{") {
		return body, true
	}
	last, end := -1, f.tokens[i].match
	for p := i + 1; p < end; {
		if n := f.labelLength(p); n > 0 {
			p += n
			continue
		}
		next := f.statement(p)
		if next <= p {
			return Range{}, false
		}
		last, p = p, next
	}
	if last < 0 {
		return Range{}, false
	}
	return f.rangeOf(last, f.statement(last)), true
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

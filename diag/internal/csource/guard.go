// SPDX-License-Identifier: GPL-2.0-only

package csource

// Changes of every use of a name in the file.

// Rename puts another name in the place of each use of one that is not a member's.
func (f *File) Rename(name, other string) (out []Change) {
	for i := range f.tokens {
		if f.is(i, name) && !f.is(i-1, "->") && !f.is(i-1, ".") {
			out = append(out, Change{f.rangeOf(i, i+1), other})
		}
	}
	return out
}

// GuardCalls makes each call of name only if test, a macro, is true of the name: a call that
// is a statement becomes the body of an `if`, and one whose value is used is 0 otherwise. There
// are no changes if the file has the test already, and false is returned if there is a call
// whose statement is not known.
func (f *File) GuardCalls(name, test string) (out []Change, ok bool) {
	if f.Partial {
		return nil, false
	}
	condition := test + "(" + name + ")"
	for i := range f.tokens {
		if f.is(i, test) && f.is(i+1, "(") && f.is(i+2, name) {
			return nil, true
		}
	}
	for i := range f.tokens {
		if !f.is(i, name) || !f.is(i+1, "(") || f.tokens[i+1].match < 0 || f.blockAround(i) < 0 {
			continue
		}
		call := f.rangeOf(i, f.tokens[i+1].match+1)
		p, found := f.placeAt(call.Line, call.Col)
		if !found {
			return nil, false
		}
		before, behind, end := "if ("+condition+") ", "", f.rangeOf(p.start, p.end)
		switch {
		case p.start != i || !f.is(f.tokens[i+1].match+1, ";"):
			before, behind, end = "("+condition+" ? ", " : 0)", call
		case p.head >= 0:
			before, behind = "{ "+before, " }" // an `else` behind it would belong to the new `if`
		}
		out = append(out, f.insertion(call.Line, call.Col, before))
		if behind != "" {
			out = append(out, f.insertion(end.EndLine, end.EndCol, behind))
		}
	}
	return out, true
}

// InitialValue is the text between the `=` and the `;` of the declaration outside of
// functions that a place is part of.
func (f *File) InitialValue(line, col int) (Range, bool) {
	i, ok := f.exact(line, col)
	if !ok || f.Partial {
		return Range{}, false
	}
	value := -1
	for ; i < len(f.tokens) && !f.is(i, ";") && !f.is(i, "{"); i++ {
		if f.is(i, "=") && value < 0 {
			value = i + 1
		}
	}
	if value < 0 || value >= i || !f.is(i, ";") {
		return Range{}, false
	}
	return f.rangeOf(value, i), true
}

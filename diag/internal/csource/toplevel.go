// SPDX-License-Identifier: GPL-2.0-only

package csource

// Declaration is a declaration outside of functions, or a function.
type Declaration struct {
	Range Range
	// Struct is the structure that it declares, "" if that has no name; Names are the names
	// behind the body of a structure.
	Struct string
	Names  []string
	// Head is the extent of what is before the body of a function, and Parameters of its
	// parameters; Function is the name.
	Function         string
	Head, Parameters Range
	body             [2]int // of a structure
}

// DeclarationAt is the declaration outside of functions that a position is in.
func (f *File) DeclarationAt(line, col int) (d Declaration, ok bool) {
	at, ok := f.exact(line, col)
	if !ok || f.Partial {
		return d, false
	}
	start := 0
	for i := 0; i < len(f.tokens); i++ {
		t := &f.tokens[i]
		switch {
		case t.text == "{" && t.match < 0:
			return d, false
		case t.text == "{" && f.is(i-1, ")"):
			if at >= start && at <= t.match {
				return f.function(start, i), true
			}
			i = t.match
			start = i + 1
		case t.text == "{", t.text == "(" && t.match > i, t.text == "[" && t.match > i:
			i = t.match
		case t.text == ";":
			if at >= start && at <= i {
				return f.declaration(start, i), true
			}
			start = i + 1
		}
	}
	return d, false
}

// function is the one from token start on whose body is at token body. A macro such as
// BPF_PROG has the name as its first argument.
func (f *File) function(start, body int) Declaration {
	d := Declaration{Range: f.rangeOf(start, f.tokens[body].match+1), Head: f.rangeOf(start, body)}
	if open := f.tokens[body-1].match; open > 0 {
		d.Function = f.tokens[open-1].text
		if f.bareName(open-1) && f.isName(open+1) {
			d.Function = f.tokens[open+1].text
			open++
		}
		d.Parameters = f.rangeOf(open+1, body)
	}
	return d
}

// bareName reports whether a token is a name in capitals.
func (f *File) bareName(i int) bool {
	if !f.isName(i) {
		return false
	}
	for _, c := range f.tokens[i].text {
		if c >= 'a' && c <= 'z' {
			return false
		}
	}
	return true
}

// declaration is one that ends at a semicolon.
func (f *File) declaration(start, end int) Declaration {
	d := Declaration{Range: f.rangeOf(start, end+1)}
	for i := start; i < end; i++ {
		t := &f.tokens[i]
		switch {
		case t.text == "{":
			if f.isName(i-1) && (f.is(i-2, "struct") || f.is(i-2, "union")) {
				d.Struct = f.tokens[i-1].text
			}
			d.body = [2]int{i, t.match}
			i = t.match
		case (t.text == "(" || t.text == "[") && t.match > i:
			i = t.match
		case t.text == "=":
			return d
		case d.body[1] > 0 && f.isName(i):
			d.Names = append(d.Names, t.text)
		}
	}
	return d
}

// MemberAt is the member of the structure that is declared at a position.
func (f *File) MemberAt(d *Declaration, line, col int) (name string, ok bool) {
	i, ok := f.exact(line, col)
	if !ok || !f.isName(i) || i <= d.body[0] || i >= d.body[1] {
		return "", false
	}
	for _, end := range []string{";", "[", ":", ","} {
		if f.is(i+1, end) {
			return f.tokens[i].text, true
		}
	}
	return "", false
}

// KeywordAt is the keyword at a position, "" if there is none.
func (f *File) KeywordAt(line, col int) string {
	if i, ok := f.exact(line, col); ok && isKeyword(f.tokens[i].text) {
		return f.tokens[i].text
	}
	return ""
}

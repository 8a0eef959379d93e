// SPDX-License-Identifier: GPL-2.0-only

package csource

import "strings"

// Mention is a name in the source as a part of the expression that ends with it.
type Mention struct {
	Name string
	// Root is the variable that the expression begins with, Path what leads from it to
	// the name: "", ".key.port", "->next[2]". Of a name that is no member Root is Name.
	Root, Path string
	// Range is the extent of the expression.
	Range Range
	// Called says that it is followed by arguments, Assigned that the statement gives
	// it a value, Changed that it is given one made of the one it has.
	Called, Assigned, Changed bool
	// Followed says that what the name points to is accessed.
	Followed bool
}

// Text is the expression.
func (m *Mention) Text() string { return m.Root + m.Path }

// MentionAt is the name at a position.
func (f *File) MentionAt(line, col int) (Mention, bool) {
	i, ok := f.exact(line, col)
	if !ok || !f.isName(i) {
		return Mention{}, false
	}
	return f.mention(i)
}

// Mentions are the names on a line, from left to right.
func (f *File) Mentions(line int) (out []Mention) {
	for i := f.find(line, 1); i < len(f.tokens) && f.tokens[i].line == line; i++ {
		if !f.isName(i) {
			continue
		}
		if m, ok := f.mention(i); ok {
			out = append(out, m)
		}
	}
	return out
}

func (f *File) mention(i int) (m Mention, ok bool) {
	m.Name = f.tokens[i].text
	start := i
	for f.is(start-1, ".") || f.is(start-1, "->") {
		j := start - 2
		for f.is(j, "]") && f.tokens[j].match > 0 {
			j = f.tokens[j].match - 1
		}
		if !f.isName(j) {
			return Mention{}, false // a member of what an expression gives, or of an initialiser
		}
		start = j
	}
	end := i + 1
	if next := f.pastIndexes(end); next > end && (f.is(next, "=") || !f.is(next, ".") && !f.is(next, "->")) {
		end = next
	}
	m.Root, m.Path = f.tokens[start].text, strings.ReplaceAll(f.text(start+1, end), " ", "")
	m.Range = f.rangeOf(start, end)
	m.Called = f.is(end, "(")
	m.Followed = f.is(end, "->") || f.is(end, "[") || f.is(start-1, "*") && !f.endsOperand(start-2) && !f.declares(start)
	if end < len(f.tokens) {
		switch next := f.tokens[end].text; {
		case next == "=":
			m.Assigned = !f.is(start-1, "*") || f.declares(start)
		case isAssignment(next), next == "++", next == "--":
			m.Assigned, m.Changed = true, true
		}
	}
	if f.is(start-1, "++") || f.is(start-1, "--") {
		m.Assigned, m.Changed = true, true
	}
	return m, true
}

// pastIndexes is the token behind the brackets that begin at token i.
func (f *File) pastIndexes(i int) int {
	for f.is(i, "[") && f.tokens[i].match > i {
		i = f.tokens[i].match + 1
	}
	return i
}

// declares reports whether the stars before token i are those of a declaration.
func (f *File) declares(i int) bool {
	for i--; f.is(i, "*"); i-- {
	}
	return i >= 0 && f.isName(i) && !f.is(i, "return")
}

// HeadLine is the line where the declaration of a function begins.
func (f *File) HeadLine(fn Function) int {
	i := fn.body[0]
	for i > 0 && !f.is(i-1, "}") && !f.is(i-1, ";") {
		i--
	}
	return f.tokens[i].line
}

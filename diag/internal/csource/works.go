// SPDX-License-Identifier: GPL-2.0-only

package csource

import "strings"

// What of a function is seen outside of it: what it stores through pointers and in global
// variables, and what it calls functions for.

// Works are the ways in which a step does something that is seen outside of the function:
// the targets of its assignments but for the function's own variables, and the functions
// that it calls for more than a value. A `return` calls for more if it calls at all.
func (w *Flow) Works(step int, fn Function) (targets, calls []string) {
	f, s := w.file, &w.Steps[step]
	switch s.Keyword {
	case "return":
		for _, c := range w.Calls(step) {
			calls = append(calls, c.Function)
		}
		return nil, calls
	case "":
	default:
		return nil, nil
	}
	for i := s.from; i < s.to; i++ {
		text := f.tokens[i].text
		switch {
		case f.tokens[i].match > i:
			i = f.tokens[i].match
		case text == "++" || text == "--":
			from, to := s.from, i
			if i == s.from {
				from, to = i+1, s.to
			}
			if target := f.text(from, to); f.isSeen(target, fn) {
				targets = append(targets, target)
			}
		case isAssignment(text):
			if target := f.text(s.from, i); f.isSeen(target, fn) {
				targets = append(targets, target)
			}
			return targets, calls
		}
	}
	if len(targets) > 0 {
		return targets, calls
	}
	first := s.from
	if f.is(first, "(") && f.tokens[first].match > first {
		first = f.tokens[first].match + 1 // a cast to void
	}
	if f.isName(first) && f.is(first+1, "(") {
		calls = append(calls, f.tokens[first].text)
	}
	return targets, calls
}

// isSeen reports whether what is assigned to is seen outside of a function: it is reached
// through a pointer, or is no variable of the function.
func (f *File) isSeen(target string, fn Function) bool {
	target = strings.TrimSpace(target)
	if strings.Contains(target, "->") || strings.HasPrefix(target, "*") {
		return true
	}
	name := target
	if i := strings.IndexAny(name, ".["); i >= 0 {
		name = name[:i]
	}
	if name == "" || strings.ContainsAny(name, " *(") {
		return false // a declaration
	}
	return !f.declaresIn(fn, name)
}

// declaresIn reports whether a name is declared in a function or is one of its parameters.
func (f *File) declaresIn(fn Function, name string) bool {
	for _, p := range f.Parameters(fn) {
		if p == name {
			return true
		}
	}
	for i := fn.body[0] + 1; i < fn.body[1]; i++ {
		if !f.is(i, name) {
			continue
		}
		// After a type, a `*` or, in a list of declarators, a comma.
		switch {
		case f.isName(i-1) && f.tokens[i-1].text != "return" && f.tokens[i-1].text != "else" && f.tokens[i-1].text != "goto":
			return true
		case (f.is(i-1, "*") || f.is(i-1, ",")) && f.inDeclaration(i):
			return true
		}
	}
	return false
}

// inDeclaration reports whether the statement that token i is in begins with a type and a
// name, as declarations do.
func (f *File) inDeclaration(i int) bool {
	start := i
	for start > 0 && !f.is(start-1, ";") && !f.is(start-1, "{") && !f.is(start-1, "}") {
		if m := f.tokens[start-1].match; m >= 0 && m < start-1 {
			start = m
			continue
		}
		start--
	}
	names := 0
	for start < i && f.isName(start) {
		start++
		names++
	}
	return names > 1 || names == 1 && f.is(start, "*")
}

// SPDX-License-Identifier: GPL-2.0-only

package fault

import "strings"

// Code identifies one rule that a program broke, as "<category>/<problem>" in
// kebab case. It is what an editor shows and what `bpf-lsp explain` takes. A
// published code never changes its meaning and is never used again for
// another rule; two kernel messages share one where a user would see the same
// mistake. The catalogue has the list of codes.
type Code string

// Category is the part of c before the slash.
func (c Code) Category() Category {
	slug, _, _ := strings.Cut(string(c), "/")
	return Category(slug)
}

// Problem is the part of c after the slash.
func (c Code) Problem() string {
	_, problem, _ := strings.Cut(string(c), "/")
	return problem
}

// Category groups codes by what kind of promise the program broke.
type Category string

// SPDX-License-Identifier: GPL-2.0-only

package diag

// Value is what the verifier knows of a variable or member in a line of the source.
type Value struct {
	// Text is the expression, Type how it is declared, "" if that is not known.
	Text, Type string
	// Known says in words what it can be, on all paths.
	Known string
	// Cases tell that apart by how paths came there, where that can be said.
	Cases []Case
	// Line is the line that Known is about, if it is not the one that was asked for.
	Line int
	// Folded says that the compiler replaced it by a constant.
	Folded bool
}

// Case is what a value is on some paths: When says on which.
type Case struct{ When, Known string }

// Walked is what the walk of one program says about the lines of its source. It is
// safe for concurrent use.
//
// ValuesOn are the values of the variables that a line mentions; ValueAt is the one at a
// column. Both work on demand and take well under a millisecond, so that whole screens
// can be asked for. Neither guesses: there is no value where neither debug information
// nor the walk says what it is.
type Walked interface {
	// Program is the name of the program, Complete whether all its paths were walked,
	// which they are not if it was rejected.
	Program() string
	Complete() bool
	// Times is how often a line was walked: the most that any of its instructions was.
	Times(at Line) int
	// ValueAt is the value at a line and column, from 1; false if nothing is known.
	ValueAt(file string, line, col int) (Value, bool)
	// ValuesOn are the values of what a line mentions, from left to right, each
	// expression once.
	ValuesOn(file string, line int) []Value
	// ContractAt is about the function of the kernel, or the map, that the name at a
	// line and column is.
	ContractAt(file string, line, col int) (Contract, bool)
}

// Contract is what a function of the kernel, or a map, is and asks.
type Contract struct {
	// Name is that of the function or map, Definition a line of C.
	Name, Definition string
	// Notes are sentences.
	Notes []string
	// Place is where it is declared; its line is 0 where that is no source of the user.
	Place Span
}

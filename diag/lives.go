// SPDX-License-Identifier: GPL-2.0-only

package diag

// Life is what becomes of one acquired resource on the paths of an accepted
// program.
type Life struct {
	Program string
	// Holder is the variable that has it, quoted, or what it is.
	Holder string
	// Acquired says by what it was acquired.
	Acquired Related
	// Then are its uses and ends in the order in which they are executed, at most one a
	// line.
	Then []Related
}

// Region is a stretch of code in which a lock is held, interrupts or
// preemption are off, or an RCU read section is open.
type Region struct {
	Program string
	// Name says what is open and since where.
	Name string
	// Lines has, for each line inside it, whether it is open there on every
	// path.
	Lines map[Line]bool
}

// Line is a line of a file, from 1.
type Line struct {
	File string
	Line int
}

// Lives are the lifetimes of one program's resources.
type Lives struct {
	Lives   []Life
	Regions []Region
}

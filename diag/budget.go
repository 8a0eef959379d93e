// SPDX-License-Identifier: GPL-2.0-only

package diag

// Budget is where the verification of a program spent instructions and states, in
// terms of the source. Each list begins with what took most, and is cut.
type Budget struct {
	// Insns are the instructions walked, Limit is how many may be, and States are those
	// kept to end other paths.
	Insns, Limit, States int

	Loops []LoopCost
	Lines []LineCost
	Forks []ForkCost
	// Stack is the stack of the functions along the chain of calls that takes most.
	Stack []StackCost
}

// LoopCost is what a loop took, without the functions that it calls. Span is where it
// goes round.
type LoopCost struct {
	Span          Span
	Insns, States int
	// Rounds is the most that a path made in one go.
	Rounds int
	// Apart says what is new in each round, where the walk did not get out of the
	// loop: variables, with their values in two rounds.
	Apart []string
	// Held says that each round acquires something.
	Held bool
}

// LineCost is what a line took.
type LineCost struct {
	Span          Span
	Insns, States int
}

// ForkCost is a place from which the walk left other paths for later.
type ForkCost struct {
	Span  Span
	Times int
}

// StackCost is the stack that a function takes, in bytes, as the kernel counts it.
type StackCost struct {
	Function string
	Bytes    int
}

// SPDX-License-Identifier: GPL-2.0-only

package diag

// Budget is where the verification of a program spent instructions and states, in
// terms of the source. Each list begins with what took most. Only Lines is complete.
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

// maxTop is how many lines a short report names.
const maxTop = 5

// Top are the lines that took most.
func (b *Budget) Top() []LineCost { return b.Lines[:min(len(b.Lines), maxTop)] }

// ProgramCost is where the verification of one program spent what.
type ProgramCost struct {
	Program string
	Budget  *Budget
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

// Share is the part of all instructions that a line took, from 0 to 1.
func (c *LineCost) Share(insns int) float64 {
	if insns == 0 {
		return 0
	}
	return float64(c.Insns) / float64(insns)
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

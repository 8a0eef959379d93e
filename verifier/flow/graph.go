// SPDX-License-Identifier: GPL-2.0-only

// Package flow finds what is known of a program before the walk: its
// subprograms, its control-flow graph with loops and prune points, and the
// registers alive at each instruction. It also refuses programs whose shape
// alone is wrong.
//
// Reading order: graph.go, subprog.go, cfg.go, scc.go, live.go.
package flow

// Graph is the shape of a program.
type Graph struct {
	Subprogs []Subprog
	// Points has one entry an instruction slot.
	Points []Point
	// Postorder lists instructions in post-order, grouped by subprogram.
	Postorder []int
	// SCCs is the number of the highest strongly connected component; 0 means
	// that the program has no loop.
	SCCs int
}

// Subprog is one function of the program.
type Subprog struct {
	// Start and End bound the function's instruction slots; End is behind the last.
	Start, End int
	// PostorderStart is where the function begins in Graph.Postorder.
	PostorderStart int
	HasTailCall    bool
	HasLdAbs       bool
	// Summaries of the function and all that it calls.
	ChangesPktData bool
	MightSleep     bool
	// FastcallStack is the lowest stack offset that only spills around
	// fastcall helpers use; 0 for none.
	FastcallStack int16
	// KeepFastcall says that those spills must stay.
	KeepFastcall        bool
	IsExceptionCallback bool
}

// Point is what is known of one instruction slot.
type Point struct {
	// Jump marks where a path's history needs an entry, Prune where states are
	// compared, Checkpoint where a state is always saved.
	Jump, Prune, Checkpoint bool
	// CallsCallback marks a call that runs a function of the program.
	CallsCallback bool
	// FastcallPattern marks a spill or fill around a fastcall helper, and
	// FastcallSpills, on the call, how many pairs there are.
	FastcallPattern bool
	FastcallSpills  uint8
	// SCC is the loop that the instruction is part of, 0 for none.
	SCC int
	// Live has a bit for each register that is read later.
	Live uint16
}

// Fault is a reason why the shape of a program is refused.
type Fault struct {
	// PC is the instruction at fault, -1 for the program as a whole.
	PC int
	// Errno is the kernel's error number, positive.
	Errno int
	// Kind is what is wrong.
	Kind FaultKind
	// Text is the kernel's message without a newline at its end.
	Text string
}

// FaultKind groups the faults of a program's shape.
type FaultKind uint8

// Kinds of faults.
const (
	BadJump FaultKind = iota
	UnreachableInsn
	BackEdge
	BadSubprog
	BadLdAbs
	BadTailCall
	BadFuncInfo
	BadLineInfo
	Unsupported
)

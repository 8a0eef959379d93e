// SPDX-License-Identifier: GPL-2.0-only

// Package flow finds what is known of a program before the walk: its
// subprograms, its control-flow graph with loops and prune points, and the
// registers alive at each instruction. It also refuses programs whose shape
// alone is wrong.
//
// Reading order: graph.go, subprog.go, cfg.go, order.go, scc.go, live.go,
// fastcall.go.
package flow

import (
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
)

// Graph is the shape of a program. Build makes it in steps, since the kernel
// checks other things in between and the first fault wins.
type Graph struct {
	insns []isa.Insn
	calls []CallShape
	// privileged programs may have loops and functions.
	privileged bool

	Subprogs []Subprog
	// ExceptionCallback is the subprogram that catches exceptions, 0 for none.
	ExceptionCallback int
	// Points has one entry per instruction slot.
	Points []Point
	// Postorder lists instructions in post-order, grouped by subprogram.
	Postorder []int
	// SCCs is one more than the highest number of a strongly connected
	// component; components are numbered from 1.
	SCCs int
}

// Subprog is one function of the program.
type Subprog struct {
	// Start and End bound the function's instruction slots; End is after the last.
	Start, End int
	// PostorderStart is where the function begins in Graph.Postorder.
	PostorderStart int
	HasTailCall    bool
	HasLdAbs       bool
	// ChangesPacket and MightSleep hold for the function or one that it calls.
	ChangesPacket bool
	MightSleep    bool
	// FastcallStack is the lowest stack offset that only spills around
	// fastcall helpers use; 0 for none.
	FastcallStack int16
	// KeepFastcall says that those spills must stay.
	KeepFastcall bool
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
	// Live has a bit for each register that may be read before it is written.
	Live uint16
	// SCC is the loop that the instruction is part of, 0 for none.
	SCC int32
}

// CallShape is what the control flow must know of the function called.
type CallShape struct {
	// Known says that the helper or kfunc exists and that the program may call it;
	// only then do the other fields hold.
	Known  bool
	Params uint8
	Void   bool
	// Fastcall says that the call clobbers only its parameters and result.
	Fastcall   bool
	MightSleep bool
	IterNext   bool

	// The following hold for unknown helpers too.
	ChangesPacket bool
	SyncCallback  bool
	AsyncCallback bool
}

// Fault is a reason why the shape of a program is refused.
type Fault struct {
	// PC is the instruction at fault, -1 for the program as a whole.
	PC int
	// Errno is the kernel's error number, positive.
	Errno int
	// Fault is what is wrong.
	Fault *fault.Fault
	// NoCapability says that it is a call or reference that needs CAP_BPF.
	NoCapability bool
	// From and To are the ends of the edge that a BackEdge or a BadJump is
	// about; SourceOfEdge says that the log shows their source lines.
	From, To     int
	SourceOfEdge bool
}

// MaxSubprogs is the most functions a program may have.
const MaxSubprogs = 256

// New starts the graph of a program. calls has an entry per instruction slot;
// entries of other instructions than helper and kfunc calls are ignored.
func New(insns []isa.Insn, calls []CallShape, privileged bool) *Graph {
	return &Graph{insns: insns, calls: calls, privileged: privileged, Points: make([]Point, len(insns)), SCCs: 1}
}

func refuse(pc, errno int, f *fault.Fault) *Fault {
	return &Fault{PC: pc, Errno: errno, Fault: f}
}

// SubprogAt is the number of the function that contains pc.
//
// kernel: bpf_find_containing_subprog
func (g *Graph) SubprogAt(pc int) int {
	lo, hi := 0, len(g.Subprogs)-1
	for lo < hi {
		mid := lo + (hi-lo+1)/2
		if g.Subprogs[mid].Start <= pc {
			lo = mid
		} else {
			hi = mid - 1
		}
	}
	return lo
}

// SubprogFrom is the number of the function that starts at pc, -1 for none.
//
// kernel: find_subprog
func (g *Graph) SubprogFrom(pc int) int {
	if pc < 0 || pc >= len(g.insns) || len(g.Subprogs) == 0 {
		return -1
	}
	if n := g.SubprogAt(pc); g.Subprogs[n].Start == pc {
		return n
	}
	return -1
}

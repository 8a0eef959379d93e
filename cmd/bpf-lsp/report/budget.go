// SPDX-License-Identifier: GPL-2.0-only

package report

import (
	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/render"
)

// Budget is where the verification of a program spent what.
type Budget struct {
	Insns  int         `json:"insns"`
	Limit  int         `json:"limit"`
	States int         `json:"states"`
	Loops  []LoopCost  `json:"loops"`
	Lines  []LineCost  `json:"lines"`
	Forks  []ForkCost  `json:"forks"`
	Stack  []StackCost `json:"stack"`
}

// LoopCost is what a loop took, and what keeps its rounds apart.
type LoopCost struct {
	LineCost
	Rounds   int      `json:"rounds"`
	Apart    []string `json:"apart"`
	Acquires bool     `json:"acquires,omitempty"`
}

// LineCost is what a line took.
type LineCost struct {
	At     *render.RecordSpan `json:"at"`
	Insns  int                `json:"insns"`
	States int                `json:"states"`
}

// ForkCost is how often the walk had two ways to go.
type ForkCost struct {
	At    *render.RecordSpan `json:"at"`
	Times int                `json:"times"`
}

// StackCost is the stack of a function.
type StackCost struct {
	Function string `json:"function"`
	Bytes    int    `json:"bytes"`
}

func newBudget(b *diag.Budget, name func(string) string) *Budget {
	if b == nil {
		return nil
	}
	out := &Budget{
		Insns: b.Insns, Limit: b.Limit, States: b.States,
		Loops: []LoopCost{}, Lines: []LineCost{}, Forks: []ForkCost{}, Stack: []StackCost{},
	}
	for _, l := range b.Loops {
		cost := LineCost{newSpan(l.Span, name), l.Insns, l.States}
		out.Loops = append(out.Loops, LoopCost{cost, l.Rounds, append([]string{}, l.Apart...), l.Held})
	}
	for _, l := range b.Top() {
		out.Lines = append(out.Lines, LineCost{newSpan(l.Span, name), l.Insns, l.States})
	}
	for _, f := range b.Forks {
		out.Forks = append(out.Forks, ForkCost{newSpan(f.Span, name), f.Times})
	}
	for _, s := range b.Stack {
		out.Stack = append(out.Stack, StackCost{s.Function, s.Bytes})
	}
	return out
}

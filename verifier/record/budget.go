// SPDX-License-Identifier: GPL-2.0-only

package record

import (
	"slices"

	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// Budget is where a walk spent its instructions and states.
type Budget struct {
	// Walked, Kept and Forks say of each instruction how often it was walked, how
	// many states were kept before it, and how often another path was left to be
	// walked later from it.
	Walked, Kept, Forks []int32
	// Loops are those whose instructions jump back, ascending by Back. Loops that the
	// kernel makes by calling functions back are not among them.
	Loops []Loop
}

// Loop is the instructions from Head to Back, which jumps back to it. Several loops may
// have one head: compilers let an outer loop go on with the first round of an inner
// one.
type Loop struct {
	Head, Back int
	// Rounds is the most that a path made in one go.
	Rounds int
	// Apart are the places in which the last two rounds on the path that was refused
	// differ so that the walk cannot end with the second; Held says that they hold
	// different resources.
	Apart []Apart
	Held  bool
}

// Apart is a place with its values in two rounds.
type Apart struct {
	Place Place
	// PC is the instruction that the function of the place is at.
	PC       int
	Old, New *Value
}

// Has reports whether the instruction at pc is in the loop.
func (l *Loop) Has(pc int) bool { return l.Head <= pc && pc <= l.Back }

// Sum adds up a count over the instructions of the loop.
func (l *Loop) Sum(counts []int32) (n int) {
	for _, c := range counts[l.Head : l.Back+1] {
		n += int(c)
	}
	return n
}

// budget counts while the walk goes on.
type budget struct {
	Tables
	Budget
	// loopsAt are the indexes in Loops of those whose head an instruction is, and
	// rounds those that the current path made of each.
	loopsAt [][]int32
	rounds  []int32
	last    int
	queued  []queuedRounds
}

// queuedRounds are the rounds of a path that waits, and the instruction before it.
type queuedRounds struct {
	rounds []int32
	last   int
}

func newBudget(t Tables) *budget {
	n := len(t.Insns)
	b := &budget{Tables: t, loopsAt: make([][]int32, n), last: -1}
	b.Walked, b.Kept, b.Forks = make([]int32, n), make([]int32, n), make([]int32, n)
	for pc := range t.Insns {
		if head, ok := backTarget(t.Insns, pc); ok {
			b.loopsAt[head] = append(b.loopsAt[head], int32(len(b.Loops)))
			b.Loops = append(b.Loops, Loop{Head: head, Back: pc})
		}
	}
	b.rounds = make([]int32, len(b.Loops))
	return b
}

// backTarget is where an instruction jumps back to, if it does.
func backTarget(insns []isa.Insn, pc int) (int, bool) {
	in := &insns[pc]
	if c := in.Class(); c != isa.ClassJMP && c != isa.ClassJMP32 {
		return 0, false
	}
	switch in.Code() {
	case isa.OpCall, isa.OpExit:
		return 0, false
	case isa.OpJa:
		to := pc + 1 + in.JumpOffset()
		return to, 0 <= to && to <= pc
	}
	to := pc + 1 + int(in.Off)
	return to, 0 <= to && to <= pc
}

// before counts the instruction at pc.
func (b *budget) before(pc int) {
	b.Walked[pc]++
	for _, i := range b.loopsAt[pc] {
		l := &b.Loops[i]
		switch {
		case b.last == l.Back:
			b.rounds[i]++
		case !l.Has(b.last):
			b.rounds[i] = 1
		}
		l.Rounds = max(l.Rounds, int(b.rounds[i]))
	}
	b.last = pc
}

// queue counts a path that waits.
func (b *budget) queue() {
	if b.last >= 0 {
		b.Forks[b.last]++
	}
	b.queued = append(b.queued, queuedRounds{slices.Clone(b.rounds), b.last})
}

// pop goes on with the path queued last.
func (b *budget) pop() {
	n := len(b.queued) - 1
	copy(b.rounds, b.queued[n].rounds)
	b.last = b.queued[n].last
	b.queued = b.queued[:n]
}

// Keep notes that the state before the instruction at pc is kept to end other paths.
func (r *Recorder) Keep(pc int) {
	if r.budget != nil {
		r.budget.Kept[pc]++
	}
}

// Budget is where the walk spent what, nil if that was not asked for.
func (r *Recorder) Budget() *Budget {
	if r.budget == nil {
		return nil
	}
	return &r.budget.Budget
}

// Differ notes a place in which two rounds of a loop differ.
func (r *Recorder) Differ(l *Loop, p Place, pc int, old, now *state.Reg) {
	l.Apart = append(l.Apart, Apart{p, pc, r.budget.value(old), r.budget.value(now)})
}

// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// What keeps the rounds of a loop apart. A walk leaves a loop for good where it comes
// back with a state that one before it covers. Where it went round until a limit was
// reached, the last two states that were kept at the loop's beginning show which values
// are new in each round.

// costlyShare is the part of all instructions, as one in so many, from which on a loop
// is looked at.
const costlyShare = 10

// findApart looks at the loops that took most of a walk which ended with r.
func (v *verifier) findApart(b *record.Budget, r *Rejection) {
	if r == nil || r.report.Code.Category() != limitCategory || v.cur == nil {
		return
	}
	for i := range b.Loops {
		l := &b.Loops[i]
		if l.Sum(b.Walked) < v.explore.insns/costlyShare {
			continue
		}
		if older, newer := v.lastTwoAt(l.Head); older != nil {
			v.compareRounds(l, older, newer)
		}
	}
}

// lastTwoAt are the last two states on the current path that were kept before the
// instruction at pc, in one function.
func (v *verifier) lastTwoAt(pc int) (older, newer *state.State) {
	for st := v.cur.Parent; st != nil; st = st.Parent {
		switch {
		case st.PC != pc:
		case newer == nil:
			newer = st
		case sameCallsites(st, newer):
			return st, newer
		}
	}
	return nil, nil
}

// compareRounds notes the differences that keep the newer state from being covered.
// What is known to matter goes before what may.
func (v *verifier) compareRounds(l *record.Loop, older, newer *state.State) {
	v.resetIDMap()
	l.Held = !v.coversHeld(older, newer)
	for _, how := range [...]comparing{compareUsed, compareRanges} {
		for depth := 0; depth <= newer.Cur; depth++ {
			v.compareFrames(l, older, newer, depth, how)
		}
		if len(l.Apart) > 0 {
			return
		}
	}
}

func (v *verifier) compareFrames(l *record.Loop, older, newer *state.State, depth int, how comparing) {
	old, now := older.Frames[depth], newer.Frames[depth]
	pc := framePC(newer, depth)
	live := v.flow.Points[pc].Live
	place := record.Place{Kind: record.InRegister, Frame: uint8(depth), Activation: v.record.Activation(depth)}
	for n := range uint8(isa.R10) {
		v.resetIDMap()
		if live&(1<<n) != 0 && !v.coversReg(&old.Regs[n], &now.Regs[n], how) {
			place.Index = n
			v.record.Differ(l, place, pc, &old.Regs[n], &now.Regs[n])
		}
	}
	place.Kind = record.InSlot
	for spi := range min(old.Stack.Len(), now.Stack.Len()) {
		v.resetIDMap()
		if o, c := old.Stack.At(spi), now.Stack.At(spi); o.IsSpill() && c.IsSpill() && !v.coversSlot(o, c, how) {
			place.Index = uint8(spi)
			v.record.Differ(l, place, pc, &o.Spilled, &c.Spilled)
		}
	}
}

// budget is where the walk that ended with r spent what.
func (v *verifier) budget(r *Rejection) *record.Budget {
	b := v.record.Budget()
	if b != nil {
		v.findApart(b, r)
	}
	return b
}

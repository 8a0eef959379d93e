// SPDX-License-Identifier: GPL-2.0-only

package history

import (
	"fmt"
	"strings"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/verifier"
)

func reg(n uint8, activation uint32) verifier.Place {
	return verifier.Place{Kind: verifier.InRegister, Index: n, Activation: activation}
}

func slot(n uint8, activation uint32) verifier.Place {
	return verifier.Place{Kind: verifier.InSlot, Index: n, Activation: activation}
}

func write(pc int, p verifier.Place) verifier.Event {
	return verifier.Event{Kind: verifier.EventModify, Reason: verifier.ReasonWrite, PC: pc, Place: p}
}

func from(pc int, p, origin verifier.Place, why verifier.Reason) verifier.Event {
	return verifier.Event{Kind: verifier.EventModify, Reason: why, PC: pc, Place: p, Origin: origin}
}

func lost(pc int, p verifier.Place, why verifier.Reason) verifier.Event {
	return verifier.Event{Kind: verifier.EventInvalidate, Reason: why, PC: pc, Place: p}
}

func refines(pc int, p verifier.Place) verifier.Event {
	e := write(pc, p)
	e.Refines = true
	return e
}

func branch(pc int, taken bool) verifier.Event {
	return verifier.Event{Kind: verifier.EventBranch, PC: pc, Taken: taken}
}

func reference(kind verifier.EventKind, pc int, id uint32) verifier.Event {
	return verifier.Event{Kind: kind, PC: pc, Ref: id}
}

func region(kind verifier.EventKind, pc int, c verifier.Context, depth int) verifier.Event {
	return verifier.Event{Kind: kind, PC: pc, Context: c, Depth: depth}
}

// pcs are the instructions of a story, with a count for steps that repeat.
func pcs(steps []Step) string {
	var out []string
	for _, s := range steps {
		text := fmt.Sprint(s.PC)
		if s.Times > 1 {
			text += fmt.Sprintf("x%d", s.Times)
		}
		out = append(out, text)
	}
	return strings.Join(out, " ")
}

func TestTell(t *testing.T) {
	const lock, rcu = verifier.ContextLock, verifier.ContextRCU
	bytes := verifier.Place{Kind: verifier.InBytes, From: -20, To: -9, Activation: 1}
	for _, test := range []struct {
		name  string
		about Scope
		path  []verifier.Event
		want  string
	}{
		{"a value begins where it was made", OfValue(reg(6, 1)), []verifier.Event{
			branch(1, true), write(2, reg(6, 1)), branch(3, false), write(4, reg(7, 1)), refines(5, reg(6, 1)),
		}, "2 3 5"},
		{"a later value of the register is another one", OfValue(reg(6, 1)), []verifier.Event{
			write(2, reg(6, 1)), branch(3, false), write(4, reg(6, 1)),
		}, "4"},
		{"moves, spills and loads", OfValue(reg(2, 1)), []verifier.Event{
			write(1, reg(0, 1)), from(2, reg(6, 1), reg(0, 1), verifier.ReasonWrite), from(3, slot(1, 1), reg(6, 1), verifier.ReasonSpill),
			write(4, reg(6, 1)), from(5, reg(2, 1), slot(1, 1), verifier.ReasonWrite),
		}, "1 2 3 5"},
		{"arguments and results, of this entry of the function", OfValue(reg(0, 1)), []verifier.Event{
			write(1, reg(1, 1)), from(2, reg(1, 2), reg(1, 1), verifier.ReasonArgument), write(3, reg(0, 2)),
			write(4, reg(1, 1)), from(5, reg(1, 3), reg(1, 1), verifier.ReasonArgument), lost(5, reg(1, 1), verifier.ReasonCallerSaved),
			from(6, reg(0, 3), reg(1, 3), verifier.ReasonWrite), from(7, reg(0, 1), reg(0, 3), verifier.ReasonReturn),
		}, "4 5 6 7"},
		{"a lost value has a past", OfValue(reg(6, 1)), []verifier.Event{
			write(1, reg(6, 1)), branch(2, true), lost(3, reg(6, 1), verifier.ReasonPacketMoved), branch(4, true),
		}, "1 2 3 4"},
		{"a store somewhere may have hit the slot", OfValue(slot(1, 1)), []verifier.Event{
			from(1, slot(1, 1), reg(6, 1), verifier.ReasonSpill), lost(2, bytes, verifier.ReasonVarWrite),
		}, "1 2"},
		{"or not", OfValue(slot(0, 1)), []verifier.Event{
			from(1, slot(0, 1), reg(6, 1), verifier.ReasonSpill), lost(2, bytes, verifier.ReasonVarWrite),
		}, "1"},
		{"never written", OfValue(reg(9, 1)), []verifier.Event{branch(1, true), write(2, reg(6, 1)), branch(3, true)}, "1 3"},
		{"a reference, from its last acquire on", OfReference(2), []verifier.Event{
			branch(1, true), reference(verifier.EventAcquire, 2, 2), reference(verifier.EventAcquire, 3, 4), branch(4, false),
			reference(verifier.EventRelease, 5, 4), reference(verifier.EventRelease, 6, 2),
		}, "2 4 6"},
		{"an open region, from its outermost enter on", OfRegion(lock), []verifier.Event{
			region(verifier.EventEnter, 1, lock, 1), region(verifier.EventLeave, 2, lock, 0), branch(3, true),
			region(verifier.EventEnter, 4, lock, 1), region(verifier.EventEnter, 5, rcu, 1), region(verifier.EventEnter, 6, lock, 2), branch(7, true),
		}, "4 6 7"},
		{"a region that nobody entered", OfRegion(rcu), []verifier.Event{
			region(verifier.EventEnter, 1, rcu, 1), branch(2, true), region(verifier.EventLeave, 3, rcu, 0), branch(4, true),
		}, "1 2 3 4"},
	} {
		story := Tell(&verifier.Result{History: test.path}, test.about)
		if got := pcs(story.Steps); got != test.want {
			t.Errorf("%s: told %s, want %s", test.name, got, test.want)
		}
	}
}

func TestInnermost(t *testing.T) {
	path := []verifier.Event{
		region(verifier.EventEnter, 1, verifier.ContextLock, 1), region(verifier.EventEnter, 2, verifier.ContextResLock, 2),
		region(verifier.EventLeave, 3, verifier.ContextResLock, 1),
	}
	if e := Innermost(path, verifier.ContextLock, verifier.ContextResLock); e == nil || e.PC != 1 {
		t.Errorf("got %v", e)
	}
	if n := Depth(path, verifier.ContextLock, verifier.ContextResLock); n != 1 {
		t.Errorf("depth %d", n)
	}
	if e := Innermost(path[:0], verifier.ContextLock); e != nil {
		t.Errorf("got %v", e)
	}
}

// TestLostEvents wants no claim about what happened where nothing was kept.
func TestLostEvents(t *testing.T) {
	r := &verifier.Result{
		History: []verifier.Event{write(1, reg(6, 1)), branch(2, true), branch(90, true), refines(91, reg(6, 1))},
		Lost:    80, LostAt: 2,
	}
	story := Tell(r, OfValue(reg(6, 1)))
	if got := pcs(story.Steps); got != "91" || story.Lost != 80 || story.LostAt != 0 {
		t.Errorf("told %s, %d lost at %d", got, story.Lost, story.LostAt)
	}
	story = Tell(r, OfValue(reg(7, 1)))
	if got := pcs(story.Steps); got != "2 90" || story.Lost != 80 || story.LostAt != 1 {
		t.Errorf("told %s, %d lost at %d", got, story.Lost, story.LostAt)
	}
}

func TestFold(t *testing.T) {
	steps := func(pcs ...int) (out []Step) {
		for _, pc := range pcs {
			e := branch(pc, true)
			out = append(out, Step{Event: &e, Times: 1})
		}
		return out
	}
	for _, test := range []struct {
		path []int
		want string
	}{
		{[]int{1, 2, 3}, "1 2 3"},
		{[]int{1, 5, 5, 5, 2}, "1 5x3 2"},
		{[]int{1, 5, 6, 5, 6, 5, 6, 2}, "1 5x3 6x3 2"},
		{[]int{5, 6, 5, 7}, "5 6 5 7"},
		{[]int{5, 5, 6, 5, 5, 6}, "5x4 6x2"},
		{nil, ""},
	} {
		if got := pcs(Fold(steps(test.path...))); got != test.want {
			t.Errorf("%v folds to %s, want %s", test.path, got, test.want)
		}
	}
}

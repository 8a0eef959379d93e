// SPDX-License-Identifier: GPL-2.0-only

package history

import (
	"fmt"
	"strings"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/verifier"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
)

func reg(n uint8, activation uint32) record.Place {
	return record.Place{Kind: record.InRegister, Index: n, Activation: activation}
}

func slot(n uint8, activation uint32) record.Place {
	return record.Place{Kind: record.InSlot, Index: n, Activation: activation}
}

func write(pc int, p record.Place) record.Event {
	return record.Event{Kind: record.EventModify, Reason: record.ReasonWrite, PC: pc, Place: p}
}

func from(pc int, p, origin record.Place, why record.Reason) record.Event {
	return record.Event{Kind: record.EventModify, Reason: why, PC: pc, Place: p, Origin: origin}
}

func lost(pc int, p record.Place, why record.Reason) record.Event {
	return record.Event{Kind: record.EventInvalidate, Reason: why, PC: pc, Place: p}
}

func refines(pc int, p record.Place) record.Event {
	e := write(pc, p)
	e.Refines = true
	return e
}

func branch(pc int, taken bool) record.Event {
	return record.Event{Kind: record.EventBranch, PC: pc, Taken: taken}
}

func reference(kind record.EventKind, pc int, id uint32) record.Event {
	return record.Event{Kind: kind, PC: pc, Ref: id}
}

func region(kind record.EventKind, pc int, c record.Context, depth int) record.Event {
	return record.Event{Kind: kind, PC: pc, Context: c, Depth: depth}
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
	const lock, rcu = record.ContextLock, record.ContextRCU
	bytes := record.Place{Kind: record.InBytes, From: -20, To: -9, Activation: 1}
	for _, test := range []struct {
		name  string
		about Scope
		path  []record.Event
		want  string
	}{
		{"a value begins where it was made", OfValue(reg(6, 1)), []record.Event{
			branch(1, true), write(2, reg(6, 1)), branch(3, false), write(4, reg(7, 1)), refines(5, reg(6, 1)),
		}, "2 3 5"},
		{"a later value of the register is another one", OfValue(reg(6, 1)), []record.Event{
			write(2, reg(6, 1)), branch(3, false), write(4, reg(6, 1)),
		}, "4"},
		{"moves, spills and loads", OfValue(reg(2, 1)), []record.Event{
			write(1, reg(0, 1)), from(2, reg(6, 1), reg(0, 1), record.ReasonWrite), from(3, slot(1, 1), reg(6, 1), record.ReasonSpill),
			write(4, reg(6, 1)), from(5, reg(2, 1), slot(1, 1), record.ReasonWrite),
		}, "1 2 3 5"},
		{"arguments and results, of this entry of the function", OfValue(reg(0, 1)), []record.Event{
			write(1, reg(1, 1)), from(2, reg(1, 2), reg(1, 1), record.ReasonArgument), write(3, reg(0, 2)),
			write(4, reg(1, 1)), from(5, reg(1, 3), reg(1, 1), record.ReasonArgument), lost(5, reg(1, 1), record.ReasonCallerSaved),
			from(6, reg(0, 3), reg(1, 3), record.ReasonWrite), from(7, reg(0, 1), reg(0, 3), record.ReasonReturn),
		}, "4 5 6 7"},
		{"a lost value has a past", OfValue(reg(6, 1)), []record.Event{
			write(1, reg(6, 1)), branch(2, true), lost(3, reg(6, 1), record.ReasonPacketMoved), branch(4, true),
		}, "1 2 3 4"},
		{"a store somewhere may have hit the slot", OfValue(slot(1, 1)), []record.Event{
			from(1, slot(1, 1), reg(6, 1), record.ReasonSpill), lost(2, bytes, record.ReasonVarWrite),
		}, "1 2"},
		{"or not", OfValue(slot(0, 1)), []record.Event{
			from(1, slot(0, 1), reg(6, 1), record.ReasonSpill), lost(2, bytes, record.ReasonVarWrite),
		}, "1"},
		{"never written", OfValue(reg(9, 1)), []record.Event{branch(1, true), write(2, reg(6, 1)), branch(3, true)}, "1 3"},
		{"a reference, from its last acquire on", OfReference(2), []record.Event{
			branch(1, true), reference(record.EventAcquire, 2, 2), reference(record.EventAcquire, 3, 4), branch(4, false),
			reference(record.EventRelease, 5, 4), reference(record.EventRelease, 6, 2),
		}, "2 4 6"},
		{"an open region, from its outermost enter on", OfRegion(lock), []record.Event{
			region(record.EventEnter, 1, lock, 1), region(record.EventLeave, 2, lock, 0), branch(3, true),
			region(record.EventEnter, 4, lock, 1), region(record.EventEnter, 5, rcu, 1), region(record.EventEnter, 6, lock, 2), branch(7, true),
		}, "4 6 7"},
		{"a region that nobody entered", OfRegion(rcu), []record.Event{
			region(record.EventEnter, 1, rcu, 1), branch(2, true), region(record.EventLeave, 3, rcu, 0), branch(4, true),
		}, "1 2 3 4"},
	} {
		story := Tell(&verifier.Result{History: test.path}, test.about)
		if got := pcs(story.Steps); got != test.want {
			t.Errorf("%s: told %s, want %s", test.name, got, test.want)
		}
	}
}

func TestInnermost(t *testing.T) {
	path := []record.Event{
		region(record.EventEnter, 1, record.ContextLock, 1), region(record.EventEnter, 2, record.ContextResLock, 2),
		region(record.EventLeave, 3, record.ContextResLock, 1),
	}
	if e := Innermost(path, record.ContextLock, record.ContextResLock); e == nil || e.PC != 1 {
		t.Errorf("got %v", e)
	}
	if n := Depth(path, record.ContextLock, record.ContextResLock); n != 1 {
		t.Errorf("depth %d", n)
	}
	if e := Innermost(path[:0], record.ContextLock); e != nil {
		t.Errorf("got %v", e)
	}
}

// TestLostEvents requires that there is no claim about what happened where nothing was kept.
func TestLostEvents(t *testing.T) {
	r := &verifier.Result{
		History: []record.Event{write(1, reg(6, 1)), branch(2, true), branch(90, true), refines(91, reg(6, 1))},
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

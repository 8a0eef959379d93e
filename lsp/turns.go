// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Checks of open files begin in this order, and at most Options.Runs of them run at once:
//
//	first   files that were saved themselves, or that the user asked to check
//	then    files with a saved header
//	then    all others, as after a change of settings
//
// Within each group the most recently used file comes first: the one last opened, edited, saved or hovered over. The
// protocol does not say which files are visible, and this is the best approximation. The order is decided when a check
// can begin, so a save overtakes all waiting checks. The check of a saved file begins even if all slots are taken,
// unless one of them is already used by such a file.
//
// Files that are not open are checked by separate workers (sweep.go), which pause while an open file waits.

// turnLength is how long a check keeps others waiting. A hanging compiler takes a minute to be killed, and must not
// hold up all files.
const turnLength = 5 * time.Second

// urgency is how soon somebody waits for the result of a check.
type urgency int

const (
	urgencyNone   urgency = iota
	urgencyHeader         // a header of the unit was saved
	urgencySaved          // the unit itself was saved
)

// turn is the place of one check among others.
type turn struct {
	unit  *unit
	came  chan struct{} // closed when the check may begin
	extra bool          // it began although all slots were taken
}

// turns are the waiting and the running turns.
type turns struct {
	waiting, running []*turn
	// none is closed when the last waiting turn has begun; nil if nobody asked.
	none chan struct{}
}

// turnFor queues a unit.
func (s *server) turnFor(u *unit) *turn {
	t := &turn{unit: u, came: make(chan struct{})}
	s.state.turns.waiting = append(s.state.turns.waiting, t)
	return t
}

// giveTurns lets checks begin, as many as there are free slots.
func (s *server) giveTurns() {
	all := &s.state.turns
	for len(all.waiting) > 0 {
		t := slices.MinFunc(all.waiting, func(a, b *turn) int { return before(a.unit, b.unit) })
		if full := len(all.running) - all.extras(); full >= s.o.Runs {
			if t.unit.urgency != urgencySaved || all.extras() > 0 {
				return
			}
			t.extra = true
		}
		all.waiting = slices.DeleteFunc(all.waiting, func(w *turn) bool { return w == t })
		all.running = append(all.running, t)
		close(t.came)
	}
	if all.none != nil {
		close(all.none)
		all.none = nil
	}
}

func (all *turns) extras() (n int) {
	for _, t := range all.running {
		if t.extra {
			n++
		}
	}
	return n
}

// before compares two units by which is checked first.
func before(a, b *unit) int {
	return cmp.Or(cmp.Compare(b.urgency, a.urgency), cmp.Compare(b.used, a.used), strings.Compare(a.file, b.file))
}

// endTurn releases a turn, whether it has begun or not. Doing so twice has no effect.
func (s *server) endTurn(t *turn) {
	gone := func(other *turn) bool { return other == t }
	s.state.turns.waiting = slices.DeleteFunc(s.state.turns.waiting, gone)
	s.state.turns.running = slices.DeleteFunc(s.state.turns.running, gone)
}

// noneWaits returns a channel that is closed when no open file waits, nil if none does now.
func (s *server) noneWaits() <-chan struct{} {
	all := &s.state.turns
	if len(all.waiting) > 0 && all.none == nil {
		all.none = make(chan struct{})
	}
	return all.none
}

// use records that the user works on a file.
func (s *server) use(file string) {
	if u := s.state.units[file]; u != nil {
		s.state.uses++
		u.used = s.state.uses
	}
}

// wanted records that the user waits for the check of a file.
func (s *server) wanted(file string) {
	if u := s.state.units[file]; u != nil {
		u.hurry(urgencySaved)
		s.use(file)
	}
}

// hurry raises the priority of a unit.
func (u *unit) hurry(how urgency) { u.urgency = max(u.urgency, how) }

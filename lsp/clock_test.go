// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/bpf-lsp/bpf-lsp/testdata/deadline"
)

// fakeClock stands still; each of its timers fires when the test says so.
type fakeClock struct {
	mu     sync.Mutex
	timers []*fakeTimer // not yet fired, in order of creation
}

type fakeTimer struct {
	what Timer
	fire chan time.Time
}

func (c *fakeClock) After(what Timer, _ time.Duration) <-chan time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	timer := &fakeTimer{what, make(chan time.Time, 1)}
	c.timers = append(c.timers, timer)
	return timer.fire
}

// pending waits until at least n timers of this kind are pending, and returns all of them in order of creation.
func (c *fakeClock) pending(t *testing.T, what Timer, n int) []*fakeTimer {
	t.Helper()
	var out []*fakeTimer
	deadline.Until(t, fmt.Sprintf("the timer %+v", what), func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		out = slices.DeleteFunc(slices.Clone(c.timers), func(timer *fakeTimer) bool { return timer.what != what })
		return len(out) >= n
	})
	return out
}

// pass fires one timer.
func (c *fakeClock) pass(timer *fakeTimer) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.timers = slices.DeleteFunc(c.timers, func(other *fakeTimer) bool { return other == timer })
	timer.fire <- time.Time{}
}

// passes fires the newest timer of a wait, after waiting for one to exist. Older timers may belong to work that has
// ended, since timers are not cancelled.
func (s *session) passes(wait Wait, file string) {
	s.t.Helper()
	timers := s.clock.pending(s.t, Timer{wait, file}, 1)
	s.clock.pass(timers[len(timers)-1])
}

// TestTimersAreToldApart starts a check after another one has ended whose timers are still pending.
func TestTimersAreToldApart(t *testing.T) {
	s := newSession(t)
	f := s.open("a.bpf.c", "int a;\n")
	s.checkOf(f).finds()
	s.settled()
	s.save(f)
	c := s.checkOf(f)
	s.passes(turnWait, f)
	s.settled()
	if len(s.client.created) > 0 {
		t.Error("the end of a turn showed progress")
	}
	s.passes(progressWait, f)
	deadline.Receive(t, s.client.created, "progress")
	c.finds()
}

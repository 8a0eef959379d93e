// SPDX-License-Identifier: GPL-2.0-only

// Package deadline bounds what tests wait for. A wait that does not end fails
// its test, with what was waited for and the stacks of all goroutines, long
// before go test would end the whole package.
package deadline

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"sync/atomic"
	"testing"
	"time"
)

// patience is how long a wait may take. It only ever runs out when the test
// fails, so it is far more than a busy machine needs.
const patience = 4 * time.Minute

// lost is set by the first wait that did not end. Those after it are given
// less time, so that a package with one fault in many tests ends too.
var lost atomic.Bool

// limit is how long the next wait may take.
func limit() time.Duration {
	if lost.Load() {
		return patience / 12
	}
	return patience
}

// Next is when a wait that begins now has taken too long, for what takes a
// deadline itself.
func Next() time.Time { return time.Now().Add(limit()) }

// Expired reports a wait that did not end: it fails the test, and the first
// time prints what all goroutines do. For the test's own goroutine only.
func Expired(t testing.TB, what string) {
	t.Helper()
	report(t, what)
	t.FailNow()
}

func report(t testing.TB, what string) {
	t.Helper()
	t.Errorf("gave up waiting: %s", what)
	if !lost.Swap(true) {
		stacks := make([]byte, 1<<20)
		fmt.Fprintf(os.Stderr, "%s: gave up waiting: %s\n%s\n", t.Name(), what, stacks[:runtime.Stack(stacks, true)])
	}
}

// Receive waits for a value. The end of a closed channel counts.
func Receive[T any](t testing.TB, from <-chan T, what string) T {
	t.Helper()
	timer := time.NewTimer(limit())
	defer timer.Stop()
	select {
	case v := <-from:
		return v
	case <-timer.C:
		Expired(t, what)
		panic("unreachable")
	}
}

// Until polls for something that no channel tells.
func Until(t testing.TB, what string, probe func() bool) {
	t.Helper()
	for end := time.Now().Add(limit()); !probe(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			Expired(t, what)
		}
	}
}

// Do waits for f, which must not end the test by itself.
func Do(t testing.TB, what string, f func()) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	Receive(t, done, what)
}

// Watch fails the test and calls end, which has to end what is waited for, if
// the function that it returns is not called in time. It is for waits inside
// of code that cannot be left.
func Watch(t testing.TB, what string, end func()) (stop func()) {
	return watch(t, what, limit(), end)
}

func watch(t testing.TB, what string, limit time.Duration, end func()) (stop func()) {
	timer := time.AfterFunc(limit, func() {
		report(t, what)
		end()
	})
	return func() { timer.Stop() }
}

// Within calls f with a context that ends when f takes too long, which fails
// the test.
func Within(t testing.TB, what string, f func(context.Context)) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	defer Watch(t, what, cancel)()
	f(ctx)
}

// Building calls f with a context as Within does, but leaves it ten times as long: to compile everything anew takes
// minutes on a busy machine.
func Building(t testing.TB, what string, f func(context.Context)) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	defer watch(t, what, 10*limit(), cancel)()
	f(ctx)
}

// Context is for the one thing in a test that may hang: the test's context,
// which also ends when the test has taken too long since. That fails the test.
func Context(t testing.TB, what string) context.Context {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	stop := Watch(t, what, cancel)
	t.Cleanup(func() {
		stop()
		cancel()
	})
	return ctx
}

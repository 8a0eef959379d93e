// SPDX-License-Identifier: GPL-2.0-only

package lsp

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
)

// act runs the functions it receives, one at a time, until the server ends. Everything that touches s.state runs here.
// Checks begin between two functions, so that one which starts several checks does not determine their order.
func (s *server) act() {
	for {
		select {
		case f := <-s.inbox:
			f()
			s.giveTurns()
		case <-s.ctx.Done():
			return
		}
	}
}

// do makes the actor run f and waits for it; false means that the server has ended and f did not run. A panic of f is
// raised again in the caller, which knows what to answer.
func (s *server) do(f func()) bool {
	done := make(chan struct{})
	var cause any
	guarded := func() {
		defer close(done)
		defer func() {
			if c := recover(); c != nil {
				cause = fmt.Sprintf("%v\n%s", c, debug.Stack())
			}
		}()
		f()
	}
	select {
	case s.inbox <- guarded:
		<-done
		if cause != nil {
			panic(cause)
		}
		return true
	case <-s.ctx.Done():
		return false
	}
}

// outbox sends notifications in order. The actor never waits for a client that does not read.
type outbox struct {
	mu    sync.Mutex
	queue []func(context.Context)
	wake  chan struct{}
}

func newOutbox() *outbox { return &outbox{wake: make(chan struct{}, 1)} }

// send queues one message; f may block on the connection.
func (o *outbox) send(f func(context.Context)) {
	o.mu.Lock()
	o.queue = append(o.queue, f)
	o.mu.Unlock()
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

func (o *outbox) start(ctx context.Context) {
	go func() {
		for {
			select {
			case <-o.wake:
			case <-ctx.Done():
				return
			}
			for _, f := range o.take() {
				f(ctx)
			}
		}
	}()
}

func (o *outbox) take() []func(context.Context) {
	o.mu.Lock()
	defer o.mu.Unlock()
	q := o.queue
	o.queue = nil
	return q
}

// flush drops what is still queued, because the client is leaving.
func (o *outbox) flush() { o.take() }

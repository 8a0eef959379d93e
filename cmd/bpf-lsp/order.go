// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"context"
	"sync"
)

// waiting is how many results a worker may be ahead of the next one to emit. It bounds the memory of a run over many
// files.
const waiting = 4

// inOrder calls work for every item, several at a time, and emit with the results in the order of the items. It ends
// with the first error of either or with the context. By then all calls have returned, so that nothing of them is left
// behind.
func inOrder[T, R any](ctx context.Context, workers int, items []T, work func(context.Context, T) (R, error),
	emit func(R) error) error {
	type result struct {
		value R
		err   error
	}
	ctx, cancel := context.WithCancel(ctx)
	var running sync.WaitGroup
	defer running.Wait()
	defer cancel()

	type job struct {
		item T
		done chan<- result
	}
	jobs := make(chan job)
	order := make(chan (<-chan result), waiting*workers)
	for range min(workers, len(items)) {
		running.Go(func() {
			for j := range jobs {
				value, err := work(ctx, j.item)
				j.done <- result{value, err}
			}
		})
	}
	running.Go(func() {
		defer close(order)
		defer close(jobs)
		for _, item := range items {
			done := make(chan result, 1)
			select {
			case order <- done:
			case <-ctx.Done():
				return
			}
			select {
			case jobs <- job{item, done}:
			case <-ctx.Done():
				done <- result{err: ctx.Err()}
				return
			}
		}
	})
	for next := range order {
		r := <-next
		if r.err != nil {
			return r.err
		}
		if err := emit(r.value); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// TestInOrder makes the first item take longest. The others may run ahead, but not without bound, and nothing is
// emitted out of order.
func TestInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const workers, items = 3, 100
		var started, running, most atomic.Int32
		var got []int
		err := inOrder(t.Context(), workers, upTo(items), func(_ context.Context, i int) (int, error) {
			started.Add(1)
			most.Store(max(most.Load(), running.Add(1)))
			defer running.Add(-1)
			if i == 0 {
				time.Sleep(time.Hour)
				if ahead := started.Load(); ahead > workers*(waiting+1)+2 {
					t.Errorf("%d items were started before the first one ended", ahead)
				}
			}
			time.Sleep(time.Second)
			return i, nil
		}, func(i int) error {
			got = append(got, i)
			return nil
		})
		if err != nil || !slices.Equal(got, upTo(items)) {
			t.Errorf("%v, %v", got, err)
		}
		if most.Load() != workers {
			t.Errorf("%d ran at once", most.Load())
		}
	})
}

// TestInOrderEnds requires that every call has returned when inOrder returns.
func TestInOrderEnds(t *testing.T) {
	broken := errors.New("broken")
	at5 := func(i int) error {
		if i == 5 {
			return broken
		}
		return nil
	}
	for name, c := range map[string]struct {
		fails   func(i int) error
		emits   func(i int) error
		cancels bool
		want    error
	}{
		"work":   {fails: at5, want: broken},
		"output": {emits: at5, want: broken},
		"user":   {cancels: true, want: context.Canceled},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				var running, emitted atomic.Int32
				err := inOrder(ctx, 4, upTo(1000), func(ctx context.Context, i int) (int, error) {
					running.Add(1)
					defer running.Add(-1)
					if c.cancels && i == 5 {
						cancel()
					}
					select {
					case <-time.After(time.Second):
					case <-ctx.Done():
						return 0, ctx.Err()
					}
					if c.fails != nil {
						return i, c.fails(i)
					}
					return i, nil
				}, func(i int) error {
					if c.emits != nil {
						if err := c.emits(i); err != nil {
							return err
						}
					}
					emitted.Add(1)
					return nil
				})
				if !errors.Is(err, c.want) || running.Load() != 0 || emitted.Load() > 5 {
					t.Errorf("%v, %d running, %d emitted", err, running.Load(), emitted.Load())
				}
			})
		})
	}
}

func upTo(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

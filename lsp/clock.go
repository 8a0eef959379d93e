// SPDX-License-Identifier: GPL-2.0-only

package lsp

import "time"

// Clock is what the server needs of time; tests have their own.
type Clock interface {
	// After sends once after the duration.
	After(time.Duration) <-chan time.Time
}

type systemClock struct{}

func (systemClock) After(d time.Duration) <-chan time.Time { return time.After(d) }

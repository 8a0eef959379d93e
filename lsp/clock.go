// SPDX-License-Identifier: GPL-2.0-only

package lsp

import "time"

// Timer says what the server waits for, and which file that is about, so that a test can let the time of one wait pass and no other's.
type Timer struct {
	Wait Wait
	File string // empty if the wait is about no file
}

// Wait is a kind of timer.
type Wait string

const (
	progressWait Wait = "progress" // until a check takes so long that the user is shown it
	pauseWait    Wait = "pause"    // until the user has paused typing
	endWait      Wait = "end"      // until the server gives up ending in order
	inputWait    Wait = "input"    // until the server ends that has no more input
	settingsWait Wait = "settings" // until checks go on without the client's answer; the file is a folder
	turnWait     Wait = "turn"     // until a check has kept others waiting long enough
)

// Clock is what the server needs of time; tests have their own.
type Clock interface {
	// After returns a channel on which the time is sent once, after the duration. Call it before whatever has to happen later
	// becomes visible, not in a goroutine that may start late: a test looks for the timer then.
	After(what Timer, d time.Duration) <-chan time.Time
}

type systemClock struct{}

func (systemClock) After(_ Timer, d time.Duration) <-chan time.Time { return time.After(d) }

// SPDX-License-Identifier: GPL-2.0-only

package lsp

import "time"

// Timer identifies what the server waits for and for which file, so that a test can end one wait and no other.
type Timer struct {
	Wait Wait
	File string // empty if the wait is not about a file
}

// Wait is a kind of timer.
type Wait string

const (
	progressWait Wait = "progress" // before the user is shown that a check runs
	pauseWait    Wait = "pause"    // for the user to pause typing
	endWait      Wait = "end"      // before the server gives up ending in order
	inputWait    Wait = "input"    // before a server without input ends
	settingsWait Wait = "settings" // for the client's answer, before checks go on without it; the file is a folder
	turnWait     Wait = "turn"     // before a check no longer keeps others waiting
)

// Clock is the server's source of time; tests replace it.
type Clock interface {
	// After returns a channel that receives the time once, after the duration. Call it before making visible what must
	// happen before that, not in a goroutine that may start late: a test looks for the timer then.
	After(what Timer, d time.Duration) <-chan time.Time
}

type systemClock struct{}

func (systemClock) After(_ Timer, d time.Duration) <-chan time.Time { return time.After(d) }

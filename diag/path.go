// SPDX-License-Identifier: GPL-2.0-only

package diag

// PathReport is a diagnostic with the path that led to it, as a verifier log
// shows it: event by event, in terms of registers and stack slots.
type PathReport struct {
	Diagnostic
	// At is the instruction that is reported. Returns is set if the path leaves
	// the program there; the source may do so on another line.
	At      PathEvent
	Returns bool
	// Lock is where the lock that the fault is about was acquired, nil if it is
	// about none.
	Lock *PathEvent
	// Path is how the fault came about, nil for one without a story.
	Path *Path
}

// Path is the story of a fault, oldest event first.
type Path struct {
	Events []PathEvent
	// Lost events are missing before Events[LostAt], since the path was too long
	// to keep them all.
	Lost, LostAt int
}

// PathEvent is what happened at an instruction: a short label, and a clause.
type PathEvent struct {
	PC             int
	Label, Message string
}

// SPDX-License-Identifier: GPL-2.0-only

package catalog

// resourceCases word faults about resources whose life was recorded.
var resourceCases = map[Code][]Case{
	UnreleasedReference: {{
		Fact:   "failed",
		Reason: "{acquirer}[ at line {acquire_line}] failed on this path, but {value|what it was given} has to be passed to {releaser|its counterpart} even then, and is not when {exit|this path leaves the program}.",
	}},
	UninitializedDynptr: {
		{
			Fact:       "ended",
			Problem:    "use of a dynptr that has ended",
			Reason:     "{value|the dynptr} given to {call|this function} is not a dynptr any more on this path: it {ended}.",
			Suggestion: "{advice|Make the call before that, or make the dynptr again after it.}",
		},
		{
			Fact:       "never",
			Reason:     "{value|the dynptr} given to {call|this function} is not a dynptr on this path: {never}.",
			Suggestion: "Make the dynptr before this line on every path that reaches it.",
		},
	},
	UninitializedIterator: {
		{
			Fact:       "ended",
			Problem:    "use of an iterator that has ended",
			Reason:     "{value|the iterator} given to {call|this function} is not running any more on this path: it {ended}.",
			Suggestion: "{advice|Make the call before that, or start the iterator again after it.}",
		},
		{
			Fact:       "never",
			Reason:     "{value|the iterator} given to {call|this function} is not running on this path: no call on this path starts it.",
			Suggestion: "Start the iterator before this line on every path that reaches it.",
		},
	},
	UninitializedIRQFlag: {
		{
			Fact:       "ended",
			Problem:    "IRQ flag restored twice",
			Reason:     "{value|the variable} given to {call|this function} holds no saved interrupt state any more on this path: it {ended}.",
			Suggestion: "{advice|Restore each saved state once.}",
		},
		{
			Fact:       "never",
			Reason:     "{value|the variable} given to {call|this function} holds no saved interrupt state: no call on this path saves one in it.",
			Suggestion: "Save the interrupt state in it before this line on every path that reaches it.",
		},
	},
	IteratorAlreadyInitialized: {{
		Fact:       "live",
		Reason:     "{call|this function} would start an iterator in {value|memory} that still holds {live}.",
		Suggestion: "[Call {releaser} first, or use a second variable.]",
	}},
	IRQFlagAlreadyInitialized: {{
		Fact:       "live",
		Reason:     "{call|this function} would save the interrupt state over {live}, which {value|this variable} still holds.",
		Suggestion: "Use a second variable for the inner save, or restore the first state before this line.",
	}},
	IRQFlagFamilyMismatch: {{
		Fact:       "saver",
		Reason:     "{value|the interrupt state} was saved by {saver}, and {call|this function} restores only what the function that goes with it saved.",
		Suggestion: "[Restore it with {releaser}.]",
	}},
	IRQRestoreOutOfOrder: {{
		Fact:       "latest",
		Reason:     "{value|this state} is restored here, but {latest} and has to be restored first.",
		Suggestion: "{advice|Restore the other one before this line.}",
	}},
	NestedSpinLock: {{
		Fact:       "held",
		Reason:     "A program can hold only one bpf_spin_lock at a time, and {held} is still held here.",
		Suggestion: "[Insert {unlock} before this line[, {braces}][, and leave out the one in line {later}]. ][{uses} is used under its lock in {under}: do that before this line, keep in local variables what is needed later, and release {lockname} before this line. ]Locks of the type bpf_res_spin_lock can be nested.",
	}},
	RecursiveLock: {{
		Fact:       "held",
		Reason:     "This path takes the same lock again while it holds it: {held} is not released yet, so this would deadlock.",
		Suggestion: "Release {lockname} first, or leave the second lock call out.",
	}},
	UnlockWithoutLock: {
		{
			Fact:       "lockfailed",
			Reason:     "{call|this function} is called although no lock is held: {lockfailed}.",
			Suggestion: "Unlock only where the call that takes the lock returned 0[: write {check} in line {line}].",
		},
		{
			Fact:       "ended",
			Reason:     "{call|this function} is called although no lock is held: the last one was released by {ended}.",
			Suggestion: "{advice|Leave out one of the two calls, or return after the first.}",
		},
		{
			Fact:       "never",
			Reason:     "{call|this function} is called although no lock was taken on this path.",
			Suggestion: "Take the lock on every path that reaches this line, or unlock only where it was taken.",
		},
	},
	UnlockDifferentLock: {{
		Fact:       "held",
		Reason:     "{value|the lock}, which {call|the unlock function} is given, is not the lock that this path holds as far as the verifier can tell: it holds {lockname}[, taken at line {acquire_line}].",
		Suggestion: "[Release the lock that is held: {unlock}. ]After a second map lookup the verifier takes the same element for another one: use the pointer that the lock was taken with.",
	}},
	UnlockOutOfOrder: {{
		Fact:       "held",
		Reason:     "Locks must be released in the reverse order of taking them, and {held} was taken most recently.",
		Suggestion: "Release {lockname} before this line.",
	}},
	LockHeldAtExit: {{
		Fact:       "held",
		Reason:     "The lock {held} is still held when {exit|this path leaves the program}.",
		Suggestion: "[Insert {unlock} before this line[, {braces}]. ]Release {lockname} on every path[ with {releaser}], early returns included.",
	}},
	CallUnderLock: {
		{
			Fact:       "second",
			Reason:     "A program can hold only one bpf_spin_lock at a time, and {held} is still held here.",
			Suggestion: "[Insert {unlock} before this line[, {braces}][, and leave out the one in line {later}]. ][{uses} is used under its lock in {under}: do that before this line, keep in local variables what is needed later, and release {lockname} before this line. ]Locks of the type bpf_res_spin_lock can be nested.",
		},
		{
			Fact:       "apart",
			Reason:     "{call|this function} is called while the lock {held} is held.",
			Suggestion: "Make only the call of {call|this function} before the lock is taken or after it is released, in {into}. What it gives or needs goes through arguments and local variables; the rest of {apart} uses what the lock protects, and stays under the lock.",
		},
		{
			Fact:       "held",
			Reason:     "{call|this function} is called while the lock {held} is held.",
			Suggestion: "Make {moving|the call} before the lock is taken or after it is released, with a copy of what it needs in local variables. While a lock is held only `static` functions of the program and the functions of locks, lists, trees, reference counts and number iterators can be called.",
		},
	},
	ReleaseNotOwned: {
		{
			Fact:       "live",
			Reason:     "{call|this function} releases what its argument owns, but {value|the argument} is {live}, which owns nothing.",
			Suggestion: "Leave the call out: there is nothing to release.",
		},
		{
			Fact:       "ended",
			Problem:    "use of a dynptr that has ended",
			Reason:     "{value|the dynptr} given to {call|this function} is not a dynptr any more on this path: it {ended}.",
			Suggestion: "{advice|Release each dynptr once.}",
		},
		{
			Fact:       "never",
			Reason:     "{value|the dynptr} given to {call|this function} is not a dynptr on this path: {never}.",
			Suggestion: "Make the dynptr before this line on every path that reaches it.",
		},
	},
	GlobalCallUnderLock: {{
		Fact:       "held",
		Reason:     "{call|the global function} is verified apart from this call, so it cannot be called while the lock {held} is held.",
		Suggestion: "Make the function `static`, or call it outside of the lock.",
	}},
	UnmatchedRCUUnlock: {{
		Fact:       "ended",
		Reason:     "No RCU read section is open on this path: the last one was closed by {ended}.",
		Suggestion: "{advice|Leave out one of the two calls, or return after the first.}",
	}},
	UnmatchedPreemptEnable: {{
		Fact:       "ended",
		Reason:     "Preemption is not disabled on this path: it was enabled again by {ended}.",
		Suggestion: "{advice|Leave out one of the two calls, or return after the first.}",
	}},
}

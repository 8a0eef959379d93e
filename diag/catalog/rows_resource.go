// SPDX-License-Identifier: GPL-2.0-only

package catalog

import (
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
)

// Resource Lifetime Safety: what was acquired must be released, once, in
// order, and not be used outside its life.
const (
	UnreleasedReference        Code = "resource-lifetime/unreleased-reference"
	DynptrOverwrite            Code = "resource-lifetime/dynptr-overwrite"
	IRQFlagFamilyMismatch      Code = "resource-lifetime/irq-flag-family-mismatch"
	IRQRestoreOutOfOrder       Code = "resource-lifetime/irq-restore-out-of-order"
	NestedSpinLock             Code = "resource-lifetime/nested-spin-lock"
	RecursiveLock              Code = "resource-lifetime/recursive-lock"
	UnlockWithoutLock          Code = "resource-lifetime/unlock-without-lock"
	UnlockDifferentLock        Code = "resource-lifetime/unlock-different-lock"
	UnlockOutOfOrder           Code = "resource-lifetime/unlock-out-of-order"
	DynptrAlreadyInitialized   Code = "resource-lifetime/dynptr-already-initialized"
	DynptrSlotInvalid          Code = "resource-lifetime/dynptr-slot-invalid"
	ConstDynptrRelease         Code = "resource-lifetime/const-dynptr-release"
	UninitializedDynptr        Code = "resource-lifetime/uninitialized-dynptr"
	IteratorAlreadyInitialized Code = "resource-lifetime/iterator-already-initialized"
	IteratorSlotInvalid        Code = "resource-lifetime/iterator-slot-invalid"
	UninitializedIterator      Code = "resource-lifetime/uninitialized-iterator"
	IRQFlagAlreadyInitialized  Code = "resource-lifetime/irq-flag-already-initialized"
	IRQFlagSlotInvalid         Code = "resource-lifetime/irq-flag-slot-invalid"
	UninitializedIRQFlag       Code = "resource-lifetime/uninitialized-irq-flag"
	ReleaseWithLiveChild       Code = "resource-lifetime/release-with-live-child"
	ContextReferenceReleased   Code = "resource-lifetime/context-reference-released"
	ReleaseWithOffset          Code = "resource-lifetime/release-with-offset"
	GraphLockNotHeld           Code = "resource-lifetime/graph-lock-not-held"
	ReturnedStackPointer       Code = "resource-lifetime/returned-stack-pointer"
	NodeOwnership              Code = "resource-lifetime/node-ownership"
)

var resourceLifetimeRows = []Entry{
	{
		Code:   UnreleasedReference,
		Anchor: AtReturn, Story: noStory,
		Leak:       true,
		Problem:    "unreleased resource",
		Reason:     "{value|the resource}[, {acquired|acquired} by {acquirer}[ at line {acquire_line}],] is still owned when {exit|this path leaves the program}.",
		Suggestion: "{advice|Release it on this path before it ends.} Every path that owns a resource must release it or hand it over, early returns included.",
	},
	{
		Code:   DynptrOverwrite,
		Anchor: AtInstruction, Story: noStory, Value: ValueWhole,
		Problem:    "referenced dynptr overwrite",
		Reason:     "This write would destroy {value|a dynptr} that still owns a resource[, {acquired|acquired} by {acquirer}[ at line {acquire_line}]], and nothing could release it afterwards.",
		Suggestion: "Submit, discard or release what the dynptr owns[ with {releaser}] before its stack memory is used for something else.",
	},
	{
		Code:   IRQFlagFamilyMismatch,
		Anchor: AtInstruction, Story: afterRegion(IRQ),
		Details:    []Detail{DetailSaver},
		Problem:    "IRQ flag restore mismatch",
		Reason:     "The saved interrupt state came from the {saved_by|other} family of functions and cannot be restored by the {restored_by|one} used here.",
		Suggestion: "Restore what bpf_local_irq_save() saved with bpf_local_irq_restore(), and what bpf_res_spin_lock_irqsave() saved with bpf_res_spin_unlock_irqrestore().",
	},
	{
		Code:   IRQRestoreOutOfOrder,
		Anchor: AtInstruction, Story: afterRegion(IRQ),
		Details:    []Detail{DetailLatestSave},
		Problem:    "IRQ flag restore out of order",
		Reason:     "Saved interrupt states must be restored in the reverse order of saving, and the most recent one[, saved at line {acquire_line},] is another.",
		Suggestion: "Restore the state that was saved last first.",
	},
	{
		Code:   NestedSpinLock,
		Anchor: AtInstruction, Story: heldLock(Lock),
		Details:    []Detail{DetailLock},
		Problem:    "nested spin lock",
		Reason:     "A program can hold only one bpf_spin_lock at a time, and one is held already[ since line {acquire_line}].",
		Suggestion: "Unlock the first lock before taking the second, or use bpf_res_spin_lock, which can be nested.",
	},
	{
		Code:   RecursiveLock,
		Anchor: AtInstruction, Story: heldLock(ResilientLock),
		Details:    []Detail{DetailLock},
		Problem:    "recursive resource spin lock",
		Reason:     "This path takes the same lock again while it holds it[ since line {acquire_line}], which would deadlock.",
		Suggestion: "Unlock it first, or leave the second lock call out.",
	},
	{
		Code:   UnlockWithoutLock,
		Anchor: AtInstruction, Story: noStory,
		Leaves:     []Region{Lock, ResilientLock},
		Problem:    "unlock without lock",
		Reason:     "[{call} is called although ]no lock is held on this path.",
		Suggestion: "Take the lock on every path that reaches this line, or unlock only where it was taken.",
	},
	{
		Code:   UnlockDifferentLock,
		Anchor: AtInstruction, Story: heldLock(Lock, ResilientLock),
		Details:    []Detail{DetailLock},
		Problem:    "unlock of a different lock",
		Reason:     "The lock given to {call|the unlock function} is not the one that this path holds[ since line {acquire_line}].",
		Suggestion: "Unlock through the same pointer that the lock was taken with: after a second map lookup the verifier no longer knows that it is the same element.",
	},
	{
		Code:   UnlockOutOfOrder,
		Anchor: AtInstruction, Story: heldLock(Lock, ResilientLock),
		Details:    []Detail{DetailLock},
		Problem:    "unlock out of order",
		Reason:     "Locks must be released in the reverse order of taking them, and another lock was taken more recently[ at line {acquire_line}].",
		Suggestion: "Release the lock that was taken last first.",
	},
	{
		Code:   DynptrAlreadyInitialized,
		Anchor: AtInstruction, Story: noStory,
		Problem:    "dynptr is already initialized",
		Reason:     "{call|this function} builds a dynptr, but {value|its argument} is not free memory of the stack for one.",
		Suggestion: "Pass the address of a local `struct bpf_dynptr` that holds no dynptr yet.",
	},
	{
		Code:   DynptrSlotInvalid,
		Anchor: AtInstruction, Story: noStory,
		Problem:    "misplaced dynptr",
		Reason:     "A dynptr must be at a place on the stack that is known and aligned to 8 bytes, and {value|this pointer} is not such a place.",
		Suggestion: "Use a local `struct bpf_dynptr` and pass its address unchanged.",
	},
	{
		Code:   ConstDynptrRelease,
		Anchor: AtInstruction, Story: noStory,
		Problem:    "const dynptr release",
		Reason:     "{value|this dynptr} was handed to the function from outside, so the function does not own it and cannot release it.",
		Suggestion: "Release a dynptr in the function that created it.",
	},
	{
		Code:   UninitializedDynptr,
		Anchor: AtInstruction, Story: noStory,
		Details:    []Detail{DetailEndedObject},
		Problem:    "uninitialized dynptr use",
		Reason:     "{value|the dynptr} given to {call|this function} holds no dynptr on this path: it was never created, was released already, or was overwritten.",
		Suggestion: "Create the dynptr on every path that reaches this line, and do not use it after it was submitted, discarded or released.",
	},
	{
		Code:   IteratorAlreadyInitialized,
		Anchor: AtInstruction, Story: noStory,
		Details:    []Detail{DetailLiveObject},
		Problem:    "iterator is already initialized",
		Reason:     "{call|this function} starts an iterator in {value|memory} that already holds a live one, or that is no place for one.",
		Suggestion: "Destroy the iterator before starting it again, or use a second variable.",
	},
	{
		Code:   IteratorSlotInvalid,
		Anchor: AtInstruction, Story: noStory,
		Problem:    "misplaced iterator",
		Reason:     "An iterator must be at a place on the stack that is known and aligned to 8 bytes, and {value|this pointer} is not such a place.",
		Suggestion: "Use a local variable of the iterator's type and pass its address unchanged.",
		Kernel: []string{
			"iter_{name} has to be at a constant offset",
			"cannot pass in iter_{name} at an offset={off}",
		},
	},
	{
		Code:   UninitializedIterator,
		Anchor: AtInstruction, Story: noStory,
		Details:    []Detail{DetailEndedObject},
		Problem:    "uninitialized iterator use",
		Reason:     "{value|the iterator} given to {call|this function} is not running on this path: it was never started, was destroyed already, or was overwritten.",
		Suggestion: "Start the iterator on every path that reaches this line, and destroy it only after the last use.",
	},
	{
		Code:   IRQFlagAlreadyInitialized,
		Anchor: AtInstruction, Story: noStory,
		Details:    []Detail{DetailLiveObject},
		Problem:    "IRQ flag is already initialized",
		Reason:     "{call|this function} would save the interrupt state over one that {value|this variable} already holds.",
		Suggestion: "Use one variable for each nested save, and restore the first state before the variable is used again.",
	},
	{
		Code:   IRQFlagSlotInvalid,
		Anchor: AtInstruction, Story: noStory,
		Problem:    "misplaced IRQ flag",
		Reason:     "A saved interrupt state must be at a place on the stack that is known and aligned to 8 bytes, and {value|this pointer} is not such a place.",
		Suggestion: "Use a local `unsigned long` and pass its address unchanged.",
	},
	{
		Code:   UninitializedIRQFlag,
		Anchor: AtInstruction, Story: noStory,
		Details:    []Detail{DetailEndedObject},
		Problem:    "uninitialized IRQ flag restore",
		Reason:     "{value|the variable} given to {call|this function} holds no saved interrupt state on this path.",
		Suggestion: "Save the interrupt state on every path that reaches this line, and restore it once.",
	},
	{
		Code:   ReleaseWithLiveChild,
		Anchor: AtInstruction, Story: noStory,
		Problem:    "release of a parent in use",
		Reason:     "{value|the object} is released while something that was made of it[, {acquired|acquired} by {acquirer}[ at line {acquire_line}],] is still in use.",
		Suggestion: "[Call {releaser} first.] What was made of an object has to be released before the object.",
		Needs:      facts.Linux73,
	},
	{
		Code:   ContextReferenceReleased,
		Anchor: AtInstruction, Story: noStory,
		Problem:    "use of a released context argument",
		Reason:     "The context argument read here was released or handed over earlier on this path.",
		Suggestion: "Read the argument into a variable once, and do not use it after it was given away.",
	},
	{
		Code:   ReleaseWithOffset,
		Anchor: AtInstruction, Story: noStory,
		Problem:    "release through a moved pointer",
		Reason:     "{call|this function} needs {value|the pointer} exactly as it was acquired, but it was moved inside its object.",
		Suggestion: "Keep the original pointer and pass that; take the address of a member only for other uses.",
	},
	{
		Code:   GraphLockNotHeld,
		Anchor: AtInstruction, Story: noStory,
		Problem:    "list or tree used without its lock",
		Reason:     "The bpf_spin_lock in the same object as the list or tree must be held here, and this path does not hold it.",
		Suggestion: "Take the bpf_spin_lock that is in the same object as the list head or tree root around the operation.",
	},
	{
		Code:   ReturnedStackPointer,
		Anchor: AtReturn, Story: noStory,
		Problem:    "returned stack pointer",
		Reason:     "{function|the function} returns the address of a local variable, which ends with the function.",
		Suggestion: "Let the caller own the memory and pass its address in.",
	},
	{
		Code:   NodeOwnership,
		Anchor: AtInstruction, Story: noStory,
		Problem:    "node of unknown owner",
		Reason:     "{call|this function} takes a node that is in the tree, and {value|this pointer} owns its node or is not known to point into the tree.",
		Suggestion: "Pass a pointer that came from the tree under the same lock, or a refcounted node.",
	},
}

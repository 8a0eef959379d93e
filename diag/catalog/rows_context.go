// SPDX-License-Identifier: GPL-2.0-only

package catalog

// Execution Context Safety: what may happen inside locks, RCU sections,
// disabled interrupts or preemption, callbacks, and programs that cannot sleep.
const (
	SleepableHelper         Code = "execution-context/sleepable-helper"
	SleepableKfunc          Code = "execution-context/sleepable-kfunc"
	SleepableFunction       Code = "execution-context/sleepable-function"
	SleepableMap            Code = "execution-context/sleepable-map"
	LockHeldAtExit          Code = "execution-context/lock-held-at-exit"
	IRQDisabledAtExit       Code = "execution-context/irq-disabled-at-exit"
	RCUHeldAtExit           Code = "execution-context/rcu-held-at-exit"
	PreemptDisabledAtExit   Code = "execution-context/preempt-disabled-at-exit"
	CallUnderLock           Code = "execution-context/call-under-lock"
	GlobalCallUnderLock     Code = "execution-context/global-call-under-lock"
	RCURequired             Code = "execution-context/rcu-required"
	UnmatchedRCUUnlock      Code = "execution-context/unmatched-rcu-unlock"
	NestedRCULock           Code = "execution-context/nested-rcu-lock"
	UnmatchedPreemptEnable  Code = "execution-context/unmatched-preempt-enable"
	RbtreeCallback          Code = "execution-context/rbtree-callback"
	ThrowFromCallback       Code = "execution-context/throw-from-callback"
	ExceptionCallbackCall   Code = "execution-context/exception-callback-call"
	SockmapUpdate           Code = "execution-context/sockmap-update"
	IteratorContext         Code = "execution-context/iterator-context"
	TailCallWithSubprograms Code = "execution-context/tail-call-with-subprograms"
)

var executionContextRows = []Entry{
	{
		Code:   SleepableHelper,
		Anchor: AtInstruction, Story: sleepStory,
		Details:    []Detail{DetailAwake},
		Problem:    "sleeping call in a context that must not sleep",
		Reason:     "{call|this helper} may sleep, and {context|this program} must not.",
		Suggestion: "Make the call outside of the region, or use a helper that does not sleep.",
	},
	{
		Code:   SleepableKfunc,
		Anchor: AtInstruction, Story: sleepStory,
		Details:    []Detail{DetailAwake},
		Problem:    "sleeping kernel function in a context that must not sleep",
		Reason:     "{call|this kernel function} may sleep, and {context|this program} must not.",
		Suggestion: "Make the call outside of the region, or use a function that does not sleep.",
	},
	{
		Code:   SleepableFunction,
		Anchor: AtInstruction, Story: sleepStory,
		Problem:    "sleeping function in a context that must not sleep",
		Reason:     "{call|the global function} may sleep, and {context|this place} must not.",
		Suggestion: "Call it outside of the region, or make a function that does not sleep.",
		Kernel:     []string{"sleepable global function {name}() called in {context}"},
	},
	{
		Code:   SleepableMap,
		Anchor: AtInstruction, Story: sleepStory, MapKind: true,
		Problem:    "map type not possible in a sleepable program",
		Reason:     "{name|a map} used by this program is of a type whose elements could vanish while the program sleeps.",
		Suggestion: "Use an array, hash, ring buffer or local storage map, or a section without `.s`.",
	},
	{
		Code:   LockHeldAtExit,
		Anchor: AtReturn, Story: inRegion(Lock, ResilientLock),
		Details:    []Detail{DetailLock},
		Problem:    "lock still held",
		Reason:     "A spin lock[ taken at line {acquire_line}] is still held when {exit|this path leaves the program}.",
		Suggestion: "Unlock on every path, early returns included.",
	},
	{
		Code:   IRQDisabledAtExit,
		Anchor: AtReturn, Story: inRegion(IRQ),
		Details:    []Detail{DetailRegion},
		Problem:    "interrupts still disabled",
		Reason:     "Interrupts[, disabled at line {acquire_line},] are still off when {exit|this path leaves the program}.",
		Suggestion: "[Insert {unlock} before this line[, {braces}]. ]Call bpf_local_irq_restore() on every path, early returns included.",
	},
	{
		Code:   RCUHeldAtExit,
		Anchor: AtReturn, Story: inRegion(RCU),
		Details:    []Detail{DetailRegion},
		Problem:    "RCU read section still open",
		Reason:     "An RCU read section[ opened at line {acquire_line}] is still open when {exit|this path leaves the program}.",
		Suggestion: "[Insert {unlock} before this line[, {braces}]. ]Call bpf_rcu_read_unlock() on every path, early returns included.",
	},
	{
		Code:   PreemptDisabledAtExit,
		Anchor: AtReturn, Story: inRegion(Preempt),
		Details:    []Detail{DetailRegion},
		Problem:    "preemption still disabled",
		Reason:     "Preemption[, disabled at line {acquire_line},] is still off when {exit|this path leaves the program}.",
		Suggestion: "[Insert {unlock} before this line[, {braces}]. ]Call bpf_preempt_enable() on every path, early returns included.",
	},
	{
		Code:   CallUnderLock,
		Anchor: AtInstruction, Story: inRegion(Lock, ResilientLock),
		Details:    []Detail{DetailLock},
		Problem:    "call while a lock is held",
		Reason:     "{call|this function} is called while a spin lock is held[ since line {acquire_line}], which allows hardly any call.",
		Suggestion: "Get what the critical section needs before it, and keep only loads and stores inside.",
	},
	{
		Code:   GlobalCallUnderLock,
		Anchor: AtInstruction, Story: inRegion(Lock, ResilientLock),
		Details:    []Detail{DetailLock},
		Problem:    "global function called while a lock is held",
		Reason:     "{call|the global function} is verified apart from this call, so it cannot be called while a lock is held[ since line {acquire_line}].",
		Suggestion: "Make the function `static`.",
	},
	{
		Code:   RCURequired,
		Anchor: AtInstruction, Story: noStory,
		Problem:    "RCU read section needed",
		Reason:     "{call|this operation} is only possible inside an RCU read section, and none is open here.",
		Suggestion: "Put the code between bpf_rcu_read_lock() and bpf_rcu_read_unlock().",
	},
	{
		Code:   UnmatchedRCUUnlock,
		Anchor: AtInstruction, Story: afterRegion(RCU),
		Leaves:     []Region{RCU},
		Problem:    "RCU unlock without lock",
		Reason:     "No RCU read section is open on this path that bpf_rcu_read_unlock() could close.",
		Suggestion: "Call bpf_rcu_read_lock() on every path that reaches this line.",
	},
	{
		Code:   NestedRCULock,
		Anchor: AtInstruction, Story: inRegion(RCU),
		Problem:    "nested RCU read section",
		Reason:     "An RCU read section is open already[ since line {acquire_line}], and the kernel does not take a second one inside it.",
		Suggestion: "Leave the inner bpf_rcu_read_lock() and its unlock out.",
	},
	{
		Code:   UnmatchedPreemptEnable,
		Anchor: AtInstruction, Story: afterRegion(Preempt),
		Leaves:     []Region{Preempt},
		Problem:    "preemption enabled without being disabled",
		Reason:     "Preemption is not disabled on this path, so bpf_preempt_enable() has nothing to undo.",
		Suggestion: "Call bpf_preempt_disable() on every path that reaches this line.",
	},
	{
		Code:   RbtreeCallback,
		Anchor: AtInstruction, Story: noStory,
		Problem:    "not possible in a tree's comparison function",
		Reason:     "The comparison function of a tree runs under the tree's lock and may only compare[, but calls {call}].",
		Suggestion: "Keep the comparison function to reading members of its two nodes.",
	},
	{
		Code:   ThrowFromCallback,
		Anchor: AtInstruction, Story: noStory,
		Problem:    "exception thrown from a callback",
		Reason:     "bpf_throw() is called in a function that the kernel calls back, and cannot unwind through the kernel.",
		Suggestion: "Return a value from the callback and throw in its caller.",
	},
	{
		Code:   ExceptionCallbackCall,
		Anchor: AtInstruction, Story: noStory,
		Problem:    "misuse of the exception callback",
		Reason:     "The exception callback is called directly, or does what is not possible after an exception.",
		Suggestion: "Leave calling the exception callback to bpf_throw(), and keep it simple.",
	},
	{
		Code:   SockmapUpdate,
		Anchor: AtInstruction, Story: noStory,
		Problem:    "socket map cannot be updated here",
		Reason:     "Programs of {progtype|this type} cannot update or delete entries of socket maps at this place.",
		Suggestion: "In sockops programs call bpf_sock_map_update() or bpf_sock_hash_update(); elsewhere update the map from another program type or from user space.",
	},
	{
		Code:   IteratorContext,
		Anchor: AtInstruction, Story: noStory,
		Problem:    "iterator not possible in this program",
		Reason:     "{call|this iterator} works only in programs that may sleep, or of certain types.",
		Suggestion: "Use a sleepable section, an LSM program or an iterator program.",
	},
	{
		Code:   TailCallWithSubprograms,
		Anchor: AtInstruction, Story: noStory,
		Problem:    "tail call together with functions",
		Reason:     "This kernel cannot mix tail calls with calls of functions that are not inlined.",
		Suggestion: "Mark the functions `__always_inline`.",
		Kernel:     []string{"mixing of tail_calls and bpf-to-bpf calls is not supported"},
	},
}

// SPDX-License-Identifier: GPL-2.0-only

package catalog

var executionContextRows = []Entry{
	{
		Code:       SleepableHelper,
		Problem:    "sleeping call in a context that must not sleep",
		Reason:     "{call|this helper} may sleep, and {context|this program} must not.",
		Suggestion: "Make the call outside of the region, put the program into a sleepable section such as `SEC(\"fentry.s/…\")`, or use a helper that does not sleep, such as bpf_probe_read_user().",
	},
	{
		Code:       SleepableKfunc,
		Problem:    "sleeping kernel function in a context that must not sleep",
		Reason:     "{call|this kernel function} may sleep, and {context|this program} must not.",
		Suggestion: "Make the call outside of the region, or put the program into a sleepable section.",
	},
	{
		Code:       SleepableFunction,
		Problem:    "sleeping function in a context that must not sleep",
		Reason:     "{call|the global function} may sleep, and {context|this place} must not.",
		Suggestion: "Call it outside of the region, or make a function that does not sleep.",
		Kernel:     []string{"sleepable global function {name}() called in {context}"},
	},
	{
		Code:       SleepableMap,
		Problem:    "map type not possible in a sleepable program",
		Reason:     "{name|a map} used by this program is of a type whose elements could vanish while the program sleeps.",
		Suggestion: "Use an array, hash, ring buffer or local storage map, or a section without `.s`.",
	},
	{
		Code:       LockHeldAtExit,
		Problem:    "lock still held",
		Reason:     "A spin lock[ taken at line {acquire_line}] is still held when {exit|this path leaves the program}.",
		Suggestion: "Unlock on every path, early returns included.",
	},
	{
		Code:       IRQDisabledAtExit,
		Problem:    "interrupts still disabled",
		Reason:     "Interrupts[, disabled at line {acquire_line},] are still off when {exit|this path leaves the program}.",
		Suggestion: "Call bpf_local_irq_restore() on every path, early returns included.",
	},
	{
		Code:       RCUHeldAtExit,
		Problem:    "RCU read section still open",
		Reason:     "An RCU read section[ opened at line {acquire_line}] is still open when {exit|this path leaves the program}.",
		Suggestion: "Call bpf_rcu_read_unlock() on every path, early returns included.",
	},
	{
		Code:       PreemptDisabledAtExit,
		Problem:    "preemption still disabled",
		Reason:     "Preemption[, disabled at line {acquire_line},] is still off when {exit|this path leaves the program}.",
		Suggestion: "Call bpf_preempt_enable() on every path, early returns included.",
	},
	{
		Code:       CallUnderLock,
		Problem:    "call while a lock is held",
		Reason:     "{call|this function} is called while a spin lock is held[ since line {acquire_line}], which allows hardly any call.",
		Suggestion: "Get what the critical section needs before it, and keep only loads and stores inside.",
	},
	{
		Code:       GlobalCallUnderLock,
		Problem:    "global function called while a lock is held",
		Reason:     "{call|the global function} is verified apart from this call, so it cannot be called while a lock is held[ since line {acquire_line}].",
		Suggestion: "Make the function `static`.",
	},
	{
		Code:       RCURequired,
		Problem:    "RCU read section needed",
		Reason:     "{call|this operation} is only possible inside an RCU read section, and none is open here.",
		Suggestion: "Put the code between bpf_rcu_read_lock() and bpf_rcu_read_unlock().",
	},
	{
		Code:       UnmatchedRCUUnlock,
		Problem:    "RCU unlock without lock",
		Reason:     "No RCU read section is open on this path that bpf_rcu_read_unlock() could close.",
		Suggestion: "Call bpf_rcu_read_lock() on every path that reaches this line.",
	},
	{
		Code:       NestedRCULock,
		Problem:    "nested RCU read section",
		Reason:     "An RCU read section is open already[ since line {acquire_line}], and the kernel does not take a second one inside it.",
		Suggestion: "Leave the inner bpf_rcu_read_lock() and its unlock out.",
	},
	{
		Code:       UnmatchedPreemptEnable,
		Problem:    "preemption enabled without being disabled",
		Reason:     "Preemption is not disabled on this path, so bpf_preempt_enable() has nothing to undo.",
		Suggestion: "Call bpf_preempt_disable() on every path that reaches this line.",
	},
	{
		Code:       RbtreeCallback,
		Problem:    "not possible in a tree's comparison function",
		Reason:     "The comparison function of a tree runs under the tree's lock and may only compare[, but calls {call}].",
		Suggestion: "Keep the comparison function to reading members of its two nodes.",
	},
	{
		Code:       ThrowFromCallback,
		Problem:    "exception thrown from a callback",
		Reason:     "bpf_throw() is called in a function that the kernel calls back, and cannot unwind through the kernel.",
		Suggestion: "Return a value from the callback and throw in its caller.",
	},
	{
		Code:       ExceptionCallbackCall,
		Problem:    "misuse of the exception callback",
		Reason:     "The exception callback is called directly, or does what is not possible after an exception.",
		Suggestion: "Leave calling the exception callback to bpf_throw(), and keep it simple.",
	},
	{
		Code:       SockmapUpdate,
		Problem:    "socket map cannot be updated here",
		Reason:     "Programs of {progtype|this type} cannot update or delete entries of socket maps at this place.",
		Suggestion: "In sockops programs call bpf_sock_map_update() or bpf_sock_hash_update(); elsewhere update the map from another program type or from user space.",
	},
	{
		Code:       IteratorContext,
		Problem:    "iterator not possible in this program",
		Reason:     "{call|this iterator} works only in programs that may sleep, or of certain types.",
		Suggestion: "Use a sleepable section, an LSM program or an iterator program.",
	},
	{
		Code:       TailCallWithSubprograms,
		Problem:    "tail call together with functions",
		Reason:     "This kernel cannot mix tail calls with calls of functions that are not inlined.",
		Suggestion: "Mark the functions `__always_inline`.",
		Kernel:     []string{"mixing of tail_calls and bpf-to-bpf calls is not supported"},
	},
}

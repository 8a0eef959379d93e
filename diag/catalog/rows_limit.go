// SPDX-License-Identifier: GPL-2.0-only

package catalog

// Verifier Limit: the program may be right, but proving it costs too much.
const (
	LimitInstructions    Code = "verifier-limit/instructions"
	LimitPendingBranches Code = "verifier-limit/pending-branches"
	LimitStackSize       Code = "verifier-limit/stack-size"
	LimitTailCallStack   Code = "verifier-limit/tail-call-stack"
	LimitCallDepth       Code = "verifier-limit/call-depth"
	LimitTableSize       Code = "verifier-limit/table-size"
	LimitInfiniteLoop    Code = "verifier-limit/infinite-loop"
	LimitLoopIterations  Code = "verifier-limit/loop-iterations"
)

var verifierLimitRows = []Entry{
	{
		Code:   LimitInstructions,
		Anchor: AtInstruction, Story: programStory,
		Details:    []Detail{DetailLoop, DetailSpent},
		Problem:    "too many instructions to verify",
		Reason:     "Following all paths of the program took more than a million instructions, which is the limit.[ {spent}]",
		Suggestion: "Shorten loops and nested conditions, move code into global functions (which are verified once), or use bpf_loop() or an iterator.",
	},
	{
		Code:   LimitPendingBranches,
		Anchor: AtInstruction, Story: programStory,
		Details:    []Detail{DetailLoop, DetailSpent},
		Problem:    "too many open branches",
		Reason:     "More than {limit|8192} branches were waiting to be followed at the same time.[ {spent}]",
		Suggestion: "Split long chains of conditions, let loops run fewer rounds, or use bpf_loop().",
	},
	{
		Code:   LimitStackSize,
		Anchor: AtInstruction, Story: programStory,
		Details:    []Detail{DetailStackChain},
		Problem:    "stack too large",
		Reason:     "The local variables[ of {depth} nested functions] take {size|too many bytes} of stack, and only 512 are allowed.",
		Suggestion: "Put large buffers into a per-CPU array map, or use smaller ones; variables of called functions count too.",
		Kernel:     []string{"stack size {size}(extra {off}) is too large"},
	},
	{
		Code:   LimitTailCallStack,
		Anchor: AtInstruction, Story: programStory,
		Details:    []Detail{DetailStackBefore},
		Problem:    "stack too large for a tail call",
		Reason:     "Functions that lead to a tail call use {size|too many bytes} of stack, and fewer than 256 are allowed before it.",
		Suggestion: "Do the tail call in the main function, or use less stack.",
	},
	{
		Code:   LimitCallDepth,
		Anchor: AtInstruction, Story: programStory,
		Problem:    "calls nested too deeply",
		Reason:     "Functions call each other more than 8 deep.",
		Suggestion: "Mark small functions `__always_inline`.",
	},
	{
		Code:   LimitTableSize,
		Anchor: AtInstruction, Story: programStory,
		Problem:    "too many functions, maps or modules",
		Reason:     "The program uses more functions, kernel functions, maps or modules than the kernel keeps tables for[: {max} is the limit].",
		Suggestion: "Split the program.",
		Kernel: []string{
			"too many different module BTFs",
			"The total number of btfs per program has reached the limit of {max}",
		},
	},
	{
		Code:   LimitInfiniteLoop,
		Anchor: AtInstruction, Story: programStory,
		Details:    []Detail{DetailRepeatedLoop, DetailSpent},
		Problem:    "loop without progress",
		Reason:     "The loop comes back to this place with nothing changed that the verifier follows, so it sees no end.",
		Suggestion: "Make sure that the variable in the loop's condition changes in each round in a way the verifier can follow; for loops of unknown length use bpf_loop(), bpf_for() or `can_loop`.",
	},
	{
		Code:   LimitLoopIterations,
		Anchor: AtInstruction, Story: programStory,
		Problem:    "too many loop iterations",
		Reason:     "A loop runs more often than the kernel lets it.",
		Suggestion: "Use a smaller limit.",
		Kernel: []string{
			"frame{id} bpf_loop iteration limit reached",
			"{name}: too many iterations",
		},
	},
}

// Verifier Internal: never the program's fault.
const (
	KernelFault     Code = "verifier-internal/kernel-fault"
	RemovedFunction Code = "verifier-internal/removed-function"
	InternalBug     Code = "verifier-internal/bug"
	Unsupported     Code = "verifier-internal/unsupported"
	Uncoded         Code = "verifier-internal/uncoded"
)

var verifierInternalRows = []Entry{
	{
		Code:   KernelFault,
		Anchor: AtInstruction, Story: programStory,
		Problem: "fault of the kernel's verifier",
		Reason: "The kernel's own verifier fails here and refuses the program[: {detail}]. The program may well be right. Verifiers are " +
			"known to lose track of values in functions and callbacks that a tail call or a legacy packet load may leave.",
		Suggestion: "Move tail calls out of functions and callbacks into the main program. In place of a legacy packet load, call bpf_skb_load_bytes().",
		Kernel: []string{
			"verifier bug",
			"verifier internal error: {detail}",
			"verifier internal error",
		},
	},
	{
		Code:   RemovedFunction,
		Anchor: AtInstruction, Story: programStory,
		Problem: "kernel loses a removed function",
		Reason: "{name|A function}() never runs, so the kernel removes it, and then fails on its address, which is taken here. That is a fault " +
			"of the kernel; it shows if no other function follows the removed one.",
		Suggestion: "Remove the callback and the call that it is for, or let it run: a loop that runs no time does not need one.",
	},
	{
		Code:   InternalBug,
		Anchor: AtInstruction, Story: programStory,
		Problem:    "fault of bpf-lsp",
		Reason:     "The verifier built into bpf-lsp broke one of its own rules, so nothing is known about this program[: {detail}].",
		Suggestion: "Please report this, with the program.",
	},
	{
		Code:   Unsupported,
		Anchor: AtInstruction, Story: programStory,
		Problem:    "not verified",
		Reason:     "{program|this program} was not checked: {detail|it uses something that bpf-lsp does not know yet}.",
		Suggestion: "",
	},
	{
		Code:   Uncoded,
		Anchor: AtInstruction, Story: programStory,
		Problem:    "rejected by the verifier",
		Reason:     "The verifier rejects the program[ with the message \"{detail}\"].",
		Suggestion: "",
	},
}

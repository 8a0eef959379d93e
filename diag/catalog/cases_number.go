// SPDX-License-Identifier: GPL-2.0-only

package catalog

// movedMember is said of an access that CO-RE moved out of a copy.
var movedMember = Case{
	Fact:       "moved",
	Reason:     "{moved}[, and the copy {copy}].",
	Suggestion: "{advice|Read the member from the kernel instead of from the copy.}",
}

// pointerNumber is said of an address in a variable of a number's type.
var pointerNumber = Case{
	Fact:       "number",
	Reason:     "{value|the value} has the type {number} in C, but it holds an address: to the verifier a pointer that is stored in a number stays a pointer, and this operation[ ({op})] is not possible on one.",
	Suggestion: "Keep the pointer and use it where memory is accessed. Shifts, masks and 32-bit operations are for offsets and sizes, not for addresses.",
}

// numberCases are the cases of codes about numbers, sizes and ranges.
var numberCases = map[Code][]Case{
	NegativeSize: {{
		Fact:    "wraps",
		Problem: "size may wrap",
		Reason:  "The {arg|given} argument of {call|this call}[, {value},] is a size, but {cause}.",
	}, {
		Fact:       "unsigned",
		Problem:    "size without a limit",
		Reason:     "The {arg|given} argument of {call|this call}[, {value},] is a size without an upper limit: it is unsigned, but the largest values count as negative.",
		Suggestion: "Compare it with the size of the memory before the call, and leave or shorten it where it is larger.",
	}},
	UnboundedSize: {{
		Fact:    "wraps",
		Problem: "size may wrap",
		Reason:  "The {arg|given} argument of {call|this call}[, {value},] is a size, but {cause}.",
	}},
	MemoryLengthRange: {
		{
			Fact:       "relation",
			Reason:     "{call|the function} may access memory behind the end of {place|the object}: {relation}.",
			Suggestion: "{advice|Limit both by constants.}",
		},
		{
			Fact:       "declared",
			Reason:     "{call|the function} may access[ up to {size} of] the memory of its {arg|pointer} argument, but {declared}.",
			Suggestion: "Limit the length to the size of the memory before the call.",
		},
	},
	MemoryRange: {{
		Fact:       "declared",
		Reason:     "{call|the function} accesses {size|more bytes} behind its {arg|given} argument[, {role}], but {declared}.",
		Suggestion: "{advice|Pass memory of the size that the function needs.}",
	}},
	PointerArithOperator: {pointerNumber},
	PointerBitwise:       {pointerNumber},
	PointerArith32Bit:    {pointerNumber},

	StackOutOfBounds: {movedMember},
	OutOfBounds:      {movedMember},
	LimitInfiniteLoop: {{
		Fact:       "unfollowed",
		Reason:     "The loop comes back to this place with nothing changed that the verifier follows: {unfollowed}.",
		Suggestion: "{advice|Count in a local variable.}",
	}},
	LimitPendingBranches: {{
		Fact:       "unfollowed",
		Reason:     "More than {limit|8192} branches were waiting to be followed at the same time: the loop does not end for the verifier, since {unfollowed}.",
		Suggestion: "{advice|Count in a local variable.}",
	}},
	LimitInstructions: {{
		Fact:       "unfollowed",
		Reason:     "Following all paths of the program took more than a million instructions, which is the limit. A loop does not end for the verifier, since {unfollowed}.",
		Suggestion: "{advice|Count in a local variable.}",
	}},
	LimitTailCallStack: {{
		Fact:   "chain",
		Reason: "Functions that lead to a tail call use {size|too many bytes} of stack, and at most 256 are allowed before it: {chain}.",
	}},
	LimitStackSize: {{
		Fact:   "chain",
		Reason: "The local variables[ of {depth} nested functions] take {size|too many bytes} of stack, and only 512 are allowed: {chain}.",
	}},
	UninitializedStackRead: {{
		Fact:       "declared",
		Reason:     "{call|the function} reads {size|more bytes} behind its {arg|given} argument[, {role}], but {declared}.",
		Suggestion: "{advice|Pass memory of the size that the function needs.}",
	}},
}

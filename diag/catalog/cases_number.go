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

// packedPointer is said of an address of which an operator makes a number with something else.
var packedPointer = Case{
	Fact:       "packed",
	Problem:    "address packed into a number",
	Reason:     "{value|the value}[, {kind},] is a pointer, and {operator} cannot be applied to it: the verifier follows an address only as long as it is whole, with numbers added to it or subtracted from it.",
	Suggestion: "An address cannot be packed into a number and come back as a pointer. Keep {value|the pointer} as it is, in a variable of its own, and what is stored with it in another.",
}

// cutPointer is said of an address that C converts to a type of 32 bits.
var cutPointer = Case{
	Fact:       "cut",
	Problem:    "pointer cut to 32 bits",
	Reason:     "{value|the value} holds a pointer, and this line cuts it to 32 bits[, the size of {name} ({type})]. For the verifier a pointer that is stored in a number stays a pointer, and cannot be cut.",
	Suggestion: "Keep the address in a pointer or in 64 bits[: declare {name} as a `__u64`], and leave out casts to narrower types.",
}

// constantSize is said of a variable size where a kernel function takes only constants.
var constantSize = Case{
	Fact:       "constantsize",
	Problem:    "size must be constant",
	Reason:     "The {arg|given} argument of {call|this call}[, {value},] is a size that must be a constant: no check of a variable will do.",
	Suggestion: "Pass a constant[, such as {given}][, or copy the bytes with {plain}, which takes a variable size].",
}

// numberCases are the cases of codes about numbers, sizes and ranges.
var numberCases = map[Code][]Case{
	NegativeSize: {constantSize, {
		Fact:    "merged",
		Problem: "size has no limit for the verifier",
		Reason:  "The {arg|given} argument of {call|this call}[, {value},] is a size that has no limit for the verifier: {cause}.",
	}, {
		Fact:    "wraps",
		Problem: "size may wrap",
		Reason:  "The {arg|given} argument of {call|this call}[, {value},] is a size, but {cause}.",
	}, {
		Fact:       "unsigned",
		Problem:    "size without a limit",
		Reason:     "The {arg|given} argument of {call|this call}[, {value},] is a size without an upper limit: it is unsigned, but the largest values count as negative.",
		Suggestion: "Compare it with the size of the memory before the call, and leave or shorten it where it is larger.",
	}},
	UnboundedSize: {constantSize, {
		Fact:    "forgotten",
		Problem: "limit of a size is forgotten",
		Reason:  "The {arg|given} argument of {call|this call}[, {value},] is a size whose limit the verifier has lost: {forgotten}.",
	}, {
		Fact:    "merged",
		Problem: "size has no limit for the verifier",
		Reason:  "The {arg|given} argument of {call|this call}[, {value},] is a size that has no limit for the verifier: {cause}.",
	}, {
		Fact:    "wraps",
		Problem: "size may wrap",
		Reason:  "The {arg|given} argument of {call|this call}[, {value},] is a size, but {cause}.",
	}},
	NegativeOffset: {{
		Fact:       "subtracted",
		Problem:    "pointer moved backwards by a variable",
		Reason:     "{subtracted}, so the offset may be negative[ ({range})], and the access could lie before {place|the object}.",
		Suggestion: "Compute the index as a number first, limit that, and add it to the start of the object, instead of subtracting from a pointer.",
	}},
	ZeroSize: {{
		Fact:       "keyless",
		Problem:    "map without keys",
		Reason:     "{keyless}, which has no keys, and {call|this function} looks for one.",
		Suggestion: "[Such maps are for {ownhelpers}.]",
	}, constantSize, {
		Fact:    "merged",
		Problem: "size may be zero for the verifier",
		Reason:  "The {arg|given} argument of {call|this call}[, {value},] is a size that may be zero for the verifier, which the function does not take: {cause}.",
	}},
	UnboundedOffset: {{
		Fact:    "merged",
		Problem: "offset has no limit for the verifier",
		Reason:  "The offset[ {offset}] used with {value|this pointer} has no limit for the verifier, so the access may lie outside of {place|the object}: {cause}.",
	}, {
		Fact:       "subtracted",
		Problem:    "pointer moved backwards by a variable",
		Reason:     "{subtracted}, so the offset may be negative, and the verifier keeps no limits of such an offset.",
		Suggestion: "Compute the index as a number first, limit that, and add it to the start of the object, instead of subtracting from a pointer.",
	}, {
		Fact:    "belowzero",
		Problem: "offset may be negative",
		Reason:  "The offset[ {offset}] used with {value|this pointer} may be negative[ ({belowzero})], and as an offset a negative number is a huge one.[ {cause}.]",
	}},
	MemoryLengthRange: {
		{
			Fact:       "relation",
			Reason:     "{call|the function} may access memory past the end of {place|the object}: {relation}.",
			Suggestion: "{advice|Limit both by constants.}",
		},
		{
			Fact:       "declared",
			Reason:     "{call|the function} may access[ up to {size}] at its {arg|pointer} argument, but {declared}.[ {length}.]",
			Suggestion: "{advice|Limit the length to the size of the memory before the call.}",
		},
	},
	MemoryRange: {{
		Fact:       "declared",
		Reason:     "{call|the function} accesses {size|more bytes} behind its {arg|given} argument[, {role}], but {declared}.",
		Suggestion: "{advice|Pass memory of the size that the function needs.}",
	}},
	PointerOffsetUnsafe: {packedPointer, {
		Fact:       "operator",
		Problem:    "operator not possible on a pointer",
		Reason:     "{value|the value}[, {kind},] is a pointer, and {operator} cannot be applied to it: numbers can be added to it and subtracted from it, and nothing else.",
		Suggestion: "Leave {operator} out here, or apply it to the offset before that is added to the pointer.",
	}},
	PointerPointerArith: {{
		Fact:   "pair",
		Reason: "{pair}, and {op|the operator} takes a pointer and a number.",
	}},
	PointerArithOperator: {cutPointer, packedPointer, pointerNumber},
	PointerBitwise:       {packedPointer, pointerNumber},
	PointerArith32Bit:    {cutPointer, pointerNumber},
	PartialSpill: {{
		Fact:       "cut",
		Problem:    "pointer cut to 32 bits",
		Reason:     "{name|what is stored to} has 4 bytes, and a pointer has 8: the address would be cut.",
		Suggestion: "Keep the address in a pointer, or make {name} 8 bytes long, such as a `__u64`.",
	}},

	StackOutOfBounds: {
		movedMember,
		{
			Fact:       "fit",
			Reason:     "This access[ of {size}] is not inside {place|the variable}: {fit}.[ {cause}.]",
			Suggestion: "{advice|Check the index before this line.}",
		},
		{
			Fact:       "unlimited",
			Reason:     "The offset[ {offset}] of this access[ of {size}] to local variables is not limited enough on this path.[ {cause}.]",
			Suggestion: "{advice|Check the index of the local array against both limits before this line.}",
		},
		{
			Fact:       "varies",
			Reason:     "{varies}, and with some of these values this access[ of {size}] is outside of the stack.[ {cause}.]",
			Suggestion: "{advice|Check the index of the local array before this line.}",
		},
		{
			Fact:       "deep",
			Suggestion: "Keep the buffer in a map: a frame has at most 512 bytes.",
		},
	},
	OutOfBounds: {movedMember, {
		Fact:       "small",
		Problem:    "value smaller than the type it is taken for",
		Reason:     "{small}, but {smallof}.",
		Suggestion: "{advice|Give the map values of that type.}",
	}},
	LimitInfiniteLoop: {{
		Fact:       "unfollowed",
		Reason:     "The loop comes back to this place with nothing changed that the verifier follows: {unfollowed}.",
		Suggestion: "{advice|Count in a local variable.}",
	}, {
		Fact:       "unchanged",
		Reason:     "The loop comes back to this place with nothing changed that the verifier follows, so it sees no end: {unchanged}.",
		Suggestion: "Change the variable in every round, or count all rounds in another variable and end the loop at a limit of that; for loops of unknown length use bpf_loop(), bpf_for() or `can_loop`.",
	}},
	LimitPendingBranches: {{
		Fact:       "unfollowed",
		Reason:     "More than {limit|8192} branches were waiting to be followed at the same time: the loop does not end for the verifier, since {unfollowed}.[ {spent}]",
		Suggestion: "{advice|Count in a local variable.}",
	}, {
		Fact:       "loops",
		Reason:     "More than {limit|8192} branches were waiting to be followed at the same time, in {loops}: each condition of each round may leave one.[ {rounds}.][ {spent}]",
		Suggestion: "{advice|Let the loops run fewer rounds, test less in each, or use bpf_loop(), whose callback is not followed round by round.}",
	}},
	LimitInstructions: {{
		Fact:       "unfollowed",
		Reason:     "Following all paths of the program took more than a million instructions, which is the limit. A loop does not end for the verifier, since {unfollowed}.[ {spent}]",
		Suggestion: "{advice|Count in a local variable.}",
	}, {
		Fact:       "loops",
		Reason:     "Following all paths of the program took more than a million instructions, which is the limit, and the last one was in {loops}.[ {rounds}.][ {spent}]",
		Suggestion: "{advice|Let the loops run fewer rounds, or use bpf_loop(), whose callback is not followed round by round.}",
	}},
	LimitTailCallStack: {{
		Fact:   "chain",
		Reason: "Functions that lead to a tail call use {size|too many bytes} of stack, and fewer than 256 are allowed before it: {chain}.",
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

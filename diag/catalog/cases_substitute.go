// SPDX-License-Identifier: GPL-2.0-only

package catalog

// pointerSize is said of memory that was asked for with the size of a pointer.
var pointerSize = Case{
	Fact:       "pointersize",
	Reason:     "The {arg|given} argument of {call|this call}[, {value},] leads behind the end of its memory: {pointersize}.",
	Suggestion: "{advice|Ask for the size of what the pointer points to.}",
}

// substituteCases word faults of which is known what would do in place of what the
// program uses: another map, argument, function or section.
var substituteCases = map[Code][]Case{
	UnresolvedRelocation: {{
		Fact:       "ownstruct",
		Problem:    "name of a struct in use",
		Reason:     "{ownstruct} is the program's own struct, but a header declares one of this name among those whose members are relocated: so the members of this one are, and the kernel has none.",
		Suggestion: "Give {ownstruct} another name.",
	}},
	MapHelperMismatch: {
		{
			Fact:       "suitable",
			Reason:     "{mapis}, and {call|this function} works on {takes|other maps} only.",
			Suggestion: "Pass {suitable} instead, which is such a map.",
		},
		{
			Fact:       "ownhelper",
			Reason:     "{mapis}, and {call|this function} works on {takes|other maps} only.",
			Suggestion: "Call {ownhelper} instead, which is for such maps.",
		},
	},
	TailCallMap: {{
		Fact:       "suitable",
		Problem:    "tail call through another type of map",
		Reason:     "{mapis}, and a tail call needs {takes|a program array}.",
		Suggestion: "Pass {suitable} instead, which is such a map.",
	}},
	WrongArgumentKind: {
		{
			Fact:       "exchange",
			Problem:    "arguments exchanged",
			Reason:     "The {arg|given} argument of {call|this call}, {value|the argument}, is {kind|of a kind that the function does not take}, while {exchange} is the memory that is needed: the two are in each other's place.",
			Suggestion: "{advice|Exchange the two arguments.}",
		},
		{
			Fact:       "reserver",
			Reason:     "{call|this function} takes what {reserver} returned, and its {arg|given} argument, {value|the argument}, is {kind|something else}.",
			Suggestion: "{advice|Leave the call out, or pass what was reserved.}",
		},
	},
	ReleaseNotOwned: {
		{
			Fact:       "lender",
			Problem:    "release of something borrowed",
			Reason:     "{call|this function} releases what its argument owns, but {value|the pointer} owns nothing: {lender}.",
			Suggestion: "Leave the call out: only what a function acquired for the program has to be released.",
		},
	},
	HelperNotAllowed: {{
		Fact:       "plain",
		Reason:     "{call|the helper} cannot be used in programs of {progtype|this type}[: it is for programs of type {offered}].",
		Suggestion: "Use {plain} here[, or move the work to a program type that has it, with {section}].",
	}},
	SleepableHelper: {{
		Fact:       "sleeper",
		Reason:     "{call|this helper} may sleep, and this program is not one that may: its section does not say so.",
		Suggestion: "{advice|Use a function that does not sleep.}",
	}},
	SleepableKfunc: {{
		Fact:       "sleeper",
		Reason:     "{call|this kernel function} may sleep, and this program is not one that may: its section does not say so.",
		Suggestion: "{advice|Use a function that does not sleep.}",
	}},
	ContextAccess: {{
		Fact:       "loader",
		Reason:     "{member|this member} of {object|the context} is not available to programs of {progtype|this type}: it is for programs of type {others}.",
		Suggestion: "Copy what is needed of the packet with {loader}.",
	}},
	MemoryLengthRange: {pointerSize},
	MemoryRange:       {pointerSize},
	OutOfBounds: {{
		Fact:       "pointersize",
		Reason:     "This access[ of {size}][ at offset {off}] is behind the end of the memory: {pointersize}.",
		Suggestion: "{advice|Ask for the size of what the pointer points to.}",
	}},
	ReadOnlyMap: {{
		Fact:       "constant",
		Problem:    "write to a constant",
		Reason:     "{constant} is `const`, so it is in memory that programs may only read.",
		Suggestion: "Leave out `const` if the program has to write to {constant}.",
	}},
	Misaligned: {{
		Fact:       "access",
		Reason:     "{access} accesses {size|several bytes} at an address that is not a multiple of {align|that}, which {place|this memory} requires.",
		Suggestion: "{advice|Align the member: avoid `packed`, order members by size, or copy byte by byte with __builtin_memcpy().}",
	}},
	PacketWrite: {
		{
			Fact:       "storer",
			Suggestion: "Write with {storer}, and get the pointers to the packet again after it.",
		},
		{
			Fact:       "elsewhere",
			Suggestion: "No helper changes packets in programs of this type. One in `SEC(\"tc\")` can write, but {elsewhere}.",
		},
	},
}

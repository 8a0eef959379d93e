// SPDX-License-Identifier: GPL-2.0-only

package catalog

// partOfMember is said of an access to a member with a number of bytes that is not
// possible there.
var partOfMember = Case{
	Fact:       "widths",
	Problem:    "member accessed with another width",
	Reason:     "{member} of {object} can only be {accessed|accessed} {widths}, and this access takes {size|another number of bytes}.",
	Suggestion: "{advice|Access the whole member.}",
}

// passedCases word faults about what stands in the place of what a call or an
// access takes.
var passedCases = map[Code][]Case{
	SocketAccess: {partOfMember, {
		Fact:       "fullsock",
		Problem:    "member of full sockets only",
		Reason:     "{member} of {object} is there in full sockets only, and {value|this socket} may be another one, such as a request for a connection.",
		Suggestion: "{advice|Use the members that every socket has.}",
	}},
	MapArgument: {
		nullArgument,
		staleArgument,
		{
			Fact:       "outermap",
			Problem:    "map may be NULL",
			Reason:     "The {arg|given} argument of {call|this call}[, {value},] is what was looked up in {outermap}, which may be NULL: there may be no map for the key.",
			Suggestion: "{advice|Compare the map with NULL before the call.}",
		},
		{
			Fact:       "swapped",
			Reason:     "The {arg|given} argument of {call|this call}[, {value},] must be a map, and {swapped}.",
			Suggestion: "Change places of {other} and {name}.",
		},
	},
	ContextArgument: {{
		Fact:       "swapped",
		Reason:     "The {arg|given} argument of {call|this call} must be the program's own context pointer, and {swapped}.",
		Suggestion: "Change places of {other} and {name}.",
	}},
	ReadOnlyArgument: {{
		Fact:       "reads",
		Problem:    "argument in memory of the kernel",
		Reason:     "{call|this function} takes a {reads} in memory of the program only, and {value|the argument} is in an object of the kernel[, a {object}].",
		Suggestion: "{advice|Copy what is needed to a local variable, and pass the address of that.}",
	}},
	ModifiedPointerDereference: {{
		Fact:       "mergedread",
		Problem:    "address of a context member computed first",
		Reason:     "The compiler computes the address of {mergedread} before it reads, as where it makes one read of several: {added|some bytes} were added to {value|the context}, which must be used as it was given.",
		Suggestion: "{advice|Keep the compiler from making one read of several, with barrier_var() of what one of them gave.}",
	}, {
		Fact:       "movedarg",
		Problem:    "moved pointer as an argument",
		Reason:     "The {arg|given} argument of {call|this call}[, {value},] is {kind|a pointer} moved by {movedarg}, and the function takes it only as the program got it.",
		Suggestion: "{advice|Pass the pointer as the program got it, without an offset.}",
	}},
	SpecialStackRead: {
		{
			Fact:       "dynptr",
			Problem:    "direct read of a dynptr",
			Reason:     "{dynptr} is a dynptr, which only the kernel's functions may look into.",
			Suggestion: "Read what it leads to with bpf_dynptr_read() or bpf_dynptr_data(), and how much that is with bpf_dynptr_size().",
		},
		{
			Fact:       "iterator",
			Problem:    "direct read of an iterator",
			Reason:     "{iterator} is an iterator, which only the kernel's functions may look into.",
			Suggestion: "Get what it stands at from its next function.",
		},
		{
			Fact:       "irqflag",
			Problem:    "direct read of an IRQ flag",
			Reason:     "{irqflag} is a saved interrupt state, which only the kernel's functions may look into.",
			Suggestion: "Pass the variable to the function that restores the state, and use it for nothing else.",
		},
	},
}

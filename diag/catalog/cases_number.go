// SPDX-License-Identifier: GPL-2.0-only

package catalog

// numberCases are the cases of codes about numbers, sizes and ranges.
var numberCases = map[Code][]Case{
	NegativeSize: {{
		Fact:    "wraps",
		Problem: "size may wrap",
		Reason:  "The {arg|given} argument of {call|this call}[, {value},] is a size, but {cause}.",
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
	StackOutOfBounds: {{
		Fact:       "declared",
		Reason:     "{declared}.",
		Suggestion: "{advice|Keep the access inside of the variable.}",
	}},
	UninitializedStackRead: {{
		Fact:       "declared",
		Reason:     "{call|the function} reads {size|more bytes} behind its {arg|given} argument[, {role}], but {declared}.",
		Suggestion: "{advice|Pass memory of the size that the function needs.}",
	}},
}

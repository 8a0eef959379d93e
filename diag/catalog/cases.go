// SPDX-License-Identifier: GPL-2.0-only

package catalog

import "slices"

// Case words a code for faults of which more is known than the code says: it
// replaces the row's wording when Fact is known. Empty texts keep the row's.
type Case struct {
	Fact                        string
	Problem, Reason, Suggestion string
}

// Wording is what the row says of a fault of which facts are known: that of the
// first case whose fact is.
func (e *Entry) Wording(facts Facts) (problem, reason, suggestion string) {
	problem, reason, suggestion = e.Problem, e.Reason, e.Suggestion
	for _, c := range e.cases() {
		if facts[c.Fact] == "" {
			continue
		}
		return first(c.Problem, problem), first(c.Reason, reason), first(c.Suggestion, suggestion)
	}
	return problem, reason, suggestion
}

// cases are those of the row, in the order in which they are tried.
func (e *Entry) cases() []Case {
	return slices.Concat(cases[e.Code], substituteCases[e.Code], numberCases[e.Code], callCases[e.Code], passedCases[e.Code], resourceCases[e.Code])
}

func first(text, other string) string {
	if text == "" {
		return other
	}
	return text
}

// nullPassed is said of NULL that the source passes to the function of the fault.
var nullPassed = Case{
	Fact:       "nullpassed",
	Problem:    "NULL is passed",
	Reason:     "{value|the pointer} is NULL here: {nullpassed}.",
	Suggestion: "In line {line} pass the address of what {value|the pointer} is to lead to, in place of {given}.",
}

// nullArgument is said of NULL where a function needs an object.
var nullArgument = Case{
	Fact:       "null",
	Problem:    "NULL as an argument",
	Reason:     "{value|this argument} of {call|this call} is NULL on this path: {null}, and the path goes on to this call.",
	Suggestion: "Call {call|the function} only where {value|the pointer} is not NULL: {way|leave the path that found it NULL before this line}.",
}

// nullArgumentCured is that where more is known of what to do.
var nullArgumentCured = Case{Fact: "nullcure", Problem: nullArgument.Problem, Reason: nullArgument.Reason, Suggestion: "{nullcure|Call it only where the pointer is not NULL.}"}

// staleArgument is said of a pointer that an earlier call made worthless.
var staleArgument = Case{
	Fact:       "lost",
	Problem:    "use of a stale pointer",
	Reason:     "{value|this argument} is passed to {call|this call}, but {lost}.",
	Suggestion: "{advice|Use the pointer before that call, or get it again.}",
}

// cases are in the order in which they are tried.
var cases = map[Code][]Case{
	ScalarDereference: {
		nullPassed,
		{
			Fact:       "nullcure",
			Problem:    "dereference of NULL",
			Reason:     "{value|the pointer} is NULL on this path: {null}, and the path goes on to this line.",
			Suggestion: "{nullcure|Use the pointer only where it is not NULL.}",
		},
		{
			Fact:       "null",
			Problem:    "dereference of NULL",
			Reason:     "{value|the pointer} is NULL on this path: {null}, and the path goes on to this line.",
			Suggestion: "Leave where {value|the pointer} is NULL: {way|return or skip this line on that path}.",
		},
		{Fact: "lost", Problem: "use of a stale pointer"},
		{
			Fact:       "whence",
			Reason:     "{value|the value} is used as a pointer, but {whence}.",
			Suggestion: "{advice|Read memory of the kernel with bpf_probe_read_kernel(), memory of user space with bpf_probe_read_user().}",
		},
	},
	BTFAccess: {{
		Fact:       "beyond",
		Reason:     "{beyond}, and this access[ of {size}][ at offset {off}] is past its end. A cast in C does not change that.",
		Suggestion: "{advice|Use the type that the pointer really has.}",
	}},
	ReadOnlyMemory: {{
		Fact:       "writer",
		Reason:     "Programs may only read what {value|this pointer} points to: it comes from {reader}, which gives memory to read.",
		Suggestion: "Call {writer} in place of {reader}.[ If {value|the pointer} then leads to {given}, pass that to bpf_dynptr_write() after the change.]",
	}},
	MapPointerAccess: {{
		Fact:       "outermap",
		Problem:    "map in a map taken for a value",
		Reason:     "{outermap} is a map of maps: what bpf_map_lookup_elem() finds in it is a map, and {value|this pointer} is that map, not a value.",
		Suggestion: "Look the value up in that map: call bpf_map_lookup_elem() again with {value|the map} as its first argument and the address of a key, and check the result for NULL.",
	}},
	SpecialFieldAccess: {{
		Fact:       "covered",
		Reason:     "{call|this call} is given {covered}, in a value of {map}, and would access its member {member}, a {field}, which is managed by the kernel.",
		Suggestion: "Copy the other members to a variable, and pass that, or leave {member} outside of what is passed.",
	}},
	PacketOutOfBounds: {{
		Fact:    "nopacket",
		Problem: "access without a length check",
	}},
	NullableArgument:  {nullPassed, nullArgumentCured, nullArgument},
	WrongArgumentKind: {nullPassed, nullArgumentCured, nullArgument, staleArgument},
	ReleaseNotOwned:   {nullPassed, nullArgumentCured, nullArgument, staleArgument},
	NotMemory:         {nullPassed, nullArgumentCured, nullArgument, staleArgument, untrackedPointer},
}

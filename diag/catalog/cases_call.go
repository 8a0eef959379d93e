// SPDX-License-Identifier: GPL-2.0-only

package catalog

// misplacedField is said of a lock, timer or alike that is not in a map.
var misplacedField = Case{
	Fact:       "onstack",
	Problem:    "special field outside of a map",
	Reason:     "{call|this function} needs a {name} in the value of a map, and {onstack}.",
	Suggestion: "Make the {name} a member of the values of a map, look up a value, and pass the address of that member.",
}

// misplacedCopy is said where the variable is of the type of a map's values, or the map of
// the call has such a member.
var misplacedCopy = Case{
	Fact:       "fieldmap",
	Problem:    misplacedField.Problem,
	Reason:     "{call|this function} needs a {name} in the value of a map, and {onstack}: {fieldmap}.",
	Suggestion: "{advice|Look a value of the map up, check it for NULL, and pass the address of its member.}",
}

// untypedPointer is said of the number that a helper returns where another one
// returns a pointer that the kernel trusts.
var untypedPointer = Case{
	Fact:       "typed",
	Reason:     "The {arg|given} argument of {call|this call}, {value|the pointer}, must be a pointer that the kernel trusts, and {untyped} returns only a number.",
	Suggestion: "Use {typed} instead, which returns such a pointer.",
}

// untrackedPointer is said of a number that is passed for an object of the kernel.
var untrackedPointer = Case{
	Fact:       "untracked",
	Problem:    "number in place of a pointer",
	Reason:     "The {arg|given} argument of {call|this call}[, {value},] must be a pointer that the verifier follows, but {untracked}.",
	Suggestion: "{advice|Pass a pointer that the verifier follows, such as one that the program was given, or that was read from such a one directly, in place of a copy.}",
}

// hookPointer is said of an argument of a hook that the kernel does not trust.
var hookPointer = Case{
	Fact:       "fromhook",
	Reason:     "The {arg|given} argument of {call|this call}[, {value},] must be a pointer that is known to stay valid, and what {fromhook} is given is not trusted in programs of this kind.",
	Suggestion: "[Get a reference with {getters}, and release it at the end.][ The arguments of tracepoints are trusted: attach to one with {section}, if there is one for this.]",
}

// callCases word faults about calls of which the tables know more.
var callCases = map[Code][]Case{
	MapHelperMismatch: {
		{
			Fact:       "takes",
			Reason:     "{mapis}, and {call|this function} works on {takes} only.",
			Suggestion: "Change the type of {name}, or call a function that works on the type that it has.",
		},
		{
			Fact:       "ownhelpers",
			Reason:     "{mapis}, which {call|this function} does not work on: such maps are for {ownhelpers}.",
			Suggestion: "Call one of these functions, or change the type of {name}.",
		},
		{
			Fact:       "mapis",
			Reason:     "{mapis}, which {call|this function} does not work on.",
			Suggestion: "Change the type of {name}, or call a function that works on the type that it has.",
		},
	},
	ReturnValue: {{
		Fact:       "goes",
		Suggestion: "Return {goes}[, or {refuses}], on every path.[ {errno} sets another error than EPERM.]",
	}},
	TailCallMap: {{
		Fact:       "mapis",
		Problem:    "tail call through another type of map",
		Reason:     "{mapis}, and a tail call needs {takes|a program array}.",
		Suggestion: "Define {name} with `__uint(type, BPF_MAP_TYPE_PROG_ARRAY)`.",
	}},
	WrongArgumentKind: {
		misplacedCopy,
		misplacedField,
		{
			Fact:       "string",
			Problem:    "string is not constant",
			Reason:     "The {arg|given} argument of {call|this call} must be a constant string, and {string}.",
			Suggestion: "Declare it {name}, so that it is in read-only memory.",
		},
		untypedPointer,
		untrackedPointer,
	},
	UntrustedArgument: {untypedPointer, untrackedPointer, hookPointer, {
		Fact:       "owned",
		Problem:    "release of what a map owns",
		Reason:     "{call|this function} releases what its argument owns, but {value|the argument} was only read from {owned}, and the map owns that still.",
		Suggestion: "Take it out of the map in place of reading it: write {check} in line {line}.",
	}, {
		Fact:       "owner",
		Suggestion: "Get a reference with {owner} in place of {member}, check that it is not NULL, and release it with {drop} at the end.",
	}, {
		Fact:       "getters",
		Suggestion: "Get a reference to a {object} with {getters}, and release it at the end, or pass a pointer that the hook gave to the program.",
	}},
	RCUArgument: {untypedPointer, hookPointer, {
		Fact:       "getters",
		Reason:     "The {arg|given} argument of {call|this call}[, {value},] must be a pointer to a {object} that is known to stay valid, and this one was reached by following pointers that nothing protects here.",
		Suggestion: "Get a reference with {getters}, and release it at the end, or pass a pointer that the hook gave to the program. Members that the kernel marks `__rcu` can also be read and passed on between bpf_rcu_read_lock() and bpf_rcu_read_unlock().",
	}},
	FormatString: {{
		Fact:       "datasize",
		Problem:    "length of the format's arguments",
		Reason:     "The {arg|given} argument of {call|this call}[, {value},] is the length in bytes of the arguments for the format, and is not a multiple of 8: each argument takes 8 bytes.",
		Suggestion: "Keep the arguments in an array of `__u64`, and pass the size of that.",
	}},
	ObjectArgument: {{
		Fact:       "percpu",
		Reason:     "{value|the argument} is {percpu}, and {call|this function} does not take such objects.",
		Suggestion: "Give it back with {drop}.",
	}},
	GlobalFunctionArgument: {
		{
			Fact:       "unproven",
			Problem:    "packet data without a length check",
			Reason:     "{name|the called function} is verified on its own and may access all {size|the memory} that its parameter {param|given here} points to[: {value}, passed here, needs {needs}], but {checked|no check on this path proves that they are there}.",
			Suggestion: "{advice|Before the call compare the end of what is passed with the end of the packet.}",
		},
		{
			Fact:       "dropped",
			Problem:    "argument dropped by the compiler",
			Reason:     "{name|the called function} never reads its parameter {dropped}, so the compiler does not pass it, while the kernel goes by the declaration and expects it in every call.",
			Suggestion: "Remove the parameter {dropped}, or make the function `static`.",
		},
		{
			Fact:       "small",
			Problem:    "memory smaller than the parameter's type",
			Reason:     "{name|the called function} is verified on its own and may access {needs} that its parameter {param|given here} points to[, a {object}], but {small}.",
			Suggestion: "Pass[ a {object}, or other] memory of that size, or declare {param|the parameter} as a pointer to what is passed.",
		},
		{
			Fact:       "tagged",
			Reason:     "{name|the called function} is verified on its own: without a tag its parameter {param} is memory of the program, and {value|the argument} is a pointer to a {object} of the kernel.",
			Suggestion: "Declare the parameter as {tagged}, or make the function `static`, so that it is verified for this call.",
		},
		{
			Fact:       "param",
			Reason:     "{name|the called function} is verified on its own for any argument of its types, and {value|the argument} given here for its parameter {param} is {kind|not one}.",
			Suggestion: "Pass what the type and the tags of {param} promise[, or make the function {static}, so that it is verified for this call].",
		},
	},
	GlobalFunctionSignature: {
		{
			Fact:       "gives",
			Problem:    "result of a global function is not a number",
			Reason:     "{name|the global function} is verified on its own, which only functions that return a number can be, and its result is {gives}.",
			Suggestion: "Make the function `static`, so that it is verified with its callers, or have it return a number.",
		},
		{
			Fact:       "voidparam",
			Problem:    "parameter of a global function without a size",
			Reason:     "{function|this global function} is verified on its own, and its parameter {voidparam} is a `void *`: of what it points to nothing is known.",
			Suggestion: "For the context [declare it {ctxtype}, or ]tag it `__arg_ctx`. Give other memory a type of known size, or make the function `static`.",
		},
		{
			Fact:       "param",
			Reason:     "{function|this global function} is verified on its own, and the type or the tags of its parameter {param} are not possible there.",
			Suggestion: "Make the function `static`, or declare {param} as a number[, as the context ({ctxtype})], or as a pointer to a structure of known size, with the tags that bpf_helpers.h offers.",
		},
	},
	ContextAccess: {
		{
			Fact:       "macro",
			Problem:    "macro for another kind of program",
			Reason:     "{program|the program} gets its arguments with {macro}, which reads them from the registers that a probe is given, and the context of programs of {progtype|this type} is an array of the arguments.",
			Suggestion: "Use BPF_PROG() in place of {macro}, or a section for probes.",
		},
		partOfMember,
		{
			Fact:       "settable",
			Problem:    "context member cannot be written",
			Reason:     "{member} of {object} can be read in programs of {progtype|this type}, but not written.",
			Suggestion: "[Change it with {changer}. ]The members that such programs can write are {settable}.",
		},
		{
			Fact:       "hooks",
			Reason:     "{member} of {object} cannot be {accessed|accessed} by programs at this hook, but by those at others, such as in {hooks}.",
			Suggestion: "Use a member that this hook has, or one of these hooks.",
		},
		{
			Fact:       "writers",
			Reason:     "{member} of {object} is not available to programs of {progtype|this type}: programs of type {writers} can write it.",
			Suggestion: "Write it in such a program.",
		},
		{
			Fact:       "others",
			Reason:     "{member} of {object} is not available to programs of {progtype|this type}: it is for programs of type {others}.",
			Suggestion: "Get the value in another way, such as from the packet or by a helper, or use such a program type.",
		},
		{
			Fact:       "readonly",
			Problem:    "context member cannot be written",
			Reason:     "{member} of {object} can be read in programs of {progtype|this type}, but not written, and neither can any other member.",
			Suggestion: "Change it with {changer|a helper, if there is one}.",
		},
		{
			Fact:       "proto",
			Problem:    "argument that the function does not have",
			Reason:     "[{param} would be the {arg} argument, but ]{hookcall|the hook} has {count}[ and {result}] in the target kernel: {proto}.",
			Suggestion: "{advice|Declare only the arguments that are there, in the order of the prototype.}",
		},
	},
	BTFWrite: {{
		Fact:       "writable",
		Problem:    "member cannot be written",
		Reason:     "{member|this member} of {name} is read-only for programs of this kind.",
		Suggestion: "The members that can be written here are {writable}. Others change only through helpers and kernel functions.",
	}, {
		Fact:       "traced",
		Reason:     "{value|the pointer} leads into a structure of the kernel, and programs of {progtype|this type} only watch: they write to none.",
		Suggestion: "Keep what is to be remembered in a map or a variable of the program.[ {member} can be written through {context}, in a program such as one in {section}.]",
	}},
	MapMismatch: {{
		Fact:       "inmap",
		Reason:     "{call|this function} needs the map in which the object lies: {inmap}, and {given} is passed with it.",
		Suggestion: "Pass {instead}.",
	}},
	SpecialFieldArgument: {misplacedCopy, misplacedField, {
		Fact:       "refusedfields",
		Problem:    "map without its special fields",
		Reason:     "{call|this function} needs a {name}, and the kernel creates {refusedfields} without its special fields, as told at the definition.",
		Suggestion: "Correct the definition first: this error is gone then.",
	}, {
		Fact:       "elsewhere",
		Reason:     "{call|this function} is given {elsewhere}.",
		Suggestion: "Pass the address of the member {member}.",
	}, {
		Fact:       "fieldless",
		Problem:    "map without the special field",
		Reason:     "{call|this function} needs a {field}, and the values of {map} are {fieldless}, which has none.",
		Suggestion: "Add a member of type {field} to {fieldless}, and pass its address.",
	}, {
		Fact:       "untyped",
		Problem:    "map without the type of its values",
		Reason:     "{call|this function} needs a {name} whose place in the values of {untyped} is known, and the definition of {untyped} has sizes instead of types.",
		Suggestion: "Write {keytype} and {valuetype} into the definition, in place of `key_size` and `value_size`.",
	}},
	MapNotAllowed: {{
		Fact:       "field",
		Reason:     "Programs of {progtype|this type} cannot use maps with a {field} in their values, and {name} has one[ ({member})].",
		Suggestion: "Keep the {field} in another map that this program does not use.[ Without {locktype}, atomic operations such as __sync_fetch_and_add() or a per-CPU map keep counts right.] Programs of type Tracing, such as those in `SEC(\"fentry/…\")`, can use such maps.",
	}},
	HelperNotAllowed: {
		{
			Fact:       "gate",
			Reason:     "{call|the helper} cannot be used in programs of {progtype|this type}: it can be called {gate}.",
			Suggestion: "Attach the program at such a place[, for example with {section}].",
		},
		{
			Fact:       "near",
			Reason:     "{call|the helper} cannot be used in programs of {progtype|this type}[: it is for programs of type {offered}].",
			Suggestion: "Use {near} here.",
		},
		{
			Fact:       "offered",
			Reason:     "{call|the helper} cannot be used in programs of {progtype|this type}: it is for programs of type {offered}.",
			Suggestion: "Use another helper, or move the work to a program type that has it[, with {section}].",
		},
	},
	HelperGate: {{
		Fact:       "gate",
		Reason:     "{call|the helper} cannot be used by this program at its attach point: it can be called {gate}.",
		Suggestion: "Attach the program at such a place[, for example with {section}].",
	}},
	KfuncNotAllowed: {{
		Fact:       "near",
		Reason:     "{call|the kernel function} cannot be called from programs of {progtype|this type}[: it is for programs of type {offered}].",
		Suggestion: "Use {near} here, and declare it as {call|this one} is, with the type of this program's context.",
	}, {
		Fact:       "offered",
		Reason:     "{call|the kernel function} cannot be called from programs of {progtype|this type}: it is for programs of type {offered}.",
		Suggestion: "Use a function that is registered for this program type, or one of these program types[, with {section}].",
	}},
	PacketArgument: {{
		Fact:       "loader",
		Suggestion: "{advice|Copy the bytes to the stack first, and pass that.}",
	}},
}

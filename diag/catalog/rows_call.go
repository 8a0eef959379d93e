// SPDX-License-Identifier: GPL-2.0-only

package catalog

import (
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
)

// Call Type Safety: arguments and return values must be what the callee, the
// caller or the hook asks for.
const (
	NullableArgument        Code = "call-type/nullable-argument"
	WrongArgumentKind       Code = "call-type/wrong-argument-kind"
	ReleaseNotOwned         Code = "call-type/release-not-owned"
	UntrustedArgument       Code = "call-type/untrusted-argument"
	RCUArgument             Code = "call-type/rcu-argument"
	DropNotOwned            Code = "call-type/drop-not-owned"
	NonConstantArgument     Code = "call-type/non-constant-argument"
	NonConstantSize         Code = "call-type/non-constant-size"
	ReturnBufferSize        Code = "call-type/return-buffer-size"
	MemoryRange             Code = "call-type/memory-range"
	NotMemory               Code = "call-type/not-memory"
	MemoryLengthRange       Code = "call-type/memory-length-range"
	NegativeSize            Code = "call-type/negative-size"
	ZeroSize                Code = "call-type/zero-size"
	UnboundedSize           Code = "call-type/unbounded-size"
	DynptrArgument          Code = "call-type/dynptr-argument"
	DynptrTypeMismatch      Code = "call-type/dynptr-type-mismatch"
	ConstDynptrArgument     Code = "call-type/const-dynptr-argument"
	IteratorArgument        Code = "call-type/iterator-argument"
	IteratorType            Code = "call-type/iterator-type"
	IRQFlagArgument         Code = "call-type/irq-flag-argument"
	StructMismatch          Code = "call-type/struct-mismatch"
	MapMismatch             Code = "call-type/map-mismatch"
	MapHelperMismatch       Code = "call-type/map-helper-mismatch"
	MapArgument             Code = "call-type/map-argument"
	ConstString             Code = "call-type/const-string"
	FormatString            Code = "call-type/format-string"
	ReturnValue             Code = "call-type/return-value"
	CallbackReturnValue     Code = "call-type/callback-return-value"
	GlobalFunctionArgument  Code = "call-type/global-function-argument"
	ContextArgument         Code = "call-type/context-argument"
	SpecialFieldArgument    Code = "call-type/special-field-argument"
	GraphNodeMismatch       Code = "call-type/graph-node-mismatch"
	ObjectArgument          Code = "call-type/object-argument"
	CallbackArgument        Code = "call-type/callback-argument"
	PacketArgument          Code = "call-type/packet-argument"
	TypeIDArgument          Code = "call-type/type-id-argument"
	ArgumentValue           Code = "call-type/argument-value"
	KfuncSignature          Code = "call-type/kfunc-signature"
	MultipleReferences      Code = "call-type/multiple-references"
	TailCallMap             Code = "call-type/tail-call-map"
	ReadOnlyArgument        Code = "call-type/read-only-argument"
	UnsupportedDynptrSource Code = "call-type/unsupported-dynptr-source"
)

var callTypeRows = []Entry{
	{
		Code:   NullableArgument,
		Anchor: AtInstruction, Story: valueStory, NullArgument: true,
		Details:    []Detail{DetailNullCheck},
		Problem:    "argument may be NULL",
		Reason:     "The {arg|given} argument of {call|this call}[, {value},] may be NULL, and the function needs an object.",
		Suggestion: "{advice|Compare the pointer with NULL before the call.}",
	},
	{
		Code:   WrongArgumentKind,
		Anchor: AtInstruction, Story: valueStory, Stale: true,
		Details:    []Detail{DetailMisplacedField, DetailConstantString, DetailTrusted, DetailUntracked, DetailSubstitute},
		Problem:    "argument of the wrong kind",
		Reason:     "The {arg|given} argument of {call|this call}[, {value},] is {kind|of a kind that the function does not take}[, but {wanted} is needed][: {whence}].",
		Suggestion: "{advice|Pass what the function asks for: for a map its address, for an object the pointer that the kernel gave, checked for NULL.}",
	},
	{
		Code:   ReleaseNotOwned,
		Anchor: AtInstruction, Story: valueStory, Stale: true,
		Details:     []Detail{DetailUnowned, DetailLender},
		Problem:     "release of something not owned",
		Reason:      "{call|this function} releases its argument, but {value|the pointer} owns no resource on this path: it was never acquired, or was released already.",
		Suggestion:  "Release each resource once, through the pointer that the acquiring function returned.",
		KernelLater: []fault.Wording{{Since: facts.Linux73, Words: "release function {name} expects referenced PTR_TO_BTF_ID passed to R{reg}"}},
	},
	{
		Code:   UntrustedArgument,
		Anchor: AtInstruction, Story: valueStory,
		Details:    []Detail{DetailTrusted, DetailUntracked, DetailGetters},
		Problem:    "untrusted pointer as an argument",
		Reason:     "The {arg|given} argument of {call|this call}[, {value},] must be a pointer that is known to stay valid, and this one was reached by following other pointers or lost its protection.",
		Suggestion: "Pass a pointer that the hook gave to the program, or a reference that it owns: this function does not take what only RCU protects.",
	},
	{
		Code:   RCUArgument,
		Anchor: AtInstruction, Story: valueStory,
		Details:    []Detail{DetailTrusted, DetailGetters},
		Problem:    "pointer not protected by RCU",
		Reason:     "The {arg|given} argument of {call|this call}[, {value},] must be owned, trusted, or protected by RCU.",
		Suggestion: "Read the pointer between bpf_rcu_read_lock() and bpf_rcu_read_unlock(), and make the call there too.",
	},
	{
		Code:   DropNotOwned,
		Anchor: AtInstruction, Story: valueStory,
		Problem:    "drop of an object not owned",
		Reason:     "{call|this function} frees an object, but {value|the pointer} no longer owns it.",
		Suggestion: "Drop objects only while they are owned: after adding one to a list or tree, the list or tree owns it.",
	},
	{
		Code:   NonConstantArgument,
		Anchor: AtInstruction, Story: valueStory,
		Problem:    "argument must be constant",
		Reason:     "The {arg|given} argument of {call|this call}[, {value},] must be one known number, and it varies on this path.",
		Suggestion: "Pass a literal or a constant; call the function in separate branches for separate values.",
	},
	{
		Code:   NonConstantSize,
		Anchor: AtInstruction, Story: valueStory,
		Details:    []Detail{DetailConstantSize},
		Problem:    "size must be constant",
		Reason:     "The size in the {arg|given} argument of {call|this call} must be one known number, and it varies on this path.",
		Suggestion: "Pass a literal or a constant[, such as {given}][, or copy the bytes with {plain}, which takes a variable size].",
	},
	{
		Code:   ReturnBufferSize,
		Anchor: AtInstruction, Story: valueStory,
		Problem:    "size of the returned buffer",
		Reason:     "The size in the {arg|given} argument of {call|this call} decides how much of the result may be accessed, so it must be one known number.",
		Suggestion: "Pass a literal or a constant.",
		Kernel:     []string{"R{reg} allocation size exceeds u32 max"},
	},
	{
		Code:   MemoryRange,
		Anchor: AtInstruction, Story: valueStory,
		Details:    []Detail{DetailDeclared, DetailMoved, DetailPointerSize},
		Problem:    "memory argument too small",
		Reason:     "The {arg|given} argument of {call|this call}[, {value},] points to less than the {size|memory} that the function accesses.",
		Suggestion: "Pass memory of the size that the function needs.",
	},
	{
		Code:   NotMemory,
		Anchor: AtInstruction, Story: valueStory, Stale: true,
		Details:    []Detail{DetailUntracked},
		Problem:    "argument is no memory",
		Reason:     "The {arg|given} argument of {call|this call}[, {value},] is {kind|a value}, not memory whose size the verifier knows.",
		Suggestion: "Pass the address of local memory or of a map value.",
	},
	{
		Code:   MemoryLengthRange,
		Anchor: AtInstruction, Story: valueStory,
		Amount: AmountAdded, Details: []Detail{DetailIndex, DetailAmount, DetailRoom, DetailRelation, DetailDeclared, DetailPointerSize},
		Problem:    "memory and length do not fit",
		Reason:     "{call|the function} may access[ up to {size}] at its {arg|pointer} argument[, {value}], but {room|fewer bytes are there}.[ {fit}.][ {length}.]",
		Suggestion: "{advice|Limit the length to the size of the memory before the call.}",
	},
	{
		Code:   NegativeSize,
		Anchor: AtInstruction, Story: valueStory,
		Amount: AmountNegative, Details: []Detail{DetailAmount},
		Problem:    "size may be negative",
		Reason:     "The {arg|given} argument of {call|this call}[, {value},] is a size[ ({range})] that may be below zero on this path.[ {cause}.]",
		Suggestion: "{advice|Check that the size is not below 0 before the call, or use an unsigned type and check its upper limit.}",
	},
	{
		Code:   ZeroSize,
		Anchor: AtInstruction, Story: valueStory,
		Amount: AmountZero, Details: []Detail{DetailAmount, DetailSizeBetween, DetailKeyless},
		Problem:    "size may be zero",
		Reason:     "The {arg|given} argument of {call|this call}[, {value},] is a size[ ({range})] that may be 0, which the function does not take.[ {cause}.]",
		Suggestion: "{advice|Check that the size is above 0 before the call.}",
	},
	{
		Code:   UnboundedSize,
		Anchor: AtInstruction, Story: valueStory,
		Amount: AmountUnlimited, Details: []Detail{DetailAmount},
		Problem:    "size without a limit",
		Reason:     "The {arg|given} argument of {call|this call}[, {value},] is a size without an upper limit on this path.[ {cause}.]",
		Suggestion: "{advice|Check the size against the size of the memory before the call, or mask it with a constant.}",
	},
	{
		Code:   DynptrArgument,
		Anchor: AtInstruction, Story: valueStory,
		Problem:    "argument is no dynptr",
		Reason:     "The {arg|given} argument of {call|this call} must be the address of a local `struct bpf_dynptr` or a dynptr given to this function.",
		Suggestion: "Pass the address of a local `struct bpf_dynptr`.",
	},
	{
		Code:   DynptrTypeMismatch,
		Anchor: AtInstruction, Story: valueStory,
		Problem:    "wrong dynptr type",
		Reason:     "{call|this function} works on dynptrs of type {want|another kind}, and {value|this one} is of another.",
		Suggestion: "Use a dynptr of the type that the function is made for, such as one reserved from a ring buffer.",
		Kernel:     []string{"Expected a dynptr of type {want} as arg #{argno}"},
		Needs:      facts.Linux73,
	},
	{
		Code:   ConstDynptrArgument,
		Anchor: AtInstruction, Story: valueStory,
		Problem:    "dynptr is read-only here",
		Reason:     "{call|this function} changes its dynptr, and {value|this one} was given to the function as read-only.",
		Suggestion: "Make a copy with bpf_dynptr_clone() and change that.",
	},
	{
		Code:   IteratorArgument,
		Anchor: AtInstruction, Story: valueStory,
		Problem:    "iterator is not on the stack",
		Reason:     "The {arg|given} argument of {call|this call} must be the address of a local iterator.",
		Suggestion: "Declare the iterator as a local variable and pass its address.",
	},
	{
		Code:   IteratorType,
		Anchor: AtInstruction, Story: valueStory,
		Problem:    "unknown iterator type",
		Reason:     "The {arg|given} parameter of {call|this function} is of a type that the kernel does not know as an iterator.",
		Suggestion: "Use one of the kernel's iterators.",
	},
	{
		Code:   IRQFlagArgument,
		Anchor: AtInstruction, Story: valueStory,
		Problem:    "IRQ flag is not on the stack",
		Reason:     "The {arg|given} argument of {call|this call} must be the address of a local variable for the saved interrupt state.",
		Suggestion: "Declare an `unsigned long` in this function and pass its address.",
	},
	{
		Code:   StructMismatch,
		Anchor: AtInstruction, Story: valueStory,
		Problem:    "pointer to another structure",
		Reason:     "The {arg|given} argument of {call|this call}[, {value},] must point to {wanted|another structure}[, and points to {kind}].",
		Suggestion: "Pass a pointer of the type that the function takes; a cast does not change what the verifier knows.",
	},
	{
		Code:   MapMismatch,
		Anchor: AtInstruction, Story: valueStory,
		Details:    []Detail{DetailOtherMap},
		Problem:    "object belongs to another map",
		Reason:     "{call|this function} needs the map in which the object lies, and the two arguments are from different maps or lookups.",
		Suggestion: "Pass the map that the value was looked up in.",
	},
	{
		Code:   MapHelperMismatch,
		Anchor: AtInstruction, Story: valueStory, MapKind: true,
		Details:    []Detail{DetailMapType, DetailSuitableMap},
		Problem:    "function does not work on this map type",
		Reason:     "{call|this function} cannot be used on {map|a map of this type}.",
		Suggestion: "Choose a map type that the function works on, or the function that is made for this map type.",
	},
	{
		Code:   MapArgument,
		Anchor: AtInstruction, Story: valueStory, Stale: true,
		Details:    []Detail{DetailMapArgument},
		Problem:    "argument is no map",
		Reason:     "The {arg|given} argument of {call|this call}[, {value},] must be {wanted|a map}[, and is {kind}].",
		Suggestion: "Pass the address of the map's variable[, or a map that was looked up in {inners}, checked for NULL].",
	},
	{
		Code:   ConstString,
		Anchor: AtInstruction, Story: valueStory,
		Details:    []Detail{DetailChangingString},
		Problem:    "argument is no constant string",
		Reason:     "The {arg|given} argument of {call|this call} must be a string that is known now and cannot change[, and {string}].",
		Suggestion: "{advice|Pass a string literal, or a `static const char` array that ends with 0.}",
		Kernel:     []string{"failed to retrieve map value address"},
	},
	{
		Code:   FormatString,
		Anchor: AtInstruction, Story: valueStory,
		Problem:    "format string not understood",
		Reason:     "The format of {call|this call} has a conversion that does not exist or does not fit its arguments.",
		Suggestion: "Use the conversions that bpf_snprintf() documents, and give as many arguments as the format has.",
	},
	{
		Code:   ReturnValue,
		Anchor: AtReturn, Story: valueStory,
		Details:    []Detail{DetailHook},
		Value:      ValueReturned,
		Problem:    "return value out of range",
		Reason:     "{function|the program} returns {value|a value}[ ({range})], which {hook|its caller} does not take[: it takes only {limit}].",
		Suggestion: "Return only values that the hook defines, on every path.",
		Kernel:     []string{"At exception callback return the register R{reg} is not a known value ({type})"},
	},
	{
		Code:   CallbackReturnValue,
		Anchor: AtReturn, Story: valueStory,
		Value:      ValueReturned,
		Problem:    "return value of a callback out of range",
		Reason:     "The callback {function|given here} returns {value|a value}[ ({range})], which its caller does not take[: it takes only {limit}].",
		Suggestion: "Return 0 to go on and 1 to stop, or what the calling function documents.",
		Kernel:     []string{"At async callback return the register R{reg} has {detail} should have been in [{min}, {max}]"},
	},
	{
		Code:   GlobalFunctionArgument,
		Anchor: AtInstruction, Story: valueStory, Name: NameFunction,
		Details:    []Detail{DetailGlobalArgument},
		Problem:    "argument does not fit the global function",
		Reason:     "{name|the called function} is verified on its own for any argument of its types, and {value|an argument} given here is not one.",
		Suggestion: "Pass what the parameter's type and tags promise, or make the function `static`, so that it is verified for this call.",
	},
	{
		Code:   ContextArgument,
		Anchor: AtInstruction, Story: valueStory,
		Details:    []Detail{DetailContextArgument},
		Problem:    "argument is not the context",
		Reason:     "The {arg|given} argument of {call|this call} must be the program's own context pointer, unchanged[, and {value} is {kind}].",
		Suggestion: "Pass {ctxname|the context} itself.",
	},
	{
		Code:   SpecialFieldArgument,
		Anchor: AtInstruction, Story: valueStory, MapKind: true,
		Details:    []Detail{DetailUntypedMap, DetailFieldOfMap, DetailMisplacedField},
		Problem:    "argument is not the special field",
		Reason:     "{call|this function} needs the address of {name|a special member} of a map value or object, at the place where its type has it.",
		Suggestion: "Pass the address of the member itself, from a map whose value type is known by BTF.",
	},
	{
		Code:   GraphNodeMismatch,
		Anchor: AtInstruction, Story: valueStory,
		Problem:    "node does not belong to this list or tree",
		Reason:     "The list or tree is declared for another node than {value|the one given here}.",
		Suggestion: "Pass the node member that the `__contains` tag of the list head or tree root names.",
	},
	{
		Code:   ObjectArgument,
		Anchor: AtInstruction, Story: valueStory,
		Details:    []Detail{DetailPerCPU},
		Problem:    "argument is not an object of the program",
		Reason:     "The {arg|given} argument of {call|this call}[, {value},] must point to an object that the program allocated[ and {detail}].",
		Suggestion: "Pass a pointer from bpf_obj_new(), checked for NULL.",
	},
	{
		Code:   CallbackArgument,
		Anchor: AtInstruction, Story: valueStory,
		Problem:    "argument is no callback",
		Reason:     "A callback[ in the {arg} argument of {call}] must be a static function of the program[, which {name} is not].",
		Suggestion: "Pass the name of a `static` function with the parameters that the caller gives.",
	},
	{
		Code:   PacketArgument,
		Anchor: AtInstruction, Story: valueStory,
		Details:    []Detail{DetailLoader},
		Problem:    "packet memory as an argument",
		Reason:     "{call|this function} does not take packet memory in programs of {progtype|this type}[, and its {arg} argument, {value}, is such memory].",
		Suggestion: "Copy the bytes to the stack first, for example with bpf_skb_load_bytes().",
	},
	{
		Code:   TypeIDArgument,
		Anchor: AtInstruction, Story: valueStory,
		Problem:    "type argument not possible",
		Reason:     "The type given to {call|this function} is not one that it can work with[: {detail}].",
		Suggestion: "Pass a structure of the program through the macro that goes with the function, such as bpf_obj_new(typeof(*p)).",
	},
	{
		Code:   ArgumentValue,
		Anchor: AtInstruction, Story: valueStory,
		Problem:    "argument value not possible",
		Reason:     "An argument of {call|this call} has a value that the function does not take.",
		Suggestion: "Pass 0 for flags that the function does not define.",
	},
	{
		Code:   KfuncSignature,
		Anchor: AtInstruction, Story: valueStory,
		Problem:    "kernel function's signature is not supported",
		Reason:     "{call|the kernel function} has a parameter or result whose type does not work with {value|what is passed here}.",
		Suggestion: "Check the argument: a pointer that the kernel does not know as an object is taken as memory, and that must hold numbers only.",
		Kernel: []string{
			"max struct nesting depth exceeded",
			"invalid return type {type} of func {name}#{id}",
		},
	},
	{
		Code:   MultipleReferences,
		Anchor: AtInstruction, Story: valueStory,
		Problem:    "two owned arguments",
		Reason:     "{call|this function} is given two resources that the program owns, and the verifier can follow only one.",
		Suggestion: "Pass one owned pointer at a time.",
	},
	{
		Code:   TailCallMap,
		Anchor: AtInstruction, Story: valueStory, MapKind: true,
		Details:    []Detail{DetailMapType, DetailSuitableMap},
		Problem:    "tail call through another map",
		Reason:     "A tail call needs one program array that is the same on every path.",
		Suggestion: "Pass the address of a BPF_MAP_TYPE_PROG_ARRAY map directly.",
	},
	{
		Code:   ReadOnlyArgument,
		Anchor: AtInstruction, Story: valueStory,
		Details:    []Detail{DetailReadOnly},
		Problem:    "function would write to read-only memory",
		Reason:     "{call|this function} may write to its {arg|pointer} argument[, {value}], which is read-only for the program.",
		Suggestion: "Pass local memory or a map value.",
	},
	{
		Code:   UnsupportedDynptrSource,
		Anchor: AtInstruction, Story: valueStory,
		Problem:    "memory that no dynptr can be made of",
		Reason:     "A dynptr cannot be made of {kind|this memory}, only of map values and similar memory that stays.",
		Suggestion: "Put the data into a map value first.",
	},
}

// SPDX-License-Identifier: GPL-2.0-only

package catalog

// Program Structure: what can be said of the instructions before any path is
// walked.
const (
	JumpOutOfRange          Code = "program-structure/jump-out-of-range"
	BackEdge                Code = "program-structure/back-edge"
	Unreachable             Code = "program-structure/unreachable"
	JumpIntoLdimm64         Code = "program-structure/jump-into-ldimm64"
	FallThrough             Code = "program-structure/fall-through"
	Recursion               Code = "program-structure/recursion"
	MissingJumpTable        Code = "program-structure/missing-jump-table"
	JumpTableRange          Code = "program-structure/jump-table-range"
	IndirectJumpRange       Code = "program-structure/indirect-jump-range"
	IndirectJumpSubprogram  Code = "program-structure/indirect-jump-subprogram"
	KfuncReturnType         Code = "program-structure/kfunc-return-type"
	InvalidInstruction      Code = "program-structure/invalid-instruction"
	InvalidRegister         Code = "program-structure/invalid-register"
	DivisionByZero          Code = "program-structure/division-by-zero"
	InvalidShift            Code = "program-structure/invalid-shift"
	CallDestination         Code = "program-structure/call-destination"
	FunctionInfo            Code = "program-structure/function-info"
	LineInfo                Code = "program-structure/line-info"
	LegacyPacketLoad        Code = "program-structure/legacy-packet-load"
	AbnormalReturn          Code = "program-structure/abnormal-return"
	ExceptionCallback       Code = "program-structure/exception-callback"
	GlobalFunctionSignature Code = "program-structure/global-function-signature"
	CompilerTrap            Code = "program-structure/compiler-trap"
	UnknownKernelSymbol     Code = "program-structure/unknown-kernel-symbol"
	InvalidMapReference     Code = "program-structure/invalid-map-reference"
	AttachTarget            Code = "program-structure/attach-target"
	StructOpsMember         Code = "program-structure/struct-ops-member"
)

var programStructureRows = []Entry{
	{
		Code:   JumpOutOfRange,
		Anchor: AtInstruction, Story: programStory,
		Problem:    "jump out of range",
		Reason:     "A jump leads out of {function|its function}.",
		Suggestion: "Compilers do not generate this; look at the inline assembly.",
	},
	{
		Code:   BackEdge,
		Anchor: AtInstruction, Story: programStory,
		Problem:    "loop not allowed",
		Reason:     "The program has a loop, and without the capability CAP_BPF only programs without loops are allowed.",
		Suggestion: "Unroll the loop with `#pragma unroll`, or load the program with CAP_BPF.",
	},
	{
		Code:   Unreachable,
		Anchor: AtInstruction, Story: programStory,
		Problem:    "unreachable code",
		Reason:     "No path leads to this code.",
		Suggestion: "Remove it; in inline assembly, look for a jump that skips too much. A function that ends in an endless loop makes what follows unreachable too.",
	},
	{
		Code:   JumpIntoLdimm64,
		Anchor: AtInstruction, Story: programStory,
		Problem:    "jump into the middle of an instruction",
		Reason:     "A jump leads into the second half of a 16-byte instruction.",
		Suggestion: "Compilers do not generate this; look at the inline assembly.",
	},
	{
		Code:   FallThrough,
		Anchor: AtInstruction, Story: programStory,
		Problem:    "function without an end",
		Reason:     "{function|the function} can run past its last instruction.",
		Suggestion: "End every path with a `return`; undefined behaviour, such as an endless loop or a path that cannot happen in C, makes the compiler leave it out.",
	},
	{
		Code:   Recursion,
		Anchor: AtInstruction, Story: programStory,
		Problem:    "recursive call",
		Reason:     "Functions call each other in a circle[: {path}].",
		Suggestion: "Use a loop, or a stack of your own in a map.",
		Kernel:     []string{"recursive call from {name}() to {other}()"},
	},
	{
		Code:   MissingJumpTable,
		Anchor: AtInstruction, Story: programStory,
		Problem:    "missing jump table",
		Reason:     "{function|the function} jumps through a table that the object does not have.",
		Suggestion: "Compile with -fno-jump-tables, or use a loader that makes the tables.",
		Kernel:     []string{"no jump tables found for subprog starting at {pc}"},
	},
	{
		Code:   JumpTableRange,
		Anchor: AtInstruction, Story: programStory,
		Problem:    "jump table entry out of range",
		Reason:     "A jump table leads out of {function|its function}.",
		Suggestion: "Compile with -fno-jump-tables.",
		Kernel:     []string{"jump table for insn {pc} points outside of the subprog [{min},{max}]"},
	},
	{
		Code:   IndirectJumpRange,
		Anchor: AtInstruction, Story: programStory,
		Problem:    "indirect jump out of range",
		Reason:     "An indirect jump leads out of the program.",
		Suggestion: "Compile with -fno-jump-tables.",
		Kernel:     []string{"indirect jump out of range from insn {pc} to {at}"},
	},
	{
		Code:   IndirectJumpSubprogram,
		Anchor: AtInstruction, Story: programStory,
		Problem:    "indirect jump into another function",
		Reason:     "An indirect jump leads out of {function|its function}.",
		Suggestion: "Compile with -fno-jump-tables.",
		Kernel:     []string{"indirect jump from insn {pc} to {at} leaves the subprog [{min},{max})"},
	},
	{
		Code:   KfuncReturnType,
		Anchor: AtInstruction, Story: programStory,
		Problem:    "kernel function's result is not supported",
		Reason:     "{call|the kernel function} returns a pointer or a structure that programs cannot use.",
		Suggestion: "Use another kernel function.",
		Kernel:     []string{"kernel function {name} returns {type} that is not composed of scalars or arena pointers"},
	},
	{
		Code:   InvalidInstruction,
		Anchor: AtInstruction, Story: programStory,
		Problem:    "instruction not defined",
		Reason:     "The instruction or one of its fields is not defined for this kernel.",
		Suggestion: "Compile with the -mcpu that the target kernel understands, and look at the inline assembly.",
		Kernel: []string{
			"unknown insn class {id}",
			"64-bit load-acquires are only supported on 64-bit arches",
			"64-bit store-releases are only supported on 64-bit arches",
			"insn {pc} cannot be patched due to 16-bit range",
		},
	},
	{
		Code:   InvalidRegister,
		Anchor: AtInstruction, Story: programStory,
		Problem:    "register not defined",
		Reason:     "The instruction names a register that does not exist.",
		Suggestion: "Look at the inline assembly.",
	},
	{
		Code:   DivisionByZero,
		Anchor: AtInstruction, Story: programStory,
		Problem:    "division by zero",
		Reason:     "A division or remainder by the constant 0.",
		Suggestion: "Check the divisor; the compiler found that it is always 0 here.",
	},
	{
		Code:   InvalidShift,
		Anchor: AtInstruction, Story: programStory,
		Problem:    "shift too wide",
		Reason:     "A shift by {off|more} bits is not defined for a value of this width.",
		Suggestion: "Shift by less than the width of the type.",
	},
	{
		Code:   CallDestination,
		Anchor: AtInstruction, Story: programStory,
		Problem:    "call of no function",
		Reason:     "A call does not lead to the start of a function.",
		Suggestion: "Compilers do not generate this; look at the inline assembly.",
	},
	{
		Code:   FunctionInfo,
		Anchor: AtInstruction, Story: programStory,
		Problem:    "function information does not fit",
		Reason:     "The object's BTF describes other functions than its code has.",
		Suggestion: "Compile with -g and do not change the object afterwards.",
		Kernel: []string{
			"invalid func info rec size {size}",
			"nonzero tailing record in func info",
			"Global functions need valid BTF",
		},
	},
	{
		Code:   LineInfo,
		Anchor: AtInstruction, Story: programStory,
		Problem:    "line information does not fit",
		Reason:     "The object's line information names instructions that its code does not have.",
		Suggestion: "Compile with -g and do not change the object afterwards.",
		Kernel: []string{
			"nonzero tailing record in line_info",
			"Invalid line_info[{id}].line_off or .file_name_off",
			"nonzero tailing record in core_relo",
			"Invalid core_relo[{id}].insn_off:{off} prog->len:{max}",
		},
	},
	{
		Code:   LegacyPacketLoad,
		Anchor: AtInstruction, Story: programStory,
		Problem:    "legacy packet load not possible here",
		Reason:     "The old form of packet load works only in programs of certain types, with the packet's context kept aside.",
		Suggestion: "Use bpf_skb_load_bytes() or direct packet access.",
	},
	{
		Code:   AbnormalReturn,
		Anchor: AtFunction, Story: programStory,
		Problem:    "function that may end the program must return int",
		Reason:     "{function|a function} with a tail call or a legacy packet load may end the whole program, so it must return an `int`.",
		Suggestion: "Declare the function's result as `int`, and compile with -g.",
	},
	{
		Code:   ExceptionCallback,
		Anchor: AtFunction, Story: programStory,
		Problem:    "exception callback not usable",
		Reason:     "The function that the tag `exception_callback` names cannot be the program's exception callback[: {detail}].",
		Suggestion: "Name one global function that takes one integer.",
	},
	{
		Code:   GlobalFunctionSignature,
		Anchor: AtFunction, Story: programStory, Name: NameFunction,
		Details:    []Detail{DetailParameter},
		Problem:    "global function's signature is not supported",
		Reason:     "{name|the global function} has a parameter or result that cannot be verified on its own.",
		Suggestion: "Make the function `static`, or use numbers, the context, and pointers to structures of known size, with the tags that bpf_helpers.h offers.",
		Kernel: []string{
			"arg#{argno} type tag fetching failure: {error}",
			"arg#{argno} has type {type}, but only struct or primitive types are allowed",
		},
	},
	{
		Code:   CompilerTrap,
		Anchor: AtInstruction, Story: programStory,
		Problem:    "code that the compiler gave up on",
		Reason:     "The compiler found undefined behaviour, such as the use of a variable that is not set, and put a trap here.",
		Suggestion: "Compile with -Wall and set every variable before it is used.",
	},
	{
		Code:   UnknownKernelSymbol,
		Anchor: AtInstruction, Story: programStory,
		Problem:    "kernel symbol not found",
		Reason:     "The kernel has no variable or function {name|of this name} that programs can use.",
		Suggestion: "Declare the symbol `__weak` and test its address before use.",
		Kernel: []string{
			"ldimm64 failed to find the address for kernel symbol '{name}'.",
			"invalid module BTF object FD specified.",
		},
	},
	{
		Code:   InvalidMapReference,
		Anchor: AtInstruction, Story: programStory,
		Problem:    "map reference cannot be resolved",
		Reason:     "The program refers to a map or map value that does not exist.",
		Suggestion: "Define the map in a `.maps` section of the same object.",
		Kernel: []string{
			"fd {id} is not pointing to valid bpf_map or btf",
			"fd_idx without fd_array is invalid",
			"fd_array_cnt is too big ({max})",
		},
	},
	{
		Code:   AttachTarget,
		Anchor: AtProgram, Story: programStory,
		Details:    []Detail{DetailReplaced},
		Problem:    "attach target cannot be used",
		Reason:     "The program cannot be attached to {name|its target}[: {detail}].",
		Suggestion: "[Did you mean {near}? ]Check the section's name and the target's kind.",
		Kernel: []string{
			"FENTRY/FEXIT program can only be attached to another program annotated with BTF",
			"attach_btf_id {id} doesn't have a name",
			"Target program bound device mismatch",
			"Subprog {name} doesn't exist",
			"{type} programs cannot attach to exception callback",
			"Extension programs should be JITed",
			"Can attach to only JITed progs",
			"Cannot nest tracing program attach more than once",
			"Cannot replace kernel functions",
			"Only FENTRY/FEXIT progs are attachable to another BPF prog",
			"Cannot find btf of tracepoint template, fall back to {name}.",
			"The address of function {name} cannot be found",
			"can't modify return codes of BPF programs",
		},
	},
	{
		Code:   StructOpsMember,
		Anchor: AtProgram, Story: programStory,
		Problem:    "struct_ops member cannot be implemented",
		Reason:     "[The member {member} of ]{name|the structure} cannot be implemented by a program in this kernel.",
		Suggestion: "Implement only the members that the kernel calls through struct_ops.",
		Kernel: []string{
			"struct_ops module {name} is not found",
			"attach_btf_id {id} is not a supported struct",
			"attach to invalid member idx {argno} of struct {name}",
			"Private stack not supported by jit",
		},
	},
}

// SPDX-License-Identifier: GPL-2.0-only

package catalog

var registerTypeRows = []Entry{
	{
		Code:       UnreadableRegister,
		Problem:    "uninitialized value",
		Reason:     "{value|a value} is used here, but {lost|it was never set on this path}.",
		Suggestion: "Give the variable a value on every path that reaches this line. A function that is called without its arguments and a missing `return` value look the same.",
	},
	{
		Code:       MissingStackArgument,
		Problem:    "missing stack argument",
		Reason:     "{call|the called function} takes more arguments than this path has set.",
		Suggestion: "Set every argument before the call.",
		Kernel:     []string{"callee expects {min} args, stack arg{argno} is not initialized"},
	},
	{
		Code:       ScalarDereference,
		Problem:    "dereference of a number",
		Reason:     "{value|the value} is used as a pointer, but {lost|for the verifier it is a plain number, not an address that it may follow}.",
		Suggestion: "{advice|Read memory of the kernel or of user space with bpf_probe_read_kernel(), bpf_probe_read_user() or BPF_CORE_READ(). If the pointer was good before, it lost its type: by a cast, by arithmetic, or because branches with other values joined.}",
	},
	{
		Code:       NullableDereference,
		Problem:    "dereference without a NULL check",
		Reason:     "{value|the pointer}[, {kind},] may be NULL here.",
		Suggestion: "Compare the pointer with NULL and return or skip before this line. Check the same variable that is used: a second lookup gives a new pointer.",
	},
	{
		Code:       ModifiedPointerDereference,
		Problem:    "dereference of a modified pointer",
		Reason:     "{value|the pointer}[, {kind},] must be used as it was given, but {off|some bytes} were added to it first.",
		Suggestion: "Access the member through the original pointer. If the compiler computed the address on its own, keep it from doing so with barrier_var() or by reading the member into a variable.",
	},
	{
		Code:       VariablePointerDereference,
		Problem:    "access at a variable offset",
		Reason:     "{value|the pointer}[, {kind},] allows only constant offsets, and the offset used here is a variable.",
		Suggestion: "Use constant member accesses, for example a switch over the index or an unrolled loop.",
	},
	{
		Code:       NegativePointerDereference,
		Problem:    "access before the start of an object",
		Reason:     "{value|the pointer}[, {kind},] is used with the negative offset {off|given here}.",
		Suggestion: "Access the object at and after its start.",
	},
	{
		Code:       InvalidDereference,
		Problem:    "dereference of a value that is no plain memory",
		Reason:     "{value|the value} is {kind|no plain memory}, which a program cannot read or write directly.",
		Suggestion: "Use the helper or kernel function that is made for this kind of object.",
	},
	{
		Code:       PointerArith32Bit,
		Problem:    "32-bit pointer arithmetic",
		Reason:     "{value|the pointer} takes part in an operation on 32 bits, which would cut the address.",
		Suggestion: "Do pointer arithmetic on 64 bits; a cast to `int` or `__u32` is what usually gets in the way.",
	},
	{
		Code:       PointerArithBeforeNullCheck,
		Problem:    "pointer arithmetic before the NULL check",
		Reason:     "{value|the pointer}[, {kind},] may be NULL, so nothing can be added to it yet.",
		Suggestion: "Compare the pointer with NULL first, then take the address of a member or an element.",
	},
	{
		Code:       PointerArithForbidden,
		Problem:    "pointer arithmetic on a fixed pointer",
		Reason:     "Nothing can be added to or subtracted from {value|the pointer}[, which is {kind}].",
		Suggestion: "Use the pointer as it is. For packets, add to `data` and compare with `data_end`.",
	},
	{
		Code:       PointerOffsetUnsafe,
		Problem:    "pointer moved too far",
		Reason:     "{value|the pointer}[, {kind},] is moved by an amount[ ({range})] that is not known to stay within what the verifier can follow.",
		Suggestion: "Check the offset against an upper and a lower limit before it is added; an unsigned type takes care of the lower one.",
	},
	{
		Code:       ScalarMinusPointer,
		Problem:    "pointer subtracted from a number",
		Reason:     "A pointer is subtracted from {value|a number}, which makes no address.",
		Suggestion: "Subtract pointers from pointers of the same object, or numbers from pointers. If the left side was meant to be a pointer, it has lost its type on the way.",
	},
	{
		Code:       StackPointerSubtraction,
		Problem:    "subtraction from a stack address",
		Reason:     "Something is subtracted from {value|the address of a local variable}.",
		Suggestion: "Index local arrays upwards from their start.",
	},
	{
		Code:       PointerBitwise,
		Problem:    "bitwise operation on a pointer",
		Reason:     "{value|the pointer} takes part in the bitwise operation {op|used here}, which would make an unknown address of it.",
		Suggestion: "Mask the offset before it is added, not the pointer afterwards.",
	},
	{
		Code:       PointerArithOperator,
		Problem:    "operator not possible on a pointer",
		Reason:     "{value|the pointer} takes part in an operation[ ({op})] that is not defined for addresses.",
		Suggestion: "Only additions and subtractions work on pointers; compute the offset as a number first.",
	},
	{
		Code:       IndirectCallNonFunction,
		Problem:    "indirect call through something that is no function",
		Reason:     "{value|the value} is called, but it is {kind|not the address of a function}.",
		Suggestion: "Call functions by their names, or through pointers that the verifier can follow to a function.",
		Kernel:     []string{"R{reg} has type {type}, expected func"},
	},
	{
		Code:       PointerPointerArith,
		Problem:    "arithmetic on two pointers",
		Reason:     "{value|one pointer} is combined with another pointer by {op|an operator}, which takes a pointer and a number.",
		Suggestion: "Subtract pointers of one object to get an offset; add only numbers to a pointer.",
	},
	{
		Code:       PointerComparison,
		Problem:    "comparison of a pointer with another value",
		Reason:     "{value|the pointer} is compared with a value that tells where the kernel keeps its memory.",
		Suggestion: "Compare pointers only with NULL, or packet pointers with `data_end`.",
	},
	{
		Code:       PointerLeak,
		Problem:    "leaked kernel address",
		Reason:     "{value|a pointer} would be visible outside the program[: {detail}].",
		Suggestion: "Store or return numbers, not addresses. A pointer that was meant to be dereferenced may lack its `*`.",
	},
	{
		Code:       PartialPointerCopy,
		Problem:    "part of a pointer",
		Reason:     "Only part of {value|a pointer} is copied here, so that the copy is no address any more.",
		Suggestion: "Keep pointers in 64-bit variables of pointer type.",
	},
	{
		Code:       FramePointerWrite,
		Problem:    "frame pointer overwritten",
		Reason:     "This instruction writes to the frame pointer, which is read-only.",
		Suggestion: "Compilers do not generate this; look at the inline assembly.",
	},
	{
		Code:       MixedPointerTypes,
		Problem:    "one access for two kinds of pointers",
		Reason:     "Depending on the path, this instruction accesses different kinds of objects, and the kernel cannot rewrite it for both.",
		Suggestion: "Do the access in each branch separately, before the branches join; the compiler may have merged them, so a barrier() in one branch can help.",
	},
	{
		Code:       AtomicForbidden,
		Problem:    "atomic operation on such memory",
		Reason:     "{value|the pointer} is {kind|of another kind}, and atomic operations do not work on that.",
		Suggestion: "Use atomic operations on map values, the stack or arena memory.",
	},
}

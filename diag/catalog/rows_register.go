// SPDX-License-Identifier: GPL-2.0-only

package catalog

// Register Type Safety: a value must be of a kind that the operation takes.
const (
	UnreadableRegister          Code = "register-type/unreadable-register"
	MissingStackArgument        Code = "register-type/missing-stack-argument"
	ScalarDereference           Code = "register-type/scalar-dereference"
	NullableDereference         Code = "register-type/nullable-dereference"
	ModifiedPointerDereference  Code = "register-type/modified-pointer-dereference"
	VariablePointerDereference  Code = "register-type/variable-pointer-dereference"
	NegativePointerDereference  Code = "register-type/negative-pointer-dereference"
	InvalidDereference          Code = "register-type/invalid-dereference"
	PointerArith32Bit           Code = "register-type/pointer-arith-32bit"
	PointerArithBeforeNullCheck Code = "register-type/pointer-arith-before-null-check"
	PointerArithForbidden       Code = "register-type/pointer-arith-forbidden"
	PointerOffsetUnsafe         Code = "register-type/pointer-offset-unsafe"
	ScalarMinusPointer          Code = "register-type/scalar-minus-pointer"
	StackPointerSubtraction     Code = "register-type/stack-pointer-subtraction"
	PointerBitwise              Code = "register-type/pointer-bitwise"
	PointerArithOperator        Code = "register-type/pointer-arith-operator"
	IndirectCallNonFunction     Code = "register-type/indirect-call-non-function"
	PointerPointerArith         Code = "register-type/pointer-pointer-arith"
	PointerComparison           Code = "register-type/pointer-comparison"
	PointerLeak                 Code = "register-type/pointer-leak"
	PartialPointerCopy          Code = "register-type/partial-pointer-copy"
	FramePointerWrite           Code = "register-type/frame-pointer-write"
	MixedPointerTypes           Code = "register-type/mixed-pointer-types"
	AtomicForbidden             Code = "register-type/atomic-forbidden"
)

var registerTypeRows = []Entry{
	{
		Code:   UnreadableRegister,
		Anchor: AtInstruction, Story: valueStory,
		Details:    []Detail{DetailUnset},
		Problem:    "uninitialized value",
		Reason:     "{value|a value} is used here, but {lost|it was never set on this path}.",
		Suggestion: "{advice|Give the variable a value on every path that reaches this line. A function that is called without its arguments and a missing `return` value look the same.}",
	},
	{
		Code:   MissingStackArgument,
		Anchor: AtInstruction, Story: valueStory,
		Problem:    "missing stack argument",
		Reason:     "{call|the called function} takes more arguments than this path has set.",
		Suggestion: "Set every argument before the call.",
		Kernel:     []string{"callee expects {min} args, stack arg{argno} is not initialized"},
	},
	{
		Code:   ScalarDereference,
		Anchor: AtInstruction, Story: valueStory, Stale: true, Number: true,
		Details:    []Detail{DetailForeign},
		Problem:    "dereference of a number",
		Reason:     "{value|the value} is used as a pointer, but {lost|for the verifier it is a plain number, not an address that it may follow}.",
		Suggestion: "{advice|Read memory of the kernel or of user space with bpf_probe_read_kernel(), bpf_probe_read_user() or BPF_CORE_READ(). If the pointer was good before, it lost its type: by a cast, by arithmetic, or because branches with other values joined.}",
	},
	{
		Code:   NullableDereference,
		Anchor: AtInstruction, Story: valueStory,
		Nullable: true, Details: []Detail{DetailNullCheck},
		Problem:    "dereference without a NULL check",
		Reason:     "{value|the pointer}[, {kind},] may be NULL here[: {alone}].",
		Suggestion: "{advice|Compare the pointer with NULL and return or skip before this line.}",
	},
	{
		Code:   ModifiedPointerDereference,
		Anchor: AtInstruction, Story: valueStory,
		Details:    []Detail{DetailMovedArgument, DetailMergedRead},
		Problem:    "dereference of a modified pointer",
		Reason:     "{value|the pointer}[, {kind},] must be used as it was given, but {added|some bytes} were added to it first.",
		Suggestion: "Access the member through the original pointer. If the compiler computed the address on its own, keep it from doing so with barrier_var() or by reading the member into a variable.",
	},
	{
		Code:   VariablePointerDereference,
		Anchor: AtInstruction, Story: valueStory, ByOffset: true,
		Problem:    "access at a variable offset",
		Reason:     "{value|the pointer}[, {kind},] allows only constant offsets, and {offset|the offset used here} is a variable.",
		Suggestion: "Use constant member accesses, for example a switch over the index or an unrolled loop.",
	},
	{
		Code:   NegativePointerDereference,
		Anchor: AtInstruction, Story: valueStory,
		Problem:    "access before the start of an object",
		Reason:     "{value|the pointer}[, {kind},] is used with the negative offset {off|given here}.",
		Suggestion: "Access the object at and after its start.",
	},
	{
		Code:   InvalidDereference,
		Anchor: AtInstruction, Story: valueStory,
		Problem:    "dereference of a value that is no plain memory",
		Reason:     "{value|the value} is {kind|no plain memory}, which a program cannot read or write directly.",
		Suggestion: "Use the helper or kernel function that is made for this kind of object.",
	},
	{
		Code:   PointerArith32Bit,
		Anchor: AtInstruction, Story: valueStory,
		Details:    []Detail{DetailPointerNumber},
		Problem:    "32-bit pointer arithmetic",
		Reason:     "{value|the pointer} takes part in an operation on 32 bits, which would cut the address.",
		Suggestion: "Do pointer arithmetic on 64 bits; a cast to `int` or `__u32` is what usually gets in the way.",
	},
	{
		Code:   PointerArithBeforeNullCheck,
		Anchor: AtInstruction, Story: valueStory,
		Nullable: true, Details: []Detail{DetailNullCheck},
		Problem:    "pointer arithmetic before the NULL check",
		Reason:     "{value|the pointer}[, {kind},] may be NULL, so nothing can be added to it yet.",
		Suggestion: "{advice|Compare the pointer with NULL first.} Then take the address of a member or an element.",
	},
	{
		Code:   PointerArithForbidden,
		Anchor: AtInstruction, Story: valueStory,
		Details:    []Detail{DetailFixedPointer},
		Problem:    "pointer arithmetic on a fixed pointer",
		Reason:     "No number can be added to or subtracted from {value|the pointer}[, which is {kind}].",
		Suggestion: "Use the pointer as it is.[ {advice}]",
	},
	{
		Code:   PointerOffsetUnsafe,
		Anchor: AtInstruction, Story: valueStory,
		Amount: AmountOperand, Details: []Detail{DetailAmount},
		Problem:    "pointer moved too far",
		Reason:     "{value|the pointer}[, {kind},] is moved by an amount[ ({range})] that is not known to stay within what the verifier can follow.[ {cause}.]",
		Suggestion: "{advice|Check the offset against an upper and a lower limit before it is added; an unsigned type takes care of the lower one.}",
	},
	{
		Code:   ScalarMinusPointer,
		Anchor: AtInstruction, Story: valueStory,
		Problem:    "pointer subtracted from a number",
		Reason:     "A pointer is subtracted from {value|a number}, which makes no address.",
		Suggestion: "Subtract pointers from pointers of the same object, or numbers from pointers. If the left side was meant to be a pointer, it has lost its type on the way.",
	},
	{
		Code:   StackPointerSubtraction,
		Anchor: AtInstruction, Story: valueStory,
		Problem:    "subtraction from a stack address",
		Reason:     "Something is subtracted from {value|the address of a local variable}.",
		Suggestion: "Index local arrays upwards from their start.",
	},
	{
		Code:   PointerBitwise,
		Anchor: AtInstruction, Story: valueStory,
		Details:    []Detail{DetailPointerNumber},
		Problem:    "bitwise operation on a pointer",
		Reason:     "{value|the pointer} takes part in the bitwise operation {op|used here}, which would make an unknown address of it.",
		Suggestion: "Mask the offset before it is added, not the pointer afterwards.",
	},
	{
		Code:   PointerArithOperator,
		Anchor: AtInstruction, Story: valueStory,
		Details:    []Detail{DetailPointerNumber},
		Problem:    "operator not possible on a pointer",
		Reason:     "{value|the pointer} takes part in an operation[ ({op})] that is not defined for addresses.",
		Suggestion: "Only additions and subtractions work on pointers; compute the offset as a number first.",
	},
	{
		Code:   IndirectCallNonFunction,
		Anchor: AtInstruction, Story: valueStory,
		Problem:    "indirect call through something that is no function",
		Reason:     "{value|the value} is called, but it is {kind|not the address of a function}.",
		Suggestion: "Call functions by their names, or through pointers that the verifier can follow to a function.",
		Kernel:     []string{"R{reg} has type {type}, expected func"},
	},
	{
		Code:   PointerPointerArith,
		Anchor: AtInstruction, Story: valueStory,
		Details:    []Detail{DetailPair},
		Problem:    "arithmetic on two pointers",
		Reason:     "{value|one pointer} is combined with another pointer by {op|an operator}, which takes a pointer and a number.",
		Suggestion: "Subtract pointers of one object to get an offset; add only numbers to a pointer.",
	},
	{
		Code:   PointerComparison,
		Anchor: AtInstruction, Story: valueStory,
		Problem:    "comparison of a pointer with another value",
		Reason:     "{value|the pointer} is compared with a value that tells where the kernel keeps its memory.",
		Suggestion: "Compare pointers only with NULL, or packet pointers with `data_end`.",
	},
	{
		Code:   PointerLeak,
		Anchor: AtInstruction, Story: valueStory,
		Problem:    "leaked kernel address",
		Reason:     "{value|a pointer} would be visible outside the program[: {detail}].",
		Suggestion: "Store or return numbers, not addresses. A pointer that was meant to be dereferenced may lack its `*`.",
	},
	{
		Code:   PartialPointerCopy,
		Anchor: AtInstruction, Story: valueStory,
		Problem:    "part of a pointer",
		Reason:     "Only part of {value|a pointer} is copied here, so that the copy is no address any more.",
		Suggestion: "Keep pointers in 64-bit variables of pointer type.",
	},
	{
		Code:   FramePointerWrite,
		Anchor: AtInstruction, Story: valueStory,
		Problem:    "frame pointer overwritten",
		Reason:     "This instruction writes to the frame pointer, which is read-only.",
		Suggestion: "Compilers do not generate this; look at the inline assembly.",
	},
	{
		Code:   MixedPointerTypes,
		Anchor: AtInstruction, Story: valueStory,
		Problem:    "one access for two kinds of pointers",
		Reason:     "Depending on the path, this instruction accesses different kinds of objects, and the kernel cannot rewrite it for both.",
		Suggestion: "Do the access in each branch separately, before the branches join; the compiler may have merged them, so a barrier() in one branch can help.",
	},
	{
		Code:   AtomicForbidden,
		Anchor: AtInstruction, Story: valueStory,
		Problem:    "atomic operation on such memory",
		Reason:     "{value|the pointer} is {kind|of another kind}, and atomic operations do not work on that.",
		Suggestion: "Use atomic operations on map values, the stack or arena memory.",
	},
}

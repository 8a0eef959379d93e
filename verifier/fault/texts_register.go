// SPDX-License-Identifier: GPL-2.0-only

package fault

// Register type safety.
var (
	UnreadableRegister = text[Register]("register-type/unreadable-register", "R{reg} !read_ok")
	ScalarDereference  = text[Value]("register-type/scalar-dereference", "R{reg} invalid mem access 'scalar'")

	NullableDereference = text[Value]("register-type/nullable-dereference", "R{reg} invalid mem access '{type}'").
				spoken("R{reg} invalid mem access '{type}_or_null'", "R{reg} invalid mem access '{type}_or_null_'")

	ModifiedPointerDereference  = text[Pointer]("register-type/modified-pointer-dereference", "dereference of modified {type} ptr R{reg} off={off} disallowed")
	VariablePointerDereference  = text[Pointer]("register-type/variable-pointer-dereference", "variable {type} access var_off={bits} disallowed")
	NegativePointerDereference  = text[Pointer]("register-type/negative-pointer-dereference", "negative offset {type} ptr R{reg} off={off} disallowed")
	InvalidDereference          = text[Value]("register-type/invalid-dereference", "R{reg} invalid mem access '{type}'")
	PointerArith32Bit           = text[Register]("register-type/pointer-arith-32bit", "R{reg} 32-bit pointer arithmetic prohibited")
	PointerArithBeforeNullCheck = text[Value]("register-type/pointer-arith-before-null-check", "R{reg} pointer arithmetic on {type} prohibited, null-check it first")
	PointerArithForbidden       = text[Value]("register-type/pointer-arith-forbidden", "R{reg} pointer arithmetic on {type} prohibited")

	OffsetTooLarge        = text[Offset]("register-type/pointer-offset-unsafe", "math between {type} pointer and {off} is not allowed")
	OffsetUnbounded       = text[Offset]("register-type/pointer-offset-unsafe", "math between {type} pointer and register with unbounded min value is not allowed")
	OffsetLeavesObject    = text[Offset]("register-type/pointer-offset-unsafe", "value {off} makes {type} pointer be out of bounds")
	PointerOffsetTooLarge = text[Offset]("register-type/pointer-offset-unsafe", "{type} pointer offset {off} is not allowed")

	ScalarMinusPointer      = text[Register]("register-type/scalar-minus-pointer", "R{reg} tried to subtract pointer from scalar")
	StackPointerSubtraction = text[Register]("register-type/stack-pointer-subtraction", "R{reg} subtraction from stack pointer prohibited")
	PointerBitwise          = text[Operand]("register-type/pointer-bitwise", "R{reg} bitwise operator {op} on pointer prohibited")
	PointerArithOperator    = text[Operand]("register-type/pointer-arith-operator", "R{reg} pointer arithmetic with {op} operator prohibited")
	PointerUnaryOperator    = text[Register]("register-type/pointer-arith-operator", "R{reg} pointer arithmetic prohibited")
	PointerPointerArith     = text[Operand]("register-type/pointer-pointer-arith", "R{reg} pointer {op} pointer prohibited")
	PointerComparison       = text[Register]("register-type/pointer-comparison", "R{reg} pointer comparison prohibited")

	PointerStored   = text[Leak]("register-type/pointer-leak", "R{reg} leaks addr into {place}")
	PointerReturned = text[Value]("register-type/pointer-leak", "R{reg} leaks addr as return value")
	PointerPassed   = text[Argument]("register-type/pointer-leak", "R{reg} leaks addr into helper function")
	PointerRead     = text[StackOffset]("register-type/pointer-leak", "leaking pointer from stack off {off}")

	PointerTruncated    = text[Register]("register-type/partial-pointer-copy", "R{reg} partial copy of pointer")
	PointerSignExtended = text[Register]("register-type/partial-pointer-copy", "R{reg} sign-extension part of pointer")
	FramePointerWrite   = text[Register]("register-type/frame-pointer-write", "frame pointer is read only")
	MixedPointerTypes   = text[Mixed]("register-type/mixed-pointer-types", "same insn cannot be used with different pointers")

	AtomicStoreForbidden = text[Value]("register-type/atomic-forbidden", "BPF_ATOMIC stores into R{reg} {type} is not allowed")
	AtomicLoadForbidden  = text[Value]("register-type/atomic-forbidden", "BPF_ATOMIC loads from R{reg} {type} is not allowed")
)

// SPDX-License-Identifier: GPL-2.0-only

package catalog

import "github.com/bpf-lsp/bpf-lsp/verifier/fault"

// Code identifies one rule that a program broke.
type Code = fault.Code

// Category groups codes by what kind of promise the program broke.
type Category = fault.Category

// The categories, in the order in which documentation lists them. The last
// three are about the tool chain and this tool, not about a rule.
const (
	ResourceLifetime Category = "resource-lifetime"
	RegisterType     Category = "register-type"
	Memory           Category = "memory"
	CallType         Category = "call-type"
	ExecutionContext Category = "execution-context"
	ProgramStructure Category = "program-structure"
	Policy           Category = "policy"
	VerifierLimit    Category = "verifier-limit"
	Loader           Category = "loader"
	Toolchain        Category = "toolchain"
	VerifierInternal Category = "verifier-internal"
)

// Categories lists all categories in documentation order.
var Categories = []Category{
	ResourceLifetime, RegisterType, Memory, CallType, ExecutionContext,
	ProgramStructure, Policy, VerifierLimit, Loader, Toolchain, VerifierInternal,
}

var titles = map[Category]string{
	ResourceLifetime: "Resource Lifetime Safety",
	RegisterType:     "Register Type Safety",
	Memory:           "Memory Safety",
	CallType:         "Call Type Safety",
	ExecutionContext: "Execution Context Safety",
	ProgramStructure: "Program Structure",
	Policy:           "Policy",
	VerifierLimit:    "Verifier Limit",
	Loader:           "Loader",
	Toolchain:        "Toolchain",
	VerifierInternal: "Verifier Internal",
}

// Title is a category's name as headings show it.
func Title(c Category) string { return titles[c] }

// Resource Lifetime Safety: what was acquired must be released, once, in
// order, and not be used outside its life.
const (
	UnreleasedReference        Code = "resource-lifetime/unreleased-reference"
	DynptrOverwrite            Code = "resource-lifetime/dynptr-overwrite"
	IRQFlagFamilyMismatch      Code = "resource-lifetime/irq-flag-family-mismatch"
	IRQRestoreOutOfOrder       Code = "resource-lifetime/irq-restore-out-of-order"
	NestedSpinLock             Code = "resource-lifetime/nested-spin-lock"
	RecursiveLock              Code = "resource-lifetime/recursive-lock"
	UnlockWithoutLock          Code = "resource-lifetime/unlock-without-lock"
	UnlockDifferentLock        Code = "resource-lifetime/unlock-different-lock"
	UnlockOutOfOrder           Code = "resource-lifetime/unlock-out-of-order"
	DynptrAlreadyInitialized   Code = "resource-lifetime/dynptr-already-initialized"
	DynptrSlotInvalid          Code = "resource-lifetime/dynptr-slot-invalid"
	ConstDynptrRelease         Code = "resource-lifetime/const-dynptr-release"
	UninitializedDynptr        Code = "resource-lifetime/uninitialized-dynptr"
	IteratorAlreadyInitialized Code = "resource-lifetime/iterator-already-initialized"
	IteratorSlotInvalid        Code = "resource-lifetime/iterator-slot-invalid"
	UninitializedIterator      Code = "resource-lifetime/uninitialized-iterator"
	IRQFlagAlreadyInitialized  Code = "resource-lifetime/irq-flag-already-initialized"
	IRQFlagSlotInvalid         Code = "resource-lifetime/irq-flag-slot-invalid"
	UninitializedIRQFlag       Code = "resource-lifetime/uninitialized-irq-flag"
	ReleaseWithLiveChild       Code = "resource-lifetime/release-with-live-child"
	ContextReferenceReleased   Code = "resource-lifetime/context-reference-released"
	ReleaseWithOffset          Code = "resource-lifetime/release-with-offset"
	GraphLockNotHeld           Code = "resource-lifetime/graph-lock-not-held"
	ReturnedStackPointer       Code = "resource-lifetime/returned-stack-pointer"
	NodeOwnership              Code = "resource-lifetime/node-ownership"
)

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

// Memory Safety: an access must lie inside its object and be of a form that
// the object allows.
const (
	NegativeOffset         Code = "memory/negative-offset"
	OutOfBounds            Code = "memory/out-of-bounds"
	UnboundedOffset        Code = "memory/unbounded-offset"
	PacketOutOfBounds      Code = "memory/packet-out-of-bounds"
	SpillCorruption        Code = "memory/spill-corruption"
	UninitializedStackRead Code = "memory/uninitialized-stack-read"
	SpecialStackRead       Code = "memory/special-stack-read"
	SpecialStackWrite      Code = "memory/special-stack-write"
	VariableStackOffset    Code = "memory/variable-stack-offset"
	StackOutOfBounds       Code = "memory/stack-out-of-bounds"
	DeadStackRead          Code = "memory/dead-stack-read"
	Misaligned             Code = "memory/misaligned"
	ContextAccess          Code = "memory/context-access"
	SocketAccess           Code = "memory/socket-access"
	FlowKeysAccess         Code = "memory/flow-keys-access"
	BufferAccess           Code = "memory/buffer-access"
	ReadOnlyMap            Code = "memory/read-only-map"
	WriteOnlyMap           Code = "memory/write-only-map"
	ReadOnlyMemory         Code = "memory/read-only-memory"
	PacketWrite            Code = "memory/packet-write"
	BTFAccess              Code = "memory/btf-access"
	BTFWrite               Code = "memory/btf-write"
	UserPointer            Code = "memory/user-pointer"
	PercpuPointer          Code = "memory/percpu-pointer"
	MapPointerAccess       Code = "memory/map-pointer-access"
	KptrAccess             Code = "memory/kptr-access"
	SpecialFieldAccess     Code = "memory/special-field-access"
	PartialSpill           Code = "memory/partial-spill"
	CallerStackSpill       Code = "memory/caller-stack-spill"
	ArenaAccess            Code = "memory/arena-access"
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

// Execution Context Safety: what may happen inside locks, RCU sections,
// disabled interrupts or preemption, callbacks, and programs that cannot sleep.
const (
	SleepableHelper         Code = "execution-context/sleepable-helper"
	SleepableKfunc          Code = "execution-context/sleepable-kfunc"
	SleepableFunction       Code = "execution-context/sleepable-function"
	SleepableMap            Code = "execution-context/sleepable-map"
	LockHeldAtExit          Code = "execution-context/lock-held-at-exit"
	IRQDisabledAtExit       Code = "execution-context/irq-disabled-at-exit"
	RCUHeldAtExit           Code = "execution-context/rcu-held-at-exit"
	PreemptDisabledAtExit   Code = "execution-context/preempt-disabled-at-exit"
	CallUnderLock           Code = "execution-context/call-under-lock"
	GlobalCallUnderLock     Code = "execution-context/global-call-under-lock"
	RCURequired             Code = "execution-context/rcu-required"
	UnmatchedRCUUnlock      Code = "execution-context/unmatched-rcu-unlock"
	NestedRCULock           Code = "execution-context/nested-rcu-lock"
	UnmatchedPreemptEnable  Code = "execution-context/unmatched-preempt-enable"
	RbtreeCallback          Code = "execution-context/rbtree-callback"
	ThrowFromCallback       Code = "execution-context/throw-from-callback"
	ExceptionCallbackCall   Code = "execution-context/exception-callback-call"
	SockmapUpdate           Code = "execution-context/sockmap-update"
	IteratorContext         Code = "execution-context/iterator-context"
	TailCallWithSubprograms Code = "execution-context/tail-call-with-subprograms"
)

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

// Policy: what the kernel does not let this program do, however it is written.
const (
	FunctionReferenceCapability Code = "policy/function-reference-capability"
	SubprogramCallCapability    Code = "policy/subprogram-call-capability"
	KfuncCapability             Code = "policy/kfunc-capability"
	HelperNotAllowed            Code = "policy/helper-not-allowed"
	UnknownHelper               Code = "policy/unknown-helper"
	GPLOnlyHelper               Code = "policy/gpl-only-helper"
	GPLOnlyKfunc                Code = "policy/gpl-only-kfunc"
	GPLOnlyStruct               Code = "policy/gpl-only-struct"
	GPLOnlyStructOps            Code = "policy/gpl-only-struct-ops"
	HelperGate                  Code = "policy/helper-gate"
	KfuncNotAllowed             Code = "policy/kfunc-not-allowed"
	UnknownKfunc                Code = "policy/unknown-kfunc"
	DestructiveKfunc            Code = "policy/destructive-kfunc"
	PerfmonKfunc                Code = "policy/perfmon-kfunc"
	DeviceBoundKfunc            Code = "policy/device-bound-kfunc"
	UntrustedRead               Code = "policy/untrusted-read"
	StructAccessCapability      Code = "policy/struct-access-capability"
	MapNotAllowed               Code = "policy/map-not-allowed"
	SleepableProgram            Code = "policy/sleepable-program"
	HookNotModifiable           Code = "policy/hook-not-modifiable"
	HookNotAttachable           Code = "policy/hook-not-attachable"
	ProgramTypeCapability       Code = "policy/program-type-capability"
	MapCapability               Code = "policy/map-capability"
	UnprivilegedStackAccess     Code = "policy/unprivileged-stack-access"
	SpeculationUnsafe           Code = "policy/speculation-unsafe"
	MissingKernelFeature        Code = "policy/missing-kernel-feature"
)

// Verifier Limit: the program may be right, but proving it costs too much.
const (
	LimitInstructions    Code = "verifier-limit/instructions"
	LimitPendingBranches Code = "verifier-limit/pending-branches"
	LimitStackSize       Code = "verifier-limit/stack-size"
	LimitTailCallStack   Code = "verifier-limit/tail-call-stack"
	LimitCallDepth       Code = "verifier-limit/call-depth"
	LimitTableSize       Code = "verifier-limit/table-size"
	LimitInfiniteLoop    Code = "verifier-limit/infinite-loop"
	LimitLoopIterations  Code = "verifier-limit/loop-iterations"
)

// Loader: faults found while an object is made into programs.
const (
	InvalidObject        Code = "loader/invalid-object"
	NoPrograms           Code = "loader/no-programs"
	UnknownSection       Code = "loader/unknown-section"
	UnresolvedRelocation Code = "loader/unresolved-relocation"
	UnresolvedSymbol     Code = "loader/unresolved-symbol"
	UndeclaredSymbol     Code = "loader/undeclared-symbol"
	SymbolMismatch       Code = "loader/symbol-mismatch"
	UnresolvedConfig     Code = "loader/unresolved-config"
	InvalidMapDefinition Code = "loader/invalid-map-definition"
	MapRefused           Code = "loader/map-refused"
	MapUnsized           Code = "loader/map-unsized"
	SharedMap            Code = "loader/shared-map"
	SpecialField         Code = "loader/special-field"
	TypesRefused         Code = "loader/types-refused"
	MissingBTF           Code = "loader/missing-btf"
	MissingLines         Code = "loader/missing-lines"
	TargetKernel         Code = "loader/target-kernel"
	UnsupportedObject    Code = "loader/unsupported-object"
	UnreadableFile       Code = "loader/unreadable-file"
	IncompleteProgram    Code = "loader/incomplete-program"
	StaticProgram        Code = "loader/static-program"
)

// Toolchain: faults of the compiler or of finding and running it.
const (
	CompileError     Code = "toolchain/compile-error"
	CompileWarning   Code = "toolchain/compile-warning"
	CompilerNotFound Code = "toolchain/compiler-not-found"
	CompilerFailed   Code = "toolchain/compiler-failed"
	CompilerTimeout  Code = "toolchain/compiler-timeout"
	MissingHeader    Code = "toolchain/missing-header"
)

// Verifier Internal: never the program's fault.
const (
	KernelFault     Code = "verifier-internal/kernel-fault"
	RemovedFunction Code = "verifier-internal/removed-function"
	InternalBug     Code = "verifier-internal/bug"
	Unsupported     Code = "verifier-internal/unsupported"
	Uncoded         Code = "verifier-internal/uncoded"
)

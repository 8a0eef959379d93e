// SPDX-License-Identifier: GPL-2.0-only

package fault

const noCapability = "loading/calling other bpf or kernel functions are allowed for CAP_BPF and CAP_SYS_ADMIN"

// Policy.
var (
	FunctionReferenceCapability = text[None]("policy/function-reference-capability", noCapability)
	SubprogramCallCapability    = text[None]("policy/subprogram-call-capability", noCapability).shared()
	KfuncCapability             = text[Call]("policy/kfunc-capability", noCapability).shared()

	HelperNotAllowed   = text[HelperCall]("policy/helper-not-allowed", "program of this type cannot use helper {callee}#{id}")
	FuncIPOnlyTracing  = text[HelperCall]("policy/helper-not-allowed", "func {callee}#{id} supported only for fentry/fexit/fmod_ret programs")
	FuncIPNotSupported = text[HelperCall]("policy/helper-not-allowed", "func {callee}#{id} not supported for program type {progid}")
	UnknownHelper      = text[NumberedCall]("policy/unknown-helper", "invalid func {callee}#{id}")
	HelperGate         = text[Call]("policy/helper-gate", "helper call is not allowed in probe")

	GPLOnlyHelper     = text[Call]("policy/gpl-only-helper", "cannot call GPL-restricted function from non-GPL compatible program")
	GPLOnlyKfunc      = text[Call]("policy/gpl-only-kfunc", "cannot call kernel function from non-GPL compatible program")
	GPLOnlyStruct     = text[PointerAccess]("policy/gpl-only-struct", "Cannot access kernel 'struct {name}' from non-GPL compatible program")
	GPLOnlyStructOps  = text[None]("policy/gpl-only-struct-ops", "struct ops programs must have a GPL compatible license")
	GPLOnlySecurity   = text[Named]("policy/gpl-only-struct-ops", "LSM programs must have a GPL compatible license")
	KfuncNotAllowed   = text[Call]("policy/kfunc-not-allowed", "calling kernel function {callee} is not allowed")
	UnknownKfunc      = text[Number]("policy/unknown-kfunc", "kernel btf_id {id} is not a function")
	NegativeModule    = text[Call]("policy/unknown-kfunc", "negative offset disallowed for kernel module function call")
	UnlistedModule    = text[Call]("policy/unknown-kfunc", "kfunc offset > 0 without fd_array is invalid")
	NoKfuncTypes      = text[Call]("policy/unknown-kfunc", "failed to find BTF for kernel function")
	KfuncNotResolved  = text[None]("policy/unknown-kfunc", "invalid kernel function call not eliminated in verifier pass")
	DeviceBoundKfunc  = text[Call]("policy/device-bound-kfunc", "metadata kfuncs require device-bound program")
	MissingKernelBTF  = text[None]("policy/missing-kernel-feature", "kernel is missing BTF, make sure CONFIG_DEBUG_INFO_BTF=y is specified in Kconfig.")
	MapCapability     = silent[Map]("policy/map-capability")
	ProgramCapability = silent[Named]("policy/program-type-capability")

	StructAccessCapability = text[PointerAccess]("policy/struct-access-capability", "'struct {name}' access is allowed only to CAP_PERFMON and CAP_SYS_ADMIN")

	TracingGraph        = text[FieldMap]("policy/map-not-allowed", "tracing progs cannot use bpf_{list_head,rb_root} yet")
	SocketFilterLock    = text[FieldMap]("policy/map-not-allowed", "socket filter progs cannot use bpf_spin_lock yet")
	TracingLock         = text[FieldMap]("policy/map-not-allowed", "tracing progs cannot use bpf_spin_lock yet")
	TracingTimer        = text[FieldMap]("policy/map-not-allowed", "tracing progs cannot use bpf_timer yet")
	TracingWorkqueue    = text[FieldMap]("policy/map-not-allowed", "tracing progs cannot use bpf_wq yet")
	StructOpsMapUsed    = text[Map]("policy/map-not-allowed", "bpf_struct_ops map cannot be used in prog")
	SecondCgroupStorage = text[Map]("policy/map-not-allowed", "only one cgroup storage of each type is allowed")
	SecondArena         = text[Map]("policy/map-not-allowed", "Only one arena per program")
	ArenaCapability     = text[Map]("policy/map-not-allowed", "CAP_BPF and CAP_PERFMON are required to use arena")

	SyscallMustSleep     = text[None]("policy/sleepable-program", "Syscall programs can only be sleepable")
	TypeCannotSleep      = text[None]("policy/sleepable-program", "Only fentry/fexit/fmod_ret, lsm, iter, uprobe, and struct_ops programs can be sleepable")
	HookCannotSleep      = text[Hook]("policy/sleepable-program", "{name} is not sleepable")
	HookNotModifiable    = text[Hook]("policy/hook-not-modifiable", "{name}() is not modifiable")
	HookDenied           = text[Hook]("policy/hook-not-attachable", "Attaching tracing programs to function '{name}' is rejected.")
	HookNeverReturns     = text[Hook]("policy/hook-not-attachable", "Attaching fexit/fmod_ret to __noreturn function '{name}' is rejected.")
	SecurityHookDisabled = text[Hook]("policy/hook-not-attachable", "attach_btf_id {id} points to disabled hook {name}")

	VariableHelperStack = text[StackMove]("policy/unprivileged-stack-access", "R{reg} variable offset stack access prohibited for !root, var_off={bits}")
	VariableStackMove   = text[StackMove]("policy/unprivileged-stack-access", "R{reg} variable stack access prohibited for !root, var_off={bits} off={off}")
	StackMoveOutOfRange = text[StackMove]("policy/unprivileged-stack-access", "R{reg} stack pointer arithmetic goes out of range, prohibited for !root; off={off}")

	SpeculativeBounds   = text[Operand]("policy/speculation-unsafe", "R{reg} has unknown scalar with mixed signed bounds, pointer arithmetic with it prohibited for !root")
	SpeculativeType     = text[Operand]("policy/speculation-unsafe", "R{reg} has pointer with unsupported alu operation, pointer arithmetic with it prohibited for !root")
	SpeculativePaths    = text[Operand]("policy/speculation-unsafe", "R{reg} tried to {op} from different maps, paths or scalars, pointer arithmetic with it prohibited for !root")
	SpeculativeLimit    = text[Operand]("policy/speculation-unsafe", "R{reg} tried to {op} beyond pointer bounds, pointer arithmetic with it prohibited for !root")
	SpeculativeBranches = text[Register]("policy/speculation-unsafe", "R{reg} could not be pushed for speculative verification, pointer arithmetic with it prohibited for !root")
	MapValueMove        = text[Register]("policy/speculation-unsafe", "R{reg} pointer arithmetic of map value goes out of range, prohibited for !root")
)

// Verifier limits.
var (
	TooManyInstructions = text[Depth]("verifier-limit/instructions", "BPF program is too large. Processed {max} insn")
	ProgramTooLong      = silent[None]("verifier-limit/instructions")
	TooManyBranches     = text[Depth]("verifier-limit/pending-branches", "The sequence of {max} jumps is too complex.")
	TooManyAsyncCalls   = text[Depth]("verifier-limit/pending-branches", "The sequence of {max} jumps is too complex for async cb.")
	CombinedStackSize   = text[StackUse]("verifier-limit/stack-size", "combined stack size of {depth} calls is {size}. Too large")
	TailCallStack       = text[StackUse]("verifier-limit/tail-call-stack", "tail_calls are not allowed when call stack of previous frames is {size} bytes. Too large")
	CallDepth           = text[Depth]("verifier-limit/call-depth", "the call stack of {max} frames is too deep")
	CallDepthOfStack    = text[Depth]("verifier-limit/call-depth", "the call stack of {max} frames is too deep !")
	TooManySubprograms  = text[None]("verifier-limit/table-size", "too many subprograms")
	TooManyKfuncs       = text[Call]("verifier-limit/table-size", "too many different kernel function calls")
	TooManyMaps         = text[Depth]("verifier-limit/table-size", "The total number of maps per program has reached the limit of {max}")
	InfiniteLoop        = text[Instruction]("verifier-limit/infinite-loop", "infinite loop detected at insn {pc}")

	KernelFault     = text[Detail]("verifier-internal/kernel-fault", "verifier bug: {detail}")
	RemovedFunction = text[RemovedCall]("verifier-internal/removed-function", "verifier bug: No program to jit at insn {pc} (subprog < 0)")
)

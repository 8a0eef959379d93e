// SPDX-License-Identifier: GPL-2.0-only

package fault

// Program structure: control flow.
var (
	JumpOutOfRange    = text[Jump]("program-structure/jump-out-of-range", "jump out of range from insn {pc} to {at}")
	BackEdge          = text[Jump]("program-structure/back-edge", "back-edge from insn {pc} to {at}")
	Unreachable       = text[Instruction]("program-structure/unreachable", "unreachable insn {pc}")
	JumpIntoLdimm64   = text[Instruction]("program-structure/jump-into-ldimm64", "jump into the middle of ldimm64 insn {pc}")
	FallThrough       = text[None]("program-structure/fall-through", "last insn is not an exit or jmp")
	Recursion         = text[Circle]("program-structure/recursion", "the call stack of {max} frames is too deep").shared()
	CallDestination   = text[None]("program-structure/call-destination", "call to invalid destination")
	CompilerTrap      = text[Call]("program-structure/compiler-trap", "unexpected __bpf_trap() due to uninitialized variable?")
	KfuncReturnType   = text[Result]("program-structure/kfunc-return-type", "kernel function {callee} returns pointer type {type} is not supported")
	PacketLoadType    = text[None]("program-structure/legacy-packet-load", "BPF_LD_[ABS|IND] instructions not allowed for this program type")
	PacketLoadContext = text[Value]("program-structure/legacy-packet-load", "at the time of BPF_LD_ABS|IND R6 != pointer to skb")
)

// Program structure: instructions.
var (
	ReservedFields      = text[Encoding]("program-structure/invalid-instruction", "{name} uses reserved fields")
	CallReservedFields  = silent[None]("program-structure/invalid-instruction")
	UnknownJumpOpcode   = text[Encoding]("program-structure/invalid-instruction", "invalid BPF_JMP/JMP32 opcode {op}")
	UnknownOpcode       = text[Encoding]("program-structure/invalid-instruction", "unknown opcode {op}")
	UnknownAtomic       = text[Encoding]("program-structure/invalid-instruction", "BPF_ATOMIC uses invalid atomic opcode {op}")
	AtomicSize          = text[OperandSize]("program-structure/invalid-instruction", "invalid atomic operand size")
	MayGotoImmediate    = text[Immediate]("program-structure/invalid-instruction", "invalid may_goto imm {imm}")
	LoadMode            = text[None]("program-structure/invalid-instruction", "invalid BPF_LD mode")
	LdimmHalf           = text[None]("program-structure/invalid-instruction", "invalid bpf_ld_imm64 insn")
	LdimmUnrecognized   = text[None]("program-structure/invalid-instruction", "unrecognized bpf_ld_imm64 insn")
	AddressSpaceCast    = text[None]("program-structure/invalid-instruction", "addr_space_cast insn can only convert between address space 1 and 0")
	InvalidRegister     = text[Register]("program-structure/invalid-register", "R{reg} is invalid")
	DivisionByZero      = text[None]("program-structure/division-by-zero", "div by zero")
	InvalidShift        = text[Immediate]("program-structure/invalid-shift", "invalid shift {imm}")
	MapNumberInvalid    = text[Number]("program-structure/invalid-map-reference", "fd {id} is not pointing to valid bpf_map")
	MapValueOffset      = text[MapOffset]("program-structure/invalid-map-reference", "direct value offset of {off} is not allowed")
	MapValueOutOfBounds = text[MapOffset]("program-structure/invalid-map-reference", "invalid access to map value pointer, value_size={object} off={off}")
	MapValueUnsupported = text[MapOffset]("program-structure/invalid-map-reference", "no direct value access support for this map type").shared()
	KernelTypeUnknown   = text[Number]("program-structure/unknown-kernel-symbol", "ldimm64 insn specifies invalid btf_id {id}.")
	NotAKernelVariable  = text[Number]("program-structure/unknown-kernel-symbol", "pseudo btf_id {id} in ldimm64 isn't KIND_VAR or KIND_FUNC")
	UnsizedVariable     = text[Symbol]("program-structure/unknown-kernel-symbol", "ldimm64 unable to resolve the size of type '{btf}': {error}")
)

// Program structure: what BTF says of functions.
var (
	FunctionCount        = text[None]("program-structure/function-info", "number of funcs in func_info doesn't match number of subprogs")
	FunctionLayout       = text[None]("program-structure/function-info", "func_info BTF section doesn't match subprog layout in BPF program")
	FirstFunctionOffset  = text[Record]("program-structure/function-info", "nonzero insn_off {off} for the first func info record")
	FunctionOrder        = text[Record]("program-structure/function-info", "same or smaller insn offset ({off}) than previous func info record ({at})")
	FunctionTypeID       = text[Record]("program-structure/function-info", "invalid type id {id} in func info")
	FunctionInfoMissing  = text[None]("program-structure/function-info", "missing btf func_info")
	LineOrder            = text[Record]("program-structure/line-info", "Invalid line_info[{id}].insn_off:{off} (prev_offset:{at} prog->len:{max})")
	LineInsideLdimm64    = text[Record]("program-structure/line-info", "Invalid insn code at line_info[{id}].insn_off")
	FunctionWithoutLine  = text[Record]("program-structure/line-info", "missing bpf_line_info for func#{id}")
	FunctionsWithoutLine = text[Record]("program-structure/line-info", "missing bpf_line_info for {max} funcs starting from func#{id}")

	PacketLoadResult     = text[None]("program-structure/abnormal-return", "LD_ABS is only allowed in functions that return 'int'.")
	TailCallResult       = text[None]("program-structure/abnormal-return", "tail_call is only allowed in functions that return 'int'.")
	PacketLoadWithoutBTF = text[None]("program-structure/abnormal-return", "LD_ABS is not allowed in subprogs without BTF")
	TailCallWithoutBTF   = text[None]("program-structure/abnormal-return", "tail_call is not allowed in subprogs without BTF")

	SecondExceptionCallback  = text[Named]("program-structure/exception-callback", "multiple exception callback tags for main subprog")
	NoExceptionCallback      = text[Named]("program-structure/exception-callback", "exception callback '{name}' could not be found in BTF")
	StaticExceptionCallback  = text[Named]("program-structure/exception-callback", "exception callback '{name}' must have global linkage")
	MainAsExceptionCallback  = text[Named]("program-structure/exception-callback", "invalid exception callback insn_off in func_info: 0")
	UnusedExceptionCallback  = text[Named]("program-structure/exception-callback", "exception callback type id not found in func_info")
	ExceptionCallbackNumbers = text[None]("program-structure/exception-callback", "exception cb only supports single integer argument")
)

// Program structure: the signatures of global functions.
var (
	TooManyParams         = text[Params]("program-structure/global-function-signature", "Global function {name}() with {count} > {most} args. Buggy compiler.")
	ResultNotANumber      = text[Param]("program-structure/global-function-signature", "Global function {name}() doesn't return scalar. Only those are supported.")
	ParamNotSupported     = text[Param]("program-structure/global-function-signature", "Arg#{argno} type {btf_kind} in {name}() is not supported yet.")
	StaticFunctionTag     = text[Param]("program-structure/global-function-signature", "arg#{argno} type tag is not supported in static functions")
	UnknownParamTag       = text[Param]("program-structure/global-function-signature", "arg#{argno} has unsupported set of tags")
	ParamTagsExclusive    = text[Param]("program-structure/global-function-signature", "arg#{argno} has invalid combination of tags")
	UntrustedTagAlone     = text[Param]("program-structure/global-function-signature", "arg#{argno} untrusted cannot be combined with any other tags")
	ArenaTagAlone         = text[Param]("program-structure/global-function-signature", "arg#{argno} arena cannot be combined with any other tags")
	ParamTagWithoutMemory = text[Param]("program-structure/global-function-signature", "arg#{argno} has pointer tag, but is not a pointer type")
	ParamUnsized          = text[Param]("program-structure/global-function-signature", "arg#{argno} reference type('{btf}') size cannot be determined: {error}").shared()
	ParamStructUnknown    = text[Param]("program-structure/global-function-signature", "arg#{argno} reference type('{btf}') has no matches")
	ContextParamUnnamed   = text[Param]("program-structure/global-function-signature", "arg#{argno} type doesn't have a name")
	ContextParamVoid      = text[Param]("program-structure/global-function-signature", "arg#{argno} should be void pointer")
	ContextParamStruct    = text[Param]("program-structure/global-function-signature", "arg#{argno} should be `struct {want} *`")
	StaticFunctionMisfit  = silent[Param]("program-structure/global-function-signature")
)

// Program structure: what a program is attached to.
var (
	NoTarget           = text[Hook]("program-structure/attach-target", "Tracing programs must provide btf_id")
	UnknownTarget      = text[Hook]("program-structure/attach-target", "attach_btf_id {id} is invalid")
	TargetNotATypedef  = text[Hook]("program-structure/attach-target", "attach_btf_id {id} is not a typedef")
	TargetNotAFunction = text[Hook]("program-structure/attach-target", "attach_btf_id {id} is not a function")
	TargetWrongName    = text[Hook]("program-structure/attach-target", "attach_btf_id {id} points to wrong type name {target}")
	TargetTooManyArgs  = text[Hook]("program-structure/attach-target", "The function {target} has {argno} arguments. Too many.")
	TargetResult       = text[Hook]("program-structure/attach-target", "The function {target} return type {btf} is unsupported.")
	TargetVariadic     = text[Hook]("program-structure/attach-target", "The function {target} with variable args is unsupported.")
	TargetVoidArgument = text[Hook]("program-structure/attach-target", "The function {target} has malformed void argument.")
	TargetArgument     = text[Hook]("program-structure/attach-target", "The function {target} arg{argno} type {btf} is unsupported.")
	TargetRefused      = silent[Hook]("program-structure/attach-target")

	NoOpsMember          = text[OpsMember]("program-structure/struct-ops-member", "attach to invalid member {member}(@idx {argno}) of struct {name}")
	OpsMemberUnsupported = text[OpsMember]("program-structure/struct-ops-member", "attach to unsupported member {member} of struct {name}")
	OpsMemberTailCall    = text[OpsMember]("program-structure/struct-ops-member", "program with __ref argument cannot tail call")
	OpsUnknown           = silent[OpsMember]("program-structure/struct-ops-member")
)

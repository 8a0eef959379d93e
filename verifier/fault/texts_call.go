// SPDX-License-Identifier: GPL-2.0-only

package fault

// wrongKind is one message for several mistakes.
const wrongKind = "R{reg} type={type} expected={want}"

// MemoryRange and MemoryLengthRange are accesses outside of an object that a
// call would make: of a fixed size, or of a size that is an argument too.
const (
	MemoryRange       Code = "call-type/memory-range"
	MemoryLengthRange Code = "call-type/memory-length-range"
)

// Call type safety: kinds of arguments.
var (
	NullableParam    = text[Argument]("call-type/nullable-argument", "Possibly NULL pointer passed to trusted arg{argno}")
	NullableArgument = text[Argument]("call-type/nullable-argument", "Possibly NULL pointer passed to helper arg{nth}")
	NullableMemory   = text[Argument]("call-type/nullable-argument", "arg#{argno} is expected to be non-NULL")
	NullableKind     = text[Unexpected]("call-type/nullable-argument", wrongKind).shared()

	WrongArgumentKind = text[Unexpected]("call-type/wrong-argument-kind", wrongKind)
	NotANumber        = text[Argument]("call-type/wrong-argument-kind", "R{reg} is not a scalar")
	NotInArena        = text[Argument]("call-type/wrong-argument-kind", "R{reg} is not a pointer to arena or scalar.")
	NotPlainMemory    = text[TypedArgument]("call-type/wrong-argument-kind", "arg#{argno} pointer type {btf} must point to {allowed}")
	NotAKernelObject  = text[Unexpected]("call-type/wrong-argument-kind", "arg#{argno} is {type} expected {want} or socket")

	ReleaseNotOwned      = text[Call]("call-type/release-not-owned", "release kernel function {callee} expects refcounted PTR_TO_BTF_ID")
	UnownedArgument      = text[Argument]("call-type/release-not-owned", "R{reg} must be referenced when passed to release function")
	UnownedDynptr        = text[Argument]("call-type/release-not-owned", "arg {nth} is an unacquired reference")
	UnownedHelperPointer = text73[Argument]("call-type/release-not-owned", "release helper {callee} expects referenced PTR_TO_BTF_ID passed to R{reg}")
	UnownedKfuncPointer  = text73[Argument]("call-type/release-not-owned", "release kfunc {callee} expects referenced PTR_TO_BTF_ID passed to R{reg}")

	UntrustedArgument = text[Argument]("call-type/untrusted-argument", "R{reg} must be referenced or trusted")
	UntrustedKind     = text[Unexpected]("call-type/untrusted-argument", wrongKind).shared()
	RCUArgument       = text[Argument]("call-type/rcu-argument", "R{reg} must be a rcu pointer")
	DropNotOwned      = text[Argument]("call-type/drop-not-owned", "allocated object must be referenced")
	DropUntrusted     = text[Argument]("call-type/drop-not-owned", "R{reg} must be referenced or trusted").shared()

	NonConstantKfuncArgument = text[Argument]("call-type/non-constant-argument", "R{reg} must be a known constant")
	NonConstantArgument      = text[Argument]("call-type/non-constant-argument", "R{reg} is not a known constant'")
	NonConstantSize          = text[Argument]("call-type/non-constant-size", "R{reg} must be a known constant").shared()

	NonConstantReturnSize = text[Argument]("call-type/return-buffer-size", "R{reg} is not a const")
	SecondReturnSize      = text[Argument]("call-type/return-buffer-size", "2 or more rdonly/rdwr_buf_size parameters for kfunc")

	NotMemory         = text[Unexpected]("call-type/not-memory", wrongKind).shared()
	MemoryPairInvalid = text[MemoryPair](MemoryLengthRange, "arg#{memno} arg#{sizeno} memory, len pair leads to invalid memory access")
	NegativeSize      = text[Limits]("call-type/negative-size", "R{reg} min value is negative, either use unsigned or 'var &= const'")
	ZeroSize          = text[SizeLimits]("call-type/zero-size", "R{reg} invalid zero-sized read: u64=[{umin},{umax}]")
	ZeroSizedRead     = text[Register]("call-type/zero-size", "invalid zero-sized read")
	UnboundedSize     = text[Limits]("call-type/unbounded-size", "R{reg} unbounded memory access, use 'var &= const' or 'if (var < const)'")
	ReadOnlyArgument  = text[Argument]("call-type/read-only-argument", "{callee}() may write into memory pointed by R{reg} type={type}")
	PacketPassed      = text[Argument]("call-type/packet-argument", "helper access to the packet is not allowed")
)

// Call type safety: arguments that are special objects.
var (
	DynptrArgument = text[Argument]("call-type/dynptr-argument", "arg#{argno} expected pointer to stack or const struct bpf_dynptr").
			in73("R{reg} expected pointer to stack or const struct bpf_dynptr")
	DynptrTypeMismatch  = text73[DynptrKind]("call-type/dynptr-type-mismatch", "Expected a dynptr of type {want} as R{reg}")
	ConstDynptrArgument = text[Argument]("call-type/const-dynptr-argument", "cannot pass pointer to const bpf_dynptr, the helper mutates it")
	DynptrSourceInvalid = text[Argument]("call-type/unsupported-dynptr-source", "Unsupported reg type {type} for bpf_dynptr_from_mem data")

	IteratorArgument = text[Argument]("call-type/iterator-argument", "arg#{argno} expected pointer to an iterator on stack").
				in73("R{reg} expected pointer to an iterator on stack")
	IteratorType = text[Argument]("call-type/iterator-type", "expected valid iter pointer as arg #{argno}").
			in73("expected valid iter pointer as R{reg}")
	IRQFlagArgument = text[Argument]("call-type/irq-flag-argument", "arg#{argno} doesn't point to an irq flag on stack").
			in73("R{reg} doesn't point to an irq flag on stack")

	StructMismatch      = text[StructArgument]("call-type/struct-mismatch", "kernel function {callee} args#{argno} expected pointer to {want} but R{reg} has a pointer to {type}")
	NamedStructMismatch = text[NamedStructArgument]("call-type/struct-mismatch", "R{reg} is of type {type} but {want} is expected")

	TimerMapMismatch     = text[MapPair]("call-type/map-mismatch", "timer pointer in R1 map_uid={id} doesn't match map pointer in R2 map_uid={other}")
	WorkqueueMapMismatch = text[MapPair]("call-type/map-mismatch", "workqueue pointer in R1 map_uid={id} doesn't match map pointer in R2 map_uid={other}")
	TaskWorkMapMismatch  = text[MapPair]("call-type/map-mismatch", "bpf_task_work pointer in R2 map_uid={id} doesn't match map pointer in R3 map_uid={other}")

	MapHelperMismatch = text[MapCall]("call-type/map-helper-mismatch", "cannot pass map_type {maptype} into func {callee}#{id}")
	SockmapArgument   = text[MapCall]("call-type/map-helper-mismatch", "invalid arg_type for sockmap/sockhash")
	NoCallbackForMap  = text[Map]("call-type/map-helper-mismatch", "callback function not allowed for map")
	MapArgument       = text[Argument]("call-type/map-argument", "pointer in R{reg} isn't map pointer")
	MapKind           = text[Unexpected]("call-type/map-argument", wrongKind).shared()
	TailCallMap       = text[MapCall]("call-type/tail-call-map", "expected prog array map for tail call").unended()
	TailCallAnyMap    = text[None]("call-type/tail-call-map", "tail_call abusing map_ptr")

	StringNotReadOnly     = text[Argument]("call-type/const-string", "R{reg} does not point to a readonly map'")
	StringAtVariable      = text[Argument]("call-type/const-string", "R{reg} is not a constant address'")
	StringMapUnsupported  = text[Argument]("call-type/const-string", "no direct value access support for this map type")
	StringAddress         = text[Argument]("call-type/const-string", "direct value access on string failed")
	StringNotTerminated   = text[Argument]("call-type/const-string", "string is not zero-terminated")
	StringNotInMap        = text[Argument]("call-type/const-string", "arg#{argno} doesn't point to a const string")
	FormatString          = text[Argument]("call-type/format-string", "Invalid format string")
	FormatArgumentsLength = silent[FormatData]("call-type/format-string")

	ContextNotPassed = text[Argument]("call-type/context-argument", "arg#{argno} expects pointer to ctx")
	ContextExpected  = text[Argument]("call-type/context-argument", "arg#{argno} expected pointer to ctx, but got {type}")
	ContextKind      = text[Unexpected]("call-type/context-argument", wrongKind).shared()
	ContextUnusable  = silent[Argument]("call-type/context-argument")

	MultipleReferences = text[SecondReference]("call-type/multiple-references", "more than one arg with ref_obj_id R{reg} {ref} {other}").unended()
)

// Call type safety: arguments that are special fields or objects of the
// program.
var (
	FieldAtVariableOffset = text[FieldArgument]("call-type/special-field-argument", "R{reg} doesn't have constant offset. {name} has to be at the constant offset")
	FieldWithoutBTF       = text[FieldArgument]("call-type/special-field-argument", "map '{map}' has to have BTF in order to use {name}")
	KptrWithoutBTF        = text[FieldArgument]("call-type/special-field-argument", "map '{map}' has to have BTF in order to use bpf_kptr_xchg")
	FieldMissing          = text[FieldArgument]("call-type/special-field-argument", "{place} '{map}' has no valid {name}")
	FieldElsewhere        = text[FieldOffset]("call-type/special-field-argument", "off {off} doesn't point to 'struct {name}' that is at {at}")
	KptrMissing           = text[FieldOffset]("call-type/special-field-argument", "R{reg} has no valid kptr")
	KptrElsewhere         = text[FieldOffset]("call-type/special-field-argument", "off={off} doesn't point to kptr")
	KptrNotReferenced     = text[FieldOffset]("call-type/special-field-argument", "off={off} kptr isn't referenced kptr")
	FieldNotFound         = text[FieldOffset]("call-type/special-field-argument", "{name} not found at offset={off}")
	NotAMapValue          = text[Argument]("call-type/special-field-argument", "arg#{argno} doesn't point to a map value")
	NotAGraphRoot         = text[Argument]("call-type/special-field-argument", "arg#{argno} expected pointer to map value or allocated object")
	NotALock              = text[Argument]("call-type/special-field-argument", "arg#{argno} doesn't point to map value or allocated object").
				in73("R{reg} doesn't point to map value or allocated object")

	GraphNodeMismatch = text[Node]("call-type/graph-node-mismatch", "operation on {root} expects arg#1 {name} at offset={off} in struct {want}, but arg is at offset={at} in struct {type}")
	GraphNodeOffset   = text[Node]("call-type/graph-node-mismatch", "arg#1 offset={at}, but expected {name} at offset={off} in struct {want}")

	ObjectArgument      = text[Argument]("call-type/object-argument", "arg#{argno} expected pointer to allocated object")
	DroppedPercpuObject = text[Argument]("call-type/object-argument", "arg#{argno} expected for bpf_obj_drop_impl()")
	DroppedPlainObject  = text[Argument]("call-type/object-argument", "arg#{argno} expected for bpf_percpu_obj_drop_impl()")
	NotAReference       = text[Argument]("call-type/object-argument", "arg#{argno} is neither owning or non-owning ref")
	NotRefcounted       = text[Argument]("call-type/object-argument", "arg#{argno} doesn't point to a type with bpf_refcount field")
	GivenObjectNotOwned = text[Argument]("call-type/object-argument", "allocated object must be referenced").shared()

	CallbackParam     = text[Argument]("call-type/callback-argument", "arg{argno} expected pointer to func")
	CallbackNotStatic = text[Named]("call-type/callback-argument", "callback function not static")
	CallbackRefused   = text[NumberedCall]("call-type/callback-argument", "kfunc {callee}#{id} failed callback verification")
)

// Call type safety: values, types and results.
var (
	AtProgramExit    = text[Returned]("call-type/return-value", "At program exit the register R{reg} has {detail} should have been in [{min}, {max}]")
	AtAsyncReturn    = text[Returned]("call-type/return-value", "At async callback return the register R{reg} has {detail} should have been in [{min}, {max}]").shared()
	ReturnNotKnown   = text[ReturnedKind]("call-type/return-value", "At program exit the register R{reg} is not a known value ({type})")
	AsyncNotKnown    = text[ReturnedKind]("call-type/return-value", "At async callback return the register R{reg} is not a known value ({type})")
	ReturnNotANumber = text[Value]("call-type/return-value", "At subprogram exit the register R{reg} is not a scalar value ({type})")
	VoidHookNote     = text[None]("call-type/return-value", "Note, BPF_LSM_CGROUP that attach to void LSM hooks can't modify return value!")
	VoidHookResult   = text[Call]("call-type/return-value", "BPF_LSM_CGROUP that attach to void LSM hooks can't modify return value!")

	CallbackReturnValue = text[Returned]("call-type/callback-return-value", "At callback return the register R{reg} has {detail} should have been in [{min}, {max}]")
	CallbackReturnKind  = text[Value]("call-type/callback-return-value", "R0 not a scalar value")

	GlobalFunctionArgument = text[Function]("call-type/global-function-argument", "Caller passes invalid args into func#{id} ('{name}')")

	TypeIDTooLarge       = text[Call]("call-type/type-id-argument", "local type ID argument must be in range [0, U32_MAX]")
	TypeIDWithoutBTF     = text[Call]("call-type/type-id-argument", "bpf_obj_new/bpf_percpu_obj_new requires prog BTF")
	TypeIDNotAStruct     = text[Call]("call-type/type-id-argument", "bpf_obj_new/bpf_percpu_obj_new type ID argument must be of a struct")
	PercpuObjectTooLarge = text[Sized]("call-type/type-id-argument", "bpf_percpu_obj_new type size ({size}) is greater than {limit}")
	PercpuObjectPointers = text[Call]("call-type/type-id-argument", "bpf_percpu_obj_new type ID argument must be of a struct of scalars")
	PercpuObjectFields   = text[Call]("call-type/type-id-argument", "bpf_percpu_obj_new type ID argument must not contain special fields")
	UnknownTypeID        = text[TypeID]("call-type/type-id-argument", "Unknown type ID {id} passed to kfunc bpf_rdonly_cast")
	CastNotAStruct       = text[Call]("call-type/type-id-argument", "kfunc bpf_rdonly_cast type ID argument must be of a struct or void")
	StorageFlags         = text[Argument]("call-type/argument-value", "get_local_storage() doesn't support non-zero flags")

	UnsupportedParam   = text[TypedArgument]("call-type/kfunc-signature", "kernel function {callee} args#{argno} pointer type {btf} is not supported")
	UnsizedParam       = text[TypedArgument]("call-type/kfunc-signature", "arg#{argno} reference type('{btf}') size cannot be determined: {error}")
	UnknownParam       = text[KindArgument]("call-type/kfunc-signature", "Unrecognized arg#{argno} type {btf}")
	TooManyKfuncParams = text[Params]("call-type/kfunc-signature", "Function {callee} has {count} > {most} args")
	AcquiresNoObject   = text[Call]("call-type/kfunc-signature", "acquire kernel function does not return PTR_TO_BTF_ID")
	UnsizedResult      = text[Result]("call-type/kfunc-signature", "unable to resolve the size of type '{type}': {error}")
	LockFlagsUnknown   = silent[Argument]("call-type/kfunc-signature")
)

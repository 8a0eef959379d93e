// SPDX-License-Identifier: GPL-2.0-only

package catalog

// older are messages of kernels before 6.18 that it words otherwise or has no
// more, by the code of the same mistake. Nothing here comes from a verification:
// they are for logs that people paste.
var older = map[Code][]string{
	ScalarDereference: {"R{reg} invalid mem access 'inv'"},
	OutOfBounds: {
		"R{reg} min value is outside of the array range",
		"R{reg} max value is outside of the array range",
	},
	UnboundedOffset: {"R{reg} unbounded memory access, make sure to bounds check any array access into a map"},
	UninitializedStackRead: {
		"invalid indirect read from stack off {off}+{at} size {size}",
		"invalid indirect read from stack var_off {bits}+{at} size {size}",
		"invalid indirect read from stack R{reg} var_off {bits}+{at} size {size}",
	},
	VariableStackOffset: {
		"variable stack access var_off={bits} off={off} size={size}",
		"R{reg} unbounded indirect variable offset stack access",
	},
	StackOutOfBounds: {
		"invalid stack off={off} size={size}",
		"invalid stack type R{reg} off={off} access_size={size}",
		"invalid stack type R{reg} var_off={bits} access_size={size}",
		"invalid variable-offset {access} stack R{reg} var_off={bits} size={size}",
		"R{reg} max value is outside of stack bound",
		"R{reg} min value is outside of stack bound",
	},
	InvalidInstruction:         {"invalid BPF_ALU opcode {op}"},
	PartialSpill:               {"corrupted spill memory"},
	VariablePointerDereference: {"variable ctx access var_off={bits} off={off} size={size}"},
	WrongArgumentKind:          {"R{reg} must point to kernel BTF"},
	ReleaseNotOwned: {
		"func {callee}#{id} reference has not been acquired before",
		"kfunc {callee}#{id} reference has not been acquired before",
		"reference has not been acquired before",
		"R{reg} must be referenced",
	},
	ReleaseWithOffset:      {"R{reg} must have zero offset when passed to release func"},
	ReturnBufferSize:       {"R{reg} rdonly/rdwr_buf_size exceeds u32 max"},
	UninitializedDynptr:    {"arg#{argno} pointer type {btf} {name} must be valid and initialized"},
	DynptrArgument:         {"arg#{argno} pointer type {btf} {name} not to stack"},
	DynptrTypeMismatch:     {"arg#{argno} pointer type {btf} {name} points to unsupported dynamic pointer type"},
	DynptrSlotInvalid:      {"cannot pass in dynptr at an offset"},
	MapArgument:            {"arg#{argno} expected pointer to map value"},
	TypeIDArgument:         {"kfunc {callee} type ID argument must be of a struct"},
	NodeOwnership:          {"rbtree_remove node input must be non-owning ref"},
	KfuncSignature:         {"reg type unsupported for arg#{argno} kernel function {callee}#{id}"},
	GlobalFunctionArgument: {"Caller passes invalid args into func#{id}"},
	SpecialFieldArgument: {
		"map '{map}' doesn't have 'struct {name}'",
		"map '{map}' has more than one 'struct {name}'",
		"map '{map}' is not a struct type or {name} is mangled",
		"off {off} doesn't point to 'struct {name}'",
	},
	ReturnValue: {
		"At program exit the register R{reg} has value ({given}) should have been in ({allowed})",
		"At program exit the register R{reg} has unknown scalar value should have been in ({allowed})",
		"At program exit the register R{reg} has value ({given})",
		"At program exit the register R{reg} has unknown scalar value",
	},
	CallbackReturnValue: {
		"At callback return the register R{reg} has value ({given}) should have been in ({allowed})",
		"At callback return the register R{reg} has unknown scalar value should have been in ({allowed})",
		"In callback the register R{reg} is not a known value ({type})",
		"In async callback the register R{reg} is not a known value ({type})",
		"async callback the register R{reg} has value ({given}) should have been in ({allowed})",
	},
	UnreleasedReference: {
		"tail_call would lead to reference leak",
		"BPF_LD_[ABS|IND] cannot be mixed with socket references",
	},
	LockHeldAtExit: {
		"bpf_spin_unlock is missing",
		"tail_call inside bpf_spin_lock-ed region",
		"BPF_LD_[ABS|IND] inside bpf_spin_lock-ed region",
	},
	PreemptDisabledAtExit: {
		"{count} bpf_preempt_enable is missing",
		"{count} bpf_preempt_enable(s) are missing",
	},
	SleepableKfunc: {"kernel function {callee} is sleepable but the program is not"},
	SleepableMap: {
		"Sleepable programs can only use array and hash maps",
		"Sleepable programs can only use preallocated hash maps",
		"Sleepable programs can only use preallocated maps",
		"Sleepable programs can only use array, hash, and ringbuf maps",
	},
	SleepableProgram: {
		"Only fentry/fexit/fmod_ret and lsm programs can be sleepable",
		"Only fentry/fexit/fmod_ret, lsm, and kprobe/uprobe programs can be sleepable",
		"Only fentry/fexit/fmod_ret, lsm, iter, uprobe programs can be sleepable",
		"BPF_LSM_CGROUP programs cannot be sleepable",
	},
	MapNotAllowed:     {"sleepable progs cannot use bpf_spin_lock yet"},
	HelperNotAllowed:  {"unknown func {callee}#{id}"},
	GPLOnlyHelper:     {"cannot call GPL only function from proprietary program"},
	DestructiveKfunc:  {"destructive kfunc calls require CAP_SYS_BOOT capabilities"},
	SpeculationUnsafe: {"R{reg} has unknown scalar with mixed signed bounds", "R{reg} has pointer with unsupported alu operation"},
}

// newer are messages of Linux 7.3 for what 6.18 says otherwise, or does not
// have, besides those of the verifier.
var newer = map[Code][]string{
	NullableArgument: {
		"Possibly NULL pointer passed to trusted R{reg}",
		"Possibly NULL pointer passed to helper R{reg}",
	},
	ConstString:             {"R{reg} doesn't point to a const string"},
	ObjectArgument:          {"R{reg} expected pointer to allocated object", "R{reg} expected for bpf_obj_drop()", "R{reg} expected for bpf_percpu_obj_drop()"},
	SpecialFieldArgument:    {"R{reg} expected pointer to map value or allocated object", "R{reg} doesn't point to a type with bpf_refcount field"},
	ContextArgument:         {"R{reg} expected pointer to ctx, but got {type}", "R{reg} expects pointer to ctx"},
	CallbackArgument:        {"R{reg} expected pointer to func"},
	WrongArgumentKind:       {"R{reg} is {type} expected {btf} {want}"},
	StructMismatch:          {"kernel function {callee} R{reg} expected pointer to {btf} {want} but R{given} has a pointer to {has} {type}"},
	BufferAccess:            {"R{reg} invalid negative {buffer} buffer offset: off={off}, var_off={bits}"},
	Misaligned:              {"misaligned {place} access off {bits}+{delta} size {size}"},
	MemoryLengthRange:       {"R{reg} memory, len pair leads to invalid memory access"},
	NodeOwnership:           {"R{reg} is neither owning or non-owning ref"},
	SleepableProgram:        {"Program of this type cannot be sleepable"},
	KfuncNotAllowed:         {"{callee} cannot be used in tracing programs on types with NMI unsafe fields"},
	GlobalFunctionSignature: {"Global function {callee}() return value not void or scalar. Only those are supported."},
}

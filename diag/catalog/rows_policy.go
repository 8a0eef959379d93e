// SPDX-License-Identifier: GPL-2.0-only

package catalog

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

var policyRows = []Entry{
	{
		Code:   FunctionReferenceCapability,
		Anchor: AtInstruction, Story: programStory,
		Problem:    "function pointers need CAP_BPF",
		Reason:     "The program passes the address of a function, which only a loader with CAP_BPF may do.",
		Suggestion: "Load the program with CAP_BPF.",
	},
	{
		Code:   SubprogramCallCapability,
		Anchor: AtInstruction, Story: programStory,
		Problem:    "calls of functions need CAP_BPF",
		Reason:     "The program calls a function that is not inlined, which only a loader with CAP_BPF may do.",
		Suggestion: "Mark the function `__always_inline`, or load the program with CAP_BPF.",
	},
	{
		Code:   KfuncCapability,
		Anchor: AtInstruction, Story: programStory,
		Problem:    "kernel functions need CAP_BPF",
		Reason:     "The program calls a kernel function, which only a loader with CAP_BPF may do.",
		Suggestion: "Load the program with CAP_BPF.",
	},
	{
		Code:   HelperNotAllowed,
		Anchor: AtInstruction, Story: programStory,
		Details:    []Detail{DetailOffered},
		Problem:    "helper not available to this program type",
		Reason:     "{call|the helper} cannot be used in programs of {progtype|this type}[ on a kernel that is {want}, as the target kernel is].",
		Suggestion: "Use another helper, or move the work to a program type that has it[; kernels that are not {want} offer it here].",
	},
	{
		Code:   UnknownHelper,
		Anchor: AtInstruction, Story: programStory,
		Problem:    "unknown helper",
		Reason:     "This kernel has no helper with the number {id|that is called here}.",
		Suggestion: "Use another helper: this one is newer than the target kernel, or its number is wrong.",
	},
	{
		Code:   GPLOnlyHelper,
		Anchor: AtInstruction, Story: programStory, License: true,
		Problem:    "helper needs a GPL-compatible license",
		Reason:     "{call|the helper} may only be used by programs with a license that is compatible with the GPL[, and {license}].",
		Suggestion: "If the license of the program allows it, {advice|declare `char LICENSE[] SEC(\"license\") = \"GPL\";`}.",
	},
	{
		Code:   GPLOnlyKfunc,
		Anchor: AtInstruction, Story: programStory, License: true,
		Problem:    "kernel function needs a GPL-compatible license",
		Reason:     "Kernel functions may only be called by programs with a license that is compatible with the GPL[, and {license}].",
		Suggestion: "If the license of the program allows it, {advice|declare `char LICENSE[] SEC(\"license\") = \"GPL\";`}.",
	},
	{
		Code:   GPLOnlyStruct,
		Anchor: AtInstruction, Story: programStory, Name: NameStruct, License: true,
		Problem:    "kernel structure needs a GPL-compatible license",
		Reason:     "{name|this structure} may only be read by programs with a license that is compatible with the GPL[, and {license}].",
		Suggestion: "If the license of the program allows it, {advice|declare `char LICENSE[] SEC(\"license\") = \"GPL\";`}.",
	},
	{
		Code:   GPLOnlyStructOps,
		Anchor: AtProgram, Story: programStory, License: true,
		Problem:    "hook needs a GPL-compatible license",
		Reason:     "Programs that implement kernel operations or security hooks must have a license that is compatible with the GPL[, and {license}].",
		Suggestion: "If the license of the program allows it, {advice|declare `char LICENSE[] SEC(\"license\") = \"GPL\";`}.",
	},
	{
		Code:   HelperGate,
		Anchor: AtInstruction, Story: programStory,
		Details:    []Detail{DetailOffered},
		Problem:    "helper refused",
		Reason:     "{call|the helper} cannot be used by this program at its attach point.",
		Suggestion: "Use another helper or attach the program elsewhere.",
	},
	{
		Code:   KfuncNotAllowed,
		Anchor: AtInstruction, Story: programStory,
		Details:    []Detail{DetailOffered},
		Problem:    "kernel function not available to this program type",
		Reason:     "{call|the kernel function} cannot be called from programs of {progtype|this type}.",
		Suggestion: "Use a function that is registered for this program type, or another program type.",
		Kernel:     []string{"bpf_dynptr_from_{name} is not supported in tracing programs"},
	},
	{
		Code:   UnknownKfunc,
		Anchor: AtInstruction, Story: programStory, Name: NameFunction,
		Problem:    "unknown kernel function",
		Reason:     "This kernel has no function {name|of this name} that programs can call.",
		Suggestion: "Declare the function `__weak` and test with bpf_ksym_exists() before the call.",
		Kernel: []string{
			"kernel function btf_id {id} does not have a valid func_proto",
			"cannot find address for kernel function {name}",
			"address of kernel function {name} is out of range",
			"invalid module BTF fd specified",
			"BTF fd for kfunc is not a module BTF",
		},
	},
	{
		Code:   DestructiveKfunc,
		Anchor: AtInstruction, Story: programStory,
		Problem:    "destructive kernel function",
		Reason:     "{call|the kernel function} can stop the machine and needs the capability CAP_SYS_BOOT.",
		Suggestion: "Load the program with CAP_SYS_BOOT.",
		Kernel:     []string{"destructive kfunc calls require CAP_SYS_BOOT capability"},
	},
	{
		Code:   PerfmonKfunc,
		Anchor: AtInstruction, Story: programStory,
		Problem:    "kernel function needs CAP_PERFMON",
		Reason:     "{call|the kernel function} needs the capability CAP_PERFMON.",
		Suggestion: "Load the program with CAP_PERFMON.",
		Kernel:     []string{"{name} is allowed only to CAP_PERFMON and CAP_SYS_ADMIN"},
	},
	{
		Code:   DeviceBoundKfunc,
		Anchor: AtInstruction, Story: programStory,
		Problem:    "kernel function for device-bound programs",
		Reason:     "{call|the kernel function} reads metadata of a device, so the program must be bound to one.",
		Suggestion: "Load the program for a device with the flag BPF_F_XDP_DEV_BOUND_ONLY.",
		Kernel:     []string{"metadata kfuncs can't be offloaded"},
	},
	{
		Code:   UntrustedRead,
		Anchor: AtInstruction, Story: programStory,
		Problem:    "read of untrusted memory needs CAP_PERFMON",
		Reason:     "Memory that is not known to be valid may only be read with the capability CAP_PERFMON.",
		Suggestion: "Load the program with CAP_PERFMON.",
		Kernel:     []string{"R{reg} access is allowed only to CAP_PERFMON and CAP_SYS_ADMIN"},
	},
	{
		Code:   StructAccessCapability,
		Anchor: AtInstruction, Story: programStory, Name: NameStruct,
		Problem:    "kernel structure needs CAP_PERFMON",
		Reason:     "{name|this structure} may only be read with the capability CAP_PERFMON.",
		Suggestion: "Load the program with CAP_PERFMON.",
	},
	{
		Code:   MapNotAllowed,
		Anchor: AtInstruction, Story: programStory,
		Details:    []Detail{DetailForbiddenField},
		Problem:    "map not possible in this program",
		Reason:     "Programs of {progtype|this type} cannot use {name|one of the maps} that this program refers to.",
		Suggestion: "Leave the special field out of the map's value, or use another map or program type.",
		Kernel: []string{
			"offload device mismatch between prog and map",
			"JIT is required to use arena",
			"JIT doesn't support arena",
			"arena's user address must be set via map_extra or mmap()",
			"program's hash doesn't match map's excl_prog_hash",
			"bpf_timer cannot be used for PREEMPT_RT.",
		},
	},
	{
		Code:   SleepableProgram,
		Anchor: AtProgram, Story: programStory,
		Problem:    "program cannot be sleepable",
		Reason:     "What the section says about sleeping is not possible for programs of {progtype|this type}[ at {name}].",
		Suggestion: "Leave the `.s` out of the section's name, or choose a hook where the kernel can wait for the program.",
	},
	{
		Code:   HookNotModifiable,
		Anchor: AtProgram, Story: programStory, Name: NameFunction,
		Problem:    "hook's result cannot be changed",
		Reason:     "The result of {name|the function} cannot be changed by a program.",
		Suggestion: "Use fentry or fexit to observe it, or a function that allows changes.",
	},
	{
		Code:   HookNotAttachable,
		Anchor: AtProgram, Story: programStory, Name: NameFunction,
		Problem:    "hook not open to programs",
		Reason:     "The kernel does not let programs attach to {name|this function}.",
		Suggestion: "Attach to a caller, or use a tracepoint.",
	},
	{
		Code:   ProgramTypeCapability,
		Anchor: AtProgram, Story: programStory,
		Problem:    "program type needs CAP_BPF",
		Reason:     "Without CAP_BPF only socket filters and programs for the packets of a cgroup can be loaded, and this is {name|another type}.",
		Suggestion: "Load the program with CAP_BPF, and whatever else its type needs.",
	},
	{
		Code:   MapCapability,
		Anchor: AtInstruction, Story: programStory,
		Problem:    "map type needs a capability",
		Reason:     "The type of map `{name|used here}` needs CAP_BPF or CAP_NET_ADMIN, which the loader lacks.",
		Suggestion: "Use an array, a hash or a ring buffer, or load the program with the capability.",
	},
	{
		Code:   UnprivilegedStackAccess,
		Anchor: AtInstruction, Story: programStory,
		Problem:    "stack access needs a constant offset without privileges",
		Reason:     "A program of a loader without CAP_PERFMON must access its stack at constant offsets.",
		Suggestion: "Use constant indices, or load the program with CAP_PERFMON.",
		Kernel:     []string{"spilled ptr in range of var-offset stack write; insn {pc}, ptr off: {off}"},
	},
	{
		Code:   SpeculationUnsafe,
		Anchor: AtInstruction, Story: programStory,
		Problem:    "pointer arithmetic needs CAP_PERFMON",
		Reason:     "The arithmetic on {value|this pointer} could be abused when the processor guesses a branch wrongly, so a loader without CAP_PERFMON cannot use it.",
		Suggestion: "Mask the offset with a constant, or load the program with CAP_PERFMON.",
	},
	{
		Code:   MissingKernelFeature,
		Anchor: AtInstruction, Story: programStory,
		Problem:    "kernel lacks a feature",
		Reason:     "The target kernel was built without what this program needs, such as BTF or a JIT compiler.",
		Suggestion: "Use a kernel with CONFIG_DEBUG_INFO_BTF and CONFIG_BPF_JIT.",
		Kernel: []string{
			"calling kernel function is not supported without CONFIG_DEBUG_INFO_BTF",
			"JIT is required for calling kernel function",
			"JIT does not support calling kernel function",
			"JIT does not support calling kfunc {name}#{id}",
			"JIT doesn't support bpf-to-bpf calls",
			"calling kernel functions are not allowed in non-JITed programs",
			"tail_calls are not allowed in non-JITed programs with bpf-to-bpf calls",
			"callbacks are not allowed in non-JITed programs",
		},
	},
}

// SPDX-License-Identifier: GPL-2.0-only

package catalog

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

var memoryRows = []Entry{
	{
		Code:   NegativeOffset,
		Anchor: AtInstruction, Story: valueStory,
		Amount: AmountAdded, Details: []Detail{DetailOffset, DetailAmount, DetailSubtracted},
		Problem:    "offset may be negative",
		Reason:     "The offset[ {offset}] used with {value|this pointer} may be negative[ ({range})], so the access could lie before {place|the object}.[ {cause}.]",
		Suggestion: "{advice|Check that the offset is not below 0, or use an unsigned type and check its upper limit.}",
	},
	{
		Code:   OutOfBounds,
		Anchor: AtInstruction, Story: valueStory,
		Amount: AmountAdded, Details: []Detail{DetailIndex, DetailAmount, DetailWorstOffset, DetailConstantIndex, DetailMoved, DetailPointerSize, DetailSmallValue},
		Problem:    "access outside of bounds",
		Reason:     "This access[ of {size}][ at offset {off}] is not inside {place|the object}[, which has {object}].[ The offset comes from {offset}.][ {fit}.][ {cause}.]",
		Suggestion: "{advice|Check the index or length against the size of the object before this line, in a way that the verifier sees: compare the same variable that is used, or mask it.}",
	},
	{
		Code:   UnboundedOffset,
		Anchor: AtInstruction, Story: valueStory,
		Amount: AmountAdded, Details: []Detail{DetailOffset, DetailAmount, DetailSubtracted},
		Problem:    "unbounded offset",
		Reason:     "The offset[ {offset}] used with {value|this pointer} has no upper limit on this path, so the access may lie outside of {place|the object}.[ {cause}.]",
		Suggestion: "{advice|Compare the offset with the size of the object before this line, or mask it with a constant. Check the very variable that is used: the verifier does not carry a check over to a value that was loaded again.}",
	},
	{
		Code:   PacketOutOfBounds,
		Anchor: AtInstruction, Story: valueStory,
		Details:    []Detail{DetailMisplaced, DetailPacket, DetailLengthTest},
		Problem:    "packet access without a length check",
		Reason:     "[{access|This access} needs {needs}, but ]{checked|no comparison with the end of the packet covers this access on this path}.[ {where}.]",
		Suggestion: "{advice|Before the access compare the end of what is read with `data_end`, for example `if ((void *)(hdr + 1) > data_end) return …;`. A helper that may change the packet makes the check invalid.}",
	},
	{
		Code:   SpillCorruption,
		Anchor: AtInstruction, Story: noStory,
		Problem:    "saved pointer partly overwritten",
		Reason:     "This write changes part of a pointer that is kept on the stack.",
		Suggestion: "Write the whole 8 bytes, or use a separate variable.",
	},
	{
		Code:   UninitializedStackRead,
		Anchor: AtInstruction, Story: noStory, Value: ValueObject,
		Details:    []Detail{DetailPadding, DetailDeclared, DetailMoved},
		Problem:    "read of uninitialized stack memory",
		Reason:     "{call|this access} reads {value|local memory} of which {pad|some bytes} were never written on this path.",
		Suggestion: "Set the whole variable first, for example with `= {}` or __builtin_memset(); padding between members counts too.",
		Kernel:     []string{"invalid indirect read from stack R{reg} off {off}+{at} size {size}"},
	},
	{
		Code:   SpecialStackRead,
		Anchor: AtInstruction, Story: noStory, Value: ValueWhole,
		Details:    []Detail{DetailReadObject},
		Problem:    "direct read of a dynptr, iterator or IRQ flag",
		Reason:     "{value|the variable} holds an object that only the kernel's functions may look into.",
		Suggestion: "Use the functions made for it, such as bpf_dynptr_read() or the iterator's next function.",
	},
	{
		Code:   SpecialStackWrite,
		Anchor: AtInstruction, Story: noStory,
		Problem:    "write over a dynptr",
		Reason:     "{call|this function} could write over a dynptr on the stack.",
		Suggestion: "Pass memory that does not overlap the dynptr.",
	},
	{
		Code:   VariableStackOffset,
		Anchor: AtInstruction, Story: valueStory,
		Problem:    "stack pointer with a variable offset",
		Reason:     "{value|the pointer} into a local array has an offset that is not constant, which {call|this operation} does not take.",
		Suggestion: "Pass the start of the array, or use a map value as the buffer.",
	},
	{
		Code:   StackOutOfBounds,
		Anchor: AtInstruction, Story: valueStory,
		Amount: AmountAdded, Details: []Detail{DetailIndex, DetailAmount, DetailStackBounds, DetailMoved},
		Problem:    "access outside of the stack",
		Reason:     "This access[ of {size}][ at offset {off} from the frame's end] is outside of the local variables of the function.",
		Suggestion: "Check the index of the local array before this line.",
		Kernel: []string{
			"allocated_stack too small",
		},
	},
	{
		Code:   DeadStackRead,
		Anchor: AtInstruction, Story: noStory,
		Problem:    "read of stack memory that was given up",
		Reason:     "The verifier had found that nothing reads {value|this local memory} any more, and now something does.",
		Suggestion: "Report this as a fault of the kernel or of bpf-lsp, with the program.",
		Kernel:     []string{"{access} slot poisoned by dead code elimination"},
	},
	{
		Code:   Misaligned,
		Anchor: AtInstruction, Story: valueStory,
		Details:    []Detail{DetailUnaligned},
		Problem:    "misaligned access",
		Reason:     "This access[ of {size}] is not at a multiple of its size, which {place|this memory} requires.",
		Suggestion: "Align the member: avoid `packed`, order members by size, or copy byte by byte with __builtin_memcpy().",
	},
	{
		Code:   ContextAccess,
		Anchor: AtInstruction, Story: noStory,
		Details:    []Detail{DetailMissingArgument, DetailContextMember},
		Problem:    "context member not available",
		Reason:     "The context of programs of {progtype|this type} has no member that can be {accessed|accessed} at offset {off|used here}[ with {size}].",
		Suggestion: "Use the members that this program type offers, in their full width, and write only to those that are writable.",
		Kernel: []string{
			"func '{name}' arg{argno} has btf_id {id} type {type} '{param}'",
			"invalid btf_id for context argument offset {off}",
		},
	},
	{
		Code:   SocketAccess,
		Anchor: AtInstruction, Story: noStory,
		Details:    []Detail{DetailSocketMember},
		Problem:    "socket member not available",
		Reason:     "{value|the socket} has no member that can be {accessed|accessed} at offset {off|used here}[ with {size}].",
		Suggestion: "Read only the members of the structure that the helper documents, in their full width.",
	},
	{
		Code:   FlowKeysAccess,
		Anchor: AtInstruction, Story: noStory,
		Problem:    "flow keys accessed out of bounds",
		Reason:     "The access[ of {size}][ at offset {off}] lies outside of `struct bpf_flow_keys`.",
		Suggestion: "Use the members of `struct bpf_flow_keys`.",
	},
	{
		Code:   BufferAccess,
		Anchor: AtInstruction, Story: valueStory,
		Problem:    "buffer accessed out of bounds",
		Reason:     "The access[ of {size}][ at offset {off}] lies outside of the {buffer|kernel's} buffer, or its offset is not constant.",
		Suggestion: "Use constant offsets within the buffer.",
	},
	{
		Code:   ReadOnlyMap,
		Anchor: AtInstruction, Story: noStory,
		Details:    []Detail{DetailWritten},
		Problem:    "write into a read-only map",
		Reason:     "{value|the pointer} leads into a map that programs may only read.",
		Suggestion: "Leave out `const` (which puts a variable into .rodata) or the flag BPF_F_RDONLY_PROG if the program has to write.",
	},
	{
		Code:   WriteOnlyMap,
		Anchor: AtInstruction, Story: noStory,
		Details:    []Detail{DetailWritten},
		Problem:    "read from a write-only map",
		Reason:     "{value|the pointer} leads into a map that programs may only write.",
		Suggestion: "Leave out the flag BPF_F_WRONLY_PROG if the program has to read.",
	},
	{
		Code:   ReadOnlyMemory,
		Anchor: AtInstruction, Story: noStory,
		Details:    []Detail{DetailSibling},
		Problem:    "write to read-only memory",
		Reason:     "Programs may only read what {value|this pointer} points to[ ({kind})].",
		Suggestion: "Copy the data to local memory and change the copy.",
	},
	{
		Code:   PacketWrite,
		Anchor: AtInstruction, Story: noStory,
		Details:    []Detail{DetailStorer},
		Problem:    "packet is read-only here",
		Reason:     "[{access} is in the packet, and ]programs of {progtype|this type} may read packet data, but not write it.",
		Suggestion: "Leave the change to a program of a type that may write, such as one in `SEC(\"tc\")` or `SEC(\"xdp\")`.",
	},
	{
		Code:   BTFAccess,
		Anchor: AtInstruction, Story: noStory, Name: NameStruct,
		Details:    []Detail{DetailBeyond},
		Problem:    "kernel structure accessed out of bounds",
		Reason:     "The access[ of {size}][ at offset {off}] does not hit a whole member of {name|the kernel's structure}.",
		Suggestion: "Use the type that the pointer really has; members that differ between kernels need CO-RE accesses (`__attribute__((preserve_access_index))`).",
	},
	{
		Code:   BTFWrite,
		Anchor: AtInstruction, Story: noStory,
		Details:    []Detail{DetailWritable, DetailTracedWrite},
		Problem:    "kernel structure is read-only",
		Reason:     "{value|the pointer} leads into a structure of the kernel, which programs may only read.",
		Suggestion: "Use a helper or kernel function that makes the change.",
	},
	{
		Code:   UserPointer,
		Anchor: AtInstruction, Story: noStory,
		Problem:    "direct access to user memory",
		Reason:     "{value|the pointer} leads to user space memory, which may be swapped out.",
		Suggestion: "Use bpf_probe_read_user() or, in programs that can sleep, bpf_copy_from_user().",
	},
	{
		Code:   PercpuPointer,
		Anchor: AtInstruction, Story: noStory,
		Problem:    "direct access to per-CPU memory",
		Reason:     "{value|the pointer} stands for one object per CPU and has no address of its own.",
		Suggestion: "Use bpf_per_cpu_ptr() or bpf_this_cpu_ptr() and check the result.",
	},
	{
		Code:   MapPointerAccess,
		Anchor: AtInstruction, Story: noStory,
		Details:    []Detail{DetailInnerMap},
		Problem:    "access into a map's own structure",
		Reason:     "{value|the map pointer} allows only reads of the kernel's map structure, at its members.",
		Suggestion: "Use bpf_map_lookup_elem() to get at the values.",
		Kernel:     []string{"map_ptr access not supported without CONFIG_DEBUG_INFO_BTF"},
	},
	{
		Code:   KptrAccess,
		Anchor: AtInstruction, Story: noStory,
		Problem:    "kernel pointer in a map used in a way that is not possible",
		Reason:     "The map value holds a pointer to a kernel object here, which must be read and written whole and in the way its tag says.",
		Suggestion: "Change referenced pointers with bpf_kptr_xchg(), and read the pointer as one 8-byte value.",
	},
	{
		Code:   SpecialFieldAccess,
		Anchor: AtInstruction, Story: noStory, MapKind: true,
		Details:    []Detail{DetailCoveredField},
		Problem:    "direct access to a special field",
		Reason:     "{name|this member} is managed by the kernel and cannot be read or written by the program itself.",
		Suggestion: "Leave the member out of copies and use the functions made for it.",
	},
	{
		Code:   PartialSpill,
		Anchor: AtInstruction, Story: noStory,
		Details:    []Detail{DetailCutStore},
		Problem:    "pointer saved or loaded in parts",
		Reason:     "A pointer on the stack must be written and read as 8 bytes at once.",
		Suggestion: "Do not put pointers into packed or misaligned local structures.",
	},
	{
		Code:   CallerStackSpill,
		Anchor: AtInstruction, Story: noStory,
		Problem:    "pointer stored into the caller's frame",
		Reason:     "{function|the function} would store the address of a local variable of its own into memory of its caller.",
		Suggestion: "Let the caller own the memory that it keeps pointers to.",
	},
	{
		Code:   ArenaAccess,
		Anchor: AtInstruction, Story: noStory,
		Problem:    "arena access that is not supported",
		Reason:     "This form of access to arena memory is not possible: the program refers to no arena map, or the kernel does not know the instruction.",
		Suggestion: "Refer to the arena's map in every program that uses its memory. For other processors than x86, load unsigned values and extend the sign afterwards.",
		Kernel:     []string{"sign extending loads from arena are not supported yet"},
	},
}

// SPDX-License-Identifier: GPL-2.0-only

package fault

// Memory safety: offsets and bounds.
var (
	NegativeOffset = text[Limits]("memory/negative-offset", "R{reg} min value is negative, either use unsigned index or do a if (index >=0) check.")

	OutsideMapValue = text[Bounds]("memory/out-of-bounds", "invalid access to map value, value_size={object} off={off} size={size}")
	OutsideMapKey   = text[Bounds]("memory/out-of-bounds", "invalid access to map key, key_size={object} off={off} size={size}")
	OutsideMemory   = text[Bounds]("memory/out-of-bounds", "invalid access to memory, mem_size={object} off={off} size={size}")
	LeastOutside    = text[Register]("memory/out-of-bounds", "R{reg} min value is outside of the allowed memory range")
	MostOutside     = text[Register]("memory/out-of-bounds", "R{reg} max value is outside of the allowed memory range")

	UnboundedOffset = text[Unbounded]("memory/unbounded-offset", "R{reg} unbounded memory access, make sure to bounds check any such access")

	OutsidePacket      = text[PacketBounds]("memory/packet-out-of-bounds", "invalid access to packet, off={off} size={size}, R{reg}(id={id},off={off},r={object})")
	PacketNeverChecked = text[Access]("memory/packet-out-of-bounds", "R{reg} offset is outside of the packet")
	PacketUnchecked    = text[Register]("memory/packet-out-of-bounds", "R{reg} offset is outside of the packet").shared()

	MisalignedPacket = text[Alignment]("memory/misaligned", "misaligned packet access off {base}+{bits}+{fixed}+{delta} size {size}")
	MisalignedObject = text[Alignment]("memory/misaligned", "misaligned {place} access off {bits}+{fixed}+{delta} size {size}")
	Misaligned       = text[Alignment]("memory/misaligned", "misaligned access off {bits}+{fixed}+{delta} size {size}")
)

// Memory safety: the stack.
var (
	SpillCorruption = text[Access]("memory/spill-corruption", "attempt to corrupt spilled pointer on stack")
	SpillInRange    = text[StackWrite]("memory/spill-corruption", "spilled ptr in range of var-offset stack write; insn {pc}, ptr off: {off}").
			shared().unended()

	UninitializedStackRead = text[StackRead]("memory/uninitialized-stack-read", "invalid read from stack off {off}+{at} size {size}")
	UninitializedMemory    = text[StackRead]("memory/uninitialized-stack-read", "invalid read from stack R{reg} off {off}+{at} size {size}")
	UninitializedVariable  = text[StackRead]("memory/uninitialized-stack-read", "invalid read from stack R{reg} var_off {bits}+{at} size {size}")
	UninitializedInRange   = text[StackWrite]("memory/uninitialized-stack-read", "uninit stack in range of var-offset write prohibited for !root; insn {pc}, off: {off}")
	SpecialStackRead       = text[StackRead]("memory/special-stack-read", "invalid read from stack off {off}+{at} size {size}").shared()

	SpecialStackWrite   = text[StackOffset]("memory/special-stack-write", "potential write to dynptr at off={off} disallowed")
	VariableStackOffset = text[VarAccess]("memory/variable-stack-offset", "variable offset stack pointer cannot be passed into helper function; var_off={bits} off={off} size={size}")

	StackOffsetUnbounded  = text[StackUnbounded]("memory/stack-out-of-bounds", "invalid unbounded variable-offset {access} stack R{reg}")
	StackOutOfBounds      = text[StackBounds]("memory/stack-out-of-bounds", "invalid {access} stack R{reg} off={off} size={size}")
	StackRangeOutOfBounds = text[StackRange]("memory/stack-out-of-bounds", "invalid variable-offset {access} stack R{reg} var_off={bits} off={off} size={size}")

	PartialSpill     = text[Value]("memory/partial-spill", "invalid size of register spill")
	PartialFill      = text[KindAccess]("memory/partial-spill", "invalid size of register fill")
	CallerStackSpill = text[Value]("memory/caller-stack-spill", "cannot spill pointers to stack into stack frame of the caller")
)

// Memory safety: what may be done with a kind of memory.
var (
	ContextAccess = text[Access]("memory/context-access", "invalid bpf_context access off={off} size={size}")

	ContextOffset       = text[ContextArgument]("memory/context-access", "func '{name}' offset {off} is not multiple of 8")
	NoSuchArgument      = text[ContextArgument]("memory/context-access", "func '{name}' doesn't have {nth}-th argument")
	ArgumentNotPointer  = text[ContextArgument]("memory/context-access", "func '{name}' arg{argno} '{param}' has type {btf}. Only pointer access is allowed")
	ArgumentSize        = text[ContextArgument]("memory/context-access", "func '{name}' size {size} must be 8")
	ArgumentNotStruct   = text[ContextArgument]("memory/context-access", "func '{name}' arg{argno} type {btf} is not a struct")
	ResultNotModifiable = text[ContextArgument]("memory/context-access", "ret type {btf} not allowed for fmod_ret")

	SocketAccess   = text[KindAccess]("memory/socket-access", "R{reg} invalid {type} access off={off} size={size}")
	FlowKeysAccess = text[Bounds]("memory/flow-keys-access", "invalid access to flow keys off={off} size={size}")

	NegativeBufferOffset = text[BufferAccess]("memory/buffer-access", "R{reg} invalid {buffer} buffer access: off={off}, size={size}")
	VariableBufferOffset = text[BufferAccess]("memory/buffer-access", "R{reg} invalid variable buffer offset: off={off}, var_off={bits}")

	ReadOnlyMap       = text[Bounds]("memory/read-only-map", "write into map forbidden, value_size={object} off={off} size={size}")
	ReadOnlyMapUpdate = text[MapCall]("memory/read-only-map", "write into map forbidden")
	WriteOnlyMap      = text[Bounds]("memory/write-only-map", "read from map forbidden, value_size={object} off={off} size={size}")
	ReadOnlyMemory    = text[Value]("memory/read-only-memory", "R{reg} cannot write into {type}")
	ReadOnlyMapKey    = text[MapRegister]("memory/read-only-memory", "write to change key R{reg} not allowed")
	PacketWrite       = text[Register]("memory/packet-write", "cannot write into packet")
	PacketSliceWrite  = text[Call]("memory/packet-write", "the prog does not allow writes to packet data")

	BeyondStruct        = text[MemberAccess]("memory/btf-access", "access beyond struct {name} at off {at} size {len}")
	BeyondMember        = text[MemberAccess]("memory/btf-access", "access beyond the end of member {member} (mend:{limit}) in struct {name} with off {at} size {len}")
	PartOfPointerMember = text[MemberAccess]("memory/btf-access", "cannot access ptr member {member} with moff {limit} in struct {name} with off {at} size {len}")
	NoMember            = text[MemberAccess]("memory/btf-access", "struct {name} doesn't have field at offset {at}")
	UnsizedMember       = text[MemberAccess]("memory/btf-access", "field {member} doesn't have size")
	NotAStruct          = text[MemberAccess]("memory/btf-access", "Type '{name}' is not a struct")
	NegativeMember      = text[PointerAccess]("memory/btf-access", "R{reg} is ptr_{name} invalid negative access: off={off}")
	VariableMember      = text[PointerAccess]("memory/btf-access", "R{reg} is ptr_{name} invalid variable offset: off={off}, var_off={bits}")

	BTFWrite             = text[StructAccess]("memory/btf-write", "only read is supported")
	MemberNotWritable    = text[FixedMember]("memory/btf-write", "no write support to {name} at off {off}")
	WriteBeyondMember    = text[StructWrite]("memory/btf-write", "write access at off {off} with size {size} beyond the member of {name} ended at {limit}")
	DummyStateWrite      = text[StructAccess]("memory/btf-write", "write access at off {off} with size {size}")
	NotDummyState        = text[StructAccess]("memory/btf-write", "only access to bpf_dummy_ops_state is supported")
	MemberNeverWritable  = silent[FixedMember]("memory/btf-write")
	StructNeverWritable  = silent[StructAccess]("memory/btf-write")
	UserPointer          = text[PointerAccess]("memory/user-pointer", "R{reg} is ptr_{name} access user memory: off={off}")
	PercpuPointer        = text[PointerAccess]("memory/percpu-pointer", "R{reg} is ptr_{name} access percpu memory: off={off}")
	NegativeMapMember    = text[StructAccess]("memory/map-pointer-access", "R{reg} is {name} invalid negative access: off={off}")
	MapStructWrite       = text[StructAccess]("memory/map-pointer-access", "only read from {name} is supported")
	MapStructUnsupported = text[MapTypeAccess]("memory/map-pointer-access", "map_ptr access not supported for map type {id}")
	MapContentsUnknown   = silent[Map]("memory/map-pointer-access")

	KptrMismatch = text[FieldValue]("memory/kptr-access", "invalid kptr access, R{reg} type={type}{has} expected=ptr_{want}").
			spoken("invalid kptr access, R{reg} type={type} expected={want}")
	UntrustedKptr       = text[FieldValue]("memory/kptr-access", "invalid kptr access, R{reg} type={type}{has} expected=ptr_{want} or untrusted_ptr_{want}").shared()
	KptrMode            = text[Field]("memory/kptr-access", "kptr in map can only be accessed using BPF_MEM instruction mode")
	ReferencedKptrStore = text[Field]("memory/kptr-access", "store to referenced kptr disallowed")
	UptrStore           = text[Field]("memory/kptr-access", "store to uptr disallowed")
	KptrImmediate       = text[Field]("memory/kptr-access", "BPF_ST imm must be 0 when storing to kptr at off={off}")
	KptrInstruction     = text[Field]("memory/kptr-access", "kptr in map can only be accessed using BPF_LDX/BPF_STX/BPF_ST")
	FieldVariableOffset = text[Field]("memory/kptr-access", "{name} access cannot have variable offset")
	FieldMisaligned     = text[Field]("memory/kptr-access", "{name} access misaligned expected={off} off={at}")
	FieldSize           = text[Field]("memory/kptr-access", "{name} access size must be BPF_DW")
	FieldByHelper       = text[Field]("memory/kptr-access", "{name} cannot be accessed indirectly by helper")
	SpecialFieldAccess  = text[Field]("memory/special-field-access", "{name} cannot be accessed directly by load/store")
	ObjectFieldAccess   = text[ObjectField]("memory/special-field-access", "direct access to {name} is disallowed")

	ArenaUnknown = text[None]("memory/arena-access", "addr_space_cast insn can only be used in a program that has an associated arena")
)

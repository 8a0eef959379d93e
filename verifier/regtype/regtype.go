// SPDX-License-Identifier: GPL-2.0-only

// Package regtype names what a register, a helper argument and a helper
// result can be: a base kind and flags, numbered as Linux 6.18 numbers them,
// since the order decides what the kernel's tables and messages say.
package regtype

// BaseBits is the width of the base kind; flags lie above it.
const BaseBits = 8

// BaseMask selects the base kind of a type.
const BaseMask = 1<<BaseBits - 1

// Flags of registers, arguments and results.
const (
	MaybeNull = 1 << (BaseBits + iota)
	ReadOnly
	Ringbuf
	User
	PerCPU
	ObjRelease
	Untrusted
	Uninit
	DynptrLocal
	DynptrRingbuf
	FixedSize
	Alloc
	Trusted
	RCU
	NonOwning
	DynptrSkb
	DynptrXDP
	Aligned
	Write
	DynptrSkbMeta
	// DynptrFile came after Linux 6.18.
	DynptrFile
)

// DynptrFlags are the flags that say what backs a dynptr.
const DynptrFlags = DynptrLocal | DynptrRingbuf | DynptrSkb | DynptrXDP | DynptrSkbMeta | DynptrFile

// Reg is the type of the value a register or spilled slot holds.
type Reg uint32

// Base kinds of registers.
const (
	NotInit Reg = iota
	Scalar
	PtrToCtx
	ConstPtrToMap
	PtrToMapValue
	PtrToMapKey
	PtrToStack
	PtrToPacketMeta
	PtrToPacket
	PtrToPacketEnd
	PtrToFlowKeys
	PtrToSocket
	PtrToSockCommon
	PtrToTCPSock
	PtrToTPBuffer
	PtrToXDPSock
	PtrToBTFID
	PtrToMem
	PtrToArena
	PtrToBuf
	PtrToFunc
	ConstPtrToDynptr
)

// Base is the kind without its flags.
func (t Reg) Base() Reg { return t & BaseMask }

// Flags are the flags without the kind.
func (t Reg) Flags() uint32 { return uint32(t) &^ BaseMask }

// MayBeNull reports whether the value must be compared with NULL before use.
func (t Reg) MayBeNull() bool { return t&MaybeNull != 0 }

// IsPacket reports whether t is a pointer into packet data or metadata.
func (t Reg) IsPacket() bool {
	b := t.Base()
	return b == PtrToPacket || b == PtrToPacketMeta
}

// IsSocket reports whether t is one of the socket kinds that lookup helpers return.
func (t Reg) IsSocket() bool {
	return t == PtrToSocket || t == PtrToSockCommon || t == PtrToTCPSock || t == PtrToXDPSock
}

// IsReadOnlyMem reports whether t is memory that a program must not write.
func (t Reg) IsReadOnlyMem() bool { return t&ReadOnly != 0 }

// IsAllocObject reports whether t is an object of the program's own type, from bpf_obj_new.
func (t Reg) IsAllocObject() bool { return t.Base() == PtrToBTFID && t&Alloc != 0 }

// IsNonOwning reports whether t is a borrowed pointer to a list or tree node.
func (t Reg) IsNonOwning() bool { return t.IsAllocObject() && t&NonOwning != 0 }

var regNames = [...]string{
	NotInit: "?", Scalar: "scalar", PtrToCtx: "ctx", ConstPtrToMap: "map_ptr", PtrToMapValue: "map_value",
	PtrToMapKey: "map_key", PtrToStack: "fp", PtrToPacketMeta: "pkt_meta", PtrToPacket: "pkt",
	PtrToPacketEnd: "pkt_end",
	PtrToFlowKeys:  "flow_keys", PtrToSocket: "sock", PtrToSockCommon: "sock_common", PtrToTCPSock: "tcp_sock",
	PtrToTPBuffer: "tp_buffer", PtrToXDPSock: "xdp_sock", PtrToBTFID: "ptr_", PtrToMem: "mem", PtrToArena: "arena",
	PtrToBuf: "buf", PtrToFunc: "func", ConstPtrToDynptr: "dynptr_ptr",
}

// prefixes are spelt before the name of a type, in this order.
var prefixes = [...]struct {
	flag uint32
	text string
}{
	{ReadOnly, "rdonly_"}, {Ringbuf, "ringbuf_"}, {User, "user_"}, {PerCPU, "percpu_"},
	{RCU, "rcu_"}, {Untrusted, "untrusted_"}, {Trusted, "trusted_"},
}

// Append appends the type as the kernel's log spells it.
//
// kernel: reg_type_str
func (t Reg) Append(b []byte) []byte {
	for i := range prefixes {
		if uint32(t)&prefixes[i].flag != 0 {
			b = append(b, prefixes[i].text...)
		}
	}
	base := t.Base()
	b = append(b, regNames[base]...)
	switch {
	case !t.MayBeNull():
		return b
	case base == PtrToBTFID:
		return append(b, "or_null_"...)
	}
	return append(b, "_or_null"...)
}

// String is Append as a string.
func (t Reg) String() string {
	if base := t.Base(); t == base {
		return regNames[base]
	}
	return string(t.Append(nil))
}

// Arg is what a helper asks of one argument.
type Arg uint32

// Base kinds of helper arguments.
const (
	ArgDontCare Arg = iota
	ArgConstMapPtr
	ArgMapKey
	ArgMapValue
	ArgMem
	ArgArena
	ArgConstSize
	ArgConstSizeOrZero
	ArgCtx
	ArgAnything
	ArgSpinLock
	ArgSockCommon
	ArgSocket
	ArgBTFID
	ArgRingbufMem
	ArgConstAllocSizeOrZero
	ArgBTFIDSockCommon
	ArgPerCPUBTFID
	ArgFunc
	ArgStack
	ArgConstStr
	ArgTimer
	ArgKptrXchgDest
	ArgDynptr

	NumArgs // how many there are
)

// Base is the kind without its flags.
func (t Arg) Base() Arg { return t & BaseMask }

// Flags are the flags without the kind.
func (t Arg) Flags() uint32 { return uint32(t) &^ BaseMask }

// MayBeNull reports whether NULL is a valid argument.
func (t Arg) MayBeNull() bool { return t&MaybeNull != 0 }

// IsSize reports whether t is the length half of a (memory, length) pair.
func (t Arg) IsSize() bool {
	b := t.Base()
	return b == ArgConstSize || b == ArgConstSizeOrZero
}

// Ret is what a helper returns.
type Ret uint32

// Base kinds of helper results.
const (
	RetInteger Ret = iota
	RetVoid
	RetMapValue
	RetSocket
	RetTCPSock
	RetSockCommon
	RetMem
	RetMemOrBTFID
	RetBTFID
)

// Base is the kind without its flags.
func (t Ret) Base() Ret { return t & BaseMask }

// Flags are the flags without the kind.
func (t Ret) Flags() uint32 { return uint32(t) &^ BaseMask }

// MayBeNull reports whether the result may be NULL.
func (t Ret) MayBeNull() bool { return t&MaybeNull != 0 }

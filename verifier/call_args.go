// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// What an argument kind accepts, by the type of the register passed. A kind
// with MaybeNull also takes NULL and pointers that may be NULL, one with
// ReadOnly takes read-only memory too.
//
// kernel: compatible_reg_types
var acceptedBy = [regtype.NumArgs][]regtype.Reg{
	regtype.ArgMapKey:               memoryTypes,
	regtype.ArgMapValue:             memoryTypes,
	regtype.ArgConstSize:            {regtype.Scalar},
	regtype.ArgConstSizeOrZero:      {regtype.Scalar},
	regtype.ArgConstAllocSizeOrZero: {regtype.Scalar},
	regtype.ArgConstMapPtr:          {regtype.ConstPtrToMap},
	regtype.ArgCtx:                  {regtype.PtrToCtx},
	regtype.ArgSockCommon:           {regtype.PtrToSockCommon, regtype.PtrToSocket, regtype.PtrToTCPSock, regtype.PtrToXDPSock},
	regtype.ArgBTFIDSockCommon: {
		regtype.PtrToSockCommon, regtype.PtrToSocket, regtype.PtrToTCPSock, regtype.PtrToXDPSock,
		regtype.PtrToBTFID, regtype.PtrToBTFID | regtype.Trusted,
	},
	regtype.ArgSocket:     {regtype.PtrToSocket},
	regtype.ArgBTFID:      {regtype.PtrToBTFID, regtype.PtrToBTFID | regtype.Trusted, regtype.PtrToBTFID | regtype.RCU},
	regtype.ArgSpinLock:   {regtype.PtrToMapValue, regtype.PtrToBTFID | regtype.Alloc},
	regtype.ArgMem:        memoryTypes,
	regtype.ArgRingbufMem: {regtype.PtrToMem | regtype.Ringbuf},
	regtype.ArgPerCPUBTFID: {
		regtype.PtrToBTFID | regtype.PerCPU,
		regtype.PtrToBTFID | regtype.PerCPU | regtype.RCU,
		regtype.PtrToBTFID | regtype.PerCPU | regtype.Trusted,
	},
	regtype.ArgFunc:         {regtype.PtrToFunc},
	regtype.ArgStack:        {regtype.PtrToStack},
	regtype.ArgConstStr:     {regtype.PtrToMapValue},
	regtype.ArgTimer:        {regtype.PtrToMapValue},
	regtype.ArgKptrXchgDest: {regtype.PtrToMapValue, regtype.PtrToBTFID | regtype.Alloc},
	regtype.ArgDynptr:       {regtype.PtrToStack, regtype.ConstPtrToDynptr},
}

var memoryTypes = []regtype.Reg{
	regtype.PtrToStack, regtype.PtrToPacket, regtype.PtrToPacketMeta, regtype.PtrToMapKey, regtype.PtrToMapValue,
	regtype.PtrToMem, regtype.PtrToMem | regtype.Ringbuf, regtype.PtrToBuf, regtype.PtrToBTFID | regtype.Trusted,
}

// takesMemory tells the kinds that are memory of any sort.
func takesMemory(kind regtype.Arg) bool {
	switch kind.Base() {
	case regtype.ArgMapKey, regtype.ArgMapValue, regtype.ArgMem:
		return true
	}
	return false
}

// stepArg checks one argument of a helper, counted from 0.
//
// kernel: check_func_arg
func (v *verifier) stepArg(i int) *Rejection {
	c := &v.calls
	spec := &c.proto.Args[i]
	kind := spec.Type
	if kind == regtype.ArgDontCare {
		return nil
	}
	n := uint8(i + 1)
	if r := v.requireReadable(n); r != nil {
		return r
	}
	reg := v.reg(n)
	if kind == regtype.ArgAnything {
		if v.isPointer(n) {
			return v.reject(eacces, fault.PointerPassed.Of(v.argument(n)))
		}
		return nil
	}
	if reg.Type.IsPacket() && !v.mayAccessPacket(accessRead, c) {
		return v.reject(eacces, fault.PacketPassed.Of(v.argument(n)))
	}
	if kind.Base() == regtype.ArgMapValue {
		var r *Rejection
		if kind, r = v.resolveMapValueKind(kind); r != nil {
			return r
		}
	}
	// NULL is a number, of which no rule about pointers holds.
	if !reg.IsNull() || !kind.MayBeNull() {
		if r := v.requireArgType(n, kind, v.wantedStruct(spec)); r != nil {
			return r
		}
		if r := v.requireArgOffset(reg, n, kind); r != nil {
			return r
		}
	}
	if r := v.requireReleasable(n, kind); r != nil {
		return r
	}
	if reg.RefObjID != 0 && kind.Base() != regtype.ArgKptrXchgDest {
		if c.refObjID != 0 && !v.rules.manyReferences {
			return v.rejectSecondRef(n, reg)
		}
		c.refObjID = reg.RefObjID
	}
	return v.stepArgKind(i, n, kind)
}

// rejectSecondRef refuses a second argument that holds a reference. The kernel
// does not end the line.
func (v *verifier) rejectSecondRef(n uint8, reg *state.Reg) *Rejection {
	return v.reject(eacces, fault.MultipleReferences.Of(fault.SecondReference{OwnedArgument: fault.OwnedArgument{Argument: v.argument(n), Reference: v.reference(reg.RefObjID)}, Other: v.calls.refObjID}))
}

// requireReleasable requires an argument that the call releases to be owned, and
// notes it.
func (v *verifier) requireReleasable(n uint8, kind regtype.Arg) *Rejection {
	if kind&regtype.ObjRelease == 0 {
		return nil
	}
	c := &v.calls
	reg := v.reg(n)
	switch {
	case kind.Base() == regtype.ArgDynptr && v.rules.dynptrTypeDecides:
	case kind.Base() == regtype.ArgDynptr:
		if r := v.requireOwnedDynptr(n, reg); r != nil {
			return r
		}
	case reg.RefObjID != 0 || reg.IsNull():
	case v.rules.namesReleaser:
		return v.reject(einval, fault.UnownedHelperPointer.Of(v.argument(n)))
	default:
		return v.reject(einval, fault.UnownedArgument.Of(v.argument(n)))
	}
	if c.release != 0 {
		return v.bug("more than one release argument")
	}
	c.release = n
	return nil
}

// stepArgKind checks what is particular to the kind of an argument, and keeps
// what it tells about the call.
func (v *verifier) stepArgKind(i int, n uint8, kind regtype.Arg) *Rejection {
	c := &v.calls
	reg := v.reg(n)
	switch kind.Base() {
	case regtype.ArgConstMapPtr:
		return v.requireSameMap(n, reg)
	case regtype.ArgMapKey:
		return v.stepMapKey(n)
	case regtype.ArgMapValue:
		if kind.MayBeNull() && reg.IsNull() {
			return nil
		}
		if c.mapRef == 0 {
			return v.bug("invalid map_ptr to access map->value")
		}
		c.rawMode = kind&regtype.Uninit != 0
		size := int(v.mapOf(c.mapRef).ValueSize)
		if v.mapOf(c.mapRef).Assumed {
			size = 1 // how much there must be is not known
		}
		return v.stepHelperMem(n, size, argMode(kind), false, c).ofArgument(fault.MemoryRange)
	case regtype.ArgPerCPUBTFID:
		c.retBTF, c.retID = reg.BTFType()
	case regtype.ArgSpinLock:
		return v.stepLockArg(n)
	case regtype.ArgTimer:
		return v.requireTimer(n)
	case regtype.ArgFunc:
		c.subprog = reg.Subprog()
	case regtype.ArgMem:
		return v.stepMemArg(i, n, kind)
	case regtype.ArgConstSize, regtype.ArgConstSizeOrZero:
		zeroOK := kind.Base() == regtype.ArgConstSizeOrZero
		return v.stepMemSize(n, argMode(c.proto.Args[i-1].Type), zeroOK, c)
	case regtype.ArgDynptr:
		return v.stepDynptrArg(n, kind, dynptrOrigin{ref: c.refObjID})
	case regtype.ArgConstAllocSizeOrZero:
		if !reg.IsConst() {
			return v.reject(eacces, fault.NonConstantArgument.Of(v.argument(n)))
		}
		c.memSize = uint32(reg.Var.Value)
		return v.markPrecise(n)
	case regtype.ArgConstStr:
		return v.requireConstString(n)
	case regtype.ArgKptrXchgDest:
		return v.requireKptrField(n)
	}
	return nil
}

// stepMemArg checks memory whose size the helper fixes. Other memory is
// checked with the length that follows.
func (v *verifier) stepMemArg(i int, n uint8, kind regtype.Arg) *Rejection {
	c := &v.calls
	c.rawMode = kind&regtype.Uninit != 0
	if kind&regtype.FixedSize == 0 {
		return nil
	}
	size := int(c.proto.Args[i].Size)
	if r := v.stepHelperMem(n, size, argMode(kind), false, c); r != nil {
		return r.ofArgument(fault.MemoryRange)
	}
	if kind&regtype.Aligned == 0 {
		return nil
	}
	return v.requireAligned(&access{pc: v.pc, base: n, size: size, strict: true}, v.reg(n))
}

// argMode is how the callee uses a memory argument.
func argMode(kind regtype.Arg) accessMode {
	if kind&regtype.Write != 0 {
		return accessWrite
	}
	return accessRead
}

// wanted is the kernel struct that an argument must point to.
type wanted struct {
	// name is the struct. Without a name, id is the struct, and 0 leaves it to
	// the argument kind.
	name string
	id   uint32
}

func (v *verifier) wantedStruct(spec *facts.Arg) wanted {
	if spec.Type.Base() == regtype.ArgBTFID {
		return wanted{name: spec.BTF}
	}
	return wanted{}
}

// requireArgType requires register n to be of a type that the kind accepts, and a
// pointer to a kernel object to point to the wanted struct.
//
// kernel: check_reg_type
func (v *verifier) requireArgType(n uint8, kind regtype.Arg, want wanted) *Rejection {
	reg := v.reg(n)
	base := kind.Base()
	accepted := acceptedBy[base]
	if accepted == nil {
		return v.bug("unsupported arg type %d", uint32(kind))
	}
	t := reg.Type
	if kind&regtype.ReadOnly != 0 {
		t &^= regtype.ReadOnly
	}
	if kind.MayBeNull() {
		t &^= regtype.MaybeNull
	}
	if base == regtype.ArgMem {
		t &^= regtype.DynptrFlags
	}
	if v.calls.id == facts.FuncKptrXchg && t&regtype.Alloc != 0 && n == 2 {
		t &^= regtype.Alloc | regtype.PerCPU
	}
	if !contains(accepted, t) {
		return v.rejectArgType(n, reg, kind, accepted)
	}
	if reg.Type.Base() != regtype.PtrToBTFID {
		return nil
	}
	if takesMemory(kind) {
		if kind&regtype.ReadOnly != 0 {
			return nil
		}
		return v.reject(eacces, fault.ReadOnlyArgument.Of(v.argument(n)))
	}
	return v.requireObjectType(n, kind, want)
}

func contains(accepted []regtype.Reg, t regtype.Reg) bool {
	for _, a := range accepted {
		if a == t {
			return true
		}
	}
	return false
}

// rejectArgType refuses a register whose type the kind does not accept.
func (v *verifier) rejectArgType(n uint8, reg *state.Reg, kind regtype.Arg, accepted []regtype.Reg) *Rejection {
	return v.reject(eacces, argFault(reg.Type, kind, accepted).Of(fault.Unexpected{Argument: v.argument(n), Want: accepted}))
}

// argFault is what is wrong with a register of type t as an argument.
func argFault(t regtype.Reg, kind regtype.Arg, accepted []regtype.Reg) fault.Message[fault.Unexpected] {
	switch {
	case t.MayBeNull() && contains(accepted, t&^regtype.MaybeNull):
		return fault.NullableKind
	case t&regtype.Untrusted != 0 && contains(accepted, t&^(regtype.Untrusted|regtype.MaybeNull)):
		return fault.UntrustedKind
	case kind.Base() == regtype.ArgCtx:
		return fault.ContextKind
	case kind.Base() == regtype.ArgConstMapPtr:
		return fault.MapKind
	}
	return fault.WrongArgumentKind
}

// requireObjectType requires a pointer to a kernel object to be checked for NULL
// and to point to the wanted struct.
func (v *verifier) requireObjectType(n uint8, kind regtype.Arg, want wanted) *Rejection {
	const ptr = regtype.PtrToBTFID
	id := v.calls.id
	reg := v.reg(n)
	switch reg.Type {
	case ptr, ptr | regtype.Trusted, ptr | regtype.Trusted | regtype.MaybeNull,
		ptr | regtype.RCU, ptr | regtype.MaybeNull, ptr | regtype.MaybeNull | regtype.RCU:
		if reg.Type.MayBeNull() && (!kind.MayBeNull() || kind&regtype.ObjRelease != 0) {
			return v.reject(eacces, fault.NullableArgument.Of(v.argument(n)))
		}
		if id == facts.FuncKptrXchg {
			return v.requireKptrMatch(n, reg, v.calls.kptr)
		}
		return v.requireStruct(n, kind, want)
	case ptr | regtype.Alloc, ptr | regtype.PerCPU | regtype.Alloc:
		switch {
		case id == facts.FuncKptrXchg && n == 2:
			return v.requireKptrMatch(n, reg, v.calls.kptr)
		case id != facts.FuncSpinLock && id != facts.FuncSpinUnlock && id != facts.FuncKptrXchg:
			return v.bug("unimplemented handling of MEM_ALLOC")
		}
		return nil
	case ptr | regtype.PerCPU, ptr | regtype.PerCPU | regtype.RCU, ptr | regtype.PerCPU | regtype.Trusted:
		return nil
	}
	return v.bug("invalid PTR_TO_BTF_ID register for type match")
}

// requireStruct requires a kernel pointer to point to the wanted struct. Most
// calls also take an object that begins with it, but what is released must be
// the very object, sockets excepted.
func (v *verifier) requireStruct(n uint8, kind regtype.Arg, want wanted) *Rejection {
	reg := v.reg(n)
	if want.name == "" && want.id == 0 {
		want.name = "sock_common"
	}
	id := want.id
	if want.name != "" {
		var ok bool
		if id, ok = v.structID(want.name); !ok {
			return v.unsupported("calls %s(): the target kernel's BTF has no struct %s", facts.HelperLogName(v.calls.id), want.name)
		}
	}
	strict := kind&regtype.ObjRelease != 0 && v.calls.id != facts.FuncSkRelease
	container, has := reg.BTFType()
	if v.structsMatch(container, has, reg.Off, state.KernelBTF, id, strict) {
		return nil
	}
	return v.reject(eacces, fault.NamedStructMismatch.Of(fault.NamedStructArgument{Argument: v.argument(n), Has: v.btfName(container, has), Want: v.btfName(state.KernelBTF, id)}))
}

// structID is the BTF id of a struct that helpers name.
func (v *verifier) structID(name string) (uint32, bool) {
	for i := range v.calls.structs {
		if s := &v.calls.structs[i]; s.name == name {
			return s.id, s.id != 0
		}
	}
	id := uint32(0)
	if v.prog.KernelBTF != nil {
		if st := program.FirstStruct(v.prog.KernelBTF, name); st != nil {
			id = v.btfID(state.KernelBTF, st)
		}
	}
	v.calls.structs = append(v.calls.structs, wanted{name: name, id: id})
	return id, id != 0
}

// requireArgOffset requires a pointer to be moved only as far as its type allows:
// memory freely, kernel objects by a fixed distance, all others and whatever
// is released not at all.
//
// kernel: check_func_arg_reg_off
func (v *verifier) requireArgOffset(reg *state.Reg, n uint8, kind regtype.Arg) *Rejection {
	if kind&regtype.ObjRelease != 0 {
		if kind.Base() == regtype.ArgDynptr && reg.Type == regtype.PtrToStack {
			return nil
		}
		if reg.Off != 0 {
			return v.reject(einval, fault.ReleaseWithOffset.Of(fault.ArgumentOffset{Argument: v.argument(n), Off: int64(reg.Off)}))
		}
		return v.requirePtrOff(reg, n, false)
	}
	const ptr, mem, buf = regtype.PtrToBTFID, regtype.PtrToMem, regtype.PtrToBuf
	switch reg.Type {
	case regtype.PtrToStack, regtype.PtrToPacket, regtype.PtrToPacketMeta, regtype.PtrToMapKey, regtype.PtrToMapValue,
		mem, mem | regtype.ReadOnly, mem | regtype.Ringbuf, buf, buf | regtype.ReadOnly, regtype.PtrToArena, regtype.Scalar:
		return nil
	case ptr, ptr | regtype.Alloc, ptr | regtype.Trusted, ptr | regtype.RCU,
		ptr | regtype.Alloc | regtype.NonOwning, ptr | regtype.Alloc | regtype.NonOwning | regtype.RCU:
		return v.requirePtrOff(reg, n, true)
	}
	return v.requirePtrOff(reg, n, false)
}

// requireBTFParam checks a kernel object passed to a global function.
func (v *verifier) requireBTFParam(reg *state.Reg, n uint8, a *subprogArg) *Rejection {
	v.calls.begin(0, &noProto)
	if r := v.requireArgType(n, a.Type, wanted{id: a.BTFID}); r != nil {
		return r
	}
	return v.requireArgOffset(reg, n, a.Type)
}

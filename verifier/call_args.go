// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"slices"

	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// stepArg checks one argument of a helper, counted from 0.
//
// kernel: check_func_arg
func (v *verifier) stepArg(i int) *Rejection {
	c := &v.call
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
	if reg.Type.IsPacket() && !v.mayPassPacket() {
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
		if r := v.requireArgType(n, kind, wantedBy(spec)); r != nil {
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
	if step := argRows[kind.Base()].step; step != nil {
		return step(v, n, kind)
	}
	return nil
}

// rejectSecondRef refuses a second argument that holds a reference. The kernel
// does not end the line.
func (v *verifier) rejectSecondRef(n uint8, reg *state.Reg) *Rejection {
	owned := fault.OwnedArgument{Argument: v.argument(n), Reference: v.reference(reg.RefObjID)}
	second := fault.SecondReference{OwnedArgument: owned, Other: v.call.refObjID}
	return v.reject(eacces, fault.MultipleReferences.Of(second))
}

// requireReleasable requires an argument that the call releases to be owned, and
// notes it.
func (v *verifier) requireReleasable(n uint8, kind regtype.Arg) *Rejection {
	if kind&regtype.ObjRelease == 0 {
		return nil
	}
	c := &v.call
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

// wanted is the kernel struct that an argument must point to.
type wanted struct {
	// name is the struct. Without a name, id is the struct, and 0 leaves it to
	// the argument kind.
	name string
	id   uint32
}

// requireArgType requires register n to be of a type that the kind accepts, and a
// pointer to a kernel object to point to the wanted struct.
//
// kernel: check_reg_type
func (v *verifier) requireArgType(n uint8, kind regtype.Arg, want wanted) *Rejection {
	reg := v.reg(n)
	row := &argRows[kind.Base()]
	if row.accepts == nil {
		return v.bug("unsupported arg type %d", uint32(kind))
	}
	t := reg.Type
	if kind&regtype.ReadOnly != 0 {
		t &^= regtype.ReadOnly
	}
	if kind.MayBeNull() {
		t &^= regtype.MaybeNull
	}
	if kind.Base() == regtype.ArgMem {
		t &^= regtype.DynptrFlags
	}
	if v.call.helper == facts.FuncKptrXchg && t&regtype.Alloc != 0 && n == 2 {
		t &^= regtype.Alloc | regtype.PerCPU
	}
	if !slices.Contains(row.accepts, t) {
		what := row.refusal(reg.Type)
		return v.reject(eacces, what.Of(fault.Unexpected{Argument: v.argument(n), Want: row.accepts}))
	}
	if reg.Type.Base() != regtype.PtrToBTFID {
		return nil
	}
	if row.memory {
		if kind&regtype.ReadOnly != 0 {
			return nil
		}
		return v.reject(eacces, fault.ReadOnlyArgument.Of(v.argument(n)))
	}
	return v.requireObjectType(n, kind, want)
}

// requireObjectType requires a pointer to a kernel object to be checked for NULL
// and to point to the wanted struct.
func (v *verifier) requireObjectType(n uint8, kind regtype.Arg, want wanted) *Rejection {
	const ptr = regtype.PtrToBTFID
	id := v.call.helper
	reg := v.reg(n)
	switch reg.Type {
	case ptr, ptr | regtype.Trusted, ptr | regtype.Trusted | regtype.MaybeNull,
		ptr | regtype.RCU, ptr | regtype.MaybeNull, ptr | regtype.MaybeNull | regtype.RCU:
		if reg.Type.MayBeNull() && (!kind.MayBeNull() || kind&regtype.ObjRelease != 0) {
			return v.reject(eacces, fault.NullableArgument.Of(v.argument(n)))
		}
		if id == facts.FuncKptrXchg {
			return v.requireKptrMatch(n, reg, v.call.kptr)
		}
		return v.requireStruct(n, kind, want)
	case ptr | regtype.Alloc, ptr | regtype.PerCPU | regtype.Alloc:
		switch {
		case id == facts.FuncKptrXchg && n == 2:
			return v.requireKptrMatch(n, reg, v.call.kptr)
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
			return v.unsupported("calls %s(): the target kernel's BTF has no struct %s", v.call.Name, want.name)
		}
	}
	strict := kind&regtype.ObjRelease != 0 && v.call.helper != facts.FuncSkRelease
	container, has := reg.BTFType()
	if v.structsMatch(container, has, reg.Off, state.KernelBTF, id, strict) {
		return nil
	}
	return v.reject(eacces, fault.NamedStructMismatch.Of(fault.NamedStructArgument{Argument: v.argument(n),
		Has: v.btfName(container, has), Want: v.btfName(state.KernelBTF, id)}))
}

// structID is the BTF id of a struct that helpers name.
func (v *verifier) structID(name string) (uint32, bool) {
	for i := range v.structs {
		if s := &v.structs[i]; s.name == name {
			return s.id, s.id != 0
		}
	}
	id := uint32(0)
	if v.prog.KernelBTF != nil {
		if st := program.FirstStruct(v.prog.KernelBTF, name); st != nil {
			id = v.btfID(state.KernelBTF, st)
		}
	}
	v.structs = append(v.structs, wanted{name: name, id: id})
	return id, id != 0
}

// requireArgOffset requires a pointer to be moved no further than its type allows:
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
			return v.reject(einval, fault.ReleaseWithOffset.Of(fault.ArgumentOffset{Argument: v.argument(n),
				Off: int64(reg.Off)}))
		}
		return v.requirePtrOff(reg, n, false)
	}
	const ptr, mem, buf = regtype.PtrToBTFID, regtype.PtrToMem, regtype.PtrToBuf
	switch reg.Type {
	case regtype.PtrToStack, regtype.PtrToPacket, regtype.PtrToPacketMeta, regtype.PtrToMapKey, regtype.PtrToMapValue,
		mem, mem | regtype.ReadOnly, mem | regtype.Ringbuf, buf, buf | regtype.ReadOnly, regtype.PtrToArena,
		regtype.Scalar:
		return nil
	case ptr, ptr | regtype.Alloc, ptr | regtype.Trusted, ptr | regtype.RCU,
		ptr | regtype.Alloc | regtype.NonOwning, ptr | regtype.Alloc | regtype.NonOwning | regtype.RCU:
		return v.requirePtrOff(reg, n, true)
	}
	return v.requirePtrOff(reg, n, false)
}

// requireBTFParam checks a kernel object passed to a global function.
func (v *verifier) requireBTFParam(reg *state.Reg, n uint8, a *subprogArg) *Rejection {
	if r := v.requireArgType(n, a.Type, wanted{id: a.BTFID}); r != nil {
		return r
	}
	return v.requireArgOffset(reg, n, a.Type)
}

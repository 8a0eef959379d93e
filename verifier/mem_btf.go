// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"slices"

	"github.com/cilium/ebpf/btf"

	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// Typed pointers to kernel objects, and to objects that the program allocates.
// The offset must be fixed and not negative; the type's BTF says what lies
// there (btf_walk.go). Kernel objects are read only, but for a few fields that
// some program types may set. A pointer loaded from an object:
//
//	the object is     the field is listed as             the pointer becomes
//	untrusted         anything                           untrusted
//	trusted or RCU    trusted                            trusted
//	                  trusted or NULL                    trusted, maybe NULL
//	 … in RCU         RCU                                RCU
//	                  RCU or NULL, or tagged __rcu       RCU, maybe NULL
//	                  user or per-CPU                    that
//	                  anything else                      plain
//	 … not in RCU     anything else                      untrusted
//	plain             anything                           plain
//
// facts.FieldTrust has the lists. Loads through untrusted pointers survive a
// fault.

// trustFlags are the flags of a pointer that is safe to walk.
//
// kernel: BPF_REG_TRUSTED_MODIFIERS
const trustFlags = regtype.Alloc | regtype.Trusted | regtype.NonOwning

// loadedType is what a load through a typed pointer yields.
type loadedType struct {
	kind  regtype.Reg // Scalar, PtrToBTFID or PtrToMem, without flags
	flags uint32
	id    uint32 // type pointed to
	field string // member's name, of pointers
}

// stepBTFAccess checks a load or store through a pointer to an object of
// known type.
//
// kernel: check_ptr_to_btf_access
func (v *verifier) stepBTFAccess(a *access, r *state.Reg) *Rejection {
	if rej := v.requireBTFPointer(a, r); rej != nil {
		return rej
	}
	container, _ := r.BTFType()
	switch {
	case a.mode == accessWrite && r.Type&regtype.Untrusted != 0:
		return v.rejectBTFWrite(a)
	case a.mode == accessWrite && !r.Type.IsAllocObject() && v.mayWriteKernelFields():
		return v.requireFieldWrite(a, r)
	case a.mode == accessWrite && !r.Type.IsAllocObject():
		return v.rejectBTFWrite(a)
	case r.Type.IsAllocObject() && !r.Type.IsNonOwning() && r.Type&regtype.RCU == 0 && r.RefObjID == 0:
		return v.bug("ref_obj_id for allocated object must be non-zero")
	}
	found, rej := v.requireTypedField(a, r)
	if rej != nil {
		return rej
	}
	if found.kind == regtype.PtrToBTFID {
		found.flags = v.trustOf(r, found)
	}
	if a.loads() {
		v.applyTypedLoad(v.reg(uint8(a.value)), container, found)
	}
	return nil
}

// rejectBTFWrite refuses a store to an object that can only be read.
func (v *verifier) rejectBTFWrite(a *access) *Rejection {
	return v.reject(eacces, fault.BTFWrite.Of(fault.StructAccess{Access: a.fault()}))
}

// requireBTFPointer requires a pointer that this program may dereference, at a
// fixed offset.
func (v *verifier) requireBTFPointer(a *access, r *state.Reg) *Rejection {
	container, id := r.BTFType()
	refuse := func(errno int, what fault.Message[fault.PointerAccess]) *Rejection {
		object := fault.StructAccess{Access: a.fault(), Struct: v.btfName(container, id)}
		return v.reject(errno, what.Of(fault.PointerAccess{StructAccess: object, Kind: r.Type, Bits: r.Var}))
	}
	switch {
	case !v.allowPtrLeaks:
		return refuse(eperm, fault.StructAccessCapability)
	case !v.prog.GPL && container == state.KernelBTF:
		return refuse(einval, fault.GPLOnlyStruct)
	case a.off < 0:
		return refuse(eacces, fault.NegativeMember)
	case !r.Var.Equals(0):
		return refuse(eacces, fault.VariableMember)
	case r.Type&regtype.User != 0:
		return refuse(eacces, fault.UserPointer)
	case r.Type&regtype.PerCPU != 0:
		return refuse(eacces, fault.PercpuPointer)
	}
	return nil
}

// requireTypedField finds what the access reads or writes.
//
// kernel: btf_struct_access
func (v *verifier) requireTypedField(a *access, r *state.Reg) (loadedType, *Rejection) {
	container, id := r.BTFType()
	own := r.Type.IsAllocObject()
	if own {
		if rej := v.requireNoSpecialField(a, container, id); rej != nil {
			return loadedType{}, rej
		}
	}
	w := structWalk{typ: v.btfType(container, id), off: uint32(a.off), size: uint32(a.size), flexible: !own}
	if w.typ == nil {
		return loadedType{}, v.unsupported("reads a type that the kernel's BTF does not have")
	}
	for {
		switch w.step() {
		case walkScalar:
			return loadedType{kind: regtype.Scalar}, nil
		case walkPtr:
			if own {
				return loadedType{kind: regtype.Scalar}, nil
			}
			return loadedType{kind: regtype.PtrToBTFID, flags: w.flags, id: v.btfID(container, w.next),
				field: w.field}, nil
		case walkAnyPtr:
			return loadedType{kind: regtype.PtrToMem, flags: regtype.ReadOnly | regtype.Untrusted}, nil
		case walkStruct:
			w.typ, w.off = w.next, 0
		default:
			known := w.known
			known.Access = a.fault()
			return loadedType{}, v.reject(w.errno, w.refusal.Of(known))
		}
	}
}

// requireNoSpecialField requires an access to an object of the program's own type
// to leave its special fields alone.
func (v *verifier) requireNoSpecialField(a *access, container state.BTFRef, id uint32) *Rejection {
	fields := v.typeFields(container, id)
	if fields == nil {
		return nil
	}
	lo, hi := uint32(a.off), uint32(a.off)+uint32(a.size)
	for i := range fields.list {
		if f := &fields.list[i]; lo < f.off+f.size && f.off < hi {
			return v.reject(eacces, fault.ObjectFieldAccess.Of(fault.ObjectField{Access: a.fault(),
				Name: f.kind.String()}))
		}
	}
	return nil
}

// typeFields are the special fields of a struct of the program, nil for none.
//
// kernel: btf_find_struct_meta
func (v *verifier) typeFields(container state.BTFRef, id uint32) *fieldRecord {
	if container != state.ProgramBTF {
		return nil
	}
	if rec, ok := v.memory.types[id]; ok {
		return rec
	}
	var rec *fieldRecord
	if st, ok := v.btfType(container, id).(*btf.Struct); ok && slices.ContainsFunc(st.Members, program.OwnsField) {
		rec = v.parseFields(st)
	}
	if v.memory.types == nil {
		v.memory.types = make(map[uint32]*fieldRecord)
	}
	v.memory.types[id] = rec
	return rec
}

// trustOf are the flags of a pointer that was loaded through r.
func (v *verifier) trustOf(r *state.Reg, found loadedType) uint32 {
	plain := found.flags &^ (trustFlags | regtype.RCU)
	switch {
	case r.Type&regtype.Untrusted != 0:
		return regtype.Untrusted
	case !isTrusted(r) && r.Type&regtype.RCU == 0:
		return plain
	}
	container, id := r.BTFType()
	listed := facts.TrustNone
	if container == state.KernelBTF {
		listed = facts.FieldTrust(v.btfName(container, id), found.field)
	}
	switch {
	case listed == facts.TrustFull:
		return found.flags | regtype.Trusted
	case listed == facts.TrustFullOrNull:
		return found.flags | regtype.Trusted | regtype.MaybeNull
	case !v.inRCU() || r.Type.MayBeNull():
		return regtype.Untrusted
	case listed == facts.TrustRCU:
		return found.flags | regtype.RCU
	case listed == facts.TrustRCUOrNull:
		return (found.flags | regtype.RCU | regtype.MaybeNull) &^ regtype.Untrusted
	case found.flags&regtype.RCU != 0:
		return found.flags | regtype.MaybeNull
	case found.flags&(regtype.PerCPU|regtype.User) != 0:
		return found.flags
	}
	return plain
}

// isTrusted reports whether r is a pointer that is known to be valid.
//
// kernel: is_trusted_reg
func isTrusted(r *state.Reg) bool {
	if r.RefObjID != 0 {
		return true
	}
	flags := r.Type.Flags()
	if flags&^trustFlags != 0 {
		return false
	}
	switch r.Type.Base() {
	case regtype.PtrToSocket, regtype.PtrToSockCommon, regtype.PtrToTCPSock, regtype.ConstPtrToMap:
		return true
	}
	return flags&trustFlags != 0
}

// inRCU reports whether RCU-protected objects stay valid here.
//
// kernel: in_rcu_cs
func (v *verifier) inRCU() bool {
	if v.rules.regionsAreRCU && (v.cur.ActivePreempt != 0 || v.cur.ActiveIRQ != 0) {
		return true
	}
	return v.cur.ActiveRCU != 0 || v.cur.ActiveLocks != 0 || !v.inSleepable()
}

// applyTypedLoad sets r to what was loaded.
//
// kernel: mark_btf_ld_reg
func (v *verifier) applyTypedLoad(r *state.Reg, container state.BTFRef, found loadedType) {
	if found.kind == regtype.Scalar {
		v.setUnknown(r)
		return
	}
	r.SetKnown(0)
	r.Type = found.kind | regtype.Reg(found.flags)
	if found.kind == regtype.PtrToMem {
		r.SetMemSize(0)
		return
	}
	r.SetBTFType(container, found.id)
	if r.Type.MayBeNull() {
		r.ID = v.newID()
	}
}

// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/cilium/ebpf/btf"

	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// Pointers in map values, loaded and stored by plain 8-byte instructions.
//
//	field               load gives                           store takes
//	kptr, unreferenced  untrusted pointer, maybe NULL        NULL or such a pointer
//	kptr, referenced    in RCU: RCU pointer, maybe NULL      nothing: use bpf_kptr_xchg
//	per-CPU kptr        the same, per CPU                    nothing
//	uptr                memory of the struct's size or NULL  nothing
//
// A referenced kptr loads as RCU pointer only if its type is protected by RCU;
// otherwise, and outside of RCU sections, it is untrusted.

// stepKptrAccess loads or stores a pointer field of a map value.
//
// kernel: check_map_kptr_access
func (v *verifier) stepKptrAccess(a *access, f *specialField) *Rejection {
	in := &v.insns[a.pc]
	field := fault.Field{Off: int64(f.off), Size: int64(a.size), At: int64(f.off), Name: f.kind.String()}
	class := in.Class()
	owned := f.kind == fieldKptrRef || f.kind == fieldKptrPerCPU
	switch {
	case in.Mode() != isa.ModeMEM:
		return v.reject(eacces, fault.KptrMode.Of(field))
	case class != isa.ClassLDX && owned:
		return v.reject(eacces, fault.ReferencedKptrStore.Of(field))
	case class != isa.ClassLDX && f.kind == fieldUptr:
		return v.reject(eacces, fault.UptrStore.Of(field))
	case class == isa.ClassLDX:
		v.applyKptrLoad(uint8(a.value), f)
		return nil
	case class == isa.ClassSTX:
		value := v.reg(uint8(a.value))
		if value.IsNull() {
			return nil
		}
		return v.requireKptrMatch(uint8(a.value), value, f)
	case class == isa.ClassST && in.Imm != 0:
		return v.reject(eacces, fault.KptrImmediate.Of(field))
	case class == isa.ClassST:
		return nil
	}
	return v.reject(eacces, fault.KptrInstruction.Of(field))
}

// applyKptrLoad sets register n to a pointer field of a map value.
func (v *verifier) applyKptrLoad(n uint8, f *specialField) {
	r := v.reg(n)
	if f.kind == fieldUptr {
		size, _ := typeSize(v.btfType(f.btf, uint32(f.typeID)))
		r.SetKnown(0)
		r.Type = regtype.PtrToMem | regtype.MaybeNull
		r.SetMemSize(size)
		r.ID = v.newID()
		return
	}
	v.applyTypedLoad(r, f.btf, loadedType{kind: regtype.PtrToBTFID, flags: v.kptrFlags(f), id: uint32(f.typeID)})
}

// kptrFlags are the flags of a kptr loaded from a map value.
//
// kernel: btf_ld_kptr_type
func (v *verifier) kptrFlags(f *specialField) uint32 {
	if !v.rcuSafe(f) || !v.inRCU() {
		return regtype.MaybeNull | regtype.Untrusted
	}
	flags := uint32(regtype.MaybeNull | regtype.RCU)
	switch {
	case f.kind == fieldKptrPerCPU:
		flags |= regtype.PerCPU
	case f.btf != state.KernelBTF:
		flags |= regtype.Alloc
	}
	if v.typeFields(f.btf, uint32(f.typeID)).has(fieldGraphNode) {
		flags |= regtype.NonOwning
	}
	return flags
}

// rcuSafe reports whether f is a kptr whose object outlives a running RCU section.
//
// kernel: rcu_safe_kptr
func (v *verifier) rcuSafe(f *specialField) bool {
	if f.kind == fieldKptrPerCPU {
		return true
	}
	return f.kind == fieldKptrRef && v.rcuProtected(f.btf, uint32(f.typeID))
}

// kernel: rcu_protected_object
func (v *verifier) rcuProtected(container state.BTFRef, id uint32) bool {
	if container != state.KernelBTF {
		return true
	}
	_, isStruct := v.btfType(container, id).(*btf.Struct)
	return isStruct && facts.NamesRCUProtected.Has(v.btfName(container, id))
}

// requireKptrMatch requires register n to be a pointer that the field may hold.
//
// kernel: map_kptr_match_type
func (v *verifier) requireKptrMatch(n uint8, r *state.Reg, f *specialField) *Rejection {
	if r.Type.Base() != regtype.PtrToBTFID {
		return v.rejectKptr(n, r, f, "")
	}
	container, id := r.BTFType()
	allowed := uint32(regtype.MaybeNull)
	if container == state.KernelBTF {
		allowed |= regtype.Trusted | regtype.RCU
		if f.kind == fieldKptrUnref {
			allowed |= regtype.Untrusted
		}
	} else {
		allowed |= regtype.Alloc
		if f.kind == fieldKptrPerCPU {
			allowed |= regtype.PerCPU
		}
	}
	if r.Type.Flags()&^allowed != 0 {
		return v.rejectKptr(n, r, f, "")
	}
	if rej := v.requirePtrOff(r, n, true); rej != nil {
		return rej
	}
	if !v.structsMatch(container, id, r.Off, f.btf, uint32(f.typeID), f.kind != fieldKptrUnref) {
		return v.rejectKptr(n, r, f, v.btfName(container, id))
	}
	return nil
}

// rejectKptr refuses to store register n, which points to a name.
func (v *verifier) rejectKptr(n uint8, r *state.Reg, f *specialField, name string) *Rejection {
	known := fault.FieldValue{Value: fault.Value{Reg: n, Kind: r.Type}, Has: name,
		Want: v.btfName(f.btf, uint32(f.typeID))}
	if f.kind == fieldKptrUnref {
		return v.reject(eacces, fault.UntrustedKptr.Of(known))
	}
	return v.reject(eacces, fault.KptrMismatch.Of(known))
}

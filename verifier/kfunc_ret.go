// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"math"

	"github.com/cilium/ebpf/btf"

	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// maxPerCPUObject is the largest per-CPU object, in bytes.
const maxPerCPUObject = 512

// stepSpecialPointer makes R0 what the arguments of a function with rules of
// its own say. known is false for all other functions.
//
// kernel: check_special_kfunc
func (v *verifier) stepSpecialPointer(r0 *state.Reg) (known bool, r *Rejection) {
	c := &v.call
	name, _ := structName(c.kfunc.ret.target)
	switch {
	case c.kfunc.special == facts.KfuncObjNew, c.kfunc.special == facts.KfuncPercpuObjNew:
		return true, v.stepNewObject(r0)
	case c.kfunc.special == facts.KfuncRefcountAcquire:
		r0.SetKnown(0)
		r0.Type = allocObject
		r0.SetBTFType(c.objectBTF, c.objectID)
	case name == "bpf_list_node":
		setGraphNode(r0, c.listHead)
	case name == "bpf_rb_node":
		setGraphNode(r0, c.treeRoot)
	case c.kfunc.special == facts.KfuncCastToKernCtx:
		r0.SetKnown(0)
		r0.Type = regtype.PtrToBTFID | regtype.Trusted
		r0.SetBTFType(c.objectBTF, c.objectID)
	case c.kfunc.special == facts.KfuncRdonlyCast:
		return true, v.stepReadOnlyCast(r0)
	case c.kfunc.special == facts.KfuncDynptrSlice, c.kfunc.special == facts.KfuncDynptrSliceRdwr:
		return true, v.stepSlice(r0)
	default:
		return false, nil
	}
	return true, nil
}

// stepNewObject makes R0 a new object of a type of the program.
func (v *verifier) stepNewObject(r0 *state.Reg) *Rejection {
	c := &v.call
	call := c.Call
	perCPU := c.kfunc.special == facts.KfuncPercpuObjNew
	if c.constant > math.MaxUint32 {
		return v.reject(einval, fault.TypeIDTooLarge.Of(call))
	}
	if !v.hasTypes() {
		return v.reject(einval, fault.TypeIDWithoutBTF.Of(call))
	}
	id := uint32(c.constant)
	typ := v.btfType(state.ProgramBTF, id)
	if _, isStruct := typ.(*btf.Struct); !isStruct {
		return v.reject(einval, fault.TypeIDNotAStruct.Of(call))
	}
	if perCPU {
		if size, _ := typeSize(typ); size > maxPerCPUObject {
			return v.reject(einval, fault.PercpuObjectTooLarge.Of(fault.Sized{Call: call, Size: int64(size),
				Limit: maxPerCPUObject}))
		}
		if !v.isNumbersOnly(typ, 0) {
			return v.reject(einval, fault.PercpuObjectPointers.Of(call))
		}
		if v.typeFields(state.ProgramBTF, id).has(^fieldKind(0)) {
			return v.reject(einval, fault.PercpuObjectFields.Of(call))
		}
	}
	r0.SetKnown(0)
	r0.Type = allocObject
	if perCPU {
		r0.Type = allocPerCPUObject
	}
	r0.SetBTFType(state.ProgramBTF, id)
	return nil
}

// hasTypes reports whether the kernel keeps the program's BTF: it looks at it
// only where that describes functions or lines.
//
// kernel: check_btf_info_early
func (v *verifier) hasTypes() bool {
	return v.prog.BTF != nil && len(v.prog.Funcs)+len(v.prog.Lines) != 0
}

// stepReadOnlyCast makes R0 a pointer that is only probed.
func (v *verifier) stepReadOnlyCast(r0 *state.Reg) *Rejection {
	c := &v.call
	call := c.Call
	if c.constant == 0 {
		r0.SetKnown(0)
		r0.Type = regtype.PtrToMem | regtype.ReadOnly | regtype.Untrusted
		return nil
	}
	typ := v.btfType(state.KernelBTF, uint32(c.constant))
	if typ == nil {
		return v.reject(einval, fault.UnknownTypeID.Of(fault.TypeID{Call: call, ID: int64(c.constant)}))
	}
	if _, _, isStruct := membersOf(typ); !isStruct {
		return v.reject(einval, fault.CastNotAStruct.Of(call))
	}
	r0.SetKnown(0)
	r0.Type = regtype.PtrToBTFID | regtype.Untrusted
	r0.SetBTFType(state.KernelBTF, uint32(c.constant))
	return nil
}

// stepSlice makes R0 a part of the memory behind a dynptr; it dies with it.
func (v *verifier) stepSlice(r0 *state.Reg) *Rejection {
	c := &v.call
	r0.SetKnown(0)
	if !c.hasConst {
		return v.bug("bpf_dynptr_slice(_rdwr) no constant size")
	}
	r0.SetMemSize(uint32(c.constant))
	r0.Type = regtype.PtrToMem | regtype.Reg(c.dynptrKind.Flag())
	if c.kfunc.special == facts.KfuncDynptrSlice {
		r0.Type |= regtype.ReadOnly
	} else if !v.mayAccessPacket(accessWrite) {
		return v.reject(einval, fault.PacketSliceWrite.Of(c.Call))
	}
	if c.dynptrID == 0 {
		return v.bug("no dynptr id")
	}
	r0.SetDynptrID(c.dynptrID)
	return nil
}

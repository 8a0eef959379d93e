// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"strings"

	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

const (
	allocObject       = regtype.PtrToBTFID | regtype.Alloc
	allocPerCPUObject = regtype.PtrToBTFID | regtype.Alloc | regtype.PerCPU
	// trustedModifiers are the flags that do not make a typed pointer unsafe.
	trustedModifiers = regtype.Alloc | regtype.Trusted | regtype.NonOwning
)

// stepParam checks an argument of a known kind and applies what the call does
// to the object passed.
func (v *verifier) stepParam(c *kfuncCall, kind paramKind, p *kfuncParam, i int, n uint8) *Rejection {
	reg := v.reg(n)
	refuse := func(what fault.Message[fault.Argument]) *Rejection {
		return v.reject(einval, what.Of(v.kfuncArgument(c, n)))
	}
	switch kind {
	case paramCtx:
		return v.requireCtxParam(c, i, n)
	case paramAllocObject:
		return v.requireAllocated(c, i, n)
	case paramDynptr:
		return v.stepDynptrParam(c, p, n)
	case paramIter:
		return v.stepIterParam(c, p, n)
	case paramListHead, paramRBRoot:
		if reg.Type != regtype.PtrToMapValue && reg.Type != allocObject {
			return refuse(fault.NotAGraphRoot)
		}
		if reg.Type == allocObject && reg.RefObjID == 0 {
			return refuse(fault.GivenObjectNotOwned)
		}
		return v.requireGraphRoot(c, kind, n)
	case paramListNode, paramRBNode:
		return v.requireGraphNodeParam(c, kind, i, n)
	case paramMap, paramStruct:
		unsafe := reg.Type.Flags()&^trustedModifiers != 0 && reg.Type&regtype.RCU == 0
		if (reg.Type.Base() != regtype.PtrToBTFID || unsafe) && v.impliedStruct(reg) == "" {
			want := reg.Type.Base() | reg.Type&trustedModifiers
			return v.reject(einval, fault.NotAKernelObject.Of(fault.Unexpected{Argument: v.kfuncArgument(c, n), Want: fault.Kinds{want}}))
		}
		return v.requireTypedPointer(c, p, i, n)
	case paramMem:
		size, _ := typeSize(p.target) // numbers have one: classifyMemory
		return v.stepMem(reg, n, size)
	case paramCallback:
		if reg.Type != regtype.PtrToFunc {
			return refuse(fault.CallbackParam)
		}
		c.subprog = reg.Subprog()
	case paramRefcounted:
		return v.requireRefcounted(c, i, n)
	case paramConstStr:
		if reg.Type != regtype.PtrToMapValue {
			return refuse(fault.StringNotInMap)
		}
		return v.requireConstString(n)
	case paramWorkqueue, paramTaskWork:
		if reg.Type != regtype.PtrToMapValue {
			return refuse(fault.NotAMapValue)
		}
		return v.requireMapOwnedField(c, kind, n)
	case paramIRQFlag:
		if reg.Type != regtype.PtrToStack {
			return refuse(fault.IRQFlagArgument)
		}
		return v.stepIRQFlag(c, n)
	case paramResLock:
		if reg.Type != regtype.PtrToMapValue && reg.Type != allocObject {
			return refuse(fault.NotALock)
		}
		return v.stepResLock(c, n)
	}
	return nil
}

// requireCtxParam requires the program's context.
func (v *verifier) requireCtxParam(c *kfuncCall, i int, n uint8) *Rejection {
	reg := v.reg(n)
	if reg.Type != regtype.PtrToCtx {
		return v.reject(einval, fault.ContextExpected.Of(v.kfuncArgument(c, n)))
	}
	if c.kfunc.special != facts.KfuncCastToKernCtx {
		return nil
	}
	id, ok := v.kernelStructID(strings.TrimPrefix(v.progInfo().KernelCtx, "struct "))
	if !ok {
		return v.reject(einval, fault.ContextUnusable.Of(v.kfuncArgument(c, n)))
	}
	c.retID = id
	return nil
}

// requireAllocated requires an object of the program's own type that it holds the
// reference of, for the function that gives it back.
func (v *verifier) requireAllocated(c *kfuncCall, i int, n uint8) *Rejection {
	reg := v.reg(n)
	a := v.kfuncArgument(c, n)
	switch reg.Type {
	case allocObject:
		if c.kfunc.special != facts.KfuncObjDrop {
			return v.reject(einval, fault.DroppedPercpuObject.Of(a))
		}
	case allocPerCPUObject:
		if c.kfunc.special != facts.KfuncPercpuObjDrop {
			return v.reject(einval, fault.DroppedPlainObject.Of(a))
		}
	default:
		return v.reject(einval, fault.ObjectArgument.Of(a))
	}
	if reg.RefObjID == 0 {
		return v.reject(einval, fault.DropNotOwned.Of(a))
	}
	c.objectBTF, c.objectID = reg.BTFType()
	return nil
}

// requireRefcounted requires an object whose type counts its references.
func (v *verifier) requireRefcounted(c *kfuncCall, i int, n uint8) *Rejection {
	reg := v.reg(n)
	a := v.kfuncArgument(c, n)
	if !reg.Type.IsAllocObject() {
		return v.reject(einval, fault.NotAReference.Of(a))
	}
	if !reg.Type.IsNonOwning() {
		c.ownsObject = true
	}
	fields := v.objectFields(reg)
	if fields == nil {
		return v.kernelFault("Couldn't find btf_record")
	}
	if !fields.has(fieldRefcount) {
		return v.reject(einval, fault.NotRefcounted.Of(a))
	}
	c.objectBTF, c.objectID = reg.BTFType()
	return nil
}

// requireMapOwnedField requires a work queue or task work, and notes whose map it
// is in.
//
// kernel: process_wq_func, process_task_work_func
func (v *verifier) requireMapOwnedField(c *kfuncCall, kind paramKind, n uint8) *Rejection {
	field := fieldWorkqueue
	if kind == paramTaskWork {
		field = fieldTaskWork
	}
	if r := v.requireMapField(n, field); r != nil {
		return r
	}
	reg := v.reg(n)
	if c.mapRef != 0 {
		return v.bug("Two map pointers in a %s helper", field)
	}
	c.mapRef, c.mapUID = reg.Map(), reg.MapUID()
	return nil
}

// stepDynptrParam checks a dynptr argument, or makes the dynptr there.
func (v *verifier) stepDynptrParam(c *kfuncCall, p *kfuncParam, n uint8) *Rejection {
	reg := v.reg(n)
	want := regtype.ArgDynptr
	from := dynptrOrigin{ref: c.refObjID}
	if reg.Type == regtype.ConstPtrToDynptr {
		want |= regtype.ReadOnly
	}
	isNew := p.suffix&suffixUninit != 0
	if isNew {
		want |= regtype.Uninit
	}
	switch c.kfunc.special {
	case facts.KfuncDynptrFromSkb:
		want |= regtype.DynptrSkb
	case facts.KfuncDynptrFromXdp:
		want |= regtype.DynptrXDP
	case facts.KfuncDynptrFromSkbMeta:
		want |= regtype.DynptrSkbMeta
	case facts.KfuncDynptrClone:
		if isNew {
			if c.dynptrKind == state.DynptrInvalid {
				return v.bug("no dynptr type for parent of clone")
			}
			want |= regtype.Arg(c.dynptrKind.Flag())
			from = dynptrOrigin{clone: true, ref: c.dynptrRef}
		}
	case facts.KfuncDynptrFromFile:
		want |= regtype.DynptrFile
	case facts.KfuncDynptrFileDiscard:
		want |= regtype.DynptrFile | regtype.ObjRelease
	}
	if r := v.stepDynptrArg(n, want, from); r != nil {
		return r
	}
	if isNew {
		return nil
	}
	spi, _, _ := v.findDynptr(reg)
	holder := v.dynptrReg(reg, spi)
	c.dynptrKind = v.dynptrKind(reg, spi)
	c.dynptrID, c.dynptrRef = holder.ID, holder.RefObjID
	return nil
}

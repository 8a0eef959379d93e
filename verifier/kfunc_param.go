// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
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
	refuse := func(code catalog.Code, format string, a ...any) *Rejection {
		args := c.args(n)
		args.Type = reg.Type.String()
		return v.reject(code, einval, args, format, a...)
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
			return refuse(catalog.SpecialFieldArgument, "arg#%d expected pointer to map value or allocated object", i)
		}
		if reg.Type == allocObject && reg.RefObjID == 0 {
			return refuse(catalog.ObjectArgument, "allocated object must be referenced")
		}
		return v.requireGraphRoot(c, kind, n)
	case paramListNode, paramRBNode:
		return v.requireGraphNodeParam(c, kind, i, n)
	case paramMap, paramStruct:
		unsafe := reg.Type.Flags()&^trustedModifiers != 0 && reg.Type&regtype.RCU == 0
		if (reg.Type.Base() != regtype.PtrToBTFID || unsafe) && v.impliedStruct(reg) == "" {
			want := reg.Type.Base() | reg.Type&trustedModifiers
			return refuse(catalog.WrongArgumentKind, "arg#%d is %s expected %s or socket", i, reg.Type, want)
		}
		return v.requireTypedPointer(c, p, i, n)
	case paramMem:
		size, ok := typeSize(p.target)
		if !ok {
			return refuse(catalog.KfuncSignature, "arg#%d reference type('%s %s') size cannot be determined: %d", i, kindName(p.target), p.target.TypeName(), -einval)
		}
		return v.requireMem(reg, n, size)
	case paramCallback:
		if reg.Type != regtype.PtrToFunc {
			return refuse(catalog.CallbackArgument, "arg%d expected pointer to func", i)
		}
		c.subprog = reg.Subprog()
	case paramRefcounted:
		return v.requireRefcounted(c, i, n)
	case paramConstStr:
		if reg.Type != regtype.PtrToMapValue {
			return refuse(catalog.ConstString, "arg#%d doesn't point to a const string", i)
		}
		return v.requireConstString(n)
	case paramWorkqueue, paramTaskWork:
		if reg.Type != regtype.PtrToMapValue {
			return refuse(catalog.SpecialFieldArgument, "arg#%d doesn't point to a map value", i)
		}
		return v.requireMapOwnedField(c, kind, n)
	case paramIRQFlag:
		if reg.Type != regtype.PtrToStack {
			return refuse(catalog.IRQFlagArgument, "%s doesn't point to an irq flag on stack", v.argName("arg#%d", n))
		}
		return v.stepIRQFlag(c, n)
	case paramResLock:
		if reg.Type != regtype.PtrToMapValue && reg.Type != allocObject {
			return refuse(catalog.SpecialFieldArgument, "%s doesn't point to map value or allocated object", v.argName("arg#%d", n))
		}
		return v.stepResLock(c, n)
	}
	return nil
}

// requireCtxParam wants the program's context.
func (v *verifier) requireCtxParam(c *kfuncCall, i int, n uint8) *Rejection {
	reg := v.reg(n)
	if reg.Type != regtype.PtrToCtx {
		a := c.args(n)
		a.Type = reg.Type.String()
		return v.reject(catalog.ContextArgument, einval, a, "arg#%d expected pointer to ctx, but got %s", i, reg.Type)
	}
	if c.kfunc.special != facts.KfuncCastToKernCtx {
		return nil
	}
	id, ok := v.kernelStructID(strings.TrimPrefix(v.progInfo().KernelCtx, "struct "))
	if !ok {
		return v.rejectSilently(catalog.ContextArgument, einval, c.args(n), "")
	}
	c.retID = id
	return nil
}

// requireAllocated wants an object of the program's own type that it holds the
// reference of, for the function that gives it back.
func (v *verifier) requireAllocated(c *kfuncCall, i int, n uint8) *Rejection {
	reg := v.reg(n)
	a := c.args(n)
	a.Type = reg.Type.String()
	switch reg.Type {
	case allocObject:
		if c.kfunc.special != facts.KfuncObjDrop {
			return v.reject(catalog.ObjectArgument, einval, a, "arg#%d expected for bpf_obj_drop_impl()", i)
		}
	case allocPerCPUObject:
		if c.kfunc.special != facts.KfuncPercpuObjDrop {
			return v.reject(catalog.ObjectArgument, einval, a, "arg#%d expected for bpf_percpu_obj_drop_impl()", i)
		}
	default:
		return v.reject(catalog.ObjectArgument, einval, a, "arg#%d expected pointer to allocated object", i)
	}
	if reg.RefObjID == 0 {
		return v.reject(catalog.DropNotOwned, einval, a, "allocated object must be referenced")
	}
	c.objectBTF, c.objectID = reg.BTFType()
	return nil
}

// requireRefcounted wants an object whose type counts its references.
func (v *verifier) requireRefcounted(c *kfuncCall, i int, n uint8) *Rejection {
	reg := v.reg(n)
	a := c.args(n)
	a.Type = reg.Type.String()
	if !reg.Type.IsAllocObject() {
		return v.reject(catalog.ObjectArgument, einval, a, "arg#%d is neither owning or non-owning ref", i)
	}
	if !reg.Type.IsNonOwning() {
		c.ownsObject = true
	}
	if !v.objectFields(reg).has(fieldRefcount) {
		return v.reject(catalog.ObjectArgument, einval, a, "arg#%d doesn't point to a type with bpf_refcount field", i)
	}
	c.objectBTF, c.objectID = reg.BTFType()
	return nil
}

// requireMapOwnedField wants a work queue or task work, and notes whose map it
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
			want |= regtype.Arg(dynptrFlag(c.dynptrKind))
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

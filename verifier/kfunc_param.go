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

// paramKind is what an argument must be.
//
// kernel: enum kfunc_ptr_arg_type
type paramKind uint8

const (
	// paramNull is NULL, where that is allowed.
	paramNull paramKind = iota
	paramCtx
	paramAllocObject
	paramRefcounted
	paramDynptr
	paramIter
	paramListHead
	paramListNode
	paramStruct
	paramMem
	paramMemSize
	paramCallback
	paramRBRoot
	paramRBNode
	paramConstStr
	paramMap
	paramWorkqueue
	paramIRQFlag
	paramResLock
	paramTaskWork
)

// paramRow is all that rules ask of a kind of parameter. A new kind is a row, its
// step, and a case of classifyParam.
type paramRow struct {
	// structName is the kernel struct that makes a parameter of the kind, graph
	// says that it is a part of a list or tree.
	structName string
	graph      bool
	// accepts are the types of the register passed, and refused is said of
	// others; nil where the step judges that.
	accepts []regtype.Reg
	refused *fault.Message[fault.Argument]
	// trusted says that the object must be valid where the function relies on it.
	trusted bool
	// arg decides how far the pointer may be moved.
	arg regtype.Arg
	// pair says that the next argument is checked with this one.
	pair bool
	// step checks the rest, and applies what the call does to the object passed.
	step func(v *verifier, p param) *Rejection
}

// param is a parameter of a known kind, and the register n passed as it.
type param struct {
	*kfuncParam
	kind paramKind
	n    uint8
}

var paramRows = [...]paramRow{
	paramCtx: {accepts: one(regtype.PtrToCtx), refused: &fault.ContextExpected,
		step: (*verifier).requireCtxParam},
	paramAllocObject: {trusted: true, step: (*verifier).requireAllocated},
	paramRefcounted:  {step: (*verifier).requireRefcounted},
	paramStruct:      {trusted: true, step: (*verifier).requireObjectParam},
	paramMap:         {trusted: true, step: (*verifier).requireObjectParam},
	paramMem:         {step: (*verifier).stepMemParam},
	paramMemSize:     {pair: true, step: (*verifier).stepKfuncBuffer},
	paramConstStr: {accepts: one(regtype.PtrToMapValue), refused: &fault.StringNotInMap,
		step: (*verifier).requireStringParam},
	paramCallback: {accepts: one(regtype.PtrToFunc), refused: &fault.CallbackParam,
		step: (*verifier).noteCallbackParam},

	paramDynptr:  {structName: "bpf_dynptr", arg: regtype.ArgDynptr, step: (*verifier).stepDynptrParam},
	paramIter:    {step: (*verifier).stepIterParam},
	paramIRQFlag: {accepts: one(regtype.PtrToStack), refused: &fault.IRQFlagArgument, step: (*verifier).stepIRQFlag},
	paramResLock: {structName: "bpf_res_spin_lock", accepts: ownedFields, refused: &fault.NotALock,
		step: (*verifier).stepResLock},

	paramListHead: {structName: "bpf_list_head", graph: true, accepts: ownedFields, refused: &fault.NotAGraphRoot,
		step: (*verifier).requireGraphRoot},
	paramRBRoot: {structName: "bpf_rb_root", graph: true, accepts: ownedFields, refused: &fault.NotAGraphRoot,
		step: (*verifier).requireGraphRoot},
	paramListNode: {structName: "bpf_list_node", graph: true, step: (*verifier).requireGraphNodeParam},
	paramRBNode:   {structName: "bpf_rb_node", graph: true, step: (*verifier).requireGraphNodeParam},

	paramWorkqueue: {structName: "bpf_wq", accepts: one(regtype.PtrToMapValue), refused: &fault.NotAMapValue,
		step: (*verifier).requireMapOwnedField},
	paramTaskWork: {structName: "bpf_task_work", accepts: one(regtype.PtrToMapValue), refused: &fault.NotAMapValue,
		step: (*verifier).requireMapOwnedField},
}

// specialParam is the kind of a parameter that points to a kernel struct of a
// name, paramNull if the name says nothing.
func specialParam(name string) paramKind {
	for kind := range paramRows {
		if name != "" && paramRows[kind].structName == name {
			return paramKind(kind)
		}
	}
	return paramNull
}

// requireObjectParam requires a kernel object, or what stands for one, of the
// parameter's struct.
func (v *verifier) requireObjectParam(p param) *Rejection {
	reg := v.reg(p.n)
	unsafe := reg.Type.Flags()&^trustedModifiers != 0 && reg.Type&regtype.RCU == 0
	if (reg.Type.Base() != regtype.PtrToBTFID || unsafe) && v.impliedStruct(reg) == "" {
		want := reg.Type.Base() | reg.Type&trustedModifiers
		return v.reject(einval, fault.NotAKernelObject.Of(fault.Unexpected{Argument: v.argument(p.n),
			Want: fault.Kinds{want}}))
	}
	return v.requireTypedPointer(p)
}

// stepMemParam requires memory of the size of the parameter's type.
func (v *verifier) stepMemParam(p param) *Rejection {
	size, _ := typeSize(p.target) // numbers have one: classifyMemory
	return v.stepMem(v.reg(p.n), p.n, size)
}

func (v *verifier) requireStringParam(p param) *Rejection { return v.requireConstString(p.n) }

func (v *verifier) noteCallbackParam(p param) *Rejection { return v.noteCallback(p.n) }

// requireCtxParam requires a context that can be cast, where the function does.
func (v *verifier) requireCtxParam(p param) *Rejection {
	c := &v.call
	if c.kfunc.special != facts.KfuncCastToKernCtx {
		return nil
	}
	id, ok := v.kernelStructID(strings.TrimPrefix(v.progInfo().KernelCtx, "struct "))
	if !ok {
		return v.reject(einval, fault.ContextUnusable.Of(v.argument(p.n)))
	}
	c.objectBTF, c.objectID = state.KernelBTF, id
	return nil
}

// requireAllocated requires an object of the program's own type that it holds the
// reference of, for the function that gives it back.
func (v *verifier) requireAllocated(p param) *Rejection {
	c := &v.call
	reg, a := v.reg(p.n), v.argument(p.n)
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
func (v *verifier) requireRefcounted(p param) *Rejection {
	c := &v.call
	reg, a := v.reg(p.n), v.argument(p.n)
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
func (v *verifier) requireMapOwnedField(p param) *Rejection {
	c, n := &v.call, p.n
	field := fieldWorkqueue
	if p.kind == paramTaskWork {
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
func (v *verifier) stepDynptrParam(p param) *Rejection {
	c, n := &v.call, p.n
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

// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"strings"

	"github.com/cilium/ebpf/btf"

	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// Rules of the arguments of kernel functions, from the prototype in the
// kernel's BTF:
//
//	parameter                            argument
//	integer                              a number; a known one with suffix __k,
//	                                     or __szk where NULL stands for the memory
//	the program's context type           the context
//	struct bpf_dynptr, iterator          that object, on the stack
//	list and tree types, lock, IRQ flag  that field or object
//	other kernel struct                  a typed pointer to it; trusted where
//	                                     the function is registered so or
//	                                     releases, with KF_RCU at least
//	                                     protected by RCU
//	void or data, next one __sz          memory of that length
//	struct of numbers, number            memory of its size
//	function                             a function of the program
//
// A function that requires trusted or RCU protected pointers takes NULL only
// where the suffix is __nullable. To others NULL may be passed as memory.

// paramKind is what an argument must be.
//
// kernel: enum kfunc_ptr_arg_type
type paramKind uint8

const (
	paramCtx paramKind = iota
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
	paramNull
	paramConstStr
	paramMap
	paramWorkqueue
	paramIRQFlag
	paramResLock
	paramTaskWork
)

// paramStructs are the kernel structs that make a parameter of a kind.
var paramStructs = map[string]paramKind{
	"bpf_dynptr":        paramDynptr,
	"bpf_list_head":     paramListHead,
	"bpf_list_node":     paramListNode,
	"bpf_rb_root":       paramRBRoot,
	"bpf_rb_node":       paramRBNode,
	"bpf_wq":            paramWorkqueue,
	"bpf_task_work":     paramTaskWork,
	"bpf_res_spin_lock": paramResLock,
}

// kfuncCall is what the arguments of the call being checked told.
//
// kernel: struct bpf_kfunc_call_arg_meta
type kfuncCall struct {
	kfunc      *kfunc
	refObjID   uint32
	releaseReg uint8
	r0ReadOnly bool
	r0Size     uint64
	subprog    int
	constant   uint64
	hasConst   bool
	// object is the type of the allocated object passed, and ownsObject tells
	// that the reference is an owning one.
	objectBTF  state.BTFRef
	objectID   uint32
	ownsObject bool
	retID      uint32
	listHead   *specialField
	treeRoot   *specialField
	dynptrKind state.DynptrKind
	dynptrID   uint32
	dynptrRef  uint32
	iterFrame  uint32
	iterSlot   int
	mapRef     state.MapRef
	mapUID     uint32
}

// kfuncArgs are the typed facts of a fault in argument n.
func (v *verifier) kfuncArgument(c *kfuncCall, n uint8) fault.Argument {
	return fault.Argument{Arg: n, Call: c.kfunc.name, Kind: v.reg(n).Type}
}

// call is the call of a kernel function.
func (k *kfunc) call() fault.NumberedCall {
	return fault.NumberedCall{Call: fault.Call{Name: k.name}, ID: int32(k.id)}
}

// stepKfuncArgs requires each argument to be what the prototype asks.
//
// kernel: check_kfunc_args
func (v *verifier) stepKfuncArgs(c *kfuncCall) *Rejection {
	k := c.kfunc
	if len(k.params) > maxFuncArgs {
		return v.reject(einval, fault.TooManyKfuncParams.Of(fault.Params{Name: k.name, Count: len(k.params), Most: maxFuncArgs}))
	}
	for i := 0; i < len(k.params); i++ {
		p := &k.params[i]
		n := uint8(i + 1)
		if p.suffix&(suffixIgnore|suffixProg) != 0 {
			continue
		}
		if isScalarType(p.typ) {
			if r := v.requireKfuncNumber(c, p, n); r != nil {
				return r
			}
			continue
		}
		if p.target == nil {
			return v.reject(einval, fault.UnknownParam.Of(fault.KindArgument{Argument: v.kfuncArgument(c, n), Type: kindName(p.typ)}))
		}
		pair, r := v.stepPointerArg(c, p, i, n)
		if r != nil {
			return r
		}
		if pair {
			i++
		}
	}
	if k.has(facts.KfRelease) && c.releaseReg == 0 {
		return v.reject(einval, fault.ReleaseNotOwned.Of(fault.Call{Name: k.name}))
	}
	return nil
}

// requireKfuncNumber requires argument n to be a number, and keeps its value where
// the call depends on it.
func (v *verifier) requireKfuncNumber(c *kfuncCall, p *kfuncParam, n uint8) *Rejection {
	reg := v.reg(n)
	if reg.Type != regtype.Scalar {
		return v.reject(einval, fault.NotANumber.Of(v.kfuncArgument(c, n)))
	}
	switch {
	case p.suffix&(suffixConstant|suffixConstSize) != 0:
		if c.hasConst {
			return v.bug("only one constant argument permitted")
		}
		if !reg.IsConst() {
			return v.reject(einval, fault.NonConstantKfuncArgument.Of(v.kfuncArgument(c, n)))
		}
		if r := v.markPrecise(n); r != nil {
			return r
		}
		c.hasConst, c.constant = true, reg.Value()
		return nil
	case p.name == "rdonly_buf_size":
		c.r0ReadOnly = true
	case p.name != "rdwr_buf_size":
		return nil
	}
	if c.r0Size != 0 {
		return v.reject(einval, fault.SecondReturnSize.Of(v.kfuncArgument(c, n)))
	}
	if !reg.IsConst() {
		return v.reject(einval, fault.NonConstantReturnSize.Of(v.kfuncArgument(c, n)))
	}
	c.r0Size = reg.Value()
	return v.markPrecise(n)
}

// stepPointerArg checks pointer argument n. pair tells that the next
// argument is its length and was checked with it.
func (v *verifier) stepPointerArg(c *kfuncCall, p *kfuncParam, i int, n uint8) (pair bool, r *Rejection) {
	reg := v.reg(n)
	if (reg.IsNull() || reg.Type.MayBeNull()) && !v.takesNull(c.kfunc, p) {
		return false, v.reject(eacces, fault.NullableParam.Of(v.kfuncArgument(c, n)))
	}
	if r := v.requireKfuncReference(c, p, n); r != nil {
		return false, r
	}
	kind, r := v.classifyParam(c, p, i, n)
	if r != nil || kind == paramNull {
		return false, r
	}
	if r := v.requireParamTrust(c, kind, i, n); r != nil {
		return false, r
	}
	argType := regtype.ArgDontCare
	if c.releaseReg == n {
		argType |= regtype.ObjRelease
	}
	if kind == paramDynptr {
		argType |= regtype.ArgDynptr
	}
	if r := v.requireArgOffset(reg, n, argType); r != nil {
		return false, r
	}
	if kind == paramMemSize {
		return true, v.stepKfuncBuffer(c, p, i, n)
	}
	return false, v.stepParam(c, kind, p, i, n)
}

// requiresTrust reports whether k relies on the pointers that it is passed.
//
// kernel: is_kfunc_trusted_args, is_kfunc_rcu
func (v *verifier) requiresTrust(k *kfunc) bool {
	return v.rules.trustsArguments || k.has(facts.KfTrustedArgs|facts.KfRelease|facts.KfRCU)
}

// takesNull reports whether NULL may be passed as p, as far as the function
// relies on its arguments.
func (v *verifier) takesNull(k *kfunc, p *kfuncParam) bool {
	if !v.requiresTrust(k) || p.suffix&suffixNullable != 0 {
		return true
	}
	return v.rules.trustsArguments && p.suffix&suffixOptional != 0
}

// requireKfuncReference notes the reference that argument n holds, and whether
// the call releases it: the first argument where that must be owned, else
// whichever holds one.
func (v *verifier) requireKfuncReference(c *kfuncCall, p *kfuncParam, n uint8) *Rejection {
	k, reg := c.kfunc, v.reg(n)
	releases := k.has(facts.KfRelease) && reg.RefObjID != 0
	if v.rules.namesReleaser {
		releases = k.has(facts.KfRelease) && n == isa.R1
		name, _ := structName(p.target)
		if releases && reg.RefObjID == 0 && !reg.IsNull() && paramStructs[name] != paramDynptr {
			return v.reject(einval, fault.UnownedKfuncPointer.Of(v.kfuncArgument(c, n)))
		}
	}
	if reg.RefObjID != 0 {
		if k.has(facts.KfRelease) && c.refObjID != 0 && !v.rules.manyReferences {
			return v.bug("more than one arg with ref_obj_id R%d %d %d", n, reg.RefObjID, c.refObjID)
		}
		c.refObjID = reg.RefObjID
	}
	if releases {
		c.releaseReg = n
	}
	return nil
}

// requireParamTrust requires a typed pointer to be known to be valid, where the
// function relies on it; and maps to be those that a field belongs to.
func (v *verifier) requireParamTrust(c *kfuncCall, kind paramKind, i int, n uint8) *Rejection {
	k, reg := c.kfunc, v.reg(n)
	switch kind {
	case paramMap:
		if r := v.requireOwnerMap(c, n, reg); r != nil {
			return r
		}
	case paramAllocObject, paramStruct:
	default:
		return nil
	}
	if !v.requiresTrust(k) || isTrusted(reg) {
		return nil
	}
	if !k.has(facts.KfRCU) {
		untrusted := fault.UntrustedArgument
		if k.special == facts.KfuncObjDrop || k.special == facts.KfuncPercpuObjDrop {
			// What the program owned once is now an object that it may only
			// look at, or nothing that is known.
			if reg.Type == regtype.Scalar || reg.Type&regtype.Alloc != 0 {
				untrusted = fault.DropUntrusted
			}
		}
		return v.reject(einval, untrusted.Of(v.kfuncArgument(c, n)))
	}
	if reg.Type&regtype.RCU == 0 {
		return v.reject(einval, fault.RCUArgument.Of(v.kfuncArgument(c, n)))
	}
	return nil
}

// requireOwnerMap requires a map argument to be the map that holds the work queue
// or task work passed before it. Any pointer that knows what it points into
// gets past here, such as one to the kernel's own struct bpf_map.
func (v *verifier) requireOwnerMap(c *kfuncCall, n uint8, reg *state.Reg) *Rejection {
	if !reg.HasObject() {
		return v.reject(einval, fault.MapArgument.Of(v.kfuncArgument(c, n)))
	}
	if reg.Type.Base() != regtype.ConstPtrToMap {
		return nil
	}
	fields := v.mapFields(reg.Map())
	if c.mapRef != 0 && fields.has(fieldWorkqueue|fieldTaskWork) && (c.mapRef != reg.Map() || c.mapUID != reg.MapUID()) {
		pair := fault.MapPair{Argument: v.kfuncArgument(c, n), ID: int32(c.mapUID), Other: reg.MapUID()}
		if fields.has(fieldTaskWork) {
			return v.reject(einval, fault.TaskWorkMapMismatch.Of(pair))
		}
		return v.reject(einval, fault.WorkqueueMapMismatch.Of(pair))
	}
	c.mapRef, c.mapUID = reg.Map(), reg.MapUID()
	return nil
}

// classifyParam tells what argument n must be, from the prototype and, where
// that is not enough, from what the register holds.
//
// kernel: get_kfunc_ptr_arg_type
func (v *verifier) classifyParam(c *kfuncCall, p *kfuncParam, i int, n uint8) (paramKind, *Rejection) {
	k, reg := c.kfunc, v.reg(n)
	structName, isStruct := structName(p.target)
	special, isSpecial := paramStructs[structName]
	switch {
	case k.special == facts.KfuncCastToKernCtx, v.isCtxType(p.target):
		return paramCtx, nil
	case p.suffix&suffixNullable != 0 && reg.IsNull():
		return paramNull, nil
	case p.suffix&suffixAlloc != 0:
		return paramAllocObject, nil
	case p.suffix&suffixRefcounted != 0:
		return paramRefcounted, nil
	case isStruct && isSpecial && special == paramDynptr:
		return paramDynptr, nil
	case k.isIter() && i == 0, p.suffix&suffixIter != 0 && !k.isIter():
		return paramIter, nil
	case isStruct && isSpecial && (special == paramListHead || special == paramListNode || special == paramRBRoot || special == paramRBNode):
		return special, nil
	case p.suffix&suffixConstStr != 0:
		return paramConstStr, nil
	case p.suffix&suffixMap != 0:
		return paramMap, nil
	case isStruct && isSpecial && (special == paramWorkqueue || special == paramTaskWork):
		return special, nil
	case p.suffix&suffixIRQFlag != 0:
		return paramIRQFlag, nil
	case isStruct && isSpecial && special == paramResLock:
		return paramResLock, nil
	}
	if reg.Type.Base() == regtype.PtrToBTFID || v.impliedStruct(reg) != "" {
		if !isStruct {
			return 0, v.reject(einval, fault.UnsupportedParam.Of(fault.TypedArgument{Argument: v.kfuncArgument(c, n), Type: typeName(p.target)}))
		}
		return paramStruct, nil
	}
	if _, isFunc := p.target.(*btf.FuncProto); isFunc {
		return paramCallback, nil
	}
	return v.classifyMemory(c, p, i, n)
}

// classifyMemory tells plain memory from memory with its length in the next
// argument.
func (v *verifier) classifyMemory(c *kfuncCall, p *kfuncParam, i int, n uint8) (paramKind, *Rejection) {
	k := c.kfunc
	sized := false
	if i+1 < len(k.params) {
		next := &k.params[i+1]
		sized = next.suffix&(suffixSize|suffixConstSize) != 0 && isScalarType(next.typ) && v.reg(n+1).Type == regtype.Scalar
	}
	_, isVoid := p.target.(*btf.Void)
	if !isScalarType(p.target) && !v.isNumbersOnly(p.target, 0) && !(sized && isVoid) {
		allowed := "scalar, or struct with scalar"
		if sized {
			allowed = "void, " + allowed
		}
		return 0, v.reject(einval, fault.NotPlainMemory.Of(fault.TypedArgument{Argument: v.kfuncArgument(c, n), Type: typeName(p.target), Allowed: allowed}))
	}
	if sized {
		return paramMemSize, nil
	}
	return paramMem, nil
}

const maxStructDepth = 3

// isNumbersOnly tells a struct that holds nothing but numbers, in structs and
// arrays too.
//
// kernel: __btf_type_is_scalar_struct
func (v *verifier) isNumbersOnly(t btf.Type, depth int) bool {
	members, _, ok := membersOf(t)
	if !ok {
		return false
	}
	for i := range members {
		switch m := skipModifiers(members[i].Type).(type) {
		case *btf.Struct, *btf.Union:
			if depth >= maxStructDepth {
				v.say("max struct nesting depth exceeded\n")
				return false
			}
			if !v.isNumbersOnly(m, depth+1) {
				return false
			}
		case *btf.Array:
			if m.Nelems == 0 || !isScalarType(m.Type) {
				return false
			}
		default:
			if !isScalarType(m) {
				return false
			}
		}
	}
	return true
}

// impliedStruct is the kernel struct behind a pointer kind that has none of
// its own, "" for other kinds.
//
// kernel: reg2btf_ids
func (v *verifier) impliedStruct(r *state.Reg) string {
	switch r.Type.Base() {
	case regtype.PtrToSocket:
		return "sock"
	case regtype.PtrToSockCommon:
		return "sock_common"
	case regtype.PtrToTCPSock:
		return "tcp_sock"
	case regtype.ConstPtrToMap:
		return "bpf_map"
	}
	return ""
}

// stepKfuncBuffer requires a buffer to be as large as the length behind it.
func (v *verifier) stepKfuncBuffer(c *kfuncCall, p *kfuncParam, i int, n uint8) *Rejection {
	size := v.reg(n + 1)
	if !v.reg(n).IsNull() || p.suffix&suffixOptional == 0 {
		if r := v.stepKfuncMemSize(n + 1); r != nil {
			return v.addLine(r, fault.MemoryPairInvalid.Of(fault.MemoryPair{Memory: i, Length: i + 1}))
		}
	}
	if c.kfunc.params[i+1].suffix&suffixConstSize == 0 {
		return nil
	}
	if c.hasConst {
		return v.bug("only one constant argument permitted")
	}
	if !size.IsConst() {
		return v.reject(einval, fault.NonConstantSize.Of(v.kfuncArgument(c, n+1)))
	}
	c.hasConst, c.constant = true, size.Value()
	return nil
}

// requireTypedPointer requires argument n to point to the kernel struct of the
// parameter.
//
// kernel: process_kf_arg_ptr_to_btf_id
func (v *verifier) requireTypedPointer(c *kfuncCall, p *kfuncParam, i int, n uint8) *Rejection {
	reg := v.reg(n)
	container, id := state.KernelBTF, uint32(0)
	if reg.Type.Base() == regtype.PtrToBTFID {
		container, id = reg.BTFType()
	} else if id, _ = v.kernelStructID(v.impliedStruct(reg)); id == 0 {
		return v.unsupported("the target kernel's BTF has no struct %s", v.impliedStruct(reg))
	}
	wantID, wantType := p.targetID, p.target
	if p.suffix&suffixMap != 0 {
		wantID, _ = v.kernelStructID("bpf_map")
		wantType = v.btfType(state.KernelBTF, wantID)
	}
	have := skipModifiers(v.btfType(container, id))
	id = v.btfID(container, have)
	strict := c.kfunc.has(facts.KfRelease) && reg.RefObjID != 0 || isNoCastAlias(have.TypeName(), wantType.TypeName())
	same := v.structsMatch(container, id, reg.Off, state.KernelBTF, wantID, strict)
	if same || isProjection(wantType.TypeName(), have.TypeName()) {
		return nil
	}
	return v.reject(einval, fault.StructMismatch.Of(fault.StructArgument{Argument: v.kfuncArgument(c, n), Has: typeName(have), Want: typeName(wantType)}))
}

// isNoCastAlias tells two names of which one is the other in a state that
// casts must not hide.
//
// kernel: btf_type_ids_nocast_alias
func isNoCastAlias(a, b string) bool {
	const suffix = "___init"
	return a+suffix == b || b+suffix == a
}

// isProjection tells the kernel struct behind a context that programs see in
// another form.
//
// kernel: btf_is_projection_of
func isProjection(ctx, kernel string) bool {
	return ctx == "__sk_buff" && kernel == "sk_buff" || ctx == "xdp_md" && kernel == "xdp_buff"
}

// iterName is the name of an iterator's type without the kernel's prefix.
//
// kernel: iter_type_str
func iterName(structName string) string { return strings.TrimPrefix(structName, "bpf_iter_") }

// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"slices"
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

// stepKfuncArgs requires each argument to be what the prototype asks.
//
// kernel: check_kfunc_args
func (v *verifier) stepKfuncArgs() *Rejection {
	c := &v.call
	k := c.kfunc
	if len(k.params) > maxFuncArgs {
		return v.reject(einval, fault.TooManyKfuncParams.Of(fault.Params{Name: c.Name, Count: len(k.params),
			Most: maxFuncArgs}))
	}
	for i := 0; i < len(k.params); i++ {
		p := &k.params[i]
		n := uint8(i + 1)
		if p.suffix&(suffixIgnore|suffixProg) != 0 {
			continue
		}
		if isScalarType(p.typ) {
			if r := v.requireKfuncNumber(p, n); r != nil {
				return r
			}
			continue
		}
		if p.target == nil {
			return v.reject(einval, fault.UnknownParam.Of(fault.KindArgument{Argument: v.argument(n),
				Type: kindName(p.typ)}))
		}
		pair, r := v.stepPointerArg(p, n)
		if r != nil {
			return r
		}
		if pair {
			i++
		}
	}
	if k.has(facts.KfRelease) && c.release == 0 {
		return v.reject(einval, fault.ReleaseNotOwned.Of(c.Call))
	}
	return nil
}

// requireKfuncNumber requires argument n to be a number, and keeps its value where
// the call depends on it.
func (v *verifier) requireKfuncNumber(p *kfuncParam, n uint8) *Rejection {
	c := &v.call
	reg := v.reg(n)
	if reg.Type != regtype.Scalar {
		return v.reject(einval, fault.NotANumber.Of(v.argument(n)))
	}
	switch {
	case p.suffix&(suffixConstant|suffixConstSize) != 0:
		if c.hasConst {
			return v.bug("only one constant argument permitted")
		}
		if !reg.IsConst() {
			return v.reject(einval, fault.NonConstantKfuncArgument.Of(v.argument(n)))
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
		return v.reject(einval, fault.SecondReturnSize.Of(v.argument(n)))
	}
	if !reg.IsConst() {
		return v.reject(einval, fault.NonConstantReturnSize.Of(v.argument(n)))
	}
	c.r0Size = reg.Value()
	return v.markPrecise(n)
}

// stepPointerArg checks pointer argument n. pair reports whether the next
// argument is its length and was checked with it.
func (v *verifier) stepPointerArg(p *kfuncParam, n uint8) (pair bool, r *Rejection) {
	c := &v.call
	reg := v.reg(n)
	if (reg.IsNull() || reg.Type.MayBeNull()) && !v.takesNull(c.kfunc, p) {
		return false, v.reject(eacces, fault.NullableParam.Of(v.argument(n)))
	}
	if r := v.requireKfuncReference(p, n); r != nil {
		return false, r
	}
	kind, r := v.classifyParam(p, n)
	if kind == paramNull {
		return false, r
	}
	row := &paramRows[kind]
	if row.trusted {
		if r := v.requireParamTrust(kind, n); r != nil {
			return false, r
		}
	}
	argType := row.arg
	if c.release == n {
		argType |= regtype.ObjRelease
	}
	if r := v.requireArgOffset(reg, n, argType); r != nil {
		return false, r
	}
	if row.accepts != nil && !slices.Contains(row.accepts, reg.Type) {
		return false, v.reject(einval, row.refused.Of(v.argument(n)))
	}
	return row.pair, row.step(v, param{kind: kind, kfuncParam: p, n: n})
}

// requiresTrust reports whether k relies on the pointers that it is passed.
//
// kernel: is_kfunc_trusted_args, is_kfunc_rcu
func (v *verifier) requiresTrust(k *kfunc) bool {
	return v.rules.trustsArguments || k.has(facts.KfTrustedArgs|facts.KfRelease|facts.KfRCU)
}

// takesNull reports whether NULL may be passed as p to a function that may rely on
// its arguments.
func (v *verifier) takesNull(k *kfunc, p *kfuncParam) bool {
	if !v.requiresTrust(k) || p.suffix&suffixNullable != 0 {
		return true
	}
	return v.rules.trustsArguments && p.suffix&suffixOptional != 0
}

// requireKfuncReference notes the reference that argument n holds, and whether
// the call releases it: the first argument where that must be owned, else
// whichever holds one.
func (v *verifier) requireKfuncReference(p *kfuncParam, n uint8) *Rejection {
	c := &v.call
	k, reg := c.kfunc, v.reg(n)
	releases := k.has(facts.KfRelease) && reg.RefObjID != 0
	if v.rules.namesReleaser {
		releases = k.has(facts.KfRelease) && n == isa.R1
		if releases && reg.RefObjID == 0 && !reg.IsNull() && p.special != paramDynptr {
			return v.reject(einval, fault.UnownedKfuncPointer.Of(v.argument(n)))
		}
	}
	if reg.RefObjID != 0 {
		if k.has(facts.KfRelease) && c.refObjID != 0 && !v.rules.manyReferences {
			return v.bug("more than one arg with ref_obj_id R%d %d %d", n, reg.RefObjID, c.refObjID)
		}
		c.refObjID = reg.RefObjID
	}
	if releases {
		c.release = n
	}
	return nil
}

// requireParamTrust requires a typed pointer to be known to be valid, where the
// function relies on it; and maps to be those that a field belongs to.
func (v *verifier) requireParamTrust(kind paramKind, n uint8) *Rejection {
	c := &v.call
	k, reg := c.kfunc, v.reg(n)
	if kind == paramMap {
		if r := v.requireOwnerMap(n, reg); r != nil {
			return r
		}
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
		return v.reject(einval, untrusted.Of(v.argument(n)))
	}
	if reg.Type&regtype.RCU == 0 {
		return v.reject(einval, fault.RCUArgument.Of(v.argument(n)))
	}
	return nil
}

// requireOwnerMap requires a map argument to be the map that holds the work queue
// or task work passed before it. Any pointer that knows what it points into
// gets past here, such as one to the kernel's own struct bpf_map.
func (v *verifier) requireOwnerMap(n uint8, reg *state.Reg) *Rejection {
	c := &v.call
	if !reg.HasObject() {
		return v.reject(einval, fault.MapArgument.Of(v.argument(n)))
	}
	if reg.Type.Base() != regtype.ConstPtrToMap {
		return nil
	}
	fields := v.mapFields(reg.Map())
	if c.mapRef != 0 && fields.has(fieldWorkqueue|fieldTaskWork) &&
		(c.mapRef != reg.Map() || c.mapUID != reg.MapUID()) {
		pair := fault.MapPair{Argument: v.argument(n), ID: int32(c.mapUID), Other: reg.MapUID()}
		if fields.has(fieldTaskWork) {
			return v.reject(einval, fault.TaskWorkMapMismatch.Of(pair))
		}
		return v.reject(einval, fault.WorkqueueMapMismatch.Of(pair))
	}
	c.mapRef, c.mapUID = reg.Map(), reg.MapUID()
	return nil
}

// classifyParam returns what argument n must be, from the prototype and, where
// that is not enough, from what the register holds. It is paramNull with a
// rejection, and for a NULL that needs no further look.
//
// kernel: get_kfunc_ptr_arg_type
func (v *verifier) classifyParam(p *kfuncParam, n uint8) (paramKind, *Rejection) {
	c := &v.call
	k, reg := c.kfunc, v.reg(n)
	switch {
	case k.special == facts.KfuncCastToKernCtx, v.isCtxType(p.target):
		return paramCtx, nil
	case p.suffix&suffixNullable != 0 && reg.IsNull():
		return paramNull, nil
	case p.suffix&suffixAlloc != 0:
		return paramAllocObject, nil
	case p.suffix&suffixRefcounted != 0:
		return paramRefcounted, nil
	case p.special == paramDynptr:
		return paramDynptr, nil
	case k.isIter() && n == isa.R1, p.suffix&suffixIter != 0 && !k.isIter():
		return paramIter, nil
	case paramRows[p.special].graph:
		return p.special, nil
	case p.suffix&suffixConstStr != 0:
		return paramConstStr, nil
	case p.suffix&suffixMap != 0:
		return paramMap, nil
	case p.special == paramWorkqueue, p.special == paramTaskWork:
		return p.special, nil
	case p.suffix&suffixIRQFlag != 0:
		return paramIRQFlag, nil
	case p.special == paramResLock:
		return paramResLock, nil
	}
	if reg.Type.Base() == regtype.PtrToBTFID || v.impliedStruct(reg) != "" {
		if _, isStruct := structName(p.target); !isStruct {
			return paramNull, v.reject(einval, fault.UnsupportedParam.Of(fault.TypedArgument{Argument: v.argument(n),
				Type: typeName(p.target)}))
		}
		return paramStruct, nil
	}
	if _, isFunc := p.target.(*btf.FuncProto); isFunc {
		return paramCallback, nil
	}
	return v.classifyMemory(p, n)
}

// classifyMemory distinguishes plain memory from memory with its length in the next
// argument.
func (v *verifier) classifyMemory(p *kfuncParam, n uint8) (paramKind, *Rejection) {
	k := v.call.kfunc
	sized := false
	if int(n) < len(k.params) {
		next := &k.params[n]
		sized = next.suffix&(suffixSize|suffixConstSize) != 0 && isScalarType(next.typ) &&
			v.reg(n+1).Type == regtype.Scalar
	}
	_, isVoid := p.target.(*btf.Void)
	if !isScalarType(p.target) && !v.isNumbersOnly(p.target, 0) && !(sized && isVoid) {
		allowed := "scalar, or struct with scalar"
		if sized {
			allowed = "void, " + allowed
		}
		return paramNull, v.reject(einval, fault.NotPlainMemory.Of(fault.TypedArgument{Argument: v.argument(n),
			Type: typeName(p.target), Allowed: allowed}))
	}
	if sized {
		return paramMemSize, nil
	}
	return paramMem, nil
}

const maxStructDepth = 3

// isNumbersOnly reports whether t is a struct that holds nothing but numbers, in structs and
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

// stepKfuncBuffer requires a buffer to be as large as the length after it.
func (v *verifier) stepKfuncBuffer(p param) *Rejection {
	c, n := &v.call, p.n
	size := v.reg(n + 1)
	if !v.reg(n).IsNull() || p.suffix&suffixOptional == 0 {
		if r := v.stepKfuncMemSize(n + 1); r != nil {
			return v.addLine(r, fault.MemoryPairInvalid.Of(fault.MemoryPair{Memory: int(n) - 1, Length: int(n)}))
		}
	}
	if c.kfunc.params[n].suffix&suffixConstSize == 0 {
		return nil
	}
	if c.hasConst {
		return v.bug("only one constant argument permitted")
	}
	if !size.IsConst() {
		return v.reject(einval, fault.NonConstantSize.Of(v.argument(n+1)))
	}
	c.hasConst, c.constant = true, size.Value()
	return nil
}

// requireTypedPointer requires argument n to point to the kernel struct of the
// parameter.
//
// kernel: process_kf_arg_ptr_to_btf_id
func (v *verifier) requireTypedPointer(p param) *Rejection {
	c, n := &v.call, p.n
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
	return v.reject(einval, fault.StructMismatch.Of(fault.StructArgument{Argument: v.argument(n), Has: typeName(have),
		Want: typeName(wantType)}))
}

// isNoCastAlias reports whether one name is the other in a state that casts must
// not hide.
//
// kernel: btf_type_ids_nocast_alias
func isNoCastAlias(a, b string) bool {
	const suffix = "___init"
	return a+suffix == b || b+suffix == a
}

// isProjection reports whether kernel is the struct behind a context that programs see
// in another form.
//
// kernel: btf_is_projection_of
func isProjection(ctx, kernel string) bool {
	return ctx == "__sk_buff" && kernel == "sk_buff" || ctx == "xdp_md" && kernel == "xdp_buff"
}

// iterName is the name of an iterator's type without the kernel's prefix.
//
// kernel: iter_type_str
func iterName(structName string) string { return strings.TrimPrefix(structName, "bpf_iter_") }

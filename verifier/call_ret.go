// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/cilium/ebpf/btf"

	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/scalar"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// What R0 holds after a call of a helper:
//
//	the helper returns   R0
//	number               any number, or a range for some helpers
//	nothing              cannot be read
//	map value            a value of the call's map, NULL unless an array's
//	                     constant key is in range
//	socket               a socket of the kind
//	memory               as many bytes as the constant size argument said
//	kernel variable      an object if its type is a struct, else memory
//	kernel object        a pointer to the struct
//
// A result that may be NULL gets an id, by which one check settles all copies.
// A result that must be released is a new reference; one made from another
// pointer lives as long as that.

// defaultCPUs is how many CPUs the target machine is taken to have at most
// when Options.CPUs does not say.
const defaultCPUs = 128

// maxErrno is the greatest error number that a helper returns, negated.
//
// kernel: MAX_ERRNO
const maxErrno = 4095

// stepResult sets R0 to what the helper returns.
func (v *verifier) stepResult() *Rejection {
	c := &v.call
	r0 := v.reg(isa.R0)
	r0.SubregDef = 0
	if r := v.stepResultType(r0); r != nil {
		return r
	}
	if r0.Type.MayBeNull() {
		r0.ID = v.newID()
	}
	if c.class.Has(facts.HelperDynptrRef) {
		r0.SetDynptrID(c.dynptrID)
	}
	switch {
	case c.class.Has(facts.HelperPtrCast | facts.HelperDynptrRef):
		r0.RefObjID = c.refObjID
	case c.acquires, c.class.Has(facts.HelperAcquireFromSockmap) && v.callMap().Info().SockmapUpdate:
		id := v.acquireRef(v.pc)
		r0.ID, r0.RefObjID = id, id
	}
	return v.narrowResult(r0)
}

// stepResultType sets the type of R0.
func (v *verifier) stepResultType(r0 *state.Reg) *Rejection {
	c := &v.call
	ret := c.proto.Ret
	flags := regtype.Reg(ret.Flags())
	if ret.Base() == regtype.RetInteger {
		v.setUnknown(r0)
		return nil
	}
	if ret.Base() == regtype.RetVoid {
		r0.Type = regtype.NotInit
		return nil
	}
	r0.SetKnown(0)
	switch ret.Base() {
	case regtype.RetMapValue:
		return v.stepMapValue(r0, flags)
	case regtype.RetSocket:
		r0.Type = regtype.PtrToSocket | flags
	case regtype.RetSockCommon:
		r0.Type = regtype.PtrToSockCommon | flags
	case regtype.RetTCPSock:
		r0.Type = regtype.PtrToTCPSock | flags
	case regtype.RetMem:
		r0.Type = regtype.PtrToMem | flags
		r0.SetMemSize(uint32(c.constant))
	case regtype.RetMemOrBTFID:
		return v.stepVariable(r0, flags)
	case regtype.RetBTFID:
		return v.stepObject(r0, flags)
	default:
		return v.bug("%s returns something of the unknown kind %d", c.Name, ret.Base())
	}
	return nil
}

// stepMapValue makes R0 a value of the call's map.
func (v *verifier) stepMapValue(r0 *state.Reg, flags regtype.Reg) *Rejection {
	c := &v.call
	if c.mapRef == 0 {
		return v.bug("unexpected null map_ptr")
	}
	m := v.mapOf(c.mapRef)
	if c.helper == facts.FuncMapLookupElem && alwaysHasElements(m) && c.key >= 0 && c.key < int64(m.MaxEntries) {
		flags &^= regtype.MaybeNull
	}
	r0.SetMap(c.mapRef, c.mapUID)
	r0.Type = regtype.PtrToMapValue | flags
	// Two lookups may give the same element, but its lock shows by this id
	// through which of them it was taken.
	if !flags.MayBeNull() && v.mapFields(c.mapRef).has(fieldSpinLock|fieldResSpinLock) {
		r0.ID = v.newID()
	}
	return nil
}

// stepVariable makes R0 the address of this CPU's or another CPU's copy of a
// variable.
func (v *verifier) stepVariable(r0 *state.Reg, flags regtype.Reg) *Rejection {
	c := &v.call
	t := skipModifiers(v.btfType(c.objectBTF, c.objectID))
	if _, isStruct := structName(t); !isStruct {
		size, ok := typeSize(t)
		if !ok {
			return v.reject(einval, fault.UnsizedResult.Of(fault.Result{NumberedCall: c.NumberedCall,
				Type: t.TypeName(), Error: -einval}))
		}
		r0.Type = regtype.PtrToMem | flags
		r0.SetMemSize(size)
		return nil
	}
	r0.Type = regtype.PtrToBTFID | flags&^regtype.ReadOnly
	if c.perCPUObject {
		r0.Type = regtype.PtrToBTFID | regtype.Alloc | regtype.RCU
	}
	r0.SetBTFType(c.objectBTF, c.objectID)
	return nil
}

// stepObject makes R0 a pointer to a kernel object, or to what a map value
// held before.
func (v *verifier) stepObject(r0 *state.Reg, flags regtype.Reg) *Rejection {
	c := &v.call
	r0.Type = regtype.PtrToBTFID | flags
	if c.helper == facts.FuncKptrXchg {
		if c.kptr.btf != state.KernelBTF {
			r0.Type |= regtype.Alloc
			if c.kptr.kind == fieldKptrPerCPU {
				r0.Type |= regtype.PerCPU
			}
		}
		r0.SetBTFType(c.kptr.btf, uint32(c.kptr.typeID))
		return nil
	}
	id, ok := v.structID(c.proto.RetBTF)
	if !ok {
		return v.unsupported("calls %s(): the target kernel's BTF has no struct %s", c.Name, c.proto.RetBTF)
	}
	r0.SetBTFType(state.KernelBTF, id)
	return nil
}

// narrowResult bounds the number that some helpers return.
//
// kernel: do_refine_retval_range
func (v *verifier) narrowResult(r0 *state.Reg) *Rejection {
	c := &v.call
	if c.proto.Ret != regtype.RetInteger {
		return nil
	}
	switch c.helper {
	case facts.FuncGetStack, facts.FuncGetTaskStack, facts.FuncProbeReadStr,
		facts.FuncProbeReadKernelStr, facts.FuncProbeReadUserStr:
		l := r0.Limits()
		l.Smin, l.Smax = -maxErrno, int64(c.sizeMax)
		l.S32Min, l.S32Max = -maxErrno, int32(c.sizeMax)
		r0.SetLimits(l)
		r0.Sync()
	case facts.FuncGetSmpProcessorId:
		last := v.opts.CPUs
		if last == 0 {
			last = defaultCPUs
		}
		last--
		r0.SetLimits(scalar.Limits{Smax: int64(last), Umax: uint64(last), S32Max: int32(last), U32Max: last})
		r0.Sync()
	}
	return v.stepInvariants(r0, "retval")
}

// hookReturnsVoid reports whether the function of the hook returns nothing.
func (v *verifier) hookReturnsVoid() bool {
	fn, ok := v.btfType(state.KernelBTF, v.prog.AttachBTFID).(*btf.Func)
	if !ok {
		return false
	}
	proto, ok := fn.Type.(*btf.FuncProto)
	if !ok {
		return false
	}
	_, void := proto.Return.(*btf.Void)
	return void
}

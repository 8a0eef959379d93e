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

// stepKfuncCall checks a call of a kernel function and applies its effects.
// done reports whether the function never returns.
//
// kernel: check_kfunc_call
func (v *verifier) stepKfuncCall(in *isa.Insn) (done bool, r *Rejection) {
	if in.Imm == 0 {
		return false, nil
	}
	contract := v.contracts[v.pc]
	if contract == nil {
		return false, v.unsupported("calls a kernel function, and the target kernel has no BTF")
	}
	c, k := &v.call, contract.kfunc
	c.begin(contract)
	if !k.allowed {
		return false, v.reject(eacces, fault.KfuncNotAllowed.Of(c.Call))
	}
	v.aux[v.pc].isIterNext = k.has(facts.KfIterNext)
	if r := v.stepLockFailure(k); r != nil {
		return false, r
	}
	if r := v.requireKfuncCallable(k); r != nil {
		return false, r
	}
	if r := v.stepKfuncArgs(); r != nil {
		return false, r
	}
	if r := v.pushKfuncCallback(); r != nil {
		return false, r
	}
	if r := v.stepRegions(); r != nil {
		return false, r
	}
	if r := v.stepKfuncRelease(); r != nil {
		return false, r
	}
	if k.special == facts.KfuncThrow {
		v.seenException = true
		if v.flow.ExceptionCallback == 0 {
			if r := v.requireReturnValue(isa.R1); r != nil {
				return false, r
			}
		}
	}
	for n := uint8(isa.R0); n <= isa.R5; n++ {
		v.setNotInit(v.reg(n))
	}
	if r := v.stepKfuncResult(); r != nil {
		return false, r
	}
	if c.changesPacket {
		v.invalidatePackets()
	}
	if k.has(facts.KfIterNext) {
		if r := v.stepIterNext(); r != nil {
			return false, r
		}
	}
	if k.special != facts.KfuncThrow {
		return false, nil
	}
	return v.stepExit(true)
}

// stepLockFailure queues the path on which a lock that may fail has failed.
func (v *verifier) stepLockFailure(k *kfunc) *Rejection {
	if k.special != facts.KfuncResSpinLock && k.special != facts.KfuncResSpinLockIrqsave {
		return nil
	}
	st, r := v.pushBranch(v.pc+1, v.pc, false)
	if r != nil {
		return r
	}
	regs := &st.Frame().Regs
	for n := isa.R0; n <= isa.R5; n++ {
		v.setNotInit(&regs[n])
	}
	v.setUnknown(&regs[isa.R0])
	regs[isa.R0].NarrowS32(-maxErrno, -1)
	return v.stepInvariants(&regs[isa.R0], "s32_range")
}

// requireKfuncCallable checks what does not depend on the arguments.
func (v *verifier) requireKfuncCallable(k *kfunc) *Rejection {
	if k.special == facts.KfuncTrap {
		return v.reject(efault, fault.CompilerTrap.Of(v.call.Call))
	}
	if k.has(facts.KfSleepable) && !v.inSleepable() {
		return v.reject(eacces, fault.SleepingKfunc.Of(v.call.Call))
	}
	return nil
}

// pushKfuncCallback queues the function that a kernel function calls back.
func (v *verifier) pushKfuncCallback() *Rejection {
	c := &v.call
	var setup callbackSetup
	switch {
	case c.kfunc.special == facts.KfuncRbtreeAdd:
		setup = setupTreeCallback
	case c.kfunc.special == facts.KfuncWqSetCallback:
		setup = setupTimerCallback
	case c.kfunc.isTaskWork():
		setup = setupTaskWorkCallback
	default:
		return nil
	}
	if r := v.pushCallback(setup); r != nil {
		if r.end != endRejected {
			return r
		}
		return v.addLine(r, fault.CallbackRefused.Of(c.NumberedCall))
	}
	return nil
}

// stepKfuncRelease gives back or hands over the reference passed.
func (v *verifier) stepKfuncRelease() *Rejection {
	c := &v.call
	k := c.kfunc
	switch {
	case c.release == 0:
	case v.rules.childrenEnd && c.dynptrID != 0:
		return v.releaseDynptr(v.reg(c.release))
	case v.rules.childrenEnd:
		return v.stepEndObject(v.reg(c.release).RefObjID)
	case !v.releaseRef(v.reg(c.release).RefObjID):
		return v.bug("%s releases reference %d, which is not held", c.Name, v.reg(c.release).RefObjID)
	}
	switch k.special {
	case facts.KfuncListPushFront, facts.KfuncListPushBack, facts.KfuncRbtreeAdd:
		return v.stepGiveNode()
	}
	return nil
}

// stepKfuncResult makes R0 what the function returns.
func (v *verifier) stepKfuncResult() *Rejection {
	c := &v.call
	k, r0 := c.kfunc, v.reg(isa.R0)
	if c.acquires && !returnsStruct(k) {
		switch k.special {
		case facts.KfuncObjNew, facts.KfuncPercpuObjNew, facts.KfuncRefcountAcquire:
		default:
			return v.reject(einval, fault.AcquiresNoObject.Of(c.Call))
		}
	}
	switch {
	case isScalarType(k.ret.typ):
		v.setUnknown(r0)
		if k.special == facts.KfuncResSpinLock || k.special == facts.KfuncResSpinLockIrqsave {
			v.setConstZero(r0)
		}
		r0.SubregDef = 0
		if size, _ := typeSize(k.ret.typ); size < 8 {
			r0.SubregDef = int32(v.pc) + 1
		}
		return nil
	case k.ret.target != nil:
		return v.stepKfuncPointer(r0)
	}
	return nil
}

func returnsStruct(k *kfunc) bool {
	if k.ret.target == nil {
		return false
	}
	_, ok := k.ret.target.(*btf.Struct)
	return ok
}

// stepKfuncPointer makes R0 the pointer that the function returns.
func (v *verifier) stepKfuncPointer(r0 *state.Reg) *Rejection {
	c := &v.call
	k := c.kfunc
	special, r := v.stepSpecialPointer(r0)
	if r != nil {
		return r
	}
	if !special {
		if r := v.stepPlainPointer(r0); r != nil {
			return r
		}
	}
	mayBeNull := k.has(facts.KfRetNull) && !(k.special == facts.KfuncRefcountAcquire && c.ownsObject)
	if mayBeNull {
		r0.Type |= regtype.MaybeNull
		r0.ID = v.newID()
	}
	r0.SubregDef = 0
	name, _ := structName(k.ret.target)
	switch {
	case c.acquires:
		id := v.acquireRef(v.pc)
		if mayBeNull {
			r0.ID = id
		}
		r0.RefObjID = id
	case name == "bpf_rb_node" || name == "bpf_list_node":
		if r := v.stepBorrow(r0); r != nil {
			return r
		}
	}
	if v.mayHoldLock(r0) && r0.ID == 0 {
		r0.ID = v.newID()
	}
	return nil
}

// stepPlainPointer makes R0 the kernel object or memory that the prototype
// says.
func (v *verifier) stepPlainPointer(r0 *state.Reg) *Rejection {
	c := &v.call
	k := c.kfunc
	if _, isVoid := k.ret.target.(*btf.Void); isVoid {
		v.setUnknown(r0)
		return nil
	}
	if _, isStruct := structName(k.ret.target); !isStruct {
		if k.special == facts.KfuncSessionCookie {
			c.r0Size = 8
		}
		if c.r0Size == 0 {
			size, ok := typeSize(k.ret.target)
			if !ok {
				return v.reject(einval, fault.KfuncReturnType.Of(fault.Result{NumberedCall: c.NumberedCall,
					Type: kindName(k.ret.target) + " " + k.ret.target.TypeName()}))
			}
			c.r0Size, c.r0ReadOnly = uint64(size), true
		}
		r0.SetKnown(0)
		r0.Type = regtype.PtrToMem
		r0.SetMemSize(uint32(c.r0Size))
		if c.r0ReadOnly {
			r0.Type |= regtype.ReadOnly
		}
		if c.refObjID != 0 {
			r0.RefObjID = c.refObjID
		}
		if k.has(facts.KfRCUProtected) {
			r0.Type |= regtype.RCU
		}
		return nil
	}
	r0.SetKnown(0)
	r0.SetBTFType(state.KernelBTF, k.ret.targetID)
	r0.Type = regtype.PtrToBTFID
	switch {
	case k.special == facts.KfuncGetKmemCache:
		r0.Type |= regtype.Untrusted
	case k.has(facts.KfRCUProtected):
		r0.Type |= regtype.RCU
	}
	if k.has(facts.KfIterNext) {
		if c.iterOf(v.cur).Type&regtype.RCU != 0 {
			r0.Type |= regtype.RCU
		} else {
			r0.Type |= regtype.Trusted
		}
	}
	return nil
}

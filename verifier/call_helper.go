// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// Calls of kernel helpers. The rules are asked in this order, the first to
// fail is the one reported:
//
//	the helper    exists, is offered to the program, its license, attach
//	              point and context allow it (here)
//	arguments     R1 to R5, one after the other (call_args.go)
//	the map       may be changed by the call; a tail call's index (call_map.go)
//	references    what the call releases is held (here)
//	the helper    rules of its own (call_special.go)
//	the result    and what is known of it (call_ret.go)
//	the map       works with the helper (call_map.go)
//
// What the rules of the arguments find out is kept in kernelCall until the call
// is done.

// callMap is the type of the map of the current call.
func (v *verifier) callMap() facts.MapType {
	if v.call.mapRef == 0 {
		return facts.MapUnspec
	}
	return v.mapOf(v.call.mapRef).Type
}

// helperCall is the call of a helper.
func helperCall(id int32) fault.NumberedCall {
	return fault.NumberedCall{Call: fault.Call{Name: facts.HelperLogName(id)}, ID: id}
}

// stepHelperCall checks a call of a kernel helper and applies its effects.
//
// kernel: check_helper_call
func (v *verifier) stepHelperCall(in *isa.Insn) *Rejection {
	if r := v.requireCallable(in); r != nil {
		return r
	}
	c := &v.call
	c.begin(v.contracts[v.pc])
	if r := v.requireAwake(); r != nil {
		return r
	}
	for i := range c.proto.Args {
		if v.further.excuses(i) {
			continue
		}
		if r := v.stepArg(i); r != nil {
			return v.inArgument(r, i)
		}
	}
	if r := v.requireMapUnchanged(); r != nil {
		return r
	}
	if r := v.requireTailCallIndex(); r != nil {
		return r
	}
	if r := v.stepRawBytes(); r != nil {
		return r
	}
	if r := v.stepRelease(); r != nil {
		return r
	}
	if r := v.stepSpecial(); r != nil {
		return r
	}
	v.invalidateCallerSaved(v.frame())
	if r := v.stepResult(); r != nil {
		return r
	}
	if r := v.requireMapTakesHelper(); r != nil {
		return r
	}
	return v.stepAfterCall()
}

// inArgument completes what is known about a fault in an argument.
func (v *verifier) inArgument(r *Rejection, i int) *Rejection {
	r.report.Call, r.report.Arg = v.call.Name, i+1
	return r
}

// requireCallable requires the helper to exist and to be offered to the program.
func (v *verifier) requireCallable(in *isa.Insn) *Rejection {
	id := in.Imm
	call := helperCall(id)
	if id < 0 || id >= facts.NumHelpers {
		return v.reject(einval, fault.UnknownHelper.Of(call))
	}
	proto := v.contracts[v.pc].proto
	switch {
	case proto == nil:
		q := v.helperQuery()
		return v.reject(einval, fault.HelperNotAllowed.Of(fault.HelperCall{NumberedCall: call,
			Missing: facts.WithheldBy(id, &q)}))
	case proto.GPLOnly && !v.prog.GPL:
		return v.reject(einval, fault.GPLOnlyHelper.Of(call.Call))
	case proto.Allowed != facts.AllowedAlways && !v.helperAllowed(proto):
		return v.reject(einval, fault.HelperGate.Of(call.Call))
	case proto.MightSleep && !v.inSleepable():
		return v.reject(einval, fault.SleepingHelper.Of(call.Call))
	}
	return nil
}

func (v *verifier) helperAllowed(proto *facts.Proto) bool {
	q := v.helperQuery()
	return proto.Allowed.Holds(&q)
}

// requireAwake requires no helper that may sleep in a region that must not. The
// helpers that allocate storage do not sleep there.
func (v *verifier) requireAwake() *Rejection {
	c := &v.call
	var region fault.Region
	switch {
	case v.cur.ActiveRCU != 0:
		region = fault.InRCU
	case v.cur.ActivePreempt != 0:
		region = fault.NoPreempt
	case v.cur.ActiveIRQ != 0:
		region = fault.NoIRQ
	}
	if region != "" && c.shape.MightSleep {
		return v.reject(einval, fault.SleepableHelper.Of(fault.RegionCall{NumberedCall: c.NumberedCall,
			Region: region}))
	}
	if (region != "" || !v.inSleepable()) && c.class.Has(facts.HelperStorageGet) {
		v.aux[v.pc].storageAtomic = true
	}
	return nil
}

// stepRawBytes marks the stack that the call fills as written.
func (v *verifier) stepRawBytes() *Rejection {
	c := &v.call
	for i := range c.rawSize {
		a := access{pc: v.pc, base: c.rawReg, off: int32(i), size: 1, mode: accessWrite, value: noValue}
		if r := v.stepAccess(a); r != nil {
			return r
		}
	}
	return nil
}

// stepRelease gives up what the call releases.
func (v *verifier) stepRelease() *Rejection {
	c := &v.call
	if c.release == 0 {
		return nil
	}
	reg := v.reg(c.release)
	released := false
	switch {
	case c.proto.Args[c.release-1].Type.Base() == regtype.ArgDynptr:
		if reg.Type == regtype.ConstPtrToDynptr {
			return v.bug("CONST_PTR_TO_DYNPTR cannot be released")
		}
		return v.releaseDynptr(reg)
	case v.rules.childrenEnd && reg.RefObjID != 0 && !v.becomesProtected(reg):
		return v.stepEndObject(reg.RefObjID)
	case c.helper == facts.FuncKptrXchg && c.refObjID != 0:
		released = v.handOver(c.refObjID)
	case c.refObjID != 0:
		released = v.releaseRef(c.refObjID)
	default:
		released = reg.IsNull()
	}
	if released {
		return nil
	}
	return v.bug("%s releases reference %d, which is not held", c.Name, c.refObjID)
}

// perCPUObject are the flags of a per-CPU object of the program.
const perCPUObject = regtype.Alloc | regtype.PerCPU

// becomesProtected reports whether the call only hands reg over, and that RCU then
// keeps the object.
func (v *verifier) becomesProtected(reg *state.Reg) bool {
	return v.call.helper == facts.FuncKptrXchg && v.inRCU() && reg.Type&perCPUObject == perCPUObject
}

// handOver gives a reference to a map value. A per-CPU object stays readable
// while RCU protects it; all other copies of the pointer are void.
func (v *verifier) handOver(id uint32) (held bool) {
	if !v.dropRef(id) {
		return false
	}
	protected := v.inRCU()
	v.eachReg(func(r *state.Reg) bool { return r.RefObjID == id }, func(r *state.Reg) {
		switch {
		case protected && r.Type&perCPUObject == perCPUObject:
			r.RefObjID = 0
			r.Type = r.Type&^regtype.Alloc | regtype.RCU
		default:
			v.invalidate(r)
		}
	})
	return true
}

// stepAfterCall ends the call: a tail call that fails returns from its
// function, and packet pointers may be stale.
func (v *verifier) stepAfterCall() *Rejection {
	c := &v.call
	switch c.helper {
	case facts.FuncGetFuncIp:
		if r := v.requireFuncIP(); r != nil {
			return r
		}
	case facts.FuncTailCall:
		if v.cur.Cur == 0 {
			// The program goes on only if nothing was called.
			return nil
		}
		if r := v.stepTailCallInSubprog(); r != nil {
			return r
		}
	}
	if c.changesPacket {
		v.invalidatePackets()
	}
	return nil
}

// stepTailCallInSubprog walks on after a tail call that fails, and lets one
// that succeeds return to the caller with whatever the other program did.
func (v *verifier) stepTailCallInSubprog() *Rejection {
	v.trace.scratchReg(isa.R0)
	if _, r := v.pushBranch(v.pc+1, v.pc, false); r != nil {
		return r
	}
	v.invalidatePackets()
	v.applyUnknown(isa.R0)
	if r := v.stepReturn(); r != nil {
		return r
	}
	// The walk moves on by one instruction after every call.
	v.pc--
	return nil
}

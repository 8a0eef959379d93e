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
// What the rules of the arguments find out is kept in callScratch until the
// call is done.

// callScratch is what the arguments of the call being checked told.
//
// kernel: struct bpf_call_arg_meta
type callScratch struct {
	// id and proto are the helper called.
	id    int32
	proto *facts.Proto
	// rawMode lets a memory argument on the stack be uninitialised: the
	// callee only writes it. The memory rules then set rawReg and rawSize, the
	// pointer and the bytes that the call overwrites.
	rawMode bool
	rawReg  uint8
	rawSize int
	// sizeMax is the greatest value of the last length argument.
	sizeMax uint64
	// packetAccess says that the callee may touch packet memory directly.
	packetAccess bool
	// mapRef is the map argument, and mapUID the lookup that gave it.
	mapRef state.MapRef
	mapUID uint32
	// key is the constant key of an array lookup, negative if not known.
	key int64
	// release is the register that the call releases, 0 for none.
	release uint8
	// refObjID is the reference that an argument holds, 0 for none.
	refObjID uint32
	// memSize is the constant size of the memory that the call returns.
	memSize uint32
	// subprog is the callback.
	subprog int
	// retBTF and retID are the type of the kernel variable whose address the
	// call returns; perCPUObject says that it is an object of the program.
	retBTF       state.BTFRef
	retID        uint32
	perCPUObject bool
	// kptr is the field that the call exchanges.
	kptr *specialField
	// dynptrID is the dynptr of which the call returns a slice.
	dynptrID uint32
	// changesPacket says that packet pointers are stale after the call.
	changesPacket bool

	// structs are the ids of the kernel structs looked up so far.
	structs []wanted
}

// begin forgets what the previous call told.
func (c *callScratch) begin(id int32, proto *facts.Proto) {
	*c = callScratch{id: id, proto: proto, packetAccess: proto.PktAccess, structs: c.structs}
}

// noProto stands for the prototype of a call that is none of a helper.
var noProto facts.Proto

// callMap is the type of the map of the current call.
func (v *verifier) callMap() facts.MapType {
	if v.calls.mapRef == 0 {
		return facts.MapUnspec
	}
	return v.mapOf(v.calls.mapRef).Type
}

// argument is register n as an argument of the call of a helper.
func (v *verifier) argument(n uint8) fault.Argument {
	return fault.Argument{Arg: n, Call: facts.HelperLogName(v.calls.id), Kind: v.reg(n).Type}
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
	proto := v.protos[v.pc]
	class := facts.ClassOf(in.Imm)
	v.calls.begin(in.Imm, proto)
	v.calls.changesPacket = class.Has(facts.HelperChangesPacket)
	if r := v.requireAwake(class); r != nil {
		return r
	}
	for i := range proto.Args {
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
	if r := v.stepSpecial(in); r != nil {
		return r
	}
	v.invalidateCallerSaved(v.frame())
	if r := v.stepResult(class); r != nil {
		return r
	}
	if r := v.requireMapTakesHelper(); r != nil {
		return r
	}
	return v.stepAfterCall()
}

// inArgument completes what is known about a fault in an argument.
func (v *verifier) inArgument(r *Rejection, i int) *Rejection {
	r.report.Call, r.report.Arg = facts.HelperLogName(v.calls.id), i+1
	return r
}

// requireCallable requires the helper to exist and to be offered to the program.
func (v *verifier) requireCallable(in *isa.Insn) *Rejection {
	id := in.Imm
	call := helperCall(id)
	if id < 0 || id >= facts.NumHelpers {
		return v.reject(einval, fault.UnknownHelper.Of(call))
	}
	proto := v.protos[v.pc]
	switch {
	case proto == nil:
		q := v.helperQuery()
		return v.reject(einval, fault.HelperNotAllowed.Of(fault.HelperCall{NumberedCall: call, Missing: facts.WithheldBy(id, &q)}))
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
func (v *verifier) requireAwake(class facts.HelperClass) *Rejection {
	c := &v.calls
	var region fault.Region
	switch {
	case v.cur.ActiveRCU != 0:
		region = fault.InRCU
	case v.cur.ActivePreempt != 0:
		region = fault.NoPreempt
	case v.cur.ActiveIRQ != 0:
		region = fault.NoIRQ
	}
	if region != "" && c.proto.MightSleep {
		return v.reject(einval, fault.SleepableHelper.Of(fault.RegionCall{NumberedCall: helperCall(c.id), Region: region}))
	}
	if (region != "" || !v.inSleepable()) && class.Has(facts.HelperStorageGet) {
		v.aux[v.pc].storageAtomic = true
	}
	return nil
}

// stepRawBytes marks the stack that the call fills as written.
func (v *verifier) stepRawBytes() *Rejection {
	c := &v.calls
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
	c := &v.calls
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
	case c.id == facts.FuncKptrXchg && c.refObjID != 0:
		released = v.handOver(c.refObjID)
	case c.refObjID != 0:
		released = v.releaseRef(c.refObjID)
	default:
		released = reg.IsNull()
	}
	if released {
		return nil
	}
	return v.bug("%s releases reference %d, which is not held", facts.HelperLogName(c.id), c.refObjID)
}

// perCPUObject are the flags of a per-CPU object of the program.
const perCPUObject = regtype.Alloc | regtype.PerCPU

// becomesProtected tells that the call only hands reg over, and that RCU then
// keeps the object.
func (v *verifier) becomesProtected(reg *state.Reg) bool {
	return v.calls.id == facts.FuncKptrXchg && v.inRCU() && reg.Type&perCPUObject == perCPUObject
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
	c := &v.calls
	switch c.id {
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

// stepTailCallInSubprog walks on behind a tail call that fails, and lets one
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

// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/flow"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// contract is what a function of the kernel asks of a call and promises, be it a
// helper or a kfunc. Rules that both have in common, on references, dynptrs,
// iterators and sizes, ask it and kernelCall alone.
//
// kernel: struct bpf_call_summary
type contract struct {
	// NumberedCall is its name, and the number of a helper or the BTF id of a kfunc.
	fault.NumberedCall
	// shape is what the control flow must know.
	shape flow.CallShape
	// callback is nil for a function that calls none of the program.
	callback *facts.Callback
	// acquires says that the result is a new reference.
	acquires bool

	// helper is the number of a helper, and proto its prototype, nil if the
	// program cannot call it.
	helper int32
	class  facts.HelperClass
	proto  *facts.Proto
	// kfunc is nil for a helper.
	kfunc *kfunc
}

// undeclared is the contract where there is none: an argument is checked for a
// function of the program.
var undeclared = contract{proto: new(facts.Proto)}

// resolveCalls finds, before the walk, the contract of each call, and returns what
// the control flow must know of it. A call that the program cannot make is refused
// by the walk, only where it is reachable.
//
// kernel: get_helper_proto, fetch_kfunc_meta, get_call_summary
func (v *verifier) resolveCalls() []flow.CallShape {
	v.contracts = make([]*contract, len(v.insns))
	shapes := make([]flow.CallShape, len(v.insns))
	known := map[isa.Insn]*contract{}
	helpers := make([]contract, v.helperCalls())
	q := v.helperQuery()
	for pc := range v.insns {
		in := &v.insns[pc]
		if !in.IsHelperCall() && !in.IsKfuncCall() {
			continue
		}
		k, ok := known[*in]
		if !ok {
			if in.IsHelperCall() {
				k, helpers = &helpers[0], helpers[1:]
				k.resolveHelper(in, &q)
			} else {
				k = v.resolveKfunc(in, &q)
			}
			known[*in] = k
		}
		if k != nil {
			v.contracts[pc], shapes[pc] = k, k.shape
			// While it looks at calls the kernel does not know yet which helpers an extension has.
			shapes[pc].MightSleep = k.shape.MightSleep && (k.proto == nil || !v.extends())
		}
	}
	return shapes
}

// helperCalls counts the calls of helpers.
func (v *verifier) helperCalls() (n int) {
	for pc := range v.insns {
		if v.insns[pc].IsHelperCall() {
			n++
		}
	}
	return n
}

// resolveHelper fills the contract of the helper that a call names.
func (k *contract) resolveHelper(in *isa.Insn, q *facts.HelperQuery) {
	*k = contract{
		NumberedCall: helperCall(in.Imm), helper: in.Imm,
		class: facts.ClassOf(in.Imm), callback: facts.CallbackOf(in.Imm),
	}
	k.shape.ChangesPacket = k.class.Has(facts.HelperChangesPacket)
	k.shapeCallback()
	proto, ok := facts.LookupProto(in.Imm, q)
	if !ok {
		return
	}
	k.proto = proto
	k.acquires = k.class.Has(facts.HelperAcquire)
	k.shape.Known = true
	k.shape.Params = uint8(proto.NumArgs())
	k.shape.Void = proto.Ret == regtype.RetVoid
	k.shape.Fastcall = proto.AllowFastcall && k.class.Has(facts.HelperInlined)
	k.shape.MightSleep = proto.MightSleep
}

// shapeCallback records in the shape when the callback runs.
func (k *contract) shapeCallback() {
	if c := k.callback; c != nil {
		k.shape.SyncCallback, k.shape.AsyncCallback = !c.Async, c.Async
	}
}

// callsBack reports whether the call at pc runs a function of the program before it
// returns.
func (v *verifier) callsBack(pc int) bool {
	k := v.contracts[pc]
	return k != nil && k.shape.SyncCallback
}

// kernelCall is the call of a helper or kfunc that is being checked: its contract,
// and what is known from its arguments.
//
// kernel: struct bpf_call_arg_meta, struct bpf_kfunc_call_arg_meta
type kernelCall struct {
	*contract
	// release is the register that the call releases, 0 for none, and refObjID
	// the reference that an argument holds.
	release  uint8
	refObjID uint32
	// rawReg and rawSize are a pointer and the bytes of stack that the call
	// overwrites: they may be uninitialised.
	rawReg  uint8
	rawSize int
	// sizeMax is the greatest value of the last length argument.
	sizeMax uint64
	// constant is the argument that must be a constant, such as the size of the
	// memory that the call returns.
	constant uint64
	hasConst bool
	// r0Size is the size of the memory that a kfunc returns, as an argument says.
	r0Size     uint64
	r0ReadOnly bool
	// mapRef is the map argument, and mapUID the lookup that gave it.
	mapRef state.MapRef
	mapUID uint32
	// key is the constant key of an array lookup, negative if not known.
	key int64
	// subprog is the callback.
	subprog int
	// objectBTF and objectID are the type of the object passed, or of the one that
	// the call makes of it. ownsObject says that its reference is passed too,
	// perCPUObject that it is one of the program.
	objectBTF    state.BTFRef
	objectID     uint32
	ownsObject   bool
	perCPUObject bool
	// kptr is the field that the call exchanges, listHead and treeRoot are those
	// that it works on.
	kptr, listHead, treeRoot *specialField
	// dynptrKind, dynptrID and dynptrRef describe the dynptr passed.
	dynptrKind          state.DynptrKind
	dynptrID, dynptrRef uint32
	// iterFrame and iterSlot are where the iterator passed is.
	iterFrame uint32
	iterSlot  int
	// changesPacket says that packet pointers are stale after the call.
	changesPacket bool
}

// begin makes a call of k the one being checked.
func (c *kernelCall) begin(k *contract) {
	*c = kernelCall{contract: k, changesPacket: k.shape.ChangesPacket}
}

// argument is register n as an argument of the call.
func (v *verifier) argument(n uint8) fault.Argument {
	return fault.Argument{Arg: n, Call: v.call.Name, Kind: v.reg(n).Type}
}

// kernel is how the kernel that the program is for is built and locked down.
func (v *verifier) kernel() facts.Kernel {
	return v.known.Kernel(v.prog.KernelBuilt)
}

// helperQuery is what decides which helpers the program may call.
func (v *verifier) helperQuery() facts.HelperQuery {
	q := facts.HelperQuery{
		Release:   v.known.Release,
		Prog:      facts.ProgType(v.progType()),
		Attach:    facts.AttachType(v.prog.Attach),
		Sleepable: v.sleepable(),
		Caps:      facts.CapsRoot,
		Kernel:    v.kernel(),
	}
	if !v.privileged {
		q.Caps = 0
	}
	q.Hook, q.StructOps, q.Member = v.hookNames()
	return q
}

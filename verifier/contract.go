// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/cilium/ebpf/btf"

	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/flow"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
)

// resolveCalls finds, before the walk, what every helper call asks and does.
// A helper that the program cannot call has no prototype; the walk refuses it
// only where it is reachable.
//
// kernel: get_helper_proto, get_call_summary
func (v *verifier) resolveCalls() {
	v.protos = make([]*facts.Proto, len(v.insns))
	v.callShapes = make([]flow.CallShape, len(v.insns))
	v.kfuncs = make([]*kfunc, len(v.insns))
	known := map[int32]*kfunc{}
	q := v.helperQuery()
	for pc := range v.insns {
		in := &v.insns[pc]
		if in.IsKfuncCall() {
			k, ok := known[in.Imm]
			if !ok {
				k = v.resolveKfunc(in, &q)
				known[in.Imm] = k
			}
			v.kfuncs[pc] = k
			v.callShapes[pc] = k.shape()
			continue
		}
		if !in.IsHelperCall() {
			continue
		}
		class := facts.ClassOf(in.Imm)
		shape := &v.callShapes[pc]
		shape.ChangesPacket = class.Has(facts.HelperChangesPacket)
		if c := facts.CallbackOf(in.Imm); c != nil {
			shape.SyncCallback, shape.AsyncCallback = !c.Async, c.Async
		}
		proto, ok := facts.LookupProto(in.Imm, &q)
		if !ok {
			continue
		}
		v.protos[pc] = proto
		shape.Known = true
		shape.Params = uint8(proto.NumArgs())
		shape.Void = proto.Ret == regtype.RetVoid
		shape.Fastcall = proto.AllowFastcall && class.Has(facts.HelperInlined)
		shape.MightSleep = proto.MightSleep
	}
}

// kernel is how the kernel that the program is for was built.
func (v *verifier) kernel() facts.Kernel {
	k := v.known.Kernel
	k.Without |= v.prog.KernelWithout
	return k
}

// helperQuery is what decides which helpers the program may call.
func (v *verifier) helperQuery() facts.HelperQuery {
	q := facts.HelperQuery{
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

// shape is what the control flow must know of a kernel function.
func (k *kfunc) shape() flow.CallShape {
	if k == nil {
		return flow.CallShape{}
	}
	var shape flow.CallShape
	if c := k.callback; c != nil {
		shape.SyncCallback, shape.AsyncCallback = !c.Async, c.Async
	}
	if !k.allowed {
		return shape
	}
	_, isVoid := k.ret.typ.(*btf.Void)
	shape.Known = true
	shape.Params = uint8(len(k.params))
	shape.Void = isVoid
	shape.Fastcall = k.has(facts.KfFastcall)
	shape.MightSleep = k.has(facts.KfSleepable)
	shape.IterNext = k.has(facts.KfIterNext)
	shape.ChangesPacket = k.special == facts.KfuncXdpPullData
	return shape
}

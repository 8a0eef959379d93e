// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"strings"

	"github.com/cilium/ebpf/btf"

	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// Contexts that are the arguments of a kernel function, 8 bytes each, with the
// result after them where a program runs after the function. A load gives
//
//	an integer, enum, or struct by value   a number
//	a pointer to void or an integer        a number
//	a pointer to a struct                  a typed pointer (mem_btf.go)
//	a buffer of an iterator                a buffer pointer
//
// Typed pointers are trusted except in programs on function entry and exit and
// on some security hooks. A list says which tracepoint arguments may be NULL,
// and which may be an error number and are numbers to programs for that reason;
// iterators and parameters named "…__nullable" may be NULL too.

// hookTarget is the kernel function that a program is attached to.
type hookTarget struct {
	known bool
	name  string // as the log calls it
	proto *btf.FuncProto
	// params are the arguments that the program sees.
	params []btf.FuncParam
	// maybeNull has a bit for each argument of a struct_ops member that the
	// kernel may pass as NULL.
	maybeNull uint32
	// owned has a bit for each argument of a struct_ops member that hands its
	// reference to the program, and refs the references by argument.
	owned uint32
	refs  [maxHookParams]uint32
	// unsupported says why arguments are not known, if so.
	unsupported string
}

// maxHookParams bounds the arguments that may come with a reference.
const maxHookParams = 16

// owns reports whether argument n comes with its reference.
func (h *hookTarget) owns(n int) bool { return n < maxHookParams && h.owned>>n&1 != 0 }

// hook finds the function that the program is attached to.
//
// kernel: bpf_check_attach_target, check_struct_ops_btf_id
func (v *verifier) hook() *hookTarget {
	h := &v.memory.hook
	if !h.known {
		*h = v.findHook()
		h.known = true
		if h.proto == nil {
			h.unsupported = "is attached to a function that the kernel's BTF does not describe"
			return h
		}
		h.params = h.proto.Params
		if v.prog.Type == facts.ProgTracing && v.prog.Attach == facts.AttachTraceRawTp && len(h.params) > 0 {
			h.params = h.params[1:] // the tracepoint's own data
		}
	}
	return h
}

func (v *verifier) findHook() hookTarget {
	t := v.btfType(state.KernelBTF, v.prog.AttachBTFID)
	switch t := t.(type) {
	case *btf.Func:
		proto, _ := t.Type.(*btf.FuncProto)
		return hookTarget{name: t.Name, proto: proto}
	case *btf.Typedef:
		return v.tracepointHook(t)
	case *btf.Struct:
		return v.structOpsHook(t)
	}
	return hookTarget{}
}

// tracepointHook takes the names of the arguments from the function behind the
// tracepoint; the typedef has none.
func (v *verifier) tracepointHook(t *btf.Typedef) hookTarget {
	h := hookTarget{name: strings.TrimPrefix(t.Name, "btf_trace_")}
	var template *btf.Func
	if v.btfs[state.KernelBTF].spec.TypeByName("__bpf_trace_"+h.name, &template) == nil {
		h.proto, _ = template.Type.(*btf.FuncProto)
		return h
	}
	if p, ok := t.Type.(*btf.Pointer); ok {
		h.proto, _ = p.Target.(*btf.FuncProto)
	}
	return h
}

// structOpsHook is the member that the program implements. The kernel's stub
// for it names the arguments.
func (v *verifier) structOpsHook(t *btf.Struct) hookTarget {
	_, name, _ := strings.Cut(v.prog.AttachTo, ":")
	h := hookTarget{name: name}
	for i := range t.Members {
		if t.Members[i].Name != name {
			continue
		}
		if p, ok := skipModifiers(t.Members[i].Type).(*btf.Pointer); ok {
			h.proto, _ = skipModifiers(p.Target).(*btf.FuncProto)
		}
	}
	var stub *btf.Func
	if v.btfs[state.KernelBTF].spec.TypeByName(t.Name+"__"+name, &stub) != nil {
		return h
	}
	proto, ok := stub.Type.(*btf.FuncProto)
	if !ok {
		return h
	}
	for i := range proto.Params {
		switch param := proto.Params[i].Name; {
		case strings.HasSuffix(param, "__nullable"):
			h.maybeNull |= 1 << i
		case strings.HasSuffix(param, "__ref"):
			if i >= maxHookParams {
				h.unsupported = "implements a function that is handed a reference after many arguments"
				continue
			}
			h.owned |= 1 << i
		}
	}
	return h
}

// requireCtxArgument finds the argument of the kernel function that an access
// to the context reads.
//
// kernel: btf_ctx_access
func (v *verifier) requireCtxArgument(a *access) (ctxField, *Rejection) {
	h := v.hook()
	if h.unsupported != "" {
		return ctxField{}, v.unsupported("%s", h.unsupported)
	}
	if a.off%8 != 0 {
		return v.rejectArgument(a, fault.ContextOffset, fault.ContextArgument{Hook: h.name})
	}
	n := argumentAt(h.proto, a.off)
	if v.prog.AttachTo == "Qdisc_ops:enqueue" && n == 2 && a.mode == accessRead {
		// Behind a pointer to a pointer, which programs see as a struct.
		if id, ok := v.structID("bpf_sk_buff_ptr"); ok {
			return ctxField{typ: regtype.PtrToBTFID | regtype.Trusted, btf: id}, nil
		}
		return ctxField{}, v.unsupported("reads struct bpf_sk_buff_ptr, which the kernel's BTF does not have")
	}
	switch {
	case n > len(h.params):
		return v.rejectNoArgument(a, h, n)
	case n == len(h.params):
		return v.requireCtxResult(a, h, n)
	}
	return v.argumentField(a, h, n, h.params[n].Type, false)
}

// argumentAt is the number of the argument at off, counted as the kernel does
// over all of the function's own arguments; the result follows them.
//
// kernel: btf_ctx_arg_idx
func argumentAt(proto *btf.FuncProto, off int32) int {
	end := int32(0)
	for i := range proto.Params {
		end += argumentBytes(proto.Params[i].Type)
		if off < end {
			return i
		}
	}
	if off < end+argumentBytes(proto.Return) {
		return len(proto.Params)
	}
	return len(proto.Params) + 1
}

func argumentBytes(t btf.Type) int32 {
	size, _ := typeSize(skipModifiers(t))
	return int32(size+7) &^ 7
}

// requireCtxResult reads the function's result, which programs on the function's
// exit and on security hooks may.
func (v *verifier) requireCtxResult(a *access, h *hookTarget, n int) (ctxField, *Rejection) {
	switch v.prog.Attach {
	case facts.AttachLSMMac:
		return v.argumentField(a, h, n, h.proto.Return, true)
	case facts.AttachLSMCgroup, facts.AttachTraceFExit:
		return v.argumentField(a, h, n, h.proto.Return, false)
	case facts.AttachModifyReturn:
		if t := skipModifiers(h.proto.Return); !isSmallInt(t) {
			return v.rejectArgument(a, fault.ResultNotModifiable,
				fault.ContextArgument{Hook: h.name, Type: kindName(t)})
		}
		return v.argumentField(a, h, n, h.proto.Return, false)
	}
	return v.rejectNoArgument(a, h, n)
}

// rejectNoArgument refuses to read an argument that the function does not have.
func (v *verifier) rejectNoArgument(a *access, h *hookTarget, n int) (ctxField, *Rejection) {
	result := h.proto.Return
	if v.prog.Attach == facts.AttachTraceRawTp {
		result = nil // a tracepoint has none
	}
	return v.rejectArgument(a, fault.NoSuchArgument, fault.ContextArgument{
		Hook: h.name, Arg: n, Nth: n + 1, Count: len(h.params), Proto: prototype(h.name, h.params, result),
	})
}

// argumentField is what a load of an argument or result of type t yields.
func (v *verifier) argumentField(a *access, h *hookTarget, n int, t btf.Type, result bool) (ctxField, *Rejection) {
	t = skipModifiers(t)
	_, isEnum := t.(*btf.Enum)
	_, _, isStruct := membersOf(t)
	if isEnum || isStruct || isSmallInt(t) {
		return ctxField{typ: regtype.Scalar, result: result}, nil
	}
	p, isPtr := t.(*btf.Pointer)
	if !isPtr {
		return v.rejectArgument(a, fault.ArgumentNotPointer,
			fault.ContextArgument{Hook: h.name, Arg: n, Name: namedOrAnon(t), Type: kindName(t)})
	}
	if a.size != 8 {
		return v.rejectArgument(a, fault.ArgumentSize, fault.ContextArgument{Hook: h.name, Arg: n})
	}
	special, isSpecial := v.specialArgument(h, n, a.off)
	target := skipModifiers(p.Target)
	switch {
	case isSpecial && special.Base() == regtype.PtrToBuf:
		return ctxField{typ: special}, nil
	case isVoidOrInt(target):
		return ctxField{typ: regtype.Scalar, result: result}, nil
	case isSpecial && h.owns(n) && !v.cur.FindRef(h.refs[n]):
		return ctxField{}, v.reject(eacces, fault.ContextReferenceReleased.Of(fault.ContextReference{Access: a.fault(),
			Reference: fault.Reference{ID: h.refs[n]}}))
	case isSpecial && h.owns(n):
		return ctxField{typ: special, btf: v.btfID(state.KernelBTF, target), ref: h.refs[n]}, nil
	case isSpecial:
		return ctxField{typ: special, btf: v.btfID(state.KernelBTF, target)}, nil
	}
	return v.typedArgument(a, h, n, p)
}

// specialArgument is the type of an argument that the hook itself decides.
func (v *verifier) specialArgument(h *hookTarget, n int, off int32) (regtype.Reg, bool) {
	switch {
	case h.owns(n):
		return regtype.PtrToBTFID | regtype.Trusted, true
	case v.prog.Type == facts.ProgStructOps:
		return regtype.PtrToBTFID | regtype.MaybeNull | regtype.Trusted, h.maybeNull>>n&1 != 0
	case v.prog.Attach == facts.AttachTraceIter:
		return facts.IterArg(h.name, off)
	}
	return 0, false
}

// typedArgument is an argument that points to a struct.
func (v *verifier) typedArgument(a *access, h *hookTarget, n int, p *btf.Pointer) (ctxField, *Rejection) {
	typ := regtype.Reg(regtype.PtrToBTFID)
	if v.argumentsTrusted(h) {
		typ |= regtype.Trusted
	}
	if n < len(h.params) && strings.HasSuffix(h.params[n].Name, "__nullable") {
		typ |= regtype.MaybeNull
	}
	isError := false
	if v.prog.Attach == facts.AttachTraceRawTp {
		care, _ := facts.LookupTracepoint(h.name)
		if care.Null>>n&1 != 0 {
			typ |= regtype.MaybeNull
		}
		isError = care.Error>>n&1 != 0
	}
	typ |= regtype.Reg(tagFlags(p.Target)) & (regtype.User | regtype.PerCPU)
	target := skipModifiers(p.Target)
	if _, _, isStruct := membersOf(target); !isStruct {
		return v.rejectArgument(a, fault.ArgumentNotStruct,
			fault.ContextArgument{Hook: h.name, Arg: n, Type: kindName(target)})
	}
	id := v.btfID(state.KernelBTF, target)
	v.say("func '%s' arg%d has btf_id %d type %s '%s'\n", h.name, n, id, kindName(target), namedOrAnon(target))
	if isError {
		v.say("marking pointer arg%d as scalar as it may encode error", n)
		return ctxField{typ: regtype.Scalar}, nil
	}
	if v.prog.Type == facts.ProgStructOps {
		id = v.promoteArgument(typ, target, id)
	}
	return ctxField{typ: typ, btf: id}, nil
}

// promoteArgument lets congestion control see the TCP socket that its sock
// argument is.
//
// kernel: bpf_tcp_ca_is_valid_access
func (v *verifier) promoteArgument(typ regtype.Reg, target btf.Type, id uint32) uint32 {
	ops, _, _ := strings.Cut(v.prog.AttachTo, ":")
	if ops != "tcp_congestion_ops" || target.TypeName() != "sock" || typ.Flags()&^trustFlags != 0 {
		return id
	}
	if tcp, ok := v.structID("tcp_sock"); ok {
		return tcp
	}
	return id
}

// argumentsTrusted reports whether the kernel vouches for the pointers that the
// hook passes.
//
// kernel: prog_args_trusted
func (v *verifier) argumentsTrusted(h *hookTarget) bool {
	switch v.prog.Type {
	case facts.ProgTracing:
		return v.prog.Attach == facts.AttachTraceRawTp || v.prog.Attach == facts.AttachTraceIter
	case facts.ProgLSM:
		hook, ok := facts.LookupLSMHook(h.name)
		return !ok || hook.Flags&facts.HookUntrusted == 0
	case facts.ProgStructOps:
		return true
	}
	return false
}

// rejectArgument refuses an access to the context and says why.
func (v *verifier) rejectArgument(a *access, what fault.Message[fault.ContextArgument],
	known fault.ContextArgument) (ctxField, *Rejection) {
	known.Access = a.fault()
	rej := v.reject(eacces, what.Of(known))
	return ctxField{}, v.addLine(rej, fault.ContextAccess.Of(a.fault()))
}

// isSmallInt reports whether t is an integer of at most 8 bytes.
//
// kernel: btf_type_is_small_int
func isSmallInt(t btf.Type) bool {
	n, ok := t.(*btf.Int)
	return ok && (n.Size == 1 || n.Size == 2 || n.Size == 4 || n.Size == 8)
}

// kernel: is_void_or_int_ptr
func isVoidOrInt(t btf.Type) bool {
	switch t.(type) {
	case *btf.Void, *btf.Int:
		return true
	}
	return false
}

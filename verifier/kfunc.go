// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"strings"

	"github.com/cilium/ebpf/btf"

	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// kfunc is what only kernel functions have: a prototype in the kernel's BTF and
// the flags that they are registered with.
type kfunc struct {
	flags facts.KfuncFlags
	// special identifies a function with rules of its own.
	special facts.SpecialKfunc
	// allowed says that the program's type may call it.
	allowed bool
	// deviceBound says that the program must be bound to a device to call it.
	deviceBound bool
	params      []kfuncParam
	ret         kfuncResult
}

// kfuncParam is what the prototype says of one parameter.
type kfuncParam struct {
	name string
	// typ is the parameter's type without modifiers, and target what it
	// points to, if it is a pointer.
	typ, target btf.Type
	targetID    uint32
	// special is the kind that the name of the struct pointed to decides,
	// paramNull if it decides nothing.
	special paramKind
	suffix  paramSuffix
}

// kfuncResult is what the prototype says of the result.
type kfuncResult struct {
	typ, target btf.Type
	targetID    uint32
}

// paramSuffix is a set of the markers that end a parameter's name.
type paramSuffix uint32

const (
	suffixSize paramSuffix = 1 << iota
	suffixConstSize
	suffixOptional
	suffixConstant
	suffixIgnore
	suffixMap
	suffixAlloc
	suffixUninit
	suffixRefcounted
	suffixNullable
	suffixConstStr
	suffixIRQFlag
	suffixProg
	suffixIter
)

var paramSuffixes = map[string]paramSuffix{
	"__sz": suffixSize, "__szk": suffixConstSize, "__opt": suffixOptional, "__k": suffixConstant,
	"__ign": suffixIgnore, "__map": suffixMap, "__alloc": suffixAlloc, "__uninit": suffixUninit,
	"__refcounted_kptr": suffixRefcounted, "__nullable": suffixNullable, "__str": suffixConstStr,
	"__irq_flag": suffixIRQFlag, "__prog": suffixProg, "__iter": suffixIter,
}

// has reports whether the function is registered with one of the flags.
func (k *kfunc) has(flags facts.KfuncFlags) bool { return k.flags&flags != 0 }

// isIter reports whether k is one of the functions of an open-coded iterator.
//
// kernel: is_iter_kfunc
func (k *kfunc) isIter() bool { return k.has(facts.KfIterNew | facts.KfIterNext | facts.KfIterDestroy) }

// resolveKfunc is the contract of the kernel function that a call names; nil if the
// target kernel has none of that id.
//
// kernel: fetch_kfunc_meta
func (v *verifier) resolveKfunc(in *isa.Insn, q *facts.HelperQuery) *contract {
	if in.Imm == 0 || in.Off != 0 || v.prog.KernelBTF == nil {
		return nil
	}
	fn, ok := v.btfType(state.KernelBTF, uint32(in.Imm)).(*btf.Func)
	if !ok {
		return nil
	}
	proto, ok := fn.Type.(*btf.FuncProto)
	if !ok {
		return nil
	}
	k := &kfunc{}
	c := &contract{NumberedCall: fault.NumberedCall{Call: fault.Call{Name: fn.Name}, ID: in.Imm}, kfunc: k}
	if known, ok := v.known.Kfunc(fn.Name); ok {
		k.flags, k.special, k.allowed = known.Flags, known.Special, known.Allowed(q)
		k.deviceBound, c.callback = known.DeviceBound(), known.Callback
	}
	c.shapeCallback()
	k.params = make([]kfuncParam, len(proto.Params))
	for i := range proto.Params {
		p := &k.params[i]
		p.name = proto.Params[i].Name
		p.typ, p.target, p.targetID = v.pointerParts(proto.Params[i].Type)
		name, _ := structName(p.target)
		p.special = specialParam(name)
		for text, s := range paramSuffixes {
			if strings.HasSuffix(p.name, text) {
				p.suffix |= s
			}
		}
	}
	k.ret.typ, k.ret.target, k.ret.targetID = v.pointerParts(proto.Return)
	if !k.allowed {
		return c
	}
	c.acquires = k.has(facts.KfAcquire)
	_, isVoid := k.ret.typ.(*btf.Void)
	c.shape.Known = true
	c.shape.Params = uint8(len(k.params))
	c.shape.Void = isVoid
	c.shape.Fastcall = k.has(facts.KfFastcall)
	c.shape.MightSleep = k.has(facts.KfSleepable)
	c.shape.IterNext = k.has(facts.KfIterNext)
	c.shape.ChangesPacket = k.special == facts.KfuncXdpPullData
	return c
}

// maxKfuncs is how many different kernel functions a program may call.
const maxKfuncs = 256

// requireKfunc requires the kernel function that the call at v.pc names, reached or
// not, to exist and to be open to the program. found are those met before.
//
// kernel: add_kfunc_call
func (v *verifier) requireKfunc(found map[int32]bool) *Rejection {
	in := &v.insns[v.pc]
	call := fault.Call{Name: v.kfuncName(in)}
	if !v.prog.GPL {
		return v.reject(einval, fault.GPLOnlyKfunc.Of(call))
	}
	if in.Off != 0 {
		return v.rejectModuleCall(in, call)
	}
	if in.Imm == 0 || found[in.Imm] {
		return nil
	}
	if len(found) == maxKfuncs {
		return v.reject(e2big, fault.TooManyKfuncs.Of(call))
	}
	found[in.Imm] = true
	switch k := v.contracts[v.pc]; {
	case k == nil && v.prog.KernelBTF != nil:
		return v.reject(einval, fault.UnknownKfunc.Of(fault.Number{ID: int64(uint32(in.Imm))}))
	case k != nil && k.kfunc.deviceBound:
		return v.reject(einval, fault.DeviceBoundKfunc.Of(call))
	}
	return nil
}

// rejectModuleCall refuses a call into a module, whose types only a loader that
// names them has: libbpf gives none to a program whose calls it did not resolve.
//
// kernel: find_kfunc_desc_btf
func (v *verifier) rejectModuleCall(in *isa.Insn, call fault.Call) *Rejection {
	noTypes := fault.NoKfuncTypes.Of(call)
	if in.Off < 0 {
		return v.addLine(v.reject(einval, fault.NegativeModule.Of(call)), noTypes)
	}
	return v.addLine(v.reject(eproto, fault.UnlistedModule.Of(call)), noTypes)
}

// pointerParts is a kernel type without modifiers and, for a pointer, the
// type pointed to with its id.
func (v *verifier) pointerParts(t btf.Type) (typ, target btf.Type, id uint32) {
	typ = skipModifiers(t)
	if ptr, ok := typ.(*btf.Pointer); ok {
		target = skipModifiers(ptr.Target)
		if _, isVoid := target.(*btf.Void); !isVoid {
			id = v.btfID(state.KernelBTF, target)
		}
	}
	return typ, target, id
}

// kfuncName is the name of the kernel function that a call names by BTF id.
//
// kernel: disasm_kfunc_name
func (v *verifier) kfuncName(in *isa.Insn) string {
	if in.Off == 0 {
		if in.Imm == 0 {
			return "" // of no type
		}
		if t := v.btfType(state.KernelBTF, uint32(in.Imm)); t != nil {
			return t.TypeName()
		}
	}
	return "<error>"
}

// kfuncMayLock reports whether the kernel function called at pc may be called
// while a lock is held.
//
// kernel: kfunc_spin_allowed
func (v *verifier) kfuncMayLock(pc int) bool {
	c := v.contracts[pc]
	if c == nil {
		return false
	}
	k := c.kfunc
	return k.isList() || k.isTree() || k.isResLock() || k.isIterNum() || k.special == facts.KfuncRefcountAcquire
}

// isList reports whether k is one of the functions of linked lists.
//
// kernel: is_bpf_list_api_kfunc
func (k *kfunc) isList() bool {
	switch k.special {
	case facts.KfuncListPushFront, facts.KfuncListPushBack, facts.KfuncListPopFront, facts.KfuncListPopBack,
		facts.KfuncListFront, facts.KfuncListBack:
		return true
	}
	return false
}

// isTree reports whether k is one of the functions of red-black trees.
//
// kernel: is_bpf_rbtree_api_kfunc
func (k *kfunc) isTree() bool {
	switch k.special {
	case facts.KfuncRbtreeRemove, facts.KfuncRbtreeAdd, facts.KfuncRbtreeFirst, facts.KfuncRbtreeRoot,
		facts.KfuncRbtreeLeft, facts.KfuncRbtreeRight:
		return true
	}
	return false
}

// isResLock reports whether k is one of the functions of bpf_res_spin_lock.
//
// kernel: is_bpf_res_spin_lock_kfunc
func (k *kfunc) isResLock() bool {
	switch k.special {
	case facts.KfuncResSpinLock, facts.KfuncResSpinUnlock, facts.KfuncResSpinLockIrqsave,
		facts.KfuncResSpinUnlockIrqrestore:
		return true
	}
	return false
}

// isIterNum reports whether k is one of the functions of the number iterator.
//
// kernel: is_bpf_iter_num_api_kfunc
func (k *kfunc) isIterNum() bool {
	switch k.special {
	case facts.KfuncIterNumNew, facts.KfuncIterNumNext, facts.KfuncIterNumDestroy:
		return true
	}
	return false
}

// isTaskWork reports whether k is one of the functions that queue a callback to a task.
//
// kernel: is_task_work_add_kfunc
func (k *kfunc) isTaskWork() bool {
	return k.special == facts.KfuncTaskWorkScheduleSignal || k.special == facts.KfuncTaskWorkScheduleResume
}

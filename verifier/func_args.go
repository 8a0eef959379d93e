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

// Rules of a global function's parameters, which its BTF prototype describes:
//
//	C type                         argument
//	integer, enum                  any number
//	pointer to the context type    the context
//	struct bpf_dynptr *            a dynptr
//	T *                            memory of T's size, or NULL
//	T * tagged arg:nonnull         memory of T's size
//	T * tagged arg:trusted         a trusted kernel object of T's name
//	T * tagged arg:untrusted       memory or a kernel object that is only probed
//	T * tagged arg:arena           an arena pointer
//
// A static function need not fit: it is walked with what its callers pass.

// subprogArg is what a function asks of one argument.
//
// kernel: struct bpf_subprog_arg_info
type subprogArg struct {
	Type regtype.Arg
	// MemSize is the size of the memory behind a pointer, in bytes.
	MemSize uint32
	BTF     state.BTFRef
	BTFID   uint32
}

// argTag is a set of "arg:" declaration tags.
type argTag uint8

const (
	tagCtx argTag = 1 << iota
	tagNonNull
	tagTrusted
	tagUntrusted
	tagNullable
	tagArena
)

var argTags = map[string]argTag{
	"ctx": tagCtx, "trusted": tagTrusted, "untrusted": tagUntrusted,
	"nonnull": tagNonNull, "nullable": tagNullable, "arena": tagArena,
}

const maxFuncArgs = 5

// prepareFuncArgs derives from BTF what a function asks of its arguments. The
// answer is kept, unless there is none.
//
// kernel: btf_prepare_func_args
func (v *verifier) prepareFuncArgs(subprog int) *Rejection {
	facts := &v.subprogs[subprog]
	if facts.argsCached {
		return nil
	}
	args, r := v.readFuncArgs(subprog)
	if r == nil {
		facts.args, facts.argsCached = args, true
	}
	return r
}

// readFuncArgs reads the prototype of a function.
func (v *verifier) readFuncArgs(subprog int) ([]subprogArg, *Rejection) {
	fn, proto := v.funcType(subprog)
	if proto == nil {
		return nil, v.bug("function %d has no prototype", subprog)
	}
	p := paramReader{v: v, fn: fn, global: v.subprogIsGlobal(subprog)}
	if len(proto.Params) > maxFuncArgs {
		return nil, p.misfit(einval, fault.TooManyParams.Of(fault.Params{Name: fn.Name, Count: len(proto.Params),
			Most: maxFuncArgs}))
	}
	if !isScalarType(proto.Return) {
		return nil, p.misfit(einval, fault.ResultNotANumber.Of(fault.Param{Name: fn.Name,
			Gives: cType(proto.Return)}))
	}
	args := make([]subprogArg, len(proto.Params))
	for i := range proto.Params {
		if r := p.read(i, proto.Params[i].Type, &args[i]); r != nil {
			return nil, r
		}
	}
	return args, nil
}

// funcType is the BTF type of a function, and its prototype. requireFuncInfo
// asked for the former, and no object with types has a function without the
// latter.
func (v *verifier) funcType(subprog int) (*btf.Func, *btf.FuncProto) {
	if subprog >= len(v.prog.Funcs) || v.prog.BTF == nil {
		return nil, nil
	}
	t, err := v.prog.BTF.TypeByID(v.prog.Funcs[subprog].TypeID)
	if err != nil {
		return nil, nil
	}
	fn, ok := t.(*btf.Func)
	if !ok {
		return nil, nil
	}
	proto, _ := fn.Type.(*btf.FuncProto)
	return fn, proto
}

// paramReader reads the parameters of one function.
type paramReader struct {
	v      *verifier
	fn     *btf.Func
	global bool
}

// misfit refuses a prototype; for a static function it says nothing.
func (p *paramReader) misfit(errno int, f *fault.Fault) *Rejection {
	if !p.global {
		f = fault.StaticFunctionMisfit.Of(fault.Param{Name: p.fn.Name})
	}
	return p.v.reject(errno, f)
}

// refuse refuses parameter i.
func (p *paramReader) refuse(errno, i int, what fault.Message[fault.Param]) *Rejection {
	return p.v.reject(errno, what.Of(p.param(i)))
}

// refuseType refuses the type that parameter i is of, or points to.
func (p *paramReader) refuseType(errno, i int, what fault.Message[fault.Param], t fault.TypeName) *Rejection {
	known := p.param(i)
	known.Type, known.Error = t, -errno
	return p.v.reject(errno, what.Of(known))
}

// param is parameter i as faults have it.
func (p *paramReader) param(i int) fault.Param {
	return fault.Param{Name: p.fn.Name, Param: uint8(i + 1)}
}

// tags are the declaration tags of parameter i.
func (p *paramReader) tags(i int) (argTag, *Rejection) {
	var tags argTag
	if i >= len(p.fn.ParamTags) {
		return 0, nil
	}
	for _, text := range p.fn.ParamTags[i] {
		name, ok := strings.CutPrefix(text, "arg:")
		if !ok {
			continue
		}
		if !p.global {
			return 0, p.refuse(eopnotsupp, i, fault.StaticFunctionTag)
		}
		tag, ok := argTags[name]
		if !ok {
			return 0, p.refuse(eopnotsupp, i, fault.UnknownParamTag)
		}
		tags |= tag
	}
	return tags, nil
}

// read derives one argument.
func (p *paramReader) read(i int, t btf.Type, arg *subprogArg) *Rejection {
	tags, r := p.tags(i)
	if r != nil {
		return r
	}
	ptr, ok := skipModifiers(t).(*btf.Pointer)
	if !ok {
		return p.readValue(i, t, tags, arg)
	}
	invalidTags := func() *Rejection { return p.refuse(einval, i, fault.ParamTagsExclusive) }
	switch {
	case tags&tagCtx != 0 || p.v.isCtxType(ptr.Target):
		if tags&^tagCtx != 0 {
			return invalidTags()
		}
		if tags&tagCtx != 0 {
			if r := p.requireCtxType(i, ptr.Target); r != nil {
				return r
			}
		}
		arg.Type = regtype.ArgCtx
	case isStructNamed(ptr.Target, "bpf_dynptr"):
		if tags != 0 {
			return invalidTags()
		}
		arg.Type = regtype.ArgDynptr | regtype.ReadOnly
	case tags&tagTrusted != 0:
		if tags&tagNonNull != 0 {
			return invalidTags()
		}
		arg.Type = regtype.ArgBTFID | regtype.Trusted
		if tags&tagNullable != 0 {
			arg.Type |= regtype.MaybeNull
		}
		return p.readKernelStruct(i, ptr.Target, arg)
	case tags&tagUntrusted != 0:
		return p.readUntrusted(i, ptr.Target, tags, arg)
	case tags&tagArena != 0:
		if tags&^tagArena != 0 {
			return p.refuse(einval, i, fault.ArenaTagAlone)
		}
		arg.Type = regtype.ArgArena
	case p.global:
		if tags&tagNullable != 0 {
			return invalidTags()
		}
		return p.readMemory(i, ptr.Target, tags, arg)
	default:
		return p.readValue(i, t, tags, arg)
	}
	return nil
}

// readMemory derives a pointer to plain data.
func (p *paramReader) readMemory(i int, target btf.Type, tags argTag, arg *subprogArg) *Rejection {
	t := skipModifiers(target)
	size, ok := typeSize(t)
	if !ok {
		return p.refuseType(einval, i, fault.ParamUnsized, typeName(t))
	}
	arg.Type = regtype.ArgMem | regtype.MaybeNull
	if tags&tagNonNull != 0 {
		arg.Type = regtype.ArgMem
	}
	arg.MemSize = size
	return nil
}

// readUntrusted derives a pointer that may be anything.
func (p *paramReader) readUntrusted(i int, target btf.Type, tags argTag, arg *subprogArg) *Rejection {
	if tags&^tagUntrusted != 0 {
		return p.refuse(einval, i, fault.UntrustedTagAlone)
	}
	switch skipModifiers(target).(type) {
	case *btf.Void, *btf.Int, *btf.Float, *btf.Enum:
		arg.Type = regtype.ArgMem | regtype.ReadOnly | regtype.Untrusted
		return nil
	}
	arg.Type = regtype.ArgBTFID | regtype.Untrusted
	return p.readKernelStruct(i, target, arg)
}

// readKernelStruct finds the kernel's struct of the parameter's name. Fields
// that the program's own copy lacks do not matter.
//
// kernel: btf_get_ptr_to_btf_id
func (p *paramReader) readKernelStruct(i int, target btf.Type, arg *subprogArg) *Rejection {
	t := skipModifiers(target)
	name := t.TypeName()
	if base, _, ok := strings.Cut(name, "___"); ok {
		name = base
	}
	id, ok := p.v.kernelStructID(name)
	if !ok {
		return p.refuseType(enoent, i, fault.ParamStructUnknown,
			fault.TypeName{Kind: kindName(t), Name: namedOrAnon(t)})
	}
	arg.BTF, arg.BTFID = state.KernelBTF, id
	return nil
}

// readValue derives an argument that is not a pointer.
func (p *paramReader) readValue(i int, t btf.Type, tags argTag, arg *subprogArg) *Rejection {
	if tags != 0 {
		return p.refuse(einval, i, fault.ParamTagWithoutMemory)
	}
	if isScalarType(t) {
		arg.Type = regtype.ArgAnything
		return nil
	}
	return p.misfit(einval, fault.ParamNotSupported.Of(fault.Param{Name: p.fn.Name, Param: uint8(i + 1),
		Kind: kindName(skipModifiers(t))}))
}

// isCtxType reports whether t is what a context pointer of this program points to.
//
// kernel: btf_is_prog_ctx_type
func (v *verifier) isCtxType(t btf.Type) bool {
	kprobe := v.prog.Type == facts.ProgKprobe
	for {
		if def, ok := t.(*btf.Typedef); ok && kprobe && def.Name == "bpf_user_pt_regs_t" {
			return true
		}
		next, ok := underModifier(t)
		if !ok {
			break
		}
		t = next
	}
	name, ok := structName(t)
	if !ok || name == "" {
		return false
	}
	want := strings.TrimPrefix(v.progInfo().Ctx, "struct ")
	switch {
	case kprobe:
		return name == want || name == "pt_regs"
	case want == "__sk_buff" && name == "sk_buff", want == "xdp_md" && name == "xdp_buff":
		// What the kernel itself makes of the context.
		return true
	}
	return want != "" && name == want
}

// requireCtxType requires a parameter tagged arg:ctx to point to the context
// type of the program, or to nothing in particular.
//
// kernel: btf_validate_prog_ctx_type
func (p *paramReader) requireCtxType(i int, target btf.Type) *Rejection {
	t := skipModifiers(target)
	if _, ok := t.(*btf.Void); ok || p.v.isCtxType(target) {
		return nil
	}
	if t.TypeName() == "" {
		return p.refuse(einval, i, fault.ContextParamUnnamed)
	}
	if p.v.takesAsCtx(target) {
		return nil
	}
	want := strings.TrimPrefix(p.v.progInfo().Ctx, "struct ")
	if !strings.HasPrefix(p.v.progInfo().Ctx, "struct ") && want != "bpf_user_pt_regs_t" {
		return p.refuse(einval, i, fault.ContextParamVoid)
	}
	if want == "bpf_user_pt_regs_t" {
		want = "pt_regs"
	}
	known := p.param(i)
	known.Want = want
	return p.v.reject(einval, fault.ContextParamStruct.Of(known))
}

// takesAsCtx reports whether a parameter tagged arg:ctx may point to target, besides
// the program type's own type.
func (v *verifier) takesAsCtx(target btf.Type) bool {
	t := skipModifiers(target)
	name, isStruct := structName(t)
	word, isInt := t.(*btf.Int)
	isWord := isInt && word.Size == 8
	switch v.prog.Type {
	case facts.ProgKprobe, facts.ProgPerfEvent:
		for {
			if def, ok := target.(*btf.Typedef); ok && def.Name == "bpf_user_pt_regs_t" {
				return true
			}
			next, ok := underModifier(target)
			if !ok {
				return isStruct && name == "pt_regs"
			}
			target = next
		}
	case facts.ProgRawTracepoint, facts.ProgRawTracepointWritable, facts.ProgLSM, facts.ProgStructOps:
		return isWord
	case facts.ProgTracing:
		switch v.prog.Attach {
		case facts.AttachTraceRawTp:
			return isWord || isStruct && name == "bpf_raw_tracepoint_args"
		case facts.AttachTraceIter:
			return isStruct && strings.HasPrefix(name, "bpf_iter__")
		}
		return isWord
	case facts.ProgTracePoint, facts.ProgSyscall:
		return true
	}
	return false
}

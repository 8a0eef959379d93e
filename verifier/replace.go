// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/cilium/ebpf/btf"

	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// What an extension replaces:
//
//	is no exception callback  and no part of an extension, or of a program that traces entry or exit
//	may change packets        if the extension does
//	may sleep                 if the extension may
//	is global, as it is       with as many parameters, of the same kinds and sizes
//
// From there on it is walked with the parameters of its own prototype, by the rules of the other program's type.

// requireReplaceable requires the program to fit the function that it replaces.
//
// kernel: bpf_check_attach_target, of extensions
func (v *verifier) requireReplaceable() *Rejection {
	r := v.prog.Replaces
	if r == nil {
		return v.unsupported("replaces a function of another program, which is not known")
	}
	target := v.replaced
	if target == nil {
		return v.unsupported("replaces a function of '%s', which the kernel does not load", r.Program.Name)
	}
	known := fault.Replacement{Name: target.subprogName(r.Func)}
	own, replaced := &v.flow.Subprogs[0], &target.flow.Subprogs[r.Func]
	refuse := func(why fault.Misfit, what fault.Message[fault.Replacement]) *Rejection {
		known.Why = why
		return v.reject(einval, what.Of(known))
	}
	switch t := target.progType(); {
	case r.Func != 0 && r.Func == target.flow.ExceptionCallback:
		return refuse(fault.MisfitCallback, fault.ReplacesExceptionCallback)
	case target.subprogs[r.Func].unreliable:
		return refuse(fault.MisfitContext, fault.ReplacesStatic)
	case own.ChangesPacket && !replaced.ChangesPacket:
		return refuse(fault.MisfitPacket, fault.ReplacementChangesPacket)
	case own.MightSleep && !replaced.MightSleep:
		return refuse(fault.MisfitSleep, fault.ReplacementSleeps)
	case t == facts.ProgExtension || target.extends():
		return refuse(fault.MisfitExtension, fault.ReplacesExtension)
	case t == facts.ProgTracing && (target.prog.Attach == facts.AttachTraceFEntry ||
		target.prog.Attach == facts.AttachTraceFExit):
		return refuse(fault.MisfitTracing, fault.ReplacesTracing)
	case t == facts.ProgTracing, t == facts.ProgLSM, t == facts.ProgStructOps:
		return v.unsupported("replaces a function of a program whose context is that of a kernel function")
	}
	if !v.hasFuncInfo() {
		return v.reject(einval, fault.ReplacementWithoutBTF.Of(known))
	}
	fn, a := v.funcType(0)
	other, b := target.funcType(r.Func)
	if a == nil || b == nil {
		return v.bug("an extension or what it replaces has no prototype")
	}
	return v.requireAlike(fn, other, a, b)
}

// targetOf prepares the program with the function that is replaced, up to its walk; nil if it has a fault by then.
func targetOf(r *program.Replaced, o Options) *verifier {
	o.LogLevel, o.Record, o.Lifetimes, o.Budget, o.Walk, o.Further = 0, false, false, false, false, false
	t := newVerifier(r.Program, o, new(workspace))
	for _, pass := range [...]func(*verifier) *Rejection{
		(*verifier).requireFuncInfo, (*verifier).requireSubprogs, (*verifier).requireBTFInfo,
		(*verifier).requireResolved, (*verifier).requireCFG,
	} {
		if pass(t) != nil {
			return nil
		}
	}
	if r.Func >= len(t.flow.Subprogs) {
		return nil
	}
	if r.Func == 0 && !t.extends() {
		t.judgeMainPrototype()
	}
	return t
}

// requireAlike requires a function to have the prototype of the one that it replaces.
//
// kernel: btf_check_func_type_match
func (v *verifier) requireAlike(fn, other *btf.Func, a, b *btf.FuncProto) *Rejection {
	known := fault.Replacement{Name: fn.Name, Other: other.Name}
	if fn.Linkage != btf.GlobalFunc {
		return v.reject(einval, fault.ReplacementNotGlobal.Of(known))
	}
	if other.Linkage != btf.GlobalFunc {
		return v.reject(einval, fault.ReplacementNotGlobal.Of(fault.Replacement{Name: other.Name,
			Why: fault.MisfitStatic}))
	}
	if len(a.Params) != len(b.Params) {
		return v.reject(einval, fault.ReplacementParams.Of(fault.ReplacementCount{Replacement: known,
			Count: len(a.Params), OtherCount: len(b.Params)}))
	}
	x, y := skipModifiers(a.Return), skipModifiers(b.Return)
	if !sameInfo(x, y) {
		result := differing(known, 0, a.Return, b.Return)
		result.Result = true
		return v.reject(einval, fault.ReplacementResult.Of(result))
	}
	for i := range a.Params {
		if r := v.requireAlikeParam(differing(known, i, a.Params[i].Type, b.Params[i].Type), a.Params[i].Type,
			b.Params[i].Type); r != nil {
			return r
		}
	}
	return nil
}

// differing are the types of a result or of a parameter.
func differing(of fault.Replacement, param int, a, b btf.Type) fault.ReplacementType {
	return fault.ReplacementType{Replacement: of, Arg: param, Kind: kindName(skipModifiers(a)),
		OtherKind: kindName(skipModifiers(b)), Gives: cType(a), Wanted: cType(b)}
}

func (v *verifier) requireAlikeParam(known fault.ReplacementType, a, b btf.Type) *Rejection {
	x, y := skipModifiers(a), skipModifiers(b)
	if !sameInfo(x, y) {
		return v.reject(einval, fault.ReplacementParam.Of(known))
	}
	size, sized := ownSize(x)
	if otherSize, _ := ownSize(y); sized && size != otherSize {
		known.Size, known.OtherSize = int64(size), int64(otherSize)
		return v.reject(einval, fault.ReplacementSize.Of(known))
	}
	switch x := x.(type) {
	case *btf.Int, *btf.Enum:
		return nil
	case *btf.Pointer:
		return v.requireAlikeContext(known, x, y.(*btf.Pointer))
	}
	return v.reject(einval, fault.ReplacementUnknown.Of(known))
}

// requireAlikeContext requires two pointers to lead to structs of one name.
func (v *verifier) requireAlikeContext(known fault.ReplacementType, a, b *btf.Pointer) *Rejection {
	s, isStruct := structName(skipModifiers(a.Target))
	if !isStruct {
		return v.reject(einval, fault.ReplacementNoContext.Of(known))
	}
	t, isStruct := structName(skipModifiers(b.Target))
	if !isStruct {
		known.Name = known.Other
		return v.reject(einval, fault.ReplacementNoContext.Of(known))
	}
	if s != t {
		known.Kind, known.OtherKind = s, t
		return v.reject(einval, fault.ReplacementContext.Of(known))
	}
	return nil
}

// ownSize is the size that a type says itself.
func ownSize(t btf.Type) (size int, ok bool) {
	switch t := t.(type) {
	case *btf.Int:
		return int(t.Size), true
	case *btf.Enum:
		return int(t.Size), true
	case *btf.Float:
		return int(t.Size), true
	case *btf.Struct:
		return int(t.Size), true
	case *btf.Union:
		return int(t.Size), true
	}
	return 0, false
}

// sameInfo reports whether two types are of one kind, with as many members, and if it is an enumeration as signed.
func sameInfo(a, b btf.Type) bool {
	if kindName(a) != kindName(b) {
		return false
	}
	switch x := a.(type) {
	case *btf.Enum:
		y := b.(*btf.Enum)
		return len(x.Values) == len(y.Values) && x.Signed == y.Signed
	case *btf.Struct:
		return len(x.Members) == len(b.(*btf.Struct).Members)
	case *btf.Union:
		return len(x.Members) == len(b.(*btf.Union).Members)
	}
	return true
}

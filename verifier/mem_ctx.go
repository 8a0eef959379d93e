// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// The context. The pointer must be the one that the program was given; the
// program and attach type decide which fields may be loaded and stored, with
// which widths, and what a load yields (facts.CtxOf). A field that yields a
// pointer gives it with offset 0; one that may be NULL gets an id, so that one
// check settles all copies. Contexts that are the arguments of a kernel
// function are described by its BTF.

// caps are the capabilities of whoever loads the program.
func (v *verifier) caps() facts.Caps {
	if v.privileged {
		return facts.CapsRoot
	}
	return 0
}

// ctxRules are the rules of the program's context.
func (v *verifier) ctxRules() *facts.Ctx {
	if v.memory.ctx == nil {
		v.memory.ctx = facts.CtxOf(v.prog.Type, v.prog.Attach, v.caps(), v.kernel())
	}
	return v.memory.ctx
}

// stepCtxAccess checks a load or store through the context pointer.
func (v *verifier) stepCtxAccess(a *access, r *state.Reg) *Rejection {
	if rej := v.requireNoPointerStored(a, "ctx"); rej != nil {
		return rej
	}
	if rej := v.requirePtrOff(r, a.base, false); rej != nil {
		return rej
	}
	field, rej := v.requireCtxField(a)
	if rej != nil {
		v.sayLine(a.pc)
		return rej
	}
	if a.loads() {
		return v.stepCtxLoad(uint8(a.value), field)
	}
	return nil
}

// ctxField is what a load from the context yields.
type ctxField struct {
	typ regtype.Reg
	btf uint32 // kernel type of a BTF pointer
	ref uint32 // reference that it holds
	// result marks the result of the function that a security hook checks.
	result bool
}

// requireCtxField requires the context to have a field for the access.
//
// kernel: check_ctx_access
func (v *verifier) requireCtxField(a *access) (ctxField, *Rejection) {
	rules := v.ctxRules()
	field, ok := rules.Access(a.off, uint8(a.size), a.mode == accessWrite, a.signExtend)
	switch {
	case !ok:
		return ctxField{}, v.rejectCtx(a)
	case rules.BTF:
		return v.requireCtxArgument(a)
	}
	typ := field.Type
	if typ.Base() != regtype.PtrToBTFID {
		return ctxField{typ: typ}, nil
	}
	id, ok := v.structID(field.BTF)
	if !ok {
		return ctxField{}, v.unsupported("reads struct %s, which the kernel's BTF does not have", field.BTF)
	}
	return ctxField{typ: typ, btf: id}, nil
}

// rejectCtx refuses an access that no field of the context allows.
func (v *verifier) rejectCtx(a *access) *Rejection {
	return v.reject(eacces, fault.ContextAccess.Of(a.fault()))
}

// stepCtxLoad sets register n to a field of the context.
func (v *verifier) stepCtxLoad(n uint8, field ctxField) *Rejection {
	r := v.reg(n)
	if field.typ == regtype.Scalar {
		return v.stepCtxNumber(r, field)
	}
	r.SetKnown(0)
	r.Type = field.typ
	r.SubregDef = 0 // a pointer is all 64 bits, whatever the width of the load
	if field.typ.MayBeNull() {
		r.ID = v.newID()
	}
	if field.typ.Base() == regtype.PtrToBTFID {
		r.SetBTFType(state.KernelBTF, field.btf)
	}
	r.RefObjID = field.ref
	return nil
}

// stepCtxNumber sets r to a number from the context. The result that a
// security hook's function returned is known to be in the hook's range.
func (v *verifier) stepCtxNumber(r *state.Reg, field ctxField) *Rejection {
	v.setUnknown(r)
	if field.result && v.prog.Type == facts.ProgLSM {
		if hook, ok := facts.LookupLSMHook(v.hook().name); ok {
			if lo, hi, ok := hook.Range(); ok {
				r.NarrowS32(lo, hi)
				return v.stepInvariants(r, "s32_range")
			}
		}
	}
	return nil
}

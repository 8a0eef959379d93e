// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
)

// Loads. The base register must be readable and the destination writable; the
// rules of what the base points to decide the rest (mem.go). A load whose
// kernel rewriting depends on the kind of pointer (context, sockets, kernel
// objects, arenas) must see the same kind on every path, since there is one
// instruction to rewrite. Kernel memory that is trusted on one path and
// untrusted on another is not a conflict for a plain load: it becomes a load that
// survives a fault.

// loadKind is what differs between the loads.
type loadKind struct {
	strict      bool // demand alignment
	signExtend  bool
	mergeTrust  bool   // trusted and untrusted pointers may meet
	description string // as invariant violations name it
}

// stepLoad checks and applies a load into a register.
//
// kernel: do_check_insn, BPF_LDX
func (v *verifier) stepLoad(in *isa.Insn) *Rejection {
	return v.stepLoadAs(in, loadKind{signExtend: in.Mode() == isa.ModeMEMSX, mergeTrust: true, description: "ldx"})
}

// stepLoadAs is stepLoad for any kind of load.
//
// kernel: check_load_mem
func (v *verifier) stepLoadAs(in *isa.Insn, kind loadKind) *Rejection {
	if r := v.requireReadable(in.Src); r != nil {
		return r
	}
	if r := v.requireWritable(in.Dst); r != nil {
		return r
	}
	// The load may overwrite its own base register.
	base := v.reg(in.Src).Type
	r := v.stepAccess(access{
		pc: v.pc, base: in.Src, off: int32(in.Off), size: in.Bytes(), mode: accessRead,
		value: int8(in.Dst), strict: kind.strict, signExtend: kind.signExtend,
	})
	if r != nil {
		return r
	}
	if r := v.requireSamePointerKind(base, kind.mergeTrust); r != nil {
		return r
	}
	return v.stepInvariants(v.reg(in.Dst), kind.description)
}

// requireSamePointerKind requires the base of the load or store at pc to be of
// one kind on every path.
//
// kernel: save_aux_ptr_type
func (v *verifier) requireSamePointerKind(t regtype.Reg, mergeTrust bool) *Rejection {
	seen := &v.aux[v.pc].ptrType
	switch {
	case *seen == regtype.NotInit:
		*seen = t
		return nil
	case t == *seen || anyMayMeet(t) && anyMayMeet(*seen):
		return nil
	case !mergeTrust || !isMemOrBTF(t) || !isMemOrBTF(*seen):
		return v.reject(einval, fault.MixedPointerTypes.Of(fault.Mixed{Kind: t, Before: *seen}))
	}
	merged := regtype.Reg(regtype.PtrToBTFID)
	if t.Base() == regtype.PtrToMem || seen.Base() == regtype.PtrToMem {
		merged = regtype.PtrToMem
	}
	*seen = merged | (t|*seen)&(regtype.Untrusted|regtype.ReadOnly)
	return nil
}

// anyMayMeet reports whether the kernel's code for an access is the same for all
// pointers of type t.
//
// kernel: reg_type_mismatch_ok
func anyMayMeet(t regtype.Reg) bool {
	switch t.Base() {
	case regtype.PtrToCtx, regtype.PtrToSocket, regtype.PtrToSockCommon, regtype.PtrToTCPSock,
		regtype.PtrToXDPSock, regtype.PtrToBTFID, regtype.PtrToArena:
		return false
	}
	return true
}

func isMemOrBTF(t regtype.Reg) bool {
	return t.Base() == regtype.PtrToMem || t.Base() == regtype.PtrToBTFID
}

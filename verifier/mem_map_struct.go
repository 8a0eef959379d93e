// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// The kernel's own struct of a map. A program that may leak pointers can read
// it through the map pointer; which struct it is depends on the map's type (facts.MapInfo).
// What is loaded follows the rules of typed pointers (mem_btf.go), without any
// trust.

// stepMapStructAccess checks a load through a map pointer.
//
// kernel: check_ptr_to_map_access; btf_id of bpf_map_ops
func (v *verifier) stepMapStructAccess(a *access, r *state.Reg) *Rejection {
	access := fault.StructAccess{Access: a.fault()}
	t := v.mapOf(r.Map()).Type
	name := t.Info().Struct
	if name == "" {
		return v.reject(enotsupp, fault.MapStructUnsupported.Of(fault.MapTypeAccess{Access: a.fault(),
			MapType: uint32(t)}))
	}
	access.Struct = name
	switch {
	case !v.allowPtrLeaks:
		return v.reject(eperm, fault.StructAccessCapability.Of(fault.PointerAccess{StructAccess: access}))
	case a.off < 0:
		return v.reject(eacces, fault.NegativeMapMember.Of(access))
	case a.mode == accessWrite:
		return v.reject(eacces, fault.MapStructWrite.Of(access))
	}
	id, ok := v.structID(name)
	if !ok {
		return v.unsupported("reads struct %s, which the kernel's BTF does not have", name)
	}
	as := state.Reg{Type: regtype.PtrToBTFID}
	as.SetBTFType(state.KernelBTF, id)
	found, rej := v.requireTypedField(a, &as)
	if rej == nil && a.loads() {
		v.applyTypedLoad(v.reg(uint8(a.value)), state.KernelBTF, found)
	}
	return rej
}

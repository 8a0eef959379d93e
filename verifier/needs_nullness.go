// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// setNotNull makes a maybe-NULL pointer one that is not NULL. A value looked up
// in a map of maps or sockets is what the map holds.
//
// kernel: mark_ptr_not_null_reg
func (v *verifier) setNotNull(r *state.Reg) {
	if r.Type.Base() != regtype.PtrToMapValue {
		r.Type &^= regtype.MaybeNull
		return
	}
	inner := v.innerMaps[r.Map()]
	switch t := v.mapOf(r.Map()).Type; {
	case inner != 0:
		r.Type = regtype.ConstPtrToMap
		uid := r.MapUID()
		if v.mapFields(inner).has(fieldTimer | fieldWorkqueue | fieldTaskWork) {
			uid = r.ID
		}
		r.SetMap(inner, uid)
	case t == facts.MapXSKMap:
		r.Type = regtype.PtrToXDPSock
	case t == facts.MapSockMap, t == facts.MapSockHash:
		r.Type = regtype.PtrToSocket
	default:
		r.Type = regtype.PtrToMapValue
	}
}

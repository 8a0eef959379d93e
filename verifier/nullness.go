// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// Nullness. Copies of a pointer that may be NULL share an id until one of them
// is compared with NULL. Then all are the number 0, and a reference that came
// with the pointer was never held; or all are what the type says:
//
//	value of a map of maps     inner map
//	value of an XSKMAP         XDP socket
//	value of a SOCKMAP/HASH    socket
//	anything else              the same type without "or null"
//
// The id goes, unless it says which object a lock belongs to.

// refineNull settles every maybe-NULL copy of register n in st.
//
// kernel: mark_ptr_or_null_regs
func (v *verifier) refineNull(st *state.State, n uint8, isNull bool) {
	r := &st.Frame().Regs[n]
	id := r.ID
	if isNull && id != 0 && r.RefObjID == id {
		forgetRef(st, id)
	}
	st.Each(1<<state.SlotSpill, func(r *state.Reg) bool {
		return r.Type.MayBeNull() && r.ID == id && (id != 0 || r.Type&regtype.RCU != 0)
	}, func(r *state.Reg) { v.refineNullCopy(r, isNull) })
}

// forgetRef takes the pointer reference id out of st.
func forgetRef(st *state.State, id uint32) {
	for i := range st.Refs {
		if st.Refs[i].Kind == state.RefPtr && st.Refs[i].ID == id {
			st.RemoveRef(i)
			return
		}
	}
}

// refineNullCopy settles one pointer that may be NULL. One that was moved
// cannot be distinguished from NULL and stays; only objects of the program's own types
// start at an offset.
//
// kernel: mark_ptr_or_null_reg
func (v *verifier) refineNullCopy(r *state.Reg, isNull bool) {
	if r.Smin() != 0 || r.Smax() != 0 || !r.Var.Equals(0) || r.Off != 0 && !r.Type.IsAllocObject() {
		return
	}
	if isNull {
		r.Type = regtype.Scalar
		r.ID, r.RefObjID = 0, 0
		return
	}
	v.setNotNull(r)
	if !v.mayHoldLock(r) {
		r.ID = 0
	}
}

// setNotNull makes a pointer that may be NULL a valid one.
//
// kernel: mark_ptr_not_null_reg
func (v *verifier) setNotNull(r *state.Reg) {
	if r.Type.Base() != regtype.PtrToMapValue {
		r.Type &^= regtype.MaybeNull
		return
	}
	m := r.Map()
	if inner := v.innerMaps[m]; inner != 0 {
		r.Type = regtype.ConstPtrToMap
		uid := r.MapUID()
		if v.mapFields(inner).has(fieldTimer | fieldWorkqueue | fieldTaskWork) {
			uid = r.ID
		}
		r.SetMap(inner, uid)
		return
	}
	switch v.mapOf(m).Type.Info().Element {
	case facts.ElementXDPSock:
		r.Type = regtype.PtrToXDPSock
	case facts.ElementSocket:
		r.Type = regtype.PtrToSocket
	default:
		r.Type = regtype.PtrToMapValue
	}
}

// mayHoldLock reports whether r is a pointer to an object that has a spin lock.
//
// kernel: reg_may_point_to_spin_lock
func (v *verifier) mayHoldLock(r *state.Reg) bool {
	var fields *fieldRecord
	switch {
	case r.Type == regtype.PtrToMapValue:
		fields = v.mapFields(r.Map())
	case r.Type.IsAllocObject():
		fields = v.typeFields(r.BTFType())
	}
	return fields.has(fieldSpinLock | fieldResSpinLock)
}

// isNotNull reports whether r is a pointer that is never NULL, so that a comparison with NULL
// is decided.
//
// kernel: reg_not_null
func isNotNull(r *state.Reg) bool {
	if r.Type.MayBeNull() {
		return false
	}
	switch r.Type.Base() {
	case regtype.PtrToSocket, regtype.PtrToTCPSock, regtype.PtrToMapValue, regtype.PtrToMapKey,
		regtype.PtrToSockCommon, regtype.ConstPtrToMap:
		return true
	case regtype.PtrToBTFID:
		return isTrusted(r)
	case regtype.PtrToMem:
		return r.Type&regtype.Untrusted == 0
	}
	return false
}

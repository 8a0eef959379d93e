// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// Locks. A lock is a field of a map value or of an object of the program, and
// is known by the map or BTF it belongs to and the id of the pointer it was
// taken through: two lookups of one element count as different locks.
//
//	bpf_spin_lock       one at a time; no calls while it is held
//	bpf_res_spin_lock   several, released in reverse order; may fail
//
// Unlocking ends the borrowed pointers to nodes that the lock kept alive.

// lockName is how the log calls a kind of lock.
func lockName(kind state.RefKind) string {
	if kind == state.RefLock {
		return "bpf_spin"
	}
	return "bpf_res_spin"
}

// stepLockArg takes or releases the lock that register n of a helper points
// to.
func (v *verifier) stepLockArg(n uint8) *Rejection {
	if v.inTreeCallback() {
		return v.reject(eacces, fault.LockInRbtreeCallback.Of(v.argument(n)))
	}
	switch v.call.helper {
	case facts.FuncSpinLock:
		return v.stepLock(n, state.RefLock)
	case facts.FuncSpinUnlock:
		return v.stepUnlock(n, state.RefLock)
	}
	return v.bug("spin lock arg on unexpected helper")
}

// inTreeCallback reports whether the active function is the comparison function of
// a tree, which runs under the tree's lock.
//
// kernel: in_rbtree_lock_required_cb
func (v *verifier) inTreeCallback() bool {
	f := v.frame()
	if v.cur.Cur == 0 || !f.InCallback {
		return false
	}
	in := &v.insns[f.CallSite]
	return in.IsKfuncCall() && v.kfuncName(in) == "bpf_rbtree_add_impl"
}

// requireLock requires register n to point to the lock field of its object.
func (v *verifier) requireLock(n uint8, kind state.RefKind) (state.LockObject, *Rejection) {
	var object state.LockObject
	reg := v.reg(n)
	known := fault.FieldArgument{Argument: fault.Argument{Arg: n, Kind: reg.Type}, Name: lockName(kind) + "_lock",
		Map: "kptr", Place: "local"}
	if !reg.IsConst() {
		return object, v.reject(einval, fault.FieldAtVariableOffset.Of(known))
	}
	var fields *fieldRecord
	if reg.Type == regtype.PtrToMapValue {
		object.Map = reg.Map()
		known.Place, known.Map = "map", v.mapOf(object.Map).Name
		if !v.mapHasBTF(object.Map) {
			return object, v.reject(einval, fault.FieldWithoutBTF.Of(known))
		}
		fields = v.mapFields(object.Map)
	} else {
		var id uint32
		object.BTF, id = reg.BTFType()
		if reg.Type.IsAllocObject() {
			fields = v.typeFields(object.BTF, id)
		}
	}
	want := fieldSpinLock
	if kind != state.RefLock {
		want = fieldResSpinLock
	}
	lock := fields.first(want)
	if lock == nil {
		return object, v.reject(einval, fault.FieldMissing.Of(known))
	}
	if at := reg.Var.Value + uint64(int64(reg.Off)); at != uint64(lock.off) {
		return object, v.reject(einval, fault.FieldElsewhere.Of(fault.FieldOffset{FieldArgument: known, Off: int64(at),
			At: int64(lock.off)}))
	}
	return object, nil
}

// stepLock takes the lock that register n points to.
//
// kernel: process_spin_lock with PROCESS_SPIN_LOCK
func (v *verifier) stepLock(n uint8, kind state.RefKind) *Rejection {
	object, r := v.requireLock(n, kind)
	if r != nil {
		return r
	}
	id := v.reg(n).ID
	arg := fault.Argument{Arg: n, Kind: v.reg(n).Type}
	// No program gets here with a bpf_spin_lock held: stepCall.
	if v.holdsLock(state.RefResLock|state.RefResLockIRQ, id, object) {
		return v.reject(einval, fault.RecursiveLock.Of(arg))
	}
	v.cur.Refs = append(v.cur.Refs, state.Ref{Kind: kind, ID: id, PC: v.pc, Lock: object})
	v.cur.ActiveLocks++
	v.cur.ActiveLockID, v.cur.ActiveLock = id, object
	return nil
}

// stepUnlock releases the lock that register n points to.
//
// kernel: process_spin_lock
func (v *verifier) stepUnlock(n uint8, kind state.RefKind) *Rejection {
	object, r := v.requireLock(n, kind)
	if r != nil {
		return r
	}
	id, name := v.reg(n).ID, lockName(kind)
	refuse := func(what fault.Message[fault.Unlock]) *Rejection {
		arg := fault.Argument{Arg: n, Call: name + "_unlock", Kind: v.reg(n).Type}
		return v.reject(einval, what.Of(fault.Unlock{Argument: arg, Lock: name}))
	}
	switch {
	case v.cur.ActiveLocks == 0:
		return refuse(fault.UnlockWithoutLock)
	case !v.holdsLock(kind, id, object):
		return refuse(fault.UnlockDifferentLock)
	case id != v.cur.ActiveLockID || object != v.cur.ActiveLock:
		return refuse(fault.UnlockOutOfOrder)
	}
	v.dropLock(kind, id, object)
	v.invalidateNonOwning()
	v.applyRegionEnd()
	return nil
}

// holdsLock reports whether the lock is held as one of kinds.
//
// kernel: find_lock_state
func (v *verifier) holdsLock(kinds state.RefKind, id uint32, object state.LockObject) bool {
	for i := range v.cur.Refs {
		if ref := &v.cur.Refs[i]; ref.Kind&kinds != 0 && ref.ID == id && ref.Lock == object {
			return true
		}
	}
	return false
}

// dropLock forgets a held lock; the one taken before it is then the latest.
//
// kernel: release_lock_state
func (v *verifier) dropLock(kind state.RefKind, id uint32, object state.LockObject) {
	var before state.Ref
	for i := range v.cur.Refs {
		ref := &v.cur.Refs[i]
		if ref.Kind == kind && ref.ID == id && ref.Lock == object {
			v.cur.RemoveRef(i)
			v.cur.ActiveLocks--
			v.cur.ActiveLockID, v.cur.ActiveLock = before.ID, before.Lock
			return
		}
		if ref.Kind&state.RefAnyLock != 0 {
			before = *ref
		}
	}
}

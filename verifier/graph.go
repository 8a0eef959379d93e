// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// Linked lists and red-black trees of objects that the program allocates. The
// root is a field of a map value or object that also holds the lock, which
// must be taken for every operation.
//
//	operation          the node's reference
//	push, add          given to the root; the pointer stays as a borrowed one
//	pop, remove        the program's again
//	front, first, …    borrowed
//
// A borrowed pointer dies when the lock is released.

// objectFields are the special fields of what r points to.
//
// kernel: reg_btf_record
func (v *verifier) objectFields(r *state.Reg) *fieldRecord {
	switch {
	case r.Type == regtype.PtrToMapValue:
		return v.mapFields(r.Map())
	case r.Type.IsAllocObject():
		return v.typeFields(r.BTFType())
	}
	return nil
}

// requireGraphRoot wants register n to point to a root of the right kind,
// whose lock is held.
//
// kernel: __process_kf_arg_ptr_to_graph_root
func (v *verifier) requireGraphRoot(c *kfuncCall, kind paramKind, n uint8) *Rejection {
	reg := v.reg(n)
	want, place := fieldListHead, &c.listHead
	if kind == paramRBRoot {
		want, place = fieldRbRoot, &c.treeRoot
	}
	a := c.args(n)
	a.Name = want.String()
	if !reg.IsConst() {
		return v.reject(catalog.SpecialFieldArgument, einval, a, "R%d doesn't have constant offset. %s has to be at the constant offset", n, want)
	}
	fields := v.objectFields(reg)
	off := uint32(int64(reg.Off) + int64(reg.Var.Value))
	field := fields.find(off, want)
	if field == nil {
		return v.reject(catalog.SpecialFieldArgument, einval, a, "%s not found at offset=%d", want, off)
	}
	if r := v.requireRootLocked(c, reg, fields, want, n); r != nil {
		return r
	}
	if *place != nil {
		return v.bug("repeating %s arg", want)
	}
	*place = field
	return nil
}

// requireRootLocked wants the lock that lies beside a root to be held.
//
// kernel: check_reg_allocation_locked
func (v *verifier) requireRootLocked(c *kfuncCall, reg *state.Reg, fields *fieldRecord, root fieldKind, n uint8) *Rejection {
	var object state.LockObject
	if reg.Type == regtype.PtrToMapValue {
		object.Map = reg.Map()
	} else {
		object.BTF, _ = reg.BTFType()
	}
	if v.cur.ActiveLocks != 0 && v.holdsLock(state.RefAnyLock, reg.ID, object) {
		return nil
	}
	lockOff := int32(-einval)
	if lock := fields.first(fieldSpinLock); lock != nil {
		lockOff = int32(lock.off)
	}
	a := c.args(n)
	a.Name = root.String()
	if v.cur.ActiveLocks != 0 {
		v.say("held lock and object are not in the same allocation\n")
		r := v.reject(catalog.GraphLockNotHeld, einval, a, "bpf_spin_lock at off=%d must be held for %s", lockOff, root)
		r.report.Kernel = "held lock and object are not in the same allocation\n" + r.report.Kernel
		return r
	}
	return v.reject(catalog.GraphLockNotHeld, einval, a, "bpf_spin_lock at off=%d must be held for %s", lockOff, root)
}

// requireGraphNodeParam wants register n to point to a node that the program
// owns or, where that is enough, has borrowed.
func (v *verifier) requireGraphNodeParam(c *kfuncCall, kind paramKind, i int, n uint8) *Rejection {
	reg, k := v.reg(n), c.kfunc
	a := c.args(n)
	a.Type = reg.Type.String()
	if kind == paramRBNode && k.special != facts.KfuncRbtreeAdd {
		if !reg.Type.IsNonOwning() && reg.RefObjID == 0 {
			return v.reject(catalog.NodeOwnership, einval, a, "%s can only take non-owning or refcounted bpf_rb_node pointer", k.name)
		}
		if v.inTreeCallback() {
			return v.reject(catalog.RbtreeCallback, einval, a, "%s not allowed in rbtree cb", k.name)
		}
		return v.requireGraphNode(c, c.treeRoot, fieldRbRoot, fieldRbNode, n)
	}
	if reg.Type != allocObject {
		return v.reject(catalog.ObjectArgument, einval, a, "arg#%d expected pointer to allocated object", i)
	}
	if reg.RefObjID == 0 {
		return v.reject(catalog.ObjectArgument, einval, a, "allocated object must be referenced")
	}
	if kind == paramRBNode {
		return v.requireGraphNode(c, c.treeRoot, fieldRbRoot, fieldRbNode, n)
	}
	return v.requireGraphNode(c, c.listHead, fieldListHead, fieldListNode, n)
}

// requireGraphNode wants a node to be of the type that the root holds, at the
// offset that it says.
//
// kernel: __process_kf_arg_ptr_to_graph_node
func (v *verifier) requireGraphNode(c *kfuncCall, root *specialField, rootKind, nodeKind fieldKind, n uint8) *Rejection {
	reg := v.reg(n)
	a := c.args(n)
	a.Name = nodeKind.String()
	if !reg.IsConst() {
		return v.reject(catalog.SpecialFieldArgument, einval, a, "R%d doesn't have constant offset. %s has to be at the constant offset", n, nodeKind)
	}
	off := uint32(int64(reg.Off) + int64(reg.Var.Value))
	if v.objectFields(reg).find(off, nodeKind) == nil {
		return v.reject(catalog.SpecialFieldArgument, einval, a, "%s not found at offset=%d", nodeKind, off)
	}
	container, id := reg.BTFType()
	elem := v.btfName(root.btf, uint32(root.typeID))
	if !v.structsMatch(container, id, 0, root.btf, uint32(root.typeID), true) {
		return v.reject(catalog.GraphNodeMismatch, einval, a,
			"operation on %s expects arg#1 %s at offset=%d in struct %s, but arg is at offset=%d in struct %s",
			rootKind, nodeKind, root.nodeOff, elem, off, v.btfName(container, id))
	}
	c.objectBTF, c.objectID = container, id
	if off != root.nodeOff {
		return v.reject(catalog.GraphNodeMismatch, einval, a, "arg#1 offset=%d, but expected %s at offset=%d in struct %s", off, nodeKind, root.nodeOff, elem)
	}
	return nil
}

// setGraphNode makes r point to the node of an object that root holds.
//
// kernel: mark_reg_graph_node
func setGraphNode(r *state.Reg, root *specialField) {
	r.SetKnown(0)
	r.Type = allocObject
	r.SetBTFType(root.btf, uint32(root.typeID))
	r.Off = int32(root.nodeOff)
}

// stepBorrow makes r a borrowed pointer, valid while the lock is held.
//
// kernel: ref_set_non_owning
func (v *verifier) stepBorrow(r *state.Reg) *Rejection {
	if v.cur.ActiveLocks == 0 {
		return v.bug("ref_set_non_owning w/o active lock")
	}
	if r.Type&regtype.NonOwning != 0 {
		return v.bug("NON_OWN_REF already set")
	}
	counted := v.objectFields(r).has(fieldRefcount)
	r.Type |= regtype.NonOwning
	if counted {
		r.Type |= regtype.RCU
	}
	return nil
}

// stepGiveNode gives the node in R2 to the root; its pointers stay borrowed.
//
// kernel: ref_convert_owning_non_owning
func (v *verifier) stepGiveNode(c *kfuncCall) *Rejection {
	id := v.reg(isa.R2).RefObjID
	if !v.cur.FindRef(id) {
		return v.bug("ref state missing for ref_obj_id")
	}
	var fault *Rejection
	v.eachReg(func(r *state.Reg) bool { return r.RefObjID == id }, func(r *state.Reg) {
		r.RefObjID = 0
		if bad := v.stepBorrow(r); bad != nil {
			fault = bad
		}
	})
	if fault != nil {
		return fault
	}
	if !v.releaseRef(id) {
		return v.reject(catalog.ReleaseNotOwned, einval, Args{Call: c.kfunc.name}, "kfunc %s#%d reference has not been acquired before", c.kfunc.name, c.kfunc.id)
	}
	return nil
}

// setupTreeCallback enters the comparison function of bpf_rbtree_add, which
// gets two borrowed nodes.
//
// kernel: set_rbtree_add_callback_state
func setupTreeCallback(v *verifier, caller, callee *state.Frame, _ int) *Rejection {
	root := &caller.Regs[isa.R1]
	field := v.objectFields(root).find(uint32(root.Off), fieldRbRoot)
	if field == nil {
		return v.rejectSilently(catalog.SpecialFieldArgument, efault, Args{}, "")
	}
	for n := isa.R1; n <= isa.R2; n++ {
		setGraphNode(&callee.Regs[n], field)
		if r := v.stepBorrow(&callee.Regs[n]); r != nil {
			return r
		}
	}
	v.clearArguments(callee, isa.R3)
	callee.InCallback = true
	callee.CallbackRange = state.RetRange{Min: 0, Max: 1}
	return nil
}

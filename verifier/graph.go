// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
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

// requireGraphRoot requires register n to point to a root of the right kind,
// whose lock is held.
//
// kernel: __process_kf_arg_ptr_to_graph_root
func (v *verifier) requireGraphRoot(p param) *Rejection {
	c, n := &v.call, p.n
	reg := v.reg(n)
	if reg.Type == allocObject && reg.RefObjID == 0 {
		return v.reject(einval, fault.GivenObjectNotOwned.Of(v.argument(n)))
	}
	want, place := fieldListHead, &c.listHead
	if p.kind == paramRBRoot {
		want, place = fieldRbRoot, &c.treeRoot
	}
	a := fault.FieldArgument{Argument: v.argument(n), Name: want.String()}
	if !reg.IsConst() {
		return v.reject(einval, fault.FieldAtVariableOffset.Of(a))
	}
	fields := v.objectFields(reg)
	off := uint32(int64(reg.Off) + int64(reg.Var.Value))
	field := fields.find(off, want)
	if field == nil {
		return v.reject(einval, fault.FieldNotFound.Of(fault.FieldOffset{FieldArgument: a, Off: int64(off)}))
	}
	if r := v.requireRootLocked(reg, fields, want, n); r != nil {
		return r
	}
	if *place != nil {
		return v.bug("repeating %s arg", want)
	}
	*place = field
	return nil
}

// requireRootLocked requires the lock that lies beside a root to be held.
//
// kernel: check_reg_allocation_locked
func (v *verifier) requireRootLocked(reg *state.Reg, fields *fieldRecord, root fieldKind, n uint8) *Rejection {
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
	field := fault.FieldArgument{Argument: v.argument(n), Name: root.String()}
	notHeld := fault.GraphLockNotHeld.Of(fault.FieldOffset{FieldArgument: field, Off: int64(lockOff)})
	if v.cur.ActiveLocks != 0 {
		return v.addLine(v.reject(einval, fault.OtherLockHeld.Of(fault.None{})), notHeld)
	}
	return v.reject(einval, notHeld)
}

// requireGraphNodeParam requires register n to point to a node that the program
// owns or, where that is enough, has borrowed.
func (v *verifier) requireGraphNodeParam(p param) *Rejection {
	c, n := &v.call, p.n
	reg, k := v.reg(n), c.kfunc
	a := v.argument(n)
	if p.kind == paramRBNode && k.special != facts.KfuncRbtreeAdd {
		if !reg.Type.IsNonOwning() && reg.RefObjID == 0 {
			return v.reject(einval, fault.NodeOwnership.Of(a))
		}
		if v.inTreeCallback() {
			return v.reject(einval, fault.NodeInRbtreeCallback.Of(a))
		}
		return v.requireGraphNode(c.treeRoot, fieldRbRoot, fieldRbNode, n)
	}
	if reg.Type != allocObject {
		return v.reject(einval, fault.ObjectArgument.Of(a))
	}
	if p.kind == paramRBNode {
		return v.requireGraphNode(c.treeRoot, fieldRbRoot, fieldRbNode, n)
	}
	return v.requireGraphNode(c.listHead, fieldListHead, fieldListNode, n)
}

// requireGraphNode requires a node to be of the type that the root holds, at the
// offset that it says.
//
// kernel: __process_kf_arg_ptr_to_graph_node
func (v *verifier) requireGraphNode(root *specialField, rootKind, nodeKind fieldKind, n uint8) *Rejection {
	c := &v.call
	reg := v.reg(n)
	a := fault.FieldArgument{Argument: v.argument(n), Name: nodeKind.String()}
	if !reg.IsConst() {
		return v.reject(einval, fault.FieldAtVariableOffset.Of(a))
	}
	off := uint32(int64(reg.Off) + int64(reg.Var.Value))
	if v.objectFields(reg).find(off, nodeKind) == nil {
		return v.reject(einval, fault.FieldNotFound.Of(fault.FieldOffset{FieldArgument: a, Off: int64(off)}))
	}
	container, id := reg.BTFType()
	node := fault.Node{
		FieldArgument: a, Root: rootKind.String(),
		Has: v.btfName(container, id), At: int64(off),
		Want: v.btfName(root.btf, uint32(root.typeID)), Off: int64(root.nodeOff),
	}
	if !v.structsMatch(container, id, 0, root.btf, uint32(root.typeID), true) {
		return v.reject(einval, fault.GraphNodeMismatch.Of(node))
	}
	c.objectBTF, c.objectID = container, id
	if off != root.nodeOff {
		return v.reject(einval, fault.GraphNodeOffset.Of(node))
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
func (v *verifier) stepGiveNode() *Rejection {
	id := v.reg(isa.R2).RefObjID
	if !v.dropRef(id) {
		return v.bug("%s is given a node that is not owned", v.call.Name)
	}
	var broken *Rejection
	v.eachReg(func(r *state.Reg) bool { return r.RefObjID == id }, func(r *state.Reg) {
		r.RefObjID = 0
		if broken == nil {
			broken = v.stepBorrow(r)
		}
	})
	return broken
}

// setupTreeCallback enters the comparison function of bpf_rbtree_add, which
// gets two borrowed nodes.
//
// kernel: set_rbtree_add_callback_state
func setupTreeCallback(v *verifier, caller, callee *state.Frame, _ int) *Rejection {
	root := &caller.Regs[isa.R1]
	field := v.objectFields(root).find(uint32(root.Off), fieldRbRoot)
	if field == nil {
		return v.bug("a tree's root is not where its callback looks for it")
	}
	for n := isa.R1; n <= isa.R2; n++ {
		setGraphNode(&callee.Regs[n], field)
		if r := v.stepBorrow(&callee.Regs[n]); r != nil {
			return r
		}
	}
	v.clearArguments(callee, isa.R3)
	callee.InCallback = true
	return nil
}

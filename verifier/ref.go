// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// Rules of references: a pointer that a call acquired must be given back on
// every path before the program leaves.
//
//	leaving point            must not hold
//	exit of the main program references, locks, IRQ, RCU, preempt regions
//	exit of a subprogram     (the caller goes on holding them)
//	tail call                references, locks, IRQ, RCU, preempt regions
//	legacy packet load       the same: it may end the program
//	exception                the same, whatever the depth
//
// Releasing a reference makes every copy of the pointer, and every pointer
// derived from it, unreadable. What else ends with an object is in children.go.

// acquireRef takes a pointer reference at pc and returns its id.
func (v *verifier) acquireRef(pc int) uint32 { return v.acquireChild(pc, 0) }

// acquireChild is acquireRef for what was made of the object that parent is
// the reference of.
//
// kernel: acquire_reference
func (v *verifier) acquireChild(pc int, parent uint32) uint32 {
	id := v.newID()
	v.cur.Refs = append(v.cur.Refs, state.Ref{Kind: state.RefPtr, ID: id, Parent: parent, PC: pc})
	return id
}

// reference is a reference by its number and, if it is held, where it was
// acquired.
func (v *verifier) reference(id uint32) fault.Reference {
	for i := range v.cur.Refs {
		if v.cur.Refs[i].ID == id {
			return referenceOf(&v.cur.Refs[i])
		}
	}
	return fault.Reference{ID: id, Site: fault.Nowhere}
}

func referenceOf(ref *state.Ref) fault.Reference {
	return fault.Reference{ID: ref.ID, Site: fault.Site(ref.PC)}
}

// dropRef forgets the pointer reference id and reports whether it was held.
// Copies of the pointer stay readable.
//
// kernel: release_reference_nomark
func (v *verifier) dropRef(id uint32) bool {
	refs := v.cur.Refs
	for i := range refs {
		if refs[i].Kind == state.RefPtr && refs[i].ID == id {
			v.cur.RemoveRef(i)
			return true
		}
	}
	return false
}

// releaseRef gives a reference back and invalidates all its copies. held is
// false when the reference is not held, and nothing changes.
//
// kernel: release_reference
func (v *verifier) releaseRef(id uint32) (held bool) {
	if !v.dropRef(id) {
		return false
	}
	v.eachReg(func(r *state.Reg) bool { return r.RefObjID == id }, v.invalidate)
	return true
}

// eachReg calls change for every register and every spilled register that
// which picks.
func (v *verifier) eachReg(which func(r *state.Reg) bool, change func(r *state.Reg)) {
	v.cur.Each(1<<state.SlotSpill, which, change)
}

// invalidate makes a value that is no longer valid unreadable, or, where the
// program may see addresses anyway, an unknown number.
//
// kernel: mark_reg_invalid
func (v *verifier) invalidate(r *state.Reg) {
	if v.allowPtrLeaks {
		v.setUnknown(r)
	} else {
		v.setNotInit(r)
	}
}

// requireNoLeak requires nothing to be held that what, the way of leaving,
// cannot leave with.
//
// kernel: check_resource_leak
func (v *verifier) requireNoLeak(exception, checkLock bool, what string) *Rejection {
	if checkLock && v.cur.ActiveLocks != 0 {
		return v.reject(einval, fault.LockHeldAtExit.Of(fault.Exit{How: what}))
	}
	if r := v.requireNoRefs(exception, what); r != nil {
		return r
	}
	if !checkLock {
		return nil
	}
	switch {
	case v.cur.ActiveIRQ != 0:
		return v.reject(einval, fault.IRQDisabledAtExit.Of(fault.Exit{How: what}))
	case v.cur.ActiveRCU != 0:
		return v.reject(einval, fault.RCUHeldAtExit.Of(fault.Exit{How: what}))
	case v.cur.ActivePreempt != 0:
		return v.reject(einval, fault.PreemptDisabledAtExit.Of(fault.Exit{How: what}))
	}
	return nil
}

// requireNoRefs requires every pointer reference to be given back. Each one left
// is a report of its own.
//
// kernel: check_reference_leak
func (v *verifier) requireNoRefs(exception bool, what string) *Rejection {
	if !exception && v.frame().Depth != 0 {
		return nil
	}
	var leak *Rejection
	for i := range v.cur.Refs {
		ref := &v.cur.Refs[i]
		if ref.Kind != state.RefPtr {
			continue
		}
		returned := v.prog.Type == facts.ProgStructOps && !exception && v.reg(isa.R0).RefObjID == ref.ID
		if returned {
			continue
		}
		one := v.reject(einval, fault.UnreleasedReference.Of(fault.LeftReference{Reference: referenceOf(ref),
			Exit: fault.Exit{How: what}}))
		if leak == nil {
			leak = one
		} else {
			leak.more = append(leak.more, one.report)
		}
	}
	if leak == nil {
		return nil
	}
	return v.addLine(leak, fault.LeakingExit.Of(fault.Exit{How: what}))
}

// invalidatePackets forgets every packet pointer: the packet may have moved.
//
// kernel: clear_all_pkt_pointers
func (v *verifier) invalidatePackets() {
	v.eachReg(func(r *state.Reg) bool {
		return r.Type.IsPacket() || r.Type.Base() == regtype.PtrToPacketEnd || r.IsPacketSlice()
	}, v.invalidate)
}

// invalidateNonOwning forgets borrowed list and tree nodes: the lock that kept
// them alive is gone.
//
// kernel: invalidate_non_owning_refs
func (v *verifier) invalidateNonOwning() {
	v.eachReg(func(r *state.Reg) bool { return r.Type.IsNonOwning() }, v.invalidate)
}

// invalidateCallerSaved forgets what a call may overwrite, R0 to R5.
//
// kernel: clear_caller_saved_regs
func (v *verifier) invalidateCallerSaved(f *state.Frame) {
	for n := uint8(isa.R0); n <= isa.R5; n++ {
		v.setNotInit(&f.Regs[n])
		v.trace.scratchReg(n)
	}
}

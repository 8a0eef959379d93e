// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/cilium/ebpf/btf"

	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// Open-coded iterators: an object on the stack that its new function makes and
// its destroy function gives back. Between them it is a held reference.
//
//	function   requires                   leaves
//	new        slots without an iterator  an active iterator
//	next       an iterator                 active with an element, or drained
//	destroy    an iterator                 free slots
//	others     an iterator                 the same
//
// next is walked both ways: NULL ends the loop at once, an element is queued
// with numbers forgotten that changed since the round before, so that rounds
// become equal. An iterator whose elements RCU protects is only good inside
// the section that it was made in.

// iterPlace is how the log calls an iterator of the given number of slots.
func iterPlace(slots int) objectPlace {
	return objectPlace{slots, fault.IteratorAtVariableOffset, fault.IteratorMisplaced}
}

// stepIterParam checks the iterator passed to a function, and makes or frees
// it where the function does.
//
// kernel: process_iter_arg
func (v *verifier) stepIterParam(p param) *Rejection {
	c, n := &v.call, p.n
	reg := v.reg(n)
	if c.kfunc.special == facts.KfuncIterCssTaskNew && !v.mayIterateTasksOfCSS() {
		return v.reject(einval, fault.IteratorContext.Of(v.argument(n)))
	}
	if reg.Type != regtype.PtrToStack {
		return v.reject(einval, fault.IteratorArgument.Of(v.argument(n)))
	}
	typ, ok := p.target.(*btf.Struct)
	if !ok {
		return v.reject(einval, fault.IteratorType.Of(v.argument(n)))
	}
	place := iterPlace(int(typ.Size) / state.SlotBytes)
	if c.kfunc.has(facts.KfIterNew) {
		return v.stepIterNew(p, &place)
	}
	spi, r := v.requireIter(p, &place)
	if r != nil {
		return r
	}
	if r := v.markObjectRead(uint32(reg.Frame), spi, place.slots); r != nil {
		return r
	}
	c.iterFrame, c.iterSlot = uint32(reg.Frame), spi
	c.refObjID = v.frameOf(reg).Stack.At(spi).Spilled.RefObjID
	if c.kfunc.has(facts.KfIterDestroy) {
		v.applyIterDestroy(reg, spi, place.slots)
	}
	return nil
}

// mayIterateTasksOfCSS reports whether the program cannot hold the lock that walking
// the tasks of a cgroup takes.
//
// kernel: check_css_task_iter_allowlist
func (v *verifier) mayIterateTasksOfCSS() bool {
	switch {
	case v.progType() == facts.ProgLSM:
		return true
	case v.progType() == facts.ProgTracing && v.prog.Attach == facts.AttachTraceIter:
		return true
	}
	return v.inSleepable()
}

// stepIterNew makes an iterator where there is none yet.
func (v *verifier) stepIterNew(p param, place *objectPlace) *Rejection {
	n := p.n
	reg := v.reg(n)
	a := fault.Iterator{Argument: v.argument(n), Name: iterName(p.target.TypeName())}
	spi, misplaced := v.requireObjectSlot(reg, place)
	free := misplaced == nil
	for i := 0; i < place.slots && spi >= 0; i++ {
		for _, b := range v.frameOf(reg).Stack.At(spi - i).Bytes {
			free = free && b != state.SlotIter
		}
	}
	if !free {
		return v.reject(einval, fault.IteratorAlreadyInitialized.Of(a)).because(misplaced)
	}
	for i := range place.slots {
		if r := v.stepAccess(access{pc: v.pc, base: n, off: int32(i * state.SlotBytes), size: state.SlotBytes,
			mode: accessWrite, value: noValue}); r != nil {
			return r
		}
	}
	spi, misplaced = v.requireObjectSlot(reg, place)
	if spi < 0 {
		return misplaced
	}
	v.applyIterNew(p, reg, spi, place.slots)
	return nil
}

// applyIterNew fills the slots of a new iterator.
//
// kernel: mark_stack_slots_iter
func (v *verifier) applyIterNew(p param, reg *state.Reg, spi, slots int) {
	c := &v.call
	id := v.acquireRef(v.pc)
	f := v.frameOf(reg)
	for i := range slots {
		slot := f.Stack.Own(spi - i)
		slot.Spilled.SetKnown(0)
		slot.Spilled.Type = regtype.PtrToStack
		if c.kfunc.has(facts.KfRCUProtected) {
			if v.inRCU() {
				slot.Spilled.Type |= regtype.RCU
			} else {
				slot.Spilled.Type |= regtype.Untrusted
			}
		}
		slot.Spilled.RefObjID = 0
		if i == 0 {
			slot.Spilled.RefObjID = id
		}
		slot.Spilled.SetBTFType(state.KernelBTF, p.targetID)
		slot.Spilled.SetIter(state.IterActive, 0)
		for j := range slot.Bytes {
			slot.Bytes[j] = state.SlotIter
		}
		v.markStackWrite(f.Depth, 1<<(spi-i))
		v.trace.scratchSlot(spi - i)
	}
}

// requireIter requires an iterator of the function's type, whose elements are
// still protected.
//
// kernel: is_iter_reg_valid_init
func (v *verifier) requireIter(p param, place *objectPlace) (spi int, r *Rejection) {
	n := p.n
	reg := v.reg(n)
	a := fault.Iterator{Argument: v.argument(n), Name: iterName(p.target.TypeName())}
	spi, misplaced := v.requireObjectSlot(reg, place)
	valid := spi >= 0
	for i := 0; i < place.slots && valid; i++ {
		slot := v.frameOf(reg).Stack.At(spi - i)
		if slot.Spilled.Type&regtype.Untrusted != 0 {
			return -1, v.reject(eproto, fault.RCURequiredByIterator.Of(a))
		}
		container, id := slot.Spilled.BTFType()
		valid = (slot.Spilled.RefObjID != 0) == (i == 0) && container == state.KernelBTF && id == p.targetID
		for _, b := range slot.Bytes {
			valid = valid && b == state.SlotIter
		}
	}
	if !valid {
		return -1, v.reject(einval, fault.UninitializedIterator.Of(a)).because(misplaced)
	}
	return spi, nil
}

// applyIterDestroy frees the slots of an iterator.
//
// kernel: unmark_stack_slots_iter
func (v *verifier) applyIterDestroy(reg *state.Reg, spi, slots int) {
	f := v.frameOf(reg)
	v.releaseRef(f.Stack.At(spi).Spilled.RefObjID)
	for i := range slots {
		v.freeSlot(f, spi-i)
	}
}

// freeSlot makes the slot of a special object ordinary stack again.
func (v *verifier) freeSlot(f *state.Frame, spi int) {
	v.forgetSlot(f.Stack.Own(spi))
	v.markStackWrite(f.Depth, 1<<spi)
	v.trace.scratchSlot(spi)
}

// iterOf is the iterator that the call is about, in st, to be changed before
// st is copied.
//
// kernel: get_iter_from_state
func (c *kernelCall) iterOf(st *state.State) *state.Reg {
	return &st.Frames[c.iterFrame].Stack.Own(c.iterSlot).Spilled
}

// stepIterNext follows both results of a next function.
//
// kernel: process_iter_next_call
func (v *verifier) stepIterNext() *Rejection {
	c := &v.call
	st, depth := c.iterOf(v.cur).Iter()
	if st != state.IterActive && st != state.IterDrained {
		return v.bug("unexpected iterator state %d", st)
	}
	if st == state.IterActive {
		parent := v.cur.Parent
		if parent == nil || parent.PC != v.pc || !sameCallsites(parent, v.cur) {
			return v.bug("bad parent state for iter next call")
		}
		// The parent was saved at this very call; the round before is older.
		before := v.previousEntry(parent, v.pc)
		next, r := v.pushBranch(v.pc+1, v.pc, false)
		if r != nil {
			return r
		}
		c.iterOf(next).SetIter(state.IterActive, depth+1)
		if before != nil {
			v.widenImprecise(before, next)
		}
		v.setNotNull(&next.Frame().Regs[isa.R0])
	}
	c.iterOf(v.cur).SetIter(state.IterDrained, depth)
	v.setConstZero(v.reg(isa.R0))
	return nil
}

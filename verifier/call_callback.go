// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// Rules of callbacks: a function of the program that a helper or kfunc calls.
//
//	callee                  R1              R2        R3         R4
//	bpf_for_each_map_elem   map             map key   map value  ctx
//	bpf_loop                index           ctx       -          -
//	bpf_timer_set_callback  map             map key   map value  -
//	bpf_find_vma            task            vma       ctx        -
//	bpf_user_ringbuf_drain  dynptr          ctx       -          -
//
// What each may return, and whether it runs before the call returns, is in
// facts.
//
// A synchronous callback is queued to be walked as if called from the call
// instruction, to which it returns; an asynchronous one starts on a fresh
// stack.

// pushCallback queues the simulated call of the callback that the call was passed.
//
// kernel: push_callback_call
func (v *verifier) pushCallback(setup callbackSetup) *Rejection {
	c, caller, pc := &v.call, v.frame(), v.pc
	subprog := c.subprog
	if r := v.stepSubprogArgs(subprog, caller); r.isFatal() {
		return r
	}
	if c.callback == nil {
		return v.bug("insn %d calls no function of the program", pc)
	}
	returns := state.RetRange{Min: c.callback.Min, Max: c.callback.Max}
	learnt := &v.subprogs[subprog]
	learnt.isCallback = true
	entry := v.flow.Subprogs[subprog].Start
	if c.callback.Async {
		learnt.isAsyncCallback = true
		st, r := v.pushAsync(entry, pc, subprog, c.asyncMaySleep())
		if r != nil {
			return r
		}
		callee := st.Frames[0]
		callee.AsyncEntry = caller.AsyncEntry + 1
		callee.CallbackRange = returns
		return setup(v, caller, callee, pc)
	}
	st, r := v.pushBranch(entry, pc, false)
	if r != nil {
		return r
	}
	if r := v.enterSubprog(st, subprog, pc, setup); r != nil {
		return r
	}
	st.Frame().CallbackRange = returns
	st.CallbackUnroll++
	st.Frames[st.Cur-1].CallbackDepth++
	caller.CallbackDepth = 0
	return nil
}

// asyncMaySleep reports whether an asynchronous callback runs where it may
// sleep: work queues do, timers do not.
//
// kernel: is_async_cb_sleepable
func (k *contract) asyncMaySleep() bool { return k.kfunc != nil }

// setMapPointer makes r the object of kind t that belongs to map m.
func setMapPointer(r *state.Reg, t regtype.Reg, m state.MapRef) {
	r.SetKnown(0)
	r.Type = t
	r.SetMap(m, 0)
}

// clearArguments makes the registers from first to R5 unreadable.
func (v *verifier) clearArguments(callee *state.Frame, first uint8) {
	for n := first; n <= isa.R5; n++ {
		v.setNotInit(&callee.Regs[n])
	}
}

// setupMapElemCallback enters the callback of bpf_for_each_map_elem.
//
// kernel: set_map_elem_callback_state
func setupMapElemCallback(v *verifier, caller, callee *state.Frame, pc int) *Rejection {
	m := v.mapOf(v.aux[pc].mapRef)
	if !m.Type.Has(facts.MapForEach) {
		return v.reject(enotsupp, fault.NoCallbackForMap.Of(fault.Map{Name: m.Name}))
	}
	ref := caller.Regs[isa.R1].Map()
	callee.Regs[isa.R1] = caller.Regs[isa.R1]
	setMapPointer(&callee.Regs[isa.R2], regtype.PtrToMapKey, ref)
	setMapPointer(&callee.Regs[isa.R3], regtype.PtrToMapValue, ref)
	callee.Regs[isa.R4] = caller.Regs[isa.R3]
	v.clearArguments(callee, isa.R5)
	callee.InCallback = true
	return nil
}

// setupLoopCallback enters the callback of bpf_loop.
//
// kernel: set_loop_callback_state
func setupLoopCallback(v *verifier, caller, callee *state.Frame, _ int) *Rejection {
	callee.Regs[isa.R1].Type = regtype.Scalar
	callee.Regs[isa.R2] = caller.Regs[isa.R3]
	v.clearArguments(callee, isa.R3)
	callee.InCallback = true
	return nil
}

// setupTimerCallback enters the callback of a timer.
//
// kernel: set_timer_callback_state
func setupTimerCallback(v *verifier, caller, callee *state.Frame, _ int) *Rejection {
	v.setupMapOwnerCallback(callee, caller.Regs[isa.R1].Map())
	return nil
}

// setupTaskWorkCallback enters the callback of bpf_task_work_schedule.
//
// kernel: set_task_work_schedule_callback_state
func setupTaskWorkCallback(v *verifier, caller, callee *state.Frame, _ int) *Rejection {
	v.setupMapOwnerCallback(callee, caller.Regs[isa.R3].Map())
	return nil
}

// setupMapOwnerCallback enters an asynchronous callback of an object in a
// value of map m.
func (v *verifier) setupMapOwnerCallback(callee *state.Frame, m state.MapRef) {
	setMapPointer(&callee.Regs[isa.R1], regtype.ConstPtrToMap, m)
	setMapPointer(&callee.Regs[isa.R2], regtype.PtrToMapKey, m)
	setMapPointer(&callee.Regs[isa.R3], regtype.PtrToMapValue, m)
	v.clearArguments(callee, isa.R4)
	callee.InAsync = true
}

// setupFindVMACallback enters the callback of bpf_find_vma.
//
// kernel: set_find_vma_callback_state
func setupFindVMACallback(v *verifier, caller, callee *state.Frame, _ int) *Rejection {
	id, ok := v.kernelStructID("vm_area_struct")
	if !ok {
		return v.unsupported("the target kernel's BTF has no struct vm_area_struct")
	}
	callee.Regs[isa.R1] = caller.Regs[isa.R1]
	vma := &callee.Regs[isa.R2]
	vma.SetKnown(0)
	vma.Type = regtype.PtrToBTFID
	vma.SetBTFType(state.KernelBTF, id)
	callee.Regs[isa.R3] = caller.Regs[isa.R4]
	v.clearArguments(callee, isa.R4)
	callee.InCallback = true
	return nil
}

// setupUserRingbufCallback enters the callback of bpf_user_ringbuf_drain.
//
// kernel: set_user_ringbuf_callback_state
func setupUserRingbufCallback(v *verifier, caller, callee *state.Frame, _ int) *Rejection {
	v.setNotInit(&callee.Regs[isa.R0])
	sample := &callee.Regs[isa.R1]
	sample.SetKnown(0)
	sample.Type = regtype.ConstPtrToDynptr
	sample.ID = v.newID()
	sample.SetDynptr(state.DynptrLocal, true)
	callee.Regs[isa.R2] = caller.Regs[isa.R3]
	v.clearArguments(callee, isa.R3)
	callee.InCallback = true
	return nil
}

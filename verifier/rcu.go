// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// Regions that a program enters and leaves by calls:
//
//	region     nests  inside                   at its end
//	RCU        no     nothing may sleep        RCU pointers become untrusted
//	no preempt yes    nothing may sleep        -
//
// Later releases nest RCU sections, and end the pointers with the last region
// of any kind that protects them (profile.go).
// The program must not leave inside either (ref.go).

// stepRegions checks that a call fits the regions that are open, and opens or
// closes its own.
func (v *verifier) stepRegions() *Rejection {
	c := &v.call
	if r := v.stepRCU(); r != nil {
		return r
	}
	if r := v.stepPreempt(); r != nil {
		return r
	}
	k := c.kfunc
	call := c.Call
	if v.cur.ActiveIRQ != 0 && c.shape.MightSleep {
		return v.reject(eacces, fault.SleepableKfunc.Of(fault.RegionCall{NumberedCall: c.NumberedCall,
			Region: fault.NoIRQ}))
	}
	if k.has(facts.KfRCUProtected) && !v.inRCU() {
		return v.reject(eacces, fault.RCURequired.Of(call))
	}
	return nil
}

func (v *verifier) stepRCU() *Rejection {
	c := &v.call
	k := c.kfunc
	call := c.Call
	locks, unlocks := k.special == facts.KfuncRcuReadLock, k.special == facts.KfuncRcuReadUnlock
	open := v.cur.ActiveRCU != 0
	switch {
	case unlocks && !open:
		return v.reject(einval, fault.UnmatchedRCUUnlock.Of(call))
	case locks && open && !v.rules.nestedRCU:
		return v.reject(einval, fault.NestedRCULock.Of(call))
	case locks:
		v.cur.ActiveRCU++
	case unlocks:
		v.cur.ActiveRCU--
		if !v.rules.regionsAreRCU {
			v.invalidateRCU()
		}
		v.applyRegionEnd()
	case open && c.shape.MightSleep:
		return v.reject(eacces, fault.SleepableKfunc.Of(fault.RegionCall{NumberedCall: c.NumberedCall,
			Region: fault.InRCU}))
	}
	return nil
}

// applyRegionEnd ends the trust in RCU pointers where the region just left was
// the last that protected them.
func (v *verifier) applyRegionEnd() {
	if v.rules.regionsAreRCU && !v.inRCU() {
		v.invalidateRCU()
	}
}

// invalidateRCU ends the trust in pointers that the RCU section protected.
func (v *verifier) invalidateRCU() {
	protected := func(r *state.Reg) bool { return r.Type&regtype.RCU != 0 }
	v.cur.Each(1<<state.SlotSpill|1<<state.SlotIter, protected, func(r *state.Reg) {
		r.Type = r.Type&^(regtype.RCU|regtype.MaybeNull) | regtype.Untrusted
	})
}

func (v *verifier) stepPreempt() *Rejection {
	c := &v.call
	k := c.kfunc
	call := c.Call
	switch {
	case k.special == facts.KfuncPreemptDisable:
		v.cur.ActivePreempt++
	case k.special == facts.KfuncPreemptEnable && v.cur.ActivePreempt == 0:
		return v.reject(einval, fault.UnmatchedPreemptEnable.Of(call))
	case k.special == facts.KfuncPreemptEnable:
		v.cur.ActivePreempt--
		v.applyRegionEnd()
	case v.cur.ActivePreempt != 0 && c.shape.MightSleep:
		return v.reject(eacces, fault.SleepableKfunc.Of(fault.RegionCall{NumberedCall: c.NumberedCall,
			Region: fault.NoPreempt}))
	}
	return nil
}

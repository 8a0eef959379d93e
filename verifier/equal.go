// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/scalar"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// comparing says how close the current state must be to a cached one.
//
// kernel: enum exact_level
type comparing uint8

const (
	// compareUsed ignores what the future of the cached state did not need.
	compareUsed comparing = iota
	// compareExact requires both to be the same but for names of values.
	compareExact
	// compareRanges requires every scalar in the range of its counterpart, since
	// it is not known yet which ones matter.
	compareRanges
)

// maxIDs is how many names of values two states can have.
//
// kernel: BPF_ID_MAP_SIZE
const maxIDs = (isa.NumRegs + state.MaxStack/state.SlotBytes) * state.MaxFrames

// idMap pairs the ids of a cached state with those of the current one. It is
// searched linearly: few states have more than a handful.
//
// kernel: struct bpf_idmap
type idMap struct {
	pairs [maxIDs]struct{ old, cur uint32 }
	n     int
	// fresh makes ids for values of the current state that have none.
	fresh uint32
}

// resetIDMap begins a comparison.
//
// kernel: reset_idmap_scratch
func (v *verifier) resetIDMap() { v.explore.ids.n, v.explore.ids.fresh = 0, v.idGen }

// matches reports whether old and cur may name the same value: what had one id in
// the cached state has one id now, and the other way round.
//
// kernel: check_ids
func (m *idMap) matches(old, cur uint32) bool {
	if old == 0 || cur == 0 {
		return old == cur
	}
	for i := range m.n {
		switch p := &m.pairs[i]; {
		case p.old == old:
			return p.cur == cur
		case p.cur == cur:
			return false
		}
	}
	if m.n == maxIDs {
		return false
	}
	m.pairs[m.n] = struct{ old, cur uint32 }{old, cur}
	m.n++
	return true
}

// matchesScalar is matches for scalars. One that was linked to nothing may be
// linked now; one that is linked to nothing gets an id of its own. Distances
// between linked scalars hold only if the ids that they start from match too.
//
// kernel: check_scalar_ids
func (m *idMap) matchesScalar(old, cur uint32) bool {
	if old == 0 {
		return true
	}
	if cur == 0 {
		m.fresh++
		cur = m.fresh
	}
	if !m.matches(old, cur) {
		return false
	}
	return old&state.AddConst == 0 || m.matches(old&^state.AddConst, cur&^state.AddConst)
}

// coversState reports whether whatever is safe in old is safe in cur.
//
// kernel: states_equal
func (v *verifier) coversState(old, cur *state.State, how comparing) bool {
	if old.Cur != cur.Cur {
		return false
	}
	v.resetIDMap()
	if old.Speculative && !cur.Speculative || old.InSleepable != cur.InSleepable || !v.coversHeld(old, cur) {
		return false
	}
	for i := 0; i <= old.Cur; i++ {
		if old.Frames[i].CallSite != cur.Frames[i].CallSite ||
			!v.coversFrame(old.Frames[i], cur.Frames[i], framePC(old, i), how) {
			return false
		}
	}
	return true
}

// framePC is the instruction that frame i of st is at: the one about to be
// checked, or the call that the next frame came from.
//
// kernel: frame_insn_idx
func framePC(st *state.State, i int) int {
	if i == st.Cur {
		return st.PC
	}
	return st.Frames[i+1].CallSite
}

// sameCallsites reports whether a and b are in the same chain of calls.
//
// kernel: same_callsites
func sameCallsites(a, b *state.State) bool {
	if a.Cur != b.Cur {
		return false
	}
	for i := a.Cur; i >= 0; i-- {
		if a.Frames[i].CallSite != b.Frames[i].CallSite {
			return false
		}
	}
	return true
}

// coversHeld reports whether cur holds the same resources as old.
//
// kernel: refsafe
func (v *verifier) coversHeld(old, cur *state.State) bool {
	ids := &v.explore.ids
	if len(old.Refs) != len(cur.Refs) || old.ActiveLocks != cur.ActiveLocks ||
		old.ActivePreempt != cur.ActivePreempt || old.ActiveRCU != cur.ActiveRCU ||
		!ids.matches(old.ActiveIRQ, cur.ActiveIRQ) ||
		!ids.matches(old.ActiveLockID, cur.ActiveLockID) || old.ActiveLock != cur.ActiveLock {
		return false
	}
	for i := range old.Refs {
		o, c := &old.Refs[i], &cur.Refs[i]
		if !ids.matches(o.ID, c.ID) || !ids.matches(o.Parent, c.Parent) || !coversRef(o, c) {
			return false
		}
	}
	return true
}

// coversRef compares what two references with the same id hold. No reference
// covers one of a kind that is not listed.
func coversRef(old, cur *state.Ref) bool {
	if old.Kind != cur.Kind {
		return false
	}
	switch old.Kind {
	case state.RefPtr, state.RefIRQ:
		return true
	case state.RefLock, state.RefResLock, state.RefResLockIRQ:
		return old.Lock == cur.Lock
	}
	return false
}

// coversFrame compares one frame; pc is where the cached frame is.
//
// kernel: func_states_equal
func (v *verifier) coversFrame(old, cur *state.Frame, pc int, how comparing) bool {
	if old.CallbackDepth > cur.CallbackDepth {
		return false
	}
	live := v.flow.Points[pc].Live
	for n := range old.Regs {
		if live&(1<<n) != 0 && !v.coversReg(&old.Regs[n], &cur.Regs[n], how) {
			return false
		}
	}
	return v.coversStack(old, cur, how)
}

// sameValue compares all of two registers but their ids.
func sameValue(old, cur *state.Reg) bool {
	return old.Type == cur.Type && old.Off == cur.Off && old.SameObject(cur) && old.Scalar == cur.Scalar
}

// coversExactly compares all of two registers.
//
// kernel: regs_exact
func (v *verifier) coversExactly(old, cur *state.Reg) bool {
	return sameValue(old, cur) && v.coversIDs(old, cur)
}

func (v *verifier) coversIDs(old, cur *state.Reg) bool {
	ids := &v.explore.ids
	return ids.matches(old.ID, cur.ID) && ids.matches(old.RefObjID, cur.RefObjID)
}

// coversRange reports whether the values of cur are among those of old.
func coversRange(old, cur *state.Reg) bool {
	return scalar.RangeWithin(&old.Scalar, &cur.Scalar) && old.Var.Contains(cur.Var)
}

// coversReg reports whether whatever is safe with old is safe with cur. Types must
// be the same: a pointer in place of a scalar could leak, and a pointer that
// is known not to be NULL has lost the id by which others were settled.
//
// kernel: regsafe
func (v *verifier) coversReg(old, cur *state.Reg, how comparing) bool {
	if how == compareExact {
		return v.coversExactly(old, cur)
	}
	if old.Type == regtype.NotInit && (how == compareUsed || cur.Type == regtype.NotInit) {
		return true
	}
	if old.Type != cur.Type {
		return false
	}
	ids := &v.explore.ids
	switch old.Type.Base() {
	case regtype.Scalar:
		return v.coversScalar(old, cur, how)
	case regtype.PtrToMapKey, regtype.PtrToMapValue, regtype.PtrToMem, regtype.PtrToBuf, regtype.PtrToTPBuffer:
		return old.Off == cur.Off && old.SameObject(cur) && coversRange(old, cur) && v.coversIDs(old, cur)
	case regtype.PtrToPacketMeta, regtype.PtrToPacket:
		return coversPacketRange(old.PacketRange(), cur.PacketRange()) && old.Off == cur.Off &&
			ids.matches(old.ID, cur.ID) && coversRange(old, cur)
	case regtype.PtrToStack:
		return v.coversExactly(old, cur) && old.Frame == cur.Frame
	case regtype.PtrToArena:
		return true
	}
	return v.coversExactly(old, cur)
}

// coversPacketRange compares how much of the packet is known to be there. A
// negative range is the mark of a comparison with the packet's end.
func coversPacketRange(old, cur int32) bool {
	if old < 0 || cur < 0 {
		return old == cur
	}
	return old <= cur
}

// coversScalar compares scalars. Links between them matter as ranges do: a
// later comparison of one would have narrowed the other.
func (v *verifier) coversScalar(old, cur *state.Reg, how comparing) bool {
	ids := &v.explore.ids
	if v.exploreALULimits {
		return sameValue(old, cur) && ids.matchesScalar(old.ID, cur.ID)
	}
	if !old.Precise && how == compareUsed {
		return true
	}
	if old.ID != 0 && (old.ID^cur.ID)&state.AddConst != 0 {
		return false
	}
	if old.ID&state.AddConst != 0 && old.Off != cur.Off {
		return false
	}
	return ids.matchesScalar(old.ID, cur.ID) && coversRange(old, cur)
}

// coversStack compares the stacks of two frames. Slots that only cur has were
// of no use to old.
//
// kernel: stacksafe
func (v *verifier) coversStack(old, cur *state.Frame, how comparing) bool {
	for spi := range old.Stack.Len() {
		var c *state.Slot
		if spi < cur.Stack.Len() {
			c = cur.Stack.At(spi)
		}
		if !v.coversSlot(old.Stack.At(spi), c, how) {
			return false
		}
	}
	return true
}

// coversSlot compares one stack slot; cur is nil where the current stack does
// not reach.
func (v *verifier) coversSlot(old, cur *state.Slot, how comparing) bool {
	for i := range old.Bytes {
		o := old.Bytes[i]
		if how != compareUsed && (cur == nil || o != cur.Bytes[i]) {
			return false
		}
		if o == state.SlotInvalid || o == state.SlotMisc && v.allowUninit {
			continue
		}
		if cur == nil {
			return false
		}
		// Eight bytes of anything read as a scalar that is not known.
		a, b := v.slotScalar(old), v.slotScalar(cur)
		if a != nil && b != nil {
			return v.coversReg(a, b, how)
		}
		c := cur.Bytes[i]
		if o == state.SlotMisc && c == state.SlotZero {
			continue
		}
		if o != c {
			return false
		}
	}
	// Only an object that covers the whole slot has its type in the last byte.
	if cur == nil || old.Bytes[state.SlotBytes-1] != cur.Bytes[state.SlotBytes-1] {
		return true
	}
	return v.coversObject(old, cur, how)
}

// coversObject compares what slots of the same kind hold. No slot covers one of
// a kind that is not listed.
func (v *verifier) coversObject(old, cur *state.Slot, how comparing) bool {
	ids := &v.explore.ids
	o, c := &old.Spilled, &cur.Spilled
	switch old.Bytes[state.SlotBytes-1] {
	case state.SlotInvalid, state.SlotMisc, state.SlotZero:
		return true
	case state.SlotSpill:
		return v.coversReg(o, c, how)
	case state.SlotDynptr:
		okind, ofirst := o.Dynptr()
		ckind, cfirst := c.Dynptr()
		return okind == ckind && ofirst == cfirst && ids.matches(o.RefObjID, c.RefObjID)
	case state.SlotIter:
		// How often the iterator advanced does not matter, and would keep its
		// loop from ever converging.
		obtf, oid := o.BTFType()
		cbtf, cid := c.BTFType()
		ost, _ := o.Iter()
		cst, _ := c.Iter()
		return obtf == cbtf && oid == cid && ost == cst && ids.matches(o.RefObjID, c.RefObjID)
	case state.SlotIRQFlag:
		return ids.matches(o.RefObjID, c.RefObjID) && o.IRQClass() == c.IRQClass()
	}
	return false
}

// slotScalar is the scalar that a load of all of the slot gives, nil if it
// would not give one.
//
// kernel: scalar_reg_for_stack
func (v *verifier) slotScalar(s *state.Slot) *state.Reg {
	if s.IsScalarSpill64() {
		return &s.Spilled
	}
	for _, t := range s.Bytes {
		if t != state.SlotMisc && !(t == state.SlotInvalid && v.allowUninit) {
			return nil
		}
	}
	return &unknownReg
}

// unknownReg stands for a slot of which nothing is known.
var unknownReg = state.Reg{Type: regtype.Scalar, Scalar: scalar.Unknown()}

// cleanCached forgets, in the finished states of list for the current
// instruction and calls, what their future does not use.
//
// kernel: clean_live_states
func (v *verifier) cleanCached(list *cached) {
	for e := list; e != nil; e = e.next {
		st := e.st
		if st.Branches != 0 || st.PC != v.pc || st.Cleaned || !sameCallsites(st, v.cur) || v.isLoopOpen(st) {
			continue
		}
		v.cleanState(st)
	}
}

// cleanState forgets what the future of st does not use.
//
// kernel: clean_verifier_state
func (v *verifier) cleanState(st *state.State) {
	v.live.prepareQuery(v, st)
	st.Cleaned = true
	for i := 0; i <= st.Cur; i++ {
		f := st.Frames[i]
		live := v.flow.Points[framePC(st, i)].Live
		for n := range isa.R10 {
			if live&(1<<n) == 0 {
				v.setNotInit(&f.Regs[n])
			}
		}
		for spi := range f.Stack.Len() {
			untouched := f.Stack.At(spi).Bytes == [state.SlotBytes]state.SlotType{}
			if !untouched && !v.live.isAlive(v, i, spi) {
				v.forgetSlot(f.Stack.Own(spi))
			}
		}
	}
}

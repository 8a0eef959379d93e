// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"strconv"

	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

const (
	// argRegs are the registers that carry arguments.
	argRegs = 1<<isa.R1 | 1<<isa.R2 | 1<<isa.R3 | 1<<isa.R4 | 1<<isa.R5

	helperTailCall = 12
)

// backtracker is what is asked for while the path is followed backwards: the
// registers and stack slots of each frame whose value matters.
//
// kernel: struct backtrack_state
type backtracker struct {
	frame int
	regs  [state.MaxFrames]uint32
	slots [state.MaxFrames]uint64
}

func (bt *backtracker) reset() { *bt = backtracker{} }

// kernel: bt_empty
func (bt *backtracker) isEmpty() bool {
	var all uint64
	for i := 0; i <= bt.frame; i++ {
		all |= uint64(bt.regs[i]) | bt.slots[i]
	}
	return all == 0
}

func (bt *backtracker) setReg(n uint8)      { bt.regs[bt.frame] |= 1 << n }
func (bt *backtracker) clearReg(n uint8)    { bt.regs[bt.frame] &^= 1 << n }
func (bt *backtracker) hasReg(n uint8) bool { return bt.regs[bt.frame]&(1<<n) != 0 }

// syncLinked asks for all scalars that a conditional jump narrowed together if
// it asks for one.
//
// kernel: bt_sync_linked_regs
func (bt *backtracker) syncLinked(s *state.Step) {
	if s == nil || s.Linked == 0 {
		return
	}
	n := int(s.Linked & linkedCountMask)
	some := false
	for i, rest := 0, s.Linked>>linkedCountBits; i < n && !some; i, rest = i+1, rest>>linkedEntryBits {
		frame, index, isReg := unpackLinked(rest)
		if isReg {
			some = bt.regs[frame]&(1<<index) != 0
		} else {
			some = bt.slots[frame]&(1<<index) != 0
		}
	}
	if !some {
		return
	}
	for i, rest := 0, s.Linked>>linkedCountBits; i < n; i, rest = i+1, rest>>linkedEntryBits {
		frame, index, isReg := unpackLinked(rest)
		if isReg {
			bt.regs[frame] |= 1 << index
		} else {
			bt.slots[frame] |= 1 << index
		}
	}
}

// Layout of Step.Linked: a count, then entries of frame, register or slot, and
// which of both.
const (
	linkedCountBits  = 4
	linkedCountMask  = 1<<linkedCountBits - 1
	linkedFrameBits  = 3
	linkedIndexBits  = 6
	linkedEntryBits  = linkedFrameBits + linkedIndexBits + 1
	linkedFrameMask  = 1<<linkedFrameBits - 1
	linkedIndexMask  = 1<<linkedIndexBits - 1
	linkedIsRegShift = linkedFrameBits + linkedIndexBits
)

func unpackLinked(entry uint64) (frame, index int, isReg bool) {
	return int(entry & linkedFrameMask), int(entry >> linkedFrameBits & linkedIndexMask), entry>>linkedIsRegShift&1 != 0
}

// backtrackInsn turns what is asked for after the instruction at pc into what
// is to be asked for in front of it. next is the instruction that ran after
// it, -1 for none, and s its entry in the history. lost reports whether a value
// came from where it cannot be followed.
//
// kernel: backtrack_insn
func (v *verifier) backtrackInsn(pc, next int, s *state.Step) (r *Rejection, lost bool) {
	in := &v.insns[pc]
	if in.Op == 0 {
		return nil, false
	}
	bt := &v.precision
	v.sayBacktrack(pc)
	bt.syncLinked(s)
	class := in.Class()
	isStack := s != nil && s.Has(state.StepStackAccess)
	switch {
	case class == isa.ClassALU || class == isa.ClassALU64:
		if !bt.hasReg(in.Dst) {
			return nil, false
		}
		bt.alu(in)
		if in.Code() == isa.OpEnd || in.Code() == isa.OpNeg {
			return nil, false
		}
	case class == isa.ClassLDX || in.Op&^uint8(isa.SizeDW) == isa.ClassSTX|isa.ModeATOMIC && in.Imm == isa.LoadAcq:
		if !bt.hasReg(in.Dst) {
			return nil, false
		}
		bt.clearReg(in.Dst)
		if !isStack {
			return nil, false
		}
		frame, spi := s.Slot()
		bt.slots[frame] |= 1 << spi
	case class == isa.ClassSTX || class == isa.ClassST:
		if bt.hasReg(in.Dst) {
			// A scalar is not an address: pointers must have been subtracted.
			return nil, true
		}
		if !isStack {
			return nil, false
		}
		frame, spi := s.Slot()
		slots, bit := &bt.slots[frame], uint64(1)<<spi
		if *slots&bit == 0 {
			return nil, false
		}
		*slots &^= bit
		if class == isa.ClassSTX {
			bt.setReg(in.Src)
		}
	case class == isa.ClassJMP || class == isa.ClassJMP32:
		done := false
		if done, r, lost = v.backtrackJump(in, pc, next, s); done || r != nil || lost {
			return r, lost
		}
	default:
		if !bt.hasReg(in.Dst) {
			return nil, false
		}
		bt.clearReg(in.Dst)
		if in.Mode() == isa.ModeIND || in.Mode() == isa.ModeABS {
			return nil, true
		}
	}
	bt.syncLinked(s)
	return nil, false
}

func (v *verifier) sayBacktrack(pc int) {
	t := &v.trace
	if t.level&logAllPaths == 0 {
		return
	}
	bt := &v.precision
	b := append(t.buf, "mark_precise: frame"...)
	b = append(strconv.AppendInt(b, int64(bt.frame), 10), ": regs="...)
	b = append(appendRegMask(b, bt.regs[bt.frame]), " stack="...)
	b = append(appendSlotMask(b, bt.slots[bt.frame]), " before "...)
	t.buf = append(strconv.AppendInt(b, int64(pc), 10), ": "...)
	v.sayInsn(pc)
}

// alu asks for the operands of the result that is asked for.
func (bt *backtracker) alu(in *isa.Insn) {
	if in.Code() == isa.OpMov {
		bt.clearReg(in.Dst)
	}
	if in.Code() != isa.OpEnd && in.Code() != isa.OpNeg && in.SrcKind() == isa.SrcX && in.Src != isa.R10 {
		bt.setReg(in.Src)
	}
}

// backtrackJump is backtrackInsn for jumps, calls and exits. done reports whether
// scalars narrowed together need no second look.
func (v *verifier) backtrackJump(in *isa.Insn, pc, next int, s *state.Step) (done bool, r *Rejection, lost bool) {
	bt := &v.precision
	switch {
	case in.IsSubprogCall():
		return true, v.backtrackSubprogCall(in, pc, next), false
	case v.callsBack(pc) && pc != next-1:
		return true, v.leaveFrame("callback unexpected regs %x", "callback leftover stack slots %x", false), false
	case in.Code() == isa.OpCall:
		if in.Src == isa.PseudoKfuncCall && in.Imm == 0 {
			return false, nil, true
		}
		bt.clearReg(isa.R0)
		if regs := bt.regs[bt.frame]; regs&argRegs != 0 {
			return false, v.lostTrack("backtracking call unexpected regs %x", regs), false
		}
		if in.Src == isa.R0 && in.Imm == helperTailCall && next-pc != 1 {
			return false, v.enterFrame(), false
		}
	case in.Code() == isa.OpExit:
		return true, v.backtrackExit(next), false
	case in.SrcKind() == isa.SrcX:
		if !bt.hasReg(in.Dst) && !bt.hasReg(in.Src) {
			return true, nil, false
		}
		if s == nil || !s.Has(state.StepSrcStack) {
			bt.setReg(in.Src)
		}
		if s == nil || !s.Has(state.StepDstStack) {
			bt.setReg(in.Dst)
		}
	}
	return false, nil, false
}

// backtrackSubprogCall goes from a function back to its caller, or, where the
// function was verified apart, past the call.
func (v *verifier) backtrackSubprogCall(in *isa.Insn, pc, next int) *Rejection {
	bt := &v.precision
	subprog := v.flow.SubprogFrom(pc + int(in.Imm) + 1)
	if subprog < 0 {
		return v.lostTrack("no program starts at insn %d", pc+int(in.Imm)+1)
	}
	if !v.subprogIsGlobal(subprog) {
		return v.leaveFrame("static subprog unexpected regs %x", "static subprog leftover stack slots %x", true)
	}
	if pc+1 != next {
		v.say("verifier bug: extra insn from subprog (idx + 1 != subseq_idx)\n")
	}
	if regs := bt.regs[bt.frame]; regs&argRegs != 0 {
		return v.lostTrack("global subprog unexpected regs %x", regs)
	}
	bt.clearReg(isa.R0)
	return nil
}

// leaveFrame goes back over the entry of a function: only its arguments can
// still be asked for, and become the caller's registers if pass is set. The
// texts are those of a broken invariant.
func (v *verifier) leaveFrame(badRegs, badSlots string, pass bool) *Rejection {
	bt := &v.precision
	regs, slots := bt.regs[bt.frame], bt.slots[bt.frame]
	if regs&^argRegs != 0 {
		return v.lostTrack(badRegs, regs)
	}
	if slots != 0 {
		return v.lostTrack(badSlots, slots)
	}
	bt.regs[bt.frame] = 0
	if bt.frame == 0 {
		return v.lostTrack("subprog exit from frame 0")
	}
	bt.frame--
	if pass {
		bt.regs[bt.frame] |= regs
	}
	return nil
}

// enterFrame goes back over the exit of a function.
//
// kernel: bt_subprog_enter
func (v *verifier) enterFrame() *Rejection {
	bt := &v.precision
	if bt.frame == state.MaxFrames-1 {
		return v.lostTrack("subprog enter from frame %d", bt.frame)
	}
	bt.frame++
	return nil
}

// backtrackExit goes back into a function that returned to next, or a callback
// that returned to the call at next.
func (v *verifier) backtrackExit(next int) *Rejection {
	bt := &v.precision
	if next >= 0 && v.flow.Points[next].CallsCallback {
		bt.regs[bt.frame] &^= argRegs
	}
	if regs := bt.regs[bt.frame]; regs&argRegs != 0 {
		return v.lostTrack("backtracking exit unexpected regs %x", regs)
	}
	isResult := next-1 >= 0 && v.insns[next-1].IsSubprogCall() && bt.hasReg(isa.R0)
	bt.clearReg(isa.R0)
	if r := v.enterFrame(); r != nil {
		return r
	}
	if isResult {
		bt.setReg(isa.R0)
	}
	return nil
}

// lostTrack ends backtracking where what is asked for cannot be where it is
// asked for. The kernel gets there too: it goes back over the end of a function
// or callback only where that is an exit, not where a tail call or a legacy
// packet load left it, and then reads one function's instructions with another
// one's registers in mind. Without those the fault would be ours.
func (v *verifier) lostTrack(format string, a ...any) *Rejection {
	for n := range v.flow.Subprogs {
		if sub := &v.flow.Subprogs[n]; n > 0 && (sub.HasTailCall || sub.HasLdAbs) {
			return v.kernelFault(format, a...)
		}
	}
	return v.bug(format, a...)
}

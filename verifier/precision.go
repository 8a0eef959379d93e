// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"math/bits"
	"strconv"

	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// A scalar is precise where the safety of the path depends on its value. The
// marks are found backwards: when a value matters, the registers and slots it
// was computed from are followed along the history of the path, through its
// cached states. Only marks in cached states count, since only those are
// compared with later paths.

// markPrecise makes the value of register n, and all that it was computed
// from on this path, precise.
//
// kernel: mark_chain_precision
func (v *verifier) markPrecise(n uint8) *Rejection {
	if !v.privileged {
		return nil
	}
	if v.reg(n).Type != regtype.Scalar {
		return v.bug("backtracking misuse")
	}
	bt := &v.precision
	bt.frame = v.cur.Cur
	bt.setReg(n)
	_, r := v.backtrack(v.cur)
	return r
}

// markSlotPrecise is markPrecise for the scalar in stack slot spi of a frame.
//
// kernel: mark_chain_precision_batch
func (v *verifier) markSlotPrecise(depth uint32, spi int) *Rejection {
	v.precision.slots[depth] |= 1 << spi
	_, r := v.backtrack(v.cur)
	return r
}

// propagatePrecision makes precise, on the path to cur, what is precise in
// old, an equal state. changed reports whether a mark was new.
//
// kernel: propagate_precision
func (v *verifier) propagatePrecision(old, cur *state.State) (changed bool, r *Rejection) {
	bt := &v.precision
	t := &v.trace
	for fr := old.Cur; fr >= 0; fr-- {
		f := old.Frames[fr]
		some := false
		for n := range isa.R10 {
			if reg := &f.Regs[n]; reg.Type != regtype.Scalar || !reg.Precise {
				continue
			}
			if t.level&logAllPaths != 0 {
				t.buf = appendPropagating(t.buf, fr, some)
				t.buf = strconv.AppendInt(append(t.buf, 'r'), int64(n), 10)
			}
			bt.regs[fr] |= 1 << n
			some = true
		}
		for spi := range f.Stack.Len() {
			if s := f.Stack.At(spi); !s.IsScalarSpill() || !s.Spilled.Precise {
				continue
			}
			if t.level&logAllPaths != 0 {
				t.buf = appendPropagating(t.buf, fr, some)
				t.buf = strconv.AppendInt(append(t.buf, "fp"...), -int64(spi+1)*state.SlotBytes, 10)
			}
			bt.slots[fr] |= 1 << spi
			some = true
		}
		if some && t.level != 0 {
			t.buf = append(t.buf, '\n')
		}
	}
	return v.backtrack(cur)
}

func appendPropagating(b []byte, fr int, some bool) []byte {
	if some {
		return append(b, ',')
	}
	b = strconv.AppendInt(append(b, "frame "...), int64(fr), 10)
	return append(b, ": propagating "...)
}

// backtrack makes what the backtracker's masks ask for precise in every cached
// state before start. changed reports whether a mark was new.
//
// kernel: __mark_chain_precision
func (v *verifier) backtrack(start *state.State) (changed bool, r *Rejection) {
	if !v.privileged {
		return false, nil
	}
	bt := &v.precision
	bt.frame = start.Cur
	if bt.isEmpty() {
		return false, nil
	}
	st := start
	first, last, next := st.FirstPC, start.PC, -1
	// The instruction at the start has not run yet.
	skip := true
	for {
		if v.trace.level&logAllPaths != 0 {
			v.say("mark_precise: frame%d: last_idx %d first_idx %d subseq_idx %d \n", bt.frame, last, first, next)
		}
		if last < 0 {
			marked, r := v.markEntryArgs(st)
			return changed || marked, r
		}
		history := len(st.History)
		for pc := last; ; {
			if skip {
				skip = false
			} else {
				r, lost := v.backtrackInsn(pc, next, stepAt(st, history, pc))
				if r != nil {
					return changed, r
				}
				if lost {
					v.forcePrecise(start)
					bt.reset()
					return changed, nil
				}
			}
			if bt.isEmpty() {
				return changed, nil
			}
			next = pc
			var more bool
			if pc, more = previousPC(st, pc, &history); !more {
				break
			}
			if pc < 0 || pc >= len(v.insns) {
				return changed, v.lostTrack("backtracking idx %d", pc)
			}
		}
		if st = st.Parent; st == nil {
			break
		}
		marked, r := v.markState(st)
		changed = changed || marked
		if r != nil {
			return changed, r
		}
		if bt.isEmpty() {
			return changed, nil
		}
		next, last, first = first, st.LastPC, st.FirstPC
	}
	// What is left came from a place that is not followed, such as a write to
	// the stack through another register.
	if !bt.isEmpty() {
		v.forcePrecise(start)
		bt.reset()
	}
	return changed, nil
}

// markState marks what is asked for in the cached state st, and stops asking
// for what is not a scalar there or was precise before.
func (v *verifier) markState(st *state.State) (changed bool, r *Rejection) {
	bt := &v.precision
	for fr := bt.frame; fr >= 0; fr-- {
		f := st.Frames[fr]
		for mask := bt.regs[fr]; mask != 0; mask &= mask - 1 {
			n := bits.TrailingZeros32(mask)
			if reg := &f.Regs[n]; reg.Type != regtype.Scalar || reg.Precise {
				bt.regs[fr] &^= 1 << n
			} else {
				reg.Precise = true
				changed = true
			}
		}
		for mask := bt.slots[fr]; mask != 0; mask &= mask - 1 {
			spi := bits.TrailingZeros64(mask)
			if n := f.Stack.Len(); spi >= n {
				return changed, v.lostTrack("stack slot %d, total slots %d (i >= func->allocated_stack / BPF_REG_SIZE)",
					spi, n)
			}
			if s := f.Stack.At(spi); !s.IsScalarSpill() || s.Spilled.Precise {
				bt.slots[fr] &^= 1 << spi
			} else {
				f.Stack.Own(spi).Spilled.Precise = true
				changed = true
			}
		}
		if t := &v.trace; t.level&logAllPaths != 0 {
			t.buf = append(strconv.AppendInt(append(t.buf, "mark_precise: frame"...), int64(fr), 10),
				": parent state regs="...)
			t.buf = append(appendRegMask(t.buf, bt.regs[fr]), " stack="...)
			t.buf = append(appendSlotMask(t.buf, bt.slots[fr]), ": "...)
			v.tracePrintState(st, fr, true)
		}
	}
	return changed, nil
}

// markEntryArgs ends backtracking at the entry of a global function: what is
// still asked for must be arguments.
func (v *verifier) markEntryArgs(st *state.State) (changed bool, r *Rejection) {
	bt := &v.precision
	f := st.Frames[0]
	if st.Cur != 0 || f.Subprog == 0 || f.CallSite != entryCallSite ||
		bt.slots[bt.frame] != 0 || bt.regs[bt.frame]&^argRegs != 0 {
		return false, v.lostTrack("backtracking func entry subprog %d reg_mask %x stack_mask %x", f.Subprog,
			bt.regs[bt.frame], bt.slots[bt.frame])
	}
	for n := isa.R1; n <= isa.R5; n++ {
		if bt.regs[bt.frame]&(1<<n) == 0 {
			continue
		}
		bt.regs[bt.frame] &^= 1 << n
		if f.Regs[n].Type == regtype.Scalar {
			f.Regs[n].Precise = true
			changed = true
		}
	}
	return changed, nil
}

// forcePrecise makes every scalar of the cached states before st precise.
//
// kernel: mark_all_scalars_precise
func (v *verifier) forcePrecise(st *state.State) {
	say := v.trace.level&logAllPaths != 0
	if say {
		v.say("mark_precise: frame%d: falling back to forcing all scalars precise\n", st.Cur)
	}
	for st = st.Parent; st != nil; st = st.Parent {
		for i := 0; i <= st.Cur; i++ {
			f := st.Frames[i]
			for n := range isa.R10 {
				reg := &f.Regs[n]
				if reg.Type != regtype.Scalar || reg.Precise {
					continue
				}
				reg.Precise = true
				if say {
					v.say("force_precise: frame%d: forcing r%d to be precise\n", i, n)
				}
			}
			for spi := range f.Stack.Len() {
				if s := f.Stack.At(spi); !s.IsScalarSpill() || s.Spilled.Precise {
					continue
				}
				f.Stack.Own(spi).Spilled.Precise = true
				if say {
					v.say("force_precise: frame%d: forcing fp%d to be precise\n", i, -(spi+1)*state.SlotBytes)
				}
			}
		}
	}
}

// stepAt is the entry of pc in the history of st, if the last of the first n
// entries is that.
//
// kernel: get_jmp_hist_entry
func stepAt(st *state.State, n, pc int) *state.Step {
	if n > 0 && int(st.History[n-1].PC) == pc {
		return &st.History[n-1]
	}
	return nil
}

// previousPC is the instruction that ran before pc on the path of st, of whose
// history the first n entries are left. more is false at the path's beginning.
// A path may pass its first instruction several times: it is at its beginning
// only when no history is left but the jump that led to it.
//
// kernel: get_prev_insn_idx
func previousPC(st *state.State, pc int, n *int) (prev int, more bool) {
	if pc == st.FirstPC && (*n == 0 || *n == 1 && int(st.History[0].PC) == pc) {
		return 0, false
	}
	if s := stepAt(st, *n, pc); s != nil {
		*n--
		return s.PrevPC(), true
	}
	return pc - 1, true
}

// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"strconv"

	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
)

// updateLiveStack brings what is needed up to date for every function that the
// current state is in. It is due where a path ends and where a function
// returns, so that states with no paths left have all their effects counted.
//
// kernel: bpf_update_live_stack
func (v *verifier) updateLiveStack() *Rejection {
	v.resetLiveCallchain()
	for depth := v.cur.Cur; depth >= 0; depth-- {
		f := v.instanceOf(v.cur, depth)
		if !f.updated {
			continue
		}
		v.updateInstance(f)
		f.updated, f.shrunk = false, false
	}
	return nil
}

// updateInstance computes what is needed at each instruction of a function,
// and passes it on to the caller.
//
// kernel: update_instance
func (v *verifier) updateInstance(f *funcInstance) {
	if f.shrunk {
		for frame := 0; frame <= f.depth; frame++ {
			masks := f.frames[frame]
			for i := range masks {
				masks[i].writtenOn = 0
			}
		}
	}
	n := v.flow.SubprogAt(f.start())
	order := v.flow.Postorder[v.flow.Subprogs[n].PostorderStart:]
	if n+1 < len(v.flow.Subprogs) {
		order = order[:v.flow.Subprogs[n+1].PostorderStart-v.flow.Subprogs[n].PostorderStart]
	}
	rounds := 0
	for changed := true; changed; {
		rounds++
		changed = false
		for frame := 0; frame <= f.depth; frame++ {
			if f.frames[frame] == nil {
				continue
			}
			if v.updateFrame(f, frame, order) {
				changed = true
			}
		}
	}
	if t := &v.trace; t.level&logAllPaths != 0 {
		t.buf = append(f.append(t.buf), " live stack update done in "...)
		t.buf = append(strconv.AppendInt(t.buf, int64(rounds), 10), " iterations\n"...)
	}
	if f.depth > 0 {
		v.tellCaller(f)
	}
}

// updateFrame computes the sets of one frame at each instruction from those of
// its successors, once.
//
// kernel: update_insn
func (v *verifier) updateFrame(f *funcInstance, frame int, order []int) (changed bool) {
	masks, start := f.frames[frame], f.start()
	say := v.trace.level&logAllPaths != 0
	for _, pc := range order {
		succ := &v.live.succ[pc]
		if succ[0] < 0 {
			continue
		}
		next := &masks[int(succ[0])-start]
		after, writtenOn := next.needed, next.writtenOn
		if succ[1] >= 0 {
			next = &masks[int(succ[1])-start]
			after |= next.needed
			writtenOn &= next.writtenOn
		}
		m := &masks[pc-start]
		writtenOn |= m.written
		needed := after&^m.written | m.read
		if needed == m.needed && writtenOn == m.writtenOn {
			continue
		}
		changed = true
		if say && (m.read != 0 || m.written != 0 || pc == start || v.flow.Points[pc].Prune) {
			v.sayMasks(f, "live", frame, pc, m.needed, needed)
			v.sayMasks(f, "written", frame, pc, m.writtenOn, writtenOn)
		}
		m.needed, m.writtenOn = needed, writtenOn
	}
	return changed
}

// findSuccessors lists where control goes to from each instruction.
func (l *stackLiveness) findSuccessors(insns []isa.Insn) {
	l.succ = make([][2]int32, len(insns))
	for pc := range insns {
		succ, n := isa.Successors(insns, pc)
		for i := range succ {
			l.succ[pc][i] = -1
			if i < n {
				l.succ[pc][i] = int32(succ[i])
			}
		}
	}
}

// tellCaller makes what the function does to the frames of its callers a read
// and a write of the call.
//
// kernel: propagate_to_outer_instance
func (v *verifier) tellCaller(f *funcInstance) {
	sites, starts, depth := f.sites, f.starts, f.depth-1
	callSite := int(sites[depth])
	sites[f.depth], starts[f.depth] = 0, 0
	sites[depth] = starts[depth]
	outer := v.instance(&sites, &starts, depth)

	v.live.beginWrites(outer, callSite)
	for frame := 0; frame < f.depth; frame++ {
		m := f.masks(frame, f.start())
		if m == nil {
			continue
		}
		v.live.writes[frame] |= m.writtenOn
		outer.read(frame, callSite, m.needed)
	}
	v.live.commitWrites(outer)
}

// sayMasks writes how a set of slots changed.
//
// kernel: log_mask_change
func (v *verifier) sayMasks(f *funcInstance, what string, frame, pc int, old, now uint64) {
	if old == now {
		return
	}
	b := append(f.append(v.trace.buf), " frame "...)
	b = append(strconv.AppendInt(b, int64(frame), 10), " insn "...)
	b = append(strconv.AppendInt(b, int64(pc), 10), ' ')
	if more := now &^ old; more != 0 {
		b = append(append(append(b, '+'), what...), ' ')
		b = append(appendSlotMask(b, more), ' ')
	}
	if less := old &^ now; less != 0 {
		b = append(append(append(b, '-'), what...), ' ')
		b = appendSlotMask(b, less)
	}
	v.trace.buf = append(b, '\n')
}

// append appends the chain of calls: "(12,40)".
//
// kernel: fmt_callchain
func (f *funcInstance) append(b []byte) []byte {
	b = append(b, '(')
	for i := 0; i <= f.depth; i++ {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, int64(f.sites[i]), 10)
	}
	return append(b, ')')
}

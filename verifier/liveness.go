// SPDX-License-Identifier: GPL-2.0-only

package verifier

import "github.com/bpf-lsp/bpf-lsp/verifier/state"

// Which stack slots a state needs is learnt on the walk. For every chain of
// calls, each instruction of the function it leads to has the slots that it
// may read, and those that it surely overwrites, in every frame of the chain.
// From these follow, as for any variable, the slots that are still needed:
//
//	before = (after without written) with read
//	after  = before of all successors
//
// What a function does to its callers' stacks becomes a read and a write of
// the call. Reads only grow and writes only shrink, so that asking early gives
// an answer that is merely too careful later.

// slotMasks are sets of the slots of one frame, at one instruction.
//
// kernel: struct per_frame_masks
type slotMasks struct {
	read    uint64 // may be read here
	written uint64 // surely written here
	// writtenOn are surely written here or later in the function, needed may
	// be read here or later before they are written.
	writtenOn, needed uint64
}

// funcInstance is one function as one chain of calls reaches it.
//
// kernel: struct func_instance
type funcInstance struct {
	// sites are the calls that lead here, the entry of the function last.
	sites [state.MaxFrames]int32
	// starts are the entries of the functions in the chain.
	starts [state.MaxFrames]int32
	depth  int
	next   *funcInstance // of the same hash

	insns int
	// updated says that masks changed since needed was computed, shrunk that
	// the set written became smaller somewhere.
	updated, shrunk bool
	// frames has the masks of each frame by instruction, nil where no
	// instruction of the function touches the frame.
	frames [state.MaxFrames][]slotMasks
	// seen marks the instructions whose written set was stated once.
	seen []bool
}

// stackLiveness is what is known of the use of stack slots.
//
// kernel: struct bpf_liveness
type stackLiveness struct {
	buckets [64]*funcInstance
	// cur is the instance of the current state, nil where it is to be looked up.
	cur *funcInstance
	// writes are the slots, by frame, that the instruction at writesPC wrote.
	writes   [state.MaxFrames]uint64
	writesPC int
	// succ are the instructions after each instruction, -1 for none.
	succ [][2]int32

	query struct {
		instances [state.MaxFrames]*funcInstance
		depth, pc int
	}
}

// instanceOf is the instance of frame depth of st.
//
// kernel: lookup_instance and compute_callchain
func (v *verifier) instanceOf(st *state.State, depth int) *funcInstance {
	var sites, starts [state.MaxFrames]int32
	for i := 0; i <= depth; i++ {
		starts[i] = int32(v.flow.Subprogs[st.Frames[i].Subprog].Start)
		if i < st.Cur {
			sites[i] = int32(st.Frames[i+1].CallSite)
		}
	}
	sites[depth] = starts[depth]
	return v.instance(&sites, &starts, depth)
}

// instance finds or makes the instance of a chain of calls.
//
// kernel: __lookup_instance
func (v *verifier) instance(sites, starts *[state.MaxFrames]int32, depth int) *funcInstance {
	h := uint32(depth)
	for i := 0; i <= depth; i++ {
		h = h*31 + uint32(sites[i])
	}
	bucket := &v.live.buckets[h%uint32(len(v.live.buckets))]
	for f := *bucket; f != nil; f = f.next {
		if f.depth == depth && f.sites == *sites {
			return f
		}
	}
	s := &v.flow.Subprogs[v.flow.SubprogAt(int(starts[depth]))]
	f := &funcInstance{sites: *sites, starts: *starts, depth: depth, next: *bucket, insns: s.End - s.Start}
	f.seen = make([]bool, f.insns)
	*bucket = f
	return f
}

// start is the entry of the function.
func (f *funcInstance) start() int { return int(f.starts[f.depth]) }

// masks are those of one frame at pc, nil if the function does not touch it.
//
// kernel: get_frame_masks
func (f *funcInstance) masks(frame, pc int) *slotMasks {
	if f.frames[frame] == nil {
		return nil
	}
	return &f.frames[frame][pc-f.start()]
}

// kernel: alloc_frame_masks
func (f *funcInstance) needMasks(frame, pc int) *slotMasks {
	if f.frames[frame] == nil {
		f.frames[frame] = make([]slotMasks, f.insns)
	}
	return f.masks(frame, pc)
}

// read notes that the instruction at pc may read slots.
//
// kernel: mark_stack_read
func (f *funcInstance) read(frame, pc int, slots uint64) {
	m := f.needMasks(frame, pc)
	if slots&^m.read != 0 && (m.read|slots)&^m.needed != 0 {
		f.updated = true
	}
	m.read |= slots
}

// currentInstance is the instance of the current state.
//
// kernel: ensure_cur_instance
func (v *verifier) currentInstance() *funcInstance {
	if v.live.cur == nil {
		v.live.cur = v.instanceOf(v.cur, v.cur.Cur)
	}
	return v.live.cur
}

// resetLiveCallchain notes that the current state entered another function.
//
// kernel: bpf_reset_live_stack_callchain
func (v *verifier) resetLiveCallchain() { v.live.cur = nil }

// markStackRead notes that the instruction at pc reads the slots in mask of
// the stack of frame depth.
//
// kernel: bpf_mark_stack_read
func (v *verifier) markStackRead(depth uint32, pc int, mask uint64) *Rejection {
	v.currentInstance().read(int(depth), pc, mask)
	return nil
}

// markStackWrite notes that the current instruction surely overwrites the
// slots in mask.
//
// kernel: bpf_mark_stack_write
func (v *verifier) markStackWrite(depth uint32, mask uint64) { v.live.writes[depth] |= mask }

// resetStackWrites begins the writes of the instruction at pc.
//
// kernel: bpf_reset_stack_write_marks
func (v *verifier) resetStackWrites(pc int) { v.live.beginWrites(v.currentInstance(), pc) }

// kernel: reset_stack_write_marks
func (l *stackLiveness) beginWrites(f *funcInstance, pc int) {
	l.writesPC = pc
	clear(l.writes[:f.depth+1])
}

// commitStackWrites ends them. An instruction that calls or returns left the
// instance and has none.
//
// kernel: bpf_commit_stack_write_marks
func (v *verifier) commitStackWrites() {
	if v.live.cur != nil {
		v.live.commitWrites(v.live.cur)
	}
}

// commitWrites narrows what the instruction surely writes to what it wrote
// this time, or states it the first time. 6.18 looks at the lower half of the
// set that it compares with: beyond 256 bytes of stack, what an instruction
// wrote at first stays written, until a slot of that half changes the set.
//
// kernel: commit_stack_write_marks
func (l *stackLiveness) commitWrites(f *funcInstance) {
	i := l.writesPC - f.start()
	for frame := 0; frame <= f.depth; frame++ {
		slots := l.writes[frame]
		if slots == 0 && (!f.seen[i] || f.frames[frame] == nil) {
			continue
		}
		m := f.needMasks(frame, l.writesPC)
		old := uint64(uint32(m.written))
		if f.seen[i] {
			slots &= old
		}
		if old != slots {
			m.written = slots
			f.updated = true
		}
		if old&^slots != 0 {
			f.shrunk = true
		}
	}
	f.seen[i] = true
	l.writesPC = 0
}

// prepareQuery makes isAlive answer for st.
//
// kernel: bpf_live_stack_query_init
func (l *stackLiveness) prepareQuery(v *verifier, st *state.State) {
	for i := 0; i <= st.Cur; i++ {
		l.query.instances[i] = v.instanceOf(st, i)
	}
	l.query.depth, l.query.pc = st.Cur, st.PC
}

// isAlive reports whether the future of the state asked about may read a slot: in
// its active function, or in a caller once that goes on. A call that runs
// callbacks may do so again.
//
// kernel: bpf_stack_slot_alive
func (l *stackLiveness) isAlive(v *verifier, frame, spi int) bool {
	q := &l.query
	active := q.instances[q.depth]
	if active.needs(q.pc, frame, spi) {
		return true
	}
	for i := frame; i < q.depth; i++ {
		pc := int(active.sites[i])
		if !v.flow.Points[pc].CallsCallback {
			pc++
		}
		if q.instances[i].needs(pc, frame, spi) {
			return true
		}
	}
	return false
}

// kernel: is_live_before
func (f *funcInstance) needs(pc, frame, spi int) bool {
	m := f.masks(frame, pc)
	return m != nil && m.needed&(1<<spi) != 0
}

// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/scalar"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// The history of the current path, kept when Options.Record is set:
//
//	a path is queued   where its history ends is noted
//	a path is popped   the history is cut back to there, so that events of the
//	                   path walked before vanish and what both share stays
//	a step succeeds    what it did to each path that leaves it is appended
//	                   (history_step.go)
//	a step fails       what it noted is forgotten: it is not its own cause
//
// Rules note only what the states do not show: references and regions.

// recorder keeps the history.
type recorder struct {
	on  bool
	log eventLog
	// path holds the PCs walked, for finding the statement that a path left by.
	path []int32
	// ids are the activations of the frames of the current path.
	ids    activations
	lastID uint32
	// queued has an entry for each path in explorer.pending.
	queued []queuedHistory
	watched
}

// activations tell entries of functions from each other, by depth.
type activations [state.MaxFrames]uint32

// queuedHistory is the history of a path that waits.
type queuedHistory struct {
	events, path int // what it shares with the path that queued it
	ids          activations
	// more is what the step that queued the path did to it.
	more []entry
}

// begin starts the history of a function that is walked on its own.
func (h *recorder) begin() {
	if !h.on {
		return
	}
	h.log.cut(0)
	h.path = h.path[:0]
	h.enter(&h.ids, 0)
}

// enter gives the frame of a function that is entered its activation.
func (h *recorder) enter(ids *activations, depth int) {
	h.lastID++
	ids[depth] = h.lastID
}

// queue notes where the history stands for a path that is walked later.
func (h *recorder) queue() {
	if h.on {
		h.queued = append(h.queued, queuedHistory{events: h.log.end(), path: len(h.path), ids: h.ids})
	}
}

// pop makes the history that of the path queued last.
func (h *recorder) pop() {
	if !h.on {
		return
	}
	n := len(h.queued) - 1
	q := &h.queued[n]
	h.log.cut(q.events)
	h.path = h.path[:q.path]
	h.ids = q.ids
	for i := range q.more {
		h.log.add(&q.more[i])
	}
	*q = queuedHistory{}
	h.queued = h.queued[:n]
}

// step notes that the walk goes on at pc.
func (h *recorder) step(pc int) {
	if h.on {
		h.path = append(withRoom(h.path, 1), int32(pc))
	}
}

// record appends an event at pc in the active frame.
func (v *verifier) record(e Event) {
	h := &v.events
	if h.on && !v.cur.Speculative {
		e.Frame, e.Activation = v.cur.Cur, h.ids[v.cur.Cur]
		h.log.add(&entry{Event: e})
	}
}

// recordRef notes that a reference was acquired or released.
func (v *verifier) recordRef(kind EventKind, pc int, id uint32) {
	reason := NoReason
	if kind == EventRelease {
		reason = ReasonRelease
	}
	v.record(Event{Kind: kind, Reason: reason, PC: pc, Ref: id})
}

// recordContext notes that a region was entered or left.
func (v *verifier) recordContext(kind EventKind, c Context, depth int) {
	e := Event{Kind: kind, PC: v.pc, Context: c, Depth: depth}
	if kind == EventEnter && (c == ContextLock || c == ContextResLock) {
		e.Ref = v.cur.ActiveLockID
	}
	v.record(e)
}

// How much of a long path is kept: its beginning, since that is where
// resources come from, and its end.
const (
	keepFirst = 4096
	keepLast  = 12288
)

// entry is an event with the values it is about, which get their names only
// when the history is reported.
type entry struct {
	Event
	old, new       state.Reg
	hasOld, hasNew bool
	learnt         []change
}

// change is a value that a branch refined.
type change struct {
	place    Place
	old, new state.Reg
}

// eventLog is a list of entries of which the middle may be missing. Positions
// count all of them.
type eventLog struct {
	first []entry // the entries from position 0, keepFirst at most
	last  []entry // those from position keepFirst+lost
	lost  int
}

func (l *eventLog) end() int {
	if len(l.first) < keepFirst {
		return len(l.first)
	}
	return keepFirst + l.lost + len(l.last)
}

func (l *eventLog) add(e *entry) {
	if len(l.first) < keepFirst {
		l.first = append(l.first, *e)
		return
	}
	if len(l.last) == 2*keepLast {
		l.lost += copy(l.last, l.last[keepLast:])
		l.last = l.last[:keepLast]
	}
	l.last = append(l.last, *e)
}

// cut forgets the entries from position end on. If those before it are missing
// already, they stay so.
func (l *eventLog) cut(end int) {
	switch {
	case end <= keepFirst:
		l.first, l.last, l.lost = l.first[:min(end, len(l.first))], l.last[:0], 0
	case end <= keepFirst+l.lost:
		l.last, l.lost = l.last[:0], end-keepFirst
	default:
		l.last = l.last[:end-keepFirst-l.lost]
	}
}

// since are the entries from position start on that are still there.
func (l *eventLog) since(start int) []entry {
	if start < len(l.first) {
		return l.first[start:]
	}
	return l.last[max(start-keepFirst-l.lost, 0):]
}

// maxPath is how many instructions of the failing path are reported.
const maxPath = 4096

// reportHistory tells what led to the rejection in res.
func (v *verifier) reportHistory(res *Result) {
	h := &v.events
	if !h.on {
		return
	}
	res.Path = h.path
	if n := len(res.Path); n > maxPath {
		res.Path = res.Path[n-maxPath:]
	}
	all := len(h.log.first) + len(h.log.last)
	res.History = make([]Event, 0, all)
	for _, part := range [2][]entry{h.log.first, h.log.last} {
		for i := range part {
			res.History = append(res.History, v.told(&part[i]))
		}
	}
	res.Lost, res.LostAt = h.log.lost, len(h.log.first)
	for i := range res.Reports {
		rep := &res.Reports[i]
		if rep.Frame < len(h.ids) {
			rep.Activation = h.ids[rep.Frame]
		}
	}
}

// told is an entry with its values in words that need no verifier.
func (v *verifier) told(e *entry) Event {
	out := e.Event
	if e.hasOld {
		out.Old = v.value(&e.old)
	}
	if e.hasNew {
		out.New = v.value(&e.new)
	}
	for i := range e.learnt {
		c := &e.learnt[i]
		out.Learnt = append(out.Learnt, Change{Place: c.place, Old: v.value(&c.old), New: v.value(&c.new)})
	}
	return out
}

func regPlace(depth int, ids *activations, n uint8) Place {
	return Place{Kind: InRegister, Frame: uint8(depth), Activation: ids[depth], Index: n}
}

func slotPlace(depth int, ids *activations, slot int) Place {
	return Place{Kind: InSlot, Frame: uint8(depth), Activation: ids[depth], Index: uint8(slot)}
}

// isCall tells the calls of every kind, those of legacy packet loads included.
func isCall(in *isa.Insn) bool {
	if in.Class() == isa.ClassLD {
		return in.Mode() == isa.ModeABS || in.Mode() == isa.ModeIND
	}
	return in.Op == isa.ClassJMP|isa.OpCall
}

// value is what is known of r, for those who have no tables of the verifier.
func (v *verifier) value(r *state.Reg) *Value {
	x := &Value{
		Type: r.Type, Bits: r.Var.Value, Mask: r.Var.Mask,
		Min: r.Smin, Max: r.Smax, UMin: r.Umin, UMax: r.Umax, Ref: r.RefObjID,
		Min32: r.S32Min, Max32: r.S32Max, UMin32: r.U32Min, UMax32: r.U32Max,
	}
	if r.Type != regtype.Scalar {
		x.Off = r.Off
	}
	switch r.Type.Base() {
	case regtype.PtrToMapValue, regtype.PtrToMapKey, regtype.ConstPtrToMap:
		x.Map = v.mapOf(r.Map()).Name
	case regtype.PtrToStack:
		x.Frame = uint8(r.Frame)
	case regtype.PtrToBTFID:
		x.Struct = v.btfName(r.BTFType())
	case regtype.PtrToPacket, regtype.PtrToPacketMeta:
		x.Packet = max(r.PacketRange(), 0)
	}
	return x
}

// sameKnowledge tells that the same is known of both, as far as a history goes:
// ids and marks of the engine do not count.
func sameKnowledge(a, b *state.Reg) bool {
	switch {
	case a.Type != b.Type:
		return false
	case a.Type == regtype.NotInit:
		return true
	case a.Scalar != b.Scalar || a.RefObjID != b.RefObjID:
		return false
	}
	// The offset of a number is its distance to another one.
	return a.Type == regtype.Scalar || a.Off == b.Off && a.SameObject(b)
}

// slotValue is the value in a stack slot. known is false for a slot that was
// never written and for one of an object that only its own calls may touch.
func slotValue(s *state.Slot) (r state.Reg, known bool) {
	if s.IsSpill() {
		return s.Spilled, true
	}
	if s.IsSpecial() {
		return r, false
	}
	zero := true
	for _, b := range s.Bytes {
		known = known || b != state.SlotInvalid
		zero = zero && b == state.SlotZero
	}
	r = state.Reg{Type: regtype.Scalar, Scalar: scalar.Unknown()}
	if zero {
		r.Scalar = scalar.Known(0)
	}
	return r, known
}

// isLost tells a pointer that became a number or nothing at all.
func isLost(old, now *state.Reg) bool {
	if old.Type == regtype.Scalar || old.Type == regtype.NotInit {
		return false
	}
	return now.Type == regtype.NotInit || now.Type == regtype.Scalar
}

// isPacketValue tells what a call that moves the packet invalidates.
func isPacketValue(r *state.Reg) bool {
	return r.Type.IsPacket() || r.Type.Base() == regtype.PtrToPacketEnd || isPacketSlice(r)
}

// SPDX-License-Identifier: GPL-2.0-only

package record

import (
	"slices"

	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// walker fills a Walk.
type walker struct {
	*Walk
	*scratch
	noted int
	room  []cell // for cells to come
	kinds []kind // for values to come
	froms []origins
	// linked are the places that a comparison of two registers may narrow besides.
	linked map[int]*linkedPlaces
	spread *spread // nil where nothing is extra
}

// scratch is memory that walkers use one after another.
type scratch struct {
	last     lastNoted
	byValue  valueTable
	now      one
	included map[included]int32
	// free are not used any more, and x and branchWay what is extra at present.
	free         []*headExtras
	x, branchWay extras
	left, right  []kind // operands
	temporary    temporary
}

func newWalker(t Tables, room *scratch) *walker {
	n := len(t.Insns)
	w := &Walk{Walked: make([]int32, n), tables: t, heads: heads(t.Insns), cells: make([][]cell, n),
		paths: make([]int32, n), from: make([]*origins, n),
		values: append(make([]known, 0, n/2+16), known{shared: true})}
	room.last.begin()
	room.byValue.begin()
	room.temporary.begin()
	clear(room.included)
	return &walker{Walk: w, scratch: room}
}

// before notes what st knows before the instruction at pc, which prev was walked
// before.
func (w *walker) before(st *state.State, pc int) {
	if st.Speculative {
		return
	}
	w.Walked[pc]++
	if w.Full {
		return
	}
	w.paths[pc]++
	if in := &w.tables.Insns[pc]; in.IsConditional() && in.SrcKind() == isa.SrcX {
		w.link(st, pc, in)
	}
	if w.heads[pc] {
		w.all(st, pc)
		return
	}
	last := pc - 1
	if last > 0 && w.tables.Insns[last-1].IsLdImm64() {
		last--
	}
	w.written(st, pc, &w.tables.Insns[last])
}

// all notes every place. What a place held where all were noted last is mostly what it
// holds now.
func (w *walker) all(st *state.State, pc int) {
	by := w.way(pc, st.LastPC)
	w.last.look(st)
	if len(w.cells[pc]) == 0 {
		w.first(pc, by)
		return
	}
	i := 0
	for where := range w.last.set.all() {
		i = w.again(pc, where, i, by)
	}
}

// first notes every place of a head that no path came to before.
func (w *walker) first(pc int, by ways) {
	cells := w.cut(w.last.set.count() + 2)
	for where := range w.last.set.all() {
		value := w.share(where)
		w.last.values[where] = value
		cells = append(cells, cell{where, by, value, 1})
	}
	w.cells[pc] = cells
	w.count(len(cells))
}

// again notes a place of a head that has others, and returns the index of its cell, which
// is at i or later.
func (w *walker) again(pc int, where uint8, i int, by ways) int {
	cells := w.cells[pc]
	for i < len(cells) && cells[i].where < where {
		i++
	}
	if i == len(cells) || cells[i].where != where {
		w.insert(pc, i, cell{where, by, w.share(where), 1})
		w.last.values[where] = w.cells[pc][i].value
		return i
	}
	c := &cells[i]
	if c.value != w.last.values[where] || !w.values[c.value].shared {
		w.join(c, &w.last.ones[where], by)
		w.last.values[where] = c.value
	}
	c.seen++
	c.ways |= by
	return i
}

// join adds a value that came by a way to those of a cell.
func (w *walker) join(c *cell, o *one, by ways) {
	if !w.values[c.value].hasOne(o, by) {
		n := w.own(c)
		c.told(n)
		n.addOne(o, by)
	}
}

// note adds a value of a place where not all are noted.
func (w *walker) note(pc int, where uint8, o *one) {
	cells := w.cells[pc]
	i := 0
	for i < len(cells) && cells[i].where < where {
		i++
	}
	if i < len(cells) && cells[i].where == where {
		cells[i].seen++
		w.join(&cells[i], o, 0)
		return
	}
	w.insert(pc, i, cell{where, 0, w.shared(o), 1})
}

// noteRegister is note for what an instruction left in a register.
func (w *walker) noteRegister(st *state.State, pc int, n uint8) {
	r := &st.Frame().Regs[n]
	if cells := w.cells[pc]; len(cells) == 1 && cells[0].where == n && w.values[cells[0].value].hasNumber(r) {
		cells[0].seen++
		return
	}
	if w.now.ofRegister(r, st.Cur) {
		w.note(pc, n, &w.now)
	}
}

// cut returns room for cells out of a larger piece of memory.
func (w *walker) cut(n int) []cell {
	const piece = 512
	if len(w.room) < n {
		w.room = make([]cell, max(piece, n))
	}
	var cells []cell
	cells, w.room = w.room[:0:n], w.room[n:]
	return cells
}

// insert adds a cell.
func (w *walker) insert(pc, i int, c cell) {
	cells := w.cells[pc]
	if len(cells) == 0 {
		cells = w.cut(1)
	}
	if i == len(cells) {
		cells = append(cells, c)
	} else {
		cells = slices.Insert(cells, i, c)
	}
	w.cells[pc] = cells
	w.count(1)
}

// count counts noted places, and gives up if there are too many.
func (w *walker) count(n int) {
	if w.noted += n; w.noted > maxNoted || len(w.values) > maxValues {
		w.Full = true
	}
}

// becomeHead notes all places before pc, where a path ends that came between two heads:
// what paths had there before is what was noted on the way.
func (w *walker) becomeHead(pc int) {
	var all []cell
	for where := range uint8(numPlaces) {
		c, at := w.find(pc, where)
		if c == nil {
			continue
		}
		w.values[c.value].shared = true
		seen := w.paths[pc]
		if c.seen < w.paths[at] {
			seen = 0
		}
		all = append(all, cell{where, 1, c.value, seen})
	}
	w.cells[pc], w.heads[pc] = all, true
	w.noted += len(all)
}

// share is the number of the value that is but what a place held last. It is not to be
// changed.
func (w *walker) share(where uint8) int32 {
	l := &w.last
	if l.isShared.has(where) {
		return l.shared[where]
	}
	l.isShared.add(where)
	o := &l.ones[where]
	if i := l.shared[where]; i != 0 && w.values[i].is(o) {
		return i
	}
	l.shared[where] = w.shared(o)
	return l.shared[where]
}

// shared is the number of the value that is but one. It is not to be changed.
func (w *walker) shared(o *one) int32 {
	at := w.byValue.find(w.values, o)
	if *at == 0 {
		*at = int32(len(w.values))
		n := w.alone(o)
		n.shared = true
		w.values = append(w.values, n)
	}
	return *at
}

// alone is what is known of a place with one value.
func (w *walker) alone(o *one) known {
	return known{kinds: append(w.cutKinds(1), o.kind), bytes: o.bytes}
}

// cutKinds returns room for kinds out of a larger piece of memory.
func (w *walker) cutKinds(n int) []kind {
	const piece = 64
	if len(w.kinds) < n {
		w.kinds = make([]kind, max(piece, n))
	}
	var kinds []kind
	kinds, w.kinds = w.kinds[:0:n], w.kinds[n:]
	return kinds
}

// newHeadExtras returns those of a head before which nothing is extra.
func (s *scratch) newHeadExtras() *headExtras {
	n := len(s.free) - 1
	if n < 0 {
		return new(headExtras)
	}
	h := s.free[n]
	s.free = s.free[:n]
	*h = headExtras{}
	return h
}

// newOrigins returns origins of none.
func (w *walker) newOrigins() *origins {
	const piece = 32
	if len(w.froms) == 0 {
		w.froms = make([]origins, piece)
	}
	o := &w.froms[0]
	w.froms = w.froms[1:]
	return o
}

// own is the value of a cell, to be changed.
func (w *walker) own(c *cell) *known {
	if n := &w.values[c.value]; n.shared {
		own := *n
		own.kinds, own.shared = append(w.cutKinds(len(n.kinds)+1), n.kinds...), false
		c.value = int32(len(w.values))
		w.values = append(w.values, own)
	}
	return &w.values[c.value]
}

// linkedPlaces are places of a function that hold numbers linked to one that is
// compared; outer says that there are such in the frames of its callers.
type linkedPlaces struct {
	own   [numPlaces]bool
	outer bool
}

// link notes which places hold numbers that a comparison may narrow as well, because
// they are at a known distance from one of those compared.
func (w *walker) link(st *state.State, pc int, in *isa.Insn) {
	dst, src := st.Frame().Regs[in.Dst].ID&^state.AddConst, st.Frame().Regs[in.Src].ID&^state.AddConst
	if dst == 0 && src == 0 {
		return
	}
	places := w.linked[pc]
	if places == nil {
		if w.linked == nil {
			w.linked = map[int]*linkedPlaces{}
		}
		places = &linkedPlaces{}
		w.linked[pc] = places
	}
	for depth := 0; depth <= st.Cur; depth++ {
		f := st.Frames[depth]
		note := func(where int, r *state.Reg) {
			id := r.ID &^ state.AddConst
			switch {
			case r.Type != regtype.Scalar || id == 0 || id != dst && id != src:
			case depth < st.Cur:
				places.outer = true
			default:
				places.own[where] = true
			}
		}
		for n := range isa.R10 {
			note(n, &f.Regs[n])
		}
		for i := range f.Stack.Len() {
			if s := f.Stack.At(i); s.IsScalarSpill() {
				note(slotPlaces+i, &s.Spilled)
			}
		}
	}
}

// written notes what the instruction before pc wrote.
func (w *walker) written(st *state.State, pc int, in *isa.Insn) {
	f := st.Frame()
	switch in.Class() {
	case isa.ClassST, isa.ClassSTX:
		base := &f.Regs[in.Dst]
		if base.Type != regtype.PtrToStack || int(base.Frame) != st.Cur {
			return
		}
		from, to := 0, f.Stack.Len()-1
		if base.IsConst() {
			off := int(base.Off) + int(int64(base.Var.Value)) + int(in.Off)
			from, to = (-off-in.Bytes())/state.SlotBytes, (-off-1)/state.SlotBytes
		}
		for n := max(from, 0); n <= to && n < f.Stack.Len(); n++ {
			if w.now.ofSlot(f.Stack.At(n), st.Cur) {
				w.note(pc, slotPlaces+uint8(n), &w.now)
			}
		}
	default:
		w.noteRegister(st, pc, in.Dst)
	}
}

// include adds to what is known of a place; it came there by some ways.
func (w *walker) include(pc int, where uint8, k *known, by ways) {
	if w.Walked[pc] == 0 {
		return
	}
	i := slices.IndexFunc(w.cells[pc], func(c cell) bool { return c.where == where })
	if i < 0 {
		i = len(w.cells[pc])
		w.cells[pc] = append(w.cells[pc], cell{where: where})
	}
	c := &w.cells[pc][i]
	before := c.ways
	c.ways |= by
	if n := &w.values[c.value]; n.hasAll(k) && n.cameBy(k, by) {
		return
	}
	sum := included{c.value, k, before, by}
	if known, ok := w.included[sum]; ok {
		c.value = known
		return
	}
	n := w.own(c)
	if len(n.kinds) == 1 {
		n.kinds[0].ways = before
	}
	n.addBy(k, by)
	w.values[c.value].shared = true
	if w.included == nil {
		w.included = map[included]int32{}
	}
	w.included[sum] = c.value
}

// included is a value of cells, and what was added to it.
type included struct {
	value      int32
	extra      *known
	before, by ways
}

// finished is the walk once all paths were walked. Names are looked up now, so that
// the walk does not keep the verifier.
func (w *walker) finished() *Walk {
	if w.spread != nil && !w.Full {
		w.spread.finish()
	}
	w.last.stack.Drop(0)
	w.temporary.begin()
	if w.Full {
		w.cells, w.values = nil, nil
	}
	w.lookUpNames()
	return w.Walk
}

// lookUpNames replaces the verifier's tables by the names that are needed.
func (w *Walk) lookUpNames() {
	type structID struct {
		of state.BTFRef
		id uint32
	}
	named, structs := map[state.MapRef]string{}, map[structID]string{}
	for i := range w.values {
		for _, k := range w.values[i].kinds {
			switch k.typ.Base() {
			case regtype.PtrToMapValue, regtype.PtrToMapKey, regtype.ConstPtrToMap:
				if m := state.MapRef(k.a); named[m] == "" {
					named[m] = w.tables.Map(m)
				}
			case regtype.PtrToBTFID:
				if s := (structID{state.BTFRef(k.a), k.b}); structs[s] == "" {
					structs[s] = w.tables.Struct(s.of, s.id)
				}
			}
		}
	}
	w.tables.Map = func(m state.MapRef) string { return named[m] }
	w.tables.Struct = func(of state.BTFRef, id uint32) string { return structs[structID{of, id}] }
}

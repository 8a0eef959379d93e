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
	noted   int
	byValue map[one]int32 // the values that are shared
	room    []cell        // for cells to come
	kinds   []kind        // for values to come
	last    lastNoted
	// linked are the places that a comparison of two registers may narrow besides.
	linked   map[int]*linkedPlaces
	spread   *spread // nil where nothing is extra
	included map[included]int32
}

// lastNoted is what was found in the state in which all places were noted last, by
// place.
type lastNoted struct {
	depth int
	regs  [isa.R10]state.Reg
	slots [numPlaces - slotPlaces]state.Slot
	// ones are the values, of which shared has the numbers; values are those of the
	// cells that they are in.
	ones           [numPlaces]one
	shared, values [numPlaces]int32
	cells          int
}

func newWalker(t Tables) *walker {
	n := len(t.Insns)
	w := &Walk{Walked: make([]int32, n), tables: t, heads: heads(t.Insns), cells: make([][]cell, n),
		paths: make([]int32, n), from: make([]origins, n),
		values: append(make([]known, 0, n+n/2+16), known{shared: true})}
	return &walker{Walk: w, linked: map[int]*linkedPlaces{}, byValue: map[one]int32{}, last: lastNoted{depth: -1}}
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
	f := st.Frame()
	same := w.last.depth == st.Cur
	w.last.depth = st.Cur
	by := w.way(pc, st.LastPC)
	i := 0
	for n := range uint8(isa.R10) {
		r := &f.Regs[n]
		if same && *r == w.last.regs[n] {
			i = w.again(pc, n, i, by)
			continue
		}
		w.last.regs[n] = *r
		o, ok := oneOf(r, st.Cur)
		i = w.noteLast(pc, n, i, &o, ok, by)
	}
	for n := range f.Stack.Len() {
		s, where := f.Stack.At(n), slotPlaces+uint8(n)
		if same && *s == w.last.slots[n] {
			i = w.again(pc, where, i, by)
			continue
		}
		w.last.slots[n] = *s
		o, ok := oneIn(s, st.Cur)
		i = w.noteLast(pc, where, i, &o, ok, by)
	}
}

// noteLast is note for a value that may come again; ok says that there is one.
func (w *walker) noteLast(pc int, where uint8, i int, o *one, ok bool, by ways) int {
	w.last.values[where] = 0
	if ok {
		i = w.note(pc, where, i, o, by)
		w.last.values[where] = w.cells[pc][i].value
		w.last.ones[where] = *o
	}
	return i
}

// again is note for what the place held last.
func (w *walker) again(pc int, where uint8, i int, by ways) int {
	last := w.last.values[where]
	if last == 0 {
		return i
	}
	cells := w.cells[pc]
	for i < len(cells) && cells[i].where < where {
		i++
	}
	if i < len(cells) && cells[i].where == where && cells[i].value == last && w.values[last].shared {
		cells[i].seen++
		cells[i].ways |= by
		return i
	}
	return w.noteLast(pc, where, i, &w.last.ones[where], true, by)
}

// note adds a value of a place, and returns the index of its cell, which is at i or
// later. Paths with it came by a way.
func (w *walker) note(pc int, where uint8, i int, o *one, by ways) int {
	cells := w.cells[pc]
	for i < len(cells) && cells[i].where < where {
		i++
	}
	if i == len(cells) || cells[i].where != where {
		value := int32(len(w.values))
		if w.heads[pc] {
			value = w.share(where, o)
		} else {
			w.values = append(w.values, w.alone(o)) // few others hold what is just computed
		}
		w.insert(pc, i, cell{where, by, value, 1})
		return i
	}
	c := &cells[i]
	c.seen++
	if !w.values[c.value].hasOne(o, by) {
		n := w.own(c)
		c.told(n)
		n.addOne(o, by)
	}
	c.ways |= by
	return i
}

// insert adds a cell. Those of a head are mostly as many as of the last one, and are cut
// from a larger piece of memory.
func (w *walker) insert(pc, i int, c cell) {
	const piece = 512
	cells := w.cells[pc]
	if len(cells) == 0 {
		room := 1
		if w.heads[pc] {
			room = w.last.cells + 1
		}
		if len(w.room) < room {
			w.room = make([]cell, max(piece, room))
		}
		cells, w.room = w.room[:0:room], w.room[room:]
	}
	if i == len(cells) {
		cells = append(cells, c)
	} else {
		cells = slices.Insert(cells, i, c)
	}
	w.cells[pc] = cells
	if w.heads[pc] {
		w.last.cells = len(cells)
	}
	if w.noted++; w.noted > maxNoted || len(w.values) > maxValues {
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

// share is the number of a value that is not to be changed.
func (w *walker) share(where uint8, o *one) int32 {
	if i := w.last.shared[where]; i != 0 && w.values[i].is(o) {
		return i
	}
	i, ok := w.byValue[*o]
	if !ok {
		i = int32(len(w.values))
		n := w.alone(o)
		n.shared = true
		w.values = append(w.values, n)
		w.byValue[*o] = i
	}
	w.last.shared[where] = i
	return i
}

// alone is what is known of a place with one value.
func (w *walker) alone(o *one) known {
	const piece = 128
	if len(w.kinds) == 0 {
		w.kinds = make([]kind, piece)
	}
	kinds := w.kinds[:1:1]
	w.kinds = w.kinds[1:]
	kinds[0] = o.kind
	return known{kinds: kinds, bytes: o.bytes}
}

// own is the value of a cell, to be changed.
func (w *walker) own(c *cell) *known {
	if n := &w.values[c.value]; n.shared {
		own := *n
		own.kinds, own.shared = slices.Clone(n.kinds), false
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
			if o, ok := oneIn(f.Stack.At(n), st.Cur); ok {
				w.note(pc, slotPlaces+uint8(n), 0, &o, 0)
			}
		}
	default:
		if o, ok := oneOf(&f.Regs[in.Dst], st.Cur); ok {
			w.note(pc, in.Dst, 0, &o, 0)
		}
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

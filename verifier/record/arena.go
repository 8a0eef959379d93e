// SPDX-License-Identifier: GPL-2.0-only

package record

// arena hands out memory that is taken back as a whole.
type arena[T any] struct {
	pieces [][]T
	piece  int // that is handed out of at present
	used   int // of that piece
}

// begin takes everything back, and gives most of it up where that is much.
func (a *arena[T]) begin() {
	const most = 64
	if len(a.pieces) > most {
		clear(a.pieces[most:])
		a.pieces = a.pieces[:most]
	}
	a.piece, a.used = 0, 0
}

// take returns an empty slice with room for n. What the room holds is undefined.
func (a *arena[T]) take(n int) []T {
	const size = 64
	if a.piece < len(a.pieces) && a.used+n > len(a.pieces[a.piece]) {
		a.piece, a.used = a.piece+1, 0
	}
	switch {
	case a.piece == len(a.pieces):
		a.pieces = append(a.pieces, make([]T, max(size, n)))
	case len(a.pieces[a.piece]) < n:
		a.pieces[a.piece] = make([]T, n)
	}
	from := a.pieces[a.piece][a.used:a.used:(a.used + n)]
	a.used += n
	return from
}

// temporary is memory for what is known in passing, while what is extra is followed.
type temporary struct {
	knowns arena[known]
	kinds  arena[kind]
}

func (t *temporary) begin() {
	t.knowns.begin()
	t.kinds.begin()
}

// keep returns n in this memory.
func (t *temporary) keep(n known) *known { return &append(t.knowns.take(1), n)[0] }

// of is what is known of a place with values of one kind.
func (t *temporary) of(k kind) *known { return t.keep(known{kinds: append(t.kinds.take(1), k)}) }

// copied is a copy of n that may be changed.
func (t *temporary) copied(n *known) *known {
	out := *n
	out.kinds, out.shared = append(t.kinds.take(len(n.kinds)+1), n.kinds...), false
	return t.keep(out)
}

// value is what is extra in a slot or register, without what is known of its bytes.
func (t *temporary) value(n *known) *known {
	out := *n
	out.bytes = slotBytes{}
	return t.keep(out)
}

func (t *temporary) anyNumber(size int) *known { return t.of(unknownNumber(size)) }

// anyBytes is a slot that holds anything.
func (t *temporary) anyBytes() *known {
	n := t.anyNumber(8)
	n.others = true
	n.bytes = slotBytes{true, 0, 0, 8}
	return n
}

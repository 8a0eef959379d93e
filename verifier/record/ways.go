// SPDX-License-Identifier: GPL-2.0-only

package record

// ways are those by which paths come to a head: a bit for each instruction that they may
// come from. The highest stands for all that are too many to tell apart.
type ways uint8

const (
	numWays = 8
	allWays = ways(1<<numWays - 1)
)

// origins are the instructions that paths came to a head from, by the bits of ways.
type origins struct {
	pcs     [numWays - 1]int32
	n       uint8
	crowded bool // they came from further ones
}

// all are the instructions; there are none where no path came.
func (o *origins) all() []int32 {
	if o == nil {
		return nil
	}
	return o.pcs[:o.n]
}

// way is the way from an instruction to a head.
func (w *walker) way(pc, from int) ways {
	o := w.from[pc]
	if o == nil {
		o = w.newOrigins()
		w.from[pc] = o
	}
	for i, known := range o.all() {
		if int(known) == from {
			return 1 << i
		}
	}
	if o.n == numWays-1 {
		o.crowded = true
		return 1 << (numWays - 1)
	}
	o.pcs[o.n] = int32(from)
	o.n++
	return 1 << (o.n - 1)
}

// waysOf are the ways by which the i-th kind of a cell came.
func (c *cell) waysOf(n *known, i int) ways {
	if len(n.kinds) == 1 {
		return c.ways
	}
	return n.kinds[i].ways
}

// told prepares the value of a cell, which is its own, for another kind: as long as it
// had but one, that came by all ways of the cell.
func (c *cell) told(n *known) {
	if len(n.kinds) == 1 {
		n.kinds[0].ways = c.ways
	}
}

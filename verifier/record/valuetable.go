// SPDX-License-Identifier: GPL-2.0-only

package record

import "math/bits"

// valueTable finds the values that are but one: a table of their numbers, in the order of
// their hashes, that grows before it is half full.
type valueTable struct {
	numbers []int32 // 0 is free
	used    int
}

// begin empties the table. One that a large program left would take longer to clear than
// to make.
func (t *valueTable) begin() {
	const large = 4096
	if len(t.numbers) > large {
		t.numbers = nil
	}
	clear(t.numbers)
	t.used = 0
}

// find is where the number of a value is among values, or is to be put: it is 0 then.
func (t *valueTable) find(values []known, o *one) *int32 {
	if 2*t.used >= len(t.numbers) {
		t.grow(values)
	}
	at := t.slot(o)
	for t.numbers[at] != 0 && !values[t.numbers[at]].is(o) {
		at = (at + 1) & (len(t.numbers) - 1)
	}
	if t.numbers[at] == 0 {
		t.used++
	}
	return &t.numbers[at]
}

// slot is where the search for a value begins.
func (t *valueTable) slot(o *one) int { return int(o.hash()>>32) & (len(t.numbers) - 1) }

func (t *valueTable) grow(values []known) {
	old := t.numbers
	t.numbers = make([]int32, max(2*len(old), 64))
	for _, n := range old {
		if n == 0 {
			continue
		}
		at := t.slot(&one{kind: values[n].kinds[0], bytes: values[n].bytes})
		for t.numbers[at] != 0 {
			at = (at + 1) & (len(t.numbers) - 1)
		}
		t.numbers[at] = n
	}
}

// hash mixes what tells most values apart.
func (o *one) hash() uint64 {
	h := uint64(o.typ)<<32 | uint64(uint32(o.off))
	for _, n := range [...]uint64{
		uint64(o.a)<<32 | uint64(o.b), uint64(o.c)<<32 | uint64(uint32(o.packet)), uint64(o.low), uint64(o.high),
		o.num.Var.Value, o.num.Var.Mask, o.num.Umin(), o.num.Umax(), uint64(o.num.Smin()), uint64(o.num.Smax()),
		uint64(o.object)<<32 | uint64(o.outer)<<24 | uint64(o.bytes.zero)<<16 | uint64(o.bytes.written)<<8 |
			uint64(o.bytes.span),
	} {
		h = bits.RotateLeft64(h^n, 29) * 0x9e3779b97f4a7c15
	}
	return h
}

// SPDX-License-Identifier: GPL-2.0-only

package values

import (
	"slices"

	"github.com/bpf-lsp/bpf-lsp/dwarfmap"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// What the walk held of a place: a register, a slot of the stack, a part of an object.

// number is a constant.
func number(n int64) record.Kind {
	return record.Kind{Fixed: true, Value: record.Value{Type: regtype.Scalar, Bits: uint64(n), Min: n, Max: n,
		UMin: uint64(n), UMax: uint64(n), Min32: int32(n), Max32: int32(n), UMin32: uint32(n), UMax32: uint32(n)}}
}

// anything is a number of some bytes.
func anything() record.Kind {
	return record.Kind{Fixed: true, Value: record.Value{Type: regtype.Scalar, Mask: 1<<64 - 1, Min: -1 << 63, Max: 1<<63 - 1,
		UMax: 1<<64 - 1, Min32: -1 << 31, Max32: 1<<31 - 1, UMax32: 1<<32 - 1}}
}

// fromRegister is a variable that is the value of a register plus a number.
func fromRegister(k record.Known, p *dwarfmap.Place) (a answer) {
	a.others, a.unset = k.Others, k.Unset
	for _, kind := range k.Kinds {
		switch {
		case kind.IsNumber() && p.Loose && (kind.Min < 0 || kind.Max > maxExact):
			kind = anything()
		case p.Add == 0:
		case !kind.IsNumber():
			kind.Low, kind.High, kind.Off = kind.Low+p.Add, kind.High+p.Add, kind.Off+int32(p.Add)
			kind.Packet = int32(max(int64(kind.Packet)-p.Add, 0))
		case kind.Min < -1<<31 || kind.Max > 1<<31 || p.Add < -1<<31 || p.Add > 1<<31:
			kind = anything()
		case kind.Min == kind.Max:
			kind = number(kind.Min + p.Add)
		default:
			low, high := kind.Min+p.Add, kind.Max+p.Add
			kind = anything()
			kind.Min, kind.Max = low, high
			if low >= 0 {
				kind.UMin, kind.UMax = uint64(low), uint64(high)
			}
			if low >= -1<<31 && high < 1<<31 {
				kind.Min32, kind.Max32 = int32(low), int32(high)
				if low >= 0 {
					kind.UMin32, kind.UMax32 = uint32(low), uint32(high)
				}
			}
		}
		a.kinds = append(a.kinds, kind)
	}
	if len(a.kinds) == 0 {
		return answer{}
	}
	return a
}

// stack is what some bytes of the frame hold.
func (w *walked) stack(pc int, off, size int64) (a answer) {
	if off >= 0 || off < -state.MaxStack || size <= 0 || off+size > 0 {
		return a
	}
	slot := int(-off-1) / state.SlotBytes
	k := w.walk.Slot(pc, slot)
	if len(k.Kinds) > 0 && k.Kinds[0].Object != record.NoObject {
		return answer{object: k.Kinds[0].Object}
	}
	begin := off + int64(slot+1)*state.SlotBytes
	if size > state.SlotBytes-begin {
		return a
	}
	wanted := uint8((1<<size - 1) << begin)
	switch {
	case len(k.Kinds) == 0 || k.Written&wanted == 0:
		return a
	case begin == 0 && size <= int64(k.Span):
		a = answer{kinds: k.Kinds, others: k.Others, unset: k.Unset}
		if size < state.SlotBytes && slices.ContainsFunc(a.kinds, func(k record.Kind) bool { return !k.IsNumber() }) {
			return answer{}
		}
		return a
	case k.Zero&wanted == wanted:
		return answer{kinds: []record.Kind{number(0)}}
	}
	return answer{kinds: []record.Kind{anything()}, unset: k.Written&wanted != wanted}
}

// object is about a structure or an array in the frame.
func (w *walked) object(pc int, off, size int64) (a answer) {
	if off >= 0 || off < -state.MaxStack || size <= 0 || off+size > 0 {
		return a
	}
	a.size = size
	for at := off; at < off+size; at++ {
		slot := int(-at-1) / state.SlotBytes
		bit := uint8(1) << (at + int64(slot+1)*state.SlotBytes)
		k := w.walk.Slot(pc, slot)
		if len(k.Kinds) > 0 && k.Kinds[0].Object != record.NoObject {
			return answer{object: k.Kinds[0].Object}
		}
		if k.Written&bit != 0 {
			a.written++
		}
		if k.Zero&bit != 0 {
			a.zero++
		}
	}
	if a.written == 0 {
		return answer{}
	}
	return a
}

// SPDX-License-Identifier: GPL-2.0-only

package program

import (
	"fmt"
	"strings"
)

// record is the definition of a struct or union, laid out as in BTF: holes that
// the compiler would not leave are filled with nameless bit fields, which do
// not raise the struct's alignment.
func (h *header) record(id uint32, level int) string {
	b := h.btf
	packed := b.kind(id) == kindStruct && h.packed(id)
	var out strings.Builder
	out.WriteString(b.kind(id).String())
	if name := h.names[id]; name != "" {
		out.WriteString(" " + name)
	}
	if h.depth > maxHeaderDepth {
		return out.String() + " {}"
	}
	h.depth++
	defer func() { h.depth-- }()
	out.WriteString(" {\n")
	end, afterBits := uint64(0), false
	for i := range b.vlen(id) {
		typ := b.memberType(id, i)
		off, width := b.memberBits(id, i)
		align := uint64(1)
		if !packed {
			align = max(1, uint64(b.alignof(typ)))
		}
		if b.kind(id) == kindStruct {
			pad(&out, end, uint64(off), align, afterBits && width != 0, level+1)
		}
		out.WriteString(indent(level+1) + h.declare(typ, b.memberName(id, i), level+1))
		if width != 0 {
			fmt.Fprintf(&out, ": %d", width)
			end = uint64(off) + uint64(width)
		} else {
			size, _ := b.sizeof(typ)
			end = uint64(off) + 8*uint64(size)
		}
		afterBits = width != 0
		out.WriteString(";\n")
	}
	if b.kind(id) == kindStruct {
		align := uint64(1)
		if !packed {
			align = max(1, uint64(b.alignof(id)))
		}
		pad(&out, end, 8*uint64(b.size(id)), align, false, level+1)
	}
	out.WriteString(indent(level) + "}")
	if packed {
		out.WriteString(" __attribute__((packed))")
	}
	return out.String()
}

// packed reports whether id is a struct that cannot be laid out with natural alignment.
func (h *header) packed(id uint32) bool {
	most := uint32(1)
	for i := range h.btf.vlen(id) {
		align := h.btf.alignof(h.btf.memberType(id, i))
		if align == 0 {
			continue
		}
		if off, width := h.btf.memberBits(id, i); width == 0 && off%(8*align) != 0 {
			return true
		}
		most = max(most, align)
	}
	return h.btf.size(id)%most != 0
}

// padTypes are what a hole is filled with, widest first.
var padTypes = [...]struct {
	name string
	bits uint64
}{{"long", 64}, {"int", 32}, {"short", 16}, {"char", 8}}

// maxPadBits bounds a hole that is filled, above any that the kernel has: only a
// damaged file has larger ones.
const maxPadBits = 8 << 20

// pad fills the bits from one member's end to the next member's start, which is
// aligned to align bytes. The compiler leaves some holes by itself; those that its own
// rules would not make have to be declared, and between two bit fields
// of every one.
func pad(out *strings.Builder, from, to, align uint64, betweenBits bool, level int) {
	if from >= to || to-from > maxPadBits {
		return
	}
	field := func(name string, bits uint64) { fmt.Fprintf(out, "%s%s: %d;\n", indent(level), name, bits) }
	widest := padTypes[len(padTypes)-1]
	for _, p := range padTypes {
		if roundUp(from, p.bits) <= to {
			widest = p
			break
		}
	}
	if start := roundUp(from, widest.bits); start > from && start <= to {
		switch {
		case betweenBits:
			field(widest.name, start-from)
		case start == to && roundUp(from, 8*align) != start, start != to && to-start <= start-from:
			field(widest.name, 0)
		}
		from = start
	}
	for ; to-from >= widest.bits; from += widest.bits {
		field(widest.name, widest.bits)
	}
	if from == to {
		return
	}
	for i := len(padTypes) - 1; i >= 0; i-- {
		if padTypes[i].bits >= to-from {
			field(padTypes[i].name, to-from)
			return
		}
	}
}

func roundUp(n, to uint64) uint64 { return (n + to - 1) / to * to }

// SPDX-License-Identifier: GPL-2.0-only

package values

import (
	"github.com/bpf-lsp/bpf-lsp/dwarfmap"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
)

// behind is about a member of what the variable points to: what the line reads from it
// or writes to it, else where it is.
func (q *question) behind() (a answer) {
	for _, pc := range q.byLine[q.at] {
		for i := range q.locals {
			if here := q.accessed(&q.locals[i], pc); !here.nothing() {
				a.add(&here)
			}
		}
	}
	if a.line = q.at.Line; !a.nothing() {
		return a
	}
	// Parts of it may be accessed: then it is as those instructions find it.
	for _, pc := range q.byLine[q.at] {
		for i := range q.locals {
			if here := q.touched(&q.locals[i], pc); !here.nothing() {
				a.add(&here)
			}
		}
	}
	if a.line = q.at.Line; a.nothing() {
		if a = q.on(q.at.Line); a.nothing() {
			a = q.nearest(false)
		}
	}
	a.member = true
	return a
}

// touched is what the variable points to at an instruction that accesses a part of the
// member.
func (q *question) touched(l *dwarfmap.Local, pc int) (a answer) {
	in := &q.Prog.Insns[pc]
	base := in.Src
	switch in.Class() {
	case isa.ClassST, isa.ClassSTX:
		base = in.Dst
	case isa.ClassLDX:
	default:
		return a
	}
	for n := range q.field.Size {
		if q.leadsTo(l, pc, base, int64(in.Off)-n) {
			k := q.walk.Register(pc, base)
			return fromRegister(k, &dwarfmap.Place{Add: int64(in.Off) - n - q.field.At})
		}
	}
	return a
}

// accessed is what the instruction reads from the member, or stores to it if the
// mention is a target.
func (q *question) accessed(l *dwarfmap.Local, pc int) (a answer) {
	in := &q.Prog.Insns[pc]
	class := in.Class()
	store := class == isa.ClassST || class == isa.ClassSTX
	switch {
	case q.field.Bits > 0 || int64(in.Bytes()) != q.field.Size || in.Mode() != isa.ModeMEM && in.Mode() != isa.ModeMEMSX:
		return a
	case class != isa.ClassLDX && !store, store != q.mention.Assigned:
		return a
	}
	base := in.Src
	if store {
		base = in.Dst
	}
	if !q.leadsTo(l, pc, base, int64(in.Off)) {
		return a
	}
	if class == isa.ClassST {
		return answer{kinds: []record.Kind{number(int64(in.Imm))}}
	}
	k := q.walk.Register(pc, in.Src)
	if class == isa.ClassLDX {
		k = q.walk.Register(pc+1, in.Dst)
	}
	return fromRegister(k, &dwarfmap.Place{})
}

// leadsTo reports whether a register plus an offset is the address of the member: the
// variable is in the register, or both are the same place in the same object.
func (q *question) leadsTo(l *dwarfmap.Local, pc int, base uint8, off int64) bool {
	for _, p := range q.Index.Places(l, pc) {
		if p.Kind == dwarfmap.PlaceRegister && p.Size == 0 && p.Reg == base {
			return off == p.Add+q.field.At
		}
	}
	known := q.walk.Register(pc, base)
	k, ok := known.Only()
	if !ok || !k.Fixed || k.Low != k.High || k.IsNumber() {
		return false
	}
	if own := q.before(l, pc); len(own.kinds) == 1 && !own.others && !own.unset {
		o := &own.kinds[0]
		return sameObject(k, o) && o.Low == o.High && k.Low+off == o.Low+q.field.At && onlyOne(k)
	}
	// There is one context.
	return k.Type == regtype.PtrToCtx && l.Param && q.isContext(l) && k.Low+off == q.field.At
}

// onlyOne reports whether two pointers of the kind with the same offset are equal.
func onlyOne(k *record.Kind) bool {
	switch k.Type.Base() {
	case regtype.PtrToCtx:
		return true
	case regtype.PtrToPacket, regtype.PtrToPacketMeta:
		return k.Fixed
	}
	return false
}

// isContext reports whether a parameter is the program's context.
func (q *question) isContext(l *dwarfmap.Local) bool {
	for _, pc := range q.Index.Known(l) {
		for _, p := range q.Index.Places(l, pc) {
			if p.Kind != dwarfmap.PlaceRegister || p.Add != 0 || q.walk.Walked[pc] == 0 {
				continue
			}
			known := q.walk.Register(pc, p.Reg)
			k, ok := known.Only()
			return ok && k.Type == regtype.PtrToCtx && k.Low == 0 && k.High == 0
		}
	}
	return false
}

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
			a.add(q.accessed(&q.locals[i], pc))
		}
	}
	if !a.nothing() {
		return a
	}
	// Parts of it may be accessed: then it is as those instructions find it.
	for _, pc := range q.byLine[q.at] {
		for i := range q.locals {
			a.add(q.touched(&q.locals[i], pc))
		}
	}
	if a.nothing() {
		a = q.on(q.at.Line)
	}
	if a.nothing() {
		a = q.nearest(false)
	}
	a.member = true
	return a
}

// touched is what the variable points to at an instruction that accesses a part of the
// member.
func (q *question) touched(l *dwarfmap.Local, pc int) (a answer) {
	in := &q.Prog.Insns[pc]
	base, ok := in.Base()
	if !ok {
		return a
	}
	add, ok := q.leads(l, pc, base)
	if within := int64(in.Off) - add - q.field.At; !ok || within < 0 || within >= q.field.Size {
		return a
	}
	return fromRegister(q.walk.Register(pc, base), &dwarfmap.Place{Add: add})
}

// accessed is what the instruction reads from the member, or stores to it if the
// mention is a target.
func (q *question) accessed(l *dwarfmap.Local, pc int) (a answer) {
	in := &q.Prog.Insns[pc]
	base, ok := in.Base()
	switch {
	case !ok, q.field.Bits > 0 || int64(in.Bytes()) != q.field.Size || in.Mode() != isa.ModeMEM && in.Mode() != isa.ModeMEMSX:
		return a
	case (in.Class() == isa.ClassLDX) == q.mention.Assigned:
		return a
	}
	if add, ok := q.leads(l, pc, base); !ok || int64(in.Off) != add+q.field.At {
		return a
	}
	return q.moved(pc)
}

// moved is what a load gives its register, or a store the memory.
func (w *walked) moved(pc int) answer {
	switch in := &w.Prog.Insns[pc]; in.Class() {
	case isa.ClassLDX:
		return fromRegister(w.walk.Register(pc+1, in.Dst), &dwarfmap.Place{})
	case isa.ClassSTX:
		return fromRegister(w.walk.Register(pc, in.Src), &dwarfmap.Place{})
	default:
		return answer{kinds: []record.Kind{number(int64(in.Imm))}}
	}
}

// leads is what to add to a register to get what the variable points to: the variable is
// in the register, or both are places in the same object; false for other registers.
func (q *question) leads(l *dwarfmap.Local, pc int, base uint8) (add int64, ok bool) {
	for _, p := range q.Index.Places(l, pc) {
		if p.Kind == dwarfmap.PlaceRegister && p.Size == 0 && p.Reg == base {
			return p.Add, true
		}
	}
	known := q.walk.Register(pc, base)
	k, ok := known.Only()
	if !ok || !k.Fixed || k.Low != k.High || k.IsNumber() {
		return 0, false
	}
	if own := q.before(l, pc); len(own.kinds) == 1 && !own.others && !own.unset {
		o := &own.kinds[0]
		return o.Low - k.Low, sameObject(k, o) && o.Low == o.High && onlyOne(k)
	}
	// There is one context.
	return -k.Low, k.Type == regtype.PtrToCtx && l.Param && q.isContext(l)
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

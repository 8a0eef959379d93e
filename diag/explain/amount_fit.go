// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"cmp"
	"fmt"
	"math"

	"github.com/cilium/ebpf/btf"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/history"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
)

// What an index would have to be, and what it is.

// target is what an index selects from.
type target struct {
	fixed, size int64 // where the access is without the index, and its width
	object      int64 // bytes of the whole object
	value       *record.Value
}

// addFit says which limits the index has and which it needs.
func (f *finding) addFit(a *amount) {
	t, ok := f.targetOf()
	if !ok || t.object <= 0 || t.fixed < 0 || t.fixed+t.size > t.object {
		return
	}
	most := (t.object - t.fixed - t.size) / a.scale
	what := ""
	if name, count := f.array(t, a.scale); count > 0 {
		most = count - 1
		what = fmt.Sprintf("%s has %d elements", cmp.Or(catalog.Quote(name), "the map value"), count)
	}
	f.facts["count"] = fmt.Sprint(most + 1)
	if f.entry.Code != catalog.OutOfBounds || a.name == "" || !a.bounded() || a.low >= 0 && a.high <= most {
		return
	}
	within := catalog.ValueRange(a.low, a.high)
	if what == "" {
		what = fmt.Sprintf("only 0 to %d keeps the access inside", most)
	}
	f.facts["fit"] = fmt.Sprintf("%s is %s here, but %s", catalog.Quote(a.name), within, what)
	delete(f.facts, "offset") // the same in fewer words
	if f.addLooseCheck(a, most) {
		return
	}
	check := fmt.Sprintf("%s > %d", a.name, most)
	if a.low >= 0 && lvalueRE.MatchString(a.name) && !f.stands(check) && !f.stands(fmt.Sprintf("%s >= %d", a.name, most+1)) {
		f.advise(catalog.AdviseIndexLimit, catalog.Facts{"value": catalog.Quote(a.name), "check": f.leaving(check)})
	}
}

// addLooseCheck suggests a tighter limit where a condition of the source gives the
// one that the index has.
func (f *finding) addLooseCheck(a *amount, most int64) bool {
	pos, file, ok := f.At(f.report.PC)
	if !ok || file == nil || a.low < 0 {
		return false
	}
	fn, ok := file.FunctionAt(pos.Line, max(pos.Col, 1))
	if !ok {
		return false
	}
	for _, c := range file.Conditions(fn) {
		for _, o := range c.Operands {
			cmp := comparisonOf(o.Text)
			limit, upward, ok := boundOf(cmp.op, cmp.number)
			if !ok || !cmp.isNumber || cmp.name != a.name || c.At.Line > pos.Line {
				continue
			}
			if upward {
				limit--
			}
			if limit != a.high {
				continue
			}
			better := fmt.Sprintf("%s %s %d", cmp.name, cmp.op, cmp.number-(a.high-most))
			f.facts["fit"] += fmt.Sprintf("; the condition %s in line %d lets %d pass", catalog.Quote(o.Text), o.Range.Line, a.high)
			f.advise(catalog.AdviseSmallerLimit, catalog.Facts{"line": fmt.Sprint(o.Range.Line), "check": catalog.Quote(better)})
			return true
		}
	}
	return false
}

// room is how many bytes are behind the pointer in a register, 0 if that is not
// known.
func (f *finding) room(reg int) int64 {
	p := f.place()
	p.Index = uint8(reg)
	v := history.Known(f.result, len(f.result.History), p)
	if v == nil || reg < 1 || reg > 5 || !v.IsConst() {
		return 0
	}
	if m := f.mapNamed(v.Map); m != nil && inMapValue(v) {
		return int64(m.ValueSize) - int64(v.Off) - int64(v.Bits)
	}
	if off, pc, ok := f.frameOffset(f.path(), reg); ok && v.Type.Base() == regtype.PtrToStack {
		if object, ok := f.Index.SlotObject(pc, off); ok {
			return object.Size - object.At
		}
	}
	return 0
}

// targetOf is what the access of the fault is into.
func (f *finding) targetOf() (t target, ok bool) {
	in := f.insn()
	p := f.place()
	pc := f.report.PC
	if f.entry.Code == catalog.PointerOffsetUnsafe {
		if v := history.Known(f.result, len(f.result.History), p); v != nil && v.IsNumber() {
			p.Index = in.Src // the pointer is the other operand
		}
		if pc, ok = f.nextAccess(pc+1, in.Dst); !ok {
			return t, false
		}
		in = &f.Prog.Insns[pc]
	}
	if t.value = history.Known(f.result, len(f.result.History), p); t.value == nil || t.value.IsNumber() {
		return t, false
	}
	switch in.Class() {
	case isa.ClassLDX, isa.ClassST, isa.ClassSTX:
		t.size = int64(in.Bytes())
		t.fixed = int64(t.value.Off) + int64(in.Off)
	default:
		return t, false
	}
	if bounds, known := fault.Get[fault.Bounds](f.report.Fault); known {
		t.object = bounds.Object
	} else if unbounded, known := fault.Get[fault.Unbounded](f.report.Fault); known {
		t.object = unbounded.Object
	} else if m := f.mapNamed(t.value.Map); m != nil && inMapValue(t.value) {
		t.object = int64(m.ValueSize)
	}
	if t.value.IsConst() {
		t.fixed += int64(t.value.Bits)
	}
	return t, t.object > 0
}

// nextAccess finds the access through a register that follows in the same block.
func (f *finding) nextAccess(pc int, reg uint8) (int, bool) {
	for ; pc < len(f.Prog.Insns) && !f.joins(pc); pc++ {
		in := &f.Prog.Insns[pc]
		switch in.Class() {
		case isa.ClassLDX:
			if in.Src == reg {
				return pc, true
			}
		case isa.ClassST, isa.ClassSTX:
			if in.Dst == reg {
				return pc, true
			}
		case isa.ClassJMP, isa.ClassJMP32:
			return 0, false
		}
		if writes(in, reg) {
			return 0, false
		}
	}
	return 0, false
}

// mapNamed is the map of a name in the log, nil if there is none.
func (f *finding) mapNamed(name string) *program.Map {
	for _, m := range f.Prog.Maps {
		if m.Name == name && name != "" {
			return m
		}
	}
	return nil
}

// array names the array in a map value that an access at a multiple of some
// bytes selects from, and counts its elements.
func (f *finding) array(t target, scale int64) (name string, count int64) {
	m := f.mapNamed(t.value.Map)
	if m == nil || !inMapValue(t.value) || f.Prog.BTF == nil || m.ValueTypeID == 0 {
		return "", 0
	}
	typ, err := f.Prog.BTF.TypeByID(btf.TypeID(m.ValueTypeID))
	if err != nil {
		return "", 0
	}
	at := t.fixed
	for range 16 {
		switch v := btf.UnderlyingType(typ).(type) {
		case *btf.Struct:
			found := false
			for _, member := range v.Members {
				size, err := btf.Sizeof(member.Type)
				if start := int64(member.Offset / 8); err == nil && at >= start && at < start+int64(size) {
					typ, at, name, found = member.Type, at-start, member.Name, true
					break
				}
			}
			if !found {
				return "", 0
			}
		case *btf.Array:
			size, err := btf.Sizeof(v.Type)
			if err != nil || size == 0 {
				return "", 0
			}
			if int64(size) == scale && at < scale {
				return name, int64(v.Nelems)
			}
			typ, at = v.Type, at%int64(size)
		case *btf.Datasec:
			found := false
			for _, member := range v.Vars {
				if start := int64(member.Offset); at >= start && at < start+int64(member.Size) {
					variable, ok := member.Type.(*btf.Var)
					if !ok {
						return "", 0
					}
					typ, at, name, found = variable.Type, at-start, variable.Name, true
					break
				}
			}
			if !found {
				return "", 0
			}
		default:
			return "", 0
		}
	}
	return "", 0
}

// addRelation explains an offset and a length that are limited one by one: that
// their sum is within the object was tested, but the verifier keeps no relations.
func (f *finding) addRelation() {
	if f.entry.Code != catalog.MemoryLengthRange || !f.isCall() || f.reg < 1 || f.reg > 4 {
		return
	}
	end := len(f.result.History)
	pointer := history.Known(f.result, end, f.place())
	p := f.place()
	p.Index++
	length := history.Known(f.result, end, p)
	if pointer == nil || length == nil || pointer.IsNumber() || !length.IsNumber() || pointer.IsConst() || length.IsConst() {
		return
	}
	object, ok := f.number("object")
	if !ok || pointer.UMax > math.MaxInt32 || length.UMax > math.MaxInt32 {
		return
	}
	offset, size := int64(pointer.Off)+int64(pointer.UMax), int64(length.UMax)
	if pointer.Min < 0 || offset > object || size > object || offset+size <= object {
		return // each alone is too much, or it is something else
	}
	offsetName, lengthName := "the offset", "the length"
	if a, ok := f.amount(); ok && a.name != "" {
		offsetName = catalog.Quote(a.name)
	}
	if text, _, ok := f.Argument(f.report.PC, f.reg+1); ok && text != "" {
		lengthName = catalog.Quote(text)
	}
	f.facts["relation"] = fmt.Sprintf("%s is up to %d and %s up to %d, together up to %d bytes of %d: each is limited, but the verifier does not keep how one depends on the other",
		offsetName, offset, lengthName, size, offset+size, object)
	f.advise(catalog.AdviseBothBelow, catalog.Facts{"value": offsetName, "name": lengthName, "size": fmt.Sprint(object), "number": fmt.Sprint(object / 2)})
}

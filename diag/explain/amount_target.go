// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"strings"

	"github.com/cilium/ebpf/btf"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/history"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
)

// What an index selects from: an array in a map's value, or on the stack.

// target is what an index selects from.
type target struct {
	fixed, size int64 // where the access is without the index, and its width
	object      int64 // bytes of the whole object
	value       *record.Value
	// variable is the local or global variable, and array the name of a local
	// one if that is an array.
	variable, array string
	start, bytes    int64 // of the variable in the object
	volatile        bool  // that it is declared so
}

// targetOf is what the access of the fault is into.
func (f *finding) targetOf() (t target, ok bool) {
	in := f.insn()
	p := f.place()
	pc := f.report.PC
	if f.entry.Amount == catalog.AmountOperand {
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
	bounds, bounded := fault.Get[fault.Bounds](f.report.Fault)
	switch {
	case f.isCall() && bounded:
		t.size, t.fixed = bounds.Size, int64(t.value.Off)
	case in.Class() == isa.ClassLDX || in.Class() == isa.ClassST || in.Class() == isa.ClassSTX:
		t.size = int64(in.Bytes())
		t.fixed = int64(t.value.Off) + int64(in.Off)
	default:
		return t, false
	}
	if t.value.IsStack() {
		return f.stackTarget(t)
	}
	if bounded {
		t.object = bounds.Object
	} else if unbounded, known := fault.Get[fault.Unbounded](f.report.Fault); known {
		t.object = unbounded.Object
	} else if m := f.MapNamed(t.value.Map); m != nil && inMapValue(t.value) {
		t.object = int64(m.ValueSize)
	}
	if t.value.IsConst() {
		t.fixed += int64(t.value.Bits)
	}
	f.addGlobal(&t)
	return t, t.object > 0
}

// addGlobal narrows a target in the memory of global variables to one of them.
func (f *finding) addGlobal(t *target) {
	m := f.MapNamed(t.value.Map)
	if m == nil || !m.Data || !inMapValue(t.value) || f.Prog.BTF == nil || m.ValueTypeID == 0 {
		return
	}
	typ, err := f.Prog.BTF.TypeByID(btf.TypeID(m.ValueTypeID))
	section, ok := typ.(*btf.Datasec)
	if err != nil || !ok {
		return
	}
	for _, v := range section.Vars {
		if start := int64(v.Offset); t.fixed >= start && t.fixed < start+int64(v.Size) {
			t.variable, t.start, t.bytes = v.Type.TypeName(), start, int64(v.Size)
			if variable, ok := v.Type.(*btf.Var); ok {
				_, t.volatile = variable.Type.(*btf.Volatile)
			}
		}
	}
}

// stackTarget is the local variable that an access is into, if the line names it.
func (f *finding) stackTarget(t target) (target, bool) {
	object, ok := f.Index.SlotObject(f.report.PC, int(t.fixed))
	if !ok || int(t.value.Frame) != f.report.Frame || fromMacro(object.Name) || !mentions(f.lineText(f.report.PC), object.Name) {
		return t, false
	}
	if part, ok := f.Index.SlotPart(f.report.PC, int(t.fixed)); ok && strings.HasPrefix(part, object.Name+"[") {
		t.array = object.Name
	}
	t.variable, t.fixed, t.object = object.Name, object.At, object.Size
	return t, true
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

// array names the array in a map value that an access at a multiple of some
// bytes selects from, and counts its elements.
func (f *finding) array(t target, scale int64) (name string, count int64) {
	if t.size > scale {
		return "", 0 // more than an element is accessed
	}
	if t.array != "" && t.fixed < scale && t.object%scale == 0 {
		return t.array, t.object / scale
	}
	m := f.MapNamed(t.value.Map)
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

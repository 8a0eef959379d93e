// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/cilium/ebpf/btf"

	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// Special fields, as program.ParseFields finds them. A map whose type may not
// have those of its value is created without type information.

// fieldKind is what a special field is, or a set of such.
//
// kernel: enum btf_field_type
type fieldKind facts.Fields

const (
	fieldSpinLock    = fieldKind(facts.FieldSpinLock)
	fieldResSpinLock = fieldKind(facts.FieldResSpinLock)
	fieldTimer       = fieldKind(facts.FieldTimer)
	fieldWorkqueue   = fieldKind(facts.FieldWorkqueue)
	fieldTaskWork    = fieldKind(facts.FieldTaskWork)
	fieldKptrUnref   = fieldKind(facts.FieldKptrUnref)
	fieldKptrRef     = fieldKind(facts.FieldKptrRef)
	fieldKptrPerCPU  = fieldKind(facts.FieldKptrPerCPU)
	fieldUptr        = fieldKind(facts.FieldUptr)
	fieldListHead    = fieldKind(facts.FieldListHead)
	fieldListNode    = fieldKind(facts.FieldListNode)
	fieldRbRoot      = fieldKind(facts.FieldRbRoot)
	fieldRbNode      = fieldKind(facts.FieldRbNode)
	fieldRefcount    = fieldKind(facts.FieldRefcount)

	fieldAnyKptr   = fieldKptrUnref | fieldKptrRef | fieldKptrPerCPU
	fieldGraphRoot = fieldListHead | fieldRbRoot
	fieldGraphNode = fieldListNode | fieldRbNode
)

// String is the field's name in the log.
//
// kernel: btf_field_type_name
func (k fieldKind) String() string {
	switch k {
	case fieldKptrUnref, fieldKptrRef:
		return "kptr"
	case fieldKptrPerCPU:
		return "percpu_kptr"
	case fieldUptr:
		return "uptr"
	}
	if info := facts.Fields(k).Info(); info != nil {
		return info.Name
	}
	return "unknown"
}

// isPointer reports whether k is a kptr or uptr.
func (k fieldKind) isPointer() bool { return k&(fieldAnyKptr|fieldUptr) != 0 }

// specialField is one special field.
//
// kernel: struct btf_field
type specialField struct {
	kind      fieldKind
	off, size uint32 // bytes
	// btf and typeID are what a pointer points to or a graph root holds.
	btf    state.BTFRef
	typeID btf.TypeID
	// nodeOff is where a graph root's objects have their node.
	nodeOff uint32
}

// fieldRecord is all special fields of a type, by offset.
//
// kernel: struct btf_record
type fieldRecord struct {
	list  []specialField
	kinds fieldKind
}

// has reports whether the type has a field of any of the kinds.
//
// kernel: btf_record_has_field
func (r *fieldRecord) has(kinds fieldKind) bool { return r != nil && r.kinds&kinds != 0 }

// find is the field of one of the kinds at off, nil for none.
//
// kernel: btf_record_find
func (r *fieldRecord) find(off uint32, kinds fieldKind) *specialField {
	if !r.has(kinds) {
		return nil
	}
	for i := range r.list {
		if f := &r.list[i]; f.off == off && f.kind&kinds != 0 {
			return f
		}
	}
	return nil
}

// first is the field of kind with the lowest offset, nil for none.
func (r *fieldRecord) first(kind fieldKind) *specialField {
	if !r.has(kind) {
		return nil
	}
	for i := range r.list {
		if f := &r.list[i]; f.kind == kind {
			return f
		}
	}
	return nil
}

type mapRecord struct {
	known  bool
	record *fieldRecord
	// untyped says that libbpf had to create the map without its BTF.
	untyped bool
}

// mapFields are the special fields of a map's value, nil for none.
func (v *verifier) mapFields(m state.MapRef) *fieldRecord {
	if v.memory.maps == nil {
		v.memory.maps = make([]mapRecord, len(v.maps))
	}
	c := &v.memory.maps[m]
	if !c.known {
		*c = v.findMapFields(v.mapOf(m))
	}
	return c.record
}

// mapHasBTF reports whether the map was created with the type of its value.
func (v *verifier) mapHasBTF(m state.MapRef) bool {
	v.mapFields(m)
	return v.mapOf(m).ValueTypeID != 0 && !v.memory.maps[m].untyped
}

// findMapFields finds the special fields of a map's value.
func (v *verifier) findMapFields(m *program.Map) mapRecord {
	fields, untyped, _ := m.Fields(v.prog.BTF, v.prog.KernelBTF)
	return mapRecord{known: true, record: newRecord(fields), untyped: untyped}
}

// parseFields finds the special fields of a struct that a program allocates,
// nil for none.
func (v *verifier) parseFields(t *btf.Struct) *fieldRecord {
	fields, _ := program.ParseFields(v.prog.BTF, v.prog.KernelBTF, t, program.FieldsOfObjects, t.Size)
	return newRecord(fields)
}

func newRecord(fields []program.Field) *fieldRecord {
	if len(fields) == 0 {
		return nil
	}
	rec := &fieldRecord{list: make([]specialField, len(fields))}
	for i, f := range fields {
		container := state.ProgramBTF
		if f.InKernel {
			container = state.KernelBTF
		}
		rec.list[i] = specialField{kind: fieldKind(f.Kind), off: f.Off, size: f.Size, btf: container, typeID: f.TypeID,
			nodeOff: f.NodeOff}
		rec.kinds |= fieldKind(f.Kind)
	}
	return rec
}

// SPDX-License-Identifier: GPL-2.0-only

package program

import (
	"slices"

	"github.com/cilium/ebpf/btf"

	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
)

// A map whose value has special fields that its type may not have is created
// without the types of key and value: libbpf tries again like that when the
// kernel refuses them. One whose special fields make no sense keeps the types,
// and has no special fields. In a struct that programs could allocate they
// make the kernel refuse all types of the object.

// Problems that a special field has in a map.
const (
	FieldMapType    FieldProblem = iota + 100 // in a map of another type
	FieldReadOnly                             // in a map that programs may not read or not write
	FieldUserKernel                           // a user pointer to a type of the kernel
	FieldUserSize                             // a user pointer to nothing, or to more than a page
	FieldUntyped                              // in a map that is created without types
	FieldOwnerLoop                            // a root in a node, of objects that hold roots themselves
)

// Fields are the special fields of the map's value. untyped says that
// the kernel does not create the map with these types, and fault why there are no fields.
//
// kernel: map_check_btf
func (m *Map) Fields(own, kernel *btf.Spec) (fields []Field, untyped bool, fault *FieldFault) {
	if m.ValueTypeID == 0 || own == nil {
		return nil, false, nil
	}
	t, err := own.TypeByID(btf.TypeID(m.ValueTypeID))
	if err != nil {
		return nil, false, nil
	}
	value := btf.UnderlyingType(t)
	if fields, fault = ParseFields(own, kernel, value, FieldsOfMaps, m.ValueSize); fault != nil {
		if fault.Problem == FieldMisplaced || !fault.matters(own, kernel, value, FieldsOfMaps) {
			fault = nil // a number, or something without special fields
		}
		return nil, false, fault
	}
	for i := range fields {
		if p := m.refuses(&fields[i], own); p != 0 {
			return nil, true, fields[i].fault(p)
		}
	}
	return fields, false, nil
}

// refuses is why a map may not have a field, 0 if it may.
func (m *Map) refuses(f *Field, own *btf.Spec) FieldProblem {
	switch {
	case m.Flags&(MapFlagRdOnlyProg|MapFlagWrOnlyProg) != 0:
		return FieldReadOnly
	case !f.Kind.Info().InMap(m.Type):
		return FieldMapType
	case f.Kind == facts.FieldUptr:
		return f.userPointer(own)
	}
	return 0
}

// userPointer is why the kernel does not take a user pointer, 0 if it does.
//
// kernel: btf_check_and_fixup_fields
func (f *Field) userPointer(own *btf.Spec) FieldProblem {
	if f.InKernel {
		return FieldUserKernel
	}
	t, err := own.TypeByID(f.TypeID)
	if err != nil {
		return 0
	}
	if size, err := btf.Sizeof(t); err != nil || size == 0 || size > pageSize {
		return FieldUserSize
	}
	return 0
}

// OwnsField reports whether m is a member that is itself a special field of an allocated
// object; only structs that have one are looked into.
//
// kernel: btf_parse_struct_metas
func OwnsField(m btf.Member) bool {
	if st, ok := m.Type.(*btf.Struct); ok {
		f, special := facts.SpecialStruct(st.Name)
		return special && f.Field&FieldsOfObjects != 0
	}
	tag, ok := pointerTag(m.Type)
	if !ok || PointerKind(m.Type)&facts.FieldsKptr == 0 {
		return false
	}
	_, twice := tag.Type.(*btf.TypeTag)
	_, toStruct := btf.UnderlyingType(tag.Type).(*btf.Struct)
	return toStruct && !twice
}

// refusedFields finds a struct whose special fields make the kernel refuse all
// types of the object.
//
// kernel: btf_parse_struct_metas, btf_check_and_fixup_fields
func refusedFields(own, kernel *btf.Spec) *FieldFault {
	records := make(map[btf.TypeID][]Field)
	var owners [][]Field // in the order of BTF
	for t, err := range own.All() {
		if err != nil {
			return nil
		}
		st, ok := t.(*btf.Struct)
		if !ok || !slices.ContainsFunc(st.Members, OwnsField) {
			continue
		}
		fields, fault := ParseFields(own, kernel, st, FieldsOfObjects, st.Size)
		if fault != nil {
			return fault
		}
		if len(fields) == 0 {
			return misplaced(st)
		}
		if id, err := own.TypeID(st); err == nil {
			records[id] = fields
			owners = append(owners, fields)
		}
	}
	has := func(fields []Field, kinds facts.Fields) bool {
		return slices.ContainsFunc(fields, func(f Field) bool { return f.Kind&kinds != 0 })
	}
	for _, fields := range owners {
		for i := range fields {
			f := &fields[i]
			if f.Kind&facts.FieldsGraphRoot == 0 {
				continue
			}
			held := records[f.TypeID]
			if held == nil || has(fields, facts.FieldsGraphNode) && has(held, facts.FieldsGraphRoot) {
				return f.fault(FieldOwnerLoop)
			}
		}
	}
	return nil
}

// misplaced is the fault of a struct with a special field that is not where the
// kernel sees it, as it lacks its alignment.
func misplaced(st *btf.Struct) *FieldFault {
	m := st.Members[slices.IndexFunc(st.Members, OwnsField)]
	return &FieldFault{Problem: FieldMisplaced, Struct: st.Name, Member: m.Name, Field: m.Type.TypeName()}
}

// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"github.com/cilium/ebpf/btf"

	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// Special fields: members of a map value, or of an object that a program
// allocates, that only their own calls may touch. They are found by the names
// of their types, pointers by a type tag, in nested structs and arrays too. A
// type whose special fields make no sense has none at all: libbpf then creates
// the map without type information.

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

	fieldAnyKptr    = fieldKptrUnref | fieldKptrRef | fieldKptrPerCPU
	fieldGraphRoot  = fieldListHead | fieldRbRoot
	fieldGraphNode  = fieldListNode | fieldRbNode
	fieldsOfMaps    = ^fieldGraphNode
	fieldsOfObjects = fieldSpinLock | fieldResSpinLock | fieldGraphRoot | fieldGraphNode | fieldRefcount | fieldAnyKptr
	fieldRepeatable = fieldAnyKptr | fieldUptr | fieldGraphRoot
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

// isPointer tells a kptr or uptr.
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

// has tells a type with any of the kinds.
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
	// untyped tells a map that libbpf had to create without its BTF.
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

// mapHasBTF tells that the map was created with the type of its value.
func (v *verifier) mapHasBTF(m state.MapRef) bool {
	v.mapFields(m)
	return v.mapOf(m).ValueTypeID != 0 && !v.memory.maps[m].untyped
}

// findMapFields finds the special fields of a map's value.
//
// kernel: map_check_btf
func (v *verifier) findMapFields(m *program.Map) mapRecord {
	if m.ValueTypeID == 0 || v.prog.BTF == nil {
		return mapRecord{known: true}
	}
	t, err := v.prog.BTF.TypeByID(btf.TypeID(m.ValueTypeID))
	if err != nil {
		return mapRecord{known: true}
	}
	rec, err := v.parseFields(skipModifiers(t), fieldsOfMaps, m.ValueSize)
	if err != nil || rec == nil {
		return mapRecord{known: true}
	}
	if !mapTakes(m, rec.kinds) {
		return mapRecord{known: true, untyped: true}
	}
	return mapRecord{known: true, record: rec}
}

// mapTakes tells whether maps of the type of m may have such fields.
func mapTakes(m *program.Map, kinds fieldKind) bool {
	const readOnly = program.MapFlagRdOnlyProg | program.MapFlagWrOnlyProg
	if m.Flags&readOnly != 0 {
		return false
	}
	for i := range facts.SpecialFields {
		f := &facts.SpecialFields[i]
		if kinds&fieldKind(f.Field) != 0 && !f.InMap(m.Type) {
			return false
		}
	}
	return true
}

// maxFields is how many special fields a type may have.
//
// kernel: BTF_FIELDS_MAX
const maxFields = 11

// errFields says that the special fields of a type make no sense.
var errFields = errors.New("special fields that the kernel refuses")

// fieldScan collects special fields.
type fieldScan struct {
	v     *verifier
	kinds fieldKind // wanted
	list  []specialField
}

// parseFields finds the special fields of the wanted kinds in a struct or data
// section of size bytes; nil for none.
//
// kernel: btf_parse_fields
func (v *verifier) parseFields(t btf.Type, kinds fieldKind, size uint32) (*fieldRecord, error) {
	s := fieldScan{v: v, kinds: kinds}
	if err := s.scan(t); err != nil || len(s.list) == 0 {
		return nil, err
	}
	rec := &fieldRecord{list: s.list}
	end := uint32(0)
	for i := range rec.list {
		f := &rec.list[i]
		if f.off < end || f.off+f.size > size {
			return nil, errFields
		}
		end = f.off + f.size
		rec.kinds |= f.kind
	}
	const bothLocks, bothNodes = fieldSpinLock | fieldResSpinLock, fieldListNode | fieldRbNode
	switch {
	case rec.kinds&bothLocks == bothLocks,
		rec.has(fieldGraphRoot) && !rec.has(bothLocks),
		rec.kinds&bothNodes == bothNodes && !rec.has(fieldRefcount):
		return nil, errFields
	}
	slices.SortFunc(rec.list, func(a, b specialField) int { return cmp.Compare(a.off, b.off) })
	return rec, nil
}

// kernel: btf_find_field
func (s *fieldScan) scan(t btf.Type) error {
	switch t := t.(type) {
	case *btf.Struct:
		return s.scanStruct(t, 0)
	case *btf.Datasec:
		var seen fieldKind
		for _, entry := range t.Vars {
			variable, ok := entry.Type.(*btf.Var)
			if !ok {
				continue
			}
			if err := s.scanField(variable.Type, variable.Tags, entry.Offset, entry.Size, &seen); err != nil {
				return err
			}
		}
		return nil
	}
	return errFields
}

// kernel: btf_find_struct_field
func (s *fieldScan) scanStruct(t *btf.Struct, off uint32) error {
	var seen fieldKind
	for _, m := range t.Members {
		if m.Offset%8 != 0 {
			return errFields
		}
		if err := s.scanField(m.Type, m.Tags, off+m.Offset.Bytes(), 0, &seen); err != nil {
			return err
		}
	}
	return nil
}

// scanField looks at one member or variable. size is a variable's, else 0.
//
// kernel: btf_find_field_one
func (s *fieldScan) scanField(t btf.Type, tags []string, off, size uint32, seen *fieldKind) error {
	count := uint32(1)
	for array, ok := t.(*btf.Array); ok; array, ok = t.(*btf.Array) {
		count *= array.Nelems
		t = array.Type
	}
	if count == 0 {
		return nil
	}
	ft, err := s.classify(t, seen)
	if err != nil {
		return err
	}
	first := len(s.list)
	switch {
	case ft == nil:
		inner, ok := t.(*btf.Struct)
		if !ok || size != 0 && size != inner.Size*count {
			return nil
		}
		if err := s.scanStruct(inner, off); err != nil {
			return err
		}
		return s.repeat(first, count, inner.Size)
	case size != 0 && size != ft.Size*count, off%ft.Align != 0:
		return nil
	}
	f := specialField{kind: fieldKind(ft.Field), off: off, size: ft.Size}
	if found, err := s.fill(&f, t, tags); err != nil || !found {
		return err
	}
	s.list = append(s.list, f)
	return s.repeat(first, count, ft.Size)
}

// classify tells what kind of special field a type could be, nil for none.
// Anything but a struct could be a tagged pointer.
//
// kernel: btf_get_field_type
func (s *fieldScan) classify(t btf.Type, seen *fieldKind) (*facts.SpecialField, error) {
	ft, ok := facts.SpecialStruct(t.TypeName())
	if ok && s.kinds&fieldKind(ft.Field) != 0 {
		if ft.Once {
			if *seen&fieldKind(ft.Field) != 0 {
				return nil, errFields
			}
			*seen |= fieldKind(ft.Field)
		}
		return ft, nil
	}
	if _, ok := t.(*btf.Struct); !ok && s.kinds&(fieldAnyKptr|fieldUptr) != 0 {
		return facts.Fields(fieldKptrRef).Info(), nil
	}
	return nil, nil
}

// fill completes a field; found is false for an ordinary member after all.
func (s *fieldScan) fill(f *specialField, t btf.Type, tags []string) (found bool, err error) {
	switch {
	case f.kind.isPointer():
		return s.fillPointer(f, t)
	case f.kind&fieldGraphRoot != 0:
		return true, s.fillRoot(f, tags)
	}
	st, ok := t.(*btf.Struct)
	return ok && st.Size == f.size, nil
}

// kernel: btf_find_kptr
func (s *fieldScan) fillPointer(f *specialField, t btf.Type) (found bool, err error) {
	tag, ok := pointerTag(t)
	if !ok {
		return false, nil
	}
	if _, second := tag.Type.(*btf.TypeTag); second {
		return false, errFields
	}
	f.kind = kptrKind(t)
	switch {
	case f.kind == 0:
		return false, errFields
	case s.kinds&f.kind == 0:
		return false, nil
	}
	target, ok := skipModifiers(tag.Type).(*btf.Struct)
	if !ok {
		return false, errFields
	}
	return true, s.resolvePointer(f, target)
}

// pointerTag is the tag of what a pointer points to.
func pointerTag(t btf.Type) (*btf.TypeTag, bool) {
	if volatile, ok := t.(*btf.Volatile); ok {
		t = volatile.Type
	}
	p, ok := t.(*btf.Pointer)
	if !ok {
		return nil, false
	}
	tag, ok := p.Target.(*btf.TypeTag)
	return tag, ok
}

// kptrKind is the kind of a tagged pointer, 0 for other types.
func kptrKind(t btf.Type) fieldKind {
	tag, ok := pointerTag(t)
	if !ok {
		return 0
	}
	for i := range facts.SpecialFields {
		if f := &facts.SpecialFields[i]; f.Name == tag.Value && fieldKind(f.Field).isPointer() {
			return fieldKind(f.Field)
		}
	}
	return 0
}

// resolvePointer finds the type pointed to: the kernel's of that name, or the
// program's own.
//
// kernel: btf_parse_kptr
func (s *fieldScan) resolvePointer(f *specialField, target *btf.Struct) error {
	if kernel := s.v.prog.KernelBTF; kernel != nil {
		if st := firstStruct(kernel, target.Name); st != nil {
			if dtor, ok := kptrDestructors[target.Name]; f.kind == fieldKptrRef && (!ok || !hasFunc(kernel, dtor)) {
				return errFields
			}
			id, err := kernel.TypeID(st)
			f.btf, f.typeID = state.KernelBTF, id
			return err
		}
	}
	id, err := s.v.prog.BTF.TypeID(target)
	f.btf, f.typeID = state.ProgramBTF, id
	return err
}

// kptrDestructors name the kernel function that drops an object a map owns, for
// each type that maps may own.
//
// kernel: register_btf_id_dtor_kfuncs
var kptrDestructors = map[string]string{
	"task_struct":         "bpf_task_release_dtor",
	"cgroup":              "bpf_cgroup_release_dtor",
	"bpf_cpumask":         "bpf_cpumask_release_dtor",
	"bpf_crypto_ctx":      "bpf_crypto_ctx_release_dtor",
	"sk_buff":             "bpf_kfree_skb_dtor",
	"prog_test_ref_kfunc": "bpf_kfunc_call_test_release_dtor",
	"prog_test_member":    "bpf_kfunc_call_memb_release_dtor",
}

// firstStruct is the struct of that name with the lowest id, nil for none.
func firstStruct(spec *btf.Spec, name string) *btf.Struct {
	types, err := spec.AnyTypesByName(name)
	if err != nil {
		return nil
	}
	for _, t := range types {
		if st, ok := t.(*btf.Struct); ok {
			return st
		}
	}
	return nil
}

func hasFunc(spec *btf.Spec, name string) bool {
	var fn *btf.Func
	return spec.TypeByName(name, &fn) == nil
}

// fillRoot finds what a list or tree holds, from the tag
// "contains:STRUCT:NODE".
//
// kernel: btf_find_graph_root, btf_parse_graph_root
func (s *fieldScan) fillRoot(f *specialField, tags []string) error {
	node := "bpf_list_node"
	if f.kind == fieldRbRoot {
		node = "bpf_rb_node"
	}
	var contains []string
	for _, tag := range tags {
		if rest, ok := strings.CutPrefix(tag, "contains:"); ok {
			contains = append(contains, rest)
		}
	}
	if len(contains) != 1 {
		return errFields
	}
	name, member, ok := strings.Cut(contains[0], ":")
	if !ok || member == "" {
		return errFields
	}
	var object *btf.Struct
	if err := s.v.prog.BTF.TypeByName(name, &object); err != nil {
		return errFields
	}
	for _, m := range object.Members {
		st, isStruct := m.Type.(*btf.Struct)
		if m.Name != member {
			continue
		}
		if !isStruct || st.Name != node || m.Offset%64 != 0 {
			return errFields
		}
		id, err := s.v.prog.BTF.TypeID(object)
		f.btf, f.typeID, f.nodeOff = state.ProgramBTF, id, m.Offset.Bytes()
		return err
	}
	return errFields
}

// repeat copies the fields found since first for the other elements of an
// array.
//
// kernel: btf_repeat_fields
func (s *fieldScan) repeat(first int, count, size uint32) error {
	element := s.list[first:]
	if len(element) == 0 {
		return nil
	}
	if count > 1 {
		for i := range element {
			if element[i].kind&fieldRepeatable == 0 {
				return errFields
			}
		}
	}
	if uint64(first)+uint64(len(element))*uint64(count) > maxFields {
		return errFields
	}
	for i := uint32(1); i < count; i++ {
		for j := range element {
			f := element[j]
			f.off += i * size
			s.list = append(s.list, f)
		}
	}
	return nil
}

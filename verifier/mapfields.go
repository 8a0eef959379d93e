// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"slices"
	"strings"

	"github.com/cilium/ebpf/btf"

	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// Special fields: members of map values and of allocated objects that only
// helpers and kfuncs may touch.
//
//	field              bytes  how it is declared
//	bpf_spin_lock      4      struct of that name; at most one
//	bpf_res_spin_lock  4      the same
//	bpf_timer          16     the same
//	bpf_wq             16     the same
//	bpf_task_work      8      the same
//	bpf_refcount       4      struct of that name
//	bpf_list_head      16     the same, with a contains: declaration tag
//	bpf_list_node      24     struct of that name
//	bpf_rb_root        16     the same, with a contains: declaration tag
//	bpf_rb_node        32     struct of that name
//	kptr, uptr         8      pointer whose type tag says which

// fieldKind is what a special field is, as a set.
type fieldKind uint16

// Kinds of special fields.
const (
	fieldSpinLock fieldKind = 1 << iota
	fieldResSpinLock
	fieldTimer
	fieldWorkqueue
	fieldTaskWork
	fieldRefcount
	fieldListHead
	fieldListNode
	fieldRBRoot
	fieldRBNode
	fieldKptrUnref
	fieldKptrRef
	fieldKptrPerCPU
	fieldUptr

	fieldKptr = fieldKptrUnref | fieldKptrRef | fieldKptrPerCPU
	// fieldUnique are those that a struct may hold only once.
	fieldUnique = fieldSpinLock | fieldResSpinLock | fieldTimer | fieldWorkqueue | fieldTaskWork
	// fieldRepeatable are those that arrays may hold.
	fieldRepeatable = fieldKptr | fieldUptr | fieldListHead | fieldRBRoot
)

// specialField is one such member.
//
// kernel: struct btf_field
type specialField struct {
	kind fieldKind
	// off and size are in bytes.
	off, size uint32
	// target is what a kptr points to, before it is looked up in the kernel.
	target btf.Type
	// contains is the "contains:type:member" of a list head or tree root.
	contains string
}

const maxSpecialFields = 11

// structFields are the special fields that are structs, by name.
var structFields = map[string]struct {
	kind        fieldKind
	size, align uint32
}{
	"bpf_spin_lock":     {fieldSpinLock, 4, 4},
	"bpf_res_spin_lock": {fieldResSpinLock, 4, 4},
	"bpf_timer":         {fieldTimer, 16, 8},
	"bpf_wq":            {fieldWorkqueue, 16, 8},
	"bpf_task_work":     {fieldTaskWork, 8, 8},
	"bpf_refcount":      {fieldRefcount, 4, 4},
	"bpf_list_head":     {fieldListHead, 16, 8},
	"bpf_list_node":     {fieldListNode, 24, 8},
	"bpf_rb_root":       {fieldRBRoot, 16, 8},
	"bpf_rb_node":       {fieldRBNode, 32, 8},
}

// kptrTags are the type tags that make a pointer a special field.
var kptrTags = map[string]fieldKind{
	"kptr_untrusted": fieldKptrUnref, "kptr": fieldKptrRef, "percpu_kptr": fieldKptrPerCPU, "uptr": fieldUptr,
}

// mapValueFields are the fields that map values may hold.
const mapValueFields = fieldSpinLock | fieldResSpinLock | fieldTimer | fieldKptr | fieldListHead | fieldRBRoot |
	fieldRefcount | fieldWorkqueue | fieldUptr | fieldTaskWork

// allocFields are the fields that allocated objects may hold.
const allocFields = fieldSpinLock | fieldResSpinLock | fieldListHead | fieldListNode | fieldRBRoot | fieldRBNode |
	fieldRefcount | fieldKptr

// fieldFinder collects the special fields of a type.
//
// kernel: btf_find_field
type fieldFinder struct {
	mask   fieldKind
	fields []specialField
	// broken says that the kernel refuses the type.
	broken bool
}

// parseFields finds the special fields of t, in ascending order. ok is false
// for a type that the kernel refuses.
//
// kernel: btf_parse_fields
func parseFields(t btf.Type, mask fieldKind) (fields []specialField, ok bool) {
	f := fieldFinder{mask: mask}
	switch t := t.(type) {
	case *btf.Struct:
		f.members(t.Members, 0)
	case *btf.Union:
		f.members(t.Members, 0)
	case *btf.Datasec:
		seen := fieldKind(0)
		for i := range t.Vars {
			v, isVar := t.Vars[i].Type.(*btf.Var)
			if !isVar {
				continue
			}
			f.one(v.Type, v.Tags, t.Vars[i].Offset, t.Vars[i].Size, &seen, 0)
		}
	default:
		return nil, true
	}
	if f.broken || len(f.fields) > maxSpecialFields {
		return nil, false
	}
	slices.SortStableFunc(f.fields, func(a, b specialField) int { return int(a.off) - int(b.off) })
	return f.fields, true
}

const maxFieldDepth = 32

// members collects the fields of a struct's members.
//
// kernel: btf_find_struct_field
func (f *fieldFinder) members(members []btf.Member, depth int) {
	seen := fieldKind(0)
	for i := range members {
		m := &members[i]
		f.one(m.Type, m.Tags, m.Offset.Bytes(), 0, &seen, depth)
	}
}

// one collects the fields of one member or variable of type t. size is the
// room that a variable has in its section, 0 if it does not matter.
//
// kernel: btf_find_field_one
func (f *fieldFinder) one(t btf.Type, tags []string, off, size uint32, seen *fieldKind, depth int) {
	count := uint32(1)
	for a, ok := t.(*btf.Array); ok; a, ok = t.(*btf.Array) {
		count *= a.Nelems
		t = a.Type
	}
	if count == 0 || f.broken || depth >= maxFieldDepth {
		return
	}
	_, isStruct := structName(t)
	special, known := structFields[t.TypeName()]
	switch {
	case known && special.kind&f.mask != 0:
		if special.kind&fieldUnique != 0 {
			if *seen&special.kind != 0 {
				f.broken = true
				return
			}
			*seen |= special.kind
		}
		if !isStruct || off%special.align != 0 || size != 0 && size != special.size*count {
			return
		}
		f.add(specialField{kind: special.kind, off: off, size: special.size, contains: containsTag(tags)}, count)
	case isStruct:
		f.nested(t, off, size, count, depth)
	default:
		f.pointer(t, off, size, count)
	}
}

// nested collects the fields of a struct member, once for each element.
//
// kernel: btf_find_nested_struct
func (f *fieldFinder) nested(t btf.Type, off, size, count uint32, depth int) {
	inner := fieldFinder{mask: f.mask}
	var width uint32
	switch s := t.(type) {
	case *btf.Struct:
		width = s.Size
		if size != 0 && size != width*count {
			return
		}
		inner.members(s.Members, depth+1)
	case *btf.Union:
		width = s.Size
		if size != 0 && size != width*count {
			return
		}
		inner.members(s.Members, depth+1)
	}
	f.broken = f.broken || inner.broken
	for i := range inner.fields {
		if count > 1 && inner.fields[i].kind&fieldRepeatable == 0 {
			f.broken = true
			return
		}
	}
	if uint64(len(inner.fields))*uint64(count) > maxSpecialFields {
		f.broken = f.broken || len(inner.fields) != 0
		return
	}
	for n := range count {
		for _, field := range inner.fields {
			field.off += off + n*width
			f.fields = append(f.fields, field)
		}
	}
}

// pointer collects a pointer whose type tag makes it a kptr.
//
// kernel: btf_find_kptr
func (f *fieldFinder) pointer(t btf.Type, off, size, count uint32) {
	if vol, ok := t.(*btf.Volatile); ok {
		t = vol.Type
	}
	ptr, ok := t.(*btf.Pointer)
	if !ok || off%8 != 0 || size != 0 && size != 8*count {
		return
	}
	tag, ok := ptr.Target.(*btf.TypeTag)
	if !ok {
		return
	}
	kind, known := kptrTags[tag.Value]
	if _, twice := tag.Type.(*btf.TypeTag); twice || !known {
		f.broken = true
		return
	}
	if kind&f.mask == 0 {
		return
	}
	target := skipModifiers(tag.Type)
	if _, isStruct := structName(target); !isStruct {
		if _, isFwd := target.(*btf.Fwd); !isFwd {
			f.broken = true
			return
		}
	}
	f.add(specialField{kind: kind, off: off, size: 8, target: target}, count)
}

// add appends a field once for each element of an array.
func (f *fieldFinder) add(field specialField, count uint32) {
	if count > 1 && field.kind&fieldRepeatable == 0 || count > maxSpecialFields {
		f.broken = true
		return
	}
	for n := range count {
		one := field
		one.off += n * field.size
		f.fields = append(f.fields, one)
	}
}

func containsTag(tags []string) string {
	for _, tag := range tags {
		if text, ok := strings.CutPrefix(tag, "contains:"); ok {
			return text
		}
	}
	return ""
}

// fieldsOf are the special fields of the values of map m, ascending.
func (v *verifier) fieldsOf(m state.MapRef) []specialField { return v.mapFields[m] }

// hasField tells whether values of map m hold a special field of one of kinds.
func (v *verifier) hasField(m state.MapRef, kinds ...fieldKind) bool {
	for i := range v.mapFields[m] {
		for _, kind := range kinds {
			if v.mapFields[m][i].kind&kind != 0 {
				return true
			}
		}
	}
	return false
}

// loadTables fills the tables of maps and BTF that registers refer to: the
// program's maps in the order of the object, then the templates of inner
// maps.
func (v *verifier) loadTables() {
	v.maps = append(v.maps[:0], nil)
	v.maps = append(v.maps, v.prog.Maps...)
	v.innerMaps = make([]state.MapRef, len(v.maps))
	for i := 1; i < len(v.maps); i++ {
		if inner := v.maps[i].Inner; inner != nil {
			v.innerMaps[i] = state.MapRef(len(v.maps))
			v.maps = append(v.maps, inner)
			v.innerMaps = append(v.innerMaps, 0)
		}
	}
	v.mapFields = make([][]specialField, len(v.maps))
	for i := 1; i < len(v.maps); i++ {
		m := v.maps[i]
		if m.ValueTypeID == 0 || v.prog.BTF == nil {
			continue
		}
		t, err := v.prog.BTF.TypeByID(btf.TypeID(m.ValueTypeID))
		if err != nil {
			continue
		}
		if fields, ok := parseFields(skipModifiers(t), mapValueFields); ok {
			v.mapFields[i] = fields
		}
	}
	v.btfs = []btfTable{{}, {spec: v.prog.KernelBTF, kernel: true}, {spec: v.prog.BTF}}
}

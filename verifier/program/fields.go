// SPDX-License-Identifier: GPL-2.0-only

package program

import (
	"cmp"
	"slices"
	"strings"

	"github.com/cilium/ebpf/btf"

	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
)

// Special fields: members of a map value, or of an object that a program
// allocates, that only their own calls may touch. They are found by the names
// of their types, pointers by a type tag, in nested structs and arrays too. A
// type whose special fields make no sense has none at all.

// Sets of special fields.
const (
	fieldsLock = facts.FieldSpinLock | facts.FieldResSpinLock
	// FieldsOfMaps are looked for in the values of maps.
	FieldsOfMaps = ^facts.FieldsGraphNode
	// FieldsOfObjects are looked for in objects that programs allocate.
	FieldsOfObjects = fieldsLock | facts.FieldsGraphRoot | facts.FieldsGraphNode | facts.FieldRefcount |
		facts.FieldsKptr
	fieldsPointer    = facts.FieldsKptr | facts.FieldUptr
	fieldsRepeatable = fieldsPointer | facts.FieldsGraphRoot
)

// Field is one special field.
//
// kernel: struct btf_field
type Field struct {
	Kind      facts.Fields // one bit
	Off, Size uint32       // bytes
	// TypeID is what a pointer points to or a graph root holds: in the
	// kernel's BTF if InKernel, else in the object's.
	TypeID   btf.TypeID
	InKernel bool
	// NodeOff is where a graph root's objects have their node.
	NodeOff uint32

	owner, member string // the struct and its member that the field is
}

// FieldProblem is why the kernel refuses special fields.
type FieldProblem uint8

// The problems of special fields.
const (
	FieldRepeated       FieldProblem = iota + 1 // one of a kind that a struct may have once
	FieldInArray                                // in an array, of a kind that may not
	FieldsTooMany                               // more than maxFields
	FieldOverlap                                // out of order, as in a union
	FieldsBothLocks                             // two kinds of locks
	FieldWithoutLock                            // a list or tree without a lock beside it
	FieldNodesUncounted                         // nodes of a list and of a tree, but no reference count
	FieldTag                                    // a pointer with a tag that the kernel does not know, or two
	FieldPointee                                // a pointer to something that is not a struct
	FieldIncomplete                             // a pointer to a struct that the object does not define
	FieldNotOwned                               // a pointer to a kernel type that maps cannot own
	FieldNoContains                             // a list or tree without exactly one tag that says what it holds
	FieldContainsType                           // a list or tree of a struct that is not there
	FieldContainsNode                           // a list or tree whose struct has no such node
	FieldBitOffset                              // a bit field beside it
	FieldMisplaced                              // at an offset where the kernel does not see it
)

// FieldFault says which special field the kernel refuses, and why.
type FieldFault struct {
	Problem        FieldProblem
	Struct, Member string // where it is; "" for a struct without a name, or if the fault is of the struct
	Field          string // its kind, such as "bpf_timer"
	Of             string // the type that it points to or holds, or its tag
	Node           string // the node that it names
}

// maxFields is how many special fields a type may have.
//
// kernel: BTF_FIELDS_MAX
const maxFields = 11

// fieldScan collects special fields.
type fieldScan struct {
	own, kernel *btf.Spec
	kinds       facts.Fields // wanted
	list        []Field
	owner       string // the struct that is looked at
	depth       int    // of structs in structs
	left        int    // members that may still be looked at
	lenient     bool   // passes over what is not a special field, but in the way of others
}

// Limits of what is looked at: the kernel's of nesting, and one that no type of
// a compiler's comes near.
const (
	maxFieldDepth   = 32
	maxFieldMembers = 1 << 18
)

// ParseFields finds the special fields of the wanted kinds in a struct or data
// section of size bytes, by offset. own and kernel are the object's types and
// the kernel's, which may be nil.
//
// kernel: btf_parse_fields
func ParseFields(own, kernel *btf.Spec, t btf.Type, kinds facts.Fields, size uint32) ([]Field, *FieldFault) {
	s := fieldScan{own: own, kernel: kernel, kinds: kinds, left: maxFieldMembers}
	if f := s.scan(t); f != nil || len(s.list) == 0 {
		return nil, f
	}
	end, all := uint32(0), facts.Fields(0)
	for i := range s.list {
		f := &s.list[i]
		if f.Off < end || f.Off+f.Size > size {
			return nil, f.fault(FieldOverlap)
		}
		end = f.Off + f.Size
		all |= f.Kind
	}
	first := func(kinds facts.Fields) *Field {
		return &s.list[slices.IndexFunc(s.list, func(f Field) bool { return f.Kind&kinds != 0 })]
	}
	switch {
	case all&fieldsLock == fieldsLock:
		return nil, first(facts.FieldResSpinLock).fault(FieldsBothLocks)
	case all&facts.FieldsGraphRoot != 0 && all&fieldsLock == 0:
		return nil, first(facts.FieldsGraphRoot).fault(FieldWithoutLock)
	case all&facts.FieldsGraphNode == facts.FieldsGraphNode && all&facts.FieldRefcount == 0:
		return nil, first(facts.FieldRbNode).fault(FieldNodesUncounted)
	}
	slices.SortFunc(s.list, func(a, b Field) int { return cmp.Compare(a.Off, b.Off) })
	return s.list, nil
}

// matters reports whether a fault takes special fields away: a bit field or the tag
// of a pointer are in the way of nothing where there are none.
func (f *FieldFault) matters(own, kernel *btf.Spec, t btf.Type, kinds facts.Fields) bool {
	if f.Problem != FieldBitOffset && f.Problem != FieldTag {
		return true
	}
	s := fieldScan{own: own, kernel: kernel, kinds: kinds, left: maxFieldMembers, lenient: true}
	return s.scan(t) != nil || len(s.list) > 0
}

func (f *Field) fault(p FieldProblem) *FieldFault {
	return &FieldFault{Problem: p, Struct: f.owner, Member: f.member, Field: f.Kind.Info().Name}
}

// kernel: btf_find_field
func (s *fieldScan) scan(t btf.Type) *FieldFault {
	switch t := t.(type) {
	case *btf.Struct:
		return s.scanStruct(t, 0)
	case *btf.Datasec:
		var seen facts.Fields
		for _, entry := range t.Vars {
			variable, ok := entry.Type.(*btf.Var)
			if !ok {
				continue
			}
			m := btf.Member{Name: variable.Name, Type: variable.Type, Tags: variable.Tags}
			if f := s.scanField(&m, entry.Offset, entry.Size, &seen); f != nil {
				return f
			}
		}
		return nil
	}
	return &FieldFault{Problem: FieldMisplaced}
}

// kernel: btf_find_struct_field
func (s *fieldScan) scanStruct(t *btf.Struct, off uint32) *FieldFault {
	outer := s.owner
	defer func() { s.owner, s.depth = outer, s.depth-1 }()
	s.owner, s.depth, s.left = t.Name, s.depth+1, s.left-len(t.Members)
	if s.depth > maxFieldDepth || s.left < 0 {
		return &FieldFault{Problem: FieldsTooMany, Struct: t.Name}
	}
	var seen facts.Fields
	for i := range t.Members {
		m := &t.Members[i]
		if m.Offset%8 != 0 && s.lenient {
			continue
		}
		if m.Offset%8 != 0 {
			return &FieldFault{Problem: FieldBitOffset, Struct: t.Name, Member: m.Name}
		}
		if f := s.scanField(m, off+m.Offset.Bytes(), 0, &seen); f != nil {
			return f
		}
	}
	return nil
}

// scanField looks at one member or variable. size is a variable's, else 0.
//
// kernel: btf_find_field_one
func (s *fieldScan) scanField(m *btf.Member, off, size uint32, seen *facts.Fields) *FieldFault {
	count, t := uint32(1), m.Type
	for array, ok := t.(*btf.Array); ok; array, ok = t.(*btf.Array) {
		count *= array.Nelems
		t = array.Type
	}
	if count == 0 {
		return nil
	}
	ft, again := s.classify(t, seen)
	f := Field{Off: off, owner: s.owner, member: m.Name}
	if again {
		f.Kind = ft.Field
		return f.fault(FieldRepeated)
	}
	first := len(s.list)
	switch {
	case ft == nil:
		inner, ok := t.(*btf.Struct)
		if !ok || size != 0 && size != inner.Size*count {
			return nil
		}
		if f := s.scanStruct(inner, off); f != nil {
			return f
		}
		return s.repeat(first, count, inner.Size)
	case size != 0 && size != ft.Size*count, off%ft.Align != 0:
		return nil
	}
	f.Kind, f.Size = ft.Field, ft.Size
	if found, fault := s.fill(&f, t, m.Tags); fault != nil || !found {
		return fault
	}
	s.list = append(s.list, f)
	return s.repeat(first, count, ft.Size)
}

// classify returns what kind of special field a type could be, nil for none, and
// whether it is one too many. Anything but a struct could be a tagged pointer.
//
// kernel: btf_get_field_type
func (s *fieldScan) classify(t btf.Type, seen *facts.Fields) (ft *facts.SpecialField, again bool) {
	if ft, ok := facts.SpecialStruct(t.TypeName()); ok && s.kinds&ft.Field != 0 {
		if ft.Once {
			again = *seen&ft.Field != 0
			*seen |= ft.Field
		}
		return ft, again
	}
	if _, ok := t.(*btf.Struct); !ok && s.kinds&fieldsPointer != 0 {
		return facts.FieldKptrRef.Info(), false
	}
	return nil, false
}

// fill completes a field; found is false for an ordinary member after all.
func (s *fieldScan) fill(f *Field, t btf.Type, tags []string) (found bool, fault *FieldFault) {
	switch {
	case f.Kind&fieldsPointer != 0:
		return s.fillPointer(f, t)
	case f.Kind&facts.FieldsGraphRoot != 0:
		return true, s.fillRoot(f, tags)
	}
	st, ok := t.(*btf.Struct)
	return ok && st.Size == f.Size, nil
}

// kernel: btf_find_kptr
func (s *fieldScan) fillPointer(f *Field, t btf.Type) (found bool, fault *FieldFault) {
	tag, ok := pointerTag(t)
	if !ok {
		return false, nil
	}
	refused := func(p FieldProblem, of string) (bool, *FieldFault) {
		fault := f.fault(p)
		fault.Of = of
		return false, fault
	}
	if second, ok := tag.Type.(*btf.TypeTag); ok {
		return refused(FieldTag, second.Value)
	}
	kind := PointerKind(t)
	switch {
	case kind == 0 && s.lenient && !strings.Contains(tag.Value, "ptr"):
		return false, nil // a tag for another tool
	case kind == 0:
		return refused(FieldTag, tag.Value)
	case s.kinds&kind == 0:
		return false, nil
	}
	f.Kind = kind
	under := btf.UnderlyingType(tag.Type)
	target, ok := under.(*btf.Struct)
	if _, fwd := under.(*btf.Fwd); fwd {
		return refused(FieldIncomplete, under.TypeName())
	}
	if !ok {
		return refused(FieldPointee, under.TypeName())
	}
	if !s.resolvePointer(f, target) {
		return refused(FieldNotOwned, target.Name)
	}
	return true, nil
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

// PointerKind is the kind of special field that a tagged pointer is, 0 for
// other types.
func PointerKind(t btf.Type) facts.Fields {
	tag, ok := pointerTag(t)
	if !ok {
		return 0
	}
	for i := range facts.SpecialFields {
		if f := &facts.SpecialFields[i]; f.Name == tag.Value && f.Field&fieldsPointer != 0 {
			return f.Field
		}
	}
	return 0
}

// resolvePointer finds the type pointed to: the kernel's of that name, or the
// program's own. It is false for a kernel type that no map may own.
//
// kernel: btf_parse_kptr
func (s *fieldScan) resolvePointer(f *Field, target *btf.Struct) bool {
	if st := FirstStruct(s.kernel, target.Name); st != nil {
		drops := func(name string) bool { return hasFunc(s.kernel, name) }
		if f.Kind == facts.FieldKptrRef && !slices.ContainsFunc(kptrDestructors[target.Name], drops) {
			return false
		}
		id, err := s.kernel.TypeID(st)
		f.InKernel, f.TypeID = true, id
		return err == nil
	}
	id, err := s.own.TypeID(target)
	f.TypeID = id
	return err == nil
}

// kptrDestructors name the kernel function that drops an object a map owns, for
// each type that maps may own. Earlier releases of a kernel may have another one.
//
// kernel: register_btf_id_dtor_kfuncs
var kptrDestructors = map[string][]string{
	"task_struct":         {"bpf_task_release_dtor"},
	"cgroup":              {"bpf_cgroup_release_dtor"},
	"bpf_cpumask":         {"bpf_cpumask_release_dtor"},
	"bpf_crypto_ctx":      {"bpf_crypto_ctx_release_dtor"},
	"sk_buff":             {"bpf_kfree_skb_dtor", "bpf_kfree_skb"},
	"prog_test_ref_kfunc": {"bpf_kfunc_call_test_release_dtor"},
	"prog_test_member":    {"bpf_kfunc_call_memb_release_dtor"},
}

// FirstStruct is the struct of that name with the lowest id, nil for none.
func FirstStruct(spec *btf.Spec, name string) *btf.Struct {
	if spec == nil {
		return nil
	}
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

// nodeNames are the structs that lists and trees are linked by.
var nodeNames = map[facts.Fields]string{facts.FieldListHead: "bpf_list_node", facts.FieldRbRoot: "bpf_rb_node"}

// fillRoot finds what a list or tree holds, from the tag
// "contains:STRUCT:NODE".
//
// kernel: btf_find_graph_root, btf_parse_graph_root
func (s *fieldScan) fillRoot(f *Field, tags []string) *FieldFault {
	fault := f.fault(FieldNoContains)
	var contains []string
	for _, tag := range tags {
		if rest, ok := strings.CutPrefix(tag, "contains:"); ok {
			contains = append(contains, rest)
		}
	}
	if len(contains) != 1 {
		return fault
	}
	fault.Of, fault.Node, _ = strings.Cut(contains[0], ":")
	if fault.Node == "" {
		return fault
	}
	object := FirstStruct(s.own, fault.Of)
	if object == nil {
		fault.Problem = FieldContainsType
		return fault
	}
	fault.Problem = FieldContainsNode
	for _, m := range object.Members {
		st, isStruct := m.Type.(*btf.Struct)
		if m.Name != fault.Node {
			continue
		}
		if !isStruct || st.Name != nodeNames[f.Kind] || m.Offset%64 != 0 {
			return fault
		}
		id, err := s.own.TypeID(object)
		if err != nil {
			return fault
		}
		f.TypeID, f.NodeOff = id, m.Offset.Bytes()
		return nil
	}
	return fault
}

// repeat copies the fields found since first for the other elements of an
// array.
//
// kernel: btf_repeat_fields
func (s *fieldScan) repeat(first int, count, size uint32) *FieldFault {
	element := s.list[first:]
	if len(element) == 0 {
		return nil
	}
	if count > 1 {
		for i := range element {
			if element[i].Kind&fieldsRepeatable == 0 {
				return element[i].fault(FieldInArray)
			}
		}
	}
	if uint64(first)+uint64(len(element))*uint64(count) > maxFields {
		return element[0].fault(FieldsTooMany)
	}
	for i := uint32(1); i < count; i++ {
		for j := range element {
			f := element[j]
			f.Off += i * size
			s.list = append(s.list, f)
		}
	}
	return nil
}

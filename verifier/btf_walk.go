// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/cilium/ebpf/btf"

	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// Walking a struct: what lies at an offset of a type? The walk goes down
// nested structs, unions and arrays until it finds
//
//	a number            any access inside it, or inside an array of it
//	a pointer           the access must be exactly the pointer
//	a nested struct     that begins right at the offset
//
// A union of several members yields untrusted pointers only. A last member
// that is an array without length extends kernel structs; what a program
// allocates has no more than its size.

// walkResult is what a step of the walk found.
type walkResult uint8

const (
	walkScalar  walkResult = iota
	walkPtr                // a pointer to a struct
	walkAnyPtr             // a pointer to something else
	walkStruct             // a nested struct at the offset
	walkFaulted            // nothing that may be accessed
)

// structWalk looks for what lies at off of typ.
//
// kernel: btf_struct_walk
type structWalk struct {
	typ       btf.Type
	off, size uint32 // bytes
	// flexible lets an array without length extend a struct.
	flexible bool
	// flags collect what the way and the type tags say of a pointer found.
	flags uint32
	// next is the struct found or pointed to, field the pointer member's name.
	next  btf.Type
	field string
	// errno, refusal and known say what is wrong when nothing was found.
	errno   int
	refusal fault.Message[fault.MemberAccess]
	known   fault.MemberAccess
}

// refuse says what is wrong with the access to a struct, and to its member.
func (w *structWalk) refuse(errno int, what fault.Message[fault.MemberAccess], name, member string,
	end uint32) walkResult {
	w.errno, w.refusal = errno, what
	w.known = fault.MemberAccess{
		StructAccess: fault.StructAccess{Struct: name}, Member: member, At: int64(int32(w.off)), Len: int64(w.size),
		End: int64(end),
	}
	return walkFaulted
}

// step walks until a number, a pointer or the begin of a nested struct.
func (w *structWalk) step() walkResult {
	for {
		t := skipModifiers(w.typ)
		members, size, ok := membersOf(t)
		if !ok {
			return w.refuse(einval, fault.NotAStruct, namedOrAnon(t), "", 0)
		}
		if _, union := t.(*btf.Union); union && len(members) != 1 {
			w.flags |= regtype.Untrusted
		}
		if w.off+w.size > size {
			if scalar, ok := w.enterFlexibleArray(members); !ok {
				return w.refuse(eacces, fault.BeyondStruct, namedOrAnon(t), "", size)
			} else if scalar {
				return walkScalar
			}
			continue
		}
		result, again := w.findMember(namedOrAnon(t), members)
		if !again {
			return result
		}
	}
}

// enterFlexibleArray takes an offset after the struct to an element of its
// last member, if that is an array without length.
func (w *structWalk) enterFlexibleArray(members []btf.Member) (scalar, ok bool) {
	if len(members) == 0 || !w.flexible {
		return false, false
	}
	last := &members[len(members)-1]
	array, isArray := skipModifiers(last.Type).(*btf.Array)
	if !isArray || array.Nelems != 0 || w.off < last.Offset.Bytes() {
		return false, false
	}
	element := skipModifiers(array.Type)
	if _, isInt := element.(*btf.Int); isInt {
		return true, true
	}
	_, size, isStruct := membersOf(element)
	if !isStruct || size == 0 {
		return false, false
	}
	w.typ, w.off = element, (w.off-last.Offset.Bytes())%size
	return false, true
}

// findMember looks for the member at the offset; again says that the walk
// goes on inside it.
func (w *structWalk) findMember(name string, members []btf.Member) (result walkResult, again bool) {
	for i := range members {
		m := &members[i]
		at := m.Offset.Bytes()
		if w.off+w.size <= at {
			break
		}
		if m.BitfieldSize != 0 {
			end := uint32(m.Offset+m.BitfieldSize+7) / 8
			if w.off <= at && end <= w.off+w.size {
				return walkScalar, false
			}
			continue
		}
		if w.off < at {
			break // a hole
		}
		f, ok := fieldAt(m, at, w.off)
		switch {
		case !ok:
			return w.refuse(efault, fault.UnsizedMember, name, memberName(m), 0), false
		case f.typ == nil:
			continue
		}
		return w.inspect(name, m, &f)
	}
	return w.refuse(einval, fault.NoMember, name, "", 0), false
}

// memberField is a member, or the array element of it, at an offset.
type memberField struct {
	typ      btf.Type // without modifiers
	declared btf.Type // as the kernel's BTF refers to it
	off      uint32   // of the element
	size     uint32
	end      uint32 // of the whole member
}

// fieldAt finds the element of m that off lies in; its typ is nil if m ends
// before off. ok is false for a member without size.
func fieldAt(m *btf.Member, at, off uint32) (f memberField, ok bool) {
	size, ok := typeSize(m.Type)
	if !ok {
		return f, false
	}
	f = memberField{off: at, size: size, end: at + size}
	if off >= f.end {
		return f, true
	}
	f.declared, f.typ = m.Type, skipModifiers(m.Type)
	total := uint32(1)
	array, isArray := f.typ.(*btf.Array)
	if !isArray {
		f.declared = f.typ
		return f, true
	}
	for isArray {
		total *= array.Nelems
		f.declared, f.typ = array.Type, skipModifiers(array.Type)
		array, isArray = f.typ.(*btf.Array)
	}
	f.size /= total
	f.off += (off - at) / f.size * f.size
	return f, true
}

// inspect decides about the member or element f.
func (w *structWalk) inspect(name string, m *btf.Member, f *memberField) (result walkResult, again bool) {
	if _, _, isStruct := membersOf(f.typ); isStruct {
		if w.off == f.off {
			w.next = f.declared
			return walkStruct, false
		}
		w.typ, w.off = f.typ, w.off-f.off
		return 0, true
	}
	if p, isPtr := f.typ.(*btf.Pointer); isPtr {
		if f.size != w.size || f.off != w.off {
			return w.refuse(eacces, fault.PartOfPointerMember, name, memberName(m), f.off), false
		}
		target := skipModifiers(p.Target)
		if _, _, isStruct := membersOf(target); !isStruct {
			return walkAnyPtr, false
		}
		w.next, w.field = target, m.Name
		w.flags |= tagFlags(p.Target)
		return walkPtr, false
	}
	if w.off+w.size > f.end && w.flags&regtype.Untrusted == 0 {
		return w.refuse(eacces, fault.BeyondMember, name, memberName(m), f.end), false
	}
	return walkScalar, false
}

// memberName is the name of a member as the log shows it.
func memberName(m *btf.Member) string {
	if m.Name == "" {
		return "(anon)"
	}
	return m.Name
}

// tagFlags are what a type tag says of pointers to a type.
func tagFlags(target btf.Type) uint32 {
	tag, ok := target.(*btf.TypeTag)
	if !ok {
		return 0
	}
	switch tag.Value {
	case "user":
		return regtype.User
	case "percpu":
		return regtype.PerCPU
	case "rcu":
		return regtype.RCU
	}
	return 0
}

// membersOf are the members and size of a struct or union.
func membersOf(t btf.Type) (members []btf.Member, size uint32, ok bool) {
	switch t := t.(type) {
	case *btf.Struct:
		return t.Members, t.Size, true
	case *btf.Union:
		return t.Members, t.Size, true
	}
	return nil, 0, false
}

// btfType is a type of one of the verification's BTF containers, nil if there
// is none.
func (v *verifier) btfType(b state.BTFRef, id uint32) btf.Type {
	spec := v.btfs[b].spec
	if spec == nil {
		return nil
	}
	t, err := spec.TypeByID(btf.TypeID(id))
	if err != nil {
		return nil
	}
	return t
}

// btfID is the id of a type that was found in container b.
func (v *verifier) btfID(b state.BTFRef, t btf.Type) uint32 {
	id, err := v.btfs[b].spec.TypeID(t)
	if err != nil {
		return 0
	}
	return uint32(id)
}

// btfName is the name of a type of container b.
//
// kernel: btf_type_name
func (v *verifier) btfName(b state.BTFRef, id uint32) string {
	if t := v.btfType(b, id); t != nil {
		return t.TypeName()
	}
	return ""
}

// structsMatch reports whether a pointer to off inside of type id is one to the
// wanted type: the same, or unless strict one that a struct begins with. The
// log shows why a walk ended, even if the caller tries something else then.
//
// kernel: btf_struct_ids_match
func (v *verifier) structsMatch(b state.BTFRef, id uint32, off int32, wantBTF state.BTFRef, want uint32,
	strict bool) bool {
	same := func(id uint32) bool { return b == wantBTF && id == want }
	if off == 0 && same(id) {
		return true
	}
	if strict {
		return false
	}
	w := structWalk{typ: v.btfType(b, id), off: uint32(off), size: 1, flexible: b == state.KernelBTF}
	if w.typ == nil {
		return false
	}
	for {
		switch w.step() {
		case walkFaulted:
			v.sayFault(w.refusal.Of(w.known))
			return false
		case walkStruct:
		default:
			return false
		}
		if same(v.btfID(b, w.next)) {
			return true
		}
		w.typ, w.off = w.next, 0
	}
}

// SPDX-License-Identifier: GPL-2.0-only

package dwarfmap

import (
	"debug/dwarf"
	"strconv"
	"strings"
)

// Object is a variable in a stack frame.
type Object struct {
	Var
	Size int64 // in bytes
	At   int64 // which of its bytes was asked for
	Decl Pos   // its line is 0 if that is not known
}

// SlotObject returns the variable that lies at an offset from R10 in the frame of
// the instruction's function.
func (ix *Index) SlotObject(pc, off int) (Object, bool) {
	f, at, ok := ix.slot(pc, int64(off))
	if !ok || f.place.size != 0 {
		return Object{}, false
	}
	size := ix.info.size(f.v.typ)
	return Object{Var: f.Var, Size: int64(size), At: int64(at), Decl: f.v.decl}, size > 0
}

// SlotOf returns the variable of a name in the frame of the instruction's function, whole;
// At is where an offset from R10 is in it, which may be before or behind it.
func (ix *Index) SlotOf(pc int, name string, off int) (out Object, ok bool) {
	ix.visible(pc, func(f found) {
		if ok || f.v.name != name || f.place.kind != inFrame || f.place.size != 0 {
			return
		}
		size := ix.info.size(f.v.typ)
		out, ok = Object{Var: f.Var, Size: int64(size), At: int64(off) - f.place.off, Decl: f.v.decl}, size > 0
	})
	return out, ok
}

// Number is what the type of a variable says about the numbers that it takes.
type Number struct {
	Type   string // as it is declared: "__u8"
	Size   int64  // in bytes
	Signed bool
}

// NumberOf describes the variable of a name that can be seen at an instruction;
// false if it is not a number.
func (ix *Index) NumberOf(pc int, name string) (out Number, ok bool) {
	v := ix.named(pc, name)
	if v == nil {
		return Number{}, false
	}
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	return ix.info.number(v.typ)
}

// named is the innermost variable of a name that can be seen at an instruction.
func (ix *Index) named(pc int, name string) (out *variable) {
	ix.visible(pc, func(f found) {
		if out == nil && f.v.name == name {
			out = f.v
		}
	})
	return out
}

// namedNear is the innermost variable of a name that can be seen at an instruction, or one in
// another block of its function; nil if there is none, or several of different types. An
// instruction that the compiler made of two is in the block of one of them.
func (ix *Index) namedNear(pc int, name string) (out *variable) {
	if v := ix.named(pc, name); v != nil {
		return v
	}
	chain, _ := ix.chain(pc)
	i := len(chain) - 1
	for i > 0 && chain[i].name == "" {
		i--
	}
	if i < 0 {
		return nil
	}
	several := false
	var search func(s *scope)
	search = func(s *scope) {
		for j := range s.vars {
			if s.vars[j].name == name {
				several = several || out != nil && out.typ != s.vars[j].typ
				out = &s.vars[j]
			}
		}
		for _, child := range s.inner {
			if child.name == "" {
				search(child)
			}
		}
	}
	if search(chain[i]); several {
		return nil
	}
	return out
}

// The encodings of DWARF base types that are signed.
const (
	encodingSigned     = 5
	encodingSignedChar = 6
	encodingUnsigned   = 7
	encodingUChar      = 8
)

func (d *debugInfo) number(off dwarf.Offset) (Number, bool) {
	n := Number{Type: d.typeName(off), Size: int64(d.size(off))}
	e, _ := d.resolve(off)
	if e == nil || e.Tag != dwarf.TagBaseType {
		return n, false
	}
	encoding, _ := e.Val(dwarf.AttrEncoding).(int64)
	n.Signed = encoding == encodingSigned || encoding == encodingSignedChar
	return n, n.Signed || encoding == encodingUnsigned || encoding == encodingUChar
}

// typeName is the name of a type as a declaration gives it, without qualifiers.
func (d *debugInfo) typeName(off dwarf.Offset) string {
	r := d.data.Reader()
	for range maxTypeSteps {
		if off == 0 {
			return ""
		}
		r.Seek(off)
		e, err := r.Next()
		if err != nil || e == nil {
			return ""
		}
		if name, ok := e.Val(dwarf.AttrName).(string); ok {
			return name
		}
		off, _ = e.Val(dwarf.AttrType).(dwarf.Offset)
	}
	return ""
}

// Pointed is what an access through a pointer variable reads or writes.
type Pointed struct {
	Variable string
	At, Size int64 // bytes behind what the variable points to
}

// Through works out where a C expression such as `ip6->daddr.in6_u.u6_addr32[0]`
// lies behind the variable that it starts with. Indexes must be numbers.
func (ix *Index) Through(pc int, expr string) (out Pointed, ok bool) {
	name, rest, ok := strings.Cut(expr, "->")
	if !ok {
		return Pointed{}, false
	}
	v := ix.namedNear(pc, strings.TrimSpace(name))
	if v == nil {
		return Pointed{}, false
	}
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	e, _ := ix.info.resolve(v.typ)
	if e == nil || e.Tag != dwarf.TagPointerType {
		return Pointed{}, false
	}
	typ, _ := e.Val(dwarf.AttrType).(dwarf.Offset)
	at, typ, ok := ix.info.follow(typ, "."+rest)
	return Pointed{Variable: v.name, At: at, Size: int64(ix.info.size(typ))}, ok
}

// Elements counts those of the array that a C expression names: a variable, or a
// member behind one, such as `c->flags`.
func (ix *Index) Elements(pc int, expr string) (n int64, ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	name, rest, arrow := strings.Cut(expr, "->")
	if !arrow {
		if i := strings.IndexByte(expr, '.'); i > 0 {
			name, rest = expr[:i], expr[i:]
		}
	} else {
		rest = "." + rest
	}
	v := ix.named(pc, strings.TrimSpace(name))
	if v == nil {
		return 0, false
	}
	typ := v.typ
	if arrow {
		e, _ := ix.info.resolve(typ)
		if e == nil || e.Tag != dwarf.TagPointerType {
			return 0, false
		}
		typ, _ = e.Val(dwarf.AttrType).(dwarf.Offset)
	}
	if _, typ, ok = ix.info.follow(typ, rest); !ok {
		return 0, false
	}
	e, _ := ix.info.resolve(typ)
	if e == nil || e.Tag != dwarf.TagArrayType {
		return 0, false
	}
	each, _ := e.Val(dwarf.AttrType).(dwarf.Offset)
	if size := ix.info.size(each); size > 0 {
		n = int64(ix.info.size(typ) / size)
	}
	return n, n > 0
}

// PointsTo is the structure that a pointer variable is declared to point to, ""
// if it is no such pointer.
func (ix *Index) PointsTo(pc int, name string) (object string) {
	v := ix.named(pc, name)
	if v == nil {
		return ""
	}
	defer func() {
		if recover() != nil {
			object = ""
		}
	}()
	e, _ := ix.info.resolve(v.typ)
	if e == nil || e.Tag != dwarf.TagPointerType {
		return ""
	}
	to, _ := e.Val(dwarf.AttrType).(dwarf.Offset)
	if e, _ = ix.info.resolve(to); e == nil || e.Tag != dwarf.TagStructType {
		return ""
	}
	object, _ = e.Val(dwarf.AttrName).(string)
	return object
}

// follow walks from a type along members and elements, such as ".key.port[2]".
func (d *debugInfo) follow(typ dwarf.Offset, path string) (at int64, out dwarf.Offset, ok bool) {
	for range maxTypeSteps {
		if path == "" {
			return at, typ, true
		}
		end := strings.IndexAny(path[1:], ".[") + 1
		if end == 0 {
			end = len(path)
		}
		part := path[:end]
		path = path[end:]
		e, _ := d.resolve(typ)
		if e == nil {
			return 0, 0, false
		}
		if part[0] == '.' {
			start, next, found := d.memberNamed(e.Offset, strings.TrimSpace(part[1:]), maxNested)
			if !found {
				return 0, 0, false
			}
			at, typ = at+start, next
			continue
		}
		index, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(part[1:], "]")), 0, 32)
		next, has := e.Val(dwarf.AttrType).(dwarf.Offset)
		if err != nil || index < 0 || !has || e.Tag != dwarf.TagArrayType || !strings.HasSuffix(part, "]") {
			return 0, 0, false
		}
		at, typ = at+index*int64(d.size(next)), next
	}
	return 0, 0, false
}

// maxNested bounds how deep members without a name nest.
const maxNested = 8

// memberNamed finds a member of a structure or union, also inside of members
// without a name. A bit field has no offset in bytes.
func (d *debugInfo) memberNamed(of dwarf.Offset, name string, depth int) (at int64, typ dwarf.Offset, ok bool) {
	e, r := d.resolve(of)
	if e == nil || !e.Children || depth == 0 || e.Tag != dwarf.TagStructType && e.Tag != dwarf.TagUnionType {
		return 0, 0, false
	}
	for range maxMembers {
		m, err := r.Next()
		if err != nil || m == nil || m.Tag == 0 {
			return 0, 0, false
		}
		if m.Children {
			r.SkipChildren()
		}
		if m.Tag != dwarf.TagMember || m.Val(dwarf.AttrDataBitOffset) != nil || m.Val(dwarf.AttrBitSize) != nil {
			continue
		}
		start, _ := m.Val(dwarf.AttrDataMemberLoc).(int64)
		typ, _ := m.Val(dwarf.AttrType).(dwarf.Offset)
		called, _ := m.Val(dwarf.AttrName).(string)
		if called == name {
			return start, typ, true
		}
		if called == "" {
			if inner, typ, ok := d.memberNamed(typ, name, depth-1); ok {
				return start + inner, typ, true
			}
		}
	}
	return 0, 0, false
}

// Step is by how many bytes adding 1 to the pointer variable of a name moves it;
// false if it is no pointer, or its type is not known.
func (ix *Index) Step(pc int, name string) (n int64, ok bool) {
	v := ix.namedNear(pc, name)
	if v == nil {
		return 0, false
	}
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	e, _ := ix.info.resolve(v.typ)
	if e == nil || e.Tag != dwarf.TagPointerType {
		return 0, false
	}
	to, _ := e.Val(dwarf.AttrType).(dwarf.Offset)
	if to == 0 {
		return 1, true // to void
	}
	n = int64(ix.info.size(to))
	return n, n > 0
}

// Pointee is the name of the type that the pointer variable of a name points to,
// without qualifiers; isStruct tells a structure.
func (ix *Index) Pointee(pc int, name string) (typ string, isStruct, ok bool) {
	v := ix.named(pc, name)
	if v == nil {
		return "", false, false
	}
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	e, _ := ix.info.resolve(v.typ)
	if e == nil || e.Tag != dwarf.TagPointerType {
		return "", false, false
	}
	off, _ := e.Val(dwarf.AttrType).(dwarf.Offset)
	to, _ := ix.info.resolve(off)
	return ix.info.typeName(off), to != nil && to.Tag == dwarf.TagStructType, true
}

// SPDX-License-Identifier: GPL-2.0-only

package dwarfmap

import (
	"debug/dwarf"
	"sort"
	"strconv"
	"strings"
)

// Local is a variable or parameter in one scope of the program: of a function, or of
// one of the copies of it that were inlined.
type Local struct {
	Var
	Type    string // as it is declared, "" if it has no name of its own
	Size    int64  // in bytes, 0 if it is not known
	Decl    Pos    // its line is 0 if that is not known
	Number  bool   // it is an integer or an enumeration
	Signed  bool
	Pointer bool

	v *variable
}

// Is reports whether both are the same variable in the same scope.
func (l *Local) Is(o *Local) bool { return l.v == o.v }

// PlaceKind says how a place gives the value of a variable.
type PlaceKind uint8

// Kinds of places.
const (
	// PlaceRegister: it is register Reg plus Add.
	PlaceRegister PlaceKind = iota
	// PlaceFrame: it lies at Add from R10.
	PlaceFrame
	// PlaceConst: the compiler replaced it by the number Add.
	PlaceConst
)

// Place is where a variable, or some bytes of it, is before an instruction.
type Place struct {
	Kind PlaceKind
	Reg  uint8
	Add  int64
	// Loose says that the variable is a narrower or wider form of the register.
	Loose bool
	// At and Size say which bytes of the variable are here; Size is 0 if all are.
	At, Size int64
	// Since is the instruction from which on it is there, as laid out in memory.
	Since int
}

// LocalAt is the innermost variable of a name that can be seen at an instruction.
func (ix *Index) LocalAt(pc int, name string) (out Local, ok bool) {
	ix.visible(pc, func(f found) {
		if !ok && f.v.name == name {
			out, ok = ix.local(f.Var, f.v), true
		}
	})
	return out, ok
}

// LocalsNamed are the variables of a name in all functions and copies of them.
func (ix *Index) LocalsNamed(name string) (out []Local) {
	d := ix.debug()
	if d == nil {
		return nil
	}
	var search func(chain []*scope)
	search = func(chain []*scope) {
		s := chain[len(chain)-1]
		for i := range s.vars {
			if v := &s.vars[i]; v.name == name {
				out = append(out, ix.local(Var{Name: name, Param: v.param, Function: function(chain)}, v))
			}
		}
		for _, inner := range s.inner {
			search(append(chain[:len(chain):len(chain)], inner))
		}
	}
	for _, f := range d.funcs {
		search([]*scope{f})
	}
	return out
}

func (ix *Index) local(as Var, v *variable) (l Local) {
	l = Local{Var: as, Decl: v.decl, v: v}
	defer func() { _ = recover() }() // of a damaged type nothing is known
	l.Type, l.Size, l.Number, l.Signed, l.Pointer = ix.info.describe(v.typ)
	return l
}

// describe says what a type is.
func (d *debugInfo) describe(off dwarf.Offset) (name string, size int64, number, signed, pointer bool) {
	name, size = d.spelled(off), int64(d.size(off))
	e, _ := d.resolve(off)
	if e == nil {
		return name, size, false, false, false
	}
	switch e.Tag {
	case dwarf.TagPointerType:
		return name, 8, false, false, true
	case dwarf.TagEnumerationType:
		return name, size, true, false, false
	}
	n, ok := d.number(off)
	return name, size, ok || e.Tag == dwarf.TagBaseType && size == 1, n.Signed, false
}

// spelled is a type as a declaration in C spells it, "" if that is not simple.
func (d *debugInfo) spelled(off dwarf.Offset) string {
	if off == 0 {
		return "void"
	}
	r := d.data.Reader()
	r.Seek(off)
	e, err := r.Next()
	if err != nil || e == nil {
		return ""
	}
	name, _ := e.Val(dwarf.AttrName).(string)
	inner, _ := e.Val(dwarf.AttrType).(dwarf.Offset)
	switch e.Tag {
	case dwarf.TagStructType:
		return prefixed("struct ", name)
	case dwarf.TagUnionType:
		return prefixed("union ", name)
	case dwarf.TagEnumerationType:
		return prefixed("enum ", name)
	case dwarf.TagPointerType:
		if to := d.spelled(inner); to != "" && len(to) < 64 {
			return strings.TrimSuffix(to+" *", " ") // of pointers to pointers: "**"
		}
		return ""
	case dwarf.TagConstType, dwarf.TagVolatileType, dwarf.TagRestrictType, dwarf.TagAtomicType:
		return d.spelled(inner)
	}
	return name
}

func prefixed(keyword, name string) string {
	if name == "" {
		return ""
	}
	return keyword + name
}

// Places says where a variable is before an instruction; none if the compiler does
// not say.
func (ix *Index) Places(l *Local, pc int) (out []Place) {
	if l.v.folded != nil {
		return []Place{{Kind: PlaceConst, Add: *l.v.folded}}
	}
	addr, ok := ix.address(pc)
	if !ok {
		return nil
	}
	w := l.v.at(addr)
	if w == nil {
		return nil
	}
	since := 0
	if first, ok := ix.instruction(w.lo); ok {
		since = first
	}
	for _, p := range w.places {
		out = appendPlace(out, &p, since)
	}
	return out
}

func appendPlace(out []Place, p *place, since int) []Place {
	at := Place{Reg: p.reg, Add: p.off, Loose: p.loose, At: int64(p.at), Size: int64(p.size), Since: since}
	switch p.kind {
	case inReg:
		at.Add = 0
	case fromReg:
	case inFrame:
		at.Kind = PlaceFrame
	case isConst:
		at.Kind = PlaceConst
	default:
		return out
	}
	return append(out, at)
}

// Known are the instructions before which the compiler says where a variable is.
func (ix *Index) Known(l *Local) (pcs []int) {
	for i := range l.v.where {
		w := &l.v.where[i]
		if len(w.places) == 0 {
			continue
		}
		for _, s := range ix.prog.Symbols {
			for n := range int(s.Len) {
				if addr := s.Addr + uint64(n)*8; addr >= w.lo && addr < w.hi {
					pcs = append(pcs, int(s.InsnOff)+n)
				}
			}
		}
	}
	sort.Ints(pcs)
	return pcs
}

// instruction is the instruction at an address of the debug information.
func (ix *Index) instruction(addr uint64) (int, bool) {
	for _, s := range ix.prog.Symbols {
		if addr >= s.Addr && addr < s.Addr+uint64(s.Len)*8 {
			return int(s.InsnOff) + int(addr-s.Addr)/8, true
		}
	}
	return 0, false
}

// Field is a member or element that a C expression names.
type Field struct {
	At, Size int64 // in bytes, from the beginning of the variable or of what it points to
	// Bits is the width of a bit field, 0 of others.
	Bits int64
	// Behind says that it lies behind the pointer that the variable is.
	Behind                  bool
	Type                    string
	Number, Signed, Pointer bool
}

// Field follows the path of a C expression from a variable on, such as `->h.port[2]`.
// Indexes must be numbers.
func (ix *Index) Field(l *Local, path string) (f Field, ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	typ := l.v.typ
	if l.Pointer {
		e, _ := ix.info.resolve(typ)
		typ, _ = e.Val(dwarf.AttrType).(dwarf.Offset)
		f.Behind = true
		switch {
		case strings.HasPrefix(path, "->"):
			path = "." + path[2:]
		case !strings.HasPrefix(path, "["):
			return Field{}, false
		default:
			end := strings.IndexByte(path, ']')
			n, err := strconv.ParseInt(path[1:max(end, 1)], 0, 32)
			if err != nil || n < 0 {
				return Field{}, false
			}
			f.At, path = n*int64(ix.info.size(typ)), path[end+1:]
		}
	}
	if strings.Contains(path, "->") || !ix.info.walk(&f, &typ, path) {
		return Field{}, false
	}
	size := f.Size
	f.Type, f.Size, f.Number, f.Signed, f.Pointer = ix.info.describe(typ)
	if f.Bits > 0 {
		f.Size = size
	}
	return f, f.Size > 0
}

// walk is follow that also knows bit fields.
func (d *debugInfo) walk(f *Field, typ *dwarf.Offset, path string) bool {
	if i := strings.LastIndexByte(path, '.'); i >= 0 && !strings.Contains(path[i:], "[") {
		at, of, ok := d.follow(*typ, path[:i])
		if !ok {
			return false
		}
		f.At += at
		if d.bitField(f, typ, of, path[i+1:], maxNested) {
			return true
		}
		*typ, path = of, path[i:]
	}
	at, to, ok := d.follow(*typ, path)
	f.At += at
	*typ = to
	return ok
}

// bitField finds a bit field of a structure.
func (d *debugInfo) bitField(f *Field, typ *dwarf.Offset, of dwarf.Offset, name string, depth int) bool {
	e, r := d.resolve(of)
	if e == nil || !e.Children || depth == 0 || e.Tag != dwarf.TagStructType && e.Tag != dwarf.TagUnionType {
		return false
	}
	for range maxMembers {
		m, err := r.Next()
		if err != nil || m == nil || m.Tag == 0 {
			return false
		}
		if m.Children {
			r.SkipChildren()
		}
		if m.Tag != dwarf.TagMember {
			continue
		}
		called, _ := m.Val(dwarf.AttrName).(string)
		to, _ := m.Val(dwarf.AttrType).(dwarf.Offset)
		bits, isBits := m.Val(dwarf.AttrBitSize).(int64)
		first, placed := m.Val(dwarf.AttrDataBitOffset).(int64)
		if called == name && isBits && placed {
			size := int64(d.size(to))
			if size <= 0 {
				return false
			}
			// The bytes that hold it.
			f.At += first / 8
			f.Bits = bits
			f.Size = (first%8 + bits + 7) / 8
			*typ = to
			return true
		}
		if called == "" {
			start, _ := m.Val(dwarf.AttrDataMemberLoc).(int64)
			inner := *f
			inner.At += start
			if d.bitField(&inner, typ, to, name, depth-1) {
				*f = inner
				return true
			}
		}
	}
	return false
}

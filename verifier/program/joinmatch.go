// SPDX-License-Identifier: GPL-2.0-only

package program

import "fmt"

// mismatch says in what a part contradicts the one before about a symbol, "" if
// in nothing.
//
// kernel: glob_syms_match
func mismatch(g *global, p *joinPart, id uint32) string {
	switch {
	case g.btfID == 0 || id == 0:
		return "one of the objects has no type information of it"
	case !g.extern && g.part.section(g.btfID) == secMaps:
		return mapsMatch(g, p, id)
	}
	m := matcher{a: g.part.btf, b: p.btf}
	if m.match(g.btfID, id, true) {
		return ""
	}
	return fmt.Sprintf("%s and %s declare it differently: %s", g.part.short(), p.short(), m.why)
}

// section is the section that BTF lists a variable in.
func (p *joinPart) section(id uint32) string {
	l := loader{btf: p.btf}
	return p.btf.name(l.datasecOf(id))
}

// mapsMatch compares two definitions of a map, which must be equal.
//
// kernel: glob_map_defs_match
func mapsMatch(g *global, p *joinPart, id uint32) string {
	read := func(p *joinPart, id uint32) (*Map, bool) {
		l := loader{btf: p.btf, obj: &Object{}, elf: p.elfFile}
		def := p.btf.skip(p.btf.ref(id))
		m := &Map{FullName: g.name}
		if p.btf.kind(id) != kindVar || p.btf.kind(def) != kindStruct {
			return m, false
		}
		_, err := l.parseMapDef(m, def, false)
		return m, err == nil
	}
	a, okA := read(g.part, g.btfID)
	b, okB := read(p, id)
	if !okA || !okB {
		return fmt.Sprintf("%s or %s does not define a map", g.part.short(), p.short())
	}
	if what := mapsDiffer(a, b, g.part.btf, p.btf); what != "" {
		return fmt.Sprintf("%s and %s define the map differently: %s", g.part.short(), p.short(), what)
	}
	return ""
}

// kernel: map_defs_match
func mapsDiffer(a, b *Map, av, bv *btfView) string {
	types := func(x, y uint32) bool {
		m := matcher{a: av, b: bv}
		return (x == 0) == (y == 0) && (x == 0 || m.match(x, y, true))
	}
	switch {
	case a.Type != b.Type:
		return "its type"
	case a.KeySize != b.KeySize, !types(a.KeyTypeID, b.KeyTypeID):
		return "its keys"
	case a.ValueSize != b.ValueSize, !types(a.ValueTypeID, b.ValueTypeID):
		return "its values"
	case a.MaxEntries != b.MaxEntries:
		return fmt.Sprintf("'max_entries', %d and %d", a.MaxEntries, b.MaxEntries)
	case a.Flags != b.Flags:
		return fmt.Sprintf("'map_flags', %#x and %#x", a.Flags, b.Flags)
	case a.Pinned != b.Pinned:
		return "'pinning'"
	case (a.Inner == nil) != (b.Inner == nil):
		return "its inner map"
	case a.Inner != nil:
		return mapsDiffer(a.Inner, b.Inner, av, bv)
	}
	return ""
}

// matcher compares what two parts say of one symbol.
type matcher struct {
	a, b  *btfView
	why   string
	steps int
}

// maxMatchSteps bounds a comparison, as damaged types may contain themselves.
const maxMatchSteps = 1 << 16

func (m *matcher) differ(format string, args ...any) bool {
	if m.why == "" {
		m.why = fmt.Sprintf(format, args...)
	}
	return false
}

// match reports whether two types are the same to the linker. Behind a pointer only
// the names of structs count, and a declaration stands for its definition.
//
// kernel: glob_sym_btf_matches
func (m *matcher) match(x, y uint32, exact bool) bool { return m.matchDepth(x, y, exact, maxTypeDepth) }

func (m *matcher) matchDepth(x, y uint32, exact bool, depth int) bool {
	x, y = m.a.skip(x), m.b.skip(y)
	if m.steps++; depth == 0 || m.steps > maxMatchSteps {
		return m.differ("the types are nested too deep")
	}
	again := func(x, y uint32, exact bool) bool { return m.matchDepth(x, y, exact, depth-1) }
	kx, ky := m.a.kind(x), m.b.kind(y)
	if !exact && (kx == kindFwd) != (ky == kindFwd) {
		return m.matchDeclaration(x, y)
	}
	if kx != ky {
		return m.differ("a %s and a %s", m.a.describe(x), m.b.describe(y))
	}
	switch kx {
	case kindStruct, kindUnion, kindEnum, kindEnum64, kindFwd, kindFunc, kindVar:
		if m.a.name(x) != m.b.name(y) {
			return m.differ("a %s and a %s", m.a.describe(x), m.b.describe(y))
		}
	}
	switch kx {
	case kindVoid, kindFwd:
		return true
	case kindInt, kindFloat, kindEnum, kindEnum64:
		if m.a.size(x) != m.b.size(y) {
			return m.differ("%d and %d bytes", m.a.size(x), m.b.size(y))
		}
		return true
	case kindPtr:
		return again(m.a.ref(x), m.b.ref(y), false)
	case kindArray:
		ex, _ := m.a.array(x)
		ey, _ := m.b.array(y)
		return again(ex, ey, exact)
	case kindFunc, kindVar:
		if (m.a.linkage(x) == linkStatic) != (m.b.linkage(y) == linkStatic) {
			return m.differ("one is static")
		}
		return again(m.a.ref(x), m.b.ref(y), exact)
	case kindStruct, kindUnion:
		return !exact || m.matchMembers(x, y, again)
	case kindFuncProto:
		if m.a.vlen(x) != m.b.vlen(y) {
			return m.differ("%d and %d parameters", m.a.vlen(x), m.b.vlen(y))
		}
		for i := range m.a.vlen(x) {
			if !again(m.a.entry(x, i).a, m.b.entry(y, i).a, exact) {
				return false
			}
		}
		return again(m.a.ref(x), m.b.ref(y), exact)
	}
	return m.differ("a %s and a %s", kx, ky)
}

// matchDeclaration compares a struct with the declaration of one.
func (m *matcher) matchDeclaration(x, y uint32) bool {
	fwd, whole, kind := m.a, m.b, m.b.kind(y)
	if m.a.kind(x) != kindFwd {
		fwd, whole, kind = m.b, m.a, m.a.kind(x)
		x, y = y, x
	}
	want := kindStruct
	if fwd.kflag(x) {
		want = kindUnion
	}
	if fwd.name(x) != whole.name(y) || kind != want {
		return m.differ("a %s %s and a %s", want, fwd.name(x), whole.describe(y))
	}
	return true
}

func (m *matcher) matchMembers(x, y uint32, again func(x, y uint32, exact bool) bool) bool {
	if m.a.vlen(x) != m.b.vlen(y) {
		return m.differ("%s has %d and %d members", m.a.describe(x), m.a.vlen(x), m.b.vlen(y))
	}
	for i := range m.a.vlen(x) {
		name := m.a.memberName(x, i)
		if name != m.b.memberName(y, i) || m.a.entry(x, i).b != m.b.entry(y, i).b {
			return m.differ("'%s' of %s is not the same", name, m.a.describe(x))
		}
		if !again(m.a.memberType(x, i), m.b.memberType(y, i), true) {
			return false
		}
	}
	return true
}

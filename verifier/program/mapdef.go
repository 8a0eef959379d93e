// SPDX-License-Identifier: GPL-2.0-only

package program

import (
	"debug/elf"
	"fmt"
	"math/bits"
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
)

// mapNameMax is the longest name the kernel keeps, in bytes.
const mapNameMax = 15

// pageSize of the target: what ring buffers are rounded to.
const pageSize = 4096

// mapRole says where a map comes from.
type mapRole uint8

const (
	mapUser mapRole = iota // defined in .maps
	mapData
	mapBSS
	mapRodata
	mapKconfig
	mapStructOps
)

// mapInfo is a map with what linking needs to know of it.
type mapInfo struct {
	Map
	broken  bool // no program that uses it can be loaded
	typed   Map  // as it is defined, before it may lose its types
	index   int  // in Object.Maps
	role    mapRole
	section int
	offset  uint64 // in its section
	size    uint32 // of its definition in .maps, bytes
	defType uint32 // struct of its definition in .maps, or of its struct_ops
	members []*function
}

func (l *loader) addMap(name string, role mapRole) *mapInfo {
	m := &mapInfo{index: len(l.maps), role: role}
	m.FullName, m.Name = name, name[:min(len(name), mapNameMax)]
	l.maps = append(l.maps, m)
	return m
}

// defineMaps reads the maps defined in section .maps.
//
// kernel: bpf_object__init_user_btf_maps
func (l *loader) defineMaps() error {
	sec := uint32(0)
	if l.btf != nil {
		sec = l.btf.find(secMaps, kindDatasec)
	}
	switch {
	case l.mapsIdx == 0:
	case sec == 0:
		l.breakMaps(l.mapsIdx, Fault{Kind: NeedsBTF})
	default:
		for i := range l.btf.vlen(sec) {
			l.defineMap(l.btf.entry(sec, i))
		}
	}
	for _, section := range l.legacy {
		l.defineLegacyMaps(section)
	}
	l.bindArena()
	return nil
}

// breakMaps makes a map that cannot be used of each variable of a section.
func (l *loader) breakMaps(section int, why Fault) {
	for i := range l.elf.symbols {
		sym := &l.elf.symbols[i]
		if sym.section != section || sym.typ != elf.STT_OBJECT {
			continue
		}
		m := l.addMap(sym.name, mapUser)
		m.section, m.offset, m.size, m.broken = section, sym.value, uint32(sym.size), true
		why.Name, why.Fatal = sym.name, true
		l.fault(why)
	}
}

// defineMap reads one variable of section .maps.
//
// kernel: bpf_object__init_user_btf_map
func (l *loader) defineMap(at btfEntry) {
	id, off, size := at.first, at.a, at.b
	m := l.addMap(l.btf.name(id), mapUser)
	m.section, m.offset, m.size = l.mapsIdx, uint64(off), size
	def := l.btf.skip(l.btf.ref(id))
	switch {
	case m.FullName == "" || l.btf.kind(id) != kindVar:
		l.breakMap(m, &mapFailure{text: "its definition in .maps is no named variable"})
	case uint64(off)+uint64(size) > l.elf.sections[l.mapsIdx].size:
		l.breakMap(m, &mapFailure{text: "its definition is outside of section .maps"})
	case l.btf.linkage(id) != linkGlobal:
		l.breakMap(m, &mapFailure{text: "maps must be global variables, neither static nor extern"})
	case l.btf.kind(def) != kindStruct || l.btf.size(def) > size:
		l.breakMap(m, mapFailed("", "a map is defined by a struct, not by a %s", l.btf.kind(def)))
	default:
		m.defType = def
		given, err := l.parseMapDef(&m.Map, def, false)
		if err != nil {
			l.breakMap(m, err)
			return
		}
		l.checkMap(m, given)
	}
}

// mapFailure says what libbpf does not take in a map's definition.
type mapFailure struct {
	member string // "" for the definition as a whole
	text   string
	near   []string // names that may have been meant
}

func mapFailed(member, format string, args ...any) *mapFailure {
	return &mapFailure{member: member, text: fmt.Sprintf(format, args...)}
}

// breakMap notes that libbpf cannot make a map of a definition.
func (l *loader) breakMap(m *mapInfo, why *mapFailure) {
	m.broken = true
	l.fault(Fault{Kind: MapDefinition, Fatal: true, Name: m.FullName, Member: why.member, Message: why.text,
		Near: why.near})
}

// checkMap notes what the kernel refuses of a map and its template.
func (l *loader) checkMap(m *mapInfo, given defined) {
	var lacks []string
	for _, f := range m.faults(given, l.opts.cpus()) {
		if f.Open {
			lacks = append(lacks, "'"+f.Member+"'")
			continue
		}
		if f.Describes {
			m.ValueSize = m.Type.Info().Value.Min
		}
		m.broken = m.broken || !f.Describes
		l.fault(Fault{Kind: MapRefused, Fatal: true, OnlyLibbpf: f.Describes, Name: m.FullName, Member: f.Member,
			Map: &m.Map, Why: f})
	}
	if lacks != nil && !m.broken {
		l.fault(Fault{Kind: MapUnsized, Name: m.FullName, Message: strings.Join(lacks, ", ")})
	}
	m.assumeInner()
	m.typed = m.Map
	l.adjustMap(&m.Map, false)
}

// parseMapDef reads a map's attributes from the members of its struct.
//
// kernel: parse_btf_map_def
func (l *loader) parseMapDef(m *Map, def uint32, inner bool) (defined, *mapFailure) {
	given := make(defined)
	last := l.btf.vlen(def) - 1
	for i := range l.btf.vlen(def) {
		typ := l.btf.memberType(def, i)
		var err *mapFailure
		field := l.btf.memberName(def, i)
		given[field] = true
		switch field {
		case "type":
			var n uint32
			n, err = l.mapNumber(m, field, typ)
			m.Type = MapType(n)
		case "max_entries":
			m.MaxEntries, err = l.mapNumber(m, field, typ)
		case "map_flags":
			m.Flags, err = l.mapNumber(m, field, typ)
		case "numa_node":
			_, err = l.mapNumber(m, field, typ)
		case "key_size":
			err = l.mapSize(m, field, typ, &m.KeySize)
		case "value_size":
			err = l.mapSize(m, field, typ, &m.ValueSize)
		case "key":
			m.KeyTypeID, err = l.mapSizedType(m, field, typ, &m.KeySize)
		case "value":
			m.ValueTypeID, err = l.mapSizedType(m, field, typ, &m.ValueSize)
		case "values":
			if inner || i != last {
				return nil, mapFailed(field, "'values' must be the last member, and not of an inner map")
			}
			err = l.mapValues(m, typ)
		case "pinning":
			var n uint32
			n, err = l.mapNumber(m, field, typ)
			if inner {
				return nil, mapFailed(field, "invalid pinning: inner maps cannot be pinned")
			}
			if n > 1 {
				l.fault(Fault{Kind: MapDefinition, Fatal: true, OnlyLibbpf: true, Name: m.FullName, Member: field,
					Message: "invalid pinning: LIBBPF_PIN_BY_NAME is the only kind"})
			}
			m.Pinned = n == 1
		case "map_extra":
			m.Extra, err = l.mapLong(m, field, typ)
		default:
			return nil, &mapFailure{field, "unknown attribute '" + field + "'",
				nearest(field, slices.Values(mapAttributes))}
		}
		if err != nil {
			err.member = field
			return nil, err
		}
	}
	if m.Type == facts.MapUnspec {
		return nil, &mapFailure{text: "its definition has no type: add __uint(type, BPF_MAP_TYPE_...)"}
	}
	if m.Type.Info().Entries == facts.EntriesPages {
		m.MaxEntries = ringbufBytes(m.MaxEntries)
	}
	return given, nil
}

// mapAttributes are the members that a map's definition may have.
var mapAttributes = []string{
	"type", "max_entries", "map_flags", "numa_node", "key_size", "value_size", "key", "value", "values", "pinning",
	"map_extra",
}

// mapNumber reads an attribute written with __uint: a pointer to an array whose
// length is the number.
func (l *loader) mapNumber(m *Map, field string, typ uint32) (uint32, *mapFailure) {
	ptr := l.btf.skip(typ)
	if l.btf.kind(ptr) != kindPtr || l.btf.kind(l.btf.ref(ptr)) != kindArray {
		return 0, mapFailed("", "attribute '%s' must be written as __uint(%s, number)", field, field)
	}
	_, n := l.btf.array(l.btf.ref(ptr))
	return n, nil
}

// mapLong reads an attribute written with __uint or __ulong: an enum with one
// enumerator.
func (l *loader) mapLong(m *Map, field string, typ uint32) (uint64, *mapFailure) {
	id := l.btf.skip(typ)
	if l.btf.kind(id) == kindPtr {
		n, err := l.mapNumber(m, field, typ)
		return uint64(n), err
	}
	if !l.btf.isEnum(id) || l.btf.vlen(id) != 1 {
		return 0, mapFailed("", "attribute '%s' must be written as __ulong(%s, number)", field, field)
	}
	return l.btf.enumValue(id, 0), nil
}

func (l *loader) mapSize(m *Map, field string, typ uint32, to *uint32) *mapFailure {
	n, err := l.mapNumber(m, field, typ)
	if err != nil {
		return err
	}
	return setMapSize(m, field, n, to)
}

func setMapSize(m *Map, field string, n uint32, to *uint32) *mapFailure {
	if *to != 0 && *to != n {
		return mapFailed("", "'%s' says %d bytes, another attribute %d", field, n, *to)
	}
	*to = n
	return nil
}

// mapSizedType reads an attribute written with __type: a pointer to the type.
func (l *loader) mapSizedType(m *Map, field string, typ uint32, to *uint32) (uint32, *mapFailure) {
	if l.btf.kind(typ) != kindPtr {
		return 0, mapFailed("", "attribute '%s' must be written as __type(%s, C type)", field, field)
	}
	id := l.btf.ref(typ)
	n, ok := l.btf.sizeof(id)
	if !ok {
		return 0, mapFailed("", "the type of attribute '%s' has no size", field)
	}
	return id, setMapSize(m, field, n, to)
}

// mapValues reads "values", written with __array: what the map's elements are.
func (l *loader) mapValues(m *Map, typ uint32) *mapFailure {
	mapOfMaps := m.Type.Info().Needs&facts.MapNeedsInner != 0
	if !mapOfMaps && m.Type != facts.MapProgramArray {
		return mapFailed("", "only maps of maps and program arrays have 'values'")
	}
	if err := setMapSize(m, "values", 4, &m.ValueSize); err != nil {
		return err
	}
	elem, n := l.btf.array(typ)
	ptr := l.btf.skip(elem)
	def := l.btf.skip(l.btf.ref(ptr))
	want := kindStruct
	if !mapOfMaps {
		want = kindFuncProto
	}
	if l.btf.kind(typ) != kindArray || n != 0 || l.btf.kind(ptr) != kindPtr || l.btf.kind(def) != want {
		return mapFailed("", "'values' must be written as __array(values, map or function type)")
	}
	if !mapOfMaps {
		return nil
	}
	name := m.FullName + ".inner"
	m.Inner = &Map{FullName: name, Name: name[:min(len(name), mapNameMax)]}
	if _, err := l.parseMapDef(m.Inner, def, true); err != nil {
		return err
	}
	l.adjustMap(m.Inner, true)
	return nil
}

// adjustMap changes what libbpf changes before it creates a map, and gives a
// map that user space would size the least size, so that its programs can be
// judged.
func (l *loader) adjustMap(m *Map, inner bool) {
	if m.MaxEntries == 0 && !inner {
		m.MaxEntries = leastEntries(m.Type)
	}
	if !l.mapTypesFit(m) {
		// libbpf gives none, or the kernel refuses them and libbpf tries again
		// without.
		m.KeyTypeID, m.ValueTypeID = 0, 0
	}
}

// mapTypesFit reports whether the kernel takes a map's types of key and value.
// What the value may contain is not looked at.
//
// kernel: map_check_btf
func (l *loader) mapTypesFit(m *Map) bool {
	rule := m.Type.Info().Types
	if m.KeyTypeID == 0 || m.ValueTypeID == 0 {
		return m.KeyTypeID == 0 && rule == facts.TypesNoKey
	}
	key := l.btf.skip(m.KeyTypeID)
	switch rule {
	case facts.TypesIntKey:
		return l.btf.kind(key) == kindInt && l.btf.size(key) == 4
	case facts.TypesStructKey:
		return l.btf.kind(key) == kindStruct
	case facts.TypesNoKey, facts.TypesNone:
		return false
	}
	return true
}

// ringbufBytes rounds a ring buffer's size up to what the kernel takes: a page
// times a power of two.
//
// kernel: adjust_ringbuf_sz
func ringbufBytes(n uint32) uint32 {
	if n == 0 || n%pageSize == 0 && bits.OnesCount32(n/pageSize) == 1 {
		return n
	}
	for size := uint64(pageSize); size < 1<<32; size *= 2 {
		if size > uint64(n) {
			return uint32(size)
		}
	}
	return n
}

func leastEntries(t MapType) uint32 {
	switch t.Info().Entries {
	case facts.EntriesPages:
		return pageSize
	case facts.EntriesZero, facts.EntriesOne:
		return 0
	}
	return 1
}

// bindArena finds the map that arena variables live in.
func (l *loader) bindArena() {
	for _, m := range l.maps {
		if m.Type != facts.MapArena {
			continue
		}
		if l.arenaMap != nil {
			l.breakMap(m, mapFailed("type", "an object can have one arena, and '%s' is one too", l.arenaMap.FullName))
			continue
		}
		l.arenaMap = m
	}
	if l.arenaIdx == 0 || l.arenaMap == nil {
		return // a part of a larger object can have variables in the arena of another part
	}
	size := l.elf.sections[l.arenaIdx].size
	if pages := (size + pageSize - 1) / pageSize; pages > uint64(l.arenaMap.MaxEntries) {
		l.breakMap(l.arenaMap, mapFailed("max_entries",
			"the arena's %d pages are too few for its variables of %d bytes", l.arenaMap.MaxEntries, size))
	}
}

// fillSlots reads the initial elements of maps of maps and program arrays.
//
// kernel: bpf_object__collect_map_relos
func (l *loader) fillSlots(rels []relocation) error {
	for _, rel := range rels {
		sym := &l.elf.symbols[rel.sym]
		m := l.mapDefinedAt(rel.off)
		if m == nil {
			return formatError("section .maps: a relocation at offset %d is in no map", rel.off)
		}
		if m.broken {
			continue
		}
		last := l.btf.vlen(m.defType) - 1
		if last < 0 || l.btf.memberName(m.defType, last) != "values" {
			l.breakMap(m, &mapFailure{text: "it has initial elements but no 'values'"})
			continue
		}
		bitOff, _ := l.btf.memberBits(m.defType, last)
		off := rel.off - m.offset
		if off < uint64(bitOff/8) || (off-uint64(bitOff/8))%8 != 0 {
			l.breakMap(m, &mapFailure{member: "values", text: "an initial element is not in 'values'"})
			continue
		}
		slot := Slot{Index: uint32((off - uint64(bitOff/8)) / 8)}
		switch {
		case m.Type.Info().Needs&facts.MapNeedsInner != 0:
			target := l.mapNamed(sym.name)
			if sym.section != l.mapsIdx || target == nil {
				l.breakMap(m, mapFailed("values", "its element '%s' is no map of SEC(\".maps\")", sym.name))
				continue
			}
			slot.Map = &target.Map
		case m.Type == facts.MapProgramArray:
			fn := l.programNamed(sym.name)
			if fn == nil || fn.sectionIdx != sym.section || uint64(fn.off)*insnSize != sym.value {
				l.breakMap(m, mapFailed("values", "its element '%s' is no program", sym.name))
				continue
			}
			slot.Program = fn.name
		default:
			l.breakMap(m, &mapFailure{member: "values", text: "a map of this type cannot have initial elements"})
			continue
		}
		m.Slots = append(m.Slots, slot)
	}
	return nil
}

func (l *loader) mapDefinedAt(off uint64) *mapInfo {
	for _, m := range l.maps {
		if m.role == mapUser && m.offset <= off && off+8 <= m.offset+uint64(m.size) {
			return m
		}
	}
	return nil
}

func (l *loader) mapNamed(name string) *mapInfo {
	for _, m := range l.maps {
		if m.role == mapUser && m.FullName == name {
			return m
		}
	}
	return nil
}

func (l *loader) programNamed(name string) *function {
	for _, fn := range l.functions {
		if !l.isSubprog(fn) && fn.name == name {
			return fn
		}
	}
	return nil
}

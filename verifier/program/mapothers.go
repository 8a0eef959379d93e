// SPDX-License-Identifier: GPL-2.0-only

package program

import (
	"debug/elf"
	"encoding/binary"
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
)

// Maps of which the object does not say all, or not in libbpf's way, and which
// their loader creates nevertheless.

// legacyNumbers is how many numbers of 32 bits every loader's struct for map
// definitions begins with: type, size of key, size of value, entries. Those
// after them differ.
const legacyNumbers = 4

// legacyFlags are the members that have the flags, in structs that have such.
var legacyFlags = []string{"map_flags", "flags"}

// defineLegacyMaps reads the variables of a section that holds maps in the form
// that libbpf gave up. Other loaders still create them, and fill in what they
// know better, so that little can be said against a definition.
func (l *loader) defineLegacyMaps(section int) {
	data := l.elf.sections[section].data
	for i := range l.elf.symbols {
		sym := &l.elf.symbols[i]
		if sym.section != section || sym.typ != elf.STT_OBJECT {
			continue
		}
		m := l.addMap(sym.name, mapUser)
		m.section, m.offset, m.size = section, sym.value, uint32(sym.size)
		m.OwnLoader = strings.HasSuffix(l.elf.sections[section].name, "/"+secLegacyMaps)
		end := sym.value + sym.size
		readable := end >= sym.value && end <= uint64(len(data)) && sym.size >= legacyNumbers*4
		number := func(off uint64) uint32 { return binary.LittleEndian.Uint32(data[sym.value+off:]) }
		if readable {
			m.Type, m.KeySize, m.ValueSize, m.MaxEntries = MapType(number(0)), number(4), number(8), number(12)
			if off, ok := l.legacyFlagsAt(sym.name); ok && off+4 <= sym.size {
				m.Flags = number(off)
			}
			readable = m.Type.CName() != "" && m.Type != facts.MapUnspec
		}
		m.broken = !readable
		l.fault(Fault{Kind: LegacyMap, Fatal: true, OnlyLibbpf: readable, Name: sym.name})
		m.assumeInner()
		m.typed = m.Map
		l.adjustMap(&m.Map, false)
	}
}

// legacyFlagsAt is where the definition of a map has its flags, if its type is
// known and has any.
func (l *loader) legacyFlagsAt(name string) (off uint64, ok bool) {
	def := l.legacyType(name)
	if def == 0 {
		return 0, false
	}
	for i := range l.btf.vlen(def) {
		if slices.Contains(legacyFlags, l.btf.memberName(def, i)) {
			bits, _ := l.btf.memberBits(def, i)
			return uint64(bits / 8), true
		}
	}
	return 0, false
}

// legacyType is the struct that a variable is of, 0 if that is not known.
func (l *loader) legacyType(name string) uint32 {
	if l.btf == nil {
		return 0
	}
	id := l.btf.find(name, kindVar)
	if id == 0 {
		return 0
	}
	if id = l.btf.skip(l.btf.ref(id)); l.btf.kind(id) != kindStruct {
		return 0
	}
	return id
}

// mapElsewhere reports whether a variable has the type of the object's map
// definitions, but is in no section of maps: a loader puts a map there that it
// has from somewhere else.
func (l *loader) mapElsewhere(sym *symbol) bool {
	if len(l.legacy) == 0 || slices.Contains(l.legacy, sym.section) {
		return false
	}
	def := l.legacyType(sym.name)
	return def != 0 && slices.ContainsFunc(l.maps, func(m *mapInfo) bool {
		return slices.Contains(l.legacy, m.section) && m.role == mapUser && l.legacyType(m.FullName) == def
	})
}

// Sizes of an assumed map. Every initialized key has a byte, and no program
// accesses a value beyond the other: what is rejected with them is rejected with
// any sizes.
const (
	assumedKeyBytes   = 1
	assumedValueBytes = 1 << 24
)

// assumeInner gives a map of maps a template where user space sets it.
func (m *mapInfo) assumeInner() {
	if m.broken || m.Inner != nil || m.Type.Info().Needs&facts.MapNeedsInner == 0 {
		return
	}
	name := m.FullName + ".inner"
	m.Inner = &Map{FullName: name, Name: name[:min(len(name), mapNameMax)], Type: facts.MapHash, Assumed: true,
		KeySize: assumedKeyBytes, ValueSize: assumedValueBytes, MaxEntries: 1}
}

// AssumesInner reports whether the program uses a map of maps whose template user
// space sets.
func (p *Program) AssumesInner() bool {
	for i := range p.Insns {
		if m := p.mapAt(i); m != nil && m.Inner != nil && m.Inner.Assumed {
			return true
		}
	}
	return false
}

// OwnLoaderMaps reports whether the program uses a map to which its loader may give other sizes.
func (p *Program) OwnLoaderMaps() bool {
	for i := range p.Insns {
		if m := p.mapAt(i); m != nil && m.OwnLoader {
			return true
		}
	}
	return false
}

// mapAt is the map that an instruction loads, nil if it loads none.
func (p *Program) mapAt(i int) *Map {
	in := &p.Insns[i]
	if !in.IsLdImm64() || in.Src != isa.PseudoMapIdx && in.Src != isa.PseudoMapIdxValue || int(in.Imm) >= len(p.Maps) ||
		in.Imm < 0 {
		return nil
	}
	return p.Maps[in.Imm]
}

// SPDX-License-Identifier: GPL-2.0-only

package program

import (
	"debug/elf"
	"encoding/binary"

	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
)

// Maps of which the object does not say all, or not in libbpf's way, and which
// their loader creates nevertheless.

// legacyAttributes are the members that every loader's struct for map
// definitions begins with, each a number of 32 bits. Those after them differ.
var legacyAttributes = [...]string{"type", "key_size", "value_size", "max_entries", "map_flags"}

// legacyRequired is how many of them a definition has at least.
const legacyRequired = 4

// defineLegacyMaps reads the variables of a section that holds maps in the form
// that libbpf gave up. Other loaders still create them.
func (l *loader) defineLegacyMaps(section int) {
	data := l.elf.sections[section].data
	for i := range l.elf.symbols {
		sym := &l.elf.symbols[i]
		if sym.section != section || sym.typ != elf.STT_OBJECT {
			continue
		}
		m := l.addMap(sym.name, mapUser)
		m.section, m.offset, m.size = section, sym.value, uint32(sym.size)
		end := sym.value + sym.size
		readable := end >= sym.value && end <= uint64(len(data)) && sym.size >= legacyRequired*4
		l.fault(Fault{Kind: LegacyMap, Fatal: true, OnlyLibbpf: readable, Name: sym.name})
		if !readable {
			m.broken = true
			continue
		}
		given := make(defined)
		number := func(n int) uint32 {
			if uint64(n+1)*4 > sym.size {
				return 0
			}
			given[legacyAttributes[n]] = true
			return binary.LittleEndian.Uint32(data[sym.value+uint64(n)*4:])
		}
		m.Type, m.KeySize, m.ValueSize, m.MaxEntries, m.Flags = MapType(number(0)), number(1), number(2), number(3), number(4)
		l.checkMap(m, given)
	}
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

// mapAt is the map that an instruction loads, nil if it loads none.
func (p *Program) mapAt(i int) *Map {
	in := &p.Insns[i]
	if !in.IsLdImm64() || in.Src != isa.PseudoMapIdx && in.Src != isa.PseudoMapIdxValue || int(in.Imm) >= len(p.Maps) || in.Imm < 0 {
		return nil
	}
	return p.Maps[in.Imm]
}

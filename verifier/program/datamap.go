// SPDX-License-Identifier: GPL-2.0-only

package program

import (
	"math"
	"sort"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
)

// fixDatasecs gives the sections of variables in BTF the sizes and offsets that
// the compiler leaves out, and makes hidden variables static.
//
// kernel: bpf_object_fixup_btf
func (l *loader) fixDatasecs() error {
	if l.btf == nil {
		return nil
	}
	for id := uint32(1); id < l.btf.count(); id++ {
		if l.btf.kind(id) != kindDatasec {
			continue
		}
		if err := l.fixDatasec(id); err != nil {
			return err
		}
	}
	return nil
}

// kernel: btf_fixup_datasec
func (l *loader) fixDatasec(id uint32) error {
	name := l.btf.name(id)
	if name == secKconfig || name == secKsyms || l.onlyExterns(id) {
		l.sortDatasec(id)
		return nil
	}
	fixOffsets := false
	if l.btf.size(id) == 0 {
		idx := l.elf.find(name)
		if idx == 0 || l.elf.sections[idx].size == 0 || l.elf.sections[idx].size > math.MaxUint32 {
			return formatError("BTF describes section '%s', which the object does not have", name)
		}
		l.btf.setWord(id, 2, uint32(l.elf.sections[idx].size))
		fixOffsets = true
	}
	for i := range l.btf.vlen(id) {
		v := l.btf.entry(id, i).first
		if l.btf.kind(v) != kindVar {
			return formatError("BTF lists something in section '%s' that is no variable", name)
		}
		if link := l.btf.linkage(v); link == linkStatic || link == linkExtern {
			continue
		}
		sym := l.elf.variable(l.btf.name(v))
		if sym == nil {
			return formatError("variable '%s' of section '%s' has no symbol", l.btf.name(v), name)
		}
		if fixOffsets {
			l.btf.setWord(id, 4+3*i, uint32(sym.value))
		}
		if sym.hidden() {
			l.btf.setLinkage(v, linkStatic)
		}
	}
	l.sortDatasec(id)
	return nil
}

// onlyExterns reports whether id is a section that BTF makes up for externs.
func (l *loader) onlyExterns(id uint32) bool {
	for i := range l.btf.vlen(id) {
		v := l.btf.entry(id, i).first
		if k := l.btf.kind(v); k != kindVar && k != kindFunc || l.btf.linkage(v) != linkExtern {
			return false
		}
	}
	return l.elf.find(l.btf.name(id)) == 0
}

// sortDatasec sorts a section's variables by offset.
func (l *loader) sortDatasec(id uint32) {
	vars := make([]btfEntry, l.btf.vlen(id))
	for i := range vars {
		vars[i] = l.btf.entry(id, i)
	}
	sort.SliceStable(vars, func(i, j int) bool { return int32(vars[i].a) < int32(vars[j].a) })
	for i, v := range vars {
		l.btf.setWord(id, 3+3*i, v.first)
		l.btf.setWord(id, 4+3*i, v.a)
		l.btf.setWord(id, 5+3*i, v.b)
	}
}

// hideFunctions makes hidden global subprograms static in BTF, so that the
// verifier judges them together with their callers.
//
// kernel: bpf_object__sanitize_and_load_btf
func (l *loader) hideFunctions() {
	if l.btf == nil {
		return
	}
	hidden := make(map[string]bool)
	for _, fn := range l.functions {
		if fn.hidden && l.isSubprog(fn) {
			hidden[fn.name] = true
		}
	}
	if len(hidden) == 0 {
		return
	}
	for id := uint32(1); id < l.btf.count(); id++ {
		if l.btf.kind(id) == kindFunc && l.btf.linkage(id) == linkGlobal && hidden[l.btf.name(id)] {
			l.btf.setLinkage(id, linkStatic)
			delete(hidden, l.btf.name(id))
		}
	}
}

// defineDataMaps makes the maps of the sections of variables.
//
// kernel: bpf_object__init_global_data_maps
func (l *loader) defineDataMaps() error {
	roles := map[sectionRole]mapRole{roleData: mapData, roleRodata: mapRodata, roleBSS: mapBSS}
	for i := range l.elf.sections {
		s := &l.elf.sections[i]
		role, ok := roles[l.roles[i]]
		if !ok || s.size == 0 {
			continue
		}
		if s.size > math.MaxInt32 {
			return formatError("section '%s' is too large for a map", s.name)
		}
		m := l.addDataMap(s.name, role, uint32(s.size))
		m.section = i
		m.Contents = s.data
	}
	l.defineKconfigMap()
	return nil
}

// defineKconfigMap makes the map that Kconfig externs live in.
//
// kernel: bpf_object__init_kconfig_map
func (l *loader) defineKconfigMap() {
	size := uint32(0)
	for _, e := range l.externs {
		if e.kconfig {
			size = e.off + e.size
		}
	}
	if size > 0 {
		m := l.addDataMap(secKconfig, mapKconfig, size)
		m.Contents = make([]byte, size)
	}
}

// kernel: bpf_object__init_internal_map
func (l *loader) addDataMap(section string, role mapRole, size uint32) *mapInfo {
	m := l.addMap(section, role)
	m.Name = dataMapName(l.opts.objectName(), section)
	m.Type, m.KeySize, m.ValueSize, m.MaxEntries, m.Data = facts.MapArray, 4, size, 1, true
	if role == mapRodata || role == mapKconfig {
		m.Flags |= MapFlagRdOnlyProg
		m.Frozen, m.ReadOnlyProg = true, true
	}
	if l.btf != nil {
		m.ValueTypeID = l.namedAnything(section)
		if l.hasGlobalVariable(m.ValueTypeID) {
			m.Flags |= MapFlagMmapable
		}
	}
	return m
}

// namedAnything is the first type of a name, of whatever kind.
func (l *loader) namedAnything(name string) uint32 {
	for id := uint32(1); id < l.btf.count(); id++ {
		if string(l.btf.strBytes(l.btf.word(id, 0))) == name {
			return id
		}
	}
	return 0
}

// hasGlobalVariable reports whether user space may map the section, since one of its
// variables is visible to it.
//
// kernel: map_is_mmapable
func (l *loader) hasGlobalVariable(datasec uint32) bool {
	if l.btf.kind(datasec) != kindDatasec {
		return false
	}
	for i := range l.btf.vlen(datasec) {
		v := l.btf.entry(datasec, i).first
		if l.btf.kind(v) == kindVar && l.btf.linkage(v) != linkStatic {
			return true
		}
	}
	return false
}

// dataMapName is how the kernel's log calls the map of a section: as much of
// the object's name as there is room for, then the section. A section whose
// name has a second dot stands alone.
//
// kernel: internal_map_name
func dataMapName(object, section string) string {
	suffix := min(max(7, len(section)), mapNameMax)
	prefix := min(mapNameMax-suffix, len(object))
	if strings.Contains(section[1:], ".") {
		prefix = 0
	}
	name := object[:prefix] + section[:min(suffix, len(section))]
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '_', r == '.':
			return r
		}
		return '_'
	}, name)
}

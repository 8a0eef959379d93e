// SPDX-License-Identifier: GPL-2.0-only

package program

import (
	"debug/elf"
	"sort"

	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
)

// relocKind says what an instruction refers to.
type relocKind uint8

const (
	relocMap   relocKind = iota + 1 // a map
	relocValue                      // into a map's value
	relocExternLoad
	relocExternCall
	relocCall     // a subprogram, by call
	relocFuncAddr // a subprogram, by address
)

// reloc is a relocation of an instruction.
type reloc struct {
	kind   relocKind
	insn   int // in its function; in a linked program, there
	symOff uint64
	m      *mapInfo
	ext    *extern
	extIdx int
}

// collectRelocs reads all sections of relocations.
//
// kernel: bpf_object__collect_relos
func (l *loader) collectRelocs() error {
	l.typePrograms() // struct_ops asks which programs are its own
	for i := range l.elf.sections {
		if l.roles[i] != roleReloc {
			continue
		}
		s := &l.elf.sections[i]
		rels, err := l.elf.relocations(s)
		if err != nil {
			return err
		}
		target := int(s.info)
		switch {
		case l.roles[target] == roleStructOps:
			err = l.fillStructOps(target, rels)
		case target == l.mapsIdx && target != 0:
			err = l.fillSlots(rels)
		default:
			err = l.collectCodeRelocs(target, rels)
		}
		if err != nil {
			return err
		}
	}
	for _, fn := range l.functions {
		sort.SliceStable(fn.relocs, func(i, j int) bool { return fn.relocs[i].insn < fn.relocs[j].insn })
	}
	return nil
}

// collectCodeRelocs gives each relocation of a section of code to its function.
//
// kernel: bpf_object__collect_prog_relos
func (l *loader) collectCodeRelocs(target int, rels []relocation) error {
	sec := &l.elf.sections[target]
	for _, rel := range rels {
		sym := &l.elf.symbols[rel.sym]
		if rel.off%insnSize != 0 || rel.off >= uint64(len(sec.data)) {
			return formatError("section '%s': relocation at invalid offset %d", sec.name, rel.off)
		}
		insn := int(rel.off / insnSize)
		fn := l.functionAt(target, insn)
		if fn == nil {
			continue // of a weak function that another one replaced
		}
		if l.mapElsewhere(sym) {
			fn.fail(UnusableMap, insn-fn.off, sym.name, "its loader puts a map in the place of '"+sym.name+"'")
			continue
		}
		if l.isData(sym.section) && fn.insns[insn-fn.off].IsLdImm64() && insn-fn.off+1 < len(fn.insns) &&
			l.replacesAddresses() {
			l.placeValue(fn, insn-fn.off, sym)
			continue
		}
		if r, why := l.newReloc(fn, insn-fn.off, sym, rel.sym); why == "" {
			fn.relocs = append(fn.relocs, r)
		} else {
			fn.fail(InvalidCode, insn-fn.off, sym.name, why)
		}
	}
	return nil
}

// newReloc works out what an instruction refers to.
//
// kernel: bpf_program__record_reloc
func (l *loader) newReloc(fn *function, insn int, sym *symbol, symIdx int) (r reloc, why string) {
	in := &fn.insns[insn]
	name := l.elf.symbolName(sym)
	call := in.Op == isa.ClassJMP|isa.OpCall
	if !call && !in.IsLdImm64() || in.IsLdImm64() && insn+1 >= len(fn.insns) {
		return reloc{}, "this instruction cannot refer to '" + name + "'"
	}
	if sym.undefinedExtern() {
		for i, e := range l.externs {
			if e.symIdx != symIdx {
				continue
			}
			kind := relocExternLoad
			if call {
				kind = relocExternCall
			}
			return reloc{kind: kind, insn: insn, ext: e, extIdx: i}, ""
		}
		return reloc{}, "'" + name + "' is not defined"
	}
	if call {
		if in.Src != isa.PseudoCall || sym.section == 0 || sym.section != l.text || sym.value%insnSize != 0 {
			return reloc{}, "'" + name + "' is no subprogram: only functions without SEC() can be called"
		}
		return reloc{kind: relocCall, insn: insn, symOff: sym.value}, ""
	}
	return l.newLoadReloc(fn, insn, sym, name)
}

// noArena is why a program with arena variables cannot be linked.
const noArena = "arena variables need an arena: define a map of BPF_MAP_TYPE_ARENA in SEC(\".maps\"), or link the object to one that has it"

// newLoadReloc is newReloc for a 64-bit immediate load.
func (l *loader) newLoadReloc(fn *function, insn int, sym *symbol, name string) (r reloc, why string) {
	if sym.section == 0 || sym.section >= len(l.elf.sections) {
		return reloc{}, "'" + name + "' has no section: initialize the global variable"
	}
	if l.isSubprogSymbol(sym) {
		if sym.value%insnSize != 0 || fn.insns[insn].Imm%insnSize != 0 {
			return reloc{}, "the address is of the middle of an instruction"
		}
		fn.insns[insn].Src = isa.PseudoFunc
		return reloc{kind: relocFuncAddr, insn: insn, symOff: sym.value}, ""
	}
	if sym.section == l.arenaIdx && l.arenaMap == nil {
		return reloc{kind: relocExternLoad, insn: insn, ext: &extern{name: name, foreign: true, reason: noArena}}, ""
	}
	if sym.section == l.arenaIdx {
		return reloc{kind: relocValue, insn: insn, m: l.arenaMap, symOff: sym.value}, ""
	}
	data := map[sectionRole]bool{roleBSS: true, roleData: true, roleRodata: true}[l.roles[sym.section]]
	for _, m := range l.maps {
		switch {
		case m.section != sym.section || m.role == mapStructOps:
		case data:
			return reloc{kind: relocValue, insn: insn, m: m, symOff: sym.value}, ""
		case m.role == mapUser && m.offset == sym.value:
			return reloc{kind: relocMap, insn: insn, m: m}, ""
		}
	}
	return reloc{}, "'" + name + "' in section '" + l.elf.sections[sym.section].name + "' is neither a map nor data"
}

// isSubprogSymbol reports whether the address of sym is that of a subprogram.
//
// kernel: sym_is_subprog
func (l *loader) isSubprogSymbol(sym *symbol) bool {
	if sym.section != l.text {
		return false
	}
	if sym.bind == elf.STB_LOCAL {
		return sym.typ == elf.STT_SECTION
	}
	return sym.typ == elf.STT_FUNC
}

// relocOf is the relocation of an instruction, or nil.
func (fn *function) relocOf(insn int) *reloc {
	i := sort.Search(len(fn.relocs), func(i int) bool { return fn.relocs[i].insn >= insn })
	if i < len(fn.relocs) && fn.relocs[i].insn == insn {
		return &fn.relocs[i]
	}
	return nil
}

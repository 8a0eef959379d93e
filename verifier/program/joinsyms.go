// SPDX-License-Identifier: GPL-2.0-only

package program

import (
	"debug/elf"
	"fmt"
)

// global is a symbol that the parts share.
type global struct {
	name   string
	symbol int // of the result
	part   *joinPart
	btfID  uint32 // of the part, what it says of the symbol; 0 if nothing
	extern bool   // no part before defined it
	weak   bool
	listed bool // its section lists it
}

// addSymbol finds the place of a part's symbol in the result.
//
// kernel: linker_append_elf_sym
func (j *joiner) addSymbol(p *joinPart, i int) {
	s := p.elfFile.symbols[i]
	extern := s.section == int(elf.SHN_UNDEF)
	if !extern && s.section < len(p.sections) {
		at := p.sections[s.section]
		if at.to == 0 || at.skipped {
			return
		}
		s.section = at.to
		s.value += at.off
	}
	if s.bind == elf.STB_LOCAL {
		p.symbols[i] = j.symbol(s)
		return
	}
	g := j.globals[s.name]
	id := p.globalType(s.name)
	if g == nil {
		g = &global{name: s.name, symbol: j.symbol(s), part: p, btfID: id, extern: extern, weak: s.bind == weakBinding}
		j.globals[s.name] = g
		p.symbols[i] = g.symbol
		return
	}
	p.symbols[i] = g.symbol
	if !extern && !g.extern && !g.weak && s.bind != weakBinding {
		j.fault(s.name, fmt.Sprintf("both %s and %s define it", g.part.short(), p.short()))
		return
	}
	if why := mismatch(g, p, id); why != "" {
		j.fault(s.name, why)
	}
	out := &j.file.symbols[g.symbol]
	if s.bind == elf.STB_GLOBAL {
		out.bind, g.weak = elf.STB_GLOBAL, false
	}
	out.vis = stricter(out.vis, s.vis)
	if extern || !g.extern && s.bind == weakBinding {
		return
	}
	out.typ, out.section, out.value, out.size = s.typ, s.section, s.value, s.size
	g.part, g.btfID, g.extern = p, id, false
}

// stricter is the visibility of a symbol with that of two parts.
func stricter(a, b elf.SymVis) elf.SymVis {
	if a == elf.STV_DEFAULT {
		return b
	}
	return a
}

func (j *joiner) symbol(s symbol) int {
	j.file.symbols = append(j.file.symbols, s)
	return len(j.file.symbols) - 1
}

// globalType is what a part says of a function or variable that parts share, 0 if
// it says nothing.
//
// kernel: find_glob_sym_btf
func (p *joinPart) globalType(name string) uint32 {
	if p.btf == nil {
		return 0
	}
	for id := uint32(1); id < p.btf.count(); id++ {
		if p.btf.isShared(id) && string(p.btf.strBytes(p.btf.word(id, 0))) == name {
			return id
		}
	}
	return 0
}

// isShared reports whether a type is that of a function or variable which is not
// static.
func (v *btfView) isShared(id uint32) bool {
	k := v.kind(id)
	return (k == kindVar || k == kindFunc) && v.linkage(id) != linkStatic
}

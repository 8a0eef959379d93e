// SPDX-License-Identifier: GPL-2.0-only

package program

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
)

// insnSize is the size of an instruction slot in bytes.
const insnSize = 8

// maxSectionBytes bounds the data of one section: far above any object the
// kernel takes, and low enough that a damaged header cannot exhaust memory.
const maxSectionBytes = 256 << 20

// section is an ELF section with its data.
type section struct {
	name       string
	typ        elf.SectionType
	flags      elf.SectionFlag
	size       uint64
	link, info uint32
	align      uint64
	data       []byte // nil for .bss and the like
	// addr is where the section is to debug information, which needs places
	// that are different for all of them.
	addr uint64
	// pieces are what the parts of a linked object have in the section, ascending.
	pieces []piece
}

func (s *section) executable() bool { return s.flags&elf.SHF_EXECINSTR != 0 }

// symbol is an ELF symbol.
type symbol struct {
	name        string
	bind        elf.SymBind
	typ         elf.SymType
	vis         elf.SymVis
	section     int // index, or one of the special ones
	value, size uint64
}

// undefinedExtern reports whether s is a symbol that something else must define.
func (s *symbol) undefinedExtern() bool {
	return s.section == int(elf.SHN_UNDEF) && (s.bind == elf.STB_GLOBAL || s.bind == elf.STB_WEAK) &&
		s.typ == elf.STT_NOTYPE
}

// hidden reports whether s is a symbol of restricted visibility, which libbpf makes static in
// BTF.
func (s *symbol) hidden() bool { return s.vis == elf.STV_HIDDEN || s.vis == elf.STV_INTERNAL }

// relocation of an ELF section without addends.
type relocation struct {
	off uint64
	sym int
	typ uint32
}

// elfFile is an object file, with what the loader needs of it.
type elfFile struct {
	sections []section // by ELF index; the first is empty
	symbols  []symbol  // by ELF index
	symtab   int       // section index of the symbol table
}

// firstAddr is where the first section is to debug information: not 0, which
// means "nowhere" in places.
const firstAddr = 1 << 16

// parseELF reads an object file. The data of sections may share memory with
// the file.
func parseELF(data []byte) (f *elfFile, err error) {
	// debug/elf is hardened against broken files, but makes no promise.
	defer func() {
		if r := recover(); r != nil {
			f, err = nil, formatError("the ELF file is damaged: %v", r)
		}
	}()
	in, err := elf.NewFile(bytes.NewReader(data))
	if err != nil {
		return nil, formatError("not an ELF file: %v", err)
	}
	switch {
	case in.Class != elf.ELFCLASS64 || in.Type != elf.ET_REL:
		return nil, formatError("not a relocatable 64-bit ELF file: compile with clang -target bpf -c")
	case in.Machine != elf.EM_BPF && in.Machine != elf.EM_NONE:
		return nil, formatError("an object for %v, not for BPF: compile with clang -target bpf", in.Machine)
	case in.ByteOrder != binary.LittleEndian:
		return nil, unsupported("big-endian BPF objects are not supported: compile with -target bpfel")
	}
	f = &elfFile{sections: make([]section, len(in.Sections))}
	addr := uint64(firstAddr)
	for i, s := range in.Sections {
		out := section{name: s.Name, typ: s.Type, flags: s.Flags, size: s.Size, link: s.Link, info: s.Info,
			align: s.Addralign}
		if s.Type != elf.SHT_NOBITS && s.Type != elf.SHT_NULL {
			if s.Size > maxSectionBytes {
				return nil, formatError("section '%s' is too large", s.Name)
			}
			if out.data, err = s.Data(); err != nil {
				return nil, formatError("section '%s': %v", s.Name, err)
			}
			out.size = uint64(len(out.data))
		}
		if out.executable() {
			out.addr = addr
			addr += out.size + insnSize
		}
		f.sections[i] = out
		if s.Type == elf.SHT_SYMTAB {
			if f.symtab != 0 {
				return nil, formatError("more than one symbol table")
			}
			f.symtab = i
		}
	}
	if f.symtab == 0 {
		return nil, formatError("no symbol table: the object file is stripped")
	}
	syms, err := in.Symbols()
	if err != nil {
		return nil, formatError("symbol table: %v", err)
	}
	f.symbols = make([]symbol, len(syms)+1) // debug/elf leaves out the first, empty one
	for i, s := range syms {
		f.symbols[i+1] = symbol{
			name: s.Name, bind: elf.ST_BIND(s.Info), typ: elf.ST_TYPE(s.Info), vis: elf.ST_VISIBILITY(s.Other),
			section: int(s.Section), value: s.Value, size: s.Size,
		}
	}
	return f, nil
}

// relocations reads a section of type SHT_REL.
func (f *elfFile) relocations(s *section) ([]relocation, error) {
	const entry = 16
	le := binary.LittleEndian
	if len(s.data)%entry != 0 {
		return nil, formatError("section '%s' is cut short", s.name)
	}
	rels := make([]relocation, 0, len(s.data)/entry)
	for d := s.data; len(d) > 0; d = d[entry:] {
		info := le.Uint64(d[8:])
		r := relocation{off: le.Uint64(d), sym: int(info >> 32), typ: uint32(info)}
		if r.sym >= len(f.symbols) {
			return nil, formatError("section '%s' refers to symbol %d, which is not there", s.name, r.sym)
		}
		rels = append(rels, r)
	}
	return rels, nil
}

// find is the index of the first section of a name, 0 if there is none.
func (f *elfFile) find(name string) int {
	for i := range f.sections {
		if f.sections[i].name == name {
			return i
		}
	}
	return 0
}

// symbolName is how messages call a symbol: that of a section is nameless.
func (f *elfFile) symbolName(s *symbol) string {
	if s.name == "" && s.typ == elf.STT_SECTION && s.section < len(f.sections) {
		return f.sections[s.section].name
	}
	return s.name
}

// variable finds the symbol of a global variable.
func (f *elfFile) variable(name string) *symbol {
	for i := range f.symbols {
		s := &f.symbols[i]
		if s.typ == elf.STT_OBJECT && (s.bind == elf.STB_GLOBAL || s.bind == elf.STB_WEAK) && s.name == name {
			return s
		}
	}
	return nil
}

// Relocations of sections that are not code.
const (
	relAbs64    = 2
	relAbs32    = 3
	relNoDyld32 = 4
)

// relocated is the data of a section that is not code, with its relocations
// applied if they are of the kinds found in debug information.
func (f *elfFile) relocated(idx int) []byte {
	le := binary.LittleEndian
	data := bytes.Clone(f.sections[idx].data)
	for i := range f.sections {
		s := &f.sections[i]
		if s.typ != elf.SHT_REL || int(s.info) != idx {
			continue
		}
		rels, err := f.relocations(s)
		if err != nil {
			continue
		}
		for _, r := range rels {
			val := f.addrOf(&f.symbols[r.sym])
			size := uint64(len(data))
			switch {
			case (r.typ == relAbs32 || r.typ == relNoDyld32) && size >= 4 && r.off <= size-4:
				le.PutUint32(data[r.off:], le.Uint32(data[r.off:])+uint32(val))
			case r.typ == relAbs64 && size >= 8 && r.off <= size-8:
				le.PutUint64(data[r.off:], le.Uint64(data[r.off:])+val)
			}
		}
	}
	return data
}

// addrOf is where a symbol is to debug information.
func (f *elfFile) addrOf(s *symbol) uint64 {
	if s.section <= 0 || s.section >= len(f.sections) {
		return s.value
	}
	return f.sections[s.section].addr + s.value
}

// SPDX-License-Identifier: GPL-2.0-only

package program

import (
	"debug/elf"
	"encoding/binary"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// Objects that a build links to one, as "bpftool gen object" does. In the result
//
//	sections    of a name follow each other, in the order of the parts; license and version are there once
//	symbols     an extern is what another part defines, a weak definition gives way to a strong one, and
//	            what two parts say of one must match: types, members and offsets, definitions of maps
//	types       of a global function or variable are those of its definition; equal types are one
//	debug info  stays, unlike with bpftool, so that places and variables are known
//
// join.go puts the sections together, joinsyms.go resolves the symbols, joinmatch.go compares what two parts
// say, joinbtf.go and joinext.go have the types, dedup.go finds those that are equal.

// Part is one of the objects that are linked.
type Part struct {
	Name string // of its file, for people
	ELF  []byte
}

// LoadLinked links objects to one, and then its programs as Load does. What
// keeps the objects from being linked is in its Faults.
//
// kernel: bpf_linker__add_file, bpf_linker__finalize
func LoadLinked(parts []Part, o Options) (*Object, error) {
	j := &joiner{
		file: &elfFile{sections: make([]section, 1), symbols: make([]symbol, 1)},
		at:   make(map[string]int), globals: make(map[string]*global),
	}
	for i := range parts {
		if err := j.add(&parts[i]); err != nil {
			return nil, fmt.Errorf("%s: %w", parts[i].Name, err)
		}
	}
	j.joinTypes()
	j.file.symtab = j.section(section{name: ".symtab", typ: elf.SHT_SYMTAB})
	addr := uint64(firstAddr)
	for i := range j.file.sections {
		if s := &j.file.sections[i]; s.executable() {
			s.addr = addr
			addr += s.size + insnSize
		}
	}
	return loadFile(j.file, o, j.faults)
}

// joiner is the state of linking objects to one.
type joiner struct {
	file    *elfFile
	at      map[string]int // sections of the result, by name
	parts   []*joinPart
	globals map[string]*global
	faults  []Fault
	// reported are the symbols that have a fault.
	reported map[string]bool
}

// joinPart is an object that is linked, and where its things went.
type joinPart struct {
	*elfFile
	name     string
	btf      *btfView // nil without BTF
	ext      btfExt
	sections []placed // by its ELF index
	symbols  []int    // of the result, by its own; 0 if it is not there
	first    uint32   // number of its first type among those of all parts, less one
	strings  uint32   // offset of its strings among those of all parts
	dir      string   // that its compiler ran in
}

// short is how messages call the part.
func (p *joinPart) short() string { return filepath.Base(p.name) }

// placed is where a section went.
type placed struct {
	to      int // section of the result, 0 if it is not there
	off     uint64
	skipped bool // it has the same as that of another part
}

// fault notes what keeps the objects from being linked, once for each symbol.
func (j *joiner) fault(name, message string) {
	if j.reported[name] {
		return
	}
	if j.reported == nil {
		j.reported = make(map[string]bool)
	}
	j.reported[name] = true
	j.faults = append(j.faults, Fault{Kind: LinkConflict, Fatal: true, Name: name, Message: message})
}

// add adds an object.
func (j *joiner) add(part *Part) error {
	f, err := parseELF(part.ELF)
	if err != nil {
		return err
	}
	p := &joinPart{elfFile: f, name: part.Name, sections: make([]placed, len(f.sections)),
		symbols: make([]int, len(f.symbols))}
	if err := p.readTypes(); err != nil {
		return err
	}
	p.dir = (&Debug{file: f}).compDir()
	j.parts = append(j.parts, p)
	for i := range f.sections {
		if s := &f.sections[i]; s.typ == elf.SHT_PROGBITS && s.name != secBTF && s.name != secBTFExt ||
			s.typ == elf.SHT_NOBITS {
			if err := j.addSection(p, i); err != nil {
				return err
			}
		}
	}
	for i := range f.symbols {
		if i > 0 {
			j.addSymbol(p, i)
		}
	}
	for i := range f.sections {
		if s := &f.sections[i]; s.typ == elf.SHT_REL {
			if err := j.addRelocations(p, s); err != nil {
				return err
			}
		}
	}
	return nil
}

// section adds a section to the result.
func (j *joiner) section(s section) int {
	j.at[s.name] = len(j.file.sections)
	j.file.sections = append(j.file.sections, s)
	return len(j.file.sections) - 1
}

// addSection appends a section to that of its name.
//
// kernel: linker_append_sec_data, extend_sec
func (j *joiner) addSection(p *joinPart, i int) error {
	s := &p.elfFile.sections[i]
	if s.name == secText && s.size == 0 {
		return nil
	}
	to, ok := j.at[s.name]
	if !ok {
		to = j.section(section{name: s.name, typ: s.typ, flags: s.flags})
	}
	out := &j.file.sections[to]
	switch {
	case out.typ != s.typ || out.flags != s.flags:
		if !isDebug(s.name) {
			j.fault(s.name, "the objects have sections '"+s.name+"' of different kinds")
			return nil
		}
	case ok && (s.name == secLicense || s.name == secVersion):
		if string(out.data) != string(s.data) {
			j.fault(s.name, fmt.Sprintf("the objects have different %ss", s.name))
		}
		p.sections[i] = placed{to: to, skipped: true}
		return nil
	}
	align := max(out.align, s.align, 1)
	if align&(align-1) != 0 || align > maxAlign || max(s.size, out.size) > maxSectionBytes {
		return formatError("section '%s' is too large or not aligned", s.name)
	}
	off := (out.size + align - 1) / align * align
	if s.typ != elf.SHT_NOBITS {
		out.data = append(slices.Grow(out.data, int(off-out.size)+len(s.data)), make([]byte, off-out.size)...)
		out.data = append(out.data, s.data...)
	}
	out.size, out.align = off+s.size, align
	p.sections[i] = placed{to: to, off: off}
	if s.executable() {
		out.pieces = append(out.pieces, piece{off: off, name: p.name})
	}
	return nil
}

// maxAlign is more than any section of BPF code or data is aligned to.
const maxAlign = 1 << 16

func isDebug(section string) bool { return strings.HasPrefix(section, ".debug_") }

// addRelocations appends relocations to those of the section's place in the result.
//
// kernel: linker_append_elf_relos
func (j *joiner) addRelocations(p *joinPart, s *section) error {
	if int(s.info) >= len(p.sections) {
		return formatError("section '%s' is for a section that is not there", s.name)
	}
	at := p.sections[s.info]
	if at.to == 0 || at.skipped {
		return nil
	}
	rels, err := p.relocations(s)
	if err != nil {
		return err
	}
	to, ok := j.at[s.name]
	if !ok {
		to = j.section(section{name: s.name, typ: elf.SHT_REL, info: uint32(at.to)})
	}
	out := &j.file.sections[to]
	for _, r := range rels {
		out.data = binary.LittleEndian.AppendUint64(out.data, r.off+at.off)
		out.data = binary.LittleEndian.AppendUint64(out.data, uint64(p.symbols[r.sym])<<32|uint64(r.typ))
	}
	out.size = uint64(len(out.data))
	return nil
}

// piece is what a part has in a section of code.
type piece struct {
	off  uint64
	name string // of the part
}

// pieceAt names the part that has the code at an offset, "" if the object was not linked from parts.
func (s *section) pieceAt(off uint64) string {
	name := ""
	for _, p := range s.pieces {
		if p.off <= off {
			name = p.name
		}
	}
	return name
}

// SPDX-License-Identifier: GPL-2.0-only

package program

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"sort"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
)

// Names of the sections that mean something.
const (
	secText       = ".text"
	secBTF        = ".BTF"
	secBTFExt     = ".BTF.ext"
	secMaps       = ".maps"
	secLegacyMaps = "maps"
	secData       = ".data"
	secRodata     = ".rodata"
	secBSS        = ".bss"
	secKconfig    = ".kconfig"
	secKsyms      = ".ksyms"
	secArena      = ".addr_space.1"
	secLicense    = "license"
	secVersion    = "version"
	secStructOp   = ".struct_ops"
)

// sectionRole is what a section is to the loader.
type sectionRole uint8

const (
	roleNone sectionRole = iota
	roleReloc
	roleBSS
	roleData
	roleRodata
	roleStructOps
)

// function is one C function of the object: an entry program or a subprogram.
type function struct {
	name        string
	section     string // without "?"
	sectionIdx  int
	off         int // first instruction, in slots from the section's start
	insns       []isa.Insn
	autoload    bool
	global      bool
	hidden      bool
	relocs      []reloc // ascending by instruction
	errors      []*LoadError
	relocated   []Relocated
	kind        sectionKind
	attachBTFID uint32
	attachTo    string
	attach      AttachType
	exception   *function // exception callback that a decl tag names

	linkedAt int // in the program being linked; 0 is not yet, or the program itself
}

func (fn *function) contains(insn int) bool { return insn >= fn.off && insn < fn.off+len(fn.insns) }

// loader is the state of one Load: what libbpf keeps in its bpf_object.
type loader struct {
	opts   Options
	kernel *Kernel
	elf    *elfFile
	roles  []sectionRole // by section
	obj    *Object
	debug  *Debug

	btf *btfView // nil without BTF
	raw []byte   // the .BTF section that btf views, patched
	ext btfExt

	functions []*function // by section and offset
	text      int         // section index of .text, 0 if there is none
	mapsIdx   int         // section index of .maps, 0 if there is none
	legacy    []int       // section indices of maps in the form that libbpf gave up
	arenaIdx  int         // section index of arena variables, 0 if there is none

	externs   []*extern
	maps      []*mapInfo
	arenaMap  *mapInfo
	addresses addresses
	// licenseElsewhere: the object has no license, and is completed by others.
	licenseElsewhere bool
	cands            map[uint32][]uint32 // CO-RE candidates by local type
	tags             map[string][]string // decl tags by function
	strings          map[uint32]string   // of BTF, by offset
}

// collect sorts out the object's sections.
//
// kernel: bpf_object__elf_collect
func (l *loader) collect() error {
	l.roles = make([]sectionRole, len(l.elf.sections))
	var btfData, extData []byte
	for i := range l.elf.sections {
		s := &l.elf.sections[i]
		if i == 0 || l.ignored(s) {
			continue
		}
		switch {
		case s.name == secLicense:
			l.obj.License = cString(s.data, 63)
		case s.name == secVersion:
			if len(s.data) != 4 {
				return formatError("the version section must hold 4 bytes")
			}
			l.obj.KernelVersion = binary.LittleEndian.Uint32(s.data)
		case isLegacyMaps(s):
			l.legacy = append(l.legacy, i)
		case s.name == secMaps:
			l.mapsIdx = i
		case s.name == secBTF:
			btfData = s.data
		case s.name == secBTFExt:
			extData = s.data
		case s.typ == elf.SHT_PROGBITS && len(s.data) > 0:
			if err := l.collectData(i, s); err != nil {
				return err
			}
		case s.typ == elf.SHT_REL:
			if int(s.info) >= len(l.elf.sections) {
				return formatError("section '%s' is for a section that is not there", s.name)
			}
			target := &l.elf.sections[s.info]
			if target.executable() || isStructOps(target.name) || target.name == secMaps {
				l.roles[i] = roleReloc
			}
		case s.typ == elf.SHT_NOBITS && hasSectionPrefix(s.name, secBSS):
			l.roles[i] = roleBSS
		}
	}
	sort.SliceStable(l.functions, func(i, j int) bool {
		a, b := l.functions[i], l.functions[j]
		if a.sectionIdx != b.sectionIdx {
			return a.sectionIdx < b.sectionIdx
		}
		return a.off < b.off
	})
	return l.readBTF(btfData, extData)
}

// ignored reports whether s never matters.
func (l *loader) ignored(s *section) bool {
	const llvmAddrsig = 0x6fff4c03
	name := strings.TrimPrefix(s.name, ".rel")
	return s.typ == elf.SHT_STRTAB || s.typ == llvmAddrsig || strings.HasPrefix(name, ".debug_") ||
		s.name != name && (name == secBTF || name == secBTFExt)
}

func (l *loader) collectData(i int, s *section) error {
	switch {
	case s.executable():
		if s.name == secText {
			l.text = i
		}
		return l.addFunctions(i, s)
	case hasSectionPrefix(s.name, secData):
		l.roles[i] = roleData
	case hasSectionPrefix(s.name, secRodata):
		l.roles[i] = roleRodata
	case isStructOps(s.name):
		l.roles[i] = roleStructOps
	case s.name == secArena:
		l.arenaIdx = i
	}
	return nil
}

// addFunctions cuts a section of code into its functions.
//
// kernel: bpf_object__add_programs
func (l *loader) addFunctions(idx int, s *section) error {
	for i := range l.elf.symbols {
		sym := &l.elf.symbols[i]
		if sym.section != idx || sym.typ != elf.STT_FUNC {
			continue
		}
		size := uint64(len(s.data))
		if sym.value > size || sym.size > size-sym.value {
			return formatError("section '%s': function '%s' crosses the section's end", s.name, sym.name)
		}
		if sym.size == 0 || sym.size%insnSize != 0 || sym.value%insnSize != 0 {
			return formatError("section '%s': function '%s' is not a whole number of instructions", s.name, sym.name)
		}
		name, off := strings.CutPrefix(s.name, "?")
		global := sym.bind != elf.STB_LOCAL
		l.functions = append(l.functions, &function{
			name: sym.name, section: name, sectionIdx: idx, off: int(sym.value / insnSize),
			insns:    decodeInsns(s.data[sym.value:][:sym.size]),
			autoload: !off, global: global, hidden: global && sym.hidden(),
		})
	}
	return nil
}

func decodeInsns(b []byte) []isa.Insn {
	le := binary.LittleEndian
	insns := make([]isa.Insn, len(b)/insnSize)
	for i := range insns {
		w := b[i*insnSize:]
		insns[i] = isa.Insn{Op: w[0], Dst: w[1] & 0xf, Src: w[1] >> 4, Off: int16(le.Uint16(w[2:])),
			Imm: int32(le.Uint32(w[4:]))}
	}
	return insns
}

// isSubprog reports whether fn is not an entry program.
func (l *loader) isSubprog(fn *function) bool { return fn.sectionIdx == l.text }

// functionAt is the function that holds an instruction of a section, or nil.
func (l *loader) functionAt(sectionIdx, insn int) *function {
	i := sort.Search(len(l.functions), func(i int) bool {
		fn := l.functions[i]
		return fn.sectionIdx > sectionIdx || fn.sectionIdx == sectionIdx && fn.off > insn
	}) - 1
	if i < 0 {
		return nil
	}
	if fn := l.functions[i]; fn.sectionIdx == sectionIdx && fn.contains(insn) {
		return fn
	}
	return nil
}

// isLegacyMaps reports whether a section holds maps in the form that libbpf gave up. Loaders with sections of their own
// have put a word before the name too.
func isLegacyMaps(s *section) bool {
	return s.name == secLegacyMaps || strings.HasPrefix(s.name, secLegacyMaps+"/") ||
		strings.HasSuffix(s.name, "/"+secLegacyMaps) && !s.executable() && s.typ == elf.SHT_PROGBITS
}

func isStructOps(section string) bool {
	section = strings.TrimPrefix(section, "?")
	return section == secStructOp || section == secStructOp+".link"
}

// hasSectionPrefix reports whether name is the section, or named after it with a dot.
func hasSectionPrefix(name, section string) bool {
	rest, ok := strings.CutPrefix(name, section)
	return ok && (rest == "" || rest[0] == '.')
}

// cString is a string up to its zero byte, of at most limit bytes.
func cString(b []byte, limit int) string {
	if len(b) > limit {
		b = b[:limit]
	}
	b, _, _ = bytes.Cut(b, []byte{0})
	return string(b)
}

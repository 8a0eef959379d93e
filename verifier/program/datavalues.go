// SPDX-License-Identifier: GPL-2.0-only

package program

import (
	"encoding/binary"

	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
)

// Loaders from before there were maps of variables put the value of a variable in the place of its address, so that
// user space can set it: the program takes `(int)(long)&variable` for a number. With a map behind the address the
// kernel would refuse that, so an object whose maps libbpf does not create, and that calculates with 32 bits of an
// address, is for such a loader. It is verified with the values that the object has.

// replacesAddresses reports whether the object's loader puts values in the place of addresses.
func (l *loader) replacesAddresses() bool {
	if l.addresses == 0 {
		l.addresses = addressesStay
		if len(l.legacy) > 0 && l.calculatesWithAddress() {
			l.addresses = addressesAreValues
		}
	}
	return l.addresses == addressesAreValues
}

// addresses says what becomes of the addresses of variables; 0 is not known yet.
type addresses uint8

const (
	addressesStay addresses = iota + 1
	addressesAreValues
)

// calculatesWithAddress reports whether a program uses 32 bits of the address of a variable as a number.
func (l *loader) calculatesWithAddress() bool {
	for i := range l.elf.sections {
		if l.roles[i] != roleReloc {
			continue
		}
		s := &l.elf.sections[i]
		rels, err := l.elf.relocations(s)
		if err != nil {
			return false
		}
		for _, rel := range rels {
			insn := int(rel.off / insnSize)
			fn := l.functionAt(int(s.info), insn)
			if fn != nil && l.isData(l.elf.symbols[rel.sym].section) && usedAsNumber(fn.insns, insn-fn.off) {
				return true
			}
		}
	}
	return false
}

// isData reports whether a section is one of variables.
func (l *loader) isData(section int) bool {
	if section <= 0 || section >= len(l.roles) {
		return false
	}
	switch l.roles[section] {
	case roleBSS, roleData, roleRodata:
		return true
	}
	return false
}

// usedAsNumber reports whether the first use of a loaded address is arithmetic that no pointer can take part in.
func usedAsNumber(insns []isa.Insn, load int) bool {
	if !insns[load].IsLdImm64() {
		return false
	}
	reg := insns[load].Dst
	for i := load + 2; i < len(insns); i++ {
		in := &insns[i]
		op := in.Code()
		byReg := in.SrcKind() == isa.SrcX && in.Src == reg
		switch in.Class() {
		case isa.ClassALU:
			if op == isa.OpMov {
				if byReg || in.Dst == reg {
					return false
				}
			} else if byReg || in.Dst == reg {
				return true
			}
		case isa.ClassALU64:
			switch {
			case !byReg && in.Dst != reg:
			case op == isa.OpMov, op == isa.OpAdd, op == isa.OpSub && !byReg:
				return false
			default:
				return true
			}
		case isa.ClassJMP, isa.ClassJMP32:
			if op == isa.OpCall || op == isa.OpExit || op == isa.OpJa {
				return false
			}
		default:
			if in.Dst == reg || in.Src == reg {
				return false
			}
			if in.IsLdImm64() {
				i++
			}
		}
	}
	return false
}

// placeValue puts the value of a variable where its address is loaded.
func (l *loader) placeValue(fn *function, insn int, sym *symbol) {
	in := &fn.insns[insn]
	var value uint32
	s := &l.elf.sections[sym.section]
	if at := sym.value + uint64(uint32(in.Imm)); l.roles[sym.section] != roleBSS && at+4 <= uint64(len(s.data)) {
		value = binary.LittleEndian.Uint32(s.data[at:])
	}
	in.Src, in.Imm = 0, int32(value)
	fn.insns[insn+1].Imm = 0
}

// SPDX-License-Identifier: GPL-2.0-only

package program

import (
	"debug/elf"
	"fmt"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
)

// weakBinding is the binding of symbols that may stay undefined.
const weakBinding = elf.STB_WEAK

// structOpsValuePrefix begins the name of the kernel's map value type of a
// struct_ops struct.
const structOpsValuePrefix = "bpf_struct_ops_"

// defineStructOps makes a map of each variable in a .struct_ops section.
//
// kernel: init_struct_ops_maps
func (l *loader) defineStructOps() error {
	for i := range l.elf.sections {
		if l.roles[i] != roleStructOps {
			continue
		}
		s := &l.elf.sections[i]
		if l.btf == nil {
			l.breakMaps(i, Fault{Kind: NeedsBTF})
			continue
		}
		sec := l.btf.find(s.name, kindDatasec)
		if sec == 0 {
			return formatError("section '%s' has no BTF", s.name)
		}
		for j := range l.btf.vlen(sec) {
			at := l.btf.entry(sec, j)
			def := l.btf.skip(l.btf.ref(at.first))
			m := l.addMap(l.btf.name(at.first), mapStructOps)
			m.section, m.offset = i, uint64(at.a)
			if l.btf.kind(def) != kindStruct || l.btf.name(def) == "" {
				l.breakMap(m, mapFailed("", "a variable in section '%s' must be a named struct", s.name))
				continue
			}
			if uint64(at.a)+uint64(l.btf.size(def)) > s.size {
				l.breakMap(m, mapFailed("", "it is outside of section '%s'", s.name))
				continue
			}
			m.defType = def
			m.Type, m.KeySize, m.ValueSize, m.MaxEntries = facts.MapStructOpsMap, 4, l.btf.size(def), 1
			if strings.HasSuffix(s.name, ".link") {
				m.Flags = MapFlagLink
			}
			m.members = make([]*function, l.btf.vlen(def))
		}
	}
	return nil
}

// fillStructOps notes which program implements which member.
//
// kernel: bpf_object__collect_st_ops_relos
func (l *loader) fillStructOps(sectionIdx int, rels []relocation) error {
	for _, rel := range rels {
		sym := &l.elf.symbols[rel.sym]
		m := l.structOpsAt(sectionIdx, rel.off)
		if m == nil && l.btf == nil {
			continue
		}
		if m == nil {
			return formatError("section '%s': a relocation at offset %d is in no variable",
				l.elf.sections[sectionIdx].name, rel.off)
		}
		member := -1
		for i := range l.btf.vlen(m.defType) {
			if off, _ := l.btf.memberBits(m.defType, i); uint64(off) == 8*(rel.off-m.offset) {
				member = i
				break
			}
		}
		if member < 0 || !l.isFuncPtr(l.btf.memberType(m.defType, member)) {
			l.breakMap(m, mapFailed("", "'%s' is put where there is no function pointer", sym.name))
			continue
		}
		fn := l.functionAt(sym.section, int(sym.value/insnSize))
		if fn == nil || sym.value%insnSize != 0 {
			l.breakMap(m, mapFailed("", "member '%s' is no program", l.btf.memberName(m.defType, member)))
			continue
		}
		if fn.kind.typ != facts.ProgStructOps {
			l.breakMap(m, mapFailed("", "member '%s' is program '%s', which is not in SEC(\"struct_ops\")",
				l.btf.memberName(m.defType, member), fn.name))
			continue
		}
		m.members[member] = fn
		if fn.attachTo == "" {
			fn.attachTo = essential(l.btf.name(m.defType)) + ":" + l.btf.memberName(m.defType, member)
		}
	}
	return nil
}

func (l *loader) structOpsAt(sectionIdx int, off uint64) *mapInfo {
	for _, m := range l.maps {
		if m.role == mapStructOps && m.section == sectionIdx && m.offset <= off && off-m.offset < uint64(m.ValueSize) {
			return m
		}
	}
	return nil
}

func (l *loader) isFuncPtr(id uint32) bool {
	id = l.btf.skip(id)
	return l.btf.kind(id) == kindPtr && l.btf.kind(l.btf.skip(l.btf.ref(id))) == kindFuncProto
}

// bindStructOps finds the kernel's type and member for each struct_ops program.
//
// kernel: bpf_map__init_kern_struct_ops
func (l *loader) bindStructOps() {
	k := l.kernel.types
	for _, m := range l.maps {
		if m.role != mapStructOps {
			continue
		}
		name := essential(l.btf.name(m.defType))
		value, kernelType := k.find(structOpsValuePrefix+name, kindStruct), k.find(name, kindStruct)
		if value != 0 && kernelType != 0 {
			m.KernelValueTypeID, m.ValueSize = value, k.size(value)
		}
		for i, fn := range m.members {
			if fn == nil {
				continue
			}
			member := l.btf.memberName(m.defType, i)
			if value == 0 || kernelType == 0 {
				fn.failNear(MissingTarget, name, fmt.Sprintf("the kernel has no struct_ops type '%s'", name),
					nearest(name, k.named(kindStruct,
						structOpsValuePrefix)), "struct_ops init_kern: struct "+name+" is not found in kernel BTF")
				continue
			}
			l.bindMember(fn, kernelType, name, member)
		}
	}
	for _, fn := range l.functions {
		if fn.kind.typ == facts.ProgStructOps && !l.isSubprog(fn) && fn.attachTo == "" {
			fn.fail(MissingTarget, -1, "", "no variable in SEC(\".struct_ops\") or SEC(\".struct_ops.link\") uses this program")
		}
	}
}

func (l *loader) bindMember(fn *function, kernelType uint32, typeName, member string) {
	k := l.kernel.types
	for i := range k.vlen(kernelType) {
		if k.memberName(kernelType, i) != member {
			continue
		}
		if fn.attachBTFID == 0 {
			fn.attachBTFID, fn.attach = kernelType, AttachType(i)
		} else if fn.attachBTFID != kernelType || fn.attach != AttachType(i) {
			fn.fail(MissingTarget, -1, member, fmt.Sprintf("a struct_ops program implements one member, this one also implements '%s'",
				member))
		}
		return
	}
	fn.failNear(MissingTarget, member, fmt.Sprintf("the kernel's '%s' has no member '%s'", typeName, member),
		nearest(member, k.members(kernelType)),
		"struct_ops init_kern "+typeName+": Cannot find member "+member+" in kernel BTF")
}

// SPDX-License-Identifier: GPL-2.0-only

package program

import (
	"cmp"
	"debug/elf"
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
)

// extern is a symbol that the kernel or its configuration has to provide.
type extern struct {
	name    string
	symIdx  int
	btfID   uint32 // Func or Var in the object's BTF
	weak    bool
	kconfig bool // else a kernel symbol, unless it is foreign
	foreign bool // another object has to define it, before the two are linked to one
	set     bool

	// Of Kconfig externs.
	size, align uint32
	off         uint32 // in the .kconfig map
	typ         kconfigType
	signed      bool

	// Of kernel symbols.
	typeID   uint32 // the object's type of it, 0 if it is only an address
	kernelID uint32 // in the kernel's BTF
	addr     uint64
	reason   string // why it is not set
	optional bool   // other kernels of the version have it
}

// collectExterns finds what the object leaves to be resolved.
//
// kernel: bpf_object__collect_externs
func (l *loader) collectExterns() error {
	for i := range l.elf.symbols {
		sym := &l.elf.symbols[i]
		if i == 0 || !sym.undefinedExtern() || sym.name == "" {
			continue
		}
		if l.btf == nil {
			return &loadFailure{ErrNoBTF, "extern '" + sym.name + "' needs type information: compile with -g"}
		}
		e, err := l.newExtern(i, sym)
		if err != nil {
			return err
		}
		l.externs = append(l.externs, e)
	}
	slices.SortFunc(l.externs, func(a, b *extern) int {
		if a.kconfig != b.kconfig {
			if a.kconfig {
				return -1
			}
			return 1
		}
		if a.kconfig {
			// Largest alignment first, then smallest size.
			if c := cmp.Compare(b.align, a.align); c != 0 {
				return c
			}
			if c := cmp.Compare(a.size, b.size); c != 0 {
				return c
			}
		}
		return strings.Compare(a.name, b.name)
	})
	return l.layOutKconfig()
}

func (l *loader) newExtern(symIdx int, sym *symbol) (*extern, error) {
	id, err := l.externBTF(sym.name)
	if err != nil {
		return nil, err
	}
	e := &extern{name: sym.name, symIdx: symIdx, btfID: id, weak: sym.bind == weakBinding}
	switch sec := l.btf.name(l.datasecOf(id)); sec {
	case secKconfig:
		e.kconfig = true
		return e, l.typeKconfig(e)
	case secKsyms:
		e.typeID = l.btf.skip(l.btf.ref(id))
		return e, nil
	case "":
		if k := l.kernel.types; k.find(sym.name, kindFunc) != 0 || k.find(sym.name, kindVar) != 0 {
			return nil, formatError("extern '%s' is the kernel's, but not declared so: add __ksym", sym.name)
		}
		// libbpf refuses the whole object. What does without the extern is checked nevertheless, as in the object that the parts make.
		e.foreign, e.reason = true, "'"+sym.name+"' is defined in another object"
		return e, nil
	default:
		return nil, unsupported("extern '%s' is in section '%s': only __ksym and __kconfig are known, other objects must be linked with \"bpftool gen object\" first", sym.name, sec)
	}
}

// isPart tells that the object is made to be linked to others: it lacks what they have, or has programs or maps that give way to theirs.
func (l *loader) isPart() bool {
	if l.arenaIdx != 0 && l.arenaMap == nil || slices.ContainsFunc(l.externs, func(e *extern) bool { return e.foreign }) {
		return true
	}
	for i := range l.elf.symbols {
		sym := &l.elf.symbols[i]
		if sym.bind != weakBinding || sym.section <= 0 || sym.section >= len(l.elf.sections) {
			continue
		}
		program := sym.typ == elf.STT_FUNC && sym.section != l.text
		if program || sym.typ == elf.STT_OBJECT && sym.section == l.mapsIdx {
			return true
		}
	}
	return false
}

// externBTF finds the declaration of an extern.
//
// kernel: find_extern_btf_id
func (l *loader) externBTF(name string) (uint32, error) {
	for id := uint32(1); id < l.btf.count(); id++ {
		k := l.btf.kind(id)
		if k != kindVar && k != kindFunc || string(l.btf.strBytes(l.btf.word(id, 0))) != name {
			continue
		}
		if l.btf.linkage(id) != linkExtern {
			return 0, formatError("extern '%s' has a definition in BTF but none in the object", name)
		}
		return id, nil
	}
	return 0, formatError("extern '%s' has no BTF: declare it with __ksym or __kconfig, and compile with -g", name)
}

// datasecOf is the section that a variable or function is listed in, or 0.
func (l *loader) datasecOf(varID uint32) uint32 {
	for id := uint32(1); id < l.btf.count(); id++ {
		if l.btf.kind(id) != kindDatasec {
			continue
		}
		for i := range l.btf.vlen(id) {
			if l.btf.entry(id, i).first == varID {
				return id
			}
		}
	}
	return 0
}

// resolveKsyms looks kernel symbols up in the kernel.
//
// kernel: bpf_object__resolve_ksyms_btf_id
func (l *loader) resolveKsyms() {
	for i, e := range l.externs {
		switch {
		case e.kconfig, e.foreign:
		case e.typeID == 0:
			l.resolveAddress(e, i)
		case l.btf.kind(e.btfID) == kindVar:
			l.resolveVar(e)
		default:
			l.resolveFunc(e)
		}
	}
}

// Addresses that stand for those of kernel symbols, which are secret and change
// with each boot: from where the kernel's image starts on x86-64, each its own.
const (
	kernelTextBase = 0xffffffff81000000
	kernelTextStep = 0x1000
)

// resolveAddress resolves a symbol without a type. /proc/kallsyms, where libbpf
// looks, is of the running system only. Without Options.Symbols, a symbol that
// may be absent is there if the kernel's BTF knows it.
func (l *loader) resolveAddress(e *extern, n int) {
	if l.opts.Symbols != nil {
		if e.addr, e.set = l.opts.Symbols[e.name]; !e.set {
			e.reason = "the kernel has no symbol '" + e.name + "'"
		}
		return
	}
	if !e.weak || l.kernel.types.find(e.name, kindVar) != 0 || l.kernel.types.find(e.name, kindFunc) != 0 {
		e.set, e.addr = true, kernelTextBase+uint64(n)*kernelTextStep
	}
}

// resolveVar resolves a typed variable.
//
// kernel: bpf_object__resolve_ksym_var_btf_id
func (l *loader) resolveVar(e *extern) {
	k := l.kernel.types
	id := k.find(e.name, kindVar)
	if id == 0 {
		e.reason = "the kernel's BTF has no variable '" + e.name + "'"
		return
	}
	target := k.skip(k.ref(id))
	if typesCompatible(l.btf, e.typeID, k, target) != matchYes {
		e.reason = "kernel variable '" + e.name + "' is a " + k.describe(target) + ", not a " + l.btf.describe(e.typeID)
		return
	}
	e.set, e.kernelID = true, id
}

// resolveFunc resolves a kernel function.
//
// kernel: bpf_object__resolve_ksym_func_btf_id
func (l *loader) resolveFunc(e *extern) {
	k := l.kernel.types
	id := k.find(essential(e.name), kindFunc)
	if id == 0 {
		e.reason = "the kernel has no function '" + essential(e.name) + "'"
		_, e.optional = facts.LookupKfunc(essential(e.name))
		return
	}
	if typesCompatible(l.btf, e.typeID, k, k.ref(id)) != matchYes {
		e.reason = "kernel function '" + essential(e.name) + "' has another prototype than the program declares"
		return
	}
	e.set, e.kernelID = true, id
}

// SPDX-License-Identifier: GPL-2.0-only

package program

import (
	"cmp"
	"debug/elf"
	"fmt"
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
	reason   string   // why it is not set
	libbpf   string   // what libbpf says of that
	near     []string // names that may have been meant
	broken   bool     // it is not declared so that it could be looked up
	mismatch bool     // the kernel has another one of that name
	declared string   // as the kernel declares it
	optional bool     // other kernels of the version have it
}

// enoent and esrch are errors that libbpf puts into its messages.
const enoent, esrch = 2, 3

// collectExterns finds what the object leaves to be resolved.
//
// kernel: bpf_object__collect_externs
func (l *loader) collectExterns() error {
	for i := range l.elf.symbols {
		sym := &l.elf.symbols[i]
		if i == 0 || !sym.undefinedExtern() || sym.name == "" {
			continue
		}
		e := &extern{name: sym.name, symIdx: i, weak: sym.bind == weakBinding}
		if l.btf == nil {
			l.fault(Fault{Kind: NeedsBTF, Fatal: true, Name: sym.name})
			e.broken, e.reason = true, "it has no type information"
		} else if why := l.declare(e); why != "" {
			e.broken, e.reason = true, why
			e.libbpf = noExternBTF(e.name)
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

// noExternBTF is what libbpf says of an extern that is not declared so that it
// could look it up.
func noExternBTF(name string) string {
	return fmt.Sprintf("failed to find BTF for extern '%s': %d", name, -enoent)
}

// declare reads an extern's declaration, and returns what is wrong with it.
func (l *loader) declare(e *extern) string {
	var why string
	if e.btfID, why = l.externBTF(e.name); why != "" {
		return why
	}
	switch sec := l.btf.name(l.datasecOf(e.btfID)); sec {
	case secKconfig:
		e.kconfig = true
		why = l.typeKconfig(e)
		e.kconfig = why == ""
		return why
	case secKsyms:
		e.typeID = l.btf.skip(l.btf.ref(e.btfID))
		return ""
	case "":
		if k := l.kernel.types; k.find(e.name, kindFunc) != 0 || k.find(e.name, kindVar) != 0 {
			return "it is the kernel's, but not declared so: add __ksym"
		}
		// libbpf refuses the whole object. What does without the extern is checked
		// nevertheless, as in the object that the parts make.
		e.foreign, e.reason, e.libbpf = true, "'"+e.name+"' is defined in another object", noExternBTF(e.name)
		return ""
	default:
		return "it is in section '" + sec + "', but only __ksym and __kconfig are known"
	}
}

// isPart reports whether the object is made to be linked to others: it lacks what they
// have, or has programs or maps that give way to theirs.
func (l *loader) isPart() bool {
	if l.arenaIdx != 0 && l.arenaMap == nil || slices.ContainsFunc(l.externs,
		func(e *extern) bool { return e.foreign }) {
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
func (l *loader) externBTF(name string) (id uint32, why string) {
	for id := uint32(1); id < l.btf.count(); id++ {
		k := l.btf.kind(id)
		if k != kindVar && k != kindFunc || string(l.btf.strBytes(l.btf.word(id, 0))) != name {
			continue
		}
		if l.btf.linkage(id) != linkExtern {
			return 0, "BTF has a definition of it, the object none"
		}
		return id, ""
	}
	return 0, "it has no BTF: declare it with __ksym or __kconfig, and compile with -g"
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
		case e.kconfig, e.broken, e.foreign:
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
			e.libbpf = "extern (ksym) '" + e.name + "': not found in kallsyms"
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
		e.near = nearest(e.name, k.named(kindVar, ""))
		e.libbpf = "extern (var ksym) '" + e.name + "': not found in kernel BTF"
		return
	}
	target := k.skip(k.ref(id))
	if typesCompatible(l.btf, e.typeID, k, target) != matchYes {
		e.mismatch, e.declared = true, k.declaration(k.ref(id), e.name)
		e.libbpf = fmt.Sprintf("extern (var ksym) '%s': incompatible types, expected [%d] %s %s, but kernel has [%d] %s %s", e.name,
			e.typeID, l.btf.kind(e.typeID), l.btf.nameOr(e.typeID), target, k.kind(target), k.nameOr(target))
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
		e.near = nearest(essential(e.name), k.named(kindFunc, ""))
		e.libbpf = "extern (func ksym) '" + e.name + "': not found in kernel or module BTFs"
		_, e.optional = facts.Of(facts.Default).Kfunc(essential(e.name))
		return
	}
	if typesCompatible(l.btf, e.typeID, k, k.ref(id)) != matchYes {
		e.mismatch, e.declared = true, k.declaration(k.ref(id), essential(e.name))
		e.libbpf = fmt.Sprintf("extern (func ksym) '%s': func_proto [%d] incompatible with vmlinux [%d]", e.name,
			e.typeID, k.ref(id))
		e.reason = "kernel function '" + essential(e.name) + "' has another prototype than the program declares"
		return
	}
	e.set, e.kernelID = true, id
}

// SPDX-License-Identifier: GPL-2.0-only

package program

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/cilium/ebpf/btf"

	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
)

// Helper numbers that no kernel has, which libbpf puts into instructions it
// cannot resolve: the verifier rejects them if they are reached.
const (
	PoisonCORE      = 195896080
	poisonKfuncBase = 2002000000
)

// maxLinkedInsns bounds a linked program, above the kernel's million.
const maxLinkedInsns = 4 << 20

// linker puts one entry program and its subprograms together.
type linker struct {
	*loader
	main   *function
	insns  []isa.Insn
	relocs []reloc
	funcs  [][4]uint32
	lines  [][4]uint32
	syms   []Symbol
	errors []*LoadError
	// relocated are what CO-RE moved.
	relocated []Relocated
	// Once the main program has no such records, its subprograms' are left
	// out too.
	noFuncs, noLines bool
}

// link makes a program of an entry function.
func (l *loader) link(fn *function) *Program {
	for _, f := range l.functions {
		f.linkedAt = 0
	}
	k := &linker{loader: l, main: fn}
	k.append(fn)
	if err := k.placeCalls(fn); err != nil {
		k.errors = append(k.errors, err)
	}
	if cb := fn.exception; cb != nil && cb.linkedAt == 0 {
		k.append(cb)
		if err := k.placeCalls(cb); err != nil {
			k.errors = append(k.errors, err)
		}
	}
	k.placeData()
	return k.program()
}

// append adds a function's code and relocations at the end.
//
// kernel: bpf_object__append_subprog_code
func (k *linker) append(fn *function) {
	at := len(k.insns)
	fn.linkedAt = at
	k.insns = append(k.insns, fn.insns...)
	for _, r := range fn.relocs {
		r.insn += at
		k.relocs = append(k.relocs, r)
	}
	for _, e := range fn.errors {
		moved := *e
		if moved.PC >= 0 {
			moved.PC += at
		}
		k.errors = append(k.errors, &moved)
	}
	for _, r := range fn.relocated {
		r.PC += at
		k.relocated = append(k.relocated, r)
	}
	k.syms = append(k.syms, Symbol{
		InsnOff: uint32(at), Len: uint32(len(fn.insns)), Name: fn.name,
		Addr: k.elf.sections[fn.sectionIdx].addr + uint64(fn.off)*insnSize,
		Part: k.elf.sections[fn.sectionIdx].pieceAt(uint64(fn.off) * insnSize),
	})
}

// takeInfo adds a function's func_info and line_info.
//
// kernel: reloc_prog_func_and_line_info
func (k *linker) takeInfo(fn *function) {
	take := func(secs []extSection, to *[][4]uint32, none *bool) {
		if *none {
			return
		}
		recs := fn.recordsOf(secs)
		if fn == k.main && len(recs) == 0 {
			*none = true
		}
		for _, r := range recs {
			r[0] = r[0]/insnSize + uint32(fn.linkedAt-fn.off)
			*to = append(*to, r)
		}
	}
	take(k.ext.funcs, &k.funcs, &k.noFuncs)
	take(k.ext.lines, &k.lines, &k.noLines)
}

// placeCalls appends the subprograms that a function calls or takes the address
// of, each with its own in turn, and points the instructions at them.
//
// kernel: bpf_object__reloc_code
func (k *linker) placeCalls(fn *function) *LoadError {
	k.takeInfo(fn)
	for i := range fn.insns {
		in := &k.insns[fn.linkedAt+i]
		call := in.IsSubprogCall() && in.Dst == 0 && in.Off == 0
		if !call && !in.IsFuncRef() {
			continue
		}
		r := fn.relocOf(i)
		target := fn.off + i + int(in.Imm) + 1
		switch {
		case r == nil && call:
		case r == nil:
			return k.invalid(fn, i, "the address of a function has no relocation")
		case r.kind == relocExternCall:
			continue
		case r.kind == relocCall:
			target = int(r.symOff/insnSize) + int(in.Imm) + 1
		case r.kind == relocFuncAddr:
			target = (int(r.symOff) + int(in.Imm)) / insnSize
		default:
			return k.invalid(fn, i, "a call refers to data")
		}
		sub := k.functionAt(k.text, target)
		if sub == nil || k.text == 0 {
			return k.invalid(fn, i, "a call of something that is no function without SEC()")
		}
		if sub.linkedAt == 0 && sub != k.main {
			if len(k.insns)+len(sub.insns) > maxLinkedInsns {
				return k.invalid(fn, i, "the program is too large")
			}
			k.append(sub)
			if err := k.placeCalls(sub); err != nil {
				return err
			}
		}
		k.insns[fn.linkedAt+i].Imm = int32(sub.linkedAt - (fn.linkedAt + i) - 1)
	}
	return nil
}

func (k *linker) invalid(fn *function, insn int, text string) *LoadError {
	return &LoadError{Kind: InvalidCode, Fatal: true, PC: fn.linkedAt + insn,
		Message: fmt.Sprintf("function '%s': %s", fn.name, text)}
}

// placeData resolves the references to maps, variables and kernel symbols.
//
// kernel: bpf_object__relocate_data
func (k *linker) placeData() {
	for i := range k.relocs {
		r := &k.relocs[i]
		in := &k.insns[r.insn]
		switch r.kind {
		case relocMap:
			k.requireMap(r)
			in.Src, in.Imm = isa.PseudoMapIdx, int32(r.m.index)
		case relocValue:
			k.requireMap(r)
			k.insns[r.insn+1].Imm = in.Imm + int32(r.symOff)
			in.Src, in.Imm = isa.PseudoMapIdxValue, int32(r.m.index)
		case relocExternLoad:
			k.placeExternLoad(r, in)
		case relocExternCall:
			if r.ext.foreign {
				k.unresolved(r, ForeignSymbol)
				break
			}
			in.Src = isa.PseudoKfuncCall
			if r.ext.set {
				in.Imm, in.Off = int32(r.ext.kernelID), 0
				break
			}
			*in = isa.Insn{Op: isa.ClassJMP | isa.OpCall, Imm: int32(poisonKfuncBase + r.extIdx)}
			k.unresolved(r, MissingKfunc)
		}
	}
}

func (k *linker) placeExternLoad(r *reloc, in *isa.Insn) {
	e, second := r.ext, &k.insns[r.insn+1]
	if e.foreign {
		k.unresolved(r, ForeignSymbol)
		return
	}
	if !e.set && (!e.weak || e.kconfig && !strings.HasPrefix(e.name, "CONFIG_")) {
		k.unresolved(r, MissingSymbol)
	}
	switch {
	case e.kconfig:
		for _, m := range k.maps {
			if m.role == mapKconfig {
				in.Src, in.Imm, second.Imm = isa.PseudoMapIdxValue, int32(m.index), int32(e.off)
			}
		}
	case e.typeID != 0 && e.set:
		in.Src, in.Imm, second.Imm = isa.PseudoBTFID, int32(e.kernelID), 0
	default:
		in.Imm, second.Imm = int32(uint32(e.addr)), int32(uint32(e.addr>>32))
	}
}

// unresolved notes that a reference to an extern is not resolved.
func (k *linker) unresolved(r *reloc, kind LoadErrorKind) {
	text := r.ext.reason
	if text == "" {
		text = "'" + r.ext.name + "' is not in the kernel"
	}
	switch {
	case r.ext.mismatch:
		kind = MismatchedSymbol
	case r.ext.broken:
		kind = UndeclaredSymbol
	case r.ext.kconfig:
		kind = MissingConfig
	}
	k.errors = append(k.errors, &LoadError{Kind: kind, Fatal: !r.ext.weak || r.ext.foreign, PC: r.insn,
		Symbol: r.ext.name, Message: text,
		Libbpf: r.ext.libbpf, Near: r.ext.near, Declared: r.ext.declared, Optional: r.ext.optional})
}

// requireMap notes that a program uses a map that no kernel has.
func (k *linker) requireMap(r *reloc) {
	if r.m.broken {
		k.errors = append(k.errors, &LoadError{Kind: UnusableMap, Fatal: true, PC: r.insn, Symbol: r.m.FullName,
			Message: "it uses map '" + r.m.FullName + "', which cannot be created"})
	}
}

// program puts the results together.
func (k *linker) program() *Program {
	fn, obj := k.main, k.obj
	p := &Program{
		Name: fn.name, Section: fn.section, Autoload: fn.autoload, Static: !fn.global,
		Type: fn.kind.typ, Attach: fn.attach, AttachTo: fn.attachTo, Flags: fn.kind.flags,
		Insns: k.insns, Maps: obj.Maps, License: obj.License, GPL: slices.Contains(gplLicenses,
			obj.License), LicenseElsewhere: k.licenseElsewhere,
		BTF: obj.BTF, BTFRefused: obj.btfRefused, KernelBTF: obj.KernelBTF, AttachBTFID: fn.attachBTFID,
		Symbols:     k.syms,
		KernelBuilt: k.opts.built(), Debug: k.debug,
	}
	for _, r := range k.funcs {
		p.Funcs = append(p.Funcs, Func{
			InsnOff: r[0], TypeID: btf.TypeID(r[1]), Name: k.btf.name(r[1]),
			Linkage: btf.FuncLinkage(k.btf.linkage(r[1])),
		})
	}
	for _, r := range k.lines {
		p.Lines = append(p.Lines, Line{
			InsnOff: r[0], File: k.interned(r[1]), Text: k.interned(r[2]), Line: r[3] >> 10, Col: r[3] & 0x3ff,
		})
	}
	for _, e := range k.errors {
		e.Libbpf = e.libbpf(fn)
	}
	sort.SliceStable(k.errors, func(i, j int) bool { return k.errors[i].PC < k.errors[j].PC })
	p.LoadErrors = k.errors
	sort.SliceStable(k.relocated, func(i, j int) bool { return k.relocated[i].PC < k.relocated[j].PC })
	p.Relocated = k.relocated
	for _, e := range k.errors {
		if p.LoadError == nil || e.Fatal && !p.LoadError.Fatal {
			p.LoadError = e
		}
	}
	k.applyTags(p)
	return p
}

// interned is a string of the object's BTF, made only once: line records name
// the same file over and over.
func (l *loader) interned(off uint32) string {
	s, ok := l.strings[off]
	if !ok {
		s = l.btf.str(off)
		l.strings[off] = s
	}
	return s
}

// noTargetFound is what libbpf says of a program whose target is not in the kernel.
func noTargetFound(program, target string) string {
	return fmt.Sprintf("prog '%s': failed to find kernel BTF type ID of '%s': %d", program, target, -esrch)
}

// libbpf is what libbpf says of an error, if that is known.
func (e *LoadError) libbpf(fn *function) string {
	switch {
	case e.Libbpf != "":
		return e.Libbpf
	case e.Kind == UnknownSection:
		return fmt.Sprintf("prog '%s': missing BPF prog type, check ELF section name '%s'", fn.name, fn.section)
	case e.Kind == MissingTarget && fn.kind.btf && fn.attachTo == "":
		return fmt.Sprintf("prog '%s': no BTF-based attach target is specified, use bpf_program__set_attach_target()",
			fn.name)
	case e.Kind == MissingTarget && fn.kind.btf:
		return noTargetFound(fn.name, fn.attachTo)
	case e.Kind == CORERelocation && !e.Fatal:
		return "failed to resolve CO-RE relocation " + e.Symbol
	}
	return ""
}

// fail notes why libbpf would refuse the program.
func (fn *function) fail(kind LoadErrorKind, pc int, sym, message string) {
	fn.errors = append(fn.errors, &LoadError{Kind: kind, Fatal: true, PC: pc, Symbol: sym, Message: message})
}

// failNear is fail with names that may have been meant.
func (fn *function) failNear(kind LoadErrorKind, sym, message string, near []string, libbpf string) {
	fn.errors = append(fn.errors, &LoadError{Kind: kind, Fatal: true, PC: -1, Symbol: sym, Message: message,
		Libbpf: libbpf, Near: near})
}

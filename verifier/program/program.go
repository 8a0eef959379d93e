// SPDX-License-Identifier: GPL-2.0-only

// Package program turns a compiled BPF object file into programs as the kernel
// would see them after libbpf has linked the file: subprograms appended, maps
// and kernel symbols resolved, CO-RE relocations applied against a target
// kernel's BTF. Instruction numbers equal those in the kernel's log.
//
// Reading order: program.go, map.go, load.go, object.go, link.go, core.go.
package program

import (
	"fmt"

	"github.com/cilium/ebpf/btf"

	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
)

type (
	// ProgType is the type of a program, a fact of the kernel.
	ProgType = facts.ProgType
	// AttachType is what a program attaches to, a fact of the kernel.
	AttachType = facts.AttachType
	// MapType is the type of a map, a fact of the kernel.
	MapType = facts.MapType
)

// Object is everything an object file holds. Its programs share maps and BTF
// and are never changed after Load.
type Object struct {
	Programs []*Program // in the order libbpf lists them
	Maps     []*Map     // in libbpf's order; ldimm64 map references index it
	BTF      *btf.Spec  // the object's own types, nil if it has none
	Faults   []*Fault   // what libbpf or the kernel refuses apart from programs
	License  string     // "" if the object has no license section
	// KernelVersion is the contents of the version section, 0 without one.
	KernelVersion uint32
	KernelBTF     *btf.Spec // the kernel that relocations were resolved against
	// Part says that the object is made to be linked to others, and lacks what they have.
	Part bool
	// CompDir is the directory the compiler ran in, from DWARF; "" if unknown.
	CompDir string

	// Debug is the object's DWARF information.
	Debug *Debug

	tags       map[string][]string // decl tags by function
	rawBTF     []byte              // section .BTF, patched
	btfRefused bool                // the kernel takes none of these types
}

// Program is one entry function with every subprogram it reaches.
type Program struct {
	Name     string     // C function name
	Section  string     // ELF section without a leading "?"
	Autoload bool       // false for sections that start with "?"
	Type     ProgType   // facts.ProgUnspec if the section's name says nothing
	Attach   AttachType // expected attach type
	AttachTo string     // target named by the section, or "struct:member" of a struct_ops program
	Flags    uint32     // BPF_F_* of section and decl tags
	LogLevel uint32     // from the decl tag test_log_level, 0 if none

	// Insns is the linked program. A map reference is an ldimm64 of source
	// PseudoMapIdx or PseudoMapIdxValue whose Imm indexes Maps; the second slot's
	// Imm is the offset into the value.
	Insns []isa.Insn
	Maps  []*Map // of the object
	Funcs []Func // ascending InsnOff; empty without BTF
	Lines []Line // ascending InsnOff; empty without line info

	// Static says that the program's function is static, which libbpf does not
	// load although kernels accept it.
	Static bool

	License string
	// LicenseElsewhere says that the object has no license and is a part of a
	// larger one, in which another part has it.
	LicenseElsewhere bool
	GPL              bool      // License is one the kernel counts as GPL compatible
	BTF              *btf.Spec // the object's types, nil if it has none
	// BTFRefused says that the kernel takes none of those types.
	BTFRefused bool
	// KernelBuilt is how the target kernel is built and locked down, as far as that is known.
	KernelBuilt facts.Kernel
	KernelBTF   *btf.Spec // the target kernel's types
	// AttachBTFID is the type in KernelBTF that a program of BTF-based
	// attachment targets: a function, a tracepoint's typedef, or the struct of
	// a struct_ops program. 0 if none or not found.
	AttachBTFID uint32
	// Replaces is the function that an extension replaces, whose program's Type and
	// Attach it has then; nil if it is not known, or the program is no extension.
	Replaces *Replaced
	// LoadError is the first reason why libbpf would refuse the program or,
	// with none of these, why the loader had to spoil an instruction. nil if
	// the program is as written.
	LoadError *LoadError
	// LoadErrors are all of them, ascending by PC.
	LoadErrors []*LoadError
	// Relocated are the accesses to members that lie elsewhere in the target
	// kernel than in the object's own types, ascending by PC.
	Relocated []Relocated
	// Symbols are the functions as they were put together, also without BTF.
	Symbols []Symbol
	// Debug is the object's DWARF information, nil for a program that was not
	// loaded from an object.
	Debug *Debug
}

// Unloadable says why no kernel is asked about the program, "" if one is.
func (p *Program) Unloadable() string {
	switch {
	case p.Type == facts.ProgUnspec:
		return "section name gives no program type"
	case p.Type == facts.ProgExtension && p.Replaces == nil:
		return "freplace needs a loaded target program"
	case p.LoadError != nil && p.LoadError.Fatal:
		return p.LoadError.Message
	}
	return ""
}

// Poisoned says why a rejection at a PC is of a call that the loader put in
// because the target kernel lacks a function, "" if it is not.
func (p *Program) Poisoned(pc int) string {
	for _, e := range p.LoadErrors {
		if (e.Kind == MissingKfunc || e.Kind == MismatchedSymbol) && e.PC == pc {
			return e.Message
		}
	}
	return ""
}

// Symbol is a function of the object file in a linked program.
type Symbol struct {
	InsnOff, Len uint32 // raw slots
	Name         string
	// Addr is where the function starts in the object's debug information.
	Addr uint64
	// Part names the object that has the function, of objects that were linked.
	Part string
}

// Program flags (BPF_F_*).
const (
	FlagStrictAlignment   = 1 << 0
	FlagAnyAlignment      = 1 << 1
	FlagTestRndHi32       = 1 << 2
	FlagTestStateFreq     = 1 << 3
	FlagSleepable         = 1 << 4
	FlagXDPHasFrags       = 1 << 5
	FlagXDPDevBoundOnly   = 1 << 6
	FlagTestRegInvariants = 1 << 7
)

// Func says where a function of a linked program starts.
type Func struct {
	InsnOff uint32     // raw slot
	TypeID  btf.TypeID // of its Func in Program.BTF
	Name    string
	Linkage btf.FuncLinkage
}

// Line says which source line an instruction begins.
type Line struct {
	InsnOff uint32 // raw slot
	File    string // as the compiler wrote it, maybe relative to Object.CompDir
	Text    string // the source line, with its indentation
	Line    uint32 // 1-based; 0 if the compiler had none
	Col     uint32 // 1-based, bytes; 0 if the compiler had none
}

// LoadError says what the loader could not resolve in one program.
type LoadError struct {
	Kind LoadErrorKind
	// Fatal errors make libbpf refuse the program. Others spoil one
	// instruction, which is fine if it is never reached.
	Fatal   bool
	PC      int    // instruction concerned, -1 if none
	Symbol  string // symbol or CO-RE access concerned, "" if none
	Message string // a clause for the user
	// Libbpf is what libbpf says of it, "" if that is not known.
	Libbpf string
	// Near are names that may have been meant.
	Near []string
	// Declared is how the kernel declares what the program declares otherwise.
	Declared string
	// Original is the instruction that was spoiled, with its second slot if it
	// has one.
	Original []isa.Insn
	// Optional says that the symbol comes with an option or a module of the
	// kernel's version, which the target kernel lacks.
	Optional bool
}

// LoadErrorKind sorts load errors for who reports them.
type LoadErrorKind uint8

// Kinds of load errors.
const (
	// CORERelocation: no match, or several, in the kernel's BTF. The
	// instruction became a call that the verifier rejects.
	CORERelocation LoadErrorKind = iota + 1
	// MissingKfunc: a weak kernel function is not in the kernel. Its call
	// became one that the verifier rejects.
	MissingKfunc
	// MissingSymbol: a kernel function or variable that is not weak is not in
	// the kernel, so that libbpf would not load the object.
	MissingSymbol
	// ForeignSymbol: another object defines what the program uses, so that
	// it is not whole before the two are linked.
	ForeignSymbol
	// MismatchedSymbol: the kernel's function or variable of that name has
	// another type.
	MismatchedSymbol
	// UndeclaredSymbol: an extern is not declared so that it could be found.
	UndeclaredSymbol
	// MissingConfig: an extern is not in the kernel's configuration.
	MissingConfig
	// UnknownSection: the section's name stands for no program type.
	UnknownSection
	// MissingTarget: what the program attaches to is not in the kernel, or
	// the section does not name it.
	MissingTarget
	// InvalidCode: the object's code cannot be linked.
	InvalidCode
	// UnusableMap: the program uses a map that has a Fault.
	UnusableMap
	// ExceptionCallback: the function that a tag names for exceptions is not
	// there or not global.
	ExceptionCallback
)

func (e *LoadError) Error() string {
	if e.PC < 0 {
		return e.Message
	}
	return fmt.Sprintf("instruction %d: %s", e.PC, e.Message)
}

// Relocated is an instruction whose offset CO-RE changed.
type Relocated struct {
	PC int
	// Struct is the object's own type, with its flavor, and Member what is
	// accessed in it: "inum" or "addr.port[1]".
	Struct, Member string
	// Declared is the offset by that type, Kernel that in the target kernel.
	Declared, Kernel uint64
}

// SPDX-License-Identifier: GPL-2.0-only

// Package isa is the eBPF instruction set: one Insn per 8-byte slot, the
// numbers of every opcode field, and the disassembly of the kernel's log.
//
// Reading order: insn.go, disasm.go.
package isa

// Insn is one raw instruction slot. A 64-bit immediate load takes two.
type Insn struct {
	Op       uint8
	Dst, Src uint8
	Off      int16
	Imm      int32
}

// Class is the instruction class: one of the Class constants.
func (in *Insn) Class() uint8 { return in.Op & 0x07 }

// Code is the operation of an arithmetic or jump instruction: one of the Op
// constants of its class.
func (in *Insn) Code() uint8 { return in.Op & 0xf0 }

// SrcKind is SrcK for an immediate operand and SrcX for a register.
func (in *Insn) SrcKind() uint8 { return in.Op & 0x08 }

// Mode is the addressing mode of a load or store: one of the Mode constants.
func (in *Insn) Mode() uint8 { return in.Op & 0xe0 }

// SizeCode is the width field of a load or store: one of the Size constants.
func (in *Insn) SizeCode() uint8 { return in.Op & 0x18 }

// Bytes is the width of a load or store in bytes: 1, 2, 4 or 8.
func (in *Insn) Bytes() int {
	switch in.SizeCode() {
	case SizeB:
		return 1
	case SizeH:
		return 2
	case SizeW:
		return 4
	}
	return 8
}

// Base is the register that holds the address of a load or store; false for instructions
// that name none.
func (in *Insn) Base() (reg uint8, ok bool) {
	switch in.Class() {
	case ClassLDX:
		return in.Src, true
	case ClassSTX:
		if in.Mode() == ModeATOMIC && in.Imm == LoadAcq {
			return in.Src, true
		}
		return in.Dst, true
	case ClassST:
		return in.Dst, true
	}
	return 0, false
}

// IsLdImm64 reports whether in is the first slot of a 64-bit immediate load.
func (in *Insn) IsLdImm64() bool { return in.Op == ClassLD|ModeIMM|SizeDW }

// IsHelperCall reports whether in is a call of a numbered kernel helper.
func (in *Insn) IsHelperCall() bool { return in.Op == ClassJMP|OpCall && in.Src == 0 }

// IsSubprogCall reports whether in is a call of a function of the program itself.
func (in *Insn) IsSubprogCall() bool { return in.Op == ClassJMP|OpCall && in.Src == PseudoCall }

// IsKfuncCall reports whether in is a call of a kernel function by BTF ID.
func (in *Insn) IsKfuncCall() bool { return in.Op == ClassJMP|OpCall && in.Src == PseudoKfuncCall }

// IsFuncRef reports whether in is a 64-bit immediate that is the address of a subprogram.
func (in *Insn) IsFuncRef() bool { return in.IsLdImm64() && in.Src == PseudoFunc }

// IsConditional reports whether the instruction is a jump that may or may not be
// taken.
func (in *Insn) IsConditional() bool {
	if c := in.Class(); c != ClassJMP && c != ClassJMP32 {
		return false
	}
	switch in.Code() {
	case OpJa, OpCall, OpExit:
		return false
	}
	return true
}

// IsMayGoto reports whether in is the bounded-loop jump whose budget the kernel keeps.
func (in *Insn) IsMayGoto() bool { return in.Op == ClassJMP|OpJCond && in.Src == 0 }

// Instruction classes.
const (
	ClassLD    = 0x00
	ClassLDX   = 0x01
	ClassST    = 0x02
	ClassSTX   = 0x03
	ClassALU   = 0x04
	ClassJMP   = 0x05
	ClassJMP32 = 0x06
	ClassALU64 = 0x07
)

// Operand kinds of arithmetic and jump instructions.
const (
	SrcK = 0x00
	SrcX = 0x08
)

// Widths of loads and stores.
const (
	SizeW  = 0x00
	SizeH  = 0x08
	SizeB  = 0x10
	SizeDW = 0x18
)

// Addressing modes of loads and stores.
const (
	ModeIMM    = 0x00
	ModeABS    = 0x20
	ModeIND    = 0x40
	ModeMEM    = 0x60
	ModeMEMSX  = 0x80
	ModeATOMIC = 0xc0
)

// Arithmetic operations.
const (
	OpAdd  = 0x00
	OpSub  = 0x10
	OpMul  = 0x20
	OpDiv  = 0x30
	OpOr   = 0x40
	OpAnd  = 0x50
	OpLsh  = 0x60
	OpRsh  = 0x70
	OpNeg  = 0x80
	OpMod  = 0x90
	OpXor  = 0xa0
	OpMov  = 0xb0
	OpArsh = 0xc0
	OpEnd  = 0xd0
)

// Jump operations.
const (
	OpJa    = 0x00
	OpJeq   = 0x10
	OpJgt   = 0x20
	OpJge   = 0x30
	OpJset  = 0x40
	OpJne   = 0x50
	OpJsgt  = 0x60
	OpJsge  = 0x70
	OpCall  = 0x80
	OpExit  = 0x90
	OpJlt   = 0xa0
	OpJle   = 0xb0
	OpJslt  = 0xc0
	OpJsle  = 0xd0
	OpJCond = 0xe0
)

// Values of the source register field that change what an instruction means.
const (
	PseudoMapFD       = 1
	PseudoMapValue    = 2
	PseudoBTFID       = 3
	PseudoFunc        = 4
	PseudoMapIdx      = 5
	PseudoMapIdxValue = 6

	PseudoCall      = 1
	PseudoKfuncCall = 2
)

// Immediates of atomic instructions.
const (
	AtomicFetch   = 0x01
	AtomicXchg    = 0xe0 | AtomicFetch
	AtomicCmpXchg = 0xf0 | AtomicFetch
	LoadAcq       = 0x100
	StoreRel      = 0x110
)

// Registers by role.
const (
	R0 = iota
	R1
	R2
	R3
	R4
	R5
	R6
	R7
	R8
	R9
	R10
	// NumRegs is the number of registers a program names.
	NumRegs
)

// AddrSpaceCast is the offset of a register move that converts an arena
// pointer between its user and kernel forms.
const AddrSpaceCast = 1

// IsAddrSpaceCast reports whether in is a conversion of an arena pointer.
func (in *Insn) IsAddrSpaceCast() bool {
	return in.Op == ClassALU64|OpMov|SrcX && in.Off == AddrSpaceCast
}

// JumpOffset is the distance of a jump in slots, counted from the slot after it.
//
// kernel: bpf_jmp_offset
func (in *Insn) JumpOffset() int {
	if in.Op == ClassJMP32|OpJa {
		return int(in.Imm)
	}
	return int(in.Off)
}

// Successors are the PCs that control may go to from pc, fall-through first,
// and their number. Calls fall through; an exit has none.
//
// kernel: bpf_insn_successors
func Successors(insns []Insn, pc int) (succ [2]int, n int) {
	in := &insns[pc]
	jumps, falls := false, true
	if c := in.Class(); c == ClassJMP || c == ClassJMP32 {
		switch in.Code() {
		case OpExit:
			falls = false
		case OpJa:
			jumps, falls = true, false
		case OpCall:
		default:
			jumps = true
		}
	}
	if falls {
		succ[0] = pc + 1
		if in.IsLdImm64() {
			succ[0]++
		}
		n = 1
	}
	if jumps {
		succ[n] = pc + in.JumpOffset() + 1
		n++
	}
	return succ, n
}

// known has a bit for every opcode of the instruction set.
var known = func() (k [256]bool) {
	for code := uint8(OpAdd); code <= OpArsh; code += 0x10 {
		for _, class := range []uint8{ClassALU, ClassALU64} {
			k[class|code|SrcK] = true
			k[class|code|SrcX] = code != OpNeg
		}
	}
	k[ClassALU|OpEnd|SrcK], k[ClassALU|OpEnd|SrcX], k[ClassALU64|OpEnd|SrcK] = true, true, true
	for _, code := range []uint8{OpJeq, OpJgt, OpJge, OpJset, OpJne, OpJsgt, OpJsge, OpJlt, OpJle, OpJslt, OpJsle} {
		for _, class := range []uint8{ClassJMP, ClassJMP32} {
			k[class|code|SrcK], k[class|code|SrcX] = true, true
		}
	}
	for _, op := range []uint8{ClassJMP | OpCall, ClassJMP | OpExit, ClassJMP | OpJa, ClassJMP32 | OpJa,
		ClassJMP | OpJCond} {
		k[op] = true
	}
	for _, size := range []uint8{SizeB, SizeH, SizeW, SizeDW} {
		k[ClassSTX|ModeATOMIC|size], k[ClassSTX|ModeMEM|size] = true, true
		k[ClassST|ModeMEM|size], k[ClassLDX|ModeMEM|size] = true, true
		k[ClassLDX|ModeMEMSX|size] = size != SizeDW
		k[ClassLD|ModeABS|size], k[ClassLD|ModeIND|size] = size != SizeDW, size != SizeDW
	}
	k[ClassLD|ModeIMM|SizeDW] = true
	return k
}()

// IsKnown reports whether in is an opcode of the instruction set; other fields may be wrong.
//
// kernel: bpf_opcode_in_insntable
func (in *Insn) IsKnown() bool { return known[in.Op] }

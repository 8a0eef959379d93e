// SPDX-License-Identifier: GPL-2.0-only

package isa

import "strconv"

// Names resolves what an instruction alone does not say.
type Names struct {
	// Helper is a helper's name with its bpf_ prefix, "" for an unknown one.
	Helper func(id int32) string
	// Kfunc is the name of the kernel function that a call names.
	Kfunc func(in *Insn) string
	// Imm64 is the value that a 64-bit immediate load prints. nil prints the
	// immediate as it is.
	Imm64 func(pc int) uint64
}

var (
	aluOps  = [16]string{"+=", "-=", "*=", "/=", "|=", "&=", "<<=", ">>=", "neg", "%=", "^=", "=", "s>>=", "endian"}
	jumpOps = [16]string{"jmp", "==", ">", ">=", "&", "!=", "s>", "s>=", "call", "exit", "<", "<=", "s<", "s<=",
		"(null)", "(null)"}
	classes = [8]string{"ld", "ldx", "st", "stx", "alu", "jmp", "jmp32", "alu64"}
	widths  = [4]string{"u32", "u16", "u8", "u64"}
	swidths = [4]string{"s32", "s16", "s8", "(null)"}
	fetches = map[int32]string{OpAdd: "add", OpAnd: "and", OpOr: "or", OpXor: "xor"}
)

// Append appends the instruction at pc as the kernel's log spells it, without
// a newline: "(b7) r0 = 0".
//
// kernel: print_bpf_insn
func (n *Names) Append(b []byte, insns []Insn, pc int) []byte {
	in := &insns[pc]
	switch in.Class() {
	case ClassALU, ClassALU64:
		return appendALU(b, in)
	case ClassSTX:
		return appendStore(b, in)
	case ClassST:
		switch in.Mode() {
		case ModeMEM:
			b = appendMem(appendOp(b, in), widths, in, in.Dst)
			return strconv.AppendInt(append(b, " = "...), int64(in.Imm), 10)
		case ModeATOMIC:
			return append(appendOp(b, in), "nospec"...)
		}
		return appendBug(b, "BUG_st_", in)
	case ClassLDX:
		if in.Mode() != ModeMEM && in.Mode() != ModeMEMSX {
			return appendBug(b, "BUG_ldx_", in)
		}
		b = append(appendReg(appendOp(b, in), 'r', in.Dst), " = "...)
		if in.Mode() == ModeMEMSX {
			return appendMem(b, swidths, in, in.Src)
		}
		return appendMem(b, widths, in, in.Src)
	case ClassLD:
		return n.appendLegacyLoad(b, insns, pc)
	}
	return n.appendJump(b, in)
}

// appendOp appends the opcode: "(b7) ".
func appendOp(b []byte, in *Insn) []byte {
	const hex = "0123456789abcdef"
	return append(b, '(', hex[in.Op>>4], hex[in.Op&15], ')', ' ')
}

func appendBug(b []byte, prefix string, in *Insn) []byte {
	const hex = "0123456789abcdef"
	return append(append(b, prefix...), hex[in.Op>>4], hex[in.Op&15])
}

func appendReg(b []byte, letter byte, n uint8) []byte {
	return strconv.AppendUint(append(b, letter), uint64(n), 10)
}

// appendSigned appends n with its sign even where it is positive.
func appendSigned(b []byte, n int64) []byte {
	if n >= 0 {
		b = append(b, '+')
	}
	return strconv.AppendInt(b, n, 10)
}

// appendAddr appends "(u64 *)(r1 +8)".
func appendAddr(b []byte, names [4]string, in *Insn, base uint8) []byte {
	b = append(append(append(b, '('), names[in.SizeCode()>>3]...), " *)("...)
	b = append(appendReg(b, 'r', base), ' ')
	return append(appendSigned(b, int64(in.Off)), ')')
}

// appendMem appends "*(u64 *)(r1 +8)".
func appendMem(b []byte, names [4]string, in *Insn, base uint8) []byte {
	return appendAddr(append(b, '*'), names, in, base)
}

func appendALU(b []byte, in *Insn) []byte {
	b = appendOp(b, in)
	letter := byte('r')
	if in.Class() == ClassALU {
		letter = 'w'
	}
	switch {
	case in.Code() == OpEnd:
		b = append(appendReg(b, 'r', in.Dst), " = "...)
		switch {
		case in.Class() == ClassALU64:
			b = append(b, "bswap"...)
		case in.SrcKind() == SrcX:
			b = append(b, "be"...)
		default:
			b = append(b, "le"...)
		}
		b = strconv.AppendInt(b, int64(in.Imm), 10)
		return appendReg(append(b, ' '), 'r', in.Dst)
	case in.Code() == OpNeg:
		b = append(appendReg(b, letter, in.Dst), " = -"...)
		return appendReg(b, letter, in.Dst)
	case in.IsAddrSpaceCast():
		b = append(appendReg(b, 'r', in.Dst), " = addr_space_cast("...)
		b = append(appendReg(b, 'r', in.Src), ", "...)
		b = append(strconv.AppendUint(b, uint64(uint32(in.Imm)>>16), 10), ", "...)
		return append(strconv.AppendUint(b, uint64(uint16(in.Imm)), 10), ')')
	case in.Op == ClassALU64|OpMov|SrcX && in.Off == -1:
		b = append(appendReg(b, 'r', in.Dst), " = &(void __percpu *)("...)
		return append(appendReg(b, 'r', in.Src), ')')
	}
	op := aluOps[in.Code()>>4]
	if in.Off == 1 && (in.Code() == OpDiv || in.Code() == OpMod) {
		b = append(append(appendReg(b, letter, in.Dst), " s"...), op...)
	} else {
		b = append(append(appendReg(b, letter, in.Dst), ' '), op...)
	}
	b = append(b, ' ')
	if in.SrcKind() == SrcK {
		return strconv.AppendInt(b, int64(in.Imm), 10)
	}
	if in.Code() == OpMov {
		switch in.Off {
		case 8:
			b = append(b, "(s8)"...)
		case 16:
			b = append(b, "(s16)"...)
		case 32:
			b = append(b, "(s32)"...)
		}
	}
	return appendReg(b, letter, in.Src)
}

func appendStore(b []byte, in *Insn) []byte {
	switch {
	case in.Mode() == ModeMEM:
		b = appendMem(appendOp(b, in), widths, in, in.Dst)
		return appendReg(append(b, " = "...), 'r', in.Src)
	case in.Mode() != ModeATOMIC:
		return appendBug(b, "BUG_", in)
	}
	wide := ""
	if in.SizeCode() == SizeDW {
		wide = "64"
	}
	// appendCall appends "name((u64 *)(r1 +8), r2)", the form of all atomics
	// that yield a value.
	appendCall := func(result uint8, name string, args string) []byte {
		b = append(appendReg(appendOp(b, in), 'r', result), " = atomic"...)
		b = append(append(append(b, wide...), name...), '(')
		b = append(append(appendAddr(b, widths, in, in.Dst), ", "...), args...)
		return append(appendReg(b, 'r', in.Src), ')')
	}
	switch in.Imm {
	case OpAdd, OpAnd, OpOr, OpXor:
		b = appendMem(append(appendOp(b, in), "lock "...), widths, in, in.Dst)
		b = append(append(append(b, ' '), aluOps[in.Imm>>4]...), ' ')
		return appendReg(b, 'r', in.Src)
	case OpAdd | AtomicFetch, OpAnd | AtomicFetch, OpOr | AtomicFetch, OpXor | AtomicFetch:
		return appendCall(in.Src, "_fetch_"+fetches[in.Imm&^AtomicFetch], "")
	case AtomicCmpXchg:
		return appendCall(R0, "_cmpxchg", "r0, ")
	case AtomicXchg:
		return appendCall(in.Src, "_xchg", "")
	case LoadAcq:
		b = append(appendReg(appendOp(b, in), 'r', in.Dst), " = load_acquire("...)
		return append(appendAddr(b, widths, in, in.Src), ')')
	case StoreRel:
		b = append(appendAddr(append(appendOp(b, in), "store_release("...), widths, in, in.Dst), ", "...)
		return append(appendReg(b, 'r', in.Src), ')')
	}
	return appendBug(b, "BUG_", in)
}

func (n *Names) appendLegacyLoad(b []byte, insns []Insn, pc int) []byte {
	in := &insns[pc]
	switch in.Mode() {
	case ModeABS, ModeIND:
		b = append(append(append(appendOp(b, in), "r0 = *("...), widths[in.SizeCode()>>3]...), " *)skb["...)
		if in.Mode() == ModeIND {
			b = append(appendReg(b, 'r', in.Src), " + "...)
		}
		return append(strconv.AppendInt(b, int64(in.Imm), 10), ']')
	case ModeIMM:
		if in.SizeCode() != SizeDW {
			break
		}
		imm := uint64(uint32(insns[pc+1].Imm))<<32 | uint64(uint32(in.Imm))
		if n.Imm64 != nil {
			imm = n.Imm64(pc)
		}
		b = append(appendReg(appendOp(b, in), 'r', in.Dst), " = 0x"...)
		return strconv.AppendUint(b, imm, 16)
	}
	return appendBug(b, "BUG_ld_", in)
}

func (n *Names) appendJump(b []byte, in *Insn) []byte {
	b = appendOp(b, in)
	switch {
	case in.Code() == OpCall:
		return n.appendCall(b, in)
	case in.Op == ClassJMP|OpJa:
		return appendSigned(append(b, "goto pc"...), int64(in.Off))
	case in.IsMayGoto():
		return appendSigned(append(b, "may_goto pc"...), int64(in.Off))
	case in.Op == ClassJMP32|OpJa:
		return appendSigned(append(b, "gotol pc"...), int64(in.Imm))
	case in.Op == ClassJMP|OpExit:
		return append(b, "exit"...)
	}
	letter := byte('r')
	if in.Class() == ClassJMP32 {
		letter = 'w'
	}
	b = append(appendReg(append(b, "if "...), letter, in.Dst), ' ')
	b = append(append(b, jumpOps[in.Code()>>4]...), ' ')
	if in.SrcKind() == SrcX {
		b = appendReg(b, letter, in.Src)
	} else {
		b = strconv.AppendUint(append(b, "0x"...), uint64(uint32(in.Imm)), 16)
	}
	return appendSigned(append(b, " goto pc"...), int64(in.Off))
}

func (n *Names) appendCall(b []byte, in *Insn) []byte {
	b = append(b, "call "...)
	name := ""
	switch in.Src {
	case PseudoCall:
		return appendSigned(append(b, "pc"...), int64(in.Imm))
	case PseudoKfuncCall:
		name = "kernel-function"
		if n.Kfunc != nil {
			name = n.Kfunc(in)
		}
	default:
		if in.Src == R0 && n.Helper != nil {
			name = n.Helper(in.Imm)
		}
		if name == "" {
			name = "unknown"
		}
	}
	return strconv.AppendInt(append(append(b, name...), '#'), int64(in.Imm), 10)
}

// ALUOp spells an arithmetic operation, such as "+=".
func ALUOp(code uint8) string { return aluOps[code>>4] }

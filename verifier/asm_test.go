// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// assemble makes a program of instructions spelt as in the kernel's log, one a
// line, jumps relative ("goto +2"):
//
//	r0 = 1                      w1 += r2
//	r1 = 0x100000000 ll         r1 = map[0] ll
//	r0 = *(u32 *)(r1 +4)        *(u64 *)(r10 -8) = r1
//	if r1 s> 5 goto +2          goto -3
//	call 7                      call pc+4
//	lock *(u64 *)(r1 +0) += r2  exit
//
// Blank lines and what follows a ";" do not count.
func assemble(t testing.TB, text string) []isa.Insn {
	t.Helper()
	var insns []isa.Insn
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, ";")
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		more, err := assembleLine(line)
		if err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		insns = append(insns, more...)
	}
	return insns
}

// newProgram is an XDP program of the instructions that text spells.
func newProgram(t testing.TB, text string, maps ...*program.Map) *program.Program {
	t.Helper()
	return &program.Program{
		Name: "test", Type: facts.ProgXDP, License: "GPL", GPL: true,
		Insns: assemble(t, text), Maps: maps,
	}
}

var (
	aluRE   = regexp.MustCompile(`^([rw])(\d+) (=|\+=|-=|\*=|/=|\|=|&=|<<=|>>=|%=|\^=|s>>=) (.*)$`)
	negRE   = regexp.MustCompile(`^([rw])(\d+) = -([rw])(\d+)$`)
	loadRE  = regexp.MustCompile(`^r(\d+) = \*\(([us])(8|16|32|64) \*\)\(r(\d+) ([+-]\d+)\)$`)
	storeRE = regexp.MustCompile(`^(lock )?\*\(u(8|16|32|64) \*\)\(r(\d+) ([+-]\d+)\) (=|\+=) (.*)$`)
	jumpRE  = regexp.MustCompile(`^if ([rw])(\d+) (==|!=|s?[<>]=?|&) (.*) goto ([+-]\d+)$`)
	mapRE   = regexp.MustCompile(`^map\[(\d+)\](\+\d+)?$`)
)

var aluCodes = map[string]uint8{
	"=": isa.OpMov, "+=": isa.OpAdd, "-=": isa.OpSub, "*=": isa.OpMul, "/=": isa.OpDiv, "|=": isa.OpOr, "&=": isa.OpAnd,
	"<<=": isa.OpLsh, ">>=": isa.OpRsh, "%=": isa.OpMod, "^=": isa.OpXor, "s>>=": isa.OpArsh,
}

var jumpCodes = map[string]uint8{
	"==": isa.OpJeq, "!=": isa.OpJne, ">": isa.OpJgt, ">=": isa.OpJge, "<": isa.OpJlt, "<=": isa.OpJle,
	"s>": isa.OpJsgt, "s>=": isa.OpJsge, "s<": isa.OpJslt, "s<=": isa.OpJsle, "&": isa.OpJset,
}

var sizeCodes = map[string]uint8{"8": isa.SizeB, "16": isa.SizeH, "32": isa.SizeW, "64": isa.SizeDW}

func assembleLine(line string) ([]isa.Insn, error) {
	one := func(in isa.Insn) ([]isa.Insn, error) { return []isa.Insn{in}, nil }
	switch {
	case line == "exit":
		return one(isa.Insn{Op: isa.ClassJMP | isa.OpExit})
	case strings.HasPrefix(line, "goto "):
		return one(isa.Insn{Op: isa.ClassJMP | isa.OpJa, Off: int16(number(line[5:]))})
	case strings.HasPrefix(line, "may_goto "):
		return one(isa.Insn{Op: isa.ClassJMP | isa.OpJCond, Off: int16(number(line[9:]))})
	case strings.HasPrefix(line, "call pc"):
		return one(isa.Insn{Op: isa.ClassJMP | isa.OpCall, Src: isa.PseudoCall, Imm: int32(number(line[7:]))})
	case strings.HasPrefix(line, "call "):
		return one(isa.Insn{Op: isa.ClassJMP | isa.OpCall, Imm: int32(number(line[5:]))})
	case strings.HasSuffix(line, " ll"):
		return assembleWide(strings.TrimSuffix(line, " ll"))
	}
	if m := loadRE.FindStringSubmatch(line); m != nil {
		mode := uint8(isa.ModeMEM)
		if m[2] == "s" {
			mode = isa.ModeMEMSX
		}
		return one(isa.Insn{Op: isa.ClassLDX | mode | sizeCodes[m[3]], Dst: reg(m[1]), Src: reg(m[4]),
			Off: int16(number(m[5]))})
	}
	if m := storeRE.FindStringSubmatch(line); m != nil {
		in := isa.Insn{Dst: reg(m[3]), Off: int16(number(m[4]))}
		src, isReg := strings.CutPrefix(m[6], "r")
		switch {
		case m[1] != "":
			in.Op, in.Src, in.Imm = isa.ClassSTX|isa.ModeATOMIC|sizeCodes[m[2]], reg(src), int32(aluCodes[m[5]])
		case isReg:
			in.Op, in.Src = isa.ClassSTX|isa.ModeMEM|sizeCodes[m[2]], reg(src)
		default:
			in.Op, in.Imm = isa.ClassST|isa.ModeMEM|sizeCodes[m[2]], int32(number(m[6]))
		}
		return one(in)
	}
	if m := jumpRE.FindStringSubmatch(line); m != nil {
		in := isa.Insn{Op: isa.ClassJMP | jumpCodes[m[3]], Dst: reg(m[2]), Off: int16(number(m[5]))}
		if m[1] == "w" {
			in.Op = isa.ClassJMP32 | jumpCodes[m[3]]
		}
		return one(withOperand(in, m[4]))
	}
	if m := negRE.FindStringSubmatch(line); m != nil {
		return one(isa.Insn{Op: aluClass(m[1]) | isa.OpNeg, Dst: reg(m[2])})
	}
	if m := aluRE.FindStringSubmatch(line); m != nil {
		in := isa.Insn{Op: aluClass(m[1]) | aluCodes[m[3]], Dst: reg(m[2])}
		return one(withOperand(in, m[4]))
	}
	return nil, fmt.Errorf("no such instruction")
}

func assembleWide(line string) ([]isa.Insn, error) {
	dst, value, ok := strings.Cut(line, " = ")
	if !ok {
		return nil, fmt.Errorf("no such instruction")
	}
	first := isa.Insn{Op: isa.ClassLD | isa.ModeIMM | isa.SizeDW, Dst: reg(dst[1:])}
	var second isa.Insn
	if m := mapRE.FindStringSubmatch(value); m != nil {
		first.Src, first.Imm = isa.PseudoMapIdx, int32(number(m[1]))
		if m[2] != "" {
			first.Src, second.Imm = isa.PseudoMapIdxValue, int32(number(m[2]))
		}
	} else {
		n := number(value)
		first.Imm, second.Imm = int32(uint32(n)), int32(uint64(n)>>32)
	}
	return []isa.Insn{first, second}, nil
}

func aluClass(letter string) uint8 {
	if letter == "w" {
		return isa.ClassALU
	}
	return isa.ClassALU64
}

// withOperand makes text, a register or a number, the source of in.
func withOperand(in isa.Insn, text string) isa.Insn {
	if text[0] == 'r' || text[0] == 'w' {
		in.Op |= isa.SrcX
		in.Src = reg(text[1:])
	} else {
		in.Imm = int32(uint32(number(text)))
	}
	return in
}

func reg(text string) uint8 { return uint8(number(text)) }

// number panics on what is none: a fault of the test.
func number(text string) int64 {
	text = strings.TrimPrefix(strings.TrimSpace(text), "+")
	if u, err := strconv.ParseUint(text, 0, 64); err == nil {
		return int64(u)
	}
	n, err := strconv.ParseInt(text, 0, 64)
	if err != nil {
		panic(err)
	}
	return n
}

func TestAssemble(t *testing.T) {
	const text = `
		r0 = 1
		w1 += r2
		r3 = -r3
		r1 = 0x100000000 ll
		r0 = *(u32 *)(r1 +4)
		r0 = *(s8 *)(r1 +0)
		*(u64 *)(r10 -8) = r1
		*(u8 *)(r10 -1) = 7
		lock *(u64 *)(r1 +0) += r2
		if r1 s> 5 goto +2
		if w1 != r2 goto -1
		may_goto +1
		goto -3
		call 7
		call pc+4
		exit`
	want := []string{
		"(b7) r0 = 1", "(0c) w1 += w2", "(87) r3 = -r3", "(18) r1 = 0x100000000", "",
		"(61) r0 = *(u32 *)(r1 +4)", "(91) r0 = *(s8 *)(r1 +0)", "(7b) *(u64 *)(r10 -8) = r1",
		"(72) *(u8 *)(r10 -1) = 7",
		"(db) lock *(u64 *)(r1 +0) += r2", "(65) if r1 s> 0x5 goto pc+2", "(5e) if w1 != w2 goto pc-1",
		"(e5) may_goto pc+1", "(05) goto pc-3", "(85) call bpf_get_prandom_u32#7", "(85) call pc+4", "(95) exit",
	}
	insns := assemble(t, text)
	if len(insns) != len(want) {
		t.Fatalf("%d instructions, want %d", len(insns), len(want))
	}
	names := isa.Names{Helper: facts.HelperLogName}
	for pc, w := range want {
		if w == "" {
			continue
		}
		if got := string(names.Append(nil, insns, pc)); got != w {
			t.Errorf("instruction %d is %q, want %q", pc, got, w)
		}
	}
}

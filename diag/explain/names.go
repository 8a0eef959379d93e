// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag/internal/source"
	"github.com/bpf-lsp/bpf-lsp/dwarfmap"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
)

// held are the variables whose value a register has before an instruction.
func (w *where) held(pc int, reg uint8) []dwarfmap.Var {
	return slices.DeleteFunc(w.Index.Held(pc, reg), func(v dwarfmap.Var) bool { return fromMacro(v.Name) })
}

// fromMacro reports whether a name is one that macros give to variables of their own, such as
// ___it of bpf_for(): the source does not have them.
func fromMacro(name string) bool { return strings.HasPrefix(name, "__") }

// name chooses how to call the value of a register: text is what the source
// seems to say, maybe nothing. The variables that the register holds are known
// for sure, but one that the line does not mention would puzzle the reader.
func (w *where) name(pc, reg int, text string) string {
	if reg < 0 || reg > 9 {
		return text
	}
	held := w.held(pc, uint8(reg))
	for _, v := range held {
		if v.Name == text || withoutCasts(text) == v.Name {
			return v.Name
		}
	}
	for _, v := range held {
		if mentions(text, v.Name) {
			return text // more exact: a member at the start, an element
		}
	}
	line := w.lineText(pc)
	for _, v := range held {
		if v.Outer == 0 && mentions(line, v.Name) {
			return v.Name
		}
	}
	if text == "" && len(held) > 0 {
		return held[0].Name
	}
	return text
}

// lineText is the source line of an instruction, without a comment behind it.
func (w *where) lineText(pc int) string {
	pos, f, ok := w.At(pc)
	switch {
	case !ok:
		return ""
	case f == nil:
		text, _, _ := strings.Cut(pos.Text, "//")
		return text
	}
	return f.Code(pos.Line)
}

// mentions reports whether a name is in C text as a word of its own.
func mentions(text, name string) bool {
	for at := 0; name != ""; {
		i := strings.Index(text[at:], name)
		if i < 0 {
			return false
		}
		start, end := at+i, at+i+len(name)
		if (start == 0 || !isWord(text[start-1]) && text[start-1] != '.' && text[start-1] != '>') && (end == len(text) || !isWord(text[end])) {
			return true
		}
		at = end
	}
	return false
}

func isWord(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// withoutCasts drops casts, and parentheses around the whole.
func withoutCasts(text string) string {
	for strings.HasPrefix(text, "(") {
		end := strings.IndexByte(text, ')')
		if end < 0 || strings.Contains(text[1:end], "(") {
			return text
		}
		if end == len(text)-1 {
			return text[1:end]
		}
		text = text[end+1:]
	}
	return text
}

// frameReg is the register that points behind the stack frame.
const frameReg = 10

// frameOffset finds out that a register has an address in a stack frame at the
// end of a path: how far from R10, and an instruction in whose function and
// scope the frame is to be looked at.
func (w *where) frameOffset(path []int32, reg int) (off, pc int, ok bool) {
	if reg < 0 || reg > 9 || len(path) == 0 {
		return 0, 0, false
	}
	o := lineage(w.Prog.Insns, path, uint8(reg))
	if o.kind != originFrame {
		return 0, 0, false
	}
	for _, e := range o.edits {
		in := &w.Prog.Insns[e.pc]
		if in.Op != isa.ClassALU64|isa.OpAdd|isa.SrcK {
			return 0, 0, false
		}
		off += int(in.Imm)
	}
	// The scope is that of the use, unless the address is of a caller's frame.
	pc = int(path[len(path)-1])
	if f, ok := w.Index.Function(o.pc); !ok || pc < f.Start || pc >= f.End {
		pc = o.pc
	}
	return off, pc, true
}

// local names the local variable, or the part of one, whose address a register
// has at the end of a path, and the function that has it.
func (w *where) local(path []int32, reg int) (name, function string, ok bool) {
	off, pc, ok := w.frameOffset(path, reg)
	if !ok {
		return "", "", false
	}
	v, before, ok := w.Index.SlotVariable(pc, off)
	if !ok || fromMacro(v.Name) {
		return "", "", false
	}
	if before > 0 {
		v.Name, ok = w.Index.SlotPart(pc, off)
	}
	return v.Name, strings.TrimPrefix(v.Function, wrapped), ok
}

// assigned is the C variable that takes the result of the call at pc, and
// "" if that is unknown.
func (w *where) assigned(pc int) string {
	if v := w.assignedText(pc); v != "" {
		return v
	}
	for _, v := range w.resultNames(straight(w.Prog.Insns, pc), 0) {
		return v.Name
	}
	return ""
}

// assignedText is assigned according to the source alone.
func (w *where) assignedText(pc int) string {
	name := w.Callee(pc)
	pos, f, ok := w.At(pc)
	if name == "" || !ok || f == nil {
		return ""
	}
	// The call may be an argument of a macro that starts earlier in the line.
	for _, col := range []int{max(pos.Col, 1), 1} {
		if v, ok := f.Assigned(source.Spelled(name, f, pos.Line), pos.Line, col); ok {
			return v
		}
	}
	return ""
}

// straight are the instructions that follow a call if nothing branches.
func straight(insns []isa.Insn, pc int) []int32 {
	const reach = 16
	var path []int32
	for ; pc >= 0 && pc < len(insns) && len(path) < reach; pc++ {
		path = append(path, int32(pc))
		in := &insns[pc]
		if in.Op == isa.ClassJMP|isa.OpExit || (in.Class() == isa.ClassJMP || in.Class() == isa.ClassJMP32) && in.Code() == isa.OpJa {
			break
		}
		if in.IsLdImm64() {
			pc++
		}
	}
	return path
}

// resultNames follows the result of the call at an index of a path through
// registers and the stack, and returns the variables that hold it on the way,
// in the order of time. A result that its function returns goes on in the
// caller.
func (w *where) resultNames(path []int32, call int) []dwarfmap.Var {
	var out []dwarfmap.Var
	var seen [10][]string
	regs := [16]bool{0: true}
	slots := map[int16]bool{}
	depth := 0
	for i := call + 1; i < len(path); i++ {
		pc := int(path[i])
		in := &w.Prog.Insns[pc]
		isCall := in.Op == isa.ClassJMP|isa.OpCall
		switch {
		case in.Op == isa.ClassJMP|isa.OpExit && depth > 0:
			depth--
			continue
		case isCall && i+1 < len(path) && int(path[i+1]) != pc+1:
			depth++
		}
		if depth > 1 || depth == 1 && !isCall {
			continue
		}
		for reg := range seen {
			if !regs[reg] {
				continue
			}
			for _, v := range w.held(pc, uint8(reg)) {
				if id := v.Function + " " + v.Name; !slices.Contains(seen[reg], id) {
					seen[reg] = append(seen[reg], id)
					out = append(out, v)
				}
			}
		}
		w.follow(in, &regs, slots)
		if in.Op == isa.ClassJMP|isa.OpExit {
			regs = [16]bool{0: regs[0]}
			clear(slots)
		}
	}
	return out
}

// follow says where a value is after an instruction.
func (w *where) follow(in *isa.Insn, regs *[16]bool, slots map[int16]bool) {
	dst, src := in.Dst&15, in.Src&15
	switch in.Class() {
	case isa.ClassJMP:
		if in.Code() == isa.OpCall {
			clear(regs[:6])
		}
	case isa.ClassALU64, isa.ClassALU:
		regs[dst] = in.Op == isa.ClassALU64|isa.OpMov|isa.SrcX && in.Off == 0 && regs[src]
	case isa.ClassLD:
		regs[dst] = false
	case isa.ClassLDX:
		regs[dst] = src == frameReg && slots[in.Off]
	case isa.ClassST, isa.ClassSTX:
		if dst == frameReg {
			slots[in.Off] = in.Class() == isa.ClassSTX && regs[src]
		}
	}
}

// trimQuotes is what a message quotes.
func trimQuotes(text string) string { return strings.Trim(text, "`") }

// SPDX-License-Identifier: GPL-2.0-only

package render

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/dwarfmap"
)

// block shows an event's instruction in its source and among its neighbours.
func (t *reportText) block(e *diag.PathEvent) {
	pos, ok := t.Index.At(e.PC)
	if fn, known := t.Index.Function(e.PC); ok && known {
		t.source(fn, pos, e.Label, e.Message)
	} else {
		fmt.Fprintf(t, "  insn %d\n", e.PC)
		t.annotation(0, 0, e.Label, e.Message)
	}
	t.instructions(e.PC)
}

// source shows a line of a function between its neighbours, as far as the
// object carries their text.
func (t *reportText) source(fn dwarfmap.Function, pos dwarfmap.Pos, label, message string) {
	t.WriteString("  ")
	if fn.Name != "" {
		t.WriteString(fn.Name + " @ ")
	}
	fmt.Fprintf(t, "%s:%d:%d\n  Source context:\n", printable(pos.File), pos.Line, pos.Col)
	known := t.linesOf(fn, pos.File)
	width := len(fmt.Sprint(pos.Line + around))
	if pos.Text != "" {
		known[pos.Line] = pos.Text
	}
	for n := max(pos.Line-around, 1); n <= pos.Line+around; n++ {
		text, marker := known[n], "    "
		if n == pos.Line {
			marker = ">>> "
		}
		prefix := fmt.Sprintf("%s%*d | ", marker, width, n)
		fmt.Fprintf(t, "  %s%s\n", prefix, sourceLine(text, sourceWidth-len(prefix)))
		if n == pos.Line {
			t.annotation(width, indentation(text), label, message)
		}
	}
}

// linesOf are the lines of a file that a function has code for, as its line
// information carries them; those that it has no text of are read.
func (t *reportText) linesOf(fn dwarfmap.Function, file string) map[int]string {
	known := map[int]string{}
	for i := range t.Prog.Lines {
		l := &t.Prog.Lines[i]
		if int(l.InsnOff) < fn.Start || int(l.InsnOff) >= fn.End || l.File != file || known[int(l.Line)] != "" {
			continue
		}
		known[int(l.Line)] = cmp.Or(l.Text, t.File(file).Line(int(l.Line)))
	}
	return known
}

// annotation points at the line above it.
func (t *reportText) annotation(width, indent int, label, message string) {
	indent = min(indent, max(0, sourceWidth-width-8))
	first := fmt.Sprintf("  %*s | %*s^-- ", width+4, "", indent, "")
	next := fmt.Sprintf("  %*s | %*s    ", width+4, "", indent, "")
	t.wrapped(first, next, label+": "+message)
}

// instructions shows the instructions around pc.
func (t *reportText) instructions(pc int) {
	insns := t.Prog.Insns
	width := len(fmt.Sprint(max(len(insns)-1, 0)))
	t.WriteString("  Instruction context:\n")
	for n := max(pc-around, 0); n <= pc+around && n < len(insns); n++ {
		wide := insns[n].IsLdImm64()
		if n > 0 && insns[n-1].IsLdImm64() || wide && n+1 >= len(insns) {
			continue
		}
		marker := "    "
		if n == pc {
			marker = ">>> "
		}
		fmt.Fprintf(t, "  %s%*d | %s\n", marker, width, n, t.names.Append(nil, insns, n))
	}
}

// sourceLine fits a line into a number of columns.
func sourceLine(text string, width int) string {
	if text == "" {
		return "..."
	}
	var b strings.Builder
	col := 0
	for _, r := range text {
		if r == '\t' {
			n := reportTab - col%reportTab
			b.WriteString(strings.Repeat(" ", n))
			col += n
			continue
		}
		b.WriteRune(r)
		col++
	}
	line := []rune(printable(b.String()))
	if len(line) > width {
		line = append(line[:max(width-3, 0)], []rune("...")...)
	}
	return string(line)
}

// indentation is how many columns a line is indented.
func indentation(text string) int {
	col := 0
	for _, r := range text {
		switch r {
		case ' ':
			col++
		case '\t':
			col += reportTab - col%reportTab
		default:
			return col
		}
	}
	return col
}

// SPDX-License-Identifier: GPL-2.0-only

package render

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
)

// PrintBudget writes where the verification of a program spent what, and an empty
// line; nothing if that is not known.
func (p *Printer) PrintBudget(w io.Writer, program string, spent *diag.Budget) error {
	if spent == nil {
		return nil
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s: %d of %d instructions, %d states\n", p.paint(styleBold, printable(program)), spent.Insns, spent.Limit, spent.States)
	for i := range spent.Loops {
		l := &spent.Loops[i]
		fmt.Fprintf(&b, "  loop at %s: %s, %s, up to %s\n", p.spot(l.Span), counted(l.Insns, "instruction"), counted(l.States, "state"), counted(l.Rounds, "round"))
		if len(l.Apart) > 0 {
			fmt.Fprintf(&b, "    new in each round: %s\n", strings.Join(l.Apart, ", "))
		}
		if l.Held {
			b.WriteString("    each round acquires something\n")
		}
	}
	for _, l := range spent.Top() {
		fmt.Fprintf(&b, "  %s: %s, %s\n", p.spot(l.Span), counted(l.Insns, "instruction"), counted(l.States, "state"))
	}
	for _, f := range spent.Forks {
		fmt.Fprintf(&b, "  two ways from %s: %s\n", p.spot(f.Span), counted(f.Times, "time"))
	}
	var stack []string
	for _, s := range spent.Stack {
		stack = append(stack, fmt.Sprintf("%s() %d", printable(s.Function), s.Bytes))
	}
	if len(stack) > 0 {
		fmt.Fprintf(&b, "  bytes of stack: %s\n", strings.Join(stack, " + "))
	}
	b.WriteByte('\n')
	_, err := w.Write(b.Bytes())
	return err
}

// spot is a place as it is shown.
func (p *Printer) spot(s diag.Span) string {
	s.File = printable(p.show(s.File))
	return s.String()
}

// counted is a number of things.
func counted(n int, of string) string {
	if n == 1 {
		return "1 " + of
	}
	return fmt.Sprintf("%d %ss", n, of)
}

// SPDX-License-Identifier: GPL-2.0-only

package render

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
)

// Layout of the heat of a program.
const (
	heatBar    = 10 // columns of a bar that stands for all instructions
	heatSource = 80 // columns of source text that are shown
	// hot and warm are the parts of all instructions, in percent, from which on a line
	// is coloured.
	hot, warm = 20, 5
)

// PrintHeat writes the lines of the source that the verification of a program went
// through, with what it took there, and an empty line.
func (p *Printer) PrintHeat(w io.Writer, program string, spent *diag.Budget) error {
	if spent == nil || len(spent.Lines) == 0 {
		return nil
	}
	lines := slices.Clone(spent.Lines)
	main := lines[0].Span.File
	slices.SortFunc(lines, func(a, b diag.LineCost) int {
		// The file that took most is first.
		return cmp.Or(boolCompare(b.Span.File == main, a.Span.File == main), cmp.Compare(a.Span.File, b.Span.File),
			cmp.Compare(a.Span.Line, b.Span.Line))
	})
	width, last := len("insns"), 0
	for _, l := range lines {
		width, last = max(width, len(catalog.Grouped(l.Insns))), max(last, l.Span.Line)
	}
	number := len(fmt.Sprint(last))
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s: %s\n", p.paint(styleBold, printable(program)),
		catalog.HeatOf.With(catalog.Facts{"insns": catalog.Grouped(spent.Insns)}))
	fmt.Fprintf(&b, "  %*s  share  states\n", width, "insns")
	var source []string
	for i, l := range lines {
		switch {
		case i == 0 || lines[i-1].Span.File != l.Span.File:
			fmt.Fprintf(&b, "%s\n", p.paint(styleGutter, printable(p.show(l.Span.File))))
			source = p.lines(l.Span.File)
		case l.Span.Line-lines[i-1].Span.Line > maxGap+1:
			fmt.Fprintf(&b, "  %s\n", p.paint(styleGutter, "…"))
		default:
			for n := lines[i-1].Span.Line + 1; n < l.Span.Line; n++ {
				p.heatLine(&b, strings.Repeat(" ", width+2+len("share  states")), "", number, n, source)
			}
		}
		share := 100 * l.Share(spent.Insns)
		costs := fmt.Sprintf("%*s  %4.1f%%  %6s", width, catalog.Grouped(l.Insns), share, catalog.Grouped(l.States))
		p.heatLine(&b, p.paint(heatStyle(share), costs), bar(share), number, l.Span.Line, source)
	}
	b.WriteByte('\n')
	_, err := w.Write(b.Bytes())
	return err
}

func boolCompare(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// heatLine writes a line of source behind what it took.
func (p *Printer) heatLine(b *bytes.Buffer, costs, bar string, width, line int, source []string) {
	text := ""
	if line <= len(source) {
		text = cut(printable(strings.ReplaceAll(source[line-1], "\t", strings.Repeat(" ", tabWidth))), heatSource)
	}
	blank := strings.Repeat(" ", heatBar-utf8.RuneCountInString(bar))
	whole := fmt.Sprintf("  %s  %s%s %*d %s %s", costs, bar, blank, width, line, p.paint(styleGutter, "|"), text)
	b.WriteString(strings.TrimRight(whole, " ") + "\n")
}

// cut shortens a text to some characters.
func cut(text string, limit int) string {
	if r := []rune(text); len(r) > limit {
		return string(r[:limit-1]) + "…"
	}
	return text
}

func heatStyle(share float64) style {
	switch {
	case share >= hot:
		return styleError
	case share >= warm:
		return styleWarning
	}
	return ""
}

// bar draws a share of the instructions, in eighths of columns; it is never empty.
func bar(share float64) string {
	eighths := max(1, int(share*heatBar*8/100+0.5))
	out := strings.Repeat("█", eighths/8)
	if rest := eighths % 8; rest > 0 {
		out += string([]rune("▏▎▍▌▋▊▉")[rest-1])
	}
	return cut(out, heatBar)
}

// SPDX-License-Identifier: GPL-2.0-only

package diag

import (
	"cmp"
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
)

// Edit replaces a part of a file by a text. The span has columns; where it is empty
// the text is inserted.
type Edit struct {
	Span Span
	Text string
}

// Fix is a change of the source that may make a fault go away. Whether it does is
// not known before it was tried: see check.Checker.Prove.
type Fix struct {
	Kind  catalog.FixKind
	Title string // what it does, without a full stop
	Edits []Edit // in order of place, without overlaps, of one file
	// Advised says that the suggestion of the diagnostic describes this change.
	Advised bool
	// Choice says that the change decides something that only the author can know,
	// such as what a program returns: it is offered, but never made unasked.
	Choice bool
	// Another says that the change is offered also where one before it holds, as the
	// author may prefer it: a mask in the place of a check.
	Another bool
	// Lossy says that the change makes other values of some that the source lets pass, as
	// a mask does: it is offered, but not suggested.
	Lossy bool
	// Guards says that the change keeps paths from the line of the fault, so that a
	// program in which that line is gone proves nothing.
	Guards bool
}

// File is the file that the fix changes, "" if it changes none.
func (f *Fix) File() string {
	if len(f.Edits) == 0 {
		return ""
	}
	return f.Edits[0].Span.File
}

// Apply returns a text with the edits made. ok is false if a place is not in the
// text or two of them overlap.
func Apply(text string, edits []Edit) (changed string, ok bool) {
	starts := lineStarts(text)
	offset := func(line, col int) int {
		if line == len(starts)+1 && col == 1 {
			return len(text)
		}
		if line < 1 || line > len(starts) || col < 1 || starts[line-1]+col-1 > len(text) {
			return -1
		}
		return starts[line-1] + col - 1
	}
	sorted := slices.Clone(edits)
	slices.SortStableFunc(sorted, compareEdits)
	var b strings.Builder
	last := 0
	for _, e := range sorted {
		from, to := offset(e.Span.Line, e.Span.Col), offset(e.Span.EndLine, e.Span.EndCol)
		if from < last || to < from {
			return "", false
		}
		b.WriteString(text[last:from])
		b.WriteString(e.Text)
		last = to
	}
	b.WriteString(text[last:])
	return b.String(), true
}

func compareEdits(a, b Edit) int {
	return cmp.Or(cmp.Compare(a.Span.Line, b.Span.Line), cmp.Compare(a.Span.Col, b.Span.Col))
}

// lineStarts are the offsets at which the lines of a text start.
func lineStarts(text string) []int {
	starts := []int{0}
	for i := range len(text) {
		if text[i] == '\n' {
			starts = append(starts, i+1)
		}
	}
	return starts
}

// LineAfter is the line of a place of the file once the edits are made.
func LineAfter(edits []Edit, line, col int) int {
	now := line
	for _, e := range edits {
		if e.Span.EndLine < line || e.Span.EndLine == line && e.Span.EndCol <= col {
			now += strings.Count(e.Text, "\n") - (e.Span.EndLine - e.Span.Line)
		}
	}
	return now
}

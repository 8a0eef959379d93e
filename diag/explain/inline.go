// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"fmt"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/csource"
	"github.com/bpf-lsp/bpf-lsp/dwarfmap"
)

// wrapped is what BPF_PROG(), BPF_KPROBE() and their like put before the name
// of a program to get that of the function which has the code in braces. To its
// author that is the program itself.
const wrapped = "____"

// inlined are the inlined calls that led to the code of an instruction,
// innermost first.
func (w *where) inlined(pc int) []dwarfmap.Call {
	if calls, known := w.calls[pc]; known {
		return calls
	}
	var out []dwarfmap.Call
	for _, c := range w.Index.Inlined(pc) {
		if c.Function == wrapped+c.Into {
			continue
		}
		c.Into = strings.TrimPrefix(c.Into, wrapped)
		out = append(out, c)
	}
	w.calls[pc] = out
	return out
}

// functions are the functions whose code an instruction belongs to, innermost
// first.
func (w *where) functions(pc int) []string {
	var out []string
	for _, c := range w.inlined(pc) {
		out = append(out, c.Function)
	}
	if f, ok := w.Index.Function(pc); ok {
		out = append(out, f.Name)
	}
	return out
}

// inlineSteps are the call sites of the inlined functions that hold an
// instruction of the path, at the time when the path got into them, but not
// before an index of it.
func (f *finding) inlineSteps(path []int32, at, notBefore int) []step {
	if at < 0 || at >= len(path) {
		return nil
	}
	var steps []step
	for _, c := range f.inlined(int(path[at])) {
		pos, file, ok := f.Current(c.Site, c.Site.Line > 0)
		if !ok {
			continue
		}
		steps = append(steps, step{
			pc:      f.entered(path, at, notBefore, c),
			span:    f.SpanOf(pos, file, c.Function),
			inline:  true,
			message: fmt.Sprintf("%s inlined into %s here", catalog.Call(c.Function), catalog.Call(c.Into)),
		})
	}
	// Outermost first, as they were called.
	for i, j := 0, len(steps)-1; i < j; i, j = i+1, j-1 {
		steps[i], steps[j] = steps[j], steps[i]
	}
	return steps
}

// entered is the instruction by which a path got into an inlined call that it
// is in at an index, or the one at notBefore if that was earlier.
func (f *finding) entered(path []int32, at, notBefore int, c dwarfmap.Call) int {
	first := int(path[at])
	fn, _ := f.Index.Function(first)
	for i := at - 1; i >= notBefore; i-- {
		pc := int(path[i])
		if pc < fn.Start || pc >= fn.End {
			continue // in a function that was called from there
		}
		same := false
		for _, other := range f.inlined(pc) {
			same = same || other.Site == c.Site && other.Function == c.Function && other.Into == c.Into
		}
		if !same {
			break
		}
		first = pc
	}
	return first
}

// callInto is the call in the innermost of some functions by which the path comes to an
// instruction of a function that is inlined there, and where the source has it.
func (w *where) callInto(around []string, pc int) (c dwarfmap.Call, pos dwarfmap.Pos, file *csource.File, ok bool) {
	for _, c := range w.inlined(pc) {
		if pos, file, ok := w.Current(c.Site, c.Site.Line > 0); ok && file != nil && len(around) > 0 && c.Into == around[0] {
			return c, pos, file, true
		}
	}
	return c, pos, nil, false
}

// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"slices"
	"strconv"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/csource"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/source"
	"github.com/bpf-lsp/bpf-lsp/dwarfmap"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
)

// isExit reports whether an instruction ends a function.
func (w *where) isExit(pc int) bool {
	return pc >= 0 && pc < len(w.Prog.Insns) && w.Prog.Insns[pc].Op == isa.ClassJMP|isa.OpExit
}

// returnSpan finds the return statement by which a path reached an exit. The
// compiler notes the exit itself at the closing brace or even at the
// function's signature, and several returns share it, so the path decides:
// the last line with a return on it, or the return that the last condition
// guards, or the one that ends the function. Code of an inlined function counts
// as the line that calls it.
func (f *finding) returnSpan(path []int32, exit int) (diag.Span, bool) {
	fn, ok := f.Index.Function(exit)
	if !ok {
		return diag.Span{}, false
	}
	ran := false // code of the function itself ran after this
	around := f.around()
	for i := len(path) - 1; i >= 0; i-- {
		pc := int(path[i])
		if len(around) > 0 && !slices.Contains(f.inlined(pc), around[0]) {
			continue // behind the inlined function that has to return
		}
		if len(around) > 0 && f.isExit(exit) {
			exit = pc
		}
		if pc < fn.Start || pc >= fn.End {
			continue // inside a function that was called and came back
		}
		pos, file, inlined, ok := f.outer(pc)
		if !ok || file == nil {
			continue
		}
		if inlined {
			if s, ok := f.returnAround(file, pos); ok && !ran {
				return s, true
			}
			if dwarfmap.IsConditional(&f.Prog.Insns[pc]) {
				break
			}
			continue
		}
		if f.inSignature(fn, pos) || strings.TrimSpace(pos.Text) == "}" {
			continue
		}
		ran = true
		s := diag.Span{File: f.Absolute(pos.File)}
		if r, ok := file.ReturnOn(pos.Line); ok && !f.guards(pc, path, i) {
			return source.WithRange(s, r), true
		}
		if dwarfmap.IsConditional(&f.Prog.Insns[pc]) {
			if b, ok := f.decision(pc, next(path, i)); ok && b.truth && b.operand.OnTrue == csource.WholeTrue && b.condition.Jump == "return" {
				return source.WithRange(s, b.condition.JumpRange), true
			}
			break
		}
	}
	return f.lastReturn(fn, exit)
}

// returnAround is the return statement that a call at a place belongs to, by
// its value or as its condition.
func (w *where) returnAround(f *csource.File, pos dwarfmap.Pos) (diag.Span, bool) {
	s := diag.Span{File: w.Absolute(pos.File)}
	if c, ok := f.ConditionAt(pos.Line, max(pos.Col, 1)); ok {
		return source.WithRange(s, c.JumpRange), c.Jump == "return"
	}
	r, ok := f.ReturnOn(pos.Line)
	return source.WithRange(s, r), ok
}

// guards reports whether pc is a condition on a line such as `if (x) return;`
// that went the other way.
func (w *where) guards(pc int, path []int32, i int) bool {
	if !dwarfmap.IsConditional(&w.Prog.Insns[pc]) {
		// Code of the condition itself, before its branch.
		for j := i + 1; j < len(path) && j < i+16; j++ {
			p := int(path[j])
			if dwarfmap.IsConditional(&w.Prog.Insns[p]) && w.sameLine(pc, p) {
				return w.guards(p, path, j)
			}
		}
		return false
	}
	b, ok := w.decision(pc, next(path, i))
	return ok && b.decided && !b.truth
}

func (w *where) sameLine(a, b int) bool {
	p, ok := w.Index.At(a)
	q, ok2 := w.Index.At(b)
	return ok && ok2 && p.File == q.File && p.Line == q.Line
}

func next(path []int32, i int) int {
	if i+1 < len(path) {
		return int(path[i+1])
	}
	return -1
}

// inSignature reports whether a place is the function's declaration.
func (w *where) inSignature(fn dwarfmap.Function, pos dwarfmap.Pos) bool {
	sig, ok := w.Index.Signature(fn)
	return ok && sig.File == pos.File && sig.Line == pos.Line && !strings.Contains(pos.Text, "return")
}

// lastReturn is the return statement or the brace that ends a function.
func (f *finding) lastReturn(fn dwarfmap.Function, exit int) (diag.Span, bool) {
	pos, file, _, ok := f.outer(exit)
	if !ok || file == nil {
		return diag.Span{}, false
	}
	s := diag.Span{File: f.Absolute(pos.File)}
	if r, ok := file.ReturnOn(pos.Line); ok {
		return source.WithRange(s, r), true
	}
	var body csource.Function
	body, ok = file.FunctionAt(pos.Line, pos.Col)
	if !ok {
		return diag.Span{}, false
	}
	if r, ok := file.LastReturn(body); ok {
		return source.WithRange(s, r), true
	}
	return source.WithRange(s, file.ClosingBrace(body)), true
}

// rightReturn corrects a return statement that returns another number than
// the fault is about: compilers choose between two values without a branch,
// and then the path does not show which return it was.
func (f *finding) rightReturn(s diag.Span, exit int) diag.Span {
	number, known := f.returnedNumber()
	pos, file, _, ok := f.outer(exit)
	if !known || !ok || file == nil {
		return s
	}
	text := strings.TrimPrefix(file.Text(csource.Range{Line: s.Line, Col: s.Col, EndLine: s.EndLine, EndCol: s.EndCol}), "return ")
	if _, err := strconv.ParseInt(text, 0, 64); err != nil || sameInt(text, number) {
		return s
	}
	if fn, ok := file.FunctionAt(pos.Line, pos.Col); ok {
		for _, spelling := range []string{number, signed(number)} {
			if r, ok := f.nextReturn(file.ReturnsOf(fn, spelling), file, fn); ok {
				return source.WithRange(s, r)
			}
		}
	}
	return s
}

// nextReturn is the only one of some return statements or, of several, the first
// behind the last line of their function that the path came by.
func (f *finding) nextReturn(returns []csource.Range, file *csource.File, fn csource.Function) (csource.Range, bool) {
	if len(returns) == 1 {
		return returns[0], true
	}
	for _, pc := range slices.Backward(f.path()) {
		pos, other, inlined, ok := f.outer(int(pc))
		if !ok || other != file || inlined || !fn.Body.Contains(pos.Line, max(pos.Col, 1)) || f.isExit(int(pc)) || strings.TrimSpace(pos.Text) == "}" {
			continue
		}
		i := slices.IndexFunc(returns, func(r csource.Range) bool { return r.Line >= pos.Line })
		if i < 0 {
			return csource.Range{}, false
		}
		return returns[i], true
	}
	return csource.Range{}, false
}

// sameInt reports whether two numbers are the same as an int, which returned
// values are: 4294967295 is -1.
func sameInt(a, b string) bool { return signed(a) == signed(b) }

// signed is a number as an int, or the text itself if it is not one.
func signed(number string) string {
	n, err := strconv.ParseInt(number, 0, 64)
	if err != nil {
		return number
	}
	return strconv.Itoa(int(int32(n)))
}

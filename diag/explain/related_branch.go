// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/csource"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/source"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
)

// The conditions that the path decided, as related places.

// branchSteps are the conditions that the path decided from event start on;
// of one condition that was decided several times only the last counts.
func (f *finding) branchSteps(start int) []step {
	var steps []step
	seen := map[diag.Span]bool{}
	for i := len(f.result.History) - 1; i >= start; i-- {
		if f.result.History[i].Kind != record.EventBranch {
			continue
		}
		s := f.branchStep(i)
		if s.message == "" || seen[s.span] {
			continue
		}
		seen[s.span] = true
		steps = append(steps, s)
	}
	slices.Reverse(steps)
	return steps
}

func (f *finding) branchStep(at int) step {
	e := &f.result.History[at]
	pc, next := e.PC, f.wayOf(e)
	s := step{pc: pc, branch: true}
	pos, _, ok := f.At(pc)
	if !ok {
		return s
	}
	if b, ok := f.decision(pc, next); ok {
		s.span = source.WithRange(diag.Span{File: f.Absolute(pos.File)}, b.operand.Range)
		name := "condition"
		if b.condition.Keyword != "if" {
			name = "loop condition"
		}
		switch {
		case f.contradicts(&b, s.span.File):
			b.decided = false
		case !b.decided && f.inBody(&b.condition):
			b.decided, b.truth = true, true
		}
		switch {
		case b.operand.Text == "":
			s.message = name + " decided here"
		case b.decided:
			f.claims = append(f.claims, diag.Claim{Kind: diag.ClaimCondition, Event: at, Text: b.operand.Text, Truth: b.truth})
			s.message = fmt.Sprintf("%s %t: %s", name, b.truth, catalog.Quote(b.operand.Text))
			if learnt := f.learnt(at, &b); learnt != "" && !(learnt == f.facts["value"]+" is not NULL" && f.isReadEachTime(f.facts["value"])) {
				s.message += ", so " + learnt
			}
		default:
			s.message = fmt.Sprintf("%s decided here: %s", name, catalog.Quote(b.operand.Text))
		}
		return s
	}
	if f.Prog.Insns[pc].IsMayGoto() {
		return s
	}
	if r, ok := f.macroUse(pc); ok {
		// Compilers note branches of conditions nearby at macros too.
		if learnt := f.learntInMacro(e); learnt != "" {
			s.span, s.message = r, "a condition of this macro is decided here, so "+learnt
		}
		return s
	}
	if !hasCondition(pos.Text) {
		return s
	}
	s.span = f.Span(pc)
	if s.message = f.labelWords(at); s.message != "" {
		return s
	}
	s.message, s.vague = "the path branches here", true
	return s
}

// labelWords say at which label of a `switch` the path goes on behind the branch of an
// event, "" if that is not known.
func (f *finding) labelWords(at int) string {
	pos, file, ok := f.At(f.result.History[at].PC)
	if !ok || file == nil {
		return ""
	}
	fn, ok := file.FunctionAt(pos.Line, pos.Col)
	if !ok {
		return ""
	}
	flow, ok := file.Flow(fn)
	if !ok {
		return ""
	}
	step := flow.At(pos.Line, max(pos.Col, 1))
	if step < 0 || flow.Steps[step].Keyword != "switch" {
		return ""
	}
	way, ok := f.labelTaken(flow, step, at)
	if !ok {
		return ""
	}
	w := flow.Steps[step].Ways[way]
	if f.atOtherLabel(flow, step, w) {
		return "" // the compiler tests a range of values, or more labels at once
	}
	if w.Label.Line == 0 {
		return "the path goes on where no label fits"
	}
	return fmt.Sprintf("the path goes on at %s in line %d", catalog.Quote(strings.TrimSuffix(flow.Label(w), ":")), w.Label.Line)
}

// atOtherLabel reports whether the fault is shown behind a label of a `switch` that is not the
// one of a way.
func (f *finding) atOtherLabel(flow *csource.Flow, step int, w csource.Way) bool {
	at := f.anchor()
	s := &flow.Steps[step]
	nearest := csource.Way{}
	for _, other := range s.Ways {
		if other.Label.Line <= at.Line && other.Label.Line > nearest.Label.Line {
			nearest = other
		}
	}
	file := f.File(at.File)
	if nearest.Label.Line == 0 || file == nil || flow.At(at.Line, max(at.Col, 1)) < 0 {
		return false
	}
	block, ok := file.Block(nearest.Label.Line, nearest.Label.Col)
	return ok && block.Contains(at.Line, max(at.Col, 1)) && nearest.To != w.To
}

// guardStep is the condition that the return of the path stands behind. The compiler may
// note its branch elsewhere, or choose between two values without one.
func (f *finding) guardStep(path []int32) (step, bool) {
	at := f.anchor()
	file := f.File(at.File)
	if f.entry.Anchor != catalog.AtReturn || f.overwritten != nil || file == nil || len(path) == 0 || len(f.around()) > 0 {
		return step{}, false
	}
	fn, ok := file.FunctionAt(at.Line, at.Col)
	if !ok {
		return step{}, false
	}
	for _, c := range slices.Backward(file.Conditions(fn)) {
		inside := c.Body.Contains(at.Line, max(at.Col, 1))
		if c.Keyword != "if" || c.Whole.Text == "" || !inside && !(c.HasElse && c.Else.Contains(at.Line, max(at.Col, 1))) {
			continue
		}
		if f.wentOtherwise(&c, inside) {
			return step{}, false
		}
		return step{
			pc: int(path[len(path)-1]), span: source.WithRange(diag.Span{File: at.File}, c.Whole.Range), branch: true,
			message: fmt.Sprintf("condition %t: %s", inside, catalog.Quote(c.Whole.Text)),
		}, true
	}
	return step{}, false
}

// wentOtherwise reports whether the path is known to have decided a condition the
// other way, when it came by last: then the return is another one.
func (f *finding) wentOtherwise(c *csource.Condition, truth bool) bool {
	for _, e := range slices.Backward(f.result.History) {
		if e.Kind != record.EventBranch {
			continue
		}
		if b, ok := f.decision(e.PC, f.wayOf(&e)); ok && b.condition.At == c.At && b.decided && len(c.Operands) == 1 {
			return b.truth != truth
		}
	}
	return false
}

// inBody reports whether the fault is shown in what an `if` of a single operand does
// where that is true.
func (f *finding) inBody(c *csource.Condition) bool {
	at := f.anchor()
	return c.Keyword == "if" && len(c.Operands) == 1 && c.Body.Contains(at.Line, max(at.Col, 1))
}

// contradicts reports whether the fault is shown where the path cannot be if a condition went
// as a branch seems to say: the branch is then of another call of an inlined function, or of
// code that the compiler made of several conditions.
func (f *finding) contradicts(b *branch, file string) bool {
	at, c := f.anchor(), &b.condition
	fn, text := f.functionOf(at)
	if !b.decided || c.Keyword != "if" || at.File != file || text == nil || !fn.Body.Contains(c.At.Line, c.At.Col) {
		return false
	}
	outcome := b.operand.OnFalse
	if b.truth {
		outcome = b.operand.OnTrue
	}
	col := max(at.Col, 1)
	switch {
	case c.Body.Contains(at.Line, col):
		return outcome == csource.WholeFalse
	case c.HasElse && c.Else.Contains(at.Line, col):
		return outcome == csource.WholeTrue
	}
	_, looped := text.LoopAround(at.Line, col)
	return c.Jump == "return" && at.Line > c.End && !looped && outcome == csource.WholeTrue
}

// functionOf is the function at a place, with the file; nil if there is none.
func (f *finding) functionOf(at diag.Span) (csource.Function, *csource.File) {
	file := f.File(at.File)
	if file == nil {
		return csource.Function{}, nil
	}
	fn, ok := file.FunctionAt(at.Line, max(at.Col, 1))
	if !ok {
		return fn, nil
	}
	return fn, file
}

// macroUse is the use of a macro that the branch at pc stands in. Code of an
// inlined function has its own lines, so a name with arguments that a branch
// is noted at is a macro.
func (f *finding) macroUse(pc int) (diag.Span, bool) {
	pos, file, ok := f.At(pc)
	if !ok || file == nil || pos.Col == 0 {
		return diag.Span{}, false
	}
	r, ok := file.MacroUse(pos.Line, pos.Col)
	if name, _, _ := strings.Cut(file.Text(r), "("); ok && f.callsOn(pc, strings.TrimSpace(name)) {
		return diag.Span{}, false
	}
	return source.WithRange(diag.Span{File: f.Absolute(pos.File)}, r), ok
}

// callsOn reports whether an instruction on the line of another one calls a function.
func (f *finding) callsOn(pc int, function string) bool {
	fn, ok := f.Index.Function(pc)
	if !ok {
		return false
	}
	for at := fn.Start; at < fn.End; at++ {
		if f.Callee(at) == function && f.sameLine(at, pc) {
			return true
		}
	}
	return false
}

// hasCondition guesses whether a line decides anything in C; compilers put
// branches on other lines too.
func hasCondition(line string) bool {
	for _, word := range []string{"if (", "while (", "for (", "switch (", "?"} {
		if strings.Contains(line, word) {
			return true
		}
	}
	return false
}

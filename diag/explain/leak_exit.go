// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"regexp"
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/csource"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/history"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/source"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
)

// By which return a path leaves that several share: one that the last condition of the
// path leads to, where the variable may still hold the resource.

// leakingReturn corrects the return statement of a leak, which another path leaves by:
// it is the only one that the last branch of the path leads to and that leaks, or else
// that branch stands for it.
func (f *finding) leakingReturn(s diag.Span) diag.Span {
	if r, ok := f.leavingMacro(); ok {
		return r
	}
	pc, ok := f.acquirePC()
	if !ok {
		return s
	}
	a := catalog.AcquiredBy(f.Callee(pc)).Of(f.ownedObject())
	o, ok := f.owningAt(s, f.keeper(pc, a).name, a)
	if !ok {
		return s
	}
	exits, branch, open := f.leakingExits(o)
	step := o.flow.At(s.Line, max(s.Col, 1))
	switch {
	case open && len(exits) > 1:
		return f.Span(branch)
	case step < 0 || len(exits) == 0 || slices.Contains(exits, step):
		return s
	case len(exits) == 1:
		return source.WithRange(s, o.flow.Steps[exits[0]].Range)
	case branch >= 0:
		return f.Span(branch)
	}
	return s
}

// leavingMacro is the use of a macro with a return statement in it that the path leaves by.
func (f *finding) leavingMacro() (diag.Span, bool) {
	path := f.path()
	for _, e := range slices.Backward(f.result.History) {
		if e.Kind != record.EventBranch {
			continue
		}
		behind := lastIndex(path, e.PC) + 1
		if behind == 0 || len(path)-behind > mostToLeave || slices.ContainsFunc(path[behind:], func(pc int32) bool { return f.isCallAt(int(pc)) }) {
			return diag.Span{}, false
		}
		r, ok := f.macroUse(e.PC)
		file := f.File(r.File)
		if !ok || file == nil {
			return diag.Span{}, false
		}
		name, _, _ := strings.Cut(file.Text(placeOf(r)), "(")
		return r, returnsIn(file, strings.TrimSpace(name), maxNested)
	}
	return diag.Span{}, false
}

// mostToLeave is how many instructions a function has at most between the last condition and
// its end if it does nothing in between; maxNested is how deep macros are looked into.
const (
	mostToLeave = 4
	maxNested   = 3
)

// returnsIn reports whether the body of a macro has a return statement, or one of the macros
// that it uses has.
func returnsIn(file *csource.File, name string, depth int) bool {
	body, ok := file.Macro(name)
	if !ok || depth == 0 {
		return false
	}
	for _, word := range wordRE.FindAllString(body, -1) {
		if word == "return" || word != name && returnsIn(file, word, depth-1) {
			return true
		}
	}
	return false
}

var wordRE = regexp.MustCompile(`[A-Za-z_]\w*`)

// leakingExits are the returns that the last branch of the path leads to while the
// variable may hold the resource, and the instruction of that branch, -1 if there is
// none. open says that it is one of a `switch`, and not known which label fits.
func (f *finding) leakingExits(o *owning) (exits []int, branch int, open bool) {
	ways := o.acquires
	branch = -1
	for i, e := range slices.Backward(f.result.History) {
		if e.Kind != record.EventBranch {
			continue
		}
		pos, file, ok := f.At(e.PC)
		if !ok || file != o.file {
			continue
		}
		step, way := f.wayAt(o, i)
		if step < 0 {
			if step = o.flow.At(pos.Line, max(pos.Col, 1)); step < 0 {
				continue // of another function
			}
		}
		branch, ways = e.PC, nil
		open = way < 0 && o.flow.Steps[step].Keyword == "switch"
		for n, w := range o.flow.Steps[step].Ways {
			if way < 0 || way == n {
				ways = append(ways, w.To)
			}
		}
		break
	}
	exits = o.exitsFrom(ways)
	number, known := f.returnedNumber()
	if same := slices.DeleteFunc(slices.Clone(exits), func(step int) bool {
		value := strings.TrimPrefix(o.flow.Text(step), "return ")
		_, isNumber := constant(value)
		return known && isNumber && !sameInt(value, number)
	}); len(same) > 0 {
		exits = same
	}
	return exits, branch, open
}

// exitsFrom are the steps that end the function, may run after some, and may own the
// resource.
func (o *owning) exitsFrom(steps []int) []int {
	seen := map[int]bool{}
	var exits []int
	var look func(int)
	look = func(step int) {
		if step < 0 || seen[step] {
			return
		}
		seen[step] = true
		if o.in[step]&(holdsMaybe|holdsIt) == 0 && !slices.Contains(o.acquires, step) || o.effectOf(step) == gives {
			return
		}
		s := &o.flow.Steps[step]
		if s.Keyword == "return" || s.Keyword == "}" {
			exits = append(exits, step)
		}
		for _, w := range s.Ways {
			look(w.To)
		}
	}
	for _, step := range steps {
		look(step)
	}
	slices.Sort(exits)
	return exits
}

// wayAt is the condition that the branch of an event decides as a whole, and how it
// went on; step is negative if that is not known.
func (f *finding) wayAt(o *owning, index int) (step, way int) {
	e := &f.result.History[index]
	pos, file, ok := f.At(e.PC)
	if !ok || file != o.file {
		return -1, -1
	}
	if step := o.flow.At(pos.Line, max(pos.Col, 1)); step >= 0 && o.flow.Steps[step].Keyword == "switch" {
		if way, ok := f.labelTaken(o.flow, step, index); ok {
			return step, way
		}
		return -1, -1
	}
	b, ok := f.decision(e.PC, f.wayOf(e))
	if !ok || !b.decided {
		return -1, -1
	}
	whole := b.operand.OnFalse
	if b.truth {
		whole = b.operand.OnTrue
	}
	if whole >= 0 {
		return -1, -1 // another operand decides
	}
	step = o.flow.At(b.condition.Whole.Range.Line, b.condition.Whole.Range.Col)
	if step < 0 || len(o.flow.Steps[step].Ways) != 2 {
		return -1, -1
	}
	if whole == csource.WholeFalse {
		return step, 1
	}
	return step, 0
}

// labelTaken is the label of a `switch` that the path goes on at behind the branch of
// an event: the only one that fits what the path has found of the value.
func (f *finding) labelTaken(flow *csource.Flow, step, index int) (way int, ok bool) {
	if t := f.tested(f.result.History[index].PC); t.computed && !computes(flow.Text(step)) {
		return -1, false // several labels are tested at once
	}
	excluded, value := f.comparedWith(index)
	fits, fallback := -1, -1
	for n, w := range flow.Steps[step].Ways {
		text, isCase := strings.CutPrefix(strings.TrimSuffix(flow.Label(w), ":"), "case ")
		if !isCase {
			fallback = n
			continue
		}
		number, known := f.labelValue(text)
		switch {
		case known && (slices.Contains(excluded, uint32(number)) || !mayBe(value, number)):
		case known && value != nil && value.IsConst():
			return n, true
		case fits >= 0:
			return -1, false
		default:
			fits = n
		}
	}
	switch {
	case fits < 0:
		return fallback, fallback >= 0
	case value != nil && value.IsConst() && fallback < 0:
		return fits, true
	}
	return -1, false
}

// comparedWith are the numbers that the value of a `switch` is known not to be behind
// the branch of an event, and what is known of it.
func (f *finding) comparedWith(index int) (excluded []uint32, value *record.Value) {
	e := &f.result.History[index]
	in := &f.Prog.Insns[e.PC]
	place := registerOf(e, in.Dst)
	value = history.Known(f.result, index+1, place)
	for i := index; i >= 0; i-- {
		b := &f.result.History[i]
		if b.Kind != record.EventBranch || !f.sameLine(b.PC, e.PC) {
			break
		}
		in := &f.Prog.Insns[b.PC]
		if in.SrcKind() != isa.SrcK || in.Dst != place.Index {
			continue
		}
		equal := in.Code() == isa.OpJeq
		if !equal && in.Code() != isa.OpJne {
			continue
		}
		if equal == b.Taken {
			return nil, &record.Value{Type: regtype.Scalar, Bits: uint64(uint32(in.Imm)), Min: int64(in.Imm), Max: int64(in.Imm), UMin: uint64(uint32(in.Imm)), UMax: uint64(uint32(in.Imm))}
		}
		excluded = append(excluded, uint32(in.Imm))
	}
	return excluded, value
}

// mayBe reports whether a value may be a number.
func mayBe(v *record.Value, number int64) bool {
	if v == nil || !v.IsNumber() {
		return true
	}
	if v.IsConst() {
		return uint32(v.Bits) == uint32(number)
	}
	return uint64(uint32(number)) >= v.UMin && uint64(uint32(number)) <= v.UMax || number < 0
}

var swapRE = regexp.MustCompile(`^(?:bpf_|__bpf_|__builtin_)?(?:hton|bswap)(s|l|16|32)\s*\((.*)\)$`)

// labelValue is the number of a label: that of a constant, of an enumerator, or of one
// of these in network byte order.
func (f *finding) labelValue(text string) (int64, bool) {
	text = strings.TrimSpace(text)
	if n, ok := constant(text); ok {
		return n, true
	}
	if m := swapRE.FindStringSubmatch(text); m != nil {
		n, ok := f.labelValue(m[2])
		if m[1] == "s" || m[1] == "16" {
			return int64(uint16(n)>>8 | uint16(n)<<8), ok
		}
		u := uint32(n)
		return int64(u>>24 | u>>8&0xff00 | u<<8&0xff0000 | u<<24), ok
	}
	return f.Index.Enumerator(text)
}

// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"slices"

	"github.com/bpf-lsp/bpf-lsp/diag/internal/history"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
)

// Which branches on the path tested a number, or a copy of it. Two registers
// have the same number where their lineages share events.

// test is a branch that tested the number of a fault.
type test struct {
	index, pc int
	reg       uint8
	in        *isa.Insn
	// direct reports that the number itself was tested, else a copy that was cut
	// to width bits after it was made.
	direct bool
	width  int
	// shared is how many events of the number's lineage the copy has.
	shared int
	// learnt is what is known of the tested register since then, nil if that is
	// nothing new.
	learnt *record.Value
}

// sum is a branch that tested another number, which an addition made of the number of a
// fault: what is known of the sum says nothing of its parts.
type sum struct {
	index, pc int
	reg       uint8
}

// signed reports whether the branch compares signed numbers.
func (t *test) signed() bool {
	switch t.in.Code() {
	case isa.OpJsgt, isa.OpJsge, isa.OpJslt, isa.OpJsle:
		return true
	}
	return false
}

// maxTests bounds how many of the last branches are looked at.
const maxTests = 64

// testsOf are the tests of the amount on the path, oldest first.
func (f *finding) testsOf(a *amount) []test {
	var out []test
	events := f.result.History
	own := a.lineage[:a.plain]
	for i, n := a.before-1, 0; i > a.lineage[0] && n < maxTests; i-- {
		e := &events[i]
		if e.Kind != record.EventBranch {
			continue
		}
		n++
		in := &f.Prog.Insns[e.PC]
		regs := []uint8{in.Dst}
		if in.SrcKind() == isa.SrcX {
			regs = append(regs, in.Src)
		}
		for _, reg := range regs {
			p := record.Place{Kind: record.InRegister, Frame: uint8(e.Frame), Activation: e.Activation, Index: reg}
			made, _ := history.Lineage(f.result, i, p)
			shared := 0
			for shared < min(len(made), len(own)) && made[shared] == own[shared] {
				shared++
			}
			if shared == 0 {
				continue
			}
			t := test{index: i, pc: e.PC, reg: reg, in: in, direct: shared == len(made), width: 64, shared: shared}
			if _, other := f.addition(i, reg, a); other {
				continue // it is another number, even if nothing was learnt by the addition
			}
			if !t.direct {
				var pure bool
				if t.width, pure = f.narrowed(made[shared:]); !pure {
					continue
				}
			}
			for _, c := range e.Learnt {
				if c.Place == p {
					t.learnt = c.New
				}
			}
			out = append(out, t)
		}
	}
	slices.Reverse(out)
	return out
}

// stepOf is where on the path the branch of an event is: paths and events have the same
// branches.
func (f *finding) stepOf(index int) int {
	pc, later := f.result.History[index].PC, 0
	for i := index + 1; i < len(f.result.History); i++ {
		if e := &f.result.History[i]; e.Kind == record.EventBranch && e.PC == pc {
			later++
		}
	}
	path := f.result.Path
	for i := len(path) - 1; i >= 0; i-- {
		if int(path[i]) != pc {
			continue
		}
		if later == 0 {
			return i
		}
		later--
	}
	return -1
}

// addition is the last instruction of the path that adds something to the number which a
// branch tests, and not to the amount: the history leaves out arithmetic of which nothing
// was learnt, the path does not.
func (f *finding) addition(branch int, reg uint8, a *amount) (pc int, ok bool) {
	step := f.stepOf(branch)
	if step < 0 {
		return 0, false
	}
	own := map[int]bool{}
	for _, e := range f.madeOf(a).edits {
		own[e.step] = true
	}
	for _, e := range lineage(f.Prog.Insns, f.path()[:step+1], reg).edits {
		in := &f.Prog.Insns[e.pc]
		switch {
		case own[e.step]:
			return 0, false // what both have in common
		case in.Code() != isa.OpAdd && in.Code() != isa.OpSub, in.SrcKind() == isa.SrcK && in.Imm == 0:
		default:
			return e.pc, true
		}
	}
	return 0, false
}

// madeOf are the instructions of the path that made the amount.
func (f *finding) madeOf(a *amount) origin {
	path := f.path()
	if a.before < len(f.result.History) {
		path = path[:lastIndex(path, f.result.History[a.before].PC)+1]
	}
	return lineage(f.Prog.Insns, path, a.used)
}

// sumsOf are the branches on the path that tested a sum of the amount and something else,
// or a difference, oldest first.
func (f *finding) sumsOf(a *amount) []sum {
	var out []sum
	events := f.result.History
	own := a.lineage[:a.plain]
	for i, n := a.before-1, 0; i > a.lineage[0] && n < maxTests; i-- {
		e := &events[i]
		if e.Kind != record.EventBranch {
			continue
		}
		n++
		reg := f.Prog.Insns[e.PC].Dst
		p := record.Place{Kind: record.InRegister, Frame: uint8(e.Frame), Activation: e.Activation, Index: reg}
		made, _ := history.Lineage(f.result, i, p)
		if len(made) == 0 || made[0] != own[0] || len(e.Learnt) == 0 || e.Learnt[0].Place != p {
			continue
		}
		if _, ok := f.addition(i, reg, a); ok {
			out = append(out, sum{index: i, pc: e.PC, reg: reg})
		}
	}
	slices.Reverse(out)
	return out
}

// testOfCopy is the last test of a copy of the amount that was cut to fewer bits
// and is known better since then than the amount.
func (f *finding) testOfCopy(a *amount) (test, bool) {
	if a.name == "" || !lvalueRE.MatchString(a.name) {
		return test{}, false
	}
	for _, t := range slices.Backward(f.testsOf(a)) {
		if t.direct || t.width >= 64 || t.learnt == nil {
			continue
		}
		low, high := limitsOf(t.learnt)
		if low < 0 || high >= a.high && a.low >= 0 || high >= 1<<31 {
			continue
		}
		if _, pure := f.narrowed(a.lineage[t.shared:a.plain]); pure && f.sameNumber(a, t.shared) {
			return t, true
		}
	}
	return test{}, false
}

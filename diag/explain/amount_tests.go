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

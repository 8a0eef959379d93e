// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// previousEntry is the newest state of the current path that was saved at pc
// with the same callers, an earlier round of the same loop; nil for none.
//
// kernel: find_prev_entry
func (v *verifier) previousEntry(cur *state.State, pc int) *state.State {
	var found *state.State
	v.eachExplored(pc, func(st *state.State) bool {
		if st.PC == pc && st.Branches != 0 && sameCallsites(st, cur) && st.DFSDepth < cur.DFSDepth {
			found = st
			return false
		}
		return true
	})
	return found
}

// widenImprecise forgets scalars that changed since the round before and that
// no check has relied on, so that the rounds of a loop become equal.
//
// kernel: widen_imprecise_scalars
func (v *verifier) widenImprecise(old, cur *state.State) {
	v.resetIDMap()
	for d := old.Cur; d >= 0; d-- {
		was, is := old.Frames[d], cur.Frames[d]
		for n := range was.Regs {
			v.widenReg(&was.Regs[n], &is.Regs[n])
		}
		for i := range min(len(was.Stack), len(is.Stack)) {
			if was.Stack[i].IsSpill() && is.Stack[i].IsSpill() {
				v.widenReg(&was.Stack[i].Spilled, &is.Stack[i].Spilled)
			}
		}
	}
}

// kernel: maybe_widen_reg
func (v *verifier) widenReg(was, is *state.Reg) {
	if was.Type != regtype.Scalar || is.Type != regtype.Scalar || was.Precise || is.Precise {
		return
	}
	if !v.coversExactly(was, is) {
		v.setUnknown(is)
	}
}

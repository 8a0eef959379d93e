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
			if r := &is.Regs[n]; v.mustWiden(&was.Regs[n], r) {
				v.setUnknown(r)
			}
		}
		for i := range min(was.Stack.Len(), is.Stack.Len()) {
			o, c := was.Stack.At(i), is.Stack.At(i)
			if o.IsSpill() && c.IsSpill() && v.mustWiden(&o.Spilled, &c.Spilled) {
				v.setUnknown(&is.Stack.Own(i).Spilled)
			}
		}
	}
}

// mustWiden reports whether the scalar was must be forgotten.
//
// kernel: maybe_widen_reg
func (v *verifier) mustWiden(was, is *state.Reg) bool {
	return was.Type == regtype.Scalar && is.Type == regtype.Scalar && !was.Precise && !is.Precise &&
		!v.coversExactly(was, is)
}

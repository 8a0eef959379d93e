// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// requireSane reports a current state that no sequence of rules may produce: a
// bug of a rule, wherever it shows later. The walk asks after every
// instruction when built with the tag verifiercheck.
func (v *verifier) requireSane() *Rejection {
	st := v.cur
	if st.Cur < 0 || st.Cur >= state.MaxFrames {
		return v.bug("active frame is %d", st.Cur)
	}
	for i, f := range st.Frames {
		if (f != nil) != (i <= st.Cur) {
			return v.bug("frame %d of %d is there: %v", i, st.Cur, f != nil)
		}
		if f == nil {
			break
		}
		if r := v.requireSaneFrame(i, f); r != nil {
			return r
		}
	}
	for i := range st.Refs {
		if st.Refs[i].Kind == 0 {
			return v.bug("resource %d has no kind", i)
		}
	}
	if st.Parent != nil && st.Parent.Branches == 0 {
		return v.bug("the state before has no path left")
	}
	return nil
}

func (v *verifier) requireSaneFrame(i int, f *state.Frame) *Rejection {
	if int(f.Depth) != i || f.Subprog < 0 || f.Subprog >= len(v.flow.Subprogs) {
		return v.bug("frame %d is at depth %d in function %d", i, f.Depth, f.Subprog)
	}
	if i > 0 && f.CallSite < 0 {
		return v.bug("frame %d has no call site", i)
	}
	if fp := &f.Regs[isa.R10]; fp.Type != regtype.PtrToStack || fp.Off != 0 || uint32(fp.Frame) != f.Depth {
		return v.bug("frame pointer of frame %d is %s%+d of frame %d", i, fp.Type, fp.Off, fp.Frame)
	}
	if f.StackBytes() > state.MaxStack {
		return v.bug("frame %d has %d bytes of stack", i, f.StackBytes())
	}
	for n := range f.Regs {
		if problem := v.unsound(&f.Regs[n]); problem != "" {
			return v.bug("frame %d: R%d %s", i, n, problem)
		}
	}
	for spi := range f.Stack.Len() {
		s := f.Stack.At(spi)
		if !s.IsSpill() {
			continue
		}
		if problem := v.unsound(&s.Spilled); problem != "" {
			return v.bug("frame %d: fp%d %s", i, -(spi+1)*state.SlotBytes, problem)
		}
	}
	return nil
}

// unsound is what is wrong with a register, "" if nothing is.
func (v *verifier) unsound(r *state.Reg) string {
	switch base := r.Type.Base(); {
	case base > regtype.ConstPtrToDynptr:
		return "has no known type"
	case base == regtype.PtrToStack && int(r.Frame) > v.cur.Cur:
		return "points to the stack of a frame that is gone"
	case base == regtype.ConstPtrToMap || base == regtype.PtrToMapKey || base == regtype.PtrToMapValue:
		if m := r.Map(); m == 0 || int(m) >= len(v.maps) {
			return "points to no map"
		}
	}
	if r.Var.Value&r.Var.Mask != 0 {
		return "has bits that are known and unknown"
	}
	return ""
}

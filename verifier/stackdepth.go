// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"slices"

	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// Rules of the stack, checked once the walk has seen how much each function
// uses: the frames of a call chain share 512 bytes, unless the program type
// gives large functions a private stack; with tail calls below, callers must
// leave half of it.

// privateStack is whether a function has a stack of its own.
type privateStack uint8

const (
	stackUndecided privateStack = iota
	stackShared
	stackPrivate
)

const (
	// privateStackMin is the least use, in bytes, that is worth a private stack.
	privateStackMin = 64
	// tailCallMax is the most that callers may use above a tail call, in bytes.
	tailCallMax = 256
)

// requireStack gives back what the program does not need of its stack, and
// requires the rest to be enough.
func (v *verifier) requireStack() *Rejection {
	// From here on faults are of the whole program, not of the path that
	// happened to be the last.
	v.record.Begin()
	v.dropFastcallSpills()
	return v.requireStackDepth()
}

// requireStackDepth requires every call chain to fit the stack.
//
// kernel: check_max_stack_depth
func (v *verifier) requireStackDepth() *Rejection {
	private := v.mayUsePrivateStack()
	for i := range v.flow.Subprogs {
		if v.flow.Subprogs[i].HasTailCall {
			private = false
		}
	}
	// A function that an asynchronous callback reaches shares the normal stack
	// everywhere, so those chains come first.
	for i := len(v.flow.Subprogs) - 1; i >= 0; i-- {
		if i != 0 && !v.subprogs[i].isAsyncCallback {
			continue
		}
		w := stackWalk{v: v, private: i == 0 && private}
		if r := w.run(i); r != nil {
			return r
		}
	}
	return nil
}

// mayUsePrivateStack reports whether large functions of the program's type get a
// private stack.
//
// kernel: bpf_enable_priv_stack
func (v *verifier) mayUsePrivateStack() bool {
	if v.extends() {
		return false
	}
	switch v.prog.Type {
	case facts.ProgKprobe, facts.ProgTracePoint, facts.ProgPerfEvent, facts.ProgRawTracepoint:
		return true
	case facts.ProgTracing:
		return v.prog.Attach != facts.AttachTraceIter
	}
	return false
}

// stackWalk adds up the stack along every call chain from one function,
// without regard to branches.
//
// kernel: check_max_stack_depth_subprog
type stackWalk struct {
	v       *verifier
	private bool
	depth   int
	// chain holds the functions left for a callee.
	chain []int
	// tailCall says that a callee with a tail call was met.
	tailCall bool
}

func roundStack(n int) int { return (n + 15) &^ 15 }

// run adds up the chains that go on with a function.
func (w *stackWalk) run(subprog int) *Rejection {
	v := w.v
	if r := w.enter(subprog); r != nil {
		return r
	}
	for pc := v.flow.Subprogs[subprog].Start; pc < v.flow.Subprogs[subprog].End; pc++ {
		callee, r := w.calleeAt(pc, subprog)
		if r != nil {
			return r
		}
		if callee < 0 {
			continue
		}
		w.chain = append(w.chain, subprog)
		w.tailCall = w.tailCall || v.flow.Subprogs[callee].HasTailCall
		if len(w.chain) >= state.MaxFrames {
			return v.reject(e2big, fault.CallDepthOfStack.Of(fault.Depth{Count: len(w.chain)}))
		}
		if r := w.run(callee); r != nil {
			return r
		}
		w.chain = w.chain[:len(w.chain)-1]
	}
	if w.tailCall && slices.ContainsFunc(w.chain, v.isExceptionCallback) {
		return v.reject(einval, fault.ExceptionCallbackTailCall.Of(fault.None{}))
	}
	if v.subprogs[subprog].privateStack != stackPrivate {
		w.depth -= roundStack(v.subprogs[subprog].stackDepth)
	}
	return nil
}

// enter adds the stack of a function to the chain.
func (w *stackWalk) enter(subprog int) *Rejection {
	v := w.v
	facts := &v.subprogs[subprog]
	if !w.private {
		facts.privateStack = stackShared
	}
	v.pc = v.flow.Subprogs[subprog].Start
	if subprog != 0 && v.flow.Subprogs[subprog].HasTailCall && w.depth >= tailCallMax {
		return v.reject(eacces, fault.TailCallStack.Of(fault.StackUse{Size: int64(w.depth)}))
	}
	own := roundStack(facts.stackDepth)
	if w.private && facts.privateStack == stackUndecided && own >= privateStackMin {
		facts.privateStack = stackPrivate
	}
	if facts.privateStack == stackPrivate {
		return nil // every access was inside of state.MaxStack
	}
	w.depth += own
	if w.depth > state.MaxStack {
		return v.reject(eacces, fault.CombinedStackSize.Of(fault.StackUse{Size: int64(w.depth),
			Frames: len(w.chain) + 1}))
	}
	return nil
}

// calleeAt is the function that the instruction at pc calls or takes the
// address of, -1 for none that adds to the chain.
func (w *stackWalk) calleeAt(pc, caller int) (int, *Rejection) {
	v := w.v
	in := &v.insns[pc]
	if !in.IsSubprogCall() && !in.IsFuncRef() {
		return -1, w.requireThrowOutsideCallback(pc, caller)
	}
	callee := v.flow.SubprogFrom(pc + int(in.Imm) + 1)
	if v.subprogs[callee].isAsyncCallback {
		if v.flow.Subprogs[callee].HasTailCall {
			return -1, v.kernelFault("subprog has tail_call and async cb")
		}
		if !in.IsSubprogCall() {
			return -1, nil
		}
		if v.isExceptionCallback(callee) {
			v.pc = pc
			return -1, v.reject(einval, fault.ExceptionCallbackCall.Of(fault.Instruction{PC: pc}))
		}
	}
	return callee, nil
}

// requireThrowOutsideCallback requires no exception to pass through a function
// that the kernel called.
func (w *stackWalk) requireThrowOutsideCallback(pc, caller int) *Rejection {
	v := w.v
	if !v.isThrow(pc) {
		return nil
	}
	inCallback := v.subprogs[caller].isCallback
	for _, c := range w.chain {
		inCallback = inCallback || v.subprogs[c].isCallback
	}
	if !inCallback {
		return nil
	}
	v.pc = pc
	return v.reject(einval, fault.ThrowFromCallback.Of(fault.CallSite{PC: pc, Function: caller}))
}

// isExceptionCallback reports whether subprog is the function that catches exceptions.
func (v *verifier) isExceptionCallback(subprog int) bool {
	return subprog != 0 && subprog == v.flow.ExceptionCallback
}

// isThrow reports whether the instruction at pc calls bpf_throw.
func (v *verifier) isThrow(pc int) bool {
	in := &v.insns[pc]
	return in.IsKfuncCall() && in.Off == 0 && v.kfuncName(in) == "bpf_throw"
}

// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// walkAll explores the main program, and then every global function that it
// may call: each is walked once, for any arguments that fit its prototype.
//
// kernel: do_check_main, do_check_subprogs
func (v *verifier) walkAll() *Rejection {
	v.findLoops()
	v.live.findSuccessors(v.insns)
	v.explore.loops = cleared(v.explore.loops, v.flow.SCCs)
	if r := v.walkFunction(0); r != nil {
		return r
	}
	if !v.hasFuncInfo() {
		return nil
	}
	if n := v.flow.ExceptionCallback; n != 0 {
		v.subprogs[n].called = true
	}
	for again := true; again; {
		again = false
		for n := 1; n < len(v.subprogs); n++ {
			sub := &v.subprogs[n]
			if !v.subprogIsGlobal(n) || !sub.called || sub.verified {
				continue
			}
			if r := v.walkFunction(n); r != nil {
				return r
			}
			if v.trace.level&logPaths != 0 {
				v.say("Func#%d ('%s') is safe for any args that match its prototype\n", n, v.subprogName(n))
			}
			sub.verified = true
			again = true
		}
	}
	return nil
}

// walkFunction explores one function from its entry.
//
// kernel: do_check_common
func (v *verifier) walkFunction(subprog int) *Rejection {
	v.trace.line = noLine
	st := v.pool.NewState()
	st.Branches = 1
	st.InSleepable = v.sleepable()
	st.FirstPC, st.LastPC = v.flow.Subprogs[subprog].Start, -1
	st.Frames[0] = v.pool.NewFrame()
	v.cur = st
	v.pc = st.FirstPC
	v.initFrame(st.Frames[0], entryCallSite, 0, subprog)
	v.record.Begin()
	if r := v.prepareEntry(subprog); r != nil {
		if !v.passOver(r) {
			return r
		}
		v.freeStates()
		return nil
	}
	v.record.Enter(v.cur)
	if r := v.walk(); r != nil {
		return r
	}
	if v.trace.level&logAllPaths == 0 {
		v.trace.reset(0)
	}
	v.freeStates()
	return nil
}

// prepareEntry sets up the arguments of a function that is walked on its own:
// those of its prototype, or the context of the main program.
func (v *verifier) prepareEntry(subprog int) *Rejection {
	if subprog == 0 && !v.extends() {
		v.judgeMainPrototype()
		v.setEntryPointer(isa.R1, regtype.PtrToCtx)
		v.acquireArguments()
		return nil
	}
	v.say("Validating %s() func#%d...\n", v.subprogName(subprog), subprog)
	if r := v.prepareFuncArgs(subprog); r != nil {
		return r
	}
	args := v.subprogs[subprog].args
	if subprog != 0 && subprog == v.flow.ExceptionCallback {
		v.frame().InException = true
		if len(args) != 1 || args[0].Type != regtype.ArgAnything {
			return v.reject(einval, fault.ExceptionCallbackNumbers.Of(fault.None{}))
		}
	}
	for i := range args {
		if r := v.prepareArg(isa.R1+uint8(i), &args[i]); r != nil {
			return r
		}
	}
	return nil
}

// acquireArguments takes the references that the kernel hands to the main
// program with its arguments.
func (v *verifier) acquireArguments() {
	if v.prog.Type != facts.ProgStructOps {
		return
	}
	h := v.hook()
	for i := range h.refs {
		if h.owns(i) {
			h.refs[i] = v.acquireRef(v.pc)
		}
	}
}

// judgeMainPrototype notes whether BTF describes the main program as a function
// of its context. If not, the program may still be right.
func (v *verifier) judgeMainPrototype() {
	if !v.hasFuncInfo() {
		return
	}
	main := &v.subprogs[0]
	if r := v.prepareFuncArgs(0); r != nil || len(main.args) != 1 || main.args[0].Type != regtype.ArgCtx {
		main.unreliable = true
	}
}

// prepareArg makes register n what the prototype promises of an argument.
func (v *verifier) prepareArg(n uint8, arg *subprogArg) *Rejection {
	r := v.reg(n)
	flags := regtype.Reg(arg.Type.Flags())
	switch {
	case arg.Type == regtype.ArgCtx:
		v.setEntryPointer(n, regtype.PtrToCtx)
	case arg.Type == regtype.ArgAnything:
		v.setUnknown(r)
	case arg.Type == regtype.ArgDynptr|regtype.ReadOnly:
		r.SetKnown(0)
		r.Type = regtype.ConstPtrToDynptr
		r.ID = v.newID()
		r.SetDynptr(state.DynptrLocal, true)
	case arg.Type.Base() == regtype.ArgMem:
		v.setEntryPointer(n, regtype.PtrToMem|flags&(regtype.MaybeNull|regtype.Untrusted|regtype.ReadOnly))
		r.SetMemSize(arg.MemSize)
		if arg.Type.MayBeNull() {
			r.ID = v.newID()
		}
	case arg.Type.Base() == regtype.ArgBTFID:
		v.setEntryPointer(n, regtype.PtrToBTFID|flags&(regtype.MaybeNull|regtype.Untrusted|regtype.Trusted))
		r.SetBTFType(state.KernelBTF, arg.BTFID)
		r.ID = v.newID()
	case arg.Type.Base() == regtype.ArgArena:
		v.setUnknown(r)
	default:
		return v.bug("unhandled arg#%d type %d", n-isa.R1, arg.Type)
	}
	return nil
}

// setEntryPointer makes register n a pointer to the beginning of its object.
func (v *verifier) setEntryPointer(n uint8, t regtype.Reg) {
	r := v.reg(n)
	r.SetKnown(0)
	r.Type = t
}

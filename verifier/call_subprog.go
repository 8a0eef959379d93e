// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/cilium/ebpf/btf"

	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// Rules of calls within a program: a static function is walked at every call
// with the caller's arguments; a global function is walked once on its own,
// and a call only has to fit its BTF prototype. Calls nest eight deep at most.

// subprogFacts is what is learnt about a function of the program.
//
// kernel: struct bpf_subprog_info and bpf_func_info_aux
type subprogFacts struct {
	// stackDepth is the stack that the function was seen to use, in bytes.
	stackDepth      int
	isCallback      bool
	isAsyncCallback bool
	// called says that a verified function calls this global one, and verified
	// that its own walk is done.
	called, verified bool
	// unreliable says that a caller's arguments do not fit the BTF prototype.
	unreliable   bool
	args         []subprogArg
	argsCached   bool
	privateStack privateStack
}

// callbackSetup prepares the frame of a callback for its simulated call.
//
// kernel: set_callee_state_fn
type callbackSetup func(v *verifier, caller, callee *state.Frame, pc int) *Rejection

// hasFuncInfo reports whether BTF describes the program's functions.
func (v *verifier) hasFuncInfo() bool { return len(v.prog.Funcs) != 0 }

// subprogIsGlobal reports whether n is a function that is verified on its own.
//
// kernel: subprog_is_global
func (v *verifier) subprogIsGlobal(n int) bool {
	return n < len(v.prog.Funcs) && v.prog.Funcs[n].Linkage == btf.GlobalFunc
}

// subprogName is the C name of a function, "" where BTF has none.
//
// kernel: subprog_name
func (v *verifier) subprogName(n int) string {
	if n >= len(v.prog.Funcs) {
		return ""
	}
	return v.prog.Funcs[n].Name
}

// stepSubprogCall checks a call of a function of the program. pc ends so that
// the next instruction walked is the callee's first or the one after the call.
//
// kernel: check_func_call
func (v *verifier) stepSubprogCall(in *isa.Insn) *Rejection {
	subprog := v.flow.SubprogFrom(v.pc + int(in.Imm) + 1)
	if subprog < 0 {
		return v.bug("target of func call at insn %d is not a program", v.pc+int(in.Imm)+1)
	}
	caller := v.frame()
	misfit := v.stepSubprogArgs(subprog, caller)
	if misfit.isFatal() {
		return misfit
	}
	if v.subprogIsGlobal(subprog) {
		return v.stepGlobalCall(subprog, misfit)
	}
	if r := v.enterSubprog(v.cur, subprog, v.pc, setupArguments); r != nil {
		return r
	}
	v.invalidateCallerSaved(caller)
	entry := v.flow.Subprogs[subprog].Start
	v.pc = entry - 1
	v.resetLiveCallchain()
	if v.trace.level&logPaths != 0 {
		v.say("caller:\n")
		v.tracePrintState(v.cur, int(caller.Depth), true)
		v.say("callee:\n")
		v.tracePrintState(v.cur, v.cur.Cur, true)
	}
	return nil
}

// stepGlobalCall checks the call of a global function, whose own walk comes
// later, and applies what any such function may do.
func (v *verifier) stepGlobalCall(subprog int, misfit *Rejection) *Rejection {
	name := v.subprogName(subprog)
	if v.cur.ActiveLocks != 0 {
		return v.reject(einval, fault.GlobalCallUnderLock.Of(fault.Call{Name: name}))
	}
	graph := &v.flow.Subprogs[subprog]
	atomic := v.cur.ActiveRCU != 0 || v.cur.ActivePreempt != 0 || v.cur.ActiveIRQ != 0 || !v.inSleepable()
	if graph.MightSleep && atomic {
		return v.reject(einval, fault.SleepableFunction.Of(fault.Call{Name: name}))
	}
	if misfit != nil {
		r := v.reject(misfit.report.Errno, fault.GlobalFunctionArgument.Of(fault.Function{Name: name, ID: subprog}))
		r = r.because(misfit)
		r.report.Code = fault.GlobalFunctionArgument.Code()
		if misfit.report.Code == fault.StaticFunctionMisfit.Code() {
			// No call would do: the fault is where the function is defined.
			r.report.Code, r.report.PC = misfit.report.Code, graph.Start
		}
		return r
	}
	v.say("Func#%d ('%s') is global and assumed valid.\n", subprog, name)
	if graph.ChangesPacket {
		v.invalidatePackets()
	}
	v.subprogs[subprog].called = true
	caller := v.frame()
	v.invalidateCallerSaved(caller)
	v.applyUnknown(isa.R0)
	caller.Regs[isa.R0].SubregDef = 0
	return nil
}

// enterSubprog opens a frame for a function in st, above the active one.
//
// kernel: setup_func_entry
func (v *verifier) enterSubprog(st *state.State, subprog, callSite int, setup callbackSetup) *Rejection {
	if st.Cur+1 >= state.MaxFrames {
		return v.reject(e2big, v.tooDeep(st, subprog))
	}
	caller := st.Frames[st.Cur]
	callee := v.pool.NewFrame()
	v.initFrame(callee, callSite, uint32(st.Cur+1), subprog)
	if r := setup(v, caller, callee, callSite); r != nil {
		v.pool.FreeFrame(callee)
		return r
	}
	st.Frames[st.Cur+1] = callee
	st.Cur++
	return nil
}

// tooDeep distinguishes recursion from a chain of too many functions: the kernel
// follows both until no frame is left.
func (v *verifier) tooDeep(st *state.State, callee int) *fault.Fault {
	depth := fault.Depth{Count: st.Cur + 2}
	for _, f := range st.Frames[:st.Cur+1] {
		if f.Subprog == callee {
			return fault.Recursion.Of(fault.Circle{Depth: depth, Caller: v.subprogName(st.Frame().Subprog),
				Callee: v.subprogName(callee)})
		}
	}
	return fault.CallDepth.Of(depth)
}

// setupArguments hands R1 to R5 to the callee of an ordinary call.
//
// kernel: set_callee_state
func setupArguments(_ *verifier, caller, callee *state.Frame, _ int) *Rejection {
	copy(callee.Regs[isa.R1:isa.R6], caller.Regs[isa.R1:isa.R6])
	return nil
}

// stepSubprogArgs requires the caller's registers to fit the BTF prototype of
// a function. For a static function a misfit only means that the compiler
// changed it; a fatal Rejection means that its BTF is broken.
//
// kernel: btf_check_subprog_call
func (v *verifier) stepSubprogArgs(subprog int, caller *state.Frame) *Rejection {
	facts := &v.subprogs[subprog]
	if !v.hasFuncInfo() || facts.unreliable {
		return &unknownMisfit
	}
	r := v.stepDeclaredArgs(subprog, caller)
	if r != nil && (r.end == endRejected || r.end == endBug) {
		facts.unreliable = true
	}
	return r
}

// unknownMisfit is what is wrong with the arguments of a function whose
// prototype is not to be relied on.
var unknownMisfit = Rejection{end: endRejected, report: Report{Code: fault.GlobalFunctionArgument.Code(),
	Errno: einval}}

// stepDeclaredArgs requires each argument to be of the kind that the function's
// BTF prototype says.
//
// kernel: btf_check_func_arg_match
func (v *verifier) stepDeclaredArgs(subprog int, caller *state.Frame) *Rejection {
	if r := v.prepareFuncArgs(subprog); r != nil {
		return r
	}
	outer := v.call
	defer func() { v.call = outer }()
	v.call.begin(&undeclared)
	for i := range v.subprogs[subprog].args {
		n := uint8(i + 1)
		if r := v.stepDeclaredArg(i, n, &caller.Regs[n], &v.subprogs[subprog].args[i]); r != nil {
			return r
		}
	}
	return nil
}

func (v *verifier) stepDeclaredArg(i int, n uint8, reg *state.Reg, arg *subprogArg) *Rejection {
	refuse := func(what fault.Message[fault.Argument]) *Rejection {
		known := fault.Argument{Arg: n, Kind: reg.Type}
		return v.reject(einval, what.Of(known).As(fault.GlobalFunctionArgument.Code()))
	}
	switch {
	case arg.Type == regtype.ArgAnything:
		if reg.Type != regtype.Scalar {
			return refuse(fault.NotANumber)
		}
	case arg.Type.Flags()&regtype.Untrusted != 0:
		// Whatever the caller passes, the callee only probes it.
	case arg.Type == regtype.ArgCtx:
		if r := v.requireArgOffset(reg, n, regtype.ArgDontCare); r != nil {
			return r
		}
		if reg.Type != regtype.PtrToCtx {
			return refuse(fault.ContextNotPassed)
		}
	case arg.Type.Base() == regtype.ArgMem:
		if r := v.requireArgOffset(reg, n, regtype.ArgDontCare); r != nil {
			return r
		}
		if r := v.stepMem(reg, n, arg.MemSize); r != nil {
			r.report.Errno = einval
			return r
		}
		if !arg.Type.MayBeNull() && reg.Type.MayBeNull() {
			return refuse(fault.NullableMemory)
		}
	case arg.Type.Base() == regtype.ArgArena:
		if reg.Type != regtype.PtrToArena && reg.Type != regtype.Scalar {
			return refuse(fault.NotInArena)
		}
	case arg.Type == regtype.ArgDynptr|regtype.ReadOnly:
		return v.stepPassedDynptr(reg, n, arg.Type)
	case arg.Type.Base() == regtype.ArgBTFID:
		if reg.IsNull() && arg.Type.MayBeNull() {
			return nil
		}
		return v.requireBTFParam(reg, n, arg)
	default:
		return v.bug("unrecognized arg#%d type %d", i, uint32(arg.Type))
	}
	return nil
}

// isFatal reports whether r is a misfit of arguments that ends the walk even for a static
// function.
func (r *Rejection) isFatal() bool {
	return r != nil && (r.end != endRejected || r.report.Errno == efault)
}

// stepReturn leaves the active function for its caller and moves pc there.
//
// kernel: prepare_func_exit
func (v *verifier) stepReturn() *Rejection {
	if r := v.updateLiveStack(); r != nil {
		return r
	}
	callee := v.frame()
	r0 := &callee.Regs[isa.R0]
	if r0.Type == regtype.PtrToStack {
		return v.reject(einval, fault.ReturnedStackPointer.Of(fault.Register{Reg: isa.R0}))
	}
	caller := v.cur.Frames[v.cur.Cur-1]
	inCallback := callee.InCallback
	if inCallback {
		if r := v.requireCallbackReturn(callee, r0); r != nil {
			return r
		}
		v.pc = callee.CallSite
	} else {
		caller.Regs[isa.R0] = *r0
		v.pc = callee.CallSite + 1
	}
	if v.trace.level&logPaths != 0 {
		v.say("returning from callee:\n")
		v.tracePrintState(v.cur, int(callee.Depth), true)
		v.say("to caller at %d:\n", v.pc)
		v.tracePrintState(v.cur, int(caller.Depth), true)
	}
	v.cur.Frames[v.cur.Cur] = nil
	v.cur.Cur--
	v.pool.FreeFrame(callee)
	if inCallback {
		// A callback that counts in memory would be walked once per count
		// unless what it left imprecise is forgotten between rounds.
		if prev := v.previousEntry(v.cur, v.pc); prev != nil {
			v.widenImprecise(prev, v.cur)
		}
	}
	return nil
}

// requireCallbackReturn requires a callback to return a number in the range that
// its caller asks for.
func (v *verifier) requireCallbackReturn(callee *state.Frame, r0 *state.Reg) *Rejection {
	if r0.Type != regtype.Scalar {
		return v.reject(eacces, fault.CallbackReturnKind.Of(fault.Value{Reg: isa.R0, Kind: r0.Type}))
	}
	if r := v.markPrecise(isa.R0); r != nil {
		return r
	}
	if !withinRange(callee.CallbackRange, r0, false) {
		return v.rejectReturnRange(fault.CallbackReturnValue, isa.R0, callee.CallbackRange)
	}
	if !v.flow.Points[callee.CallSite].CallsCallback {
		return v.bug("in callback at %d, callsite %d !calls_callback", v.pc, callee.CallSite)
	}
	return nil
}

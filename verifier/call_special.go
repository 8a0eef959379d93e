// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"bytes"

	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// Rules of single helpers, beyond what their prototypes say:
//
//	bpf_tail_call             nothing may be held that the program cannot leave with
//	bpf_get_local_storage     flags are 0
//	bpf_for_each_map_elem,    the callback is walked (call_callback.go)
//	bpf_find_vma, bpf_timer_set_callback, bpf_user_ringbuf_drain
//	bpf_loop                  the same, once per iteration at most
//	bpf_snprintf              the format fits the number of arguments
//	bpf_dynptr_*              see dynptr.go
//	bpf_set_retval            the hook returns something
//	bpf_{per,this}_cpu_ptr    of an object of the program, it is a struct
//	bpf_get_func_ip           by program type

// stepSpecial applies the rules of the helper called.
func (v *verifier) stepSpecial() *Rejection {
	c := &v.call
	switch c.helper {
	case facts.FuncTailCall:
		return v.requireNoLeak(false, true, "tail_call")
	case facts.FuncGetLocalStorage:
		if !v.reg(isa.R2).IsNull() {
			return v.reject(einval, fault.StorageFlags.Of(v.argument(isa.R2)))
		}
	case facts.FuncForEachMapElem:
		return v.pushCallback(setupMapElemCallback)
	case facts.FuncTimerSetCallback:
		return v.pushCallback(setupTimerCallback)
	case facts.FuncFindVma:
		return v.pushCallback(setupFindVMACallback)
	case facts.FuncUserRingbufDrain:
		return v.pushCallback(setupUserRingbufCallback)
	case facts.FuncLoop:
		return v.stepLoopCall()
	case facts.FuncSnprintf:
		return v.requireFormat()
	case facts.FuncDynptrFromMem:
		if t := v.reg(isa.R1).Type; t != regtype.PtrToMapValue {
			return v.reject(eacces, fault.DynptrSourceInvalid.Of(v.argument(isa.R1)))
		}
	case facts.FuncDynptrData:
		return v.requireSliceSource(v.reg(isa.R1))
	case facts.FuncDynptrWrite:
		v.noteDynptrWrite(v.reg(isa.R1))
	case facts.FuncSetRetval:
		if v.progType() == facts.ProgLSM && v.prog.Attach == facts.AttachLSMCgroup && v.hookReturnsVoid() {
			return v.reject(einval, fault.VoidHookResult.Of(c.Call))
		}
	case facts.FuncPerCpuPtr, facts.FuncThisCpuPtr:
		if v.reg(isa.R1).Type&regtype.RCU == 0 {
			return nil
		}
		c.perCPUObject = true
		v.aux[v.pc].callPerCPUAlloc = true
	}
	return nil
}

// stepLoopCall walks the callback of bpf_loop once more, until it was walked
// as often as the loop can run. The number of iterations therefore matters.
func (v *verifier) stepLoopCall() *Rejection {
	v.noteLoop(v.call.subprog)
	if r := v.markPrecise(isa.R1); r != nil {
		return r
	}
	f := v.frame()
	if uint64(f.CallbackDepth) < v.reg(isa.R1).Umax() {
		return v.pushCallback(setupLoopCallback)
	}
	f.CallbackDepth = 0
	if v.trace.level&logAllPaths != 0 {
		v.say("frame%d bpf_loop iteration limit reached\n", v.cur.Cur)
	}
	return nil
}

// noteLoop notes whether the call can become a loop in place: its flags are 0
// and its callback is the same on every path.
//
// kernel: update_loop_inline_state
func (v *verifier) noteLoop(subprog int) {
	aux := &v.aux[v.pc]
	if !aux.loopInit {
		aux.loopInit = true
		aux.loopInline = v.loopFlagsZero()
		aux.loopSubprog = subprog
		return
	}
	aux.loopInline = aux.loopInline && v.loopFlagsZero() && aux.loopSubprog == subprog
}

// kernel: loop_flag_is_zero
func (v *verifier) loopFlagsZero() bool {
	if !v.reg(isa.R4).IsNull() {
		return false
	}
	// Whether backtracking succeeds changes nothing here.
	_ = v.markPrecise(isa.R4)
	return true
}

// requireFuncIP requires the program to run where the traced function is known.
//
// kernel: check_get_func_ip
func (v *verifier) requireFuncIP() *Rejection {
	const id = facts.FuncGetFuncIp
	call := fault.HelperCall{NumberedCall: helperCall(id), ProgType: uint32(v.progType())}
	switch v.progType() {
	case facts.ProgKprobe:
		return nil
	case facts.ProgTracing:
		switch v.prog.Attach {
		case facts.AttachTraceFEntry, facts.AttachTraceFExit, facts.AttachModifyReturn:
			return nil
		}
		return v.reject(enotsupp, fault.FuncIPOnlyTracing.Of(call))
	default:
		return v.reject(enotsupp, fault.FuncIPNotSupported.Of(call))
	}
}

// requireConstString requires register n to point to a string that nobody can
// change any more.
//
// kernel: check_reg_const_str
func (v *verifier) requireConstString(n uint8) *Rejection {
	reg := v.reg(n)
	arg := v.argument(n)
	m := v.mapOf(reg.Map())
	switch {
	case m.Flags&program.MapFlagRdOnlyProg == 0 || !m.Frozen:
		return v.reject(eacces, fault.StringNotReadOnly.Of(arg))
	case !reg.IsConst():
		return v.reject(eacces, fault.StringAtVariable.Of(arg))
	case !m.Type.Has(facts.MapDirectValue):
		return v.reject(eacces, fault.StringMapUnsupported.Of(arg))
	}
	if r := v.requireMapAccess(n, int(reg.Off), int(m.ValueSize)-int(reg.Off), false, true); r != nil {
		return r
	}
	if m.MaxEntries != 1 {
		return v.reject(enotsupp, fault.StringAddress.Of(arg))
	}
	if _, ended := stringAt(m, constOffset(reg)); !ended {
		return v.reject(einval, fault.StringNotTerminated.Of(arg))
	}
	return nil
}

// constOffset is where in its object a pointer with a constant offset points.
func constOffset(reg *state.Reg) uint32 { return uint32(reg.Off) + uint32(reg.Var.Value) }

// stringAt is the string at off of the value of m, and whether a 0 ends it.
func stringAt(m *program.Map, off uint32) (text []byte, ended bool) {
	if int(off) >= len(m.Contents) {
		// What the object does not initialise is 0.
		return nil, true
	}
	text, _, ended = bytes.Cut(m.Contents[off:], []byte{0})
	return text, ended || len(m.Contents) < int(m.ValueSize)
}

// requireFormat requires the format of bpf_snprintf to fit its arguments.
//
// kernel: check_bpf_snprintf_call
func (v *verifier) requireFormat() *Rejection {
	format, size := v.reg(isa.R3), v.reg(isa.R5)
	if size.Var.Value%8 != 0 {
		known := fault.FormatData{Argument: v.argument(isa.R5), Length: size.Var.Value}
		return v.reject(einval, fault.FormatArgumentsLength.Of(known))
	}
	text, _ := stringAt(v.mapOf(format.Map()), constOffset(format))
	if !validFormat(text, size.Var.Value/8) {
		return v.reject(einval, fault.FormatString.Of(v.argument(isa.R3)))
	}
	return nil
}

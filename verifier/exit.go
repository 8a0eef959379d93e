// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/cilium/ebpf/btf"

	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// Rules of leaving: nothing may be held (ref.go), and R0 must be a value that
// the program type, the hook or the caller of the callback can take.

// stepExit checks leaving the active function; done reports whether the path ends.
// exception reports whether bpf_throw leaves all functions at once.
//
// kernel: process_bpf_exit_full
func (v *verifier) stepExit(exception bool) (done bool, r *Rejection) {
	what := "BPF_EXIT instruction in main prog"
	if exception {
		what = "bpf_throw"
	}
	if r := v.requireNoLeak(exception, exception || v.cur.Cur == 0, what); r != nil {
		return false, r
	}
	if exception {
		return true, nil
	}
	if v.cur.Cur != 0 {
		return false, v.stepReturn()
	}
	if r := v.requireReturnValue(isa.R0); r != nil {
		return false, r
	}
	return true, nil
}

// requireReturnValue requires register n to be in the range that the program
// type or hook allows.
//
// kernel: check_return_code
func (v *verifier) requireReturnValue(n uint8) *Rejection {
	frame := v.cur.Frames[0]
	asProgram := frame.Subprog == 0 || frame.InException
	var want returnWanted
	if asProgram {
		var r *Rejection
		if want, r = v.wantedReturn(); r != nil {
			return r
		}
		if want.void {
			return nil
		}
		if want.pointer && !frame.InException && v.returnsObject(n) {
			return v.requirePtrOff(v.reg(n), n, false)
		}
	}
	if r := v.requireReadable(n); r != nil {
		return r
	}
	reg := v.reg(n)
	if v.isPointer(n) {
		return v.reject(eacces, fault.PointerReturned.Of(fault.Value{Reg: n, Kind: reg.Type}))
	}
	if frame.InAsync {
		return v.requireReturnRange(n, returnWanted{span: frame.CallbackRange}, atAsyncReturn)
	}
	if !asProgram {
		if reg.Type != regtype.Scalar {
			return v.reject(einval, fault.ReturnNotANumber.Of(fault.Value{Reg: n, Kind: reg.Type}))
		}
		return nil
	}
	if want.any {
		return nil
	}
	return v.requireReturnRange(n, want, atProgramExit)
}

// returnWanted is what a program may return.
type returnWanted struct {
	// void functions return nothing, and any says that every number is fine.
	void, any bool
	// pointer says that a referenced object may be returned too.
	pointer bool
	span    state.RetRange
	// narrow compares the lower 32 bits alone.
	narrow bool
	// ofVoid says that the hook's function returns nothing.
	ofVoid bool
}

// wantedReturn is what the program's type or hook takes.
func (v *verifier) wantedReturn() (returnWanted, *Rejection) {
	rule := facts.ReturnsOf(v.progType(), v.prog.Attach)
	want := returnWanted{span: state.RetRange{Min: rule.Min, Max: rule.Max}}
	switch rule.Rule {
	case facts.ReturnAny:
		want.any = true
	case facts.ReturnUnsupported:
		return want, v.bug("nothing is known of what %s programs return that attach by %d", v.progType(), v.prog.Attach)
	case facts.ReturnLSMHook, facts.ReturnLSMCgroup, facts.ReturnStructOps:
		hook := v.hook()
		if hook.proto == nil {
			return want, v.bug("the function that the program returns to has no prototype")
		}
		return v.wantedByHook(rule.Rule, hook, want), nil
	}
	return want, nil
}

// wantedByHook is what the kernel function that the program is attached to
// takes.
func (v *verifier) wantedByHook(rule facts.ReturnRule, hook *hookTarget, want returnWanted) returnWanted {
	_, isVoid := hook.proto.Return.(*btf.Void)
	switch rule {
	case facts.ReturnLSMHook:
		want.void = isVoid
		info, ok := facts.LookupLSMHook(hook.name)
		if !ok {
			want.any = true
			break
		}
		want.span.Min, want.span.Max, ok = info.Range()
		want.any, want.narrow = !ok, true
	case facts.ReturnLSMCgroup:
		if isVoid {
			want.span = state.RetRange{Min: 1, Max: 1}
			want.ofVoid = true
		}
	case facts.ReturnStructOps:
		want.void = isVoid
		_, want.pointer = skipModifiers(hook.proto.Return).(*btf.Pointer)
		want.any = !want.pointer
	}
	return want
}

// returnsObject reports whether register n is an object of the type that the
// struct_ops member returns, which the program hands over.
func (v *verifier) returnsObject(n uint8) bool {
	ptr, ok := skipModifiers(v.hook().proto.Return).(*btf.Pointer)
	reg := v.reg(n)
	if !ok || reg.Type.Base() != regtype.PtrToBTFID || reg.RefObjID == 0 {
		return false
	}
	container, id := reg.BTFType()
	return container == state.KernelBTF && v.btfID(state.KernelBTF, skipModifiers(ptr.Target)) == id
}

// exit is what is said of a value that cannot be returned somewhere.
type exit struct {
	outside  fault.Message[fault.Returned]
	notKnown fault.Message[fault.ReturnedKind]
}

var (
	atProgramExit = exit{fault.AtProgramExit, fault.ReturnNotKnown}
	atAsyncReturn = exit{fault.AtAsyncReturn, fault.AsyncNotKnown}
)

// requireReturnRange requires register n to be a number within a range.
func (v *verifier) requireReturnRange(n uint8, wanted returnWanted, at exit) *Rejection {
	reg, want := v.reg(n), wanted.span
	if reg.Type != regtype.Scalar {
		return v.reject(einval, at.notKnown.Of(fault.ReturnedKind{Limits: limitsOf(n, want), Kind: reg.Type}))
	}
	if r := v.markPrecise(n); r != nil {
		return r
	}
	if withinRange(want, reg, wanted.narrow) {
		return nil
	}
	r := v.rejectReturnRange(at.outside, n, want)
	if wanted.ofVoid {
		return v.addLine(r, fault.VoidHookNote.Of(fault.None{}))
	}
	return r
}

// withinRange reports whether every value that r may have is wanted; narrow
// compares the lower 32 bits alone.
//
// kernel: retval_range_within
func withinRange(want state.RetRange, r *state.Reg, narrow bool) bool {
	if narrow {
		return want.Min <= r.S32Min() && r.S32Max() <= want.Max
	}
	return int64(want.Min) <= r.Smin() && r.Smax() <= int64(want.Max)
}

// rejectReturnRange refuses a value out of range and says what is known of it.
//
// kernel: verbose_invalid_scalar
func (v *verifier) rejectReturnRange(outside fault.Message[fault.Returned], n uint8, want state.RetRange) *Rejection {
	r := v.reg(n)
	return v.reject(einval, outside.Of(fault.Returned{Limits: limitsOf(n, want),
		Given: fault.Given{Min: r.Smin(), Max: r.Smax()}}))
}

// limitsOf are the limits of a returned value.
func limitsOf(n uint8, want state.RetRange) fault.Limits {
	return fault.Limits{Reg: n, Min: int64(want.Min), Max: int64(want.Max)}
}

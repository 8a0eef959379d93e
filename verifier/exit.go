// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"fmt"
	"math"
	"strings"

	"github.com/cilium/ebpf/btf"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// Rules of leaving: nothing may be held (ref.go), and R0 must be a value that
// the program type, the hook or the caller of the callback can take.

// stepExit checks leaving the active function; done tells that the path ends.
// exception tells that bpf_throw leaves all functions at once.
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
	if r := v.requireReturnValue(isa.R0, "R0"); r != nil {
		return false, r
	}
	return true, nil
}

// requireReturnValue wants register n to be in the range that the program
// type or hook allows. name is how the log calls it.
//
// kernel: check_return_code
func (v *verifier) requireReturnValue(n uint8, name string) *Rejection {
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
	args := Args{Has: HasReg, Reg: int8(n), Type: reg.Type.String()}
	if v.isPointer(n) {
		return v.reject(catalog.PointerLeak, eacces, args, "R%d leaks addr as return value", n)
	}
	if frame.InAsync {
		return v.requireReturnRange(n, returnWanted{span: frame.CallbackRange}, "At async callback return", name)
	}
	if !asProgram {
		if reg.Type != regtype.Scalar {
			return v.reject(catalog.ReturnValue, einval, args, "At subprogram exit the register R%d is not a scalar value (%s)", n, reg.Type)
		}
		return nil
	}
	if want.any {
		return nil
	}
	return v.requireReturnRange(n, want, "At program exit", name)
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
	// note is added to a refusal.
	note string
}

// wantedReturn is what the program's type or hook takes.
func (v *verifier) wantedReturn() (returnWanted, *Rejection) {
	rule := facts.ReturnsOf(v.progType(), v.prog.Attach)
	want := returnWanted{span: state.RetRange{Min: rule.Min, Max: rule.Max}}
	switch rule.Rule {
	case facts.ReturnAny:
		want.any = true
	case facts.ReturnUnsupported:
		return want, v.rejectSilently(catalog.ReturnValue, enotsupp, Args{}, "")
	case facts.ReturnLSMHook, facts.ReturnLSMCgroup, facts.ReturnStructOps:
		hook := v.hook()
		if hook.proto == nil {
			return want, v.unsupported("returns to a function that the kernel's BTF does not describe")
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
			want.note = "Note, BPF_LSM_CGROUP that attach to void LSM hooks can't modify return value!"
		}
	case facts.ReturnStructOps:
		want.void = isVoid
		_, want.pointer = skipModifiers(hook.proto.Return).(*btf.Pointer)
		want.any = !want.pointer
	}
	return want
}

// returnsObject tells that register n is an object of the type that the
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

// requireReturnRange wants register n to be a number within a range.
func (v *verifier) requireReturnRange(n uint8, wanted returnWanted, where, name string) *Rejection {
	reg, want := v.reg(n), wanted.span
	if reg.Type != regtype.Scalar {
		args := Args{Has: HasReg | HasRange, Reg: int8(n), Min: int64(want.Min), Max: int64(want.Max), Type: reg.Type.String()}
		return v.reject(catalog.ReturnValue, einval, args, "%s the register R%d is not a known value (%s)", where, n, reg.Type)
	}
	if r := v.markPrecise(n); r != nil {
		return r
	}
	if withinRange(want, reg, wanted.narrow) {
		return nil
	}
	r := v.rejectReturnRange(catalog.ReturnValue, reg, want, where, name)
	if wanted.note != "" {
		return v.addLine(r, "%s", wanted.note)
	}
	return r
}

// withinRange tells whether every value that r may have is wanted; narrow
// compares the lower 32 bits alone.
//
// kernel: retval_range_within
func withinRange(want state.RetRange, r *state.Reg, narrow bool) bool {
	if narrow {
		return want.Min <= r.S32Min && r.S32Max <= want.Max
	}
	return int64(want.Min) <= r.Smin && r.Smax <= int64(want.Max)
}

// rejectReturnRange refuses a value out of range and says what is known of it.
//
// kernel: verbose_invalid_scalar
func (v *verifier) rejectReturnRange(code catalog.Code, r *state.Reg, want state.RetRange, where, name string) *Rejection {
	var b strings.Builder
	fmt.Fprintf(&b, "%s the register %s has", where, name)
	if r.Smin > math.MinInt64 {
		fmt.Fprintf(&b, " smin=%d", r.Smin)
	}
	if r.Smax < math.MaxInt64 {
		fmt.Fprintf(&b, " smax=%d", r.Smax)
	}
	if r.Smin == math.MinInt64 && r.Smax == math.MaxInt64 {
		b.WriteString(" unknown scalar value")
	}
	fmt.Fprintf(&b, " should have been in [%d, %d]", want.Min, want.Max)
	args := Args{Has: HasReg | HasRange, Min: int64(want.Min), Max: int64(want.Max)}
	return v.reject(code, einval, args, "%s", b.String())
}

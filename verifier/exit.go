// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"fmt"
	"math"
	"strings"

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
	isSubprog := frame.Subprog != 0
	asProgram := !isSubprog || frame.InException
	rule := facts.ReturnsOf(v.progType(), v.prog.Attach)
	if asProgram && dependsOnHook(rule.Rule) {
		return v.unsupported("returns to a hook of type %s", v.progType())
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
		return v.requireReturnRange(n, frame.CallbackRange, "At async callback return", name)
	}
	if !asProgram {
		if reg.Type != regtype.Scalar {
			return v.reject(catalog.ReturnValue, einval, args, "At subprogram exit the register R%d is not a scalar value (%s)", n, reg.Type)
		}
		return nil
	}
	switch {
	case rule.Rule == facts.ReturnUnsupported:
		return v.rejectSilently(catalog.ReturnValue, enotsupp, args, "")
	case rule.Rule == facts.ReturnAny:
		return nil
	}
	return v.requireReturnRange(n, state.RetRange{Min: rule.Min, Max: rule.Max}, "At program exit", name)
}

// dependsOnHook tells a rule that asks for the prototype of the function that
// the program attaches to.
func dependsOnHook(rule facts.ReturnRule) bool {
	switch rule {
	case facts.ReturnLSMHook, facts.ReturnLSMCgroup, facts.ReturnStructOps:
		return true
	}
	return false
}

// requireReturnRange wants register n to be a number within a range.
func (v *verifier) requireReturnRange(n uint8, want state.RetRange, where, name string) *Rejection {
	reg := v.reg(n)
	if reg.Type != regtype.Scalar {
		args := Args{Has: HasReg | HasRange, Reg: int8(n), Min: int64(want.Min), Max: int64(want.Max), Type: reg.Type.String()}
		return v.reject(catalog.ReturnValue, einval, args, "%s the register R%d is not a known value (%s)", where, n, reg.Type)
	}
	if r := v.markPrecise(n); r != nil {
		return r
	}
	if !withinRange(want, reg, false) {
		return v.rejectReturnRange(catalog.ReturnValue, reg, want, where, name)
	}
	return nil
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

// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"testing"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/scalar"
)

// sumVerifier is about to add R2 to the pointer R1.
func sumVerifier(off scalar.Scalar) *verifier {
	v := newBranchVerifier(isa.Insn{Op: isa.ClassALU64 | isa.SrcX | isa.OpAdd, Dst: 1, Src: 2})
	v.reg(1).SetKnown(0)
	v.reg(1).Type = regtype.PtrToStack
	setNumber(v.reg(2), 0, 0, off)
	return v
}

// Limits that contradict themselves are forgotten where they arise. Should some
// be left, nobody ever gets here, and the sum is not a pointer.
func TestSumWithAnImpossibleNumber(t *testing.T) {
	number, all := scalar.Known(4), scalar.Unknown()
	constant, signed, unsigned := number.Limits(), all.Limits(), all.Limits()
	constant.Smax = 5
	signed.Smin, signed.Smax = 2, 1
	unsigned.Umin, unsigned.Umax = 2, 1
	for name, limits := range map[string]scalar.Limits{"constant": constant, "signed": signed, "unsigned": unsigned} {
		off := all
		if name == "constant" {
			off = number
		}
		off.SetLimits(limits)
		v := sumVerifier(off)
		if r := v.stepPointerALU(&v.insns[0], v.reg(1), v.reg(2)); r != nil || v.reg(1).Type != regtype.Scalar {
			t.Errorf("%s: %+v, R1 is %s", name, r, v.reg(1).Type)
		}
	}
}

// A pointer got its offset by sums that were asked the same.
func TestSumWithAPointerFarAway(t *testing.T) {
	v := sumVerifier(scalar.Known(^uint64(7)))
	v.reg(1).Off = maxVarOff
	r := v.stepPointerALU(&v.insns[0], v.reg(1), v.reg(2))
	if r == nil || r.report.Code != catalog.PointerOffsetUnsafe {
		t.Errorf("%+v", r)
	}
}

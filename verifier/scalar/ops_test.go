// SPDX-License-Identifier: GPL-2.0-only

package scalar

import (
	"testing"

	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
)

// TestOperationNumbers holds the numbers this package repeats against the
// instruction set.
func TestOperationNumbers(t *testing.T) {
	for _, pair := range [][2]uint8{
		{opAdd, isa.OpAdd}, {opSub, isa.OpSub}, {opMul, isa.OpMul}, {opDiv, isa.OpDiv},
		{opOr, isa.OpOr}, {opAnd, isa.OpAnd}, {opLsh, isa.OpLsh}, {opRsh, isa.OpRsh},
		{opNeg, isa.OpNeg}, {opMod, isa.OpMod}, {opXor, isa.OpXor}, {opArsh, isa.OpArsh},
		{opJeq, isa.OpJeq}, {opJgt, isa.OpJgt}, {opJge, isa.OpJge}, {opJset, isa.OpJset},
		{opJne, isa.OpJne}, {opJsgt, isa.OpJsgt}, {opJsge, isa.OpJsge}, {opJlt, isa.OpJlt},
		{opJle, isa.OpJle}, {opJslt, isa.OpJslt}, {opJsle, isa.OpJsle}, {NotJset, isa.OpJset | isa.SrcX},
	} {
		if pair[0] != pair[1] {
			t.Errorf("operation %#x is %#x in the instruction set", pair[0], pair[1])
		}
	}
}

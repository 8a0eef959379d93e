// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// ensureScalarID gives an unknown scalar an id before it is copied, so that
// what is learnt of one copy holds for the other. A constant distance to
// another scalar does not survive the copy.
//
// kernel: assign_scalar_id_before_mov
func (v *verifier) ensureScalarID(r *state.Reg) {
	if r.Type != regtype.Scalar {
		return
	}
	if r.ID&state.AddConst != 0 {
		r.ID, r.Off = 0, 0
	}
	if r.ID == 0 && !r.IsConst() {
		r.ID = v.newID()
	}
}

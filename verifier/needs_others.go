// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

func (v *verifier) requireArgOffset(r *state.Reg, n uint8, t regtype.Arg) *Rejection { return nil }
func (v *verifier) requireDynptrParam(r *state.Reg, n uint8, t regtype.Arg) *Rejection {
	return v.unsupported("passes a dynptr to a function")
}
func (v *verifier) requireBTFParam(r *state.Reg, n uint8, a *subprogArg) *Rejection {
	return v.unsupported("passes a kernel object to a function")
}

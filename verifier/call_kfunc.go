// SPDX-License-Identifier: GPL-2.0-only

package verifier

import "github.com/bpf-lsp/bpf-lsp/verifier/isa"

// stepKfuncCall checks a call of a kernel function.
//
// kernel: check_kfunc_call
func (v *verifier) stepKfuncCall(in *isa.Insn) *Rejection {
	return v.unsupported("uses a kernel function (kfunc)")
}

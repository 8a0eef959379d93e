// SPDX-License-Identifier: GPL-2.0-only

package verifier

import "github.com/bpf-lsp/bpf-lsp/verifier/state"

// requireBTFAccess checks a load or store through a pointer to a kernel
// object.
//
// kernel: check_ptr_to_btf_access
func (v *verifier) requireBTFAccess(a *access, r *state.Reg) *Rejection {
	return v.unsupported("reads kernel structures through a typed pointer")
}

// requireCtxArgument finds the argument of the kernel function that an access
// to the context reads.
//
// kernel: btf_ctx_access
func (v *verifier) requireCtxArgument(a *access) (ctxField, *Rejection) {
	return ctxField{}, v.unsupported("uses a context that is the arguments of a kernel function")
}

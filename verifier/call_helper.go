// SPDX-License-Identifier: GPL-2.0-only

package verifier

import "github.com/bpf-lsp/bpf-lsp/verifier/isa"

// callScratch is what the arguments of the call being checked told.
//
// kernel: struct bpf_call_arg_meta
type callScratch struct{}

// stepHelperCall checks a call of a kernel helper and applies its effects.
//
// kernel: check_helper_call
func (v *verifier) stepHelperCall(in *isa.Insn) *Rejection { return v.unsupported("helper") }

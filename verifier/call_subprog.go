// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// subprogFacts is what is learnt about a function of the program.
//
// kernel: struct bpf_subprog_info and bpf_func_info_aux
type subprogFacts struct {
	stackDepth      uint16
	isCallback      bool
	isAsyncCallback bool
	called          bool
	verified        bool
}

// callbackSetup prepares the frame of a callback for its simulated call.
//
// kernel: set_callee_state_fn
type callbackSetup func(v *verifier, caller, callee *state.Frame, pc int) *Rejection

// stepSubprogCall checks a call of a function of the program.
//
// kernel: check_func_call
func (v *verifier) stepSubprogCall(in *isa.Insn) *Rejection { return v.unsupported("subprog call") }

// pushCallback simulates the call of a callback by the helper or kfunc in.
//
// kernel: push_callback_call
func (v *verifier) pushCallback(in *isa.Insn, pc int, subprog int, setup callbackSetup) *Rejection {
	return v.unsupported("callback")
}

// stepReturn leaves the active function for its caller and moves pc there.
//
// kernel: prepare_func_exit
func (v *verifier) stepReturn() *Rejection { return v.unsupported("return") }

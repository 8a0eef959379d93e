// SPDX-License-Identifier: GPL-2.0-only

package verifier

import "github.com/bpf-lsp/bpf-lsp/verifier/state"

type explorer struct{}

// pushBranch queues a copy of the current state to go on at pc later.
//
// kernel: push_stack
func (v *verifier) pushBranch(pc, prevPC int, speculative bool) (*state.State, *Rejection) {
	return nil, v.unsupported("pushBranch")
}

// pushAsync queues the entry of an asynchronous callback.
//
// kernel: push_async_cb
func (v *verifier) pushAsync(pc, prevPC, subprog int, sleepable bool) (*state.State, *Rejection) {
	return nil, v.unsupported("pushAsync")
}

// pushStep appends to the path history of the current state.
//
// kernel: push_jmp_history
func (v *verifier) pushStep(flags uint32, linked uint64) *Rejection { return nil }

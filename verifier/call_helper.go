// SPDX-License-Identifier: GPL-2.0-only

package verifier

import "github.com/bpf-lsp/bpf-lsp/verifier/isa"

// callScratch is what the arguments of the call being checked told.
//
// kernel: struct bpf_call_arg_meta
type callScratch struct {
	// rawMode lets a memory argument on the stack be uninitialised: the
	// callee only writes it. The memory rules then set rawReg and rawSize, the
	// pointer and the bytes that the call overwrites.
	rawMode bool
	rawReg  uint8
	rawSize int
	// sizeMax is the greatest value of the last length argument.
	sizeMax uint64
	// packetAccess says that the callee may touch packet memory directly.
	packetAccess bool
}

// stepHelperCall checks a call of a kernel helper and applies its effects.
//
// kernel: check_helper_call
func (v *verifier) stepHelperCall(in *isa.Insn) *Rejection { return v.unsupported("helper") }

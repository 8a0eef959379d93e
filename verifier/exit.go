// SPDX-License-Identifier: GPL-2.0-only

package verifier

import "github.com/bpf-lsp/bpf-lsp/verifier/isa"

// stepLdImm checks and applies a 64-bit immediate load. pc ends on its second slot.
//
// kernel: check_ld_imm
func (v *verifier) stepLdImm(in *isa.Insn) *Rejection { return v.unsupported("ldimm") }

// stepLdAbs checks and applies a legacy packet load.
//
// kernel: check_ld_abs
func (v *verifier) stepLdAbs(in *isa.Insn) *Rejection { return v.unsupported("ldabs") }

// stepExit checks leaving the active function; done tells that the path ends.
//
// kernel: process_bpf_exit_full
func (v *verifier) stepExit() (done bool, r *Rejection) { return false, v.unsupported("exit") }

// requireReturnValue wants register n to be in the range that the program
// type or hook allows. name is how the log calls it.
//
// kernel: check_return_code
func (v *verifier) requireReturnValue(n uint8, name string) *Rejection { return nil }

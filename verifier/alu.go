// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// stepALU checks and applies arithmetic and moves.
//
// kernel: check_alu_op
func (v *verifier) stepALU(in *isa.Insn) *Rejection { return v.unsupported("alu") }

// stepBranch checks a conditional jump, queues its other side and moves pc
// where it is taken for certain. Without a jump, pc stays at the branch.
//
// kernel: check_cond_jmp_op
func (v *verifier) stepBranch(in *isa.Insn) *Rejection { return v.unsupported("branch") }

// refineNull settles every maybe-NULL copy of register n in st.
//
// kernel: mark_ptr_or_null_regs
func (v *verifier) refineNull(st *state.State, n uint8, isNull bool) {}

// SPDX-License-Identifier: GPL-2.0-only

package verifier

type stackLiveness struct{}

// markStackRead notes that the instruction at pc reads the slots in mask of
// the stack of frame depth.
//
// kernel: bpf_mark_stack_read
func (v *verifier) markStackRead(depth uint32, pc int, mask uint64) *Rejection { return nil }

// markStackWrite notes that the current instruction surely overwrites the
// slots in mask.
//
// kernel: bpf_mark_stack_write
func (v *verifier) markStackWrite(depth uint32, mask uint64) {}

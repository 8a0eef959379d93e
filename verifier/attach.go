// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
)

// requireAttach requires the program to be attachable where it says, and to
// sleep only where it may.
//
// kernel: check_attach_btf_id
func (v *verifier) requireAttach() *Rejection {
	t := v.progType()
	if t == facts.ProgSyscall && !v.extends() {
		if v.sleepable() {
			return nil
		}
		return v.reject(einval, fault.SyscallMustSleep.Of(fault.None{}))
	}
	if v.sleepable() && (v.extends() || !t.MaySleep(v.prog.Attach)) {
		return v.reject(einval, fault.TypeCannotSleep.Of(fault.None{}))
	}
	switch {
	case v.extends(), t == facts.ProgExtension:
		return v.requireReplaceable()
	case t == facts.ProgStructOps:
		return v.requireStructOps()
	case t == facts.ProgTracing, t == facts.ProgLSM:
		return v.requireTarget()
	}
	return nil
}

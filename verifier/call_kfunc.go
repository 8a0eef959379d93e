// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/cilium/ebpf/btf"

	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
)

// kfuncName is the name of the kernel function that a call names by BTF id.
//
// kernel: disasm_kfunc_name
func (v *verifier) kfuncName(in *isa.Insn) string {
	if v.prog.KernelBTF == nil || in.Off != 0 {
		return "<error>"
	}
	t, err := v.prog.KernelBTF.TypeByID(btf.TypeID(in.Imm))
	if err != nil {
		return "<error>"
	}
	return t.TypeName()
}

// stepKfuncCall checks a call of a kernel function.
//
// kernel: check_kfunc_call
func (v *verifier) stepKfuncCall(in *isa.Insn) *Rejection {
	return v.unsupported("calls the kernel function %s()", v.kfuncName(in))
}

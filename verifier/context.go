// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"strings"

	"github.com/cilium/ebpf/btf"

	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// progType is the type whose rules the program follows.
//
// kernel: resolve_prog_type
func (v *verifier) progType() facts.ProgType { return v.prog.Type }

// extends reports whether the program replaces a function of another one, whose
// type it has.
func (v *verifier) extends() bool { return v.prog.Replaces != nil }

// progInfo is what holds for all programs of the type.
func (v *verifier) progInfo() *facts.ProgInfo { return v.progType().Info() }

// sleepable reports whether the program is loaded to run where it may sleep.
func (v *verifier) sleepable() bool { return v.flags&program.FlagSleepable != 0 }

// inSleepable reports whether the current path runs where it may sleep.
//
// kernel: in_sleepable
func (v *verifier) inSleepable() bool {
	return v.cur.InSleepable
}

// hookNames are the kernel function that the program attaches to and, for a
// struct_ops program, the struct and member that it implements.
func (v *verifier) hookNames() (hook, structOps, member string) {
	if v.prog.Type == facts.ProgStructOps {
		structOps, member, _ = strings.Cut(v.prog.AttachTo, ":")
		return "", structOps, member
	}
	if v.prog.AttachBTFID == 0 || v.prog.KernelBTF == nil {
		return "", "", ""
	}
	t, err := v.prog.KernelBTF.TypeByID(btf.TypeID(v.prog.AttachBTFID))
	if err != nil {
		return "", "", ""
	}
	return t.TypeName(), "", ""
}

// kernelStructID is the BTF id of a struct of the target kernel.
func (v *verifier) kernelStructID(name string) (uint32, bool) {
	if v.prog.KernelBTF == nil {
		return 0, false
	}
	var t *btf.Struct
	if err := v.prog.KernelBTF.TypeByName(name, &t); err != nil {
		return 0, false
	}
	id, err := v.prog.KernelBTF.TypeID(t)
	return uint32(id), err == nil
}

// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// Without CAP_BPF a loader may load, where the administrator lets it load
// anything,
//
//	programs   socket filters and those of a cgroup's packets, of up to 4096 instructions
//	maps       arrays, hashes, ring buffers and the like; see MapNeedsCapability
//	types      none: the kernel takes no BTF, so functions, lines and maps have no types
//
// and the walk guards against speculation; see sanitize.go. The kernel refuses
// the rest without a word.

// asLoaded is the program as the kernel gets it from a loader with or without
// privileges.
func asLoaded(p *program.Program, o Options) *program.Program {
	if o.Unprivileged || p.BTFRefused {
		return p.WithoutBTF()
	}
	return p
}

// requirePrivileges requires the loader to be allowed to load the program at all.
//
// kernel: bpf_prog_load, map_create
func (v *verifier) requirePrivileges() *Rejection {
	if v.privileged {
		return nil
	}
	for pc := range v.insns {
		m := v.mapAt(pc)
		if m != nil && facts.MapType(m.Type).Info().Needs&facts.MapNeedsCapability != 0 {
			v.pc = pc
			return v.reject(eperm, fault.MapCapability.Of(fault.Map{Name: m.FullName}))
		}
	}
	if len(v.insns) > facts.MaxInsnsUnprivileged {
		return v.reject(e2big, fault.ProgramTooLong.Of(fault.None{}))
	}
	switch t := v.progType(); t {
	case facts.ProgSocketFilter, facts.ProgCGroupSKB:
		return nil
	default:
		return v.reject(eperm, fault.ProgramCapability.Of(fault.Named{Name: t.String()}))
	}
}

// mapAt is the map that the instruction refers to, nil if it refers to none.
func (v *verifier) mapAt(pc int) *program.Map {
	in := &v.insns[pc]
	if !in.IsLdImm64() || in.Src != isa.PseudoMapIdx && in.Src != isa.PseudoMapIdxValue || in.Imm < 0 ||
		int(in.Imm) >= len(v.prog.Maps) {
		return nil
	}
	return v.prog.Maps[in.Imm]
}

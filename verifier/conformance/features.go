// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/cilium/ebpf/btf"

	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// feature is something that a program may use, as an index of featureTable.
type feature uint8

// use is one instruction of a program, with the function that it calls.
type use struct {
	*isa.Insn
	callee string // of a helper or kfunc, "" of other instructions
}

// featureTable says by which instruction a program shows that it uses a feature.
var featureTable = [...]struct {
	name  string
	shows func(u use) bool
}{
	{"subprograms", func(u use) bool { return u.IsSubprogCall() }},
	{"callbacks", func(u use) bool { return u.IsFuncRef() }},
	{"tail calls", func(u use) bool { return u.callee == "bpf_tail_call" }},
	{"loops", func(u use) bool {
		return u.Class() == isa.ClassJMP && u.JumpOffset() < 0 && u.callee == "" && !u.IsSubprogCall()
	}},
	{"may_goto", func(u use) bool { return u.IsMayGoto() }},
	{"atomics", func(u use) bool { return u.Class() == isa.ClassSTX && u.Mode() == isa.ModeATOMIC }},
	{"map lookups", func(u use) bool { return u.callee == "bpf_map_lookup_elem" }},
	{"ring buffers", func(u use) bool { return strings.HasPrefix(u.callee, "bpf_ringbuf_") }},
	{"sockets", func(u use) bool { return strings.HasPrefix(u.callee, "bpf_sk") }},
	{"timers", func(u use) bool { return strings.HasPrefix(u.callee, "bpf_timer_") }},
	{"dynptrs", func(u use) bool { return strings.Contains(u.callee, "dynptr") }},
	{"kfuncs", func(u use) bool { return u.IsKfuncCall() }},
	{"iterators", func(u use) bool { return strings.HasPrefix(u.callee, "bpf_iter_") }},
	{"locks", func(u use) bool { return strings.Contains(u.callee, "spin_lock") }},
	{"RCU sections", func(u use) bool { return strings.HasPrefix(u.callee, "bpf_rcu_read_") }},
	{"lists and trees", func(u use) bool {
		return strings.HasPrefix(u.callee, "bpf_list_") || strings.HasPrefix(u.callee, "bpf_rbtree_")
	}},
	{"owned objects", func(u use) bool { return strings.HasPrefix(u.callee, "bpf_obj_") }},
	{"kernel pointers in maps", func(u use) bool { return u.callee == "bpf_kptr_xchg" }},
	{"exceptions", func(u use) bool { return u.callee == "bpf_throw" }},
	{"arenas", func(u use) bool { return u.IsAddrSpaceCast() }},
}

// featureSet is a set of features.
type featureSet uint32

func (s featureSet) has(f feature) bool { return s>>f&1 != 0 }

// featuresOf are those that a program uses.
func featuresOf(p *program.Program) (s featureSet) {
	for i := range p.Insns {
		u := use{Insn: &p.Insns[i], callee: calleeOf(p, &p.Insns[i])}
		for f := range featureTable {
			if featureTable[f].shows(u) {
				s |= 1 << f
			}
		}
	}
	return s
}

func calleeOf(p *program.Program, in *isa.Insn) string {
	switch {
	case in.IsHelperCall():
		return facts.HelperLogName(in.Imm)
	case in.IsKfuncCall() && in.Off == 0 && p.KernelBTF != nil:
		if t, err := p.KernelBTF.TypeByID(btf.TypeID(in.Imm)); err == nil {
			return t.TypeName()
		}
	}
	return ""
}

// readFeatures loads the objects of the programs, of each once.
func readFeatures(folder string, programs []compared) (map[key]featureSet, error) {
	sets := make(map[key]featureSet, len(programs))
	read := make(map[string]bool)
	for i := range programs {
		name := programs[i].object
		if read[name] {
			continue
		}
		read[name] = true
		elf, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			return nil, err
		}
		obj, err := program.Load(elf, program.Options{Name: name})
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		for _, p := range obj.Programs {
			sets[key{name, p.Name}] = featuresOf(p)
		}
	}
	return sets, nil
}

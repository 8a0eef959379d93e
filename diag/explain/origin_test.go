// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"testing"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/loadfault"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
)

// mov and the functions below are short forms of instructions, named as the kernel's log prints them.
func mov(dst, src uint8) isa.Insn {
	return isa.Insn{Op: isa.ClassALU64 | isa.OpMov | isa.SrcX, Dst: dst, Src: src}
}

func set(dst uint8) isa.Insn {
	return isa.Insn{Op: isa.ClassALU64 | isa.OpMov | isa.SrcK, Dst: dst, Imm: 7}
}

func add(dst, src uint8) isa.Insn {
	return isa.Insn{Op: isa.ClassALU64 | isa.OpAdd | isa.SrcX, Dst: dst, Src: src}
}

func load(dst, base uint8, off int16) isa.Insn {
	return isa.Insn{Op: isa.ClassLDX | isa.ModeMEM | isa.SizeDW, Dst: dst, Src: base, Off: off}
}

func store(base uint8, off int16, src uint8) isa.Insn {
	return isa.Insn{Op: isa.ClassSTX | isa.ModeMEM | isa.SizeDW, Dst: base, Off: off, Src: src}
}

func helper(id int32) isa.Insn { return isa.Insn{Op: isa.ClassJMP | isa.OpCall, Imm: id} }

func subprog(rel int32) isa.Insn {
	return isa.Insn{Op: isa.ClassJMP | isa.OpCall, Src: isa.PseudoCall, Imm: rel}
}

func exit() isa.Insn { return isa.Insn{Op: isa.ClassJMP | isa.OpExit} }

func TestLineage(t *testing.T) {
	for _, test := range []struct {
		name  string
		insns []isa.Insn
		path  []int32 // nil: straight through
		reg   uint8
		kind  originKind
		pc    int
	}{
		{"result of a call", []isa.Insn{helper(1), mov(6, 0), exit()}, nil, 6, originCall, 0},
		{"through the stack", []isa.Insn{helper(1), store(10, -8, 0), helper(2), load(3, 10, -8), exit()}, nil, 3, originCall, 0},
		{"another slot", []isa.Insn{helper(1), store(10, -16, 0), load(3, 10, -8), exit()}, nil, 3, originUnknown, -1},
		{"arithmetic keeps the origin", []isa.Insn{load(2, 1, 0), add(2, 3), exit()}, nil, 2, originLoad, 0},
		{"argument of the program", []isa.Insn{mov(6, 1), exit()}, nil, 6, originArgument, -1},
		{"lost in a call", []isa.Insn{set(2), helper(1), exit()}, nil, 2, originLost, 1},
		{"address of a local", []isa.Insn{mov(2, 10), exit()}, nil, 2, originFrame, 0},
		// 0: r1 = 7; 1: call 4; 2: r6 = r0; 3: exit; 4: r0 = r1; 5: exit
		{"through a function", []isa.Insn{set(1), subprog(2), mov(6, 0), exit(), mov(0, 1), exit()}, []int32{0, 1, 4, 5, 2, 3}, 6, originConst, 0},
		{"argument in a function", []isa.Insn{helper(1), mov(1, 0), subprog(1), exit(), exit()}, []int32{0, 1, 2, 4}, 1, originCall, 0},
		// The callee's R6 is another one.
		{"saved over a call", []isa.Insn{set(6), subprog(2), mov(3, 6), exit(), helper(5), mov(6, 0), exit()}, []int32{0, 1, 4, 5, 6, 2, 3}, 3, originConst, 0},
		{"a function verified apart", []isa.Insn{subprog(1), exit(), exit()}, []int32{0, 1}, 0, originCall, 0},
		{"callback", []isa.Insn{helper(181), exit(), mov(6, 2), exit()}, []int32{0, 2, 3}, 6, originCall, 0},
	} {
		path := test.path
		for pc := range test.insns {
			if test.path == nil {
				path = append(path, int32(pc))
			}
		}
		if o := lineage(test.insns, path, test.reg); o.kind != test.kind || o.pc != test.pc {
			t.Errorf("%s: kind %d at %d, want %d at %d", test.name, o.kind, o.pc, test.kind, test.pc)
		}
	}
}

func TestOffsetLineage(t *testing.T) {
	for name, insns := range map[string][]isa.Insn{
		"pointer += number": {helper(1), mov(6, 0), load(2, 1, 8), add(6, 2), mov(3, 6), exit()},
		"number += pointer": {helper(1), mov(6, 0), load(3, 1, 8), add(3, 6), exit()},
	} {
		var path []int32
		for pc := range insns {
			path = append(path, int32(pc))
		}
		pointer, offset, known := offsetLineage(insns, path, 3)
		if !known || pointer.pc != 0 || offset.pc != 2 {
			t.Errorf("%s: pointer from %d, offset from %d", name, pointer.pc, offset.pc)
		}
	}
}

func TestKinds(t *testing.T) {
	for spelling, want := range map[string]string{
		"scalar":                   "a number",
		"map_value_or_null":        "a map value that may be NULL",
		"ptr_or_null_":             "a pointer to a kernel object that may be NULL",
		"trusted_ptr_or_null_":     "a trusted pointer to a kernel object that may be NULL",
		"untrusted_ptr_":           "an untrusted pointer to a kernel object",
		"rdonly_mem":               "a read-only piece of memory",
		"ptr_task_struct":          "a pointer to `struct task_struct`",
		"something of newer trees": "",
	} {
		if got := catalog.Kind(spelling); got != want {
			t.Errorf("%s is %q, want %q", spelling, got, want)
		}
	}
	if got, want := catalog.Kinds("fp, dynptr_ptr"), "an address of local memory or a dynptr"; got != want {
		t.Errorf("list is %q, want %q", got, want)
	}
}

func TestRelocated(t *testing.T) {
	for symbol, want := range map[string]string{
		"<byte_off> [5] struct s___old.m.n (0:1 @ offset 4)": "struct s.m.n",
		"<type_id> [7] struct gone":                          "struct gone",
		"bpf_missing":                                        "bpf_missing",
	} {
		if got := loadfault.Relocated(symbol); got != want {
			t.Errorf("%s is %q, want %q", symbol, got, want)
		}
	}
}

// SPDX-License-Identifier: GPL-2.0-only

package dwarfmap

import (
	"bytes"
	"os"
	"slices"
	"testing"

	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

const testObject = "../testdata/loader/linking.o"

func load(t *testing.T, spoil func([]byte) []byte) *Index {
	t.Helper()
	data, err := os.ReadFile(testObject)
	if err != nil {
		t.Fatal(err)
	}
	if spoil != nil {
		data = spoil(data)
	}
	obj, err := program.Load(data, program.Options{})
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(obj.Programs, func(p *program.Program) bool { return p.Name == "main_b" })
	return New(obj.Programs[i])
}

// main_b is laid out as main_b, sub_c, sub_b, leaf, sub_a.
func TestAt(t *testing.T) {
	ix := load(t, nil)
	tests := []struct {
		pc        int
		function  string
		line, col int
		text      string
	}{
		{0, "main_b", 40, 9, "\treturn sub_c(2) + sub_a(3);"},
		{6, "main_b", 40, 2, "\treturn sub_c(2) + sub_a(3);"},
		{7, "sub_c", 24, 17, "\treturn sub_b(x + 3);"},
		{16, "leaf", 9, 11, "\treturn x * (int)bpf_ktime_get_ns();"},
		{25, "sub_a", 14, 2, "\treturn sub_b(x) + leaf(x + 1);"},
	}
	for _, tt := range tests {
		fn, ok := ix.Function(tt.pc)
		if !ok || fn.Name != tt.function {
			t.Errorf("%d: got function %q, want %q", tt.pc, fn.Name, tt.function)
		}
		pos, ok := ix.At(tt.pc)
		if !ok || pos.Line != tt.line || pos.Col != tt.col || pos.Text != tt.text || pos.File != "/src/linking.c" {
			t.Errorf("%d: got %+v, want %d:%d %q", tt.pc, pos, tt.line, tt.col, tt.text)
		}
	}
	for _, pc := range []int{-1, 26} {
		if fn, ok := ix.Function(pc); ok {
			t.Errorf("%d: got function %q, want none", pc, fn.Name)
		}
	}
}

func TestCallers(t *testing.T) {
	ix := load(t, nil)
	leaf, _ := ix.Function(14)
	if got := ix.Callers(leaf); !slices.Equal(got, []int{11, 23}) {
		t.Errorf("leaf is called at %v", got)
	}
	main, _ := ix.Function(0)
	if got := ix.Callers(main); len(got) != 0 {
		t.Errorf("main_b is called at %v", got)
	}
}

func TestWithoutBTF(t *testing.T) {
	ix := load(t, func(b []byte) []byte { return bytes.Replace(b, []byte(".BTF\x00"), []byte(".BTX\x00"), 1) })
	if ix.HasLines() {
		t.Error("line information without BTF")
	}
	if _, ok := ix.At(0); ok {
		t.Error("a source line without BTF")
	}
	if fn, ok := ix.Function(16); !ok || fn.Name != "leaf" || fn.Start != 14 || fn.End != 18 {
		t.Errorf("got %+v", fn)
	}
}

func TestIsConditional(t *testing.T) {
	for _, tt := range []struct {
		op   uint8
		want bool
	}{
		{isa.ClassJMP | isa.OpJeq, true}, {isa.ClassJMP32 | isa.OpJslt | isa.SrcX, true}, {isa.ClassJMP | isa.OpJa, false},
		{isa.ClassJMP | isa.OpCall, false}, {isa.ClassJMP | isa.OpExit, false}, {isa.ClassALU64 | isa.OpAdd, false},
	} {
		if got := IsConditional(&isa.Insn{Op: tt.op}); got != tt.want {
			t.Errorf("%#x: got %v", tt.op, got)
		}
	}
}

// SPDX-License-Identifier: GPL-2.0-only

package program

import (
	"testing"

	"github.com/cilium/ebpf/btf"
)

func TestUnnamedParameter(t *testing.T) {
	number := &btf.Int{Name: "int", Size: 4}
	fn := func(linkage btf.FuncLinkage, params ...btf.FuncParam) *btf.Func {
		return &btf.Func{Name: "f", Linkage: linkage, Type: &btf.FuncProto{Return: number, Params: params}}
	}
	for _, c := range []struct {
		name string
		fn   *btf.Func
		want bool
	}{
		{"no parameter", fn(btf.GlobalFunc), false},
		{"named", fn(btf.GlobalFunc, btf.FuncParam{Name: "n", Type: number}), false},
		{"unnamed", fn(btf.GlobalFunc, btf.FuncParam{Type: number}), true},
		{"unnamed of a static function", fn(btf.StaticFunc, btf.FuncParam{Type: number}), true},
		{"unnamed of an external function", fn(btf.ExternFunc, btf.FuncParam{Type: number}), false},
		{"more arguments", fn(btf.GlobalFunc, btf.FuncParam{Name: "n", Type: number}, btf.FuncParam{Type: &btf.Void{}}),
			false},
	} {
		b, err := btf.NewBuilder([]btf.Type{c.fn}, nil)
		if err != nil {
			t.Fatal(err)
		}
		spec, err := b.Spec()
		if err != nil {
			t.Fatal(err)
		}
		if _, got := unnamedParameter(spec); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func TestWithoutBTF(t *testing.T) {
	p := &Program{
		Funcs: []Func{{Name: "f"}}, Lines: []Line{{Line: 1}},
		Maps: []*Map{{Name: "m", KeyTypeID: 1, ValueTypeID: 2, Inner: &Map{ValueTypeID: 3}}},
	}
	bare := p.WithoutBTF()
	m := bare.Maps[0]
	if len(bare.Funcs) != 0 || len(bare.Lines) != 0 || m.Name != "m" || m.KeyTypeID != 0 || m.ValueTypeID != 0 ||
		m.Inner.ValueTypeID != 0 {
		t.Errorf("%+v with map %+v", bare, m)
	}
	if len(p.Lines) != 1 || p.Maps[0].KeyTypeID != 1 {
		t.Error("the program itself was changed")
	}
}

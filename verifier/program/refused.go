// SPDX-License-Identifier: GPL-2.0-only

package program

import "github.com/cilium/ebpf/btf"

// unnamedParameter finds a function for which the kernel takes none of the
// object's types: one that is defined in it and has a parameter without a name.
// The loader names those of external functions itself.
//
// kernel: btf_func_check
func unnamedParameter(spec *btf.Spec) (function string, found bool) {
	for t, err := range spec.All() {
		if err != nil {
			return "", false
		}
		fn, ok := t.(*btf.Func)
		if !ok || fn.Linkage == btf.ExternFunc {
			continue
		}
		proto, ok := fn.Type.(*btf.FuncProto)
		if !ok {
			continue
		}
		for i := range proto.Params {
			p := &proto.Params[i]
			if _, isVoid := p.Type.(*btf.Void); p.Name == "" && !isVoid {
				return fn.Name, true
			}
		}
	}
	return "", false
}

// WithoutBTF is the program as the kernel gets it after it refused the object's
// BTF: libbpf then goes on without, and functions, lines and maps have no types.
func (p *Program) WithoutBTF() *Program {
	bare := *p
	bare.BTF, bare.Funcs, bare.Lines = nil, nil, nil
	bare.Maps = make([]*Map, len(p.Maps))
	for i, m := range p.Maps {
		bare.Maps[i] = m.withoutTypes()
	}
	return &bare
}

func (m *Map) withoutTypes() *Map {
	bare := *m
	bare.KeyTypeID, bare.ValueTypeID = 0, 0
	if m.Inner != nil {
		bare.Inner = m.Inner.withoutTypes()
	}
	return &bare
}

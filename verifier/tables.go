// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// loadTables fills the tables of maps and BTF that registers refer to: the
// program's maps in the order of the object, then the templates of inner
// maps.
func (v *verifier) loadTables() {
	v.maps = append(v.maps[:0], nil)
	for _, m := range v.prog.Maps {
		v.maps = append(v.maps, asCreated(m))
	}
	v.innerMaps = make([]state.MapRef, len(v.maps))
	for i := 1; i < len(v.maps); i++ {
		if inner := v.maps[i].Inner; inner != nil {
			v.innerMaps[i] = state.MapRef(len(v.maps))
			v.maps = append(v.maps, innerTemplate(inner))
			v.innerMaps = append(v.innerMaps, 0)
		}
	}
	v.btfs = []btfTable{{}, {spec: v.prog.KernelBTF, kernel: true}, {spec: v.prog.BTF}}
}

// asCreated is a map with the flags that the kernel adds: what a lookup in a
// device map gives is the kernel's own, and never for programs to write.
//
// kernel: dev_map_alloc_check
func asCreated(m *program.Map) *program.Map {
	if !m.Type.Has(facts.MapKernelValues) {
		return m
	}
	created := *m
	created.Flags |= program.MapFlagRdOnlyProg
	return &created
}

// innerTemplate is what the kernel keeps of the template of an inner map: its
// shape, but neither its name nor that it is frozen, since any map of that
// shape can take its place.
//
// kernel: bpf_map_meta_alloc
func innerTemplate(m *program.Map) *program.Map {
	shape := *m
	shape.Name, shape.Frozen = "", false
	return &shape
}

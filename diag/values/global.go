// SPDX-License-Identifier: GPL-2.0-only

package values

import (
	"encoding/binary"
	"strconv"

	"github.com/cilium/ebpf/btf"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/csource"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
)

// Variables outside of functions are parts of the value of a map, which is known only
// where programs cannot change it. What a line reads is known as any load is.

// global is a variable of a data section.
type global struct {
	in         *program.Map
	at, size   int64
	typ        btf.Type
	numberType numberType
}

// globalNamed finds a variable of a data section of the object.
func (w *walked) globalNamed(name string) (g global, ok bool) {
	if w.Prog.BTF == nil {
		return g, false
	}
	for _, m := range w.Prog.Maps {
		if !m.Data || m.ValueTypeID == 0 {
			continue
		}
		t, err := w.Prog.BTF.TypeByID(btf.TypeID(m.ValueTypeID))
		section, isSection := t.(*btf.Datasec)
		if err != nil || !isSection {
			continue
		}
		for _, v := range section.Vars {
			if variable, isVar := v.Type.(*btf.Var); isVar && variable.Name == name {
				g = global{in: m, at: int64(v.Offset), size: int64(v.Size), typ: variable.Type}
				g.numberType = numberType{size: g.size}
				if n, isInt := btf.UnderlyingType(variable.Type).(*btf.Int); isInt {
					g.numberType.signed = n.Encoding == btf.Signed
				}
				return g, true
			}
		}
	}
	return g, false
}

// global is the value of a variable of a data section that a line mentions, or that it
// declares.
func (w *walked) global(at diag.Line, m *csource.Mention, declares bool) (v diag.Value, ok bool) {
	g, ok := w.globalNamed(m.Root)
	if !ok || m.Path != "" && m.Name != m.Root && !declares || len(w.byLine[at]) == 0 && !declares && !w.dead[at] {
		return v, false
	}
	v = diag.Value{Text: m.Root, Type: typeName(g.typ, 0)}
	if v.Type == "void" {
		v.Type = ""
	}
	section := catalog.Quote(w.mapName(g.in.Name))
	_, isInt := btf.UnderlyingType(g.typ).(*btf.Int)
	_, isEnum := btf.UnderlyingType(g.typ).(*btf.Enum)
	isNumber := (isInt || isEnum) && g.size <= 8
	if isNumber && g.in.Frozen && g.in.ReadOnlyProg && g.at+g.size <= int64(len(g.in.Contents)) {
		var bytes [8]byte
		copy(bytes[:], g.in.Contents[g.at:g.at+g.size])
		k := number(int64(binary.LittleEndian.Uint64(bytes[:])))
		v.Known = catalog.KnownFrozen.With(catalog.Facts{"value": w.kindWords(&k, &g.numberType), "map": section})
		return v, true
	}
	var a answer
	for _, pc := range w.byLine[at] {
		if isNumber {
			a.add(w.loadedFrom(&g, pc, m.Assigned))
		}
	}
	if !a.nothing() {
		v.Known = w.kindsWords(&a, &g.numberType, nil)
		return v, true
	}
	v.Known = catalog.KnownGlobal.With(catalog.Facts{"size": bytesOf(g.size), "map": section, "off": strconv.FormatInt(g.at, 10)})
	return v, true
}

// loadedFrom is what an instruction loads from a variable of a data section, or stores
// to it.
func (w *walked) loadedFrom(g *global, pc int, stores bool) (a answer) {
	in := &w.Prog.Insns[pc]
	base, ok := in.Base()
	if !ok || in.Mode() != isa.ModeMEM || int64(in.Bytes()) != g.size || (in.Class() == isa.ClassLDX) == stores {
		return a
	}
	known := w.walk.Register(pc, base)
	k, ok := known.Only()
	if !ok || k.Type != regtype.PtrToMapValue || k.Map != g.in.Name || k.Low != k.High || k.Low+int64(in.Off) != g.at {
		return a
	}
	return w.moved(pc)
}

// SPDX-License-Identifier: GPL-2.0-only

package values

import (
	"slices"
	"strconv"
	"strings"

	"github.com/cilium/ebpf/btf"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/csource"
	"github.com/bpf-lsp/bpf-lsp/diag/internal/source"
	"github.com/bpf-lsp/bpf-lsp/dwarfmap"
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
)

// What a declaration outside of functions declares: a map, a structure and its members, a
// program, a function that programs call.

// declared is about the declaration, or the head of a function, that a position is in.
func (w *walked) declared(f *csource.File, file string, line, col int) (c diag.Contract, ok bool) {
	d, ok := f.DeclarationAt(line, col)
	switch {
	case !ok:
		return c, false
	case d.Function != "":
		if !d.Head.Contains(line, col) || d.Parameters.Contains(line, col) {
			return c, false
		}
		if d.Function == w.Prog.Name {
			return w.programContract(), true
		}
		return w.functionContract(file, d.Function)
	}
	for _, name := range d.Names {
		for _, m := range w.Prog.Maps {
			if m.FullName == name && !m.Data {
				return w.mapContract(m), true
			}
		}
	}
	if strings.Contains(f.Text(d.Range), `SEC("license")`) && w.Prog.License != "" {
		note := catalog.LicenseOther
		if w.Prog.GPL {
			note = catalog.LicenseGPL
		}
		return diag.Contract{Name: w.Prog.License, Notes: []string{note.With(nil)}}, true
	}
	return w.structContract(f, &d, line, col)
}

// structContract is about a structure where it is declared, or a member of it.
func (w *walked) structContract(f *csource.File, d *csource.Declaration, line, col int) (c diag.Contract, ok bool) {
	members, size, ok := w.structNamed(d.Struct)
	if !ok {
		return c, false
	}
	of := catalog.Quote("struct " + d.Struct)
	name, isMember := f.MemberAt(d, line, col)
	if !isMember {
		if line > d.Range.Line {
			return c, false
		}
		c = diag.Contract{Name: "struct " + d.Struct}
		c.Notes = append(c.Notes, catalog.StructSize.With(catalog.Facts{"size": bytesOf(size)}))
		if gap := unused(members, size); gap > 0 {
			c.Notes = append(c.Notes, catalog.StructPadding.With(catalog.Facts{"size": bytesOf(gap)}))
		}
		return c, true
	}
	at, member, gap, ok := memberNamed(members, name, size)
	if !ok {
		return c, false
	}
	c = diag.Contract{Name: name, Definition: declaration(member.Type, name)}
	facts := catalog.Facts{"off": strconv.FormatInt(at, 10), "of": of}
	if n, err := btf.Sizeof(member.Type); err == nil && member.BitfieldSize == 0 {
		facts["size"] = bytesOf(int64(n))
	} else {
		facts["size"] = catalog.Bits(int64(member.BitfieldSize))
	}
	c.Notes = append(c.Notes, catalog.StructMember.With(facts))
	if gap > 0 {
		c.Notes = append(c.Notes, catalog.MemberPadding.With(catalog.Facts{"size": bytesOf(gap)}))
	}
	return c, true
}

// structNamed is a structure of the object's own types.
func (w *walked) structNamed(name string) (members []btf.Member, size int64, ok bool) {
	if name == "" || w.Prog.BTF == nil {
		return nil, 0, false
	}
	types, err := w.Prog.BTF.AnyTypesByName(name)
	if err != nil {
		return nil, 0, false
	}
	for _, t := range types {
		if s, isStruct := t.(*btf.Struct); isStruct {
			return s.Members, int64(s.Size), true
		}
	}
	return nil, 0, false
}

// unused is how many of the bytes of a structure no member takes, 0 if bit fields are among them.
func unused(members []btf.Member, size int64) int64 {
	for _, m := range members {
		n, err := btf.Sizeof(m.Type)
		if err != nil || m.BitfieldSize > 0 {
			return 0
		}
		size -= int64(n)
	}
	return size
}

// memberNamed finds a member, with what is unused behind it; false if there are several
// of the name.
func memberNamed(members []btf.Member, name string, size int64) (at int64, m btf.Member, gap int64, ok bool) {
	for i := range members {
		if members[i].Name != name {
			continue
		}
		if ok {
			return 0, m, 0, false
		}
		m, ok = members[i], true
		at = int64(m.Offset.Bytes())
		end := size
		if i+1 < len(members) {
			end = int64(members[i+1].Offset.Bytes())
		}
		if n, err := btf.Sizeof(m.Type); err == nil && m.BitfieldSize == 0 {
			gap = end - at - int64(n)
		}
	}
	return at, m, gap, ok
}

// functionContract is about a function of the source that the program calls: whether the
// compiler inlined it, and where it is called.
func (w *walked) functionContract(file, name string) (c diag.Contract, ok bool) {
	var inlined, called []int
	add := func(to *[]int, pos dwarfmap.Pos) {
		if w.Absolute(pos.File) == file && pos.Line > 0 && !slices.Contains(*to, pos.Line) {
			*to = append(*to, pos.Line)
		}
	}
	for pc := range w.Prog.Insns {
		if pc > 0 && w.Prog.Insns[pc-1].IsLdImm64() {
			continue
		}
		for _, call := range w.Index.Inlined(pc) {
			if call.Function == name {
				add(&inlined, call.Site)
			}
		}
		if in := &w.Prog.Insns[pc]; in.IsSubprogCall() {
			if fn, known := w.Index.Function(pc + 1 + int(in.Imm)); known && fn.Name == name {
				if pos, _, found := w.At(pc); found {
					add(&called, pos)
				}
			}
		}
	}
	c = diag.Contract{Name: name}
	prog := catalog.Quote(w.Prog.Name)
	for _, way := range []struct {
		lines []int
		text  catalog.Wording
	}{{inlined, catalog.FunctionInlined}, {called, catalog.FunctionCalled}} {
		if slices.Sort(way.lines); len(way.lines) > 0 {
			c.Notes = append(c.Notes, way.text.With(catalog.Facts{"program": prog, "lines": catalog.InLines(way.lines)}))
		}
	}
	return c, len(c.Notes) > 0
}

// returned is what the program returns on all paths, "" if that is not known.
func (w *walked) returned() string {
	fn, ok := w.Index.Function(0)
	if !ok {
		return ""
	}
	var a answer
	for pc := fn.Start; pc < fn.End; pc++ {
		if w.Prog.Insns[pc].Op != isa.ClassJMP|isa.OpExit || w.walk.Walked[pc] == 0 {
			continue
		}
		here := fromRegister(w.walk.Register(pc, isa.R0), &dwarfmap.Place{})
		if here.nothing() || here.others || here.unset ||
			slices.ContainsFunc(here.kinds, func(k record.Kind) bool { return k.Type != regtype.Scalar }) {
			return ""
		}
		a.add(here)
	}
	return w.kindsWords(&a, &numberType{size: 4, signed: true}, &dwarfmap.Field{})
}

// resultOn is what the calls of a function in a line return, merged over the paths through
// them; "" if that is not known, as of a function that the compiler inlined.
func (w *walked) resultOn(at diag.Line, name string) string {
	t, ok := w.resultType(name)
	if !ok || !w.complete {
		return ""
	}
	var a answer
	for _, pc := range w.byLine[at] {
		in := &w.Prog.Insns[pc]
		if !in.IsSubprogCall() {
			continue
		}
		fn, known := w.Index.Function(pc + 1 + int(in.Imm))
		if !known || fn.Name != name || w.walk.Walked[pc+1] == 0 {
			continue
		}
		if before := w.predecessors()[pc+1]; len(before) != 1 {
			return "" // other paths, with other results, come there as well
		}
		here := fromRegister(w.walk.Register(pc+1, isa.R0), &dwarfmap.Place{})
		if here.nothing() || here.others || here.unset {
			return ""
		}
		a.add(here)
	}
	if a.nothing() {
		return ""
	}
	return w.kindsWords(&a, t, &dwarfmap.Field{})
}

// resultType is the type of what a function of the object returns; false if it returns
// nothing, or that is not known.
func (w *walked) resultType(name string) (*numberType, bool) {
	proto := source.Proto(w.Prog.BTF, name)
	if proto == nil {
		return nil, false
	}
	switch t := btf.UnderlyingType(proto.Return).(type) {
	case *btf.Int:
		return &numberType{size: int64(t.Size), signed: t.Encoding == btf.Signed}, true
	case *btf.Enum:
		return &numberType{size: int64(t.Size), signed: t.Signed}, true
	case *btf.Pointer:
		return &numberType{size: 8, pointer: true}, true
	}
	return nil, false
}

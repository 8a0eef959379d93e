// SPDX-License-Identifier: GPL-2.0-only

package program

import (
	"encoding/binary"
	"slices"
)

// secExtern is the section that BTF lists variables in which another object
// defines.
const secExtern = ".extern"

// readTypes reads the types of a part.
func (p *joinPart) readTypes() error {
	data := p.find(secBTF)
	if data == 0 {
		return nil
	}
	l := loader{elf: p.elfFile}
	var ext []byte
	if i := p.find(secBTFExt); i != 0 {
		ext = p.elfFile.sections[i].data
	}
	if err := l.readBTF(p.elfFile.sections[data].data, ext); err != nil {
		return err
	}
	p.btf, p.ext = l.btf, l.ext
	return nil
}

// typeTable is the types of all parts, one after the other, and what becomes of them.
type typeTable struct {
	parts []*joinPart // of each type
	local []uint32    // number of the type in its part
	same  []uint32    // the first type that is the same
	final []uint32    // number in the result
}

// joinTypes makes the types of the result of those of all parts.
//
// kernel: linker_append_btf, finalize_btf
func (j *joiner) joinTypes() {
	t := &typeTable{parts: make([]*joinPart, 1), local: make([]uint32, 1)}
	strs := uint32(1)
	for _, p := range j.parts {
		if p.btf == nil {
			continue
		}
		p.first, p.strings = uint32(len(t.local)-1), strs
		strs += uint32(len(p.btf.strs))
		for id := uint32(1); id < p.btf.count(); id++ {
			t.parts, t.local = append(t.parts, p), append(t.local, id)
		}
	}
	if len(t.local) == 1 {
		return
	}
	t.findSame(j.sharedTypes(t))
	out := &typeWriter{typeTable: t, strs: make([]byte, 1, strs)}
	for _, p := range j.parts {
		if p.btf != nil {
			out.strs = append(out.strs, p.btf.strs...)
		}
	}
	out.types()
	out.datasecs(j)
	ext := out.records(j)
	j.section(section{name: secBTF, typ: progbits, data: out.section()})
	j.section(section{name: secBTFExt, typ: progbits, data: ext})
}

// sharedTypes says which functions and variables are another part's: the type that
// stands for each.
func (j *joiner) sharedTypes(t *typeTable) map[uint32]uint32 {
	alias := make(map[uint32]uint32)
	for n := range t.local {
		p, id := t.parts[n], t.local[n]
		if n == 0 || !p.btf.isShared(id) {
			continue
		}
		if g := j.globals[p.btf.name(id)]; g != nil && g.btfID != 0 {
			alias[uint32(n)] = g.part.first + g.btfID
		}
	}
	return alias
}

// refs are the words of a type that are numbers of other types, names those that
// are offsets of strings.
func (v *btfView) refs(id uint32) (refs, names []int) {
	names = []int{0}
	n := v.vlen(id)
	switch v.kind(id) {
	case kindPtr, kindTypedef, kindVolatile, kindConst, kindRestrict, kindFunc, kindVar, kindDeclTag, kindTypeTag:
		refs = []int{2}
	case kindArray:
		refs = []int{3, 4}
	case kindStruct, kindUnion:
		for i := range n {
			names, refs = append(names, 3+3*i), append(refs, 4+3*i)
		}
	case kindEnum:
		for i := range n {
			names = append(names, 3+2*i)
		}
	case kindEnum64:
		for i := range n {
			names = append(names, 3+3*i)
		}
	case kindFuncProto:
		refs = []int{2}
		for i := range n {
			names, refs = append(names, 3+2*i), append(refs, 4+2*i)
		}
	}
	return refs, names
}

// words is how many words of 32 bits a type has.
func (v *btfView) words(id uint32) int {
	n, _ := typeSize(v.word(id, 1))
	return int(n / 4)
}

// typeWriter writes the types of the result.
type typeWriter struct {
	*typeTable
	body []uint32
	n    uint32 // types written
	strs []byte
}

// str adds a string.
func (w *typeWriter) str(s string) uint32 {
	at := uint32(len(w.strs))
	w.strs = append(append(w.strs, s...), 0)
	return at
}

// numberOf is the number in the result of a part's type.
func (w *typeWriter) numberOf(p *joinPart, id uint32) uint32 {
	if id == 0 || id >= p.btf.count() {
		return 0
	}
	return w.final[w.same[p.first+id]]
}

// types writes each type once, except for sections.
func (w *typeWriter) types() {
	w.final = make([]uint32, len(w.local))
	for n := range w.local {
		if n > 0 && w.same[n] == uint32(n) && w.parts[n].btf.kind(w.local[n]) != kindDatasec {
			w.n++
			w.final[n] = w.n
		}
	}
	for n := range w.local {
		if w.final[n] == 0 {
			continue
		}
		p, id := w.parts[n], w.local[n]
		start := len(w.body)
		for i := range p.btf.words(id) {
			w.body = append(w.body, p.btf.word(id, i))
		}
		refs, names := p.btf.refs(id)
		for _, i := range refs {
			w.body[start+i] = w.numberOf(p, w.body[start+i])
		}
		for _, i := range names {
			if w.body[start+i] != 0 {
				w.body[start+i] += p.strings
			}
		}
	}
}

// datasecs writes what is in which section. Externs that are not resolved are in
// sections that only BTF has.
func (w *typeWriter) datasecs(j *joiner) {
	var names []string
	entries := make(map[string][]btfEntry)
	for _, p := range j.parts {
		for id := uint32(1); p.btf != nil && id < p.btf.count(); id++ {
			name := p.btf.name(id)
			at := p.find(name)
			if p.btf.kind(id) != kindDatasec || name == secExtern || at != 0 && p.sections[at].to == 0 ||
				p.sections[at].skipped {
				continue
			}
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
			for i := range p.btf.vlen(id) {
				if e, ok := w.datasecEntry(j, p, p.btf.entry(id, i), at); ok {
					entries[name] = append(entries[name], e)
				}
			}
		}
	}
	for _, name := range names {
		w.n++
		size := uint32(0)
		if at := j.at[name]; at != 0 {
			size = uint32(j.file.sections[at].size)
		}
		vars := entries[name]
		w.body = append(w.body, w.str(name), uint32(kindDatasec)<<24|uint32(len(vars)), size)
		for _, e := range vars {
			w.body = append(w.body, e.first, e.a, e.b)
		}
	}
}

// datasecEntry is an entry of a section in the result, false if it is another part's.
func (w *typeWriter) datasecEntry(j *joiner, p *joinPart, e btfEntry, at int) (btfEntry, bool) {
	id := e.first
	e.a += uint32(p.sections[at].off)
	e.first = w.numberOf(p, id)
	if !p.btf.isShared(id) {
		return e, true
	}
	g := j.globals[p.btf.name(id)]
	if g == nil || g.part != p || g.btfID != id || g.listed {
		return e, false
	}
	g.listed = true
	if p.btf.kind(id) == kindVar && !g.extern {
		e.a = uint32(j.file.symbols[g.symbol].value)
	}
	return e, true
}

// section is the .BTF section of the result.
func (w *typeWriter) section() []byte {
	le := binary.LittleEndian
	size := 4 * len(w.body)
	b := make([]byte, btfHeaderSize, btfHeaderSize+size+len(w.strs))
	le.PutUint16(b, btfMagic)
	b[2] = 1 // version
	le.PutUint32(b[4:], btfHeaderSize)
	le.PutUint32(b[12:], uint32(size))
	le.PutUint32(b[16:], uint32(size))
	le.PutUint32(b[20:], uint32(len(w.strs)))
	for _, word := range w.body {
		b = le.AppendUint32(b, word)
	}
	return append(b, w.strs...)
}

// SPDX-License-Identifier: GPL-2.0-only

package program

import (
	"debug/elf"
	"encoding/binary"
	"path/filepath"
)

const progbits = elf.SHT_PROGBITS

// Words of the records of .BTF.ext.
const (
	funcRecordWords = 2
	lineRecordWords = 4
	coreRecordWords = 4
)

// records writes the .BTF.ext section of the result.
//
// kernel: linker_append_btf_ext, finalize_btf_ext
func (w *typeWriter) records(j *joiner) []byte {
	files := make(map[string]uint32)
	parts := [...]struct {
		of    func(p *joinPart) []extSection
		words int
		fix   func(p *joinPart, r *[4]uint32)
	}{
		{func(p *joinPart) []extSection { return p.ext.funcs }, funcRecordWords, func(p *joinPart, r *[4]uint32) {
			r[1] = w.numberOf(p, r[1])
		}},
		{func(p *joinPart) []extSection { return p.ext.lines }, lineRecordWords, func(p *joinPart, r *[4]uint32) {
			r[1], r[2] = w.file(p, r[1], files), r[2]+p.strings
		}},
		{func(p *joinPart) []extSection { return p.ext.relos }, coreRecordWords, func(p *joinPart, r *[4]uint32) {
			r[1], r[2] = w.numberOf(p, r[1]), r[2]+p.strings
		}},
	}
	const header = 32
	le := binary.LittleEndian
	head := le.AppendUint16(nil, btfMagic)
	head = append(head, 1, 0) // version, flags
	head = le.AppendUint32(head, header)
	var body []byte
	for _, part := range parts {
		start := len(body)
		body = le.AppendUint32(body, uint32(4*part.words))
		for to := range j.file.sections {
			records := j.recordsOf(to, part.of, part.fix)
			if len(records) == 0 {
				continue
			}
			body = le.AppendUint32(body, w.str(j.file.sections[to].name))
			body = le.AppendUint32(body, uint32(len(records)))
			for _, r := range records {
				for i := range part.words {
					body = le.AppendUint32(body, r[i])
				}
			}
		}
		head = le.AppendUint32(head, uint32(start))
		head = le.AppendUint32(head, uint32(len(body)-start))
	}
	return append(head, body...)
}

// recordsOf are the records of one kind for a section of the result.
func (j *joiner) recordsOf(to int, of func(*joinPart) []extSection, fix func(*joinPart, *[4]uint32)) [][4]uint32 {
	var out [][4]uint32
	for _, p := range j.parts {
		for _, sec := range of(p) {
			if sec.section == 0 || p.sections[sec.section].to != to {
				continue
			}
			for _, r := range sec.records {
				r[0] += uint32(p.sections[sec.section].off)
				fix(p, &r)
				out = append(out, r)
			}
		}
	}
	return out
}

// file is the name of a source file in the result: parts may be compiled in different
// directories.
func (w *typeWriter) file(p *joinPart, off uint32, files map[string]uint32) uint32 {
	name := p.btf.str(off)
	if name == "" || filepath.IsAbs(name) || p.dir == "" {
		return off + p.strings
	}
	name = filepath.Join(p.dir, name)
	at, ok := files[name]
	if !ok {
		at = w.str(name)
		files[name] = at
	}
	return at
}

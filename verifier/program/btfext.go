// SPDX-License-Identifier: GPL-2.0-only

package program

import "encoding/binary"

// btfExt is the .BTF.ext section: what belongs to instructions.
type btfExt struct {
	funcs, lines, relos []extSection
}

// extSection is the records for one ELF section of code. A record is its
// leading words; the first is the instruction's offset in bytes.
type extSection struct {
	section int // ELF index, 0 if there is none
	records [][4]uint32
}

// parseBTFExt reads a .BTF.ext section.
//
// kernel: btf_ext_parse
func (l *loader) parseBTFExt(data []byte) error {
	le := binary.LittleEndian
	if len(data) < 24 || le.Uint16(data) != btfMagic {
		return formatError("the .BTF.ext section has no valid header")
	}
	hdrLen := uint64(le.Uint32(data[4:]))
	if hdrLen < 24 || hdrLen > uint64(len(data)) {
		return formatError("the .BTF.ext section is cut short")
	}
	// Each part: where its offset and length are in the header, the words of
	// a record we read and those there must be.
	parts := []struct {
		at    uint64
		words int
		to    *[]extSection
	}{
		{8, 2, &l.ext.funcs}, {16, 4, &l.ext.lines}, {24, 4, &l.ext.relos},
	}
	for _, p := range parts {
		if p.at+8 > hdrLen {
			continue
		}
		off, size := uint64(le.Uint32(data[p.at:])), uint64(le.Uint32(data[p.at+4:]))
		if hdrLen+off+size > uint64(len(data)) {
			return formatError("the .BTF.ext section is cut short")
		}
		secs, err := l.parseExtPart(data[hdrLen+off:][:size], p.words)
		if err != nil {
			return err
		}
		*p.to = secs
	}
	return nil
}

func (l *loader) parseExtPart(b []byte, words int) ([]extSection, error) {
	if len(b) == 0 {
		return nil, nil
	}
	le := binary.LittleEndian
	if len(b) < 4 {
		return nil, formatError("the .BTF.ext section is cut short")
	}
	recSize := uint64(le.Uint32(b))
	if recSize < uint64(4*words) || recSize%4 != 0 {
		return nil, formatError("the .BTF.ext section has records of %d bytes", recSize)
	}
	var secs []extSection
	for b = b[4:]; len(b) > 0; {
		if len(b) < 8 {
			return nil, formatError("the .BTF.ext section is cut short")
		}
		name, n := l.btf.str(le.Uint32(b)), uint64(le.Uint32(b[4:]))
		b = b[8:]
		if n*recSize > uint64(len(b)) {
			return nil, formatError("the .BTF.ext section is cut short")
		}
		sec := extSection{records: make([][4]uint32, n)}
		if name != "" {
			sec.section = l.elf.find(name)
		}
		for i := range sec.records {
			for w := range words {
				sec.records[i][w] = le.Uint32(b[4*w:])
			}
			b = b[recSize:]
		}
		secs = append(secs, sec)
	}
	return secs, nil
}

// recordsOf are the records that belong to a function, with their offsets as
// instructions of the function's section.
//
// kernel: adjust_prog_btf_ext_info
func (fn *function) recordsOf(secs []extSection) [][4]uint32 {
	for _, sec := range secs {
		if sec.section != fn.sectionIdx {
			continue
		}
		first, last := -1, -1
		for i, r := range sec.records {
			insn := int(r[0] / insnSize)
			if insn < fn.off {
				continue
			}
			if insn >= fn.off+len(fn.insns) {
				break
			}
			if first < 0 {
				first = i
			}
			last = i
		}
		if first < 0 {
			return nil
		}
		return sec.records[first : last+1]
	}
	return nil
}

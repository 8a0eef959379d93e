// SPDX-License-Identifier: GPL-2.0-only

package dwarfmap

import "strings"

// lineSections are the sections that hold the names of source files.
type lineSections struct{ line, lineStr, str []byte }

// maxFiles bounds the files and directories of one unit.
const maxFiles = 1 << 16

// The contents and forms of the tables of files that compilers write in DWARF 5.
const (
	lnctPath      = 1
	lnctDirectory = 2
	formBlock     = 0x09
	formData1     = 0x0b
	formString    = 0x08
	formData2     = 0x05
	formStrp      = 0x0e
	formUdata     = 0x0f
	formData16    = 0x1e
	formLineStrp  = 0x1f
)

// files are the names of a unit's files, by number. The reader in debug/dwarf
// would take a damaged count for memory that it may have.
func (s *lineSections) files(off uint64, compDir string) []string {
	c := from(s.line, off)
	size := c.u32()
	if size == 0xffffffff {
		return nil
	}
	c = cursor{b: c.bytes(uint64(size)), bad: c.bad}
	version := c.u16()
	if version >= 5 {
		c.u16() // sizes of addresses and segments
	}
	c.u32() // length of the header
	c.u8()  // size of an instruction
	if version >= 4 {
		c.u8() // operations of an instruction
	}
	c.bytes(3) // first flag, range of lines
	c.bytes(uint64(max(c.u8(), 1)) - 1)
	switch {
	case c.bad || version < 2 || version > 5:
		return nil
	case version == 5:
		return s.table5(&c, compDir)
	}
	return table4(&c, compDir)
}

// table4 reads directories and files up to DWARF 4, whose numbers start at 1.
func table4(c *cursor, compDir string) []string {
	dirs, files := []string{compDir}, []string{""}
	for len(dirs) < maxFiles {
		dir := c.text()
		if dir == "" {
			break
		}
		dirs = append(dirs, join(compDir, dir))
	}
	for len(files) < maxFiles && !c.bad {
		name := c.text()
		if name == "" {
			break
		}
		dir := c.uleb()
		c.uleb() // time
		c.uleb() // size
		if dir < uint64(len(dirs)) {
			name = join(dirs[dir], name)
		}
		files = append(files, name)
	}
	return files
}

// table5 reads directories and files of DWARF 5, whose numbers start at 0.
func (s *lineSections) table5(c *cursor, compDir string) []string {
	var dirs, files []string
	s.rows(c, func(name string, _ uint64) { dirs = append(dirs, join(compDir, name)) })
	s.rows(c, func(name string, dir uint64) {
		if dir < uint64(len(dirs)) {
			name = join(dirs[dir], name)
		}
		files = append(files, name)
	})
	return files
}

// rows reads one table of DWARF 5, which says itself what its columns are.
func (s *lineSections) rows(c *cursor, row func(name string, dir uint64)) {
	columns := make([][2]uint64, c.u8())
	for i := range columns {
		columns[i] = [2]uint64{c.uleb(), c.uleb()}
	}
	count := c.uleb()
	for n := uint64(0); n < count && n < maxFiles && !c.bad && len(columns) > 0; n++ {
		var name string
		var dir uint64
		for _, col := range columns {
			text, number := s.form(c, col[1])
			switch col[0] {
			case lnctPath:
				name = text
			case lnctDirectory:
				dir = number
			}
		}
		if !c.bad {
			row(name, dir)
		}
	}
}

// form reads one value of a table.
func (s *lineSections) form(c *cursor, form uint64) (text string, number uint64) {
	switch form {
	case formString:
		return c.text(), 0
	case formLineStrp:
		at := from(s.lineStr, uint64(c.u32()))
		return at.text(), 0
	case formStrp:
		at := from(s.str, uint64(c.u32()))
		return at.text(), 0
	case formData1:
		return "", uint64(c.u8())
	case formData2:
		return "", uint64(c.u16())
	case formUdata:
		return "", c.uleb()
	case formData16:
		c.bytes(16)
	case formBlock:
		c.bytes(c.uleb())
	default:
		c.bad = true
	}
	return "", 0
}

// join puts a directory before a name that has none. It leaves the rest as it
// is: BTF spells the names in the same way.
func join(dir, name string) string {
	if dir == "" || strings.HasPrefix(name, "/") || len(name) > 1 && name[1] == ':' {
		return name
	}
	return strings.TrimSuffix(dir, "/") + "/" + name
}

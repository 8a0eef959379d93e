// SPDX-License-Identifier: GPL-2.0-only

package program

import "debug/dwarf"

// compDir is the directory the compiler ran in, as DWARF has it.
func (f *elfFile) compDir() (dir string) {
	// debug/dwarf promises errors, not panics, but the sections are whatever
	// the file has.
	defer func() {
		if recover() != nil {
			dir = ""
		}
	}()
	sections := make(map[string][]byte)
	for _, name := range []string{"abbrev", "info", "str", "str_offsets", "line_str", "addr", "rnglists"} {
		if i := f.find(".debug_" + name); i != 0 {
			sections[name] = f.relocated(i)
		}
	}
	d, err := dwarf.New(sections["abbrev"], nil, nil, sections["info"], nil, nil, nil, sections["str"])
	if err != nil {
		return ""
	}
	for _, name := range []string{"str_offsets", "line_str", "addr", "rnglists"} {
		if b := sections[name]; b != nil {
			if d.AddSection(".debug_"+name, b) != nil {
				return ""
			}
		}
	}
	unit, err := d.Reader().Next()
	if err != nil || unit == nil {
		return ""
	}
	dir, _ = unit.Val(dwarf.AttrCompDir).(string)
	return dir
}

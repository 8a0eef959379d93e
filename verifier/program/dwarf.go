// SPDX-License-Identifier: GPL-2.0-only

package program

import (
	"debug/dwarf"
	"encoding/binary"
	"sync"
)

// Limits of debug information that is read at all: far above what a compiler
// writes for programs that the kernel takes, and low enough that a damaged
// file costs neither much memory nor much time.
const (
	maxDebugBytes  = 64 << 20
	maxAbbrevBytes = 1 << 20
	maxAbbrevWork  = 1 << 28 // units times the bytes of their abbreviations
	maxRangeBytes  = 4 << 20 // debug/dwarf returns a list as a whole
)

// Debug is the DWARF information of an object, with its relocations applied.
// Code is at addresses that no two functions share, see Symbol.Addr. It may be
// shared.
type Debug struct {
	file *elfFile
	once sync.Once
	data *dwarf.Data
}

// Data is the parsed information, nil if there is none that can be read.
func (d *Debug) Data() *dwarf.Data {
	d.once.Do(func() { d.data = d.file.dwarfData() })
	return d.data
}

// Section is the data of the section .debug_NAME, for what debug/dwarf does not
// read.
func (d *Debug) Section(name string) []byte { return d.file.debugSection(name) }

// debugSection returns a section of debug information with its relocations
// applied, nil if there is none.
func (f *elfFile) debugSection(name string) []byte {
	i := f.find(".debug_" + name)
	if i == 0 || len(f.sections[i].data) > maxDebugBytes {
		return nil
	}
	return f.relocated(i)
}

// dwarfData parses the debug information.
func (f *elfFile) dwarfData() (d *dwarf.Data) {
	// debug/dwarf promises errors, not panics, but the sections are whatever
	// the file has.
	defer func() {
		if recover() != nil {
			d = nil
		}
	}()
	sections := make(map[string][]byte)
	for _, name := range []string{"abbrev", "info", "str", "str_offsets", "line_str", "addr", "ranges", "rnglists"} {
		sections[name] = f.debugSection(name)
	}
	if len(sections["ranges"]) > maxRangeBytes || len(sections["rnglists"]) > maxRangeBytes {
		return nil
	}
	if n := len(sections["abbrev"]); n > maxAbbrevBytes || countUnits(sections["info"])*n > maxAbbrevWork {
		return nil
	}
	d, err := dwarf.New(sections["abbrev"], nil, nil, sections["info"], nil, nil, sections["ranges"], sections["str"])
	if err != nil {
		return nil
	}
	for _, name := range []string{"str_offsets", "line_str", "addr", "rnglists"} {
		if b := sections[name]; b != nil {
			if d.AddSection(".debug_"+name, b) != nil {
				return nil
			}
		}
	}
	return d
}

// countUnits counts the units of .debug_info. debug/dwarf reads a table of
// abbreviations for each, and would do so for thousands of empty ones.
func countUnits(info []byte) int {
	n := 0
	for len(info) >= 4 {
		size := uint64(binary.LittleEndian.Uint32(info))
		if size > uint64(len(info)-4) {
			break
		}
		info = info[4+size:]
		n++
	}
	return n
}

// compDir is the directory the compiler ran in.
func (d *Debug) compDir() (dir string) {
	defer func() {
		if recover() != nil {
			dir = ""
		}
	}()
	data := d.Data()
	if data == nil {
		return ""
	}
	unit, err := data.Reader().Next()
	if err != nil || unit == nil {
		return ""
	}
	dir, _ = unit.Val(dwarf.AttrCompDir).(string)
	return dir
}

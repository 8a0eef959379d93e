// SPDX-License-Identifier: GPL-2.0-only

package dwarfmap

import (
	"debug/dwarf"
	"encoding/binary"
)

// stretch is a range of addresses and where the variable is at them. The places
// hold before the instruction at the address runs.
type stretch struct {
	lo, hi uint64
	places []place
}

// The entries of location lists, by their names in DWARF 5.
const (
	lleEndOfList       = 0x00
	lleBaseAddressx    = 0x01
	lleStartxEndx      = 0x02
	lleStartxLength    = 0x03
	lleOffsetPair      = 0x04
	lleDefaultLocation = 0x05
	lleBaseAddress     = 0x06
	lleStartEnd        = 0x07
	lleStartLength     = 0x08
)

// listUnit is what a unit's lists are read with.
type listUnit struct {
	version  int
	base     uint64 // the address that offsets count from
	addrs    []byte // .debug_addr from the unit's part on, nil if there is none
	lists    []byte // .debug_loclists, or .debug_loc before DWARF 5
	offsets  uint64 // where the table of lists begins, for lists given by number
	anywhere [2]uint64
	// left is how many more entries of lists are read.
	left *int
}

// address is the address of a number in .debug_addr.
func (u *listUnit) address(index uint64) (uint64, bool) {
	if index >= uint64(len(u.addrs)/8) {
		return 0, false
	}
	return binary.LittleEndian.Uint64(u.addrs[8*index:]), true
}

// locations reads where a variable is from its attribute: one expression for
// its whole scope, or a list.
func (u *listUnit) locations(f *dwarf.Field, frameBase bool) []stretch {
	switch f.Class {
	case dwarf.ClassExprLoc:
		expr, _ := f.Val.([]byte)
		if p := places(expr, frameBase); p != nil {
			return []stretch{{u.anywhere[0], u.anywhere[1], p}}
		}
	case dwarf.ClassLocListPtr:
		off, _ := f.Val.(int64)
		if u.version >= 5 {
			return u.list(uint64(off), frameBase)
		}
		return u.list4(uint64(off), frameBase)
	case dwarf.ClassLocList:
		index, _ := f.Val.(uint64)
		at := u.offsets + 4*index
		if index > uint64(len(u.lists)) {
			return nil
		}
		c := from(u.lists, at)
		off := c.u32()
		if c.bad {
			return nil
		}
		return u.list(u.offsets+uint64(off), frameBase)
	}
	return nil
}

// list reads a list of .debug_loclists.
func (u *listUnit) list(off uint64, frameBase bool) []stretch {
	c := from(u.lists, off)
	base, known := u.base, true
	var out []stretch
	for !c.bad {
		if *u.left--; *u.left < 0 {
			return nil
		}
		var lo, hi uint64
		ok, ok2 := true, true
		switch c.u8() {
		case lleEndOfList:
			return out
		case lleBaseAddressx:
			base, known = u.address(c.uleb())
			continue
		case lleBaseAddress:
			base, known = c.u64(), true
			continue
		case lleStartxEndx:
			lo, ok = u.address(c.uleb())
			hi, ok2 = u.address(c.uleb())
		case lleStartxLength:
			lo, ok = u.address(c.uleb())
			hi = lo + c.uleb()
		case lleOffsetPair:
			lo = base + c.uleb()
			hi = base + c.uleb()
			ok = known
		case lleDefaultLocation:
			// Everywhere that no other entry covers: left out, since the
			// entries that go before it may not be understood.
			lo, hi = 0, 0
		case lleStartEnd:
			lo, hi = c.u64(), c.u64()
		case lleStartLength:
			lo = c.u64()
			hi = lo + c.uleb()
		default:
			return nil
		}
		expr := c.bytes(c.uleb())
		if c.bad {
			return nil
		}
		if ok && ok2 && lo < hi {
			out = append(out, stretch{lo, hi, places(expr, frameBase)})
		}
	}
	return nil
}

// list4 reads a list of .debug_loc, as DWARF 4 has it.
func (u *listUnit) list4(off uint64, frameBase bool) []stretch {
	const selectBase = 1<<64 - 1
	c := from(u.lists, off)
	base := u.base
	var out []stretch
	for !c.bad {
		if *u.left--; *u.left < 0 {
			return nil
		}
		lo, hi := c.u64(), c.u64()
		switch {
		case lo == 0 && hi == 0:
			if c.bad {
				return nil
			}
			return out
		case lo == selectBase:
			base = hi
			continue
		}
		expr := c.bytes(uint64(c.u16()))
		if c.bad {
			return nil
		}
		if lo < hi {
			out = append(out, stretch{base + lo, base + hi, places(expr, frameBase)})
		}
	}
	return nil
}

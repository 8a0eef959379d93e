// SPDX-License-Identifier: GPL-2.0-only

package dwarfmap

import (
	"debug/dwarf"
	"strconv"
)

// maxTypeSteps bounds how far a chain of types is followed; a damaged file may
// make it a circle.
const maxTypeSteps = 64

// maxMembers bounds the members of a structure that are looked at.
const maxMembers = 1 << 12

// resolve follows qualifiers and names of types to the type itself. The reader
// stands behind its entry.
func (d *debugInfo) resolve(off dwarf.Offset) (*dwarf.Entry, *dwarf.Reader) {
	r := d.data.Reader()
	for range maxTypeSteps {
		if off == 0 {
			return nil, nil
		}
		r.Seek(off)
		e, err := r.Next()
		if err != nil || e == nil {
			return nil, nil
		}
		switch e.Tag {
		case dwarf.TagTypedef, dwarf.TagConstType, dwarf.TagVolatileType, dwarf.TagRestrictType, dwarf.TagAtomicType:
			off, _ = e.Val(dwarf.AttrType).(dwarf.Offset)
		default:
			return e, r
		}
	}
	return nil, nil
}

// size is the number of bytes of a type, 0 if it is not known. debug/dwarf
// promises errors, not panics, but a damaged file may have found a way.
func (d *debugInfo) size(off dwarf.Offset) (n uint64) {
	defer func() {
		if recover() != nil {
			n = 0
		}
	}()
	total := uint64(1)
	for range maxTypeSteps {
		e, r := d.resolve(off)
		if e == nil {
			return 0
		}
		if e.Tag == dwarf.TagPointerType {
			return total * 8
		}
		if n, ok := e.Val(dwarf.AttrByteSize).(int64); ok && n > 0 && n < 1<<32 {
			return total * uint64(n)
		}
		if e.Tag != dwarf.TagArrayType {
			return 0
		}
		total = total * elements(e, r) % (1 << 40)
		off, _ = e.Val(dwarf.AttrType).(dwarf.Offset)
	}
	return 0
}

// elements counts those of an array, over all its dimensions.
func elements(e *dwarf.Entry, r *dwarf.Reader) uint64 {
	n := uint64(1)
	if !e.Children {
		return 0
	}
	for range maxTypeSteps {
		c, err := r.Next()
		if err != nil || c == nil || c.Tag == 0 {
			break
		}
		if count, ok := c.Val(dwarf.AttrCount).(int64); ok && count >= 0 && count < 1<<32 {
			n = n * uint64(count) % (1 << 40)
		} else if last, ok := c.Val(dwarf.AttrUpperBound).(int64); ok && last >= 0 && last < 1<<32 {
			n = n * uint64(last+1) % (1 << 40)
		} else {
			return 0
		}
	}
	return n
}

// part names the bytes of a type from at on, as what follows the variable in C:
// ".tcp.port" or "[3]". With a size it must be a whole member of that size; with
// size 0 the innermost one that begins there is meant, or that holds the byte.
func (d *debugInfo) part(off dwarf.Offset, at, size uint64) (path string, ok bool) {
	defer func() {
		if recover() != nil {
			path, ok = "", false
		}
	}()
	for range maxTypeSteps {
		whole := d.size(off)
		if whole == 0 || at >= whole {
			return "", false
		}
		if at == 0 && (size == whole || size == 0 && path != "") {
			return path, true
		}
		e, r := d.resolve(off)
		if e == nil {
			return "", false
		}
		ok = false
		switch e.Tag {
		case dwarf.TagStructType:
			var name string
			if off, at, name, ok = d.member(e, r, at); name != "" {
				path += "." + name
			}
		case dwarf.TagArrayType:
			off, ok = e.Val(dwarf.AttrType).(dwarf.Offset)
			each := d.size(off)
			if !ok || each == 0 {
				return "", false
			}
			path += "[" + strconv.FormatUint(at/each, 10) + "]"
			at %= each
		}
		if !ok {
			// Inside a number, or a union, whose members share their bytes.
			return path, size == 0
		}
	}
	return "", false
}

// member finds the member of a structure that holds a byte. Bit fields share
// bytes and are not told apart.
func (d *debugInfo) member(e *dwarf.Entry, r *dwarf.Reader, at uint64) (typ dwarf.Offset, rest uint64, name string, ok bool) {
	if !e.Children {
		return 0, 0, "", false
	}
	for n, depth := 0, 0; n < maxMembers; n++ {
		c, err := r.Next()
		if err != nil || c == nil {
			break
		}
		if c.Tag == 0 {
			if depth--; depth < 0 {
				break
			}
			continue
		}
		start, placed := c.Val(dwarf.AttrDataMemberLoc).(int64)
		if depth == 0 && c.Tag == dwarf.TagMember && placed && start >= 0 && c.Val(dwarf.AttrDataBitOffset) == nil {
			typ, _ := c.Val(dwarf.AttrType).(dwarf.Offset)
			if s := uint64(start); at >= s && at-s < d.size(typ) {
				name, _ := c.Val(dwarf.AttrName).(string)
				return typ, at - s, name, true
			}
		}
		if c.Children {
			depth++
		}
	}
	return 0, 0, "", false
}

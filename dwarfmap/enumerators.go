// SPDX-License-Identifier: GPL-2.0-only

package dwarfmap

import "debug/dwarf"

// Enumerator is the value of an enumerator that the source uses.
func (ix *Index) Enumerator(name string) (value int64, ok bool) {
	d := ix.debug()
	if d == nil {
		return 0, false
	}
	defer func() {
		if recover() != nil { // as in readDebug
			value, ok = 0, false
		}
	}()
	r := d.data.Reader()
	for fields := maxFields; fields > 0; {
		e, err := r.Next()
		if err != nil || e == nil {
			return 0, false
		}
		fields -= 1 + len(e.Field)
		switch e.Tag {
		case dwarf.TagEnumerator:
			if n, _ := e.Val(dwarf.AttrName).(string); n == name {
				value, ok = e.Val(dwarf.AttrConstValue).(int64)
				return value, ok
			}
		case dwarf.TagStructType, dwarf.TagUnionType, dwarf.TagSubprogram:
			r.SkipChildren()
		}
	}
	return 0, false
}

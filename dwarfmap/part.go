// SPDX-License-Identifier: GPL-2.0-only

package dwarfmap

import (
	"debug/dwarf"
	"fmt"
	"regexp"
	"strings"
)

// Part is a variable, or a member or an element of one.
type Part struct {
	Variable string
	Type     string // as a declaration spells it, "" for one without a name
	Size     int64  // in bytes
	Array    bool
	Decl     Pos // of the variable; its line is 0 if that is not known
}

// indexRE is the index of an element. Which element it is does not matter to its size.
var indexRE = regexp.MustCompile(`\[[^\[\]]+\]`)

// PartOf describes what a C expression such as `key`, `s.key` or `ids[i]` names, and for a
// pointer variable with a * before it what that points to.
func (ix *Index) PartOf(pc int, expr string) (out Part, ok bool) {
	expr, points := strings.CutPrefix(strings.TrimSpace(expr), "*")
	name, path := expr, ""
	if i := strings.IndexAny(expr, ".["); i > 0 && !points {
		name, path = expr[:i], indexRE.ReplaceAllString(expr[i:], "[0]")
	}
	v := ix.named(pc, name)
	if v == nil {
		return Part{}, false
	}
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	typ := v.typ
	if points {
		e, _ := ix.info.resolve(typ)
		if e == nil || e.Tag != dwarf.TagPointerType {
			return Part{}, false
		}
		typ, _ = e.Val(dwarf.AttrType).(dwarf.Offset)
	}
	if _, typ, ok = ix.info.follow(typ, path); !ok || typ == 0 {
		return Part{}, false
	}
	e, _ := ix.info.resolve(typ)
	out = Part{Variable: name, Type: ix.info.spelled(typ), Size: int64(ix.info.size(typ)), Array: e != nil && e.Tag == dwarf.TagArrayType, Decl: v.decl}
	if out.Array && out.Type == "" {
		out.Type = ix.info.arrayType(typ)
	}
	return out, out.Size > 0
}

// arrayType is the type of an array as a declaration spells it behind no name, "" for arrays
// of arrays.
func (d *debugInfo) arrayType(off dwarf.Offset) string {
	e, _ := d.resolve(off)
	each, _ := e.Val(dwarf.AttrType).(dwarf.Offset)
	inner, _ := d.resolve(each)
	size := d.size(each)
	if name := d.spelled(each); name != "" && size > 0 && inner != nil && inner.Tag != dwarf.TagArrayType {
		return fmt.Sprintf("%s[%d]", name, d.size(off)/size)
	}
	return ""
}

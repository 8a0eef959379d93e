// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
)

// Special fields as arguments. A timer, work queue or task work argument is
// the address of that very field of a map value, at a fixed offset; a kptr
// argument is the address of an owning pointer field, in a map value or in an
// object of the program.

// requireMapField wants register n to point to the field of a kind.
//
// kernel: check_map_field_pointer
func (v *verifier) requireMapField(n uint8, kind fieldKind) *Rejection {
	reg := v.reg(n)
	name := kind.String()
	mapName := v.mapOf(reg.Map()).Name
	args := Args{Has: HasReg | HasArg, Reg: int8(n), Arg: int8(n), Name: name}
	if !reg.IsConst() {
		return v.reject(catalog.SpecialFieldArgument, einval, args, "R%d doesn't have constant offset. %s has to be at the constant offset", n, name)
	}
	if !v.mapHasBTF(reg.Map()) {
		return v.reject(catalog.SpecialFieldArgument, einval, args, "map '%s' has to have BTF in order to use %s", mapName, name)
	}
	field := v.mapFields(reg.Map()).first(kind)
	if field == nil {
		return v.reject(catalog.SpecialFieldArgument, einval, args, "map '%s' has no valid %s", mapName, name)
	}
	if at := reg.Var.Value + uint64(int64(reg.Off)); at != uint64(field.off) {
		args.Has |= HasOff
		args.Off = int64(at)
		return v.reject(catalog.SpecialFieldArgument, einval, args, "off %d doesn't point to 'struct %s' that is at %d", int64(at), name, field.off)
	}
	return nil
}

// requireTimer checks a timer argument and notes its map, which a map
// argument that follows must be.
//
// kernel: process_timer_func
func (v *verifier) requireTimer(n uint8) *Rejection {
	if r := v.requireMapField(n, fieldTimer); r != nil {
		return r
	}
	c := &v.calls
	if c.mapRef != 0 {
		return v.bug("Two map pointers in a timer helper")
	}
	reg := v.reg(n)
	c.mapRef, c.mapUID = reg.Map(), reg.MapUID()
	return nil
}

// requireKptrField wants register n to point to an owning pointer field.
//
// kernel: process_kptr_func
func (v *verifier) requireKptrField(n uint8) *Rejection {
	c := &v.calls
	reg := v.reg(n)
	args := v.callArgs(n)
	args.Name = "kptr"
	var fields *fieldRecord
	if reg.Type.IsAllocObject() {
		container, id := reg.BTFType()
		fields = v.typeFields(container, id)
	} else {
		if !v.mapHasBTF(reg.Map()) {
			return v.reject(catalog.SpecialFieldArgument, einval, args,
				"map '%s' has to have BTF in order to use bpf_kptr_xchg", v.mapOf(reg.Map()).Name)
		}
		fields = v.mapFields(reg.Map())
		c.mapRef = reg.Map()
	}
	off := constOffset(reg)
	args.Has |= HasOff
	args.Off = int64(int32(off))
	switch {
	case !reg.IsConst():
		return v.reject(catalog.SpecialFieldArgument, einval, args, "R%d doesn't have constant offset. kptr has to be at the constant offset", n)
	case !fields.has(fieldAnyKptr):
		return v.reject(catalog.SpecialFieldArgument, einval, args, "R%d has no valid kptr", n)
	}
	field := fields.find(off, fieldAnyKptr)
	switch {
	case field == nil:
		return v.reject(catalog.SpecialFieldArgument, eacces, args, "off=%d doesn't point to kptr", int32(off))
	case field.kind == fieldKptrUnref:
		return v.reject(catalog.SpecialFieldArgument, eacces, args, "off=%d kptr isn't referenced kptr", int32(off))
	}
	c.kptr = field
	return nil
}

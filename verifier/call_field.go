// SPDX-License-Identifier: GPL-2.0-only

package verifier

import "github.com/bpf-lsp/bpf-lsp/verifier/fault"

// Special fields as arguments. A timer, work queue or task work argument is
// the address of that very field of a map value, at a fixed offset; a kptr
// argument is the address of an owning pointer field, in a map value or in an
// object of the program.

// requireMapField requires register n to point to the field of a kind.
//
// kernel: check_map_field_pointer
func (v *verifier) requireMapField(n uint8, kind fieldKind) *Rejection {
	reg := v.reg(n)
	known := fault.FieldArgument{Argument: fault.Argument{Arg: n, Kind: reg.Type}, Name: kind.String(),
		Map: v.mapOf(reg.Map()).Name, Place: "map"}
	if !reg.IsConst() {
		return v.reject(einval, fault.FieldAtVariableOffset.Of(known))
	}
	if !v.mapHasBTF(reg.Map()) {
		return v.reject(einval, fault.FieldWithoutBTF.Of(known))
	}
	field := v.mapFields(reg.Map()).first(kind)
	if field == nil {
		return v.reject(einval, fault.FieldMissing.Of(known))
	}
	if at := reg.Var.Value + uint64(int64(reg.Off)); at != uint64(field.off) {
		return v.reject(einval, fault.FieldElsewhere.Of(fault.FieldOffset{FieldArgument: known, Off: int64(at),
			At: int64(field.off)}))
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
	c := &v.call
	if c.mapRef != 0 {
		return v.bug("Two map pointers in a timer helper")
	}
	reg := v.reg(n)
	c.mapRef, c.mapUID = reg.Map(), reg.MapUID()
	return nil
}

// requireKptrField requires register n to point to an owning pointer field.
//
// kernel: process_kptr_func
func (v *verifier) requireKptrField(n uint8) *Rejection {
	c := &v.call
	reg := v.reg(n)
	known := fault.FieldArgument{Argument: v.argument(n), Name: "kptr"}
	var fields *fieldRecord
	if reg.Type.IsAllocObject() {
		container, id := reg.BTFType()
		fields = v.typeFields(container, id)
	} else {
		known.Place, known.Map = "map", v.mapOf(reg.Map()).Name
		if !v.mapHasBTF(reg.Map()) {
			return v.reject(einval, fault.KptrWithoutBTF.Of(known))
		}
		fields = v.mapFields(reg.Map())
		c.mapRef = reg.Map()
	}
	off := constOffset(reg)
	at := fault.FieldOffset{FieldArgument: known, Off: int64(int32(off))}
	switch {
	case !reg.IsConst():
		return v.reject(einval, fault.FieldAtVariableOffset.Of(known))
	case !fields.has(fieldAnyKptr):
		return v.reject(einval, fault.KptrMissing.Of(at))
	}
	field := fields.find(off, fieldAnyKptr)
	switch {
	case field == nil:
		return v.reject(eacces, fault.KptrElsewhere.Of(at))
	case field.kind == fieldKptrUnref:
		return v.reject(eacces, fault.KptrNotReferenced.Of(at))
	}
	c.kptr = field
	return nil
}

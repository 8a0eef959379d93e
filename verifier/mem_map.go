// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"encoding/binary"

	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// Map values and keys. Besides the bounds:
//
//	map flag RDONLY_PROG    loads only
//	map flag WRONLY_PROG    stores only
//	special fields of BTF   not touched by plain loads and stores
//	kptr and uptr fields    loaded or stored whole, at a fixed offset (kptr.go)
//	frozen RDONLY_PROG      a load gives the constant that the map holds
//	keys                    loads only

// stepMapKeyAccess checks a load or store through a map key pointer.
func (v *verifier) stepMapKeyAccess(a *access, r *state.Reg) *Rejection {
	if a.mode == accessWrite {
		return v.reject(eacces, fault.ReadOnlyMapKey.Of(fault.MapRegister{Register: fault.Register{Reg: a.base},
			Map: fault.Map{Name: v.mapOf(r.Map()).Name}}))
	}
	limit := v.mapOf(r.Map()).KeySize
	if rej := v.requireInRegion(region{reg: a.base, off: a.off, size: a.size, limit: limit}); rej != nil {
		return rej
	}
	v.applyLoadUnknown(a)
	return nil
}

// stepMapValueAccess checks a load or store through a map value pointer.
func (v *verifier) stepMapValueAccess(a *access, r *state.Reg) *Rejection {
	if rej := v.requireNoPointerStored(a, "map"); rej != nil {
		return rej
	}
	if rej := v.requireMapDirection(a.base, a.off, a.size, a.mode); rej != nil {
		return rej
	}
	if rej := v.requireMapAccess(a.base, int(a.off), a.size, false, false); rej != nil {
		return rej
	}
	fixed := r.Var.IsConst()
	off := int64(a.off) + int64(r.Var.Value)
	if fields := v.mapFields(r.Map()); fixed && fields != nil {
		if f := fields.find(uint32(off), fieldAnyKptr|fieldUptr); f != nil {
			return v.stepKptrAccess(a, f)
		}
	}
	if !a.loads() {
		return nil
	}
	m := v.mapOf(r.Map())
	if fixed && contentsKnown(m) {
		return v.stepLoadContents(a, m, off)
	}
	v.applyUnknown(uint8(a.value))
	return nil
}

// requireMapDirection requires the map to allow the program to read or write.
//
// kernel: check_map_access_type
func (v *verifier) requireMapDirection(n uint8, off int32, size int, mode accessMode) *Rejection {
	r := v.reg(n)
	m := v.mapOf(r.Map())
	const both = program.MapFlagRdOnlyProg | program.MapFlagWrOnlyProg
	var forbidden fault.Message[fault.Bounds]
	switch {
	case mode == accessWrite && m.Flags&program.MapFlagRdOnlyProg != 0:
		forbidden = fault.ReadOnlyMap
	case mode == accessRead && m.Flags&both == program.MapFlagWrOnlyProg:
		forbidden = fault.WriteOnlyMap
	default:
		return nil
	}
	return v.reject(eacces, forbidden.Of(fault.Bounds{
		KindAccess: fault.KindAccess{Access: accessed(n, off, size),
			Kind: r.Type}, Object: int64(int32(m.ValueSize)), Map: m.Name,
	}))
}

// requireMapAccess requires size bytes at off of a map value to be in bounds and
// free of special fields.
//
// kernel: check_map_access
func (v *verifier) requireMapAccess(n uint8, off, size int, zeroOK bool, helper bool) *Rejection {
	r := v.reg(n)
	limit := v.mapOf(r.Map()).ValueSize
	if rej := v.requireInRegion(region{reg: n, off: int32(off), size: size, limit: limit, zeroOK: zeroOK}); rej != nil {
		return rej
	}
	fields := v.mapFields(r.Map())
	if fields == nil {
		return nil
	}
	for i := range fields.list {
		f := &fields.list[i]
		// The bounds are checked: neither end overflows.
		if r.Smin()+int64(off) < int64(f.off+f.size) && uint64(f.off) < r.Umax()+uint64(off+size) {
			if rej := v.requireFieldUntouched(f, r, off, size, helper); rej != nil {
				return rej
			}
		}
	}
	return nil
}

// requireFieldUntouched requires an access that overlaps the special field f to
// be one that f allows.
func (v *verifier) requireFieldUntouched(f *specialField, r *state.Reg, off, size int, helper bool) *Rejection {
	at := uint64(int64(off)) + r.Var.Value
	field := fault.Field{Off: int64(f.off), Size: int64(size), At: int64(at), Name: f.kind.String()}
	switch {
	case !f.kind.isPointer():
		return v.reject(eacces, fault.SpecialFieldAccess.Of(field))
	case helper:
		return v.reject(eacces, fault.FieldByHelper.Of(field))
	case !r.Var.IsConst():
		return v.reject(eacces, fault.FieldVariableOffset.Of(field))
	case uint64(f.off) != at:
		return v.reject(eacces, fault.FieldMisaligned.Of(field))
	case size != state.SlotBytes:
		return v.reject(eacces, fault.FieldSize.Of(field))
	}
	return nil
}

// contentsKnown reports whether m is a map whose value nobody can change any more.
//
// kernel: bpf_map_is_rdonly, for maps that give out the address of a value
func contentsKnown(m *program.Map) bool {
	return m.Flags&program.MapFlagRdOnlyProg != 0 && m.Frozen && m.Type.Has(facts.MapDirectValue)
}

// stepLoadContents loads the constant at off of the value of m.
//
// kernel: bpf_map_direct_read
func (v *verifier) stepLoadContents(a *access, m *program.Map, off int64) *Rejection {
	n, rej := v.requireContents(m, uint32(off), a.size, a.signExtend)
	if rej != nil {
		return rej
	}
	r := v.reg(uint8(a.value))
	r.SetKnown(n)
	r.Type = regtype.Scalar
	return nil
}

// requireContents reads size bytes of the first value of m, inside of which off
// is.
func (v *verifier) requireContents(m *program.Map, off uint32, size int, signExtend bool) (uint64, *Rejection) {
	if m.MaxEntries != 1 {
		return 0, v.reject(enotsupp, fault.MapContentsUnknown.Of(fault.Map{Name: m.Name}))
	}
	var word [8]byte
	if int(off) < len(m.Contents) {
		copy(word[:size], m.Contents[off:])
	}
	n := binary.LittleEndian.Uint64(word[:])
	if signExtend {
		shift := 64 - 8*size
		n = uint64(int64(n<<shift) >> shift)
	}
	return n, nil
}

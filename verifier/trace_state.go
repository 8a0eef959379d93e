// SPDX-License-Identifier: GPL-2.0-only

package verifier

import (
	"math"
	"strconv"

	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/scalar"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

const slotLetters = "?rm0dif"

// iterPrefix leads the name of every iterator's type.
const iterPrefix = "bpf_iter_"

// tracePrintState writes the registers and slots of one frame, all or just those
// changed since the last print, and what is held.
//
// kernel: print_verifier_state
func (v *verifier) tracePrintState(st *state.State, depth int, all bool) {
	t := &v.trace
	if t.level != 0 {
		t.buf = v.appendState(t.buf, st, depth, all)
	}
	if !all {
		t.scratchNone()
	}
}

func (v *verifier) appendState(b []byte, st *state.State, depth int, all bool) []byte {
	f := st.Frames[depth]
	t := &v.trace
	if f.Depth != 0 {
		b = append(b, " frame"...)
		b = append(strconv.AppendUint(b, uint64(f.Depth), 10), ':')
	}
	for n := range f.Regs {
		r := &f.Regs[n]
		if r.Type == regtype.NotInit || !all && t.regs&(1<<n) == 0 {
			continue
		}
		b = strconv.AppendInt(append(b, " R"...), int64(n), 10)
		b = v.appendReg(append(b, '='), f, r)
	}
	for spi := 0; spi < f.Stack.Len(); spi++ {
		if !all && t.slots&(1<<spi) == 0 {
			continue
		}
		b, spi = v.appendSlot(b, f, spi)
	}
	b = appendHeld(b, st)
	if f.InCallback {
		b = append(b, " cb"...)
	}
	if f.InAsync {
		b = append(b, " async_cb"...)
	}
	return append(b, '\n')
}

// appendHeld appends the ids of what is held.
func appendHeld(b []byte, st *state.State) []byte {
	if len(st.Refs) == 0 || st.Refs[0].ID == 0 {
		return b
	}
	b = append(b, " refs="...)
	for i := range st.Refs {
		if st.Refs[i].ID == 0 {
			continue
		}
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendUint(b, uint64(st.Refs[i].ID), 10)
	}
	return b
}

// appendSlot appends the stack slot spi. It returns the last slot printed,
// since a dynptr has two.
func (v *verifier) appendSlot(b []byte, f *state.Frame, spi int) ([]byte, int) {
	s := f.Stack.At(spi)
	if s.Bytes == [state.SlotBytes]state.SlotType{} {
		return b, spi
	}
	r := &s.Spilled
	switch s.Bytes[state.SlotBytes-1] {
	case state.SlotSpill:
		b = append(appendSlotName(b, spi), '=')
		for _, t := range s.Bytes {
			if t == state.SlotSpill {
				break
			}
			b = append(b, slotLetters[t])
		}
		b = v.appendReg(b, f, r)
	case state.SlotDynptr:
		spi++
		b = appendDynptr(appendSlotName(b, spi), &f.Stack.At(spi).Spilled)
	case state.SlotIter:
		if r.RefObjID == 0 {
			break
		}
		b = v.appendIter(appendSlotName(b, spi), r)
	default:
		b = append(appendSlotName(b, spi), '=')
		for _, t := range s.Bytes {
			b = append(b, slotLetters[t])
		}
	}
	return b, spi
}

func appendSlotName(b []byte, spi int) []byte {
	return strconv.AppendInt(append(b, " fp"...), -int64(spi+1)*state.SlotBytes, 10)
}

func appendDynptr(b []byte, r *state.Reg) []byte {
	kind, _ := r.Dynptr()
	b = append(append(b, "=dynptr_"...), kind.String()...)
	b = append(b, '(')
	a := attributes{}
	if r.ID != 0 {
		b = strconv.AppendUint(a.add(b, "id="), uint64(r.ID), 10)
	}
	if r.RefObjID != 0 {
		b = strconv.AppendUint(a.add(b, "ref_id="), uint64(r.RefObjID), 10)
	}
	if id := r.DynptrID(); id != 0 {
		b = strconv.AppendUint(a.add(b, "dynptr_id="), uint64(id), 10)
	}
	return append(b, ')')
}

func (v *verifier) appendIter(b []byte, r *state.Reg) []byte {
	name := "<invalid>"
	if ref, id := r.BTFType(); ref != 0 && id != 0 {
		name = v.typeName(ref, id)[len(iterPrefix):]
	}
	st, depth := r.Iter()
	b = append(append(b, "=iter_"...), name...)
	b = strconv.AppendUint(append(b, "(ref_id="...), uint64(r.RefObjID), 10)
	b = append(append(b, ",state="...), st.String()...)
	return append(strconv.AppendUint(append(b, ",depth="...), uint64(depth), 10), ')')
}

// attributes separates what stands in the parentheses of a register.
type attributes struct{ some bool }

func (a *attributes) add(b []byte, text string) []byte {
	if a.some {
		b = append(b, ',')
	}
	a.some = true
	return append(b, text...)
}

// appendReg appends the value of a register of frame f.
//
// kernel: print_reg_state
func (v *verifier) appendReg(b []byte, f *state.Frame, r *state.Reg) []byte {
	t := r.Type
	base := t.Base()
	if t == regtype.Scalar {
		if r.Precise {
			b = append(b, 'P')
		}
		if r.Var.IsConst() {
			return appendSnum(b, int64(r.Var.Value))
		}
	}
	b = t.Append(b)
	switch {
	case t == regtype.PtrToArena:
		return b
	case t == regtype.PtrToStack:
		if f.Depth != uint32(r.Frame) {
			b = append(strconv.AppendUint(append(b, '['), uint64(r.Frame), 10), ']')
		}
		if r.Var.IsConst() {
			return appendSnum(b, int64(r.Var.Value)+int64(r.Off))
		}
	case base == regtype.PtrToBTFID:
		b = append(b, v.typeName(r.BTFType())...)
	}
	b = append(b, '(')
	a := attributes{}
	b = v.appendIdentity(b, &a, r)
	b = v.appendExtent(b, &a, r)
	if r.Var.IsConst() {
		if r.Var.Value != 0 {
			b = appendSnum(a.add(b, "imm="), int64(r.Var.Value))
		}
		return append(b, ')')
	}
	b = appendRanges(b, &a, &r.Scalar)
	if r.Var != scalar.TnumUnknown {
		b = appendTnum(a.add(b, "var_off="), r.Var)
	}
	return append(b, ')')
}

// appendIdentity appends which value and which object the register holds.
func (v *verifier) appendIdentity(b []byte, a *attributes, r *state.Reg) []byte {
	if r.ID != 0 {
		b = strconv.AppendUint(a.add(b, "id="), uint64(r.ID&^state.AddConst), 10)
	}
	if r.ID&state.AddConst != 0 {
		if r.Off >= 0 {
			b = append(b, '+')
		}
		b = strconv.AppendInt(b, int64(r.Off), 10)
	}
	if r.RefObjID != 0 {
		b = strconv.AppendUint(a.add(b, "ref_obj_id="), uint64(r.RefObjID), 10)
	}
	if r.Type.IsNonOwning() {
		b = a.add(b, "non_own_ref")
	}
	switch r.Type.Base() {
	case regtype.ConstPtrToMap, regtype.PtrToMapKey, regtype.PtrToMapValue:
		m := v.mapOf(r.Map())
		if m.Name != "" {
			b = append(a.add(b, "map="), m.Name...)
		}
		b = strconv.AppendInt(a.add(b, "ks="), int64(int32(m.KeySize)), 10)
		b = strconv.AppendInt(append(b, ",vs="...), int64(int32(m.ValueSize)), 10)
	}
	return b
}

// appendExtent appends where in its object a pointer points, and how far the
// object is known to reach.
func (v *verifier) appendExtent(b []byte, a *attributes, r *state.Reg) []byte {
	t := r.Type
	if t != regtype.Scalar && r.Off != 0 {
		b = appendSnum(a.add(b, "off="), int64(r.Off))
	}
	if t.IsPacket() {
		b = appendUnum(a.add(b, "r="), uint64(int64(r.PacketRange())))
	}
	if t.Base() == regtype.PtrToMem {
		b = appendUnum(a.add(b, "sz="), uint64(r.MemSize()))
	}
	if t == regtype.ConstPtrToDynptr {
		kind, _ := r.Dynptr()
		b = append(a.add(b, "type="), kind.String()...)
	}
	return b
}

// appendRanges appends the ranges that say something. Ranges of equal value
// share one number: "smin=umin=4". Negative numbers do not share with
// positive ones.
//
// kernel: print_scalar_ranges
func appendRanges(b []byte, a *attributes, s *scalar.Scalar) []byte {
	// A 32-bit number that is printed in hexadecimal is not sign-extended,
	// since its digits would suggest 64 bits.
	low := func(n int32) uint64 {
		if isShortSigned(int64(n)) {
			return uint64(int64(n))
		}
		return uint64(uint32(n))
	}
	l := s.Limits()
	ranges := [8]struct {
		name string
		n    uint64
		omit bool
	}{
		{"smin=", uint64(l.Smin), l.Smin == math.MinInt64},
		{"smax=", uint64(l.Smax), l.Smax == math.MaxInt64},
		{"umin=", l.Umin, l.Umin == 0},
		{"umax=", l.Umax, l.Umax == math.MaxUint64},
		{"smin32=", low(l.S32Min), l.S32Min == math.MinInt32},
		{"smax32=", low(l.S32Max), l.S32Max == math.MaxInt32},
		{"umin32=", uint64(l.U32Min), l.U32Min == 0},
		{"umax32=", uint64(l.U32Max), l.U32Max == math.MaxUint32},
	}
	for i := range ranges {
		r := &ranges[i]
		if r.omit {
			continue
		}
		signed := r.name[0] == 's'
		negative := signed && int64(r.n) < 0
		b = a.add(b, r.name)
		for j := i + 2; j < len(ranges); j += 2 {
			o := &ranges[j]
			if o.omit || o.n != r.n || negative != (o.name[0] == 's' && int64(o.n) < 0) {
				continue
			}
			o.omit = true
			b = append(b, o.name...)
		}
		if signed {
			b = appendSnum(b, int64(r.n))
		} else {
			b = appendUnum(b, r.n)
		}
	}
	return b
}

// isShortSigned reports whether n is a signed number that the log prints in decimal.
//
// kernel: is_snum_decimal
func isShortSigned(n int64) bool { return n >= math.MinInt16 && n <= math.MaxInt16 }

// appendSnum appends a signed number, in hexadecimal if it is long.
//
// kernel: verbose_snum
func appendSnum(b []byte, n int64) []byte {
	if isShortSigned(n) {
		return strconv.AppendInt(b, n, 10)
	}
	return appendHex(b, uint64(n))
}

// appendUnum appends an unsigned number, in hexadecimal if it is long.
//
// kernel: verbose_unum
func appendUnum(b []byte, n uint64) []byte {
	if n <= math.MaxUint16 {
		return strconv.AppendUint(b, n, 10)
	}
	return appendHex(b, n)
}

func appendHex(b []byte, n uint64) []byte {
	return strconv.AppendUint(append(b, "0x"...), n, 16)
}

// appendTnum appends known bits and the mask of the unknown ones.
//
// kernel: tnum_strn
func appendTnum(b []byte, t scalar.Tnum) []byte {
	if t.IsConst() {
		return appendUnum(b, t.Value)
	}
	b = append(appendHex(append(b, '('), t.Value), "; "...)
	return append(appendHex(b, t.Mask), ')')
}

// typeName is the name of a BTF type, "" for an anonymous or unknown one.
//
// kernel: btf_type_name
func (v *verifier) typeName(ref state.BTFRef, id uint32) string {
	if int(ref) >= len(v.btfs) || v.btfs[ref].spec == nil {
		return ""
	}
	typ, err := v.btfs[ref].spec.TypeByID(btfID(id))
	if err != nil {
		return ""
	}
	return typ.TypeName()
}

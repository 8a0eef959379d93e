// SPDX-License-Identifier: GPL-2.0-only

package record

import (
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/scalar"
	"github.com/bpf-lsp/bpf-lsp/verifier/state"
)

// value is what is known of r, for those who have no tables of the verifier.
func (t *Tables) value(r *state.Reg) *Value {
	l := r.Limits()
	x := &Value{
		Type: r.Type, Bits: r.Var.Value, Mask: r.Var.Mask,
		Min: l.Smin, Max: l.Smax, UMin: l.Umin, UMax: l.Umax, Ref: r.RefObjID,
		Min32: l.S32Min, Max32: l.S32Max, UMin32: l.U32Min, UMax32: l.U32Max,
	}
	if r.Type != regtype.Scalar {
		x.Off = r.Off
	}
	switch r.Type.Base() {
	case regtype.PtrToMapValue, regtype.PtrToMapKey, regtype.ConstPtrToMap:
		x.Map = t.Map(r.Map())
	case regtype.PtrToStack:
		x.Frame = uint8(r.Frame)
	case regtype.PtrToBTFID:
		x.Struct = t.Struct(r.BTFType())
	case regtype.PtrToPacket, regtype.PtrToPacketMeta:
		x.Packet = max(r.PacketRange(), 0)
	}
	return x
}

// sameKnowledge reports whether the same is known of both where a history is concerned:
// ids and marks of the engine do not count.
func sameKnowledge(a, b *state.Reg) bool {
	switch {
	case a.Type != b.Type:
		return false
	case a.Type == regtype.NotInit:
		return true
	case a.Scalar != b.Scalar || a.RefObjID != b.RefObjID:
		return false
	}
	// The offset of a number is its distance to another one.
	return a.Type == regtype.Scalar || a.Off == b.Off && a.SameObject(b)
}

// slotValue is the value in a stack slot. known is false for a slot that was
// never written and for one of an object that only its own calls may touch.
func slotValue(s *state.Slot) (r state.Reg, known bool) {
	if s.IsSpill() {
		return s.Spilled, true
	}
	if s.IsSpecial() {
		return r, false
	}
	zero := true
	for _, b := range s.Bytes {
		known = known || b != state.SlotInvalid
		zero = zero && b == state.SlotZero
	}
	r = state.Reg{Type: regtype.Scalar, Scalar: scalar.Unknown()}
	if zero {
		r.Scalar = scalar.Known(0)
	}
	return r, known
}

// isLost reports whether a pointer, old, became a number or nothing at all.
func isLost(old, now *state.Reg) bool {
	if old.Type == regtype.Scalar || old.Type == regtype.NotInit {
		return false
	}
	return now.Type == regtype.NotInit || now.Type == regtype.Scalar
}

// isPacketValue reports whether a call that moves the packet invalidates r.
func isPacketValue(r *state.Reg) bool {
	return r.Type.IsPacket() || r.Type.Base() == regtype.PtrToPacketEnd || r.IsPacketSlice()
}

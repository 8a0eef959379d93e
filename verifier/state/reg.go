// SPDX-License-Identifier: GPL-2.0-only

// Package state holds what the verifier knows at one point of one path: the
// registers and stack of every active frame, and the resources held.
//
// The data is flat. What a register points to (a map, a BTF type, a memory
// object) is an index into tables of the verifier, never a Go pointer, so that
// a register is copied by assignment and invisible to the garbage collector.
//
// Reading order: reg.go, frame.go, state.go, pool.go.
package state

import (
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/scalar"
)

// Bits of Reg.ID that link a scalar to another by a constant distance: the
// distance is in Reg.Off and was added as a 64-bit or as a 32-bit value.
const (
	AddConst64 = 1 << 31
	AddConst32 = 1 << 30
	AddConst   = AddConst64 | AddConst32
)

// Reg is what is known of one register or of one spilled value.
//
// Type, Off and the three object words are the shape that pruning compares
// first. The object words mean different things for different types; use the
// accessors in object.go.
type Reg struct {
	Type regtype.Reg
	// Off is the fixed part of a pointer's offset in bytes, or the distance
	// between linked scalars.
	Off              int32
	obj, sub, extent uint32
	// ID groups values that are the same unknown: packet pointers that share
	// a range, maybe-NULL copies that one check settles, linked scalars.
	ID uint32

	// Scalar is the value of a scalar, or the variable part of the offset of
	// a pointer.
	scalar.Scalar

	// RefObjID is the reference that the value depends on, 0 for none.
	RefObjID uint32
	// SubregDef is 1 + the PC that last wrote the lower half, 0 for none.
	SubregDef int32
	// Frame is the call depth of the stack that a stack pointer points into.
	Frame uint8
	// Precise says that pruning must compare the scalar's exact range.
	Precise bool
}

// IsNull reports whether r is a register that holds the constant 0.
//
// kernel: register_is_null
func (r *Reg) IsNull() bool { return r.Type == regtype.Scalar && r.Var.IsConst() && r.Var.Value == 0 }

// Reset makes r an unknown scalar that pruning may generalise.
//
// kernel: __mark_reg_unknown_imprecise
func (r *Reg) Reset() {
	*r = Reg{Type: regtype.Scalar, Scalar: scalar.Unknown(), SubregDef: r.SubregDef}
}

// SetKnown makes the value of r the constant v; type and offset stay.
//
// kernel: __mark_reg_known
func (r *Reg) SetKnown(v uint64) {
	r.Forget()
	r.Scalar = scalar.Known(v)
}

// Forget makes the number in r one of its own: neither linked nor what a check
// made of a pointer.
func (r *Reg) Forget() {
	r.Off, r.obj, r.sub, r.extent = 0, 0, 0, 0
	r.ID, r.RefObjID = 0, 0
}

// Unlink ends the link of a scalar with its copies, and the distance with it.
//
// kernel: clear_scalar_id
func (r *Reg) Unlink() { r.ID, r.Off = 0, 0 }

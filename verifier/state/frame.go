// SPDX-License-Identifier: GPL-2.0-only

package state

import (
	"github.com/bpf-lsp/bpf-lsp/verifier/isa"
	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
)

// SlotBytes is the width of a stack slot.
const SlotBytes = 8

// MaxStack is the stack of one frame in bytes.
const MaxStack = 512

// MaxFrames is how deep calls may nest, the main program included.
const MaxFrames = 8

// SlotType is what one byte of a stack slot holds.
type SlotType uint8

// Types of stack bytes.
const (
	SlotInvalid SlotType = iota // never written
	SlotSpill                   // part of a spilled register
	SlotMisc                    // written, value unknown
	SlotZero                    // written with zero
	SlotDynptr
	SlotIter
	SlotIRQFlag
)

// Slot is 8 bytes of stack. Bytes[7] is the byte at the highest address, that
// is, the one that a full spill and a special object always cover.
type Slot struct {
	Spilled Reg
	Bytes   [SlotBytes]SlotType
}

// IsSpill reports whether s is a slot that holds a register, whole or in part.
//
// kernel: is_spilled_reg
func (s *Slot) IsSpill() bool { return s.Bytes[SlotBytes-1] == SlotSpill }

// IsScalarSpill reports whether s is a slot that holds a scalar register.
//
// kernel: is_spilled_scalar_reg
func (s *Slot) IsScalarSpill() bool { return s.IsSpill() && s.Spilled.Type == regtype.Scalar }

// IsScalarSpill64 reports whether s is a slot that holds all 8 bytes of a scalar register.
//
// kernel: is_spilled_scalar_reg64
func (s *Slot) IsScalarSpill64() bool {
	return s.Bytes[0] == SlotSpill && s.Spilled.Type == regtype.Scalar
}

// IsSpecial reports whether s is a slot of an object that only its own calls may touch.
//
// kernel: is_stack_slot_special
func (s *Slot) IsSpecial() bool {
	switch s.Bytes[SlotBytes-1] {
	case SlotDynptr, SlotIter, SlotIRQFlag:
		return true
	}
	return false
}

// RetRange is the range a callback may return.
type RetRange struct{ Min, Max int32 }

// Frame is one active function.
type Frame struct {
	Stack Stack
	Call
	Regs [isa.NumRegs]Reg
}

// Call is how a function was entered.
type Call struct {
	// CallSite is the PC of the call, -1 for an entry function.
	CallSite int
	// Depth is the frame's index in State.Frames.
	Depth uint32
	// Subprog is the function's number.
	Subprog int
	// AsyncEntry counts the starts of asynchronous callbacks that led here, so
	// that a callback that starts itself is not an endless loop.
	AsyncEntry    uint32
	CallbackRange RetRange
	InCallback    bool
	InAsync       bool
	InException   bool
	// CallbackDepth counts the simulated calls of a callback made from here.
	CallbackDepth uint32
}

// StackBytes is the stack allocated so far, a multiple of SlotBytes.
func (f *Frame) StackBytes() int { return f.Stack.Len() * SlotBytes }

// GrowStack makes room for n bytes of stack; new slots are invalid.
//
// kernel: grow_stack_state
func (f *Frame) GrowStack(n int) { f.Stack.grow((n + SlotBytes - 1) / SlotBytes) }

// assign makes f, which uses no stack, equal to src.
//
// kernel: copy_func_state
func (f *Frame) assign(src *Frame) {
	*f = *src
	f.Stack.retain()
}

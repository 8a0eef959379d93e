// SPDX-License-Identifier: GPL-2.0-only

package fault

import (
	"fmt"
	"math"

	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
	"github.com/bpf-lsp/bpf-lsp/verifier/scalar"
)

// A family is what is known about a kind of fault. The tag of a field has the
// names under which messages and wordings know it; one that ends with -1 has
// the field counted from 0.

// None: the message says it all.
type None struct{}

// Register is a register, whatever it holds.
type Register struct {
	Reg uint8 `fact:"reg"`
}

// Value is a register and what it holds.
type Value struct {
	Reg  uint8       `fact:"reg"`
	Kind regtype.Reg `fact:"type"`
}

// Operand is a register that an operator does not take.
type Operand struct {
	Reg uint8  `fact:"reg"`
	Op  string `fact:"op"`
}

// Limits is a register that holds a number, and between which limits it is
// known to be.
type Limits struct {
	Reg uint8 `fact:"reg"`
	Min int64 `fact:"min"`
	Max int64 `fact:"max"`
}

// SizeLimits are Limits of a size, without its sign too.
type SizeLimits struct {
	Limits
	UMin int64 `fact:"umin"`
	UMax int64 `fact:"umax"`
}

// Leak is a pointer written to where it can be seen.
type Leak struct {
	Reg   uint8  `fact:"reg"`
	Place string `fact:"place"`
}

// Mixed is a pointer of another kind than the instruction met before.
type Mixed struct {
	Kind   regtype.Reg `fact:"type"`
	Before regtype.Reg `fact:"want"`
}

// Offset is a fixed offset of a kind of pointer.
type Offset struct {
	Kind regtype.Reg `fact:"type"`
	Off  int64       `fact:"off"`
}

// Pointer is a register whose pointer has an offset.
type Pointer struct {
	Value
	Off  int64       `fact:"off"`
	Bits scalar.Tnum `fact:"bits"`
}

// StackOffset is a place on the stack, in bytes from the frame's end.
type StackOffset struct {
	Off int64 `fact:"off"`
}

// StackMove is a stack pointer that an offset was added to.
type StackMove struct {
	Reg  uint8       `fact:"reg"`
	Off  int64       `fact:"off"`
	Bits scalar.Tnum `fact:"bits"`
}

// Access is an access to memory through a register.
type Access struct {
	Reg  uint8 `fact:"reg"`
	Off  int64 `fact:"off"`
	Size int64 `fact:"size"`
}

// VarAccess is an access at a variable offset.
type VarAccess struct {
	Access
	Bits scalar.Tnum `fact:"bits"`
}

// KindAccess is an access through a pointer of a kind.
type KindAccess struct {
	Access
	Kind regtype.Reg `fact:"type"`
}

// Bounds is an access to an object of known size.
type Bounds struct {
	KindAccess
	Object int64 `fact:"object"`
	// Map is the map whose value it is, "" for others.
	Map string `fact:"name"`
}

// PacketBounds is an access to a packet of which Object bytes are there.
type PacketBounds struct {
	Bounds
	ID uint32 `fact:"id"`
}

// Unbounded is a pointer without an upper limit into an object of known size.
type Unbounded struct {
	Reg    uint8 `fact:"reg"`
	Object int64 `fact:"object"`
}

// BufferAccess is an access to a buffer of the kernel.
type BufferAccess struct {
	KindAccess
	Buffer string      `fact:"buffer"`
	Bits   scalar.Tnum `fact:"bits"`
}

// Alignment is an access that is not aligned: what its address is made of.
type Alignment struct {
	Access
	Kind  regtype.Reg `fact:"type"`
	Place string      `fact:"place"`
	Base  int64       `fact:"base"`
	Bits  scalar.Tnum `fact:"bits"`
	Fixed int64       `fact:"fixed"`
	Delta int64       `fact:"delta"`
}

// StackRead is a read of stack memory, and the first byte of it that has no
// value.
type StackRead struct {
	VarAccess
	At int64 `fact:"at"`
}

// StackWrite is a write to stack memory by an instruction.
type StackWrite struct {
	Access
	PC int `fact:"pc"`
}

// Direction is what an access does, in the log's words.
type Direction string

// Directions.
const (
	Reads  Direction = "read from"
	Writes Direction = "write to"
)

// StackUnbounded is a stack pointer whose offset has no limit.
type StackUnbounded struct {
	Reg       uint8     `fact:"reg"`
	Direction Direction `fact:"access"`
}

// StackBounds is an access outside of the frame.
type StackBounds struct {
	Access
	Direction Direction `fact:"access"`
}

// StackRange is an access at a variable offset that may be outside of the
// frame, and where it begins and ends.
type StackRange struct {
	StackBounds
	Bits scalar.Tnum `fact:"bits"`
	Min  int64       `fact:"min"`
	Max  int64       `fact:"max"`
}

// StructAccess is an access to a structure of the kernel.
type StructAccess struct {
	Access
	Struct string `fact:"name"`
}

// FixedMember is a write to a member of a structure of which others may be
// written.
type FixedMember struct {
	StructAccess
	Writable string `fact:"writable"`
}

// StructWrite is a write beyond a member of a structure.
type StructWrite struct {
	StructAccess
	End int64 `fact:"limit"`
}

// MemberAccess is an access to a structure that hits no member as it is. At
// and Len are the access as seen from the innermost structure.
type MemberAccess struct {
	StructAccess
	Member string `fact:"member"`
	At     int64  `fact:"at"`
	Len    int64  `fact:"len"`
	End    int64  `fact:"limit"`
}

// PointerAccess is an access through a pointer to a structure.
type PointerAccess struct {
	StructAccess
	Kind regtype.Reg `fact:"type"`
	Bits scalar.Tnum `fact:"bits"`
}

// MapTypeAccess is an access to the kernel's structure of a map.
type MapTypeAccess struct {
	Access
	MapType uint32 `fact:"id"`
}

// Field is an access to a special field of a map value; At is where the access
// begins.
type Field struct {
	Off  int64  `fact:"off"`
	Size int64  `fact:"size"`
	At   int64  `fact:"at"`
	Name string `fact:"name"`
}

// ObjectField is an access to a special field of an object.
type ObjectField struct {
	Access
	Name string `fact:"name"`
}

// FieldValue is a pointer stored to a field, and what the field takes.
type FieldValue struct {
	Value
	// Has is the structure that is pointed to, where that decided.
	Has string `fact:"has"`
	// Want is the structure of the field's pointers.
	Want string `fact:"want"`
}

// ContextArgument is an access to an argument of the function that the program
// is attached to.
type ContextArgument struct {
	Access
	Hook string `fact:"name"`
	// Arg counts from 0.
	Arg  int    `fact:"argno"`
	Nth  int    `fact:"nth"`
	Type string `fact:"btf"`
	Name string `fact:"param"`
	// Count is how many arguments there are, and Proto the prototype, where
	// the fault is that there are too few.
	Count int    `fact:"count"`
	Proto string `fact:"proto"`
}

// Reference is a resource that the program owns.
type Reference struct {
	ID uint32 `fact:"ref"`
	// Site is the instruction that acquired it.
	Site Site `fact:"acquire_pc"`
}

// Site is an instruction; Nowhere is none.
type Site int

// Nowhere is the Site of what is not known to come from anywhere.
const Nowhere Site = -1

// String is the number of the instruction, "" if it is not known.
func (s Site) String() string {
	if s == Nowhere {
		return ""
	}
	return fmt.Sprint(int(s))
}

// ContextReference is an access to a reference that the context lent.
type ContextReference struct {
	Access
	Reference
}

// Exit is a way of leaving the program.
type Exit struct {
	How string `fact:"exit_kind callee"`
}

// LeftReference is a reference that is still owned at an exit.
type LeftReference struct {
	Reference
	Exit
}

// Given is what is known of a number.
type Given struct{ Min, Max int64 }

// String is what is known in the log's words.
func (g Given) String() string {
	switch low, high := g.Min > math.MinInt64, g.Max < math.MaxInt64; {
	case low && high:
		return fmt.Sprintf("smin=%d smax=%d", g.Min, g.Max)
	case low:
		return fmt.Sprintf("smin=%d", g.Min)
	case high:
		return fmt.Sprintf("smax=%d", g.Max)
	}
	return "unknown scalar value"
}

// Returned is a returned number, and between which limits it has to be.
type Returned struct {
	Limits
	Given Given `fact:"detail"`
}

// ReturnedKind is a returned value that is not a number, and between which
// limits that would have to be.
type ReturnedKind struct {
	Limits
	Kind regtype.Reg `fact:"type"`
}

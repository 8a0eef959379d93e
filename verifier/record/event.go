// SPDX-License-Identifier: GPL-2.0-only

package record

import "github.com/bpf-lsp/bpf-lsp/verifier/regtype"

// EventKind is what happened at an instruction of the recorded path.
type EventKind uint8

// Event kinds.
const (
	// EventBranch is a condition that was decided; Learnt is what is known
	// since then.
	EventBranch EventKind = iota
	// EventAcquire and EventRelease are about the reference Ref.
	EventAcquire
	EventRelease
	// EventEnter and EventLeave are about the region Context.
	EventEnter
	EventLeave
	// EventModify gave Place a new value, EventInvalidate ended the use of the
	// value that it had.
	EventModify
	EventInvalidate
	// EventCall enters a function of the program, by its call or as a callback
	// of another one; EventReturn leaves it.
	EventCall
	EventReturn
	// EventCreate is a special object that a call made on the stack, in slots
	// of which Place is the first; EventDestroy is its end, however it came.
	EventCreate
	EventDestroy
)

// Reason is why a value changed, or why a reference is no longer held.
type Reason uint8

// Reasons.
const (
	NoReason Reason = iota
	// ReasonWrite: an instruction wrote it, or it is the result of a call.
	ReasonWrite
	// ReasonSpill: a register was saved to the stack.
	ReasonSpill
	// ReasonArgument: a call handed it to the function that it enters.
	ReasonArgument
	// ReasonReturn: a function of the program returned it.
	ReasonReturn
	// ReasonCallWrite: a call wrote to the stack.
	ReasonCallWrite
	// ReasonWidened: rounds of a loop are taken together, so that less is
	// known than in a single one.
	ReasonWidened
	// ReasonLent: its owner is now the list or tree that it was added to.
	ReasonLent
	// ReasonVarWrite: a store to an address that is not known exactly.
	ReasonVarWrite
	// ReasonRelease: the reference that it depends on was given back.
	ReasonRelease
	// ReasonPacketMoved: a call may have moved the packet.
	ReasonPacketMoved
	// ReasonBorrowEnded: the lock that protected it was released.
	ReasonBorrowEnded
	// ReasonRCUEnded: the RCU read section that protected it ended.
	ReasonRCUEnded
	// ReasonCallerSaved: a call may use the registers R0 to R5 itself.
	ReasonCallerSaved
	// ReasonSourceGone: the dynptr that it is a part of is no longer valid.
	ReasonSourceGone
	// ReasonNull: it was NULL, so that nothing was ever held.
	ReasonNull
)

// Context is a region that a program enters and leaves.
type Context uint8

// Regions.
const (
	NoContext Context = iota
	ContextLock
	ContextResLock
	ContextIRQ
	ContextRCU
	ContextPreempt
)

// Object is what a special object on the stack is.
type Object uint8

// Special objects.
const (
	NoObject Object = iota
	ObjectDynptr
	ObjectIterator
	ObjectIRQFlag
)

// PlaceKind says what a Place is.
type PlaceKind uint8

// Kinds of places.
const (
	NoPlace PlaceKind = iota
	InRegister
	InSlot
	InBytes
)

// Place is where a value is: a register, a slot or a range of stack bytes, of
// one entry of a function. Two values of == places are in the same place.
type Place struct {
	Kind PlaceKind
	// Frame is the depth of the function; Activation is different for any two
	// entries of functions, those of equal depth included.
	Frame      uint8
	Activation uint32
	// Index is the register's number, or the slot's: slot i is at
	// r10-8*(i+1).
	Index uint8
	// From and To bound InBytes: offsets from r10, To exclusive.
	From, To int16
}

// Value is what was known of a value at one time.
type Value struct {
	Type regtype.Reg
	// Map and Struct name what is pointed to, where that has a name.
	Map, Struct string
	// Off is the fixed part of a pointer's offset. Bits and Mask are the known
	// bits, and which are unknown, of a number or of the variable part of the
	// offset; the ranges are about the same.
	Off        int32
	Bits, Mask uint64
	Min, Max   int64
	UMin, UMax uint64
	// Min32, Max32, UMin32 and UMax32 are the ranges of the low 32 bits.
	Min32, Max32   int32
	UMin32, UMax32 uint32
	// Packet is how many bytes after a packet pointer are there for certain.
	Packet int32
	// Ref is the reference that the value depends on, 0 for none.
	Ref uint32
	// Frame is the depth of the function whose stack is pointed into.
	Frame uint8
}

// IsConst reports whether x is a number, or an offset, that is known exactly.
func (x *Value) IsConst() bool { return x.Mask == 0 }

// IsNumber reports whether the value is not a pointer.
func (x *Value) IsNumber() bool { return x.Type == regtype.Scalar }

// IsStack reports whether the value points into the stack.
func (x *Value) IsStack() bool { return x.Type == regtype.PtrToStack }

// Change is a place whose value is known better.
type Change struct {
	Place    Place
	Old, New *Value
}

// Event is one step of the history that led to a rejection.
type Event struct {
	Kind   EventKind
	Reason Reason
	// Taken is the outcome of a branch.
	Taken bool
	// Refines marks arithmetic on a value, which goes on being that value.
	Refines bool
	// PC is the instruction; Frame the depth of its function, Activation the
	// function's entry. Of EventCall they are those of the function entered.
	PC, Frame  int
	Activation uint32
	// Ref is the reference acquired or released, that of an object, or the
	// identity of the lock taken.
	Ref uint32
	// Context and Depth describe a region after the event.
	Context Context
	Depth   int
	// Object is what was created or destroyed.
	Object Object
	// Place was modified; Origin is where its value came from, and Operand the
	// other operand of arithmetic, if any.
	Place, Origin, Operand Place
	// Callee is where the function begins that a call enters, also for the
	// arguments that the call hands to it.
	Callee int
	// Old and New are the values of Place, nil where it was or is nothing that
	// is followed.
	Old, New *Value
	// Learnt are the values that a branch refined.
	Learnt []Change
}

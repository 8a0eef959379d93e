// SPDX-License-Identifier: GPL-2.0-only

package fault

import (
	"fmt"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/verifier/regtype"
)

// Families of calls, of functions, and of the program as a whole.

// Call is a call of a function.
type Call struct {
	Name string `fact:"callee"`
}

// NumberedCall is a call whose message has the function's number too.
type NumberedCall struct {
	Call
	ID int32 `fact:"id"`
}

// HelperCall is a call of a helper that the program may not use.
type HelperCall struct {
	NumberedCall
	// Missing is what would have to be otherwise.
	Missing string `fact:"want"`
	// ProgType is the number of the program's type.
	ProgType uint32 `fact:"progid"`
}

// Region is a stretch of code that must not sleep.
type Region string

// Regions.
const (
	InRCU     Region = "rcu_read_lock region"
	NoPreempt Region = "non-preemptible region"
	NoIRQ     Region = "IRQ-disabled region"
)

// RegionCall is a call in a region that it may not be made in.
type RegionCall struct {
	NumberedCall
	Region Region `fact:"context"`
}

// Argument is an argument of a call.
type Argument struct {
	// Arg counts from 1, as registers of arguments do.
	Arg  uint8       `fact:"reg nth argno-1"`
	Call string      `fact:"callee"`
	Kind regtype.Reg `fact:"type"`
}

// FormatData is the length in bytes of the arguments that go with a format.
type FormatData struct {
	Argument
	Length uint64 `fact:"datasize"`
}

// Kinds are kinds of values.
type Kinds []regtype.Reg

// String is the list as the log writes it.
func (k Kinds) String() string {
	names := make([]string, len(k))
	for i, t := range k {
		names[i] = t.String()
	}
	return strings.Join(names, ", ")
}

// Unexpected is an argument of a kind that the function does not take.
type Unexpected struct {
	Argument
	Want Kinds `fact:"want"`
}

// DynptrKind is a dynptr of another kind than the function takes.
type DynptrKind struct {
	Argument
	Want string `fact:"want"`
}

// TypeName is a type of BTF.
type TypeName struct{ Kind, Name string }

// String is the type as the log spells it.
func (t TypeName) String() string { return t.Kind + " " + t.Name }

// TypedArgument is an argument whose parameter is of a type.
type TypedArgument struct {
	Argument
	Type TypeName `fact:"btf"`
	// Allowed is what the type might point to.
	Allowed string `fact:"allowed"`
	Error   int    `fact:"error"`
}

// StructArgument is a pointer to another structure than the function takes.
type StructArgument struct {
	Argument
	Has  TypeName `fact:"type"`
	Want TypeName `fact:"want"`
}

// NamedStructArgument is a StructArgument of which the message has the names
// alone.
type NamedStructArgument struct {
	Argument
	Has  string `fact:"type"`
	Want string `fact:"want"`
}

// KindArgument is an argument whose parameter is of a kind of types.
type KindArgument struct {
	Argument
	Type string `fact:"btf"`
}

// MapPair is an argument that goes with a map, and the lookups that the two
// are from.
type MapPair struct {
	Argument
	ID    int32  `fact:"id"`
	Other uint32 `fact:"other"`
}

// ArgumentOffset is an argument with an offset.
type ArgumentOffset struct {
	Argument
	Off int64 `fact:"off"`
}

// OwnedArgument is an argument that stands for a reference.
type OwnedArgument struct {
	Argument
	Reference
}

// SecondReference is an argument that stands for a reference, after another
// one.
type SecondReference struct {
	OwnedArgument
	Other uint32 `fact:"other"`
}

// FlagArgument is a saved interrupt state, and which functions saved and would
// restore it.
type FlagArgument struct {
	Argument
	SavedBy    string `fact:"saved_by"`
	RestoredBy string `fact:"restored_by"`
}

// Unlock is an argument that a lock is released through.
type Unlock struct {
	Argument
	Lock string `fact:"lock"`
}

// Iterator is an argument that is an iterator.
type Iterator struct {
	Argument
	Name string `fact:"name"`
}

// FieldArgument is an argument that has to be a special field.
type FieldArgument struct {
	Argument
	Name string `fact:"name"`
	// Map is the map that the argument points into, and Place what that is.
	Map   string `fact:"map"`
	Place string `fact:"place"`
}

// FieldOffset is a FieldArgument at an offset, and where its field is.
type FieldOffset struct {
	FieldArgument
	Off int64 `fact:"off"`
	At  int64 `fact:"at"`
}

// Node is a node for a list or tree of another kind.
type Node struct {
	FieldArgument
	Root string `fact:"root"`
	// Has is the structure that At is in, Want the one that Off is in.
	Has  string `fact:"type"`
	At   int64  `fact:"at"`
	Want string `fact:"want"`
	Off  int64  `fact:"off"`
}

// MemoryPair are two arguments that are memory and its length, from 0.
type MemoryPair struct {
	Memory int `fact:"memno"`
	Length int `fact:"sizeno"`
}

// Map is a map.
type Map struct {
	Name string `fact:"name"`
}

// FieldMap is a map with a special field that the program may not have.
type FieldMap struct {
	Map
	Field string `fact:"field"`
}

// MapRegister is a register that points into a map.
type MapRegister struct {
	Register
	Map
}

// MapCall is a call that works on a map.
type MapCall struct {
	NumberedCall
	Map
	MapType uint32 `fact:"maptype"`
}

// MapOffset is an offset into a map's value.
type MapOffset struct {
	Map
	Object int64 `fact:"object"`
	Off    int64 `fact:"off"`
}

// Sized is something of a size that has a limit.
type Sized struct {
	Call
	Size  int64 `fact:"size"`
	Limit int64 `fact:"limit"`
}

// TypeID is the number of a type passed to a function.
type TypeID struct {
	Call
	ID int64 `fact:"id"`
}

// Result is the type that a function returns.
type Result struct {
	NumberedCall
	Type  string `fact:"type"`
	Error int    `fact:"error"`
}

// Params is how many parameters a function has, and may have.
type Params struct {
	Name  string `fact:"name callee"`
	Count int    `fact:"count"`
	Most  int    `fact:"most"`
}

// Param is a parameter of a function of the program.
type Param struct {
	Name string `fact:"name"`
	// Param counts from 1.
	Param uint8    `fact:"nth argno-1"`
	Kind  string   `fact:"btf_kind"`
	Type  TypeName `fact:"btf"`
	Want  string   `fact:"want"`
	Error int      `fact:"error"`
	// Gives is the type of the result in C, where that is what does not do.
	Gives string `fact:"gives"`
}

// Function is a function of the program by name and number.
type Function struct {
	Name string `fact:"name callee"`
	ID   int    `fact:"id"`
}

// Named is something that has a name.
type Named struct {
	Name string `fact:"name"`
}

// Circle is a function that calls one that is being executed.
type Circle struct {
	Depth
	Caller string `fact:"caller"`
	Callee string `fact:"callee"`
}

// Depth is how many of something there are.
type Depth struct {
	Count int `fact:"max"`
}

// CallSite is a call in a function of the program.
type CallSite struct {
	PC       int `fact:"pc"`
	Function int `fact:"id"`
}

// Jump is an edge of the control flow.
type Jump struct {
	From int `fact:"pc"`
	To   int `fact:"at"`
}

// Instruction is an instruction as such.
type Instruction struct {
	PC int `fact:"pc"`
}

// Opcode is a part of an instruction's encoding.
type Opcode uint32

// String is the opcode as the log writes it.
func (o Opcode) String() string { return fmt.Sprintf("%02x", uint32(o)) }

// Encoding is an instruction that does not exist.
type Encoding struct {
	Name   string `fact:"name"`
	Opcode Opcode `fact:"op"`
}

// Immediate is a number that an instruction does not take.
type Immediate struct {
	Value int64 `fact:"imm"`
}

// OperandSize is the width of an operation in bytes.
type OperandSize struct {
	Size int64 `fact:"size"`
}

// Record is an entry of the tables that come with a program.
type Record struct {
	ID   int `fact:"id"`
	Off  int `fact:"off"`
	At   int `fact:"at"`
	Most int `fact:"max"`
}

// Number is something that the program refers to by number.
type Number struct {
	ID int64 `fact:"id"`
}

// Symbol is a variable of the kernel.
type Symbol struct {
	Name  string `fact:"name"`
	Type  string `fact:"btf"`
	Error int    `fact:"error"`
}

// Hook is a function or type that the program is attached to.
type Hook struct {
	Name string `fact:"name"`
	ID   uint32 `fact:"id"`
	// Target is what the number leads to.
	Target string `fact:"target"`
	// Arg is a parameter, from 0, or how many there are.
	Arg  int    `fact:"argno"`
	Type string `fact:"btf"`
}

// Misfit is why a function cannot be replaced.
type Misfit uint8

// Misfits that are not about types.
const (
	MisfitExtension Misfit = iota + 1
	MisfitTracing
	MisfitStatic
	MisfitCallback
	MisfitContext
	MisfitPacket
	MisfitSleep
)

// Replacement is a program and the function of another one that it replaces.
type Replacement struct {
	Name  string `fact:"name"`
	Other string `fact:"other"`
	Why   Misfit
}

// ReplacementCount is how many parameters both have.
type ReplacementCount struct {
	Replacement
	Count      int `fact:"count"`
	OtherCount int `fact:"most"`
}

// ReplacementType is the type of a parameter, or of the result, of both.
type ReplacementType struct {
	Replacement
	// Result says that it is the result.
	Result bool
	// Arg counts parameters from 0.
	Arg int `fact:"argno"`
	// Kind and OtherKind are of the types, or the names of the structs that they point to.
	Kind      string `fact:"type"`
	OtherKind string `fact:"want"`
	Size      int64  `fact:"size"`
	OtherSize int64  `fact:"object"`
	// Gives and Wanted are the types in C.
	Gives  string `fact:"gives"`
	Wanted string `fact:"member"`
}

// OpsMember is a function that a structure of the kernel takes.
type OpsMember struct {
	Name   string `fact:"name"`
	Member string `fact:"member"`
	Index  uint32 `fact:"argno"`
}

// StackUse is the stack that functions take, in bytes.
type StackUse struct {
	Size     int64 `fact:"size"`
	Frames   int   `fact:"depth"`
	Function int   `fact:"id"`
}

// Detail is what a verifier finds wrong in itself.
type Detail struct {
	Detail string `fact:"detail"`
}

// RemovedCall is the use of a function that never runs, and the number that the
// instruction has once such functions are removed.
type RemovedCall struct {
	Name string `fact:"name"`
	PC   int    `fact:"pc"`
}

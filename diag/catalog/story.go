// SPDX-License-Identifier: GPL-2.0-only

package catalog

// Anchor is the place that a diagnostic is shown at.
type Anchor uint8

// Anchors.
const (
	// AtInstruction is the expression of the instruction that fails.
	AtInstruction Anchor = iota + 1
	// AtReturn is the statement by which the path leaves the function.
	AtReturn
	// AtFunction is the declaration of the function that fails.
	AtFunction
	// AtProgram is the declaration of the program's function.
	AtProgram
)

// Story is what the history of a fault is about. A fault that knows of a
// reference tells the story of that, whatever its code.
type Story struct {
	About Subject
	// Regions are those that the story may be about.
	Regions []Region
}

// Subject is the kind of a story.
type Subject uint8

// Subjects.
const (
	// AboutNothing is the path as such.
	AboutNothing Subject = iota + 1
	// AboutProgram is no story: how the place was reached does not matter.
	AboutProgram
	// AboutValue is the value in the register concerned.
	AboutValue
	// AboutRegion is a region that was entered and left.
	AboutRegion
	// AboutOpenRegion is a region that is still open.
	AboutOpenRegion
	// AboutHeldLock is a lock that is in the way: where it was taken says it
	// all.
	AboutHeldLock
	// AboutSleep is the region that forbids to sleep, the first that is open.
	AboutSleep
)

// Region is a stretch of code between two calls.
type Region uint8

// Regions, in the order in which the kernel blames them for a call that may
// sleep.
const (
	RCU Region = iota
	Preempt
	IRQ
	Lock
	ResilientLock
)

// Stories that rows have.
var (
	noStory      = Story{About: AboutNothing}
	programStory = Story{About: AboutProgram}
	valueStory   = Story{About: AboutValue}
	sleepStory   = Story{About: AboutSleep}
)

// afterRegion is the story of a region that was left.
func afterRegion(r ...Region) Story { return Story{About: AboutRegion, Regions: r} }

// inRegion is the story of a region that is open.
func inRegion(r ...Region) Story { return Story{About: AboutOpenRegion, Regions: r} }

// heldLock is the story of a lock of a kind.
func heldLock(r ...Region) Story { return Story{About: AboutHeldLock, Regions: r} }

// Valued is what the value in a wording names.
type Valued uint8

// What values are.
const (
	// ValueOperand is the argument or the pointer as the source writes it.
	ValueOperand Valued = iota
	// ValueObject is the object that a passed address leads to.
	ValueObject
	// ValueWhole is the variable on the stack that an access is to a part of.
	ValueWhole
	// ValueReturned is the expression that a function returns.
	ValueReturned
)

// Naming is how the name in a wording is written.
type Naming uint8

// Namings.
const (
	NameQuoted Naming = iota
	NameFunction
	NameStruct
)

// Of is a name as the wording has it.
func (n Naming) Of(name string) string {
	switch n {
	case NameFunction:
		return Call(name)
	case NameStruct:
		return Quote(Struct(name))
	}
	return Quote(name)
}

// SPDX-License-Identifier: GPL-2.0-only

package catalog

// Detail is something that is looked up in the source, the recorded walk or the
// kernel's facts for faults of some codes. diag/explain has a function for each;
// what it finds is a fact that the row or one of its cases mentions.
type Detail uint8

// Details.
const (
	// DetailUnset is why a register holds no value.
	DetailUnset Detail = iota
	// DetailNullCheck is the NULL check that is missing.
	DetailNullCheck
	// DetailPadding is from which byte on memory was never written.
	DetailPadding

	// DetailEndedObject is what became of a dynptr, an iterator or an interrupt
	// flag; DetailUnowned is why a dynptr owns nothing.
	DetailEndedObject
	DetailUnowned
	// DetailLiveObject is where the object was made that is in the way.
	DetailLiveObject
	// DetailSaver is the call that saved an interrupt state, and DetailLatestSave
	// the state that has to be restored first.
	DetailSaver
	DetailLatestSave

	// DetailRegion is the call that would end the region which is open.
	DetailRegion
	// DetailLock is the lock that is held.
	DetailLock

	// DetailPacket is which bytes of a packet are needed, and which are proven, and
	// DetailLengthTest a condition that tests a length in place of them.
	DetailPacket
	DetailLengthTest
	// DetailMisplaced is the access of the source, if the compiler notes another.
	DetailMisplaced
	// DetailBeyond is the object that an access is behind the end of.
	DetailBeyond
	// DetailDeclared is the size of a variable, and where it is declared.
	DetailDeclared
	// DetailMoved is the relocation that moved an access out of a copy.
	DetailMoved

	// DetailIndex is which limits an index has and which it needs, DetailAmount
	// why a number has no better ones, and DetailOffset what an offset is called.
	DetailIndex
	DetailAmount
	DetailOffset
	// DetailStackBounds is how an access is outside of the stack, DetailWorstOffset
	// that its offset is one of several, DetailConstantIndex how many elements the
	// array has, and DetailSubtracted what was subtracted from the pointer.
	DetailStackBounds
	DetailWorstOffset
	DetailConstantIndex
	DetailSubtracted
	// DetailRoom is how many bytes there are for the length of a call, and
	// DetailRelation an offset and a length that are limited one by one.
	DetailRoom
	DetailRelation
	// DetailForeign is whose memory a number leads to that is used as a pointer.
	DetailForeign
	// DetailPair are the two pointers of an operation, and DetailFixedPointer is what to
	// add to in place of a pointer that cannot be moved.
	DetailPair
	DetailFixedPointer
	// DetailPointerNumber is what a number is that is used with a pointer.
	DetailPointerNumber

	// DetailRepeatedLoop is why the loop at an instruction does not end, and
	// DetailLoop the same of whichever loop the path is in.
	DetailRepeatedLoop
	DetailLoop
	// DetailSpent is where the instructions of the walk went.
	DetailSpent
	// DetailStackChain is the chain of calls that takes too much stack, and
	// DetailStackBefore the chain that leads to the last function of one.
	DetailStackChain
	DetailStackBefore

	// DetailMapArgument is what is passed in place of a map, DetailContextArgument what
	// in place of the context, DetailReadOnly which memory is read-only, and
	// DetailMovedArgument what was added to a pointer.
	DetailMapArgument
	DetailContextArgument
	DetailReadOnly
	DetailMovedArgument
	// DetailMergedRead is the member of the context that an access leads to which the
	// compiler made of several.
	DetailMergedRead
	// DetailReadObject is which object on the stack is read.
	DetailReadObject
	// DetailMapType is the type of a map, and which would do.
	DetailMapType
	// DetailForbiddenField is the member of a map's values that is not allowed.
	DetailForbiddenField
	// DetailUntypedMap is a map whose definition has sizes instead of types.
	DetailUntypedMap
	// DetailFieldOfMap is where a map's values have a special field, and
	// DetailMisplacedField the argument that points to another place.
	DetailFieldOfMap
	DetailMisplacedField
	// DetailConstantString is how to pass a string.
	DetailConstantString
	// DetailTrusted is why a pointer is not trusted, and DetailGetters how to get
	// one that is.
	DetailTrusted
	DetailGetters
	// DetailUntracked is where a number came from that is passed for an object.
	DetailUntracked
	// DetailGlobalArgument and DetailParameter are about functions that are
	// verified on their own.
	DetailGlobalArgument
	DetailParameter
	// DetailReplaced is why an extension does not fit the function that it replaces.
	DetailReplaced
	// DetailMissingArgument and DetailContextMember are about accesses to the
	// context.
	DetailMissingArgument
	DetailContextMember
	// DetailSocketMember is the member of a socket that is accessed.
	DetailSocketMember
	// DetailWritable is which members may be written, and DetailTracedWrite that the
	// program only observes the object.
	DetailWritable
	DetailTracedWrite
	// DetailHook is what the values mean that a function returns to a hook.
	DetailHook
	// DetailLender is what lent a reference, DetailStorer which function stores bytes of
	// a packet, and DetailAwake how to do without sleeping.
	DetailLender
	DetailStorer
	DetailAwake
	// DetailWritten is what the program does with a map that it may not access so.
	DetailWritten
	// DetailUnaligned is what an access is not aligned to.
	DetailUnaligned
	// DetailCutStore is what a pointer is stored in that is too small for it.
	DetailCutStore
	// DetailPointerSize is a size that is that of a pointer, DetailSizeBetween a
	// size between two limits, and DetailConstantSize a constant that a size can be.
	DetailPointerSize
	DetailSizeBetween
	DetailConstantSize
	// DetailSmallValue is the type that is larger than the values of a map, and
	// DetailPerCPU whether an object is one of each CPU.
	DetailSmallValue
	DetailPerCPU
	// DetailKeyless is a map without keys that is passed one.
	DetailKeyless
	// DetailInnerMap is the map of maps that an accessed map was looked up in,
	// DetailOtherMap the map that an object lies in, and DetailCoveredField the member
	// of a map's value that a call may not access.
	DetailInnerMap
	DetailOtherMap
	DetailCoveredField
	// DetailChangingString is where a string is that must be constant.
	DetailChangingString
	// DetailSuitableMap is a map of the program that would do, and DetailSubstitute an
	// argument that would.
	DetailSuitableMap
	DetailSubstitute
	// DetailSibling is the function that returns memory to write where another one returns
	// memory to read.
	DetailSibling
	// DetailOffered is where a function may be called, and DetailLoader which
	// function loads bytes of a packet instead.
	DetailOffered
	DetailLoader

	// NumDetails is how many there are.
	NumDetails
)

// Amount is the number that a fault is about, if it is about one.
type Amount uint8

// Amounts.
const (
	// AmountNegative, AmountZero and AmountUnlimited are sizes that are passed:
	// they may be negative, may be 0, or have no upper limit.
	AmountNegative Amount = iota + 1
	AmountZero
	AmountUnlimited
	// AmountAdded is what was added to the pointer of an access.
	AmountAdded
	// AmountOperand is what the failing instruction adds to a pointer.
	AmountOperand
)

// IsSize reports whether the number is a size that is passed.
func (a Amount) IsSize() bool { return a >= AmountNegative && a <= AmountUnlimited }

// SPDX-License-Identifier: GPL-2.0-only

package explain

import "github.com/bpf-lsp/bpf-lsp/diag/catalog"

// What is looked up for single kinds of faults, once the value, the call and
// the words are known:
//
//	objects.go   dynptrs, iterators, interrupt flags: where made, where ended
//	locks.go     locks: which one, where it was taken and released
//	amount.go    sizes and offsets: their limits, why they have no better ones
//	bounds.go    accesses outside of an object that no such limit explains
//	lengths.go   memory that is passed with its length
//	loops.go     loops that do not end, stack of chains of calls
//	relocated.go accesses that CO-RE moved out of a copy
//	misplaced.go accesses that the compiler notes at another one
//	foreign.go   numbers that are used as pointers: whose memory they lead to
//	memory_names.go, substitutes.go   what memory is meant, and what would do instead
//	sizes.go     local variables: their sizes, where they are declared
//	arguments.go arguments that a parameter does not take, and why
//	passed.go    maps, keys, contexts: what is passed in their place
//	context.go   members of contexts and sockets that cannot be accessed so
//	members.go   members of the kernel's structs, arguments of hooks
//	casts.go     objects that the source casts to a larger type
//	operators.go operators that pointers do not take
//	maps.go      maps: what their definition says, and what it should
//	offered.go   where a function may be called, and what to call instead
//
// Each adds facts that a case of the catalogue is about, and related places.

// addDetails adds what is known for the code of the fault.
func (f *finding) addDetails() {
	switch f.entry.Code {
	case catalog.UninitializedDynptr, catalog.UninitializedIterator, catalog.UninitializedIRQFlag:
		f.addEndedObject()
	case catalog.ReleaseNotOwned:
		f.addUnowned()
		f.addLender()
	case catalog.IteratorAlreadyInitialized, catalog.IRQFlagAlreadyInitialized:
		f.addLiveObject()
	case catalog.IRQFlagFamilyMismatch:
		f.addSaver()
	case catalog.IRQRestoreOutOfOrder:
		f.addLatestSave()
	case catalog.NestedSpinLock, catalog.RecursiveLock, catalog.UnlockDifferentLock, catalog.UnlockOutOfOrder,
		catalog.LockHeldAtExit, catalog.CallUnderLock, catalog.GlobalCallUnderLock:
		f.addLock()
	case catalog.UnlockWithoutLock, catalog.UnmatchedRCUUnlock, catalog.UnmatchedPreemptEnable:
		f.addEndedRegion()
	case catalog.PacketOutOfBounds:
		f.addMisplaced()
	case catalog.ScalarDereference:
		f.addForeign()
	case catalog.ReadOnlyMap, catalog.WriteOnlyMap:
		f.addWritten()
	case catalog.Misaligned:
		f.addUnaligned()
	case catalog.BTFAccess:
		f.addBeyond()
	case catalog.MemoryRange, catalog.UninitializedStackRead:
		f.addDeclared()
	case catalog.MemoryLengthRange:
		f.addAmount()
		f.addRoom()
		f.addRelation()
		f.addDeclared()
	case catalog.NegativeSize, catalog.ZeroSize, catalog.UnboundedSize, catalog.PointerOffsetUnsafe,
		catalog.NegativeOffset, catalog.OutOfBounds, catalog.UnboundedOffset, catalog.StackOutOfBounds:
		f.addAmount()
		f.addBoundsDetails()
	case catalog.LimitInfiniteLoop, catalog.LimitPendingBranches, catalog.LimitInstructions:
		f.addLoop()
		f.addSpent()
	case catalog.PointerArithForbidden:
		f.addFixedPointer()
	case catalog.PointerPointerArith:
		f.addPair()
	case catalog.PointerArithOperator, catalog.PointerBitwise, catalog.PointerArith32Bit:
		f.addPointerNumber()
	case catalog.LimitTailCallStack, catalog.LimitStackSize:
		f.addStackChain()
	default:
		f.addCallDetails()
	}
	switch f.entry.Code {
	case catalog.StackOutOfBounds, catalog.OutOfBounds, catalog.MemoryRange, catalog.UninitializedStackRead:
		f.addMoved()
	}
	switch f.entry.Code {
	case catalog.OutOfBounds, catalog.MemoryRange, catalog.MemoryLengthRange:
		f.addPointerSize()
	case catalog.ZeroSize:
		f.addSizeBetween()
	}
}

// addBoundsDetails adds what no index with limits explains.
func (f *finding) addBoundsDetails() {
	switch f.entry.Code {
	case catalog.StackOutOfBounds:
		f.addStackBounds()
	case catalog.OutOfBounds:
		f.addWorstOffset()
		f.addConstantIndex()
	case catalog.UnboundedOffset, catalog.NegativeOffset:
		f.addSubtracted()
	}
}

// detail relates the place of an instruction to the fault.
func (f *finding) detail(pc int, message string) {
	f.details = append(f.details, step{pc: pc, span: f.Span(pc), message: message})
}

// SPDX-License-Identifier: GPL-2.0-only

package explain

import "github.com/bpf-lsp/bpf-lsp/diag/catalog"

// details are the functions that look up what rows of the catalogue ask for, once
// the value, the call and the words are known. Each adds facts that the row or one
// of its cases mentions, and related places.
//
//	objects.go   dynptrs, iterators, interrupt flags: where made, where ended
//	locks.go     locks and regions: which one, where it was entered and left
//	packet.go, packet_length.go   packets: what an access needs, what is proven
//	amount.go    sizes and offsets: their limits, why they have no better ones
//	bounds.go    accesses outside of an object that no such limit explains
//	lengths.go   memory that is passed with its length
//	loops.go     loops that do not end
//	operators.go operators that pointers do not take
//	stackchain.go stack of chains of calls
//	relocated.go accesses that CO-RE moved out of a copy
//	misplaced.go accesses that the compiler notes at another one
//	foreign.go   numbers that are used as pointers: whose memory they lead to
//	memory_names.go, substitutes.go   what memory is meant, and what would do instead
//	sizes.go     local variables: their sizes, where they are declared
//	cut_pointer.go addresses in numbers of 32 bits
//	small_memory.go   memory that is smaller than the type that it is taken for
//	arguments.go arguments that a parameter does not take, and why
//	passed.go    maps, keys, contexts: what is passed in their place
//	context.go   members of contexts and sockets that cannot be accessed so
//	members.go   members of the kernel's structs, arguments of hooks
//	casts.go     objects that the source casts to a larger type
//	map_objects.go which map a fault is about, what is in its values
//	maps.go      maps: what their definition says, and what it should
//	returned.go  what a hook makes of returned values
//	siblings.go  functions of the kernel that do the same for other memory
//	offered.go   where a function may be called, and what to call instead
var details = [catalog.NumDetails]func(*finding){
	catalog.DetailUnset:           (*finding).addUnset,
	catalog.DetailNullCheck:       (*finding).addNullCheck,
	catalog.DetailPadding:         (*finding).addPadding,
	catalog.DetailEndedObject:     (*finding).addEndedObject,
	catalog.DetailUnowned:         (*finding).addUnowned,
	catalog.DetailLiveObject:      (*finding).addLiveObject,
	catalog.DetailSaver:           (*finding).addSaver,
	catalog.DetailLatestSave:      (*finding).addLatestSave,
	catalog.DetailRegion:          (*finding).addRegion,
	catalog.DetailLock:            (*finding).addLock,
	catalog.DetailPacket:          (*finding).addPacket,
	catalog.DetailLengthTest:      (*finding).addLengthTest,
	catalog.DetailMisplaced:       (*finding).addMisplaced,
	catalog.DetailBeyond:          (*finding).addBeyond,
	catalog.DetailDeclared:        (*finding).addDeclared,
	catalog.DetailMoved:           (*finding).addMoved,
	catalog.DetailIndex:           (*finding).addIndex,
	catalog.DetailAmount:          (*finding).addAmount,
	catalog.DetailOffset:          (*finding).addOffset,
	catalog.DetailStackBounds:     (*finding).addStackBounds,
	catalog.DetailWorstOffset:     (*finding).addWorstOffset,
	catalog.DetailConstantIndex:   (*finding).addConstantIndex,
	catalog.DetailSubtracted:      (*finding).addSubtracted,
	catalog.DetailRoom:            (*finding).addRoom,
	catalog.DetailRelation:        (*finding).addRelation,
	catalog.DetailForeign:         (*finding).addForeign,
	catalog.DetailPair:            (*finding).addPair,
	catalog.DetailFixedPointer:    (*finding).addFixedPointer,
	catalog.DetailPointerNumber:   (*finding).addPointerNumber,
	catalog.DetailRepeatedLoop:    (*finding).addRepeatedLoop,
	catalog.DetailLoop:            (*finding).addLoop,
	catalog.DetailSpent:           (*finding).addSpent,
	catalog.DetailStackChain:      (*finding).addStackChain,
	catalog.DetailStackBefore:     (*finding).addStackBefore,
	catalog.DetailMapArgument:     (*finding).addMapArgument,
	catalog.DetailContextArgument: (*finding).addContextArgument,
	catalog.DetailReadOnly:        (*finding).addReadOnlyArgument,
	catalog.DetailMovedArgument:   (*finding).addMovedArgument,
	catalog.DetailMergedRead:      (*finding).addMergedRead,
	catalog.DetailReadObject:      (*finding).addReadObject,
	catalog.DetailMapType:         (*finding).addMapType,
	catalog.DetailForbiddenField:  (*finding).addForbiddenField,
	catalog.DetailUntypedMap:      (*finding).addUntypedMap,
	catalog.DetailFieldOfMap:      (*finding).addFieldOfMap,
	catalog.DetailMisplacedField:  (*finding).addMisplacedField,
	catalog.DetailConstantString:  (*finding).addConstantString,
	catalog.DetailTrusted:         (*finding).addTrusted,
	catalog.DetailGetters:         (*finding).addGetters,
	catalog.DetailUntracked:       (*finding).addUntracked,
	catalog.DetailGlobalArgument:  (*finding).addGlobalArgument,
	catalog.DetailParameter:       (*finding).addParameter,
	catalog.DetailReplaced:        (*finding).addReplaced,
	catalog.DetailMissingArgument: (*finding).addMissingArgument,
	catalog.DetailContextMember:   (*finding).addContextMember,
	catalog.DetailSocketMember:    (*finding).addSocketMember,
	catalog.DetailWritable:        (*finding).addWritable,
	catalog.DetailHook:            (*finding).addHook,
	catalog.DetailTracedWrite:     (*finding).addTracedWrite,
	catalog.DetailLender:          (*finding).addLender,
	catalog.DetailWritten:         (*finding).addWritten,
	catalog.DetailUnaligned:       (*finding).addUnaligned,
	catalog.DetailCutStore:        (*finding).addCutStore,
	catalog.DetailPointerSize:     (*finding).addPointerSize,
	catalog.DetailConstantSize:    (*finding).addConstantSizes,
	catalog.DetailSizeBetween:     (*finding).addSizeBetween,
	catalog.DetailSmallValue:      (*finding).addSmallValue,
	catalog.DetailPerCPU:          (*finding).addPerCPUObject,
	catalog.DetailKeyless:         (*finding).addKeyless,
	catalog.DetailInnerMap:        (*finding).addInnerMap,
	catalog.DetailOtherMap:        (*finding).addOtherMap,
	catalog.DetailCoveredField:    (*finding).addCoveredField,
	catalog.DetailChangingString:  (*finding).addChangingString,
	catalog.DetailSuitableMap:     (*finding).addSuitableMap,
	catalog.DetailSubstitute:      (*finding).addSubstitute,
	catalog.DetailAwake:           (*finding).addAwake,
	catalog.DetailStorer:          (*finding).addStorer,
	catalog.DetailSibling:         (*finding).addSibling,
	catalog.DetailOffered:         (*finding).addOffered,
	catalog.DetailLoader:          (*finding).addLoader,
}

// addDetails adds what the row of the fault asks for.
func (f *finding) addDetails() {
	for _, d := range f.entry.Details {
		details[d](f)
	}
	if f.entry.Leaves != nil {
		f.addEndedRegion()
	}
}

// detail relates the place of an instruction to the fault.
func (f *finding) detail(pc int, message string) {
	f.details = append(f.details, step{pc: pc, span: f.Span(pc), message: message})
}

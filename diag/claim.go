// SPDX-License-Identifier: GPL-2.0-only

package diag

import (
	"math"

	"github.com/bpf-lsp/bpf-lsp/verifier/record"
)

// Claim is what a message states about the failing path, in a form that can be
// held against the recorded walk.
type Claim struct {
	Kind ClaimKind
	// Event is the index in the history that the claim is about, -1 for the
	// failing instruction.
	Event int
	// Text is the C condition or the name, as it is shown.
	Text string
	// Truth is how a condition went.
	Truth bool
	// Place holds the value that is named, or that the numbers are about.
	Place record.Place
	// Clause are the words that state numbers, as they are printed; Low and High
	// are those numbers, and Unlimited stands for one that is not stated.
	Clause    string
	Low, High int64
	// Width is how many bits are computed with, or how many bytes an index
	// counts in.
	Width int64
}

// Unlimited, as the low or the high number of a claim, is a limit that is not stated.
// They are what numbers of 64 bits can be at least and at most.
const (
	UnlimitedLow  = math.MinInt64
	UnlimitedHigh = math.MaxInt64
)

// AtFault is the Event of claims about the state at the failing instruction. In
// those about numbers an event stands for the state just before it.
const AtFault = -1

// ClaimKind is what a claim is about.
type ClaimKind uint8

// Kinds of claims.
const (
	// ClaimCondition states that a condition was true, or false, at a branch.
	ClaimCondition ClaimKind = iota
	// ClaimName states that the value at a place is that of a variable.
	ClaimName
	// ClaimOwned states that a reference is still held at the end.
	ClaimOwned

	// The claims about numbers.

	// ClaimNotNull: the pointer at a place is not NULL.
	ClaimNotNull
	// ClaimRange: the number at a place, or the variable part of the pointer there,
	// is Low to High.
	ClaimRange
	// ClaimReach: Low bytes of the packet are known to be there.
	ClaimReach
	// ClaimShort: a comparison with the pointer at a place lets only packets of at most
	// Low bytes pass.
	ClaimShort
	// ClaimBehind: Low bytes are known to be behind the pointer at a place.
	ClaimBehind
	// ClaimNeeds: the access of the fault ends High bytes into the packet. With a
	// Low it is at Low up to High, counted from the pointer. With a Text it is that of
	// the member which the access is a part of.
	ClaimNeeds
	// ClaimBytes: the access of the fault is at Low up to and with High, counted from
	// the pointer.
	ClaimBytes
	// ClaimMember: the member that the text names is at Low up to and with High, counted from
	// what its variable points to.
	ClaimMember
	// ClaimOffset: the fixed part of a pointer's offset is Low, its greatest offset
	// High.
	ClaimOffset
	// ClaimBeyond: the variable part of a pointer's offset may be more than Low.
	ClaimBeyond
	// ClaimObject: what the pointer at a place leads into has Low bytes.
	ClaimObject
	// ClaimRoom: Low bytes are left behind the pointer at a place, at its greatest
	// offset, of High that the object has.
	ClaimRoom
	// ClaimInside: an index of at most High, in units of Width, keeps the access
	// through the pointer at a place inside.
	ClaimInside
	// ClaimTogether: pointer and length, which follows in the next register, lead to
	// Low bytes, of High that there are behind the fixed part of the offset.
	ClaimTogether
	// ClaimSize: the local variable of a name has Low bytes, and the pointer at a
	// place leads High bytes into it. Without a place it is a global variable.
	ClaimSize
	// ClaimLocal: a local variable of a name has Low bytes.
	ClaimLocal
	// ClaimElements: the array of a name has Low elements.
	ClaimElements
	// ClaimOperand: the instruction of an event adds or subtracts the constant Low.
	ClaimOperand
	// ClaimWraps: the subtraction of an event makes Low of High, in Width bits.
	ClaimWraps
	// ClaimWidth: the number at a place fits into Width bits.
	ClaimWidth
	// ClaimDepth: Low regions of the event's kind are open behind an event.
	ClaimDepth
	// ClaimFrame: the function of a name takes Low bytes of stack.
	ClaimFrame
	// ClaimMoved: CO-RE moved a member from Low to High.
	ClaimMoved
	// ClaimFault: the rule that rejected the program knows the fact of a name as
	// Low, and High if that is stated.
	ClaimFault
	// ClaimRounds: loops, of which the conditions are quoted in the text, run Low
	// rounds together.
	ClaimRounds
	// ClaimQuoted: the clause is the kernel's message, or a part of it.
	ClaimQuoted
	// ClaimKernel: Low is a number of the target kernel, which no state shows.
	ClaimKernel
)

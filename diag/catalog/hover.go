// SPDX-License-Identifier: GPL-2.0-only

package catalog

import (
	"strconv"
	"strings"
)

// Wording is a part of a sentence, or what stands alone in a hover; see Fill for its
// placeholders.
type Wording string

// With fills in the facts.
func (w Wording) With(f Facts) string {
	text, _, _ := fill(string(w), f, 0)
	return text
}

// What is said of values in hovers, hints and lenses.
const (
	KnownNull      Wording = "NULL"
	KnownAnyNumber Wording = "any number"
	KnownRange     Wording = "{min}…{max}"
	KnownMapValue  Wording = "value of {map}[, {size}]"
	KnownMapKey    Wording = "key of {map}[, {size}]"
	KnownMap       Wording = "map {map}"
	KnownPacket    Wording = "packet"
	KnownMeta      Wording = "packet metadata"
	KnownStack     Wording = "address on the stack"
	KnownOuter     Wording = "address on the stack of the calling function"
	KnownObject    Wording = "{kind}[ {name}]"
	KnownMemory    Wording = "{kind}[, {size}]"
	KnownMayBeNull Wording = "{value}, may be NULL"
	KnownProven    Wording = "{value}, {size} proven"
	KnownOwned     Wording = "{value}, must be released"
	KnownOffset    Wording = "{value} + {off}"
	KnownAnywhere  Wording = "{value} + any offset"
	KnownOther     Wording = "something else"
	KnownUnset     Wording = "not set on some path"
	KnownPartly    Wording = "{value}, on the paths that have it"
	KnownObjectOf  Wording = "{size} on the stack, {detail}"
	KnownAllSet    Wording = "all set on every path"
	KnownSomeSet   Wording = "{size} of them set on every path"
	KnownAllZero   Wording = "all zero"
	KnownDynptr    Wording = "dynptr"
	KnownIterator  Wording = "iterator"
	KnownIRQFlag   Wording = "saved interrupt state"
	KnownMember    Wording = "{size} at offset {off} of {value}"
	MemberProven   Wording = "{value}, proven to be there"
	MemberUnproven Wording = "{value}, not proven to be there"
	KnownDead      Wording = "nothing, as no path comes to this line"
	KnownNowhere   Wording = "not kept by the compiler"
	KnownGlobal    Wording = "{size} in {map}, at offset {off}"
	KnownFrozen    Wording = "{value}, constant in {map}"

	CaseAfter     Wording = "after line {lines}"
	CaseFrom      Wording = "straight from line {lines}"
	CaseCalled    Wording = "called in line {lines}"
	CaseTrue      Wording = "if {code} in line {lines} is true"
	CaseFalse     Wording = "if {code} in line {lines} is false"
	CaseOtherwise Wording = "otherwise"

	KindBorrowed  Wording = "borrowed pointer to"
	KindAllocated Wording = "allocated"
	KindUntrusted Wording = "untrusted pointer to"
	KindRCU       Wording = "RCU-protected pointer to"
	KindTrusted   Wording = "trusted pointer to"
	KindPlain     Wording = "pointer to"
)

// Or is between lines of which any is meant.
const Or = " or "

// Words around what is known.
const (
	HoverInLine     Wording = "in line {line}"
	HoverFolded     Wording = "folded by the compiler"
	HoverWalked     Wording = "This line was walked {count}."
	HoverWalkedIn   Wording = "{count} in {program}"
	HoverIncomplete Wording = "Of {program}, only the paths up to the fault were walked."
	HoverLife       Wording = "Life of {value}"
	HoverOpen       Wording = "Open on this line"
)

// What is said of functions of the kernel.
const (
	ContractReturnsNull  Wording = "May return NULL."
	ContractReturns      Wording = "Returns {kind}."
	ContractReturnsMaybe Wording = "Returns {kind}, or NULL."
	ContractAcquires     Wording = "The result must be released[: {releaser}]."
	ContractAcquiresArg  Wording = "What it stores in its {arg} argument must be released[: {releaser}]."
	ContractReleases     Wording = "Releases what it is given."
	ContractReleasesArg  Wording = "Releases its {arg} argument."
	ContractSleeps       Wording = "May sleep: only programs that may sleep can call it."
	ContractGPL          Wording = "Only for programs with a license that is compatible with the GPL."
	ContractMoves        Wording = "Pointers to the packet are invalid after it."
	ContractDestructive  Wording = "Needs CAP_SYS_BOOT, as it can crash the machine."
	ContractTrusted      Wording = "Pointers that it is given must be trusted."
	ContractRCU          Wording = "Pointers that it is given must be RCU-protected or trusted."
	ContractUnderRCU     Wording = "To be called in an RCU read section."
	ContractOffered      Wording = "For programs of the types {offered}."
	ContractOfferedAll   Wording = "For programs of all types."
	ContractNotOffered   Wording = "Programs of the type {progtype} cannot call it."
	ContractMaps         Wording = "Takes maps of the types {takes}."
	ContractSince        Wording = "Linux {limit} has it, Linux 6.18 does not."
)

// What is said of the uses of a resource.
const (
	LifeReads   Wording = "{value} is read"
	LifeRead    Wording = "read"
	LifeWrites  Wording = "{value} is written"
	LifeWritten Wording = "written"
)

// What is said of maps.
const (
	MapEntries  Wording = "At most {count} entries."
	MapSizes    Wording = "Keys of {min}, values of {max}."
	MapFlags    Wording = "Flags: {name}."
	MapInner    Wording = "Its values are maps like {map}."
	MapPinned   Wording = "Pinned by its name."
	MapDeclared Wording = "Declared in {line}."
)

// What is said of declarations and of return statements.
const (
	MapBuffer        Wording = "A buffer of {size}."
	MapMemory        Wording = "Its keys and values take {size} if it is full."
	MapUsers         Wording = "Used by {program}."
	StructSize       Wording = "{size}."
	StructPadding    Wording = "{size} of it are padding, which nobody sets: a copy of it to the user or into a map needs it zeroed first."
	StructMember     Wording = "{size} at offset {off} of {of}."
	MemberPadding    Wording = "{size} of padding follow."
	FunctionInlined  Wording = "The compiler put its code into {program}, in {lines}."
	FunctionCalled   Wording = "{program} calls it in {lines}."
	FunctionResult   Wording = "Here it returns {value}."
	LicenseGPL       Wording = "Compatible with the GPL: programs may call helpers that require this."
	LicenseOther     Wording = "Not compatible with the GPL: programs cannot call helpers that require this."
	ProgramType      Wording = "A program of the type {progtype}[, attached to {of}]."
	ProgramContext   Wording = "Its context is a {name}."
	ProgramReturns   Wording = "On all paths it returns {value}."
	ProgramMayReturn Wording = "The kernel takes {value}."
	ReturnMeans      Wording = "Returning {value}."
	ReturnEnds       Wording = "Ends {name}."
	ReturnLeaves     Wording = "Leaves {name}."
)

// Times says how often.
func Times(n int) string {
	switch n {
	case 1:
		return "once"
	case 2:
		return "twice"
	}
	return strconv.Itoa(n) + " times"
}

// InLines names lines of the source.
func InLines(lines []int) string {
	if len(lines) == 1 {
		return "line " + Lines(lines)
	}
	return "lines " + Lines(lines)
}

// Either lists what a value can be.
func Either(kinds []string) string {
	if n := len(kinds); n > 1 {
		return strings.Join(kinds[:n-1], ", ") + ", or " + kinds[n-1]
	}
	return strings.Join(kinds, "")
}

// Bits counts the bits of a field.
func Bits(n int64) string {
	if n == 1 {
		return "1 bit"
	}
	return strconv.FormatInt(n, 10) + " bits"
}

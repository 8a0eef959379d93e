// SPDX-License-Identifier: GPL-2.0-only

package catalog

import (
	"maps"
)

// FixKind says what a change of the source does, whatever its fault. Changes of one
// kind in a file can be made together.
type FixKind string

// Kinds of fixes.
const (
	FixNullCheck   FixKind = "null-check"
	FixPacketCheck FixKind = "packet-check"
	FixLimit       FixKind = "limit"
	FixRelease     FixKind = "release"
	FixInitialise  FixKind = "initialise"
	FixArgument    FixKind = "argument"
	FixRead        FixKind = "read"
	FixReturn      FixKind = "return"
	FixType        FixKind = "type"
	FixLicense     FixKind = "license"
	FixDeclaration FixKind = "declaration"
	FixHeader      FixKind = "include"
	FixBarrier     FixKind = "barrier"
	FixOrder       FixKind = "order"
)

// Titles of fixes.
const (
	FixInsertEach  Phrase = "Insert {check} before each of the returns in lines {line}"
	FixInsert      Phrase = "Insert {check}[ before line {line}]"
	FixInsertAfter Phrase = "Insert {check}[ behind line {line}]"
	FixReplace     Phrase = "Replace {value} by {instead}[ in line {line}]"
	FixRemove      Phrase = "Remove {check}[ from line {line}]"
	FixMove        Phrase = "Move {check}[ from line {line}] to before line {place}"
	FixKeep        Phrase = "Keep {value} in {name}, and test and use that[: {check}]"
	FixExchange    Phrase = "Exchange {value} and {name}"
	FixGuard       Phrase = "Make {check} only if {name}"
	FixCopy        Phrase = "Pass the address of a copy of {value}"
	FixDeclare     Phrase = "Declare {value} as {name}"
	FixDeclareAs   Phrase = "Declare {value} {name} in line {line}"
	FixIfThere     Phrase = "Let the kernel lack {value}, and call it only if {name}"
	FixInclude     Phrase = "Include {name}"
	FixDefine      Phrase = "Define {name}"
	FixInitial     Phrase = "Set the whole of {value} in line {line}"
	FixReread      Phrase = "Read the pointers into the packet again behind {call}, and check them"
	FixWideBarrier Phrase = "Declare {value} as {name}, and insert {check} before line {line}"
	FixSplit       Phrase = "Test {value} and {name} apart in line {line}, with a barrier between"
	FixJoin        Phrase = "Test {check} in line {line}, and leave out the condition in line {place}"
	FixBraces      Phrase = "Put line {place} into the `if` of line {line}"
)

// Titles of actions that make several changes.
const (
	FixAllOfKind Phrase = "Make all {count} changes of this kind in the file"
	FixAll       Phrase = "Make all {count} proven changes in the file"
)

// Verifies follows a suggestion whose change was tried.
const Verifies Phrase = "With this change the program verifies."

// concrete are the facts that say what to do in the very case of a fault.
var concrete = []string{"advice", "way", "unlock", "braces", "later", "nullcure"}

// General is what the row suggests of a fault without the facts of its very case: it
// holds where a concrete change was tried and does not help.
func (e *Entry) General(facts Facts) string {
	known := maps.Clone(facts)
	for _, name := range concrete {
		delete(known, name)
	}
	_, _, suggestion := e.Wording(facts)
	return Fill(suggestion, known)
}

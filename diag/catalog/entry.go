// SPDX-License-Identifier: GPL-2.0-only

package catalog

import (
	"slices"
	"strings"
	"sync"

	"github.com/bpf-lsp/bpf-lsp/verifier/facts"
	"github.com/bpf-lsp/bpf-lsp/verifier/fault"
)

// Entry is a row of the catalogue: everything that is said about one code.
type Entry struct {
	Code Code
	// Problem names the fault in a few words, in lower case, as the header
	// of a report does.
	Problem string
	// Reason explains the fault in full sentences about the C source; see
	// Fill for its placeholders.
	Reason string
	// Suggestion says what to change; empty where no general advice helps.
	Suggestion string
	// Anchor is the place that is shown, and Story what led there. The rows of
	// loaders and tools, which walk no path, have neither.
	Anchor Anchor
	Story  Story
	// Details are what is looked up for the code, in this order, besides what every
	// fault has: its value, its call and its story.
	Details []Detail
	// Amount is the number that the fault is about, 0 if it is about none.
	Amount Amount
	// Name is how {name} is written, and Value what {value} names.
	Name  Naming
	Value Valued
	// ByOffset says that the offset of an access matters, as it does in all rows about
	// memory.
	ByOffset bool
	// Leak says that a resource is still owned. Each one is a diagnostic of its
	// own, shown where the last copy of the resource is lost; {value} is the
	// variable that holds it.
	Leak bool
	// Nullable says that the wording has it that {kind} may be NULL.
	Nullable bool
	// Leaves are the regions that a call would leave, of which none is open.
	Leaves []Region
	// License says that another license of the object would do.
	License bool
	// MapKind says that another kind of map, or other contents, might do.
	MapKind bool
	// Stale says that a number stands where a pointer is needed: it may have
	// been one.
	Stale bool
	// NullArgument says that an argument may be NULL: on this path it may be known to be.
	NullArgument bool
	// Number says that the value is a number, whatever it was before.
	Number bool
	// Machine says that the code is about this machine, not about a file: an
	// editor tells it once, not in each file.
	Machine bool
	// Setting is the setting of an editor that the code is about, "" if it is about none.
	Setting string
	// Kernel are further messages of the kernel for this code, besides those
	// that the verifier itself has: older ones, and those of passes and features
	// that it lacks. Each part that varies has a placeholder.
	Kernel []string
	// KernelLater are those of Kernel that later releases brought.
	KernelLater []fault.Wording
	// Needs is the release that brought the code, if it is not the oldest: with
	// an earlier one as the target no program gets it.
	Needs facts.Release
	// Since is the bpf-lsp version that brought the code; empty stands for
	// FirstVersion.
	Since string
}

// FirstVersion is the version that has every row without another one.
const FirstVersion = "0.1"

// DocBase is where the pages live that explain the codes.
const DocBase = "https://github.com/bpf-lsp/bpf-lsp/blob/main/docs/diagnostics/"

// Href is the address of the page about a code.
func Href(c Code) string { return DocBase + PagePath(c) }

// Category is the category of the row's code.
func (e *Entry) Category() Category { return e.Code.Category() }

// Asks reports whether a detail is looked up for the code.
func (e *Entry) Asks(d Detail) bool { return slices.Contains(e.Details, d) }

// Version is the bpf-lsp version that brought the code.
func (e *Entry) Version() string {
	if e.Since == "" {
		return FirstVersion
	}
	return e.Since
}

// Example is the C file, below the module's root, whose function bad() has
// this fault and whose function fixed() has not.
func (e *Entry) Example() string {
	return "testdata/rules/" + strings.ReplaceAll(e.Code.Problem(), "-", "_") + ".c"
}

// Messages are the kernel's messages for the code, whatever its release, with
// a placeholder for each part that varies. Match finds a row by them.
func (e *Entry) Messages() []string {
	all := e.messages()
	for _, later := range e.laterMessages() {
		all = append(all, later.lines...)
	}
	return append(all, older[e.Code]...)
}

// messages are the lines that the oldest release has for the code.
func (e *Entry) messages() []string {
	return slices.Concat(said(e.Code, (*fault.Text).Lines), e.Kernel)
}

// laterLines are messages that a release brought.
type laterLines struct {
	release facts.Release
	lines   []string
}

// laterMessages are the lines that later releases have in place of some of
// them, oldest release first.
func (e *Entry) laterMessages() []laterLines {
	var all []laterLines
	for n := range facts.ReleaseNames() {
		later := laterLines{release: facts.Release(n)}
		later.lines = said(e.Code, func(t *fault.Text) []string { return t.LinesSince(later.release) })
		for _, w := range e.KernelLater {
			if w.Since == later.release {
				later.lines = append(later.lines, w.Words)
			}
		}
		if later.release == facts.Linux73 {
			later.lines = append(later.lines, newer[e.Code]...)
		}
		if later.lines != nil {
			all = append(all, later)
		}
	}
	return all
}

// said are the lines of the verifier's messages for a code.
func said(c Code, lines func(*fault.Text) []string) []string {
	var all []string
	for _, t := range fault.Texts() {
		if t.Code == c {
			all = append(all, lines(t)...)
		}
	}
	return all
}

// Title is the heading of the row: category and problem.
func (e *Entry) Title() string {
	return Title(e.Category()) + ": " + e.Problem
}

var table = sync.OnceValue(func() []Entry {
	var all []Entry
	for _, rows := range [][]Entry{
		resourceLifetimeRows, registerTypeRows, memoryRows, callTypeRows, executionContextRows,
		programStructureRows, policyRows, verifierLimitRows, loaderRows, toolchainRows, verifierInternalRows,
	} {
		all = append(all, rows...)
	}
	return all
})

var byCode = sync.OnceValue(func() map[Code]*Entry {
	rows := table()
	index := make(map[Code]*Entry, len(rows))
	for i := range rows {
		index[rows[i].Code] = &rows[i]
	}
	return index
})

// All returns every row in documentation order. The rows are shared: do not
// change them.
func All() []Entry { return table() }

// Lookup returns the row of c, or nil if there is none.
func Lookup(c Code) *Entry { return byCode()[c] }

// Find returns the rows that a user may mean by name: a full code, or the
// part after the slash, or a category.
func Find(name string) []*Entry {
	name = strings.ToLower(strings.TrimSpace(name))
	if e := Lookup(Code(name)); e != nil {
		return []*Entry{e}
	}
	var found []*Entry
	for i := range table() {
		e := &table()[i]
		if e.Code.Problem() == name || string(e.Category()) == name {
			found = append(found, e)
		}
	}
	return found
}

// SPDX-License-Identifier: GPL-2.0-only

package diag

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
)

// Severity says how much a diagnostic matters; the values are those of LSP.
type Severity uint8

// The severities, most severe first.
const (
	Error Severity = iota + 1
	Warning
	Info
	Hint
)

// String is the word that the terminal report starts with.
func (s Severity) String() string {
	switch s {
	case Error:
		return "error"
	case Warning:
		return "warning"
	case Info:
		return "info"
	case Hint:
		return "hint"
	}
	return fmt.Sprintf("severity(%d)", uint8(s))
}

// The sources a diagnostic can have, as editors show them.
const (
	SourceVerifier = "bpf-lsp"
	SourceClang    = "clang"
)

// Span is a range of a source file. Lines and columns count from 1, columns
// in bytes; the end is exclusive. Col 0 means the whole line is meant, Line 0
// that only the file is known.
type Span struct {
	File            string
	Line, Col       int
	EndLine, EndCol int
}

// IsZero reports whether s names no file.
func (s Span) IsZero() bool { return s.File == "" }

// String returns file:line:col without the parts that are not known.
func (s Span) String() string {
	switch {
	case s.Line == 0:
		return s.File
	case s.Col == 0:
		return fmt.Sprintf("%s:%d", s.File, s.Line)
	}
	return fmt.Sprintf("%s:%d:%d", s.File, s.Line, s.Col)
}

// Related is a second place that matters for a diagnostic, with one short
// sentence about it.
type Related struct {
	Span    Span
	Message string
	// Note marks a place that explains less than the others: a list cut to
	// fit drops these first.
	Note bool
}

// Diagnostic is one fault in terms of the source. All text is complete: a
// client needs no other table to show it.
type Diagnostic struct {
	Code       catalog.Code
	Category   string // title of the category, such as "Memory Safety"
	Problem    string // short noun phrase, such as "unreleased resource"
	Reason     string // full sentences in terms of the C source
	Suggestion string // full sentences, or empty
	// General is the suggestion without what is specific to this fault: it replaces
	// Suggestion if the change that this describes was tried and does not help.
	General string
	// Fixes are changes that may make the fault go away, the likeliest first. None is
	// proven: see check.Checker.Prove.
	Fixes    []Fix
	Severity Severity
	Source   string // SourceVerifier or SourceClang

	Span    Span
	Related []Related // oldest first; the acquiring call, if any, is the first

	Program string // C function of the program; empty for compiler messages
	Section string // ELF section of the program
	// Programs lists all programs of the object with the same fault, Program
	// included; FromResult leaves it nil, Merge fills it.
	Programs []string

	// Beyond says that the kernel does not get to the fault, but stops at another one
	// of the program. Merge keeps it if that is so in all of Programs.
	Beyond bool

	Kernel string // the kernel's own message, without its newline
	PC     int    // instruction that failed, -1 if none
	Errno  int    // positive errno that the kernel would return, 0 if none
	Href   string // page that explains Code

	// RefSite identifies the acquiring instruction of a leaked reference; -1
	// otherwise.
	RefSite int
	// Release is the statement that the suggestion puts a release before or into, zero
	// if it names none. Leaks that one release mends are one fault.
	Release Span
	// Loop is the condition of the loop that a fault is about which shows at several places,
	// zero for others.
	Loop Span
	// Inst is the instruction in the kernel log's spelling, if known.
	Inst string
	// Claims are what the texts state about the path, for Refute.
	Claims []Claim
}

// Message is the one text that every client shows: the problem and the
// reason. It makes sense without the related places.
func (d *Diagnostic) Message() string {
	var b strings.Builder
	b.WriteString(catalog.Capitalize(d.Problem))
	if d.Reason != "" {
		if d.Problem != "" {
			b.WriteString(": ")
		}
		b.WriteString(d.Reason)
	}
	if len(d.Programs) > 1 {
		fmt.Fprintf(&b, " (in programs %s)", strings.Join(d.Programs, ", "))
	}
	if d.Beyond {
		b.WriteString(" " + catalog.BeyondFirst.With(nil))
	}
	return b.String()
}

// identity is what makes two diagnostics the same fault.
type identity struct {
	span           Span
	code           catalog.Code
	source, reason string
}

func (d *Diagnostic) identity() identity {
	return identity{d.Span, d.Code, d.Source, d.Reason}
}

// Compare orders diagnostics by file, place, severity and text, so that equal
// sets are equal slices.
func Compare(a, b Diagnostic) int {
	return cmp.Or(
		cmp.Compare(a.Span.File, b.Span.File),
		cmp.Compare(a.Span.Line, b.Span.Line),
		cmp.Compare(a.Span.Col, b.Span.Col),
		cmp.Compare(a.Severity, b.Severity),
		cmp.Compare(a.Code, b.Code),
		cmp.Compare(a.RefSite, b.RefSite),
		cmp.Compare(a.Reason, b.Reason),
		cmp.Compare(a.Program, b.Program),
	)
}

// Merge sorts diagnostics and makes one of those that several programs of an
// object share: same place, code and acquiring call.
func Merge(all []Diagnostic) []Diagnostic {
	if len(all) == 0 {
		return nil
	}
	sorted := slices.Clone(all)
	slices.SortStableFunc(sorted, Compare)
	out := make([]Diagnostic, 0, len(sorted))
	index := make(map[identity]int, len(sorted))
	for _, d := range sorted {
		id := d.identity()
		at, seen := index[id]
		if !seen {
			index[id] = len(out)
			if d.Program != "" && d.Programs == nil {
				d.Programs = []string{d.Program}
			}
			out = append(out, d)
			continue
		}
		out[at].Beyond = out[at].Beyond && d.Beyond
		if d.Program != "" && !slices.Contains(out[at].Programs, d.Program) {
			out[at].Programs = append(slices.Clone(out[at].Programs), d.Program)
		}
	}
	return out
}

// MaxRelated is how many related places a diagnostic has at most; a longer
// list hides what matters.
const MaxRelated = 12

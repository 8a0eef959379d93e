// SPDX-License-Identifier: GPL-2.0-only

package explain

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
	"github.com/bpf-lsp/bpf-lsp/dwarfmap"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
)

// Every clause with numbers is worded by state, which keeps what the clause says
// as a claim, in the terms of the recorded walk. refute_number.go holds it against
// the states there, without the code that made the clause.

// state words a clause about numbers, and keeps what it claims.
func (f *finding) state(c diag.Claim, format string, args ...any) string {
	c.Clause = fmt.Sprintf(format, args...)
	f.claims = append(f.claims, c)
	return c.Clause
}

// about is a claim of a kind about the register of the fault.
func (f *finding) about(kind diag.ClaimKind, low, high int64) diag.Claim {
	return diag.Claim{Kind: kind, Event: diag.AtFault, Place: f.place(), Low: low, High: high}
}

// stateRange words the limits of the number at a place before an event, "" if
// there are none.
func (f *finding) stateRange(before int, p record.Place, low, high int64) string {
	low, high = meant(low, high)
	words := catalog.ValueRange(low, high)
	if words == "" {
		return ""
	}
	return f.state(diag.Claim{Kind: diag.ClaimRange, Event: before, Place: p, Low: low, High: high}, "%s", words)
}

// stateLimits words the limits of the value at a place before an event, "" if
// there are none.
func (f *finding) stateLimits(before int, p record.Place, x *record.Value) string {
	words := rangeWords(x)
	if words == "" {
		return ""
	}
	low, high := shownLimits(x)
	return f.state(diag.Claim{Kind: diag.ClaimRange, Event: before, Place: p, Low: low, High: high}, "%s", words)
}

// stateMost words the greatest number that a place can hold before an event.
func (f *finding) stateMost(before int, p record.Place, high int64, format string, args ...any) string {
	return f.state(diag.Claim{Kind: diag.ClaimRange, Event: before, Place: p, Low: diag.UnlimitedLow, High: high}, format, args...)
}

// stateSize words how many bytes a variable has: the local one that the pointer at
// a place leads into, or a global one.
func (f *finding) stateSize(p record.Place, name string, bytes int64) string {
	return f.state(diag.Claim{Kind: diag.ClaimSize, Event: diag.AtFault, Place: p, Text: name, Low: bytes, High: bytes}, "%s has %s", catalog.Quote(name), catalog.Bytes(fmt.Sprint(bytes)))
}

// besides are the facts that are told with another one: the greatest value, or the number of the other function.
var besides = map[string]string{"min": "max", "count": "most"}

// stateFault words a fact of the fault that is a number, and what is told with it.
func (f *finding) stateFault(name, format string, args ...any) string {
	low, _ := f.report.Fault.Int(name)
	c := f.about(diag.ClaimFault, low, low)
	c.Text = name
	if high, ok := f.report.Fault.Int(besides[name]); ok {
		c.High = high
	}
	return f.state(c, format, args...)
}

// stateDepth words how many regions are open behind an event.
func (f *finding) stateDepth(e *record.Event, format string) string {
	n := int64(e.Depth)
	return f.state(diag.Claim{Kind: diag.ClaimDepth, Event: f.indexOf(e), Low: n, High: n}, format, n)
}

// stateLocal words how many bytes a local variable takes.
func (f *finding) stateLocal(o dwarfmap.Object, function string) string {
	c := diag.Claim{Kind: diag.ClaimLocal, Event: diag.AtFault, Text: o.Name, Low: o.Size, High: o.Size}
	return f.state(c, "%s takes %s of the stack of %s", catalog.Quote(o.Name), catalog.Bytes(fmt.Sprint(o.Size)), function)
}

// passedTo is the claim that the call at pc gets a number as an argument.
func (f *finding) passedTo(pc, argument int, n int64) diag.Claim {
	at := f.lastEvent(pc)
	for at > 0 && f.result.History[at-1].PC == pc {
		at--
	}
	return diag.Claim{Kind: diag.ClaimRange, Event: at, Place: registerOf(&f.result.History[at], uint8(argument)), Low: n, High: n}
}

// stateElements words how many elements an array has.
func (f *finding) stateElements(array, words string, count int64) string {
	return f.state(diag.Claim{Kind: diag.ClaimElements, Event: diag.AtFault, Text: array, Low: count, High: count}, "%s has %d elements", words, count)
}

// stateLearnt keeps what the words about the branch of an event claim of the state
// behind it.
func (f *finding) stateLearnt(at int, c diag.Claim, words string) {
	if words != "" {
		c.Event = at + 1
		f.state(c, "%s", words)
	}
}

// indexOf is the place of an event in the history.
func (f *finding) indexOf(e *record.Event) int {
	for i := range f.result.History {
		if &f.result.History[i] == e {
			return i
		}
	}
	return diag.AtFault
}

// claimFacts notes the numbers of the fault that the wording of its code shows.
func (f *finding) claimFacts(wording string) {
	for name, original := range f.report.Fault.Facts() {
		shown := f.facts[name]
		said := func(c diag.Claim) bool { return c.Clause == shown }
		if !hasNumber(original) || !hasNumber(shown) || slices.ContainsFunc(f.claims, said) {
			continue
		}
		for _, clause := range filledWith(wording, f.facts, name) {
			n, isNumber := f.report.Fault.Int(name)
			if !isNumber {
				f.claims = append(f.claims, diag.Claim{Kind: diag.ClaimQuoted, Event: diag.AtFault, Clause: shown})
				continue
			}
			if name == "off" {
				n -= f.start
			}
			c := f.about(diag.ClaimFault, n, n)
			if name == "object" {
				c.Kind = diag.ClaimObject
			}
			c.Text, c.Clause, c.Width = name, clause, f.start
			f.claims = append(f.claims, c)
		}
	}
}

// printed are the claims that the texts of a diagnostic make, without those of
// clauses that gave way to others.
func printed(claims []diag.Claim, d *diag.Diagnostic) []diag.Claim {
	text := textOf(d)
	var out []diag.Claim
	for _, c := range claims {
		if c.Clause != "" && !strings.Contains(text, c.Clause) && !strings.Contains(text, catalog.Capitalize(c.Clause)) || slices.Contains(out, c) {
			continue
		}
		out = append(out, c)
	}
	return out
}

// textOf is everything that a diagnostic states: its reason and its labels.
func textOf(d *diag.Diagnostic) string {
	var b strings.Builder
	b.WriteString(d.Reason)
	for i := range d.Related {
		b.WriteString("\n" + d.Related[i].Message)
	}
	return b.String()
}

// filledWith are the words that a fact is shown with in a wording: the word before
// it, and its value.
func filledWith(wording string, known catalog.Facts, name string) []string {
	const mark = "\x00"
	marked := maps.Clone(known)
	marked[name] += mark
	parts := strings.Split(catalog.Fill(wording, marked), mark)
	var out []string
	for _, part := range parts[:len(parts)-1] {
		before := strings.TrimSuffix(part, known[name])
		if len(before) == len(part) {
			continue
		}
		word := before[strings.LastIndexByte(strings.TrimSuffix(before, " "), ' ')+1:]
		out = append(out, word+known[name])
	}
	return out
}

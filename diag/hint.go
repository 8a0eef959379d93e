// SPDX-License-Identifier: GPL-2.0-only

package diag

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/bpf-lsp/bpf-lsp/diag/catalog"
)

// HintKind is what a hint is about.
type HintKind uint8

// The kinds of hints.
const (
	HintLoop   HintKind = iota // which values the variables of a loop's condition have in it
	HintPacket                 // how much of the packet is there after a check
	HintNull                   // whether a call may give NULL
)

// LineHint is what the verifier knew at a line, on all paths through it, of accepted
// programs.
type LineHint struct {
	Kind HintKind
	At   Line
	// Ranges are those of a loop's variables, and Rounds is how often a path went
	// round, 0 if the kernel does not follow each round.
	Ranges []HintRange
	Rounds int
	// Bytes are those of the packet, from its start.
	Bytes int
	// Null says that the result may be NULL.
	Null bool
}

// HintRange is a variable with its least and greatest value.
type HintRange struct {
	Name     string
	Min, Max int64
}

// Label is the hint as it stands behind its line.
func (h *LineHint) Label() string {
	switch h.Kind {
	case HintPacket:
		return catalog.HintPacket.With(catalog.Facts{"size": catalog.Bytes(strconv.Itoa(h.Bytes))})
	case HintNull:
		if h.Null {
			return string(catalog.HintMayBeNull)
		}
		return string(catalog.HintNotNull)
	}
	var parts []string
	for _, r := range h.Ranges {
		f := catalog.Facts{"name": r.Name, "min": strconv.FormatInt(r.Min, 10), "max": strconv.FormatInt(r.Max, 10)}
		if r.Min == r.Max {
			parts = append(parts, catalog.HintValue.With(f))
			continue
		}
		parts = append(parts, catalog.HintRange.With(f))
	}
	if h.Rounds > 0 {
		parts = append(parts, catalog.HintRounds.With(catalog.Facts{"count": catalog.Grouped(h.Rounds)}))
	}
	return catalog.HintLoop.With(catalog.Facts{"loops": strings.Join(parts, catalog.HintSeparator)})
}

// Tooltip says what the hint means.
func (h *LineHint) Tooltip() string {
	switch h.Kind {
	case HintPacket:
		return string(catalog.AboutHintPacket)
	case HintNull:
		return string(catalog.AboutHintNull)
	}
	return string(catalog.AboutHintLoop)
}

// says reports whether there is anything to show.
func (h *LineHint) says() bool {
	return h.Kind == HintNull || h.Bytes > 0 || len(h.Ranges) > 0 || h.Rounds > 0
}

// ProgramHints are the hints of one program, and the lines that it has code of.
type ProgramHints struct {
	Hints []LineHint
	Lines map[Line]bool
}

// CommonHints are the hints that are true of all programs with code of their line. A
// program that was not accepted has none.
func CommonHints(programs []ProgramHints) []LineHint {
	var all []LineHint
	for i := range programs {
		all = append(all, programs[i].Hints...)
	}
	return slices.DeleteFunc(MergeHints(all), func(h LineHint) bool {
		return slices.ContainsFunc(programs, func(p ProgramHints) bool {
			return p.Lines[h.At] && !slices.ContainsFunc(p.Hints, func(o LineHint) bool {
				return o.At == h.At && o.Kind == h.Kind
			})
		})
	})
}

// MergeHints joins the hints of one kind at one line, of several copies that the
// compiler made of it. What remains is true of each. They are in the order of the code.
func MergeHints(hints []LineHint) []LineHint {
	hints = slices.Clone(hints)
	slices.SortStableFunc(hints, func(a, b LineHint) int {
		return cmp.Or(cmp.Compare(a.At.File, b.At.File), cmp.Compare(a.At.Line, b.At.Line), cmp.Compare(a.Kind, b.Kind))
	})
	var out []LineHint
	for from := 0; from < len(hints); {
		to := from + 1
		for to < len(hints) && hints[to].At == hints[from].At && hints[to].Kind == hints[from].Kind {
			to++
		}
		if h, ok := joined(hints[from:to]); ok {
			out = append(out, h)
		}
		from = to
	}
	return out
}

// joined is what several hints have in common.
func joined(all []LineHint) (LineHint, bool) {
	h := all[0]
	h.Ranges = slices.Clone(h.Ranges)
	for i := range all[1:] {
		o := &all[1+i]
		if o.Kind == HintNull && o.Null != h.Null {
			return h, false
		}
		h.Bytes = min(h.Bytes, o.Bytes)
		if h.Rounds = max(h.Rounds, o.Rounds); o.Rounds == 0 || all[0].Rounds == 0 {
			h.Rounds = 0
		}
		h.Ranges = slices.DeleteFunc(h.Ranges, func(r HintRange) bool {
			return !slices.ContainsFunc(o.Ranges, func(q HintRange) bool { return q.Name == r.Name })
		})
		for _, q := range o.Ranges {
			for k := range h.Ranges {
				if r := &h.Ranges[k]; r.Name == q.Name {
					r.Min, r.Max = min(r.Min, q.Min), max(r.Max, q.Max)
				}
			}
		}
	}
	return h, h.says()
}

// SPDX-License-Identifier: GPL-2.0-only

package history

import (
	"slices"

	"github.com/bpf-lsp/bpf-lsp/verifier"
)

// Lineage walks back over the first n events and finds those that made the
// value at a place, oldest first:
//
//	it came from another place        goes on there: moves, spills, loads from
//	                                  the stack, arguments, results
//	arithmetic on the value           goes on: it is the same value
//	the value was lost or lent        goes on: what was it before?
//	anything else wrote it            ends: this is where the value came to be
//
// Where events were not kept the walk ends too, since the one that it looks
// for may be among them; whole is false then.
func Lineage(r *verifier.Result, n int, p verifier.Place) (found []int, whole bool) {
	for i := n - 1; i >= 0; i-- {
		e := &r.History[i]
		if isModification(e) && matches(e.Place, p) {
			found = append(found, i)
			if e.Origin.Kind != verifier.NoPlace {
				p = e.Origin
			} else if !goesOn(e) {
				whole = true
				break
			}
		}
		if r.Lost > 0 && i == r.LostAt {
			break
		}
	}
	slices.Reverse(found)
	return found, whole
}

func isModification(e *verifier.Event) bool {
	return e.Kind == verifier.EventModify || e.Kind == verifier.EventInvalidate
}

// goesOn tells a modification of a value that was there before.
func goesOn(e *verifier.Event) bool {
	switch e.Reason {
	case verifier.ReasonWrite:
		return e.Refines
	case verifier.ReasonSpill, verifier.ReasonArgument, verifier.ReasonReturn, verifier.ReasonCallWrite:
		return false
	}
	return true
}

// matches tells that a modification of one place is one of the other.
func matches(modified, p verifier.Place) bool {
	if modified.Kind == verifier.InBytes && p.Kind == verifier.InSlot {
		from := -8 * (int(p.Index) + 1)
		return modified.Frame == p.Frame && modified.Activation == p.Activation &&
			int(modified.From) < from+8 && int(modified.To) > from
	}
	return modified == p
}

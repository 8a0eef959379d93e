// SPDX-License-Identifier: GPL-2.0-only

package history

import (
	"github.com/bpf-lsp/bpf-lsp/verifier"
	"github.com/bpf-lsp/bpf-lsp/verifier/record"
)

// LastCopy finds the event that destroyed the last copy of a reference: a
// write to the place that had it, or the return of the function that did. The
// reference is held for ever after. ok is false where a copy is left, or no
// copy was followed.
func LastCopy(r *verifier.Result, ref uint32) (index int, ok bool) {
	start := acquired(r.History, ref)
	if r.Lost > 0 && start < r.LostAt {
		return 0, false
	}
	holders := map[record.Place]bool{}
	for i := start; i < len(r.History); i++ {
		e := &r.History[i]
		switch e.Kind {
		case record.EventModify, record.EventInvalidate:
			if e.New != nil && e.New.Ref == ref {
				holders[e.Place], ok = true, false
				continue
			}
			if !holders[e.Place] {
				continue
			}
			delete(holders, e.Place)
		case record.EventReturn:
			had := len(holders)
			for p := range holders {
				if p.Activation == e.Activation {
					delete(holders, p)
				}
			}
			if len(holders) == had {
				continue
			}
		default:
			continue
		}
		if len(holders) == 0 {
			index, ok = i, true
		}
	}
	return index, ok
}

// Unchecked reports whether a reference was acquired by a call that may fail and
// not compared with NULL since.
func Unchecked(r *verifier.Result, ref uint32) bool {
	nullable := false
	for i := acquired(r.History, ref); i < len(r.History); i++ {
		e := &r.History[i]
		if e.New != nil && e.New.Ref == ref {
			nullable = e.New.Type.MayBeNull()
		}
		for _, c := range e.Learnt {
			if c.New.Ref == ref && !c.New.Type.MayBeNull() {
				return false
			}
		}
	}
	return nullable
}

// Known is what was known of the value at a place before the event of index n,
// nil if that was not recorded.
func Known(r *verifier.Result, n int, p record.Place) *record.Value {
	for i := n - 1; i >= 0; i-- {
		e := &r.History[i]
		if isModification(e) && matches(e.Place, p) {
			return e.New
		}
		for _, c := range e.Learnt {
			if c.Place == p {
				return c.New
			}
		}
		if r.Lost > 0 && i == r.LostAt {
			break
		}
	}
	return nil
}

// Proof is the last branch that proved that a packet has a number of bytes
// behind a pointer's base, nil if none did.
func Proof(r *verifier.Result, reach int32) *record.Event {
	for i := len(r.History) - 1; i >= 0; i-- {
		e := &r.History[i]
		for _, c := range e.Learnt {
			if c.New.Type.IsPacket() && c.New.Packet == reach && c.Old.Packet < reach {
				return e
			}
		}
	}
	return nil
}

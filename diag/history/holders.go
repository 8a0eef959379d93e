// SPDX-License-Identifier: GPL-2.0-only

package history

import "github.com/bpf-lsp/bpf-lsp/verifier"

// LastCopy finds the event that destroyed the last copy of a reference: a
// write to the place that had it, or the return of the function that did. The
// reference is held for ever after. ok is false where a copy is left, or no
// copy was followed.
func LastCopy(r *verifier.Result, ref uint32) (index int, ok bool) {
	start := acquired(r.History, ref)
	if r.Lost > 0 && start < r.LostAt {
		return 0, false
	}
	holders := map[verifier.Place]bool{}
	for i := start; i < len(r.History); i++ {
		e := &r.History[i]
		switch e.Kind {
		case verifier.EventModify, verifier.EventInvalidate:
			if e.New != nil && e.New.Ref == ref {
				holders[e.Place], ok = true, false
				continue
			}
			if !holders[e.Place] {
				continue
			}
			delete(holders, e.Place)
		case verifier.EventReturn:
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

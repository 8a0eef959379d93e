// SPDX-License-Identifier: GPL-2.0-only

package history

import "github.com/bpf-lsp/bpf-lsp/verifier"

// maxRound is the longest round of a loop, in steps, that is folded.
const maxRound = 12

// Fold keeps one of the rounds of a loop that are alike, the last, and counts
// its steps. Rounds are alike if the same instructions did the same; the values
// may differ.
func Fold(steps []Step) []Step {
	var out []Step
	for _, s := range steps {
		out = append(out, s)
		for n := 1; n <= maxRound && 2*n <= len(out); n++ {
			last, before := out[len(out)-n:], out[len(out)-2*n:len(out)-n]
			if !alike(before, last) {
				continue
			}
			for i := range last {
				last[i].Times += before[i].Times
			}
			out = append(out[:len(out)-2*n], last...)
			break
		}
	}
	return out
}

func alike(a, b []Step) bool {
	for i := range a {
		if keyOf(a[i].Event) != keyOf(b[i].Event) {
			return false
		}
	}
	return true
}

// key is what makes two events of different rounds alike. Each round enters
// its functions anew.
type key struct {
	kind      verifier.EventKind
	reason    verifier.Reason
	taken     bool
	pc, frame int
	ref       uint32
	context   verifier.Context
	depth     int
	place     verifier.Place
}

func keyOf(e *verifier.Event) key {
	k := key{e.Kind, e.Reason, e.Taken, e.PC, e.Frame, e.Ref, e.Context, e.Depth, e.Place}
	k.place.Activation = 0
	return k
}

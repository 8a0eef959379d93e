// SPDX-License-Identifier: GPL-2.0-only

package check

import (
	"slices"

	"github.com/bpf-lsp/bpf-lsp/verifier"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// maxBeyond bounds how many further relocations are looked for after the first one that a program fails at.
const maxBeyond = 16

// beyond finds the relocations without a match that the verifier would reach if the ones before them matched. Each walk
// ends at one of them. The instruction there is restored, or replaced by one of the same effect, and the program is
// walked again. If a walk ends otherwise, it says nothing about the program as it is, and the search stops.
func (judge Verifier) beyond(p *program.Program, o verifier.Options, r *verifier.Result) []*program.LoadError {
	e := relocationAt(p, r)
	if e == nil {
		return nil
	}
	o.LogLevel, o.Record = 0, false
	guess := *p
	guess.Insns = slices.Clone(p.Insns)
	var found []*program.LoadError
	for seen := []*program.LoadError{e}; len(seen) <= maxBeyond; seen = append(seen, e) {
		copy(guess.Insns[e.PC:], e.Harmless())
		next := judge.guarded(&guess, o)
		if e = relocationAt(p, &next); e == nil || slices.Contains(seen, e) {
			break
		}
		found = append(found, e)
	}
	return found
}

// relocationAt returns the relocation that a rejection is about, nil if it is about something else.
func relocationAt(p *program.Program, r *verifier.Result) *program.LoadError {
	if r.Verdict != verifier.Rejected || len(r.Reports) == 0 {
		return nil
	}
	for _, e := range p.LoadErrors {
		if e.Kind == program.CORERelocation && !e.Fatal && e.PC == r.Reports[0].PC && len(e.Original) > 0 {
			return e
		}
	}
	return nil
}

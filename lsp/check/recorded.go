// SPDX-License-Identifier: GPL-2.0-only

package check

import (
	"context"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/explain"
	"github.com/bpf-lsp/bpf-lsp/diag/values"
	"github.com/bpf-lsp/bpf-lsp/dwarfmap"
	"github.com/bpf-lsp/bpf-lsp/verifier"
)

// recordedInsns bounds the programs that are walked again for hovers, in processed instructions. The walk takes up to
// twice as long as the check did, and a person waits for it.
const recordedInsns = 300_000

// Recorded is what recorded walks of a unit's programs tell. It is kept as long as the report is.
type Recorded struct {
	// Lives are the lives of the resources of accepted programs.
	Lives []diag.Lives
	// Walks say what every value is, and how often lines were walked, in the order of the programs.
	Walks []diag.Walked
}

// Recorded walks the programs of a checked unit again and records what it meets, so that checks do not pay for it. It
// returns what it has when the context ends.
func (c *Checker) Recorded(ctx context.Context, r *Report) *Recorded {
	all := &Recorded{}
	judge := c.NewVerifier()
	for _, run := range r.Programs {
		verdict := run.Result.Verdict
		if run.Skip != "" || verdict != verifier.Accepted && verdict != verifier.Rejected ||
			run.Result.Stats.InsnsProcessed > recordedInsns {
			continue
		}
		o := verifier.Options{Target: c.target, Lifetimes: true, Walk: true,
			Cancel: func() bool { return ctx.Err() != nil }}
		res := judge.guarded(run.Program, o)
		if ctx.Err() != nil {
			return all
		}
		all.add(diag.Subject{
			Object: r.Object, Program: run.Program, Lines: dwarfmap.New(run.Program), Read: r.Source.Read,
		}, &res)
	}
	return all
}

// add explains the walk of one program. On a panic it has no part in what is recorded.
func (all *Recorded) add(s diag.Subject, r *verifier.Result) {
	defer func() { _ = recover() }()
	if r.Lifetimes != nil {
		all.Lives = append(all.Lives, explain.Lives(s, r))
	}
	if w := values.Of(s, r, explain.Decisions(s)); w != nil {
		all.Walks = append(all.Walks, w)
	}
}

// SPDX-License-Identifier: GPL-2.0-only

package check

import (
	"context"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/explain"
	"github.com/bpf-lsp/bpf-lsp/verifier"
)

// livesInsns bounds the programs that are walked again for hovers, in processed instructions. The walk takes about as
// long as the check did, and a person waits for it.
const livesInsns = 300_000

// Lives returns where the resources of the accepted programs of a checked unit live. It walks the programs again, so
// that checks do not pay for it, and returns what it has when the context ends.
func (c *Checker) Lives(ctx context.Context, r *Report) []diag.Lives {
	var all []diag.Lives
	judge := c.NewVerifier()
	for _, run := range r.Programs {
		if run.Skip != "" || run.Result.Verdict != verifier.Accepted || run.Result.Stats.InsnsProcessed > livesInsns {
			continue
		}
		o := verifier.Options{Target: c.target, Lifetimes: true, Cancel: func() bool { return ctx.Err() != nil }}
		res := judge.guarded(run.Program, o)
		if ctx.Err() != nil {
			return all
		}
		if res.Lifetimes != nil {
			all = append(all, explain.Lives(diag.Subject{Object: r.Object, Program: run.Program, Read: r.Source.Read},
				&res))
		}
	}
	return all
}

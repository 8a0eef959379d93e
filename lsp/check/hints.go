// SPDX-License-Identifier: GPL-2.0-only

package check

import (
	"context"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/explain"
	"github.com/bpf-lsp/bpf-lsp/verifier"
)

// Hints returns what the verifier knew at the lines of the accepted programs of a checked unit. It walks the programs
// again, so that checks do not pay for it, except large ones, of whose lines there are no hints. There are none when
// the context ends.
func (c *Checker) Hints(ctx context.Context, r *Report) []diag.LineHint {
	var all []diag.ProgramHints
	judge := c.NewVerifier()
	for _, run := range r.Programs {
		var res verifier.Result
		if run.Skip != "" || run.Result.Verdict != verifier.Accepted ||
			run.Result.Stats.InsnsProcessed > recordedInsns {
			res.Verdict = verifier.Unsupported
		} else {
			res = judge.guarded(run.Program, verifier.Options{Target: c.target, Walk: true, Budget: true,
				Cancel: func() bool { return ctx.Err() != nil }})
		}
		if ctx.Err() != nil {
			return nil
		}
		hints, ok := hintsOf(diag.Subject{Object: r.Object, Program: run.Program, Read: r.Source.Read}, &res)
		if !ok {
			return nil
		}
		all = append(all, hints)
	}
	return diag.CommonHints(all)
}

// hintsOf explains a walk; ok is false after a panic.
func hintsOf(s diag.Subject, r *verifier.Result) (hints diag.ProgramHints, ok bool) {
	defer func() {
		if recover() != nil {
			hints, ok = diag.ProgramHints{}, false
		}
	}()
	return explain.Hints(s, r), true
}

// SPDX-License-Identifier: GPL-2.0-only

package check

import (
	"context"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/explain"
	"github.com/bpf-lsp/bpf-lsp/verifier"
)

// Costs returns where the verification of the programs of a name in a checked unit spent its instructions; all programs
// if there is no name. It walks them again, so that checks do not pay for it, and returns what it has when the context
// ends.
func (c *Checker) Costs(ctx context.Context, r *Report, program string) []diag.ProgramCost {
	var all []diag.ProgramCost
	judge := c.NewVerifier()
	for _, run := range r.Programs {
		if run.Skip != "" || program != "" && run.Program.Name != program {
			continue
		}
		o := verifier.Options{Target: c.target, Budget: true, Cancel: func() bool { return ctx.Err() != nil }}
		res := judge.guarded(run.Program, o)
		if ctx.Err() != nil {
			return all
		}
		s := diag.Subject{Object: r.Object, Program: run.Program, Read: r.Source.Read}
		if spent := costOf(s, &res); spent != nil {
			all = append(all, diag.ProgramCost{Program: run.Program.Name, Budget: spent})
		}
	}
	return all
}

// costOf explains a budget. On a panic it returns nil.
func costOf(s diag.Subject, r *verifier.Result) (spent *diag.Budget) {
	defer func() {
		if recover() != nil {
			spent = nil
		}
	}()
	return explain.Budget(s, r)
}

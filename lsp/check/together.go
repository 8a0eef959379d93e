// SPDX-License-Identifier: GPL-2.0-only

package check

import (
	"context"

	"github.com/bpf-lsp/bpf-lsp/diag"
)

// Together tries proven changes of one file at once. ok is false if they do not go together. The only error is the end
// of the context.
func (c *Checker) Together(ctx context.Context, req Request, before *Report, all []Repaired) (edits []diag.Edit,
	ok bool, err error) {
	change := Change{}
	for _, r := range all {
		change.Edits = append(change.Edits, r.Fix.Edits...)
		change.Faults = append(change.Faults, r.Fault)
		change.Guards = change.Guards || r.Fix.Guards
	}
	limited, cancel := context.WithTimeout(ctx, c.proofTime)
	defer cancel()
	o, err := c.Try(limited, req, before, change)
	if err != nil {
		return nil, false, ctx.Err()
	}
	return change.Edits, o.Holds, nil
}

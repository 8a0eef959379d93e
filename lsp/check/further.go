// SPDX-License-Identifier: GPL-2.0-only

package check

import (
	"slices"

	"github.com/bpf-lsp/bpf-lsp/diag"
	"github.com/bpf-lsp/bpf-lsp/diag/explain"
	"github.com/bpf-lsp/bpf-lsp/verifier"
	"github.com/bpf-lsp/bpf-lsp/verifier/program"
)

// maxFurtherAfter is how many instructions may have been walked to the first fault, for the walk to be made once more and go on
// behind it: a save should not wait for what is a help only.
const maxFurtherAfter = 200_000

// further finds the faults beyond the one that r, which o gave, was rejected for. What depends on what only user space or another
// part of the object knows is left out, and so are relocations: see beyond.
func (judge Verifier) further(p *program.Program, o verifier.Options, r *verifier.Result) []verifier.Result {
	if r.Verdict != verifier.Rejected || r.Stats.InsnsProcessed > maxFurtherAfter || relocationAt(p, r) != nil {
		return nil
	}
	o.LogLevel, o.Record, o.Further = 0, true, true
	again := judge.guarded(p, o)
	if again.Verdict != verifier.Rejected || again.Reports[0].PC != r.Reports[0].PC ||
		again.Reports[0].Kernel != r.Reports[0].Kernel {
		return nil
	}
	return slices.DeleteFunc(again.Further, func(found verifier.Result) bool {
		return spoiled(p, &found) != "" || relocationAt(p, &found) != nil
	})
}

// furtherDiagnostics explains the faults beyond the first. A panic on the way costs these alone.
func furtherDiagnostics(s diag.Subject, r *diag.Run) (out []diag.Diagnostic) {
	defer func() {
		if recover() != nil {
			out = nil
		}
	}()
	return explain.Further(s, r.Further, r.Diagnostics)
}
